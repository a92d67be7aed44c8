//! What checking a log found: how much of it was looked at, and every difference with the first place it shows.

use serde::Serialize;

use super::lives::Loss;

/// Differences that are told one by one.
const TOLD: usize = 20;

/// Something that isn't as it was signed or published.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "kebab-case")]
pub(crate) enum What {
    /// A file that must be there isn't.
    Missing,
    /// A file that can't be read, or is larger than it may be.
    Unreadable,
    /// A tile or a bundle that hasn't as many as the tree has there.
    Length,
    /// An entry that isn't the one whose hash stands in the tree.
    EntryHash,
    /// Bytes that no log of ours writes.
    EntryFormat,
    /// An entry of another place.
    EntryPosition,
    /// A tile's hashes that aren't those of the tiles below.
    TileHash,
    /// All tiles lead to another root than the one signed.
    Root,
    /// The newest checkpoint can't be believed.
    Checkpoint,
    /// A checkpoint of the chain can't be believed.
    ChainSignature,
    /// The chain isn't in order.
    ChainOrder,
    /// A checkpoint of the chain has another root than the tree had then.
    ChainRoot,
    /// The chain doesn't lead to the newest checkpoint.
    ChainEnd,
    /// How one life of the log followed another isn't what its events say.
    Origins,
    /// More lives than are looked at.
    Unseen,
    /// A signature was counted, or struck out, that couldn't be.
    Recount,
    /// A published figure isn't what the events add up to.
    Figure,
    /// The published figures can't be compared.
    Figures,
    /// A disclosed value isn't the one that was committed to.
    Disclosed,
    /// The log knows less than it once signed.
    Rollback,
    /// The log signed two histories.
    Fork,
    /// It is another log than the one remembered.
    OtherLog,
}

/// A difference, and where.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub(crate) struct Difference {
    /// What it is.
    pub(crate) what: What,
    /// At which position of the log, where one can be named.
    pub(crate) position: Option<u64>,
    /// In which file.
    pub(crate) file: String,
    /// More of it.
    pub(crate) detail: String,
}

impl Difference {
    pub(crate) fn new(what: What, file: impl Into<String>, detail: impl Into<String>) -> Self {
        Self { what, position: None, file: file.into(), detail: detail.into() }
    }

    pub(crate) fn at(self, position: u64) -> Self {
        Self { position: Some(position), ..self }
    }
}

/// Everything that was found.
#[derive(Clone, Debug, Default, Serialize)]
pub(crate) struct Found {
    /// Nothing differs.
    pub(crate) whole: bool,
    /// Which log.
    pub(crate) origin: String,
    /// Entries that were signed for.
    pub(crate) size: u64,
    /// Base64 of the root that was signed.
    pub(crate) root: String,
    /// The keys were named by whoever checks; otherwise they are those the log itself gives.
    pub(crate) keys_pinned: bool,
    /// The keys.
    pub(crate) keys: Vec<String>,
    /// Entries that were hashed.
    pub(crate) entries: u64,
    /// Tiles and bundles that were read.
    pub(crate) tiles: u64,
    /// Checkpoints of the chain; nothing if none is given.
    pub(crate) checkpoints: Option<u64>,
    /// Petitions that were recounted.
    pub(crate) petitions: u64,
    /// Acts on signatures that were followed.
    pub(crate) signature_acts: u64,
    /// Counts published by events of the log: that hold.
    pub(crate) published_held: u64,
    /// The same: that can't be looked at again.
    pub(crate) published_passed: u64,
    /// Petitions whose published figures were compared; nothing if none are given.
    pub(crate) figures: Option<u64>,
    /// After how many events they hold.
    pub(crate) figures_as_of: Option<u64>,
    /// Disclosed values that are the ones committed to; nothing if none are given.
    pub(crate) disclosed: Option<u64>,
    /// What was lost between the lives of the log, and accepted.
    pub(crate) losses: Vec<Loss>,
    /// The size of the checkpoint that was remembered.
    pub(crate) remembered: Option<u64>,
    /// Where two contradicting checkpoints were put.
    pub(crate) evidence: Option<String>,
    /// The first differences, in the order of the log.
    pub(crate) differences: Vec<Difference>,
    /// How many more there are.
    pub(crate) more: u64,
    /// How long it took.
    pub(crate) milliseconds: u64,
}

impl Found {
    pub(crate) fn differs(&mut self, difference: Difference) {
        self.differences.push(difference);
        // Memory stays bounded however much is wrong; the first places are the ones that are kept.
        if self.differences.len() > 2 * TOLD {
            self.settle();
        }
    }

    /// The first differences: files and entries that are wrong themselves before what follows from them, and those that name
    /// a place before those that don't.
    pub(crate) fn settle(&mut self) {
        self.differences.sort_by_key(|Difference { what, position, .. }| {
            (*what > What::EntryPosition, position.unwrap_or(u64::MAX), *what)
        });
        self.more += self.differences.len().saturating_sub(TOLD) as u64;
        self.differences.truncate(TOLD);
        self.whole = self.differences.is_empty();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_places_are_told_and_the_rest_counted() {
        let mut found = Found::default();
        for position in (0..1_000).rev() {
            found.differs(Difference::new(What::EntryHash, "tile/entries/000", "").at(position));
        }
        found.settle();
        assert_eq!((found.differences.len() as u64 + found.more, found.whole), (1_000, false));
        let positions: Vec<_> = found.differences.iter().filter_map(|one| one.position).collect();
        assert_eq!(positions, (0..TOLD as u64).collect::<Vec<_>>());
    }
}
