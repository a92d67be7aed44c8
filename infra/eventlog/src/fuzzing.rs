//! What reads a segment, a file of checkpoints and a block of the index, for tests that feed them anything.

use std::path::Path;

use radslag_evidence::{Checkpoint, SigningKey};
use radslag_vault::Disk;

use crate::{
    Error,
    frame::Frame,
    heads::{Head, StreamHash},
    index::run,
    recovery,
    segment::Segment,
    tree::checkpoints::Checkpoints,
};

/// Frames with their offsets.
pub type Frames = Vec<(u64, Frame)>;

/// The whole frames of a segment with their offsets, and the highest durable position in one that stands after them.
///
/// # Errors
/// `Io`.
pub fn frames(segment: &Segment) -> Result<(Frames, Option<u64>), Error> {
    let bytes = segment.window(0, usize::try_from(segment.allocated()?).unwrap_or(usize::MAX))?;
    let frames = recovery::whole(&bytes, segment);
    let end = frames.last().map_or(crate::segment::HEADER, |(at, frame)| at + frame.head.padded() as u64);
    let beyond = recovery::search(&bytes, end, segment);
    Ok((frames, beyond))
}

/// Opens a file of checkpoints, adds one, and opens it again: the newest each time.
///
/// # Errors
/// `Damaged`, `Io`.
pub fn checkpoints(
    disk: &dyn Disk,
    origin: &str,
    key: &SigningKey,
    next: impl FnOnce(Option<&Checkpoint>) -> Checkpoint,
) -> Result<[Option<Checkpoint>; 2], Error> {
    let open = || Checkpoints::open(disk, Path::new("tree"), 0, origin, std::slice::from_ref(key));
    let mut opened = open()?;
    let before = opened.newest().map(|newest| newest.checkpoint.clone());
    let checkpoint = next(before.as_ref());
    let note = checkpoint.sign(&[key]).map_err(|error| Error::Index(error.to_string()))?;
    opened.append(&std::sync::Arc::new(crate::Signed { checkpoint, note }))?;
    let after = open()?.newest().map(|newest| newest.checkpoint.clone());
    Ok([before, after])
}

/// A block of the index and its bytes again; nothing if it doesn't check.
#[must_use]
pub fn index_block(bytes: &[u8]) -> Option<(usize, Vec<u8>)> {
    let (entries, next) = run::decode(bytes)?;
    Some((entries.len(), run::encode(&entries, next)))
}

/// The bytes of a block with these streams, positions and versions.
#[must_use]
pub fn index_block_of(streams: &[([u8; 16], u64, u32)], next: [u8; 16]) -> Vec<u8> {
    let entry = |(stream, position, version): &([u8; 16], u64, u32)| {
        (StreamHash(*stream), Head { position: *position, version: u64::from(*version) })
    };
    run::encode(&streams.iter().map(entry).collect::<Vec<_>>(), next)
}
