//! Proofs that an entry is in a tree, and that a tree goes on where an earlier one was (RFC 6962, 2.1.1 and 2.1.2).
//! Making one reads about `log2(size)` nodes; checking one reads nothing but the proof.

use crate::tree::{Hash, Nodes, empty, node};

/// Why a proof proves nothing.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Invalid {
    /// There is no such entry in a tree of that size, or the later tree is the smaller one.
    #[error("the tree is too small for it")]
    Size,
    /// It has more or fewer hashes than the sizes ask for.
    #[error("it has the wrong number of hashes")]
    Length,
    /// The hashes lead to another root.
    #[error("it leads to another root")]
    Root,
}

/// The root of a tree of a size.
///
/// # Errors
/// Of whoever keeps the nodes.
pub fn root<N: Nodes>(nodes: &N, size: u64) -> Result<Hash, N::Error> {
    if size == 0 { Ok(empty()) } else { range(nodes, 0, size) }
}

/// The path from an entry to the root of a tree of a size, its sibling first; nothing if there is no such entry.
///
/// # Errors
/// Of whoever keeps the nodes.
pub fn inclusion<N: Nodes>(nodes: &N, index: u64, size: u64) -> Result<Vec<Hash>, N::Error> {
    let (mut start, mut end, mut path) = (0, size, Vec::new());
    if index >= size {
        return Ok(path);
    }
    while end - start > 1 {
        let middle = start + split(end - start);
        if index < middle {
            path.push(range(nodes, middle, end)?);
            end = middle;
        } else {
            path.push(range(nodes, start, middle)?);
            start = middle;
        }
    }
    path.reverse();
    Ok(path)
}

/// What shows that a tree of one size goes on in one of another; nothing if it is trivial or can't be.
///
/// # Errors
/// Of whoever keeps the nodes.
pub fn consistency<N: Nodes>(nodes: &N, old: u64, new: u64) -> Result<Vec<Hash>, N::Error> {
    let (mut start, mut end, mut path) = (0, new, Vec::new());
    if old == 0 || old >= new {
        return Ok(path);
    }
    while end > old {
        let middle = start + split(end - start);
        if old <= middle {
            path.push(range(nodes, middle, end)?);
            end = middle;
        } else {
            path.push(range(nodes, start, middle)?);
            start = middle;
        }
    }
    // The verifier knows the old root, so a part of the new tree that is all of the old one needn't be said.
    if start > 0 {
        path.push(range(nodes, start, end)?);
    }
    path.reverse();
    Ok(path)
}

/// Checks that an entry with this hash stands at an index of the tree with this root.
///
/// # Errors
/// Why it isn't shown.
pub fn check_inclusion(
    leaf: &Hash,
    index: u64,
    size: u64,
    path: &[Hash],
    root: &Hash,
) -> Result<(), Invalid> {
    if index >= size {
        return Err(Invalid::Size);
    }
    let (mut at, mut last, mut hash) = (index, size - 1, *leaf);
    for sibling in path {
        if last == 0 {
            return Err(Invalid::Length);
        }
        if at & 1 == 1 || at == last {
            hash = node(sibling, &hash);
            // A left child here is the last node of its level: it has no sibling until it is a right child.
            let alone = at.trailing_zeros();
            (at, last) = (at >> alone, last >> alone);
        } else {
            hash = node(&hash, sibling);
        }
        (at, last) = (at >> 1, last >> 1);
    }
    if last != 0 {
        return Err(Invalid::Length);
    }
    if hash == *root { Ok(()) } else { Err(Invalid::Root) }
}

/// Checks that the tree of the new size and root begins with all of the tree of the old ones.
///
/// # Errors
/// Why it isn't shown.
pub fn check_consistency(
    (old, old_root): (u64, &Hash),
    (new, new_root): (u64, &Hash),
    path: &[Hash],
) -> Result<(), Invalid> {
    if old > new {
        return Err(Invalid::Size);
    }
    if old == 0 || old == new {
        let begins = if old == 0 { empty() } else { *new_root };
        let ends = new > 0 || *new_root == empty();
        return match (path.is_empty(), *old_root == begins && ends) {
            (false, _) => Err(Invalid::Length),
            (true, false) => Err(Invalid::Root),
            (true, true) => Ok(()),
        };
    }
    let (mut at, mut last) = (old - 1, new - 1);
    let skip = at.trailing_ones();
    (at, last) = (at >> skip, last >> skip);
    let (first, rest) = if old.is_power_of_two() {
        (old_root, path)
    } else {
        let (first, rest) = path.split_first().ok_or(Invalid::Length)?;
        (first, rest)
    };
    let (mut before, mut after) = (*first, *first);
    for hash in rest {
        if last == 0 {
            return Err(Invalid::Length);
        }
        if at & 1 == 1 || at == last {
            (before, after) = (node(hash, &before), node(hash, &after));
            // A left child here is the last node of its level: it has no sibling until it is a right child.
            let alone = at.trailing_zeros();
            (at, last) = (at >> alone, last >> alone);
        } else {
            after = node(&after, hash);
        }
        (at, last) = (at >> 1, last >> 1);
    }
    if last != 0 {
        return Err(Invalid::Length);
    }
    if before == *old_root && after == *new_root { Ok(()) } else { Err(Invalid::Root) }
}

/// Where a tree of more than one leaf is split: the largest power of two below its size.
const fn split(size: u64) -> u64 {
    1 << (u64::BITS - 1 - (size - 1).leading_zeros())
}

/// The root over some leaves; `start` is a multiple of the largest power of two that fits.
fn range<N: Nodes>(nodes: &N, start: u64, end: u64) -> Result<Hash, N::Error> {
    let size = end - start;
    if size.is_power_of_two() {
        let height = size.trailing_zeros();
        return nodes.node(height, start >> height);
    }
    let middle = start + split(size);
    Ok(node(&range(nodes, start, middle)?, &range(nodes, middle, end)?))
}
