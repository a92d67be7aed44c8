//! A Merkle tree as RFC 6962 (section 2.1) makes it: over any number of leaves, split at the largest power of two.

use sha2::{Digest as _, Sha256};

/// SHA-256.
pub type Hash = [u8; 32];

/// The hash of an entry.
#[must_use]
pub fn leaf(entry: &[u8]) -> Hash {
    Sha256::new().chain_update([0]).chain_update(entry).finalize().into()
}

/// The hash over two trees.
#[must_use]
pub fn node(left: &Hash, right: &Hash) -> Hash {
    Sha256::new().chain_update([1]).chain_update(left).chain_update(right).finalize().into()
}

/// The root of a tree without leaves.
#[must_use]
pub fn empty() -> Hash {
    Sha256::digest([]).into()
}

/// A tree that grows. It remembers the roots of the perfect trees it is made of, largest first: one for each bit of its
/// size.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Tree {
    size: u64,
    peaks: Vec<Hash>,
}

impl Tree {
    /// The tree of a size, from kept nodes.
    ///
    /// # Errors
    /// Of whoever keeps the nodes.
    pub fn of<N: Nodes>(nodes: &N, size: u64) -> Result<Self, N::Error> {
        let mut peaks = Vec::new();
        let mut start = 0;
        for height in (0..u64::BITS).rev().filter(|height| size >> height & 1 == 1) {
            peaks.push(nodes.node(height, start >> height)?);
            start += 1 << height;
        }
        Ok(Self { size, peaks })
    }

    /// How many leaves it has.
    #[must_use]
    pub const fn size(&self) -> u64 {
        self.size
    }

    /// Adds a leaf, and tells of each perfect tree it completes: its height and root, lowest first, the leaf not among
    /// them.
    pub fn push(&mut self, leaf: Hash, mut completed: impl FnMut(u32, Hash)) {
        let mut root = leaf;
        for height in 1..=self.size.trailing_ones() {
            let Some(left) = self.peaks.pop() else { break };
            root = node(&left, &root);
            completed(height, root);
        }
        self.peaks.push(root);
        self.size += 1;
    }

    /// Its root.
    #[must_use]
    pub fn root(&self) -> Hash {
        let mut peaks = self.peaks.iter().rev();
        let Some(smallest) = peaks.next() else { return empty() };
        peaks.fold(*smallest, |right, left| node(left, &right))
    }
}

/// Whoever keeps a tree's nodes.
pub trait Nodes {
    /// Why one can't be had.
    type Error;

    /// The root of the perfect tree over leaves `index * 2^height .. (index + 1) * 2^height`.
    ///
    /// # Errors
    /// If it can't be read.
    fn node(&self, height: u32, index: u64) -> Result<Hash, Self::Error>;
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_completed_tree_is_told_once_with_its_height() {
        let mut tree = Tree::default();
        let mut told = Vec::new();
        for n in 0..8_u8 {
            tree.push(leaf(&[n]), |height, _| told.push((n, height)));
        }
        assert_eq!(told, [(1, 1), (3, 1), (3, 2), (5, 1), (7, 1), (7, 2), (7, 3)]);
        assert_eq!(tree.peaks.len(), 1);
    }
}
