//! An attacker who tries every table that there could be, and what is left hidden from them.

use proptest::prelude::*;
use radslag_tally::{
    question::{Answer, Question},
    results::{
        Cell, PROTECTION, Published, SMALL, Table,
        percent::Step,
        publish::{Refusal, Shown, publish},
        table::{Row, Rows},
    },
};

/// What is known of a table: its totals, and cells that are shown; a sum of cells of several rows may be shown, too.
struct Known<'a> {
    totals: &'a [u64],
    columns: Vec<u64>,
    /// How many cells of a row anybody is in.
    sums: (u64, u64),
    shown: &'a dyn Fn(usize, usize) -> Option<u64>,
    /// What else must hold of a whole table.
    also: &'a dyn Fn(&[u64]) -> bool,
}

/// The least and the most of each cell, over all tables that fit.
fn attack(known: &Known<'_>) -> Vec<(u64, u64)> {
    let cells = known.totals.len() * known.columns.len();
    let mut found = vec![(u64::MAX, 0); cells];
    let (mut table, mut left) = (vec![0; cells], known.columns.clone());
    try_cell(known, 0, 0, &mut table, &mut left, &mut found);
    found
}

fn try_cell(
    known: &Known<'_>,
    at: usize,
    sum: u64,
    table: &mut [u64],
    left: &mut [u64],
    found: &mut [(u64, u64)],
) {
    let (row, column) = (at / known.columns.len(), at % known.columns.len());
    if at == table.len() {
        if left.iter().all(|left| *left == 0) && (known.also)(table) {
            for (found, cell) in found.iter_mut().zip(table.iter()) {
                *found = (found.0.min(*cell), found.1.max(*cell));
            }
        }
        return;
    }
    let (total, last) = (known.totals[row], column + 1 == known.columns.len());
    let most = left[column].min(total).min(known.sums.1 * total - sum);
    let range = match (known.shown)(row, column) {
        Some(count) if count <= most => count..=count,
        Some(_) => return,
        None => 0..=most,
    };
    for count in range {
        if last && sum + count < known.sums.0 * total {
            continue;
        }
        table[at] = count;
        left[column] -= count;
        try_cell(known, at + 1, if last { 0 } else { sum + count }, table, left, found);
        left[column] += count;
    }
}

const fn sums(row: Row) -> (u64, u64) {
    match row {
        Row::One => (1, 1),
        Row::Several(min, max) => (min, max),
    }
}

/// A cell's count as it is shown, or that it isn't.
fn count(shown: &Shown, row: usize, column: usize) -> Option<u64> {
    match shown.cells[row * shown.columns + column] {
        Cell::Shown { count, .. } => Some(count),
        Cell::Hidden => None,
    }
}

/// Questions with small groups: each row's respondents by option, as answers with their group.
fn surveys(weights: bool) -> impl Strategy<Value = (Question, Vec<Option<Answer>>, Vec<u32>, Vec<f64>)> {
    let kind = prop_oneof![Just(None), Just(Some((0, 3))), Just(Some((1, 2))), Just(Some((2, 2)))];
    (2..4_usize, 2..4_u16, kind).prop_flat_map(move |(groups, options, several)| {
        let size = prop_oneof![0..3_usize, 5..11_usize];
        let sizes = proptest::collection::vec(size, groups);
        let weight = proptest::collection::vec(prop_oneof![Just(1.0), 0.3..2.5_f64], groups);
        (sizes, weight, any::<u64>()).prop_map(move |(sizes, weight, seed)| {
            let mut number = seed;
            let mut below = |end: u64| {
                number =
                    number.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
                (number >> 33) % end
            };
            let question = match several {
                None => Question::OneChoice { options },
                Some((min, max)) => Question::Several { options, min, max: max.min(options) },
            };
            let (mut answers, mut group, mut by) = (Vec::new(), Vec::new(), Vec::new());
            for (at, size) in sizes.iter().enumerate() {
                for _ in 0..*size {
                    // Skewed, so that large and small cells are common.
                    let one = |below: &mut dyn FnMut(u64) -> u64| {
                        (below(4) * below(u64::from(options) + 1) / 4).min(u64::from(options) - 1) as u16
                    };
                    let answer = match several {
                        None => Answer::OneChoice(one(&mut below)),
                        Some((min, max)) => {
                            let many = u64::from(min) + below(u64::from(max.min(options) - min) + 1);
                            let mut chosen: Vec<u16> = Vec::new();
                            while (chosen.len() as u64) < many {
                                let next = one(&mut below);
                                let next = (next..options).chain(0..next).find(|next| !chosen.contains(next));
                                chosen.extend(next);
                            }
                            Answer::Several(chosen)
                        }
                    };
                    answers.push(Some(answer));
                    group.push(at as u32);
                    by.push(if weights { weight[at] } else { 1.0 });
                }
            }
            (question, answers, group, by)
        })
    })
}

fn table(survey: &(Question, Vec<Option<Answer>>, Vec<u32>, Vec<f64>)) -> Table {
    let groups = survey.2.iter().max().map_or(1, |most| *most as usize + 1);
    Table::by_background(&survey.0, &survey.1, &survey.2, groups, Some(&survey.3)).unwrap()
}

fn columns(table: &Table) -> Vec<u64> {
    (0..table.columns).map(|column| table.column(column)).collect()
}

/// What the counts and totals that are shown leave open of each cell, and what the totals alone do.
fn held(table: &Table, shown: &Shown) -> Result<(), TestCaseError> {
    let known = |cells: &dyn Fn(usize, usize) -> Option<u64>| {
        attack(&Known {
            totals: &shown.totals,
            columns: columns(table),
            sums: sums(table.row),
            shown: cells,
            also: &|_| true,
        })
    };
    let (seen, alone) = (known(&|row, column| count(shown, row, column)), known(&|_, _| None));
    for (at, ((low, high), (least, most))) in seen.into_iter().zip(alone).enumerate() {
        let (row, column) = (at / shown.columns, at % shown.columns);
        match count(shown, row, column) {
            None => {
                prop_assert!(high > low, "{shown:?} {at}");
                prop_assert!(
                    high - low >= PROTECTION.min(most - least),
                    "{shown:?} {at}: {low}..{high} of {least}..{most}"
                );
            }
            Some(count) => {
                let small = count < SMALL || table.row != Row::One && shown.totals[row] - count < SMALL;
                prop_assert!(!small || least == most, "{shown:?} {at}");
            }
        }
    }
    Ok(())
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(300))]

    #[test]
    fn no_hidden_cell_can_be_computed(survey in surveys(false)) {
        let table = table(&survey);
        let Published { tables, .. } = publish(std::slice::from_ref(&table), &[Some(&survey.2)]).unwrap();
        if let Some(shown) = &tables[0] {
            prop_assert!(shown.totals.iter().all(|total| *total == 0 || *total >= SMALL));
            held(&table, shown)?;
        }
    }

}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(80))]

    #[test]
    fn not_with_the_weighted_shares_of_the_totals_either(survey in surveys(true)) {
        let table = table(&survey);
        let Published { tables, step } = publish(std::slice::from_ref(&table), &[Some(&survey.2)]).unwrap();
        let all: f64 = table.weights.iter().sum();
        let mean: Vec<f64> = table.weights.iter().zip(&table.totals).map(|(weight, total)| weight / (*total).max(1) as f64).collect();
        let share = |cells: &dyn Fn(usize) -> f64, step: Step| -> Vec<u16> {
            let of = |column| (0..mean.len()).map(|group| cells(group * table.columns + column) * mean[group]).sum::<f64>();
            (0..table.columns).map(|column| step.round(of(column) / all)).collect()
        };
        // Every group's size is known, and the shown cells, which may be of several groups together.
        let rows: Vec<Vec<usize>> = tables[0].as_ref().map_or_else(Vec::new, |shown| shown.rows.clone());
        let fits = |cells: &[u64]| {
            let Some(shown) = &tables[0] else { return true };
            rows.iter().enumerate().all(|(row, of)| (0..table.columns).all(|column| {
                let sum: u64 = of.iter().map(|group| cells[group * table.columns + column]).sum();
                count(shown, row, column).is_none_or(|count| count == sum)
            }))
        };
        let published = step.map(|step| (step, share(&|at| table.cells[at] as f64, step)));
        prop_assert!(step.is_some() || tables[0].is_none() || tables[0].iter().any(|shown| shown.cells.contains(&Cell::Hidden)));
        let tells = |cells: &[u64]| published.as_ref().is_none_or(|(step, shares)| share(&|at| cells[at] as f64, *step) == *shares);
        let known = |also: &dyn Fn(&[u64]) -> bool| {
            attack(&Known { totals: &table.totals, columns: columns(&table), sums: sums(table.row), shown: &|_, _| None, also })
        };
        let (without, with) = (known(&fits), known(&|cells| fits(cells) && tells(cells)));
        for (before, after) in without.iter().zip(&with) {
            prop_assert!(before.0 == before.1 || after.0 < after.1, "{table:?} {published:?} {without:?} {with:?}");
        }
    }
}

/// Rows of a question with one choice, each a group of its own.
fn rows(cells: &[&[u64]]) -> (Table, Vec<u32>) {
    let options = cells[0].len() as u16;
    let (mut answers, mut group) = (Vec::new(), Vec::new());
    for (row, cells) in (0..).zip(cells) {
        for (option, count) in (0..).zip(*cells) {
            answers.extend((0..*count).map(|_| Some(Answer::OneChoice(option))));
            group.extend((0..*count).map(|_| row));
        }
    }
    let question = Question::OneChoice { options };
    (Table::by_background(&question, &answers, &group, cells.len(), None).unwrap(), group)
}

fn shown(cells: &[&[u64]]) -> Option<Vec<Option<u64>>> {
    let (table, group) = rows(cells);
    let published = publish(&[table], &[Some(&group)]).unwrap();
    let shown = published.tables.into_iter().next().unwrap()?;
    let every = (0..shown.totals.len()).flat_map(|row| (0..shown.columns).map(move |column| (row, column)));
    Some(every.map(|(row, column)| count(&shown, row, column)).collect())
}

#[test]
fn a_small_cell_takes_others_with_it() {
    // Alone, it would be what is missing to its row and to its column.
    let cells = shown(&[&[3, 20, 30], &[40, 21, 31], &[41, 22, 32]]).unwrap();
    assert_eq!(cells.iter().filter(|cell| cell.is_none()).count(), 4);
    assert_eq!(cells[0], None);
    assert_eq!(shown(&[&[10, 20], &[30, 40]]).unwrap(), [Some(10), Some(20), Some(30), Some(40)]);
}

#[test]
fn the_attacker_finds_what_is_only_hidden_for_being_small() {
    let only =
        |row, column| if (row, column) == (0, 0) { None } else { Some([[3, 20], [40, 21]][row][column]) };
    let known =
        Known { totals: &[23, 61], columns: vec![43, 41], sums: (1, 1), shown: &only, also: &|_| true };
    assert_eq!(attack(&known)[0], (3, 3));
}

#[test]
fn all_of_one_opinion_isnt_told_of_a_group() {
    let cells = shown(&[&[7, 0], &[10, 30]]).unwrap();
    assert_eq!(cells, [None, None, None, None]);
}

#[test]
fn small_groups_are_shown_together() {
    let (table, group) = rows(&[&[2, 1], &[20, 30], &[1, 0], &[0, 0], &[9, 8]]);
    let published = publish(&[table], &[Some(&group)]).unwrap();
    let shown = published.tables[0].as_ref().unwrap();
    assert_eq!(
        (shown.rows.clone(), shown.totals.clone()),
        (vec![vec![1], vec![3], vec![0, 2, 4]], vec![50, 0, 21])
    );
    // Two groups, one small: together they are everybody, so nothing is shown but the totals.
    assert_eq!(super::attack::shown(&[&[2, 1], &[20, 30]]), None);
}

#[test]
fn what_the_totals_tell_isnt_hidden() {
    // Nobody chose the last.
    let cells = shown(&[&[10, 20, 0], &[30, 40, 0]]).unwrap();
    assert_eq!((cells[2], cells[5]), (Some(0), Some(0)));
}

#[test]
fn totals_of_other_questions_are_never_hidden() {
    let one = Question::OneChoice { options: 2 };
    let answer = |option| Some(Answer::OneChoice(option));
    let rows: Vec<_> = (0..30).map(|at| answer(u16::from(at < 2))).collect();
    let columns: Vec<_> = (0..30).map(|at| if at == 29 { None } else { answer((at % 2) as u16) }).collect();
    let table = Table::cross((&one, &rows), (&one, &columns), None).unwrap();
    assert_eq!(table.rows, Rows::Answers);
    let published = publish(std::slice::from_ref(&table), &[None]).unwrap();
    let shown = published.tables[0].as_ref().unwrap();
    assert_eq!(shown.totals, [28, 2, 0]);
    held(&table, shown).unwrap();
}

#[test]
fn groups_made_up_of_groups_arent_both_shown() {
    let question = Question::OneChoice { options: 2 };
    let answers: Vec<_> = (0..40).map(|at| Some(Answer::OneChoice(at % 2))).collect();
    let fine: Vec<u32> = (0..40).map(|at| at / 10).collect();
    let coarse: Vec<u32> = (0..40).map(|at| at / 20).collect();
    let other: Vec<u32> = (0..40).map(|at| at % 3).collect();
    let table =
        |group: &[u32], groups| Table::by_background(&question, &answers, group, groups, None).unwrap();
    let both = publish(&[table(&coarse, 2), table(&fine, 4)], &[Some(&coarse), Some(&fine)]);
    assert_eq!(both, Err(Refusal::Linked(0, 1)));
    assert!(publish(&[table(&fine, 4), table(&other, 3)], &[Some(&fine), Some(&other)]).is_ok());
    assert_eq!(publish(&[table(&fine, 4)], &[Some(&[9; 40])]), Err(Refusal::NoGroup(0)));
}

/// Bounds that follow from rows and columns, each from the others, until nothing more does: what a spreadsheet can do.
fn propagated(
    totals: &[u64],
    columns: &[u64],
    shown: &dyn Fn(usize, usize) -> Option<u64>,
) -> Vec<(u64, u64)> {
    let width = columns.len();
    let mut bounds: Vec<(u64, u64)> = (0..totals.len() * width)
        .map(|at| {
            shown(at / width, at % width)
                .map_or((0, totals[at / width].min(columns[at % width])), |count| (count, count))
        })
        .collect();
    loop {
        let before = bounds.clone();
        for (at, bound) in bounds.iter_mut().enumerate() {
            let (row, column) = (at / width, at % width);
            let others = |line: &dyn Fn(usize) -> bool| {
                let others = (0..before.len()).filter(|other| *other != at && line(*other));
                others.fold((0, 0), |(low, high), other| (low + before[other].0, high + before[other].1))
            };
            for (total, (low, high)) in [
                (totals[row], others(&|other| other / width == row)),
                (columns[column], others(&|other| other % width == column)),
            ] {
                bound.0 = bound.0.max(total.saturating_sub(high));
                bound.1 = bound.1.min(total - low);
            }
        }
        if bounds == before {
            return bounds;
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(40))]

    #[test]
    fn large_tables_hold_too(
        cells in (3..9_usize, 3..7_usize).prop_flat_map(|(rows, columns)| {
            let cell = prop_oneof![2 => 0..5_u64, 3 => 5..60_u64];
            proptest::collection::vec(proptest::collection::vec(cell, columns), rows)
        }),
    ) {
        let lines: Vec<&[u64]> = cells.iter().map(Vec::as_slice).collect();
        let (table, group) = rows(&lines);
        let published = publish(std::slice::from_ref(&table), &[Some(&group)]).unwrap();
        if let Some(shown) = &published.tables[0] {
            let known = |cells: &dyn Fn(usize, usize) -> Option<u64>| propagated(&shown.totals, &columns(&table), cells);
            let (seen, alone) = (known(&|row, column| count(shown, row, column)), known(&|_, _| None));
            for (at, ((low, high), (least, most))) in seen.into_iter().zip(alone).enumerate() {
                if count(shown, at / shown.columns, at % shown.columns).is_none() {
                    prop_assert!(high - low >= PROTECTION.min(most - least), "{shown:?} {at}");
                }
            }
        }
    }
}
