//! What outsiders ask of a tree: tiles, proofs, receipts. Only what a published checkpoint covers is given, and only after
//! it was checked against that checkpoint's root: hashes are derived, and a wrong one is made again from the segments.

use std::sync::Arc;

use bytes::Bytes;
use radslag_evidence::{
    Hash, Receipt, VerifierKey, proof,
    tile::{self, HEIGHT, Of, Tile, WIDTH},
    tree,
};

use super::{Proofs, Signed, checkpoints};
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
                let whole = (tile.number + 1).checked_shl(u32::from(level + 1) * HEIGHT);
                let whole = whole.is_some_and(|end| end <= newest.checkpoint.size);
                let hashes = self.checked(proofs, || {
                    let kept =
                        proofs.kept.hashes(level, first, if whole { WIDTH as usize } else { width })?;
                    let right = if whole {
                        tile::root(&kept) == proofs.kept.hashes(level + 1, tile.number, 1)?.first().copied()
                    } else {
                        // What stands on the right edge is part of the root.
                        proof::root(&proofs.kept, newest.checkpoint.size)? == newest.checkpoint.root
                    };
                    Ok(right.then_some(kept))
                })?;
                Ok(Some(Bytes::from(hashes[..width].as_flattened().to_vec())))
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
        let Some((proofs, newest)) = covered else { return Ok(None) };
        let path = self.checked(proofs, || {
            let Some(root) = proofs.root(&newest, size)? else { return Ok(None) };
            let path = proof::inclusion(&proofs.kept, index, size)?;
            let leaf = proofs.kept.hashes(0, index, 1)?[0];
            Ok(proof::check_inclusion(&leaf, index, size, &path, &root).is_ok().then_some(path))
        });
        path.map(Some)
    }

    /// What shows that the tree of one size goes on in that of another; `None` where no checkpoint covers them.
    ///
    /// # Errors
    /// `Damaged`, `Io`.
    pub fn consistency(&self, old: u64, new: u64) -> Result<Option<Vec<Hash>>, Error> {
        let covered = self.published().filter(|(_, newest)| old <= new && new <= newest.checkpoint.size);
        let Some((proofs, newest)) = covered else { return Ok(None) };
        let path = self.checked(proofs, || {
            let roots = (proofs.root(&newest, old)?, proofs.root(&newest, new)?);
            let (Some(before), Some(after)) = roots else { return Ok(None) };
            let path = proof::consistency(&proofs.kept, old, new)?;
            let right = proof::check_consistency((old, &before), (new, &after), &path).is_ok();
            Ok(right.then_some(path))
        });
        path.map(Some)
    }

    /// The root of the tree of a size; `None` where no checkpoint covers it.
    ///
    /// # Errors
    /// `Damaged`, `Io`.
    pub fn root(&self, size: u64) -> Result<Option<Hash>, Error> {
        let covered = self.published().filter(|(_, newest)| size <= newest.checkpoint.size);
        let Some((proofs, newest)) = covered else { return Ok(None) };
        self.checked(proofs, || proofs.root(&newest, size)).map(Some)
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
        let entry = self.bundle(position, position + 1)?.slice(2..);
        let leaf = tree::leaf(&entry);
        let path = self.checked(proofs, || {
            let path = proof::inclusion(&proofs.kept, position, size)?;
            let root = &newest.checkpoint.root;
            Ok(proof::check_inclusion(&leaf, position, size, &path, root).is_ok().then_some(path))
        })?;
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

    /// The same of an origin that is over, as far as its notes are whole. Nothing of one of which nothing was signed.
    ///
    /// # Errors
    /// `Damaged`, `Io`.
    pub fn chain_of(&self, origin: u32, from: u64, most: usize) -> Result<Vec<u8>, Error> {
        if origin == self.origin() {
            return self.chain(from, most);
        }
        checkpoints::past(&*self.0.disk, &self.0.folder, origin, from, most)
    }

    /// What the checkpoints of an origin are checked with, oldest first.
    ///
    /// # Errors
    /// `Damaged`, `Io`.
    pub fn verifiers_of(&self, origin: u32) -> Result<Vec<VerifierKey>, Error> {
        if origin == self.origin() {
            return Ok(self.verifiers());
        }
        checkpoints::verifiers_of(&*self.0.disk, &self.0.folder, origin)
    }

    /// The origins of which there are checkpoints, oldest first; the present one is always among them.
    ///
    /// # Errors
    /// `Io`.
    pub fn signed_origins(&self) -> Result<Vec<u32>, Error> {
        let mut origins = checkpoints::origins(&*self.0.disk, &self.0.folder)?;
        origins.retain(|origin| *origin < self.origin());
        origins.push(self.origin());
        Ok(origins)
    }

    /// What was read of the tree's hashes and is right; where it isn't, they are made again once.
    fn checked<T>(&self, proofs: &Proofs, read: impl Fn() -> Result<Option<T>, Error>) -> Result<T, Error> {
        match read() {
            Ok(Some(right)) => return Ok(right),
            Ok(None) | Err(Error::Damaged { .. }) => proofs.remake(&self.0)?,
            Err(error) => return Err(error),
        }
        let why = "its hashes are not the tree's, also after they were made again";
        read()?.ok_or_else(|| Error::damaged(proofs.kept.folder(), 0, why))
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

impl Proofs {
    /// The root of the tree of a size, shown to be what the newest checkpoint's tree begins with; `None` if it isn't.
    fn root(&self, newest: &Signed, size: u64) -> Result<Option<Hash>, Error> {
        let root = proof::root(&self.kept, size)?;
        let path = proof::consistency(&self.kept, size, newest.checkpoint.size)?;
        let now = (newest.checkpoint.size, &newest.checkpoint.root);
        Ok(proof::check_consistency((size, &root), now, &path).is_ok().then_some(root))
    }
}
