//! Whether the weighted shares of a question's totals would give away what its tables hide.
//!
//! A column's count and its weighted share are two equations. Whoever knows the mean weight of each group could solve two hidden
//! cells from them, were the share exact. So it is rounded, and to what is found here: hidden cells must stay as unknown as they
//! are without it, shown by changes that no rounded share tells.

use super::{bounds::Hidden, percent::Step, secondary::PROTECTION, table::Table};

/// So wide, or as wide as it is without them, the interval of a hidden cell stays that somebody finds who solves the equations.
const KEPT: u64 = 2;

/// How much less and how much more a column's weight can be.
type Slack = (f64, f64);

struct Columns<'a> {
    table: &'a Table,
    /// Which row each group is shown in.
    row_of: Vec<usize>,
    /// Whether a group is shown with others.
    together: Vec<bool>,
    hidden: &'a [bool],
    weights: Vec<f64>,
    /// How much less and more often a group's cells may be.
    give: Vec<(u64, u64)>,
}

/// Whether hidden cells stay as unknown when the weighted shares of the columns are known in these steps: each one can be changed,
/// against that of another group, by as much as before without a rounded share becoming another, and by something, unless the
/// totals alone tell it. `table` has all groups, and `hidden` says what isn't shown of them by `rows`.
pub(super) fn holds(table: &Table, rows: &[Vec<usize>], hidden: &[bool], step: Step) -> bool {
    let columns = Columns::new(table, rows, hidden);
    let all: f64 = table.weights.iter().sum();
    if all <= 0.0 {
        return true;
    }
    let groups = table.totals.len();
    let slack = (0..table.columns).map(|column| {
        let weight: f64 = (0..groups).map(|group| table.weighted[group * table.columns + column]).sum();
        let (less, more) = step.slack(weight / all);
        (less * all, more * all)
    });
    let (slack, free) = (slack.collect::<Vec<_>>(), vec![(f64::INFINITY, f64::INFINITY); table.columns]);
    let everything = Hidden::new(table, vec![true; table.cells.len()]);
    (0..groups).all(|group| {
        (0..table.columns).filter(|column| columns.is_hidden(group, *column)).all(|column| {
            let before = columns.reach(&free, group, column);
            columns.reach(&slack, group, column) >= before.min(KEPT)
                && (before > 0 || everything.width(group, column, 1) == 0)
        })
    })
}

impl<'a> Columns<'a> {
    fn new(table: &'a Table, rows: &[Vec<usize>], hidden: &'a [bool]) -> Self {
        let groups = table.totals.len();
        let (mut row_of, mut together) = (vec![0; groups], vec![false; groups]);
        for (row, of) in rows.iter().enumerate() {
            for group in of {
                (row_of[*group], together[*group]) = (row, of.len() > 1);
            }
        }
        let mean = |group: usize| table.weights[group] / table.totals[group].max(1) as f64;
        let weights = (0..groups).map(mean).collect();
        let give = (0..groups).map(|group| table.give(group)).collect();
        Self { table, row_of, together, hidden, weights, give }
    }

    fn is_hidden(&self, group: usize, column: usize) -> bool {
        let hidden = self.hidden[self.row_of[group] * self.table.columns + column];
        self.table.totals[group] > 0 && (hidden || self.together[group])
    }

    /// Whether two groups' cells of a column can be changed against each other without a shown cell telling.
    fn is_free(&self, one: usize, other: usize, column: usize) -> bool {
        let hidden = |group: usize| self.hidden[self.row_of[group] * self.table.columns + column];
        self.row_of[one] == self.row_of[other] || hidden(one) && hidden(other)
    }

    /// How far a hidden cell can be changed against one of another group: in another column as much the other way, or in this
    /// one alone where everybody may be in several.
    fn reach(&self, slack: &[Slack], group: usize, column: usize) -> u64 {
        let count = |group: usize, column: usize| self.table.cell(group, column);
        let rest =
            |group: usize, column: usize| self.table.totals[group].saturating_sub(count(group, column));
        // How often one can be taken from a group's cell and given to another's.
        let moves = |from: usize, to: usize, column: usize| count(from, column).min(rest(to, column));
        let far = (f64::INFINITY, f64::INFINITY);
        let mut best = 0;
        let others = (0..self.weights.len()).filter(|other| *other != group && self.table.totals[*other] > 0);
        for other in others.filter(|other| self.is_free(group, *other, column)) {
            let per_one = self.weights[group] - self.weights[other];
            let times =
                |most: u64, sign: f64, second: Slack| within(most, sign * per_one, slack[column], second);
            let (up, down) = (moves(other, group, column), moves(group, other, column));
            for second in (0..self.table.columns).filter(|second| *second != column) {
                if self.is_free(group, other, second) {
                    let up = times(up.min(moves(group, other, second)), 1.0, slack[second]);
                    let down = times(down.min(moves(other, group, second)), -1.0, slack[second]);
                    best = best.max((up + down).min(PROTECTION));
                }
            }
            // Nobody gives way where everyone is in one cell.
            let (here, there) = (self.give[group], self.give[other]);
            let up = times(up.min(here.1).min(there.0), 1.0, far);
            let down = times(down.min(here.0).min(there.1), -1.0, far);
            best = best.max((up + down).min(PROTECTION));
        }
        best
    }
}

/// How often a column can change by so much, and another by as much the other way, each within its slack.
fn within(most: u64, by: f64, (less, more): Slack, (other_less, other_more): Slack) -> u64 {
    let room = if by > 0.0 { more.min(other_less) } else { less.min(other_more) };
    // Rounding gives way at a multiple of the step: the very edge is left alone.
    let times = (room / by.abs() - 1e-9).floor();
    if times < most as f64 { times.max(0.0) as u64 } else { most }
}
