//! Nodes of a log's tree, out of its tiles. Nothing of them is believed: what they prove is checked against a signed root.

use std::{cell::RefCell, collections::BTreeMap};

use anyhow::{Context as _, Result, bail};
use radslag_evidence::{
    Checkpoint, Hash, Note, note,
    tile::{self, HEIGHT, Of, Tile, WIDTH},
    tree::Nodes,
};

use super::{
    CHECKPOINT, bundles,
    source::{Reading, Source},
};

/// A tree that is read from where a log is given.
pub(crate) struct Tiles {
    reading: RefCell<Reading>,
    size: u64,
    kept: RefCell<BTreeMap<(u8, u64), Vec<Hash>>>,
}

impl Tiles {
    /// Of a tree of a size.
    pub(crate) fn new(source: &Source, size: u64) -> Result<Self> {
        Ok(Self { reading: RefCell::new(source.open()?), size, kept: RefCell::default() })
    }

    /// Of the tree of the newest checkpoint that is given there, and that checkpoint: nobody has checked it yet.
    pub(crate) fn newest(source: &Source) -> Result<(Self, Note, u64)> {
        let bytes = source.open()?.get(CHECKPOINT, note::MAX)?;
        let text = String::from_utf8(bytes.with_context(|| format!("there is no {CHECKPOINT}"))?)?;
        let note = Note::parse(&text)?;
        let size = Checkpoint::parse(note.text())?.size;
        Ok((Self::new(source, size)?, note, size))
    }
}

impl Nodes for Tiles {
    type Error = anyhow::Error;

    fn node(&self, height: u32, index: u64) -> Result<Hash> {
        let (level, above) = ((height / HEIGHT) as u8, height % HEIGHT);
        let first = index << above;
        let (number, at, count) = (first / WIDTH, (first % WIDTH) as usize, 1_usize << above);
        let mut kept = self.kept.borrow_mut();
        let hashes = match kept.entry((level, number)) {
            std::collections::btree_map::Entry::Occupied(known) => known.into_mut(),
            std::collections::btree_map::Entry::Vacant(unknown) => {
                let tile = Tile::in_tree(Of::Hashes(level), number, self.size);
                let tile = tile.context("the tree is too small for it")?;
                match bundles::hashes(&mut self.reading.borrow_mut(), tile) {
                    Ok(hashes) => unknown.insert(hashes),
                    Err(difference) => bail!("{} can't be had: {}", difference.file, difference.detail),
                }
            }
        };
        let under = hashes.get(at..at + count).context("the tree is too small for it")?;
        tile::root(under).context("the tree is too small for it")
    }
}
