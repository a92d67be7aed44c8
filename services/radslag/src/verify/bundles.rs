//! Entries, read and hashed side by side, handed on in the log's order. A lane reads every n-th bundle with the tile of
//! leaf hashes beside it; at most a few bundles a lane wait, so memory stays the same however long the log is.

use std::{
    sync::mpsc::{Receiver, sync_channel},
    thread,
};

use anyhow::Result;
use prost::Message as _;
use radslag_eventlog::{frame, loss};
use radslag_evidence::{
    Hash,
    tile::{self, Of, Tile, WIDTH},
    tree,
};
use radslag_petitions::recount::{self, Fact};
use radslag_proto::log::{Header, LossAccepted};

use super::{
    disclosed::Committed,
    findings::{Difference, What},
    lives::Accepted,
    source::{Reading, Source},
};
use crate::failure;

/// Bundles of a lane that wait.
const AHEAD: usize = 4;
/// Most bytes of a bundle: each entry stands after its length.
const MOST: usize = WIDTH as usize * (2 + frame::MAX_ENTRY);

/// What a bundle holds.
pub(crate) struct Bundle {
    /// Hashes of its entries.
    pub(crate) leaves: Vec<Hash>,
    /// What they say of counts and states.
    pub(crate) facts: Vec<Fact>,
    /// What they committed to, where it may be public now.
    pub(crate) committed: Vec<Committed>,
    /// Losses that were accepted.
    pub(crate) accepted: Vec<Accepted>,
    /// What isn't as it should be.
    pub(crate) differences: Vec<Difference>,
}

/// A bundle, or why nothing after it can be read.
pub(crate) type Handed = Result<Bundle, Difference>;

/// Which entries are understood.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Service {
    /// Petitions and their signatures.
    Petitions,
    /// Some other: hashed, not recounted.
    Other,
}

/// Starts the lanes: bundle `n` comes out of lane `n % lanes`.
pub(crate) fn start(source: &Source, size: u64, service: Service) -> Result<Vec<Receiver<Handed>>> {
    let lanes = source.lanes();
    let mut handing = Vec::with_capacity(lanes);
    for lane in 0..lanes {
        let (sender, receiver) = sync_channel(AHEAD);
        let mut reading = source.open()?;
        handing.push(receiver);
        thread::spawn(move || {
            let numbers = (lane as u64..).step_by(lanes);
            for number in numbers.take_while(|number| number * WIDTH < size) {
                let bundle = bundle(&mut reading, number, size, service);
                let ends = bundle.is_err();
                // Whoever listened may have found enough.
                if sender.send(bundle).is_err() || ends {
                    return;
                }
            }
        });
    }
    Ok(handing)
}

/// A tile as hashes; that it isn't there, or has another length.
pub(crate) fn hashes(reading: &mut Reading, tile: Tile) -> Result<Vec<Hash>, Difference> {
    let bytes = file(reading, tile, WIDTH as usize * 32)?;
    let (hashes, rest) = bytes.as_chunks::<32>();
    if hashes.len() != usize::from(tile.width) || !rest.is_empty() {
        let detail = format!("it has {} bytes and must have {}", bytes.len(), usize::from(tile.width) * 32);
        return Err(Difference::new(What::Length, name(tile), detail));
    }
    Ok(hashes.to_vec())
}

/// A tile's file.
pub(crate) fn name(tile: Tile) -> String {
    format!("tile/{tile}")
}

fn file(reading: &mut Reading, tile: Tile, most: usize) -> Result<Vec<u8>, Difference> {
    let name = name(tile);
    let first = match tile.of {
        Of::Hashes(level) => (tile.number * WIDTH) << (u32::from(level) * tile::HEIGHT),
        Of::Entries => tile.number * WIDTH,
    };
    match reading.get(&name, most) {
        Ok(Some(bytes)) => Ok(bytes),
        Ok(None) => Err(Difference::new(What::Missing, name, "").at(first)),
        Err(error) => Err(Difference::new(What::Unreadable, name, failure::chain(&error)).at(first)),
    }
}

fn bundle(reading: &mut Reading, number: u64, size: u64, service: Service) -> Handed {
    let first = number * WIDTH;
    let width = WIDTH.min(size - first) as u16;
    let entries = Tile { of: Of::Entries, number, width };
    let bytes = file(reading, entries, MOST)?;
    let mut differences = Vec::new();
    let tile = Tile { of: Of::Hashes(0), number, width };
    // A tile that is missing is told once; the entries alone still lead to the root.
    let kept = hashes(reading, tile).map_err(|difference| differences.push(difference.at(first))).ok();
    let unbundled = tile::unbundle(&bytes).filter(|unbundled| unbundled.len() == usize::from(width));
    let Some(unbundled) = unbundled else {
        let detail = format!("it doesn't hold {width} entries");
        return Err(Difference::new(What::Length, name(entries), detail).at(first));
    };
    let leaves = Vec::with_capacity(unbundled.len());
    let mut found =
        Bundle { leaves, facts: Vec::new(), committed: Vec::new(), accepted: Vec::new(), differences };
    for (index, entry) in unbundled.into_iter().enumerate() {
        let position = first + index as u64;
        let leaf = tree::leaf(entry);
        if kept.as_ref().is_some_and(|kept| kept[index] != leaf) {
            let detail = format!("its hash isn't the one in {}", name(tile));
            found.differences.push(Difference::new(What::EntryHash, name(entries), detail).at(position));
        }
        found.leaves.push(leaf);
        if let Err((what, detail)) = read(entry, position, service, &mut found) {
            found.differences.push(Difference::new(what, name(entries), detail).at(position));
        }
    }
    Ok(found)
}

/// What an entry says, if it is one that stands there.
fn read(entry: &[u8], position: u64, service: Service, into: &mut Bundle) -> Result<(), (What, String)> {
    let split = frame::split_entry(entry).filter(|(.., length)| *length == entry.len());
    let (header, public, _) = split.ok_or((What::EntryFormat, "it is not an entry".into()))?;
    let header = Header::decode(header).map_err(|error| (What::EntryFormat, error.to_string()))?;
    if header.position != position {
        return Err((What::EntryPosition, format!("it was written at position {}", header.position)));
    }
    if header.r#type == loss::KIND {
        let said = LossAccepted::decode(public).map_err(|error| (What::EntryFormat, error.to_string()))?;
        into.accepted.push(Accepted { position, said });
    }
    if service == Service::Petitions {
        let fact = recount::read(&header, public).map_err(|error| (What::EntryFormat, error.to_string()))?;
        into.facts.extend(fact);
        into.committed.extend(Committed::of(&header));
    }
    Ok(())
}
