//! Tables that tell of each other: a row of one that is made up of rows of another.

use std::collections::HashMap;

/// The first two of some divisions of the respondents of which a part of the one is made up of parts of the other. Each has the
/// row of every respondent.
pub(super) fn linked(divisions: &[(usize, Vec<u32>)]) -> Option<(usize, usize)> {
    let pairs = divisions.iter().flat_map(|one| divisions.iter().map(move |other| (one, other)));
    let found = pairs.filter(|(one, other)| one.0 != other.0).find(|(one, other)| made_up(&one.1, &other.1));
    found.map(|(one, other)| (one.0, other.0))
}

fn made_up(one: &[u32], other: &[u32]) -> bool {
    // Which row of the one every row of the other lies in, if it does in one, and how many it has.
    let mut inside: HashMap<u32, (Option<u32>, u64)> = HashMap::new();
    let mut sizes: HashMap<u32, u64> = HashMap::new();
    for (one, other) in one.iter().zip(other) {
        let (row, size) = inside.entry(*other).or_insert((Some(*one), 0));
        *row = row.filter(|row| row == one);
        *size += 1;
        *sizes.entry(*one).or_default() += 1;
    }
    let mut covered: HashMap<u32, u64> = HashMap::new();
    for (row, size) in inside.values() {
        if let Some(row) = row {
            *covered.entry(*row).or_default() += size;
        }
    }
    sizes.len() > 1 && covered.iter().any(|(row, size)| sizes.get(row) == Some(size))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_row_made_up_of_rows_of_another_table_is_found() {
        let pair = |one: &[u32], other: &[u32]| linked(&[(3, one.to_vec()), (7, other.to_vec())]);
        assert_eq!(pair(&[0, 0, 1, 1], &[0, 1, 2, 3]), Some((3, 7)));
        assert_eq!(pair(&[0, 1, 2, 2], &[5, 5, 6, 6]), Some((3, 7)));
        assert_eq!(pair(&[0, 0, 1, 1], &[0, 1, 0, 1]), None);
        // The same group under two names.
        assert_eq!(pair(&[0, 0, 1, 2], &[4, 4, 5, 5]), Some((3, 7)));
        // A single row is everybody, and no secret.
        assert_eq!(pair(&[0, 0, 0, 0], &[0, 0, 0, 0]), None);
        assert_eq!(linked(&[(0, vec![0, 1])]), None);
    }
}
