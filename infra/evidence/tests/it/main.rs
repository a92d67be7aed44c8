//! The tree, its proofs, notes and tiles, held to the RFC's vectors and to other people's implementations.

#![allow(clippy::unwrap_used, reason = "a test that can't go on fails")]

mod notes;
mod proofs;
mod tiles;
mod vectors;

use radslag_evidence::{Hash, Nodes, Tree, tree};

/// Leaves kept in memory.
pub(crate) struct Leaves(pub(crate) Vec<Hash>);

impl Leaves {
    /// So many entries, the n-th of one byte n: after 256 they begin again.
    pub(crate) fn bytes(count: u64) -> Self {
        Self((0..count).map(|n| tree::leaf(&[n as u8])).collect())
    }

    pub(crate) fn root(&self, size: u64) -> Hash {
        let mut tree = Tree::default();
        self.0[..size as usize].iter().for_each(|leaf| tree.push(*leaf, |_, _| ()));
        tree.root()
    }
}

impl Nodes for Leaves {
    type Error = std::convert::Infallible;

    fn node(&self, height: u32, index: u64) -> Result<Hash, Self::Error> {
        if height == 0 {
            return Ok(self.0[index as usize]);
        }
        Ok(tree::node(&self.node(height - 1, 2 * index)?, &self.node(height - 1, 2 * index + 1)?))
    }
}

pub(crate) fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}
