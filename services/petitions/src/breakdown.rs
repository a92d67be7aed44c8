//! Breakdowns of a count as the public sees them: small cells are suppressed, and enough others that no hidden one can be
//! computed from the total, which is always told.

/// A cell below this is hidden.
pub const SMALL: u64 = 5;
/// Hidden cells hold together at least so many: one of them alone can't be told from their sum.
const TOGETHER: u64 = 2 * SMALL;

/// One cell.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Cell {
    /// Of what; empty is unknown.
    pub name: String,
    /// How many; nothing if that is hidden.
    pub count: Option<u64>,
}

/// What everybody may see of a breakdown whose cells sum to its total: hides every cell under 5, then the smallest of the
/// others until at least two are hidden, with ten or more together. Nothing if what would be hidden can't be: then
/// there is no breakdown.
#[must_use]
pub fn suppressed(cells: &[(String, u64)]) -> Option<Vec<Cell>> {
    let mut order: Vec<usize> = (0..cells.len()).filter(|at| cells[*at].1 > 0).collect();
    order.sort_by_key(|at| (cells[*at].1, cells[*at].0.clone()));
    let small = order.iter().take_while(|at| cells[**at].1 < SMALL).count();
    let mut hidden = small;
    let mut together: u64 = order[..small].iter().map(|at| cells[*at].1).sum();
    while small > 0 && (hidden < 2 || together < TOGETHER) {
        together += cells[*order.get(hidden)?].1;
        hidden += 1;
    }
    let is_hidden = |at: &usize| order[..hidden].contains(at);
    let shown = (0..cells.len()).filter(|at| cells[*at].1 > 0);
    let cell = |at: usize| {
        let (name, count) = cells[at].clone();
        Cell { name, count: Some(count).filter(|_| !is_hidden(&at)) }
    };
    Some(shown.map(cell).collect())
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn public(counts: &[u64]) -> Option<Vec<Option<u64>>> {
        let cells: Vec<_> = counts.iter().enumerate().map(|(at, count)| (format!("a{at}"), *count)).collect();
        Some(suppressed(&cells)?.into_iter().map(|cell| cell.count).collect())
    }

    #[test]
    fn cells_under_5_are_hidden_and_others_are_not() {
        assert_eq!(public(&[100, 5, 20]), Some(vec![Some(100), Some(5), Some(20)]));
        assert_eq!(public(&[100, 4, 4, 4]), Some(vec![Some(100), None, None, None]));
        assert_eq!(public(&[]), Some(vec![]));
    }

    #[test]
    fn a_lone_hidden_cell_takes_the_next_smallest_along() {
        assert_eq!(public(&[100, 3, 20]), Some(vec![Some(100), None, None]));
        assert_eq!(public(&[100, 3, 6, 20]), Some(vec![Some(100), None, None, None]));
    }

    #[test]
    fn two_cells_of_one_could_be_told_from_their_sum() {
        assert_eq!(public(&[100, 1, 1, 20]), Some(vec![Some(100), None, None, None]));
    }

    #[test]
    fn where_nothing_protects_the_hidden_there_is_no_breakdown() {
        assert_eq!(public(&[3]), None);
        assert_eq!(public(&[3, 4]), None);
    }

    proptest! {
        #[test]
        fn no_hidden_cell_follows_from_the_total(counts in proptest::collection::vec(0u64..30, 0..8)) {
            let total: u64 = counts.iter().sum();
            let Some(cells) = public(&counts) else { return Ok(()) };
            let shown: u64 = cells.iter().flatten().sum();
            let hidden = cells.iter().filter(|cell| cell.is_none()).count();
            prop_assert!(cells.iter().flatten().all(|count| *count >= SMALL));
            if hidden > 0 {
                prop_assert!(hidden >= 2 && total - shown >= TOGETHER);
            }
        }
    }
}
