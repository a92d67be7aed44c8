//! Which cells are hidden: the small ones, and as few others as it takes that none of them can be computed.

use super::{
    bounds::Hidden,
    table::{Row, Table},
};

/// A cell below this is small, and so is what is missing to all of a row where everyone may be in several cells.
pub const SMALL: u64 = 5;
/// A hidden cell can be, for all that is shown, any of a range of numbers that is so wide: the least and the most that it can be
/// are so far apart, or as far as the totals alone leave them.
pub const PROTECTION: u64 = 5;

/// Finds the cells to hide; by row, then column.
pub(super) fn hide(table: &Table) -> Vec<bool> {
    let (rows, columns) = (table.totals.len(), table.columns);
    let all: Vec<(usize, usize)> =
        (0..rows).flat_map(|row| (0..columns).map(move |column| (row, column))).collect();
    let at = |(row, column): (usize, usize)| row * columns + column;
    // How well each cell can be protected at all. What the totals tell by themselves needn't be hidden.
    let everything = Hidden::new(table, vec![true; rows * columns]);
    let wanted: Vec<u64> =
        all.iter().map(|(row, column)| everything.width(*row, *column, PROTECTION)).collect();
    let small = |cell: &&(usize, usize)| is_small(table, **cell) && wanted[at(**cell)] > 0;
    let primary: Vec<(usize, usize)> = all.iter().filter(small).copied().collect();
    let mut hidden = Hidden::new(table, vec![false; rows * columns]);
    primary.iter().for_each(|cell| hidden.cells[at(*cell)] = true);
    let protected = |hidden: &Hidden<'_>, (row, column): (usize, usize)| {
        hidden.width(row, column, PROTECTION) >= wanted[at((row, column))]
    };
    let open = |hidden: &Hidden<'_>| {
        let hidden_cells = all.iter().filter(|cell| hidden.cells[at(**cell)]);
        hidden_cells.copied().find(|cell| !protected(hidden, *cell))
    };
    while let Some(cell) = open(&hidden) {
        let Some(best) = rectangle(table, &hidden, &wanted, cell) else { break };
        best.iter().for_each(|cell| hidden.cells[at(*cell)] = true);
    }
    // Some were hidden for a cell that later ones protect as well: the largest are tried first.
    let mut secondary: Vec<(usize, usize)> =
        all.iter().copied().filter(|cell| hidden.cells[at(*cell)]).collect();
    secondary.retain(|cell| !primary.contains(cell));
    secondary.sort_by_key(|(row, column)| std::cmp::Reverse(table.cell(*row, *column)));
    for cell in secondary {
        hidden.cells[at(cell)] = false;
        hidden.cells[at(cell)] = open(&hidden).is_some();
    }
    hidden.cells
}

fn is_small(table: &Table, (row, column): (usize, usize)) -> bool {
    let count = table.cell(row, column);
    let others = table.totals[row].saturating_sub(count);
    table.totals[row] > 0 && (count < SMALL || matches!(table.row, Row::Several(..)) && others < SMALL)
}

/// The cells of the rectangle that protects a cell best for what it hides: another row, another column, or the other row alone
/// where rows can give way.
fn rectangle(
    table: &Table,
    hidden: &Hidden<'_>,
    wanted: &[u64],
    (row, column): (usize, usize),
) -> Option<Vec<(usize, usize)>> {
    let (mut least, mut best) = ((u64::MAX, u64::MAX), None);
    let mut trial = Hidden::new(table, hidden.cells.clone());
    let at = |(row, column): (usize, usize)| row * table.columns + column;
    for other_row in (0..table.totals.len()).filter(|other| *other != row) {
        for other_column in 0..table.columns {
            let corners = [(row, other_column), (other_row, column), (other_row, other_column)];
            let new = corners.iter().copied().filter(|cell| *cell != (row, column) && wanted[at(*cell)] > 0);
            let mut new: Vec<(usize, usize)> = new.filter(|cell| !hidden.cells[at(*cell)]).collect();
            new.dedup();
            if new.is_empty() {
                continue;
            }
            new.iter().for_each(|cell| trial.cells[at(*cell)] = true);
            let missing = wanted[at((row, column))].saturating_sub(trial.width(row, column, PROTECTION));
            new.iter().for_each(|cell| trial.cells[at(*cell)] = false);
            let lost: u64 = new.iter().map(|(row, column)| table.cell(*row, *column) + 1).sum();
            if (missing, lost) < least {
                (least, best) = ((missing, lost), Some(new));
            }
        }
    }
    best
}
