//! A question's tables as they may be shown.
//!
//! Whoever reads them knows all totals, all cells that are shown, and that counts are whole numbers from 0: for all that, a hidden
//! cell can be any of a range of numbers that is five wide, or as wide as the totals alone leave it. Whoever also knows every group's
//! mean weight (but no single respondent's) and what a rounded weighted share can have been still can't tell it. Totals of a
//! question are never hidden; in a small poll their weighted shares may be rounded coarsely, or not be shown, since the
//! counts beside them are exact. Rows of less than five are shown together, with the next smallest row if need be; one that nobody
//! is in has nothing to hide.

use super::{
    columns::holds,
    linked::linked,
    percent::Step,
    secondary::{SMALL, hide},
    table::{Rows, Table},
};

/// A question's tables.
#[derive(Clone, Debug, PartialEq)]
pub struct Published {
    /// To what the weighted shares of its totals are rounded, by `total`; nothing where they can't be shown at all.
    pub step: Option<Step>,
    /// In the order in which they were given; nothing for one that has only one row left.
    pub tables: Vec<Option<Shown>>,
}

/// A table as it is shown.
#[derive(Clone, Debug, PartialEq)]
pub struct Shown {
    /// Which rows of the table each one is.
    pub rows: Vec<Vec<usize>>,
    /// How many respondents each row has.
    pub totals: Vec<u64>,
    /// By row, then column.
    pub cells: Vec<Cell>,
    /// How many columns there are.
    pub columns: usize,
}

/// A cell.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Cell {
    /// Shown, with its share of the row in tenths of a percentage point, in whole points.
    Shown {
        /// How many.
        count: u64,
        /// Of the row.
        share: u16,
        /// Of the row's weights.
        weighted: u16,
    },
    /// Not shown. Which ones are small isn't told.
    Hidden,
}

/// Why tables can't be shown together.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Refusal {
    /// A row of one is made up of rows of the other, so that each tells what the other hides. By their places.
    #[error("a group of table {0} is made up of groups of table {1}: only one of the two can be shown")]
    Linked(usize, usize),
    /// There isn't a group for each respondent.
    #[error("table {0}: a respondent's group is missing")]
    NoGroup(usize),
}

impl Published {
    /// A weighted share of the question's totals as it may be shown, in tenths of a percentage point; nothing if it may not.
    #[must_use]
    pub fn total(&self, share: f64) -> Option<u16> {
        self.step.map(|step| step.round(share))
    }
}

/// Rows as they are shown, and what they are then counted as; a table with only one row left isn't shown.
struct Together {
    rows: Vec<Vec<usize>>,
    table: Table,
    shown: bool,
}

/// Hides what has to be. `groups` has, for each table by background, which group each respondent is in, and nothing for others.
///
/// # Errors
/// `NoGroup`, `Linked`.
pub fn publish(tables: &[Table], groups: &[Option<&[u32]>]) -> Result<Published, Refusal> {
    let together: Vec<Together> = tables.iter().map(Together::of).collect();
    let mut by_row = Vec::new();
    for (at, (together, groups)) in together.iter().zip(groups).enumerate() {
        let rows = groups.map(|groups| together.row_of(groups).ok_or(Refusal::NoGroup(at)));
        by_row.extend(rows.filter(|_| together.shown).transpose()?.map(|rows| (at, rows)));
    }
    if let Some((one, other)) = linked(&by_row) {
        return Err(Refusal::Linked(one, other));
    }
    let hidden: Vec<Vec<bool>> = together.iter().map(Together::hidden).collect();
    let answers: u64 = tables.iter().map(|table| table.totals.iter().sum()).max().unwrap_or(0);
    // Of less than a thousand answers tenths of a point say nothing.
    let from = if answers < 1_000 { Step::WHOLE } else { Step(1) };
    let fits = |step: &Step| {
        let mut every = tables.iter().zip(&together).zip(&hidden);
        every.all(|((table, together), hidden)| holds(table, &together.rows, hidden, *step))
    };
    let step = Step::ALL.into_iter().filter(|step| *step >= from).find(fits);
    let shown = together.iter().zip(&hidden).map(|(together, hidden)| together.show(hidden));
    Ok(Published { step, tables: shown.collect() })
}

impl Together {
    /// Small groups together.
    fn of(table: &Table) -> Self {
        let mut rows: Vec<Vec<usize>> = (0..table.totals.len()).map(|row| vec![row]).collect();
        let size = |row: &usize| table.totals[*row];
        let mut few: Vec<usize> = (0..rows.len()).filter(|row| (1..SMALL).contains(&size(row))).collect();
        if table.rows == Rows::Background && !few.is_empty() {
            let mut others: Vec<usize> = (0..rows.len()).filter(|row| size(row) >= SMALL).collect();
            others.sort_by_key(size);
            let mut others = others.into_iter();
            while few.len() < 2 || few.iter().map(size).sum::<u64>() < SMALL {
                let Some(next) = others.next() else { break };
                few.push(next);
            }
            few.sort_unstable();
            rows.retain(|row| !few.contains(&row[0]));
            rows.push(few);
        }
        let merged = table.merged(&rows);
        let shown = merged.totals.iter().filter(|total| **total > 0).count() > 1;
        Self { rows, table: merged, shown }
    }

    fn row_of(&self, groups: &[u32]) -> Option<Vec<u32>> {
        let mut row_of = vec![0; self.rows.iter().map(Vec::len).sum()];
        for (row, of) in (0..).zip(&self.rows) {
            of.iter().for_each(|group| row_of[*group] = row);
        }
        groups.iter().map(|group| row_of.get(*group as usize).copied()).collect()
    }

    fn hidden(&self) -> Vec<bool> {
        if self.shown { hide(&self.table) } else { vec![true; self.table.cells.len()] }
    }

    fn show(&self, hidden: &[bool]) -> Option<Shown> {
        let table = &self.table;
        let cell = |at: usize| {
            let (row, count) = (at / table.columns, table.cells[at]);
            let part = |one: f64, all: f64| if all > 0.0 { Step::WHOLE.round(one / all) } else { 0 };
            let share = part(count as f64, table.totals[row] as f64);
            let weighted = part(table.weighted[at], table.weights[row]);
            if hidden[at] { Cell::Hidden } else { Cell::Shown { count, share, weighted } }
        };
        self.shown.then(|| Shown {
            rows: self.rows.clone(),
            totals: table.totals.clone(),
            cells: (0..table.cells.len()).map(cell).collect(),
            columns: table.columns,
        })
    }
}
