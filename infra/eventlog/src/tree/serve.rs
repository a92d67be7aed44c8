//! What outsiders ask of a tree: tiles, proofs, receipts. Only what a published checkpoint covers is given.

use std::sync::Arc;

use bytes::Bytes;
use radslag_evidence::{
    Hash, Receipt, proof,
    tile::{self, Of, Tile, WIDTH},
};

use super::{Proofs, Signed};
use crate::{Error, Log, log::lock};

impl Log {
    /// A tile, or a bundle of entries; `None` where no checkpoint covers one so wide, or the log has no tree.
    ///
    /// # Errors
    /// `Damaged`, `Io`.
    pub fn tile(&self, tile: Tile) -> Result<Option<Bytes>, Error> {
        let Some((proofs, newest)) = self.published() else { return Ok(None) };
        let widest = Tile::in_tree(tile.of, tile.number, newest.checkpoint.size);
        if widest.is_none_or(|widest| widest.width < tile.width) {
            return Ok(None);
        }
        let (first, width) = (tile.number * WIDTH, usize::from(tile.width));
        match tile.of {
            Of::Hashes(level) => {
                let hashes = proofs.kept.hashes(level, first, width)?;
                Ok(Some(Bytes::from(hashes.as_flattened().to_vec())))
            }
            Of::Entries => self.bundle(first, first + width as u64).map(Some),
        }
    }

    /// The path from an entry to the root of the tree of a size; `None` where no checkpoint covers them.
    ///
    /// # Errors
    /// `Damaged`, `Io`.
    pub fn inclusion(&self, index: u64, size: u64) -> Result<Option<Vec<Hash>>, Error> {
        let covered = self.published().filter(|(_, newest)| index < size && size <= newest.checkpoint.size);
        covered.map(|(proofs, _)| proof::inclusion(&proofs.kept, index, size)).transpose()
    }

    /// What shows that the tree of one size goes on in that of another; `None` where no checkpoint covers them.
    ///
    /// # Errors
    /// `Damaged`, `Io`.
    pub fn consistency(&self, old: u64, new: u64) -> Result<Option<Vec<Hash>>, Error> {
        let covered = self.published().filter(|(_, newest)| old <= new && new <= newest.checkpoint.size);
        covered.map(|(proofs, _)| proof::consistency(&proofs.kept, old, new)).transpose()
    }

    /// The root of the tree of a size; `None` where no checkpoint covers it.
    ///
    /// # Errors
    /// `Damaged`, `Io`.
    pub fn root(&self, size: u64) -> Result<Option<Hash>, Error> {
        let covered = self.published().filter(|(_, newest)| size <= newest.checkpoint.size);
        covered.map(|(proofs, _)| proof::root(&proofs.kept, size)).transpose()
    }

    /// A receipt of an entry, with the entry in it; `None` until a checkpoint covers it.
    ///
    /// # Errors
    /// `Damaged`, `Io`.
    pub fn receipt(&self, position: u64) -> Result<Option<Receipt>, Error> {
        let Some((proofs, newest)) = self.published() else { return Ok(None) };
        let size = newest.checkpoint.size;
        if position >= size {
            return Ok(None);
        }
        let path = proof::inclusion(&proofs.kept, position, size)?;
        let entry = self.bundle(position, position + 1)?.slice(2..);
        Ok(Some(Receipt {
            extra: Some(entry.into()),
            index: position,
            path,
            checkpoint: newest.note.clone(),
        }))
    }

    /// Every checkpoint of this origin as it was signed, oldest first, a blank line after each: at most so many bytes of
    /// them, from a byte on. Nothing at the end, and of a log without a tree.
    ///
    /// # Errors
    /// `Io`.
    pub fn chain(&self, from: u64, most: usize) -> Result<Vec<u8>, Error> {
        let Some(proofs) = &self.0.proofs else { return Ok(Vec::new()) };
        lock(&proofs.writing).file.read(from, most)
    }

    fn published(&self) -> Option<(&Proofs, Arc<Signed>)> {
        let proofs = self.0.proofs.as_ref()?;
        let newest = proofs.newest.borrow().clone()?;
        Some((proofs, newest))
    }

    fn bundle(&self, from: u64, to: u64) -> Result<Bytes, Error> {
        let mut bytes = Vec::new();
        for frame in self.frames(from) {
            let (frame, _) = frame?;
            for stored in frame.events().filter(|stored| (from..to).contains(&stored.position)) {
                tile::bundle(&mut bytes, stored.entry);
            }
            if frame.head.end() >= to {
                break;
            }
        }
        Ok(bytes.into())
    }
}
