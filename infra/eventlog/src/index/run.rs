//! A run: the newest event of each stream within a range of positions, sorted by stream hash, in blocks of 160.
//!
//! ```text
//! 'b' run (u64) first hash (16)   ->  first hash of the next block (16, 0xff.. for the last),
//!                                     per stream: hash (16), position (u64), version (u32); CRC32C
//! 'f' run (u64) chunk (u16)       ->  64 KiB of the run's filter
//! 'r' run (u64)                   ->  from, to (u64), level (u32), streams (u64), filter chunks (u32), CRC32C
//! ```
//! Keys are big endian so that they sort; values little endian. A block knows where the next one begins, so one that is
//! missing is noticed. A run counts only when its 'r' is there, which is written last.

use std::sync::Arc;

use crate::{
    Error,
    heads::{Head, StreamHash},
    index::filter::Filter,
};

/// Streams in a block.
pub(crate) const BLOCK: usize = 160;
const ENTRY: usize = 28;
const CHUNK: usize = 64 << 10;
const LAST: [u8; 16] = [0xff; 16];

/// What is known of a run without looking into its blocks.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Run {
    /// Number, ascending in time.
    pub(crate) id: u64,
    /// First position it covers.
    pub(crate) from: u64,
    /// Position after the last it covers.
    pub(crate) to: u64,
    /// 0 for one segment, 1 for sixteen, ...
    pub(crate) level: u32,
    /// How many streams.
    pub(crate) streams: u64,
    /// Which streams it may hold.
    pub(crate) filter: Filter,
}

/// One stream in a run.
pub(crate) type Entry = (StreamHash, Head);

fn key(kind: u8, run: u64, rest: &[u8]) -> Vec<u8> {
    [&[kind], run.to_be_bytes().as_slice(), rest].concat()
}

fn damage(what: &str, run: u64) -> Error {
    Error::Index(format!("{what} of run {run} does not check"))
}

fn sled(error: sled::Error) -> Error {
    Error::Index(error.to_string())
}

/// Writes a run from streams in ascending order. It counts when `commit` is done.
pub(crate) fn write(
    db: &sled::Db,
    (id, from, to, level): (u64, u64, u64, u32),
    most: usize,
    streams: impl Iterator<Item = Result<Entry, Error>>,
) -> Result<Run, Error> {
    let mut run = Run { id, from, to, level, streams: 0, filter: Filter::with_room_for(most) };
    let mut block: Vec<Entry> = Vec::with_capacity(BLOCK);
    let mut batch = sled::Batch::default();
    let mut batched = 0;
    for entry in streams {
        let entry = entry?;
        if block.len() == BLOCK {
            batch.insert(key(b'b', id, &block[0].0.0), encode(&block, entry.0.0));
            block.clear();
            batched += 1;
            if batched % 256 == 0 {
                db.apply_batch(std::mem::take(&mut batch)).map_err(sled)?;
            }
        }
        run.filter.insert(&entry.0);
        run.streams += 1;
        block.push(entry);
    }
    if let Some((first, _)) = block.first() {
        batch.insert(key(b'b', id, &first.0), encode(&block, LAST));
    }
    for (number, chunk) in run.filter.as_bytes().chunks(CHUNK).enumerate() {
        batch.insert(key(b'f', id, &(number as u16).to_be_bytes()), chunk);
    }
    db.apply_batch(batch).map_err(sled)?;
    Ok(run)
}

/// Makes a run count and others, which it replaces, not, in one step.
pub(crate) fn commit(db: &sled::Db, run: &Run, replaced: &[Arc<Run>]) -> Result<(), Error> {
    let mut batch = sled::Batch::default();
    batch.insert(key(b'r', run.id, &[]), describe(run));
    for old in replaced {
        batch.remove(key(b'r', old.id, &[]));
    }
    db.apply_batch(batch).map_err(sled)?;
    Ok(())
}

/// Removes blocks and filters of a run that doesn't count any more.
pub(crate) fn clear(db: &sled::Db, id: u64) -> Result<(), Error> {
    for kind in [b'b', b'f'] {
        let mut batch = sled::Batch::default();
        for found in db.scan_prefix(key(kind, id, &[])).keys() {
            batch.remove(found.map_err(sled)?);
        }
        db.apply_batch(batch).map_err(sled)?;
    }
    Ok(())
}

/// All runs that count, oldest first.
pub(crate) fn load(db: &sled::Db) -> Result<Vec<Arc<Run>>, Error> {
    let mut runs = Vec::new();
    for found in db.scan_prefix(b"r") {
        let (name, value) = found.map_err(sled)?;
        let id = name.get(1..9).and_then(|id| id.try_into().ok()).map_or(0, u64::from_be_bytes);
        runs.push(Arc::new(recall(db, id, &value)?));
    }
    runs.sort_by_key(|run| run.from);
    Ok(runs)
}

/// Ids that have blocks.
pub(crate) fn ids(db: &sled::Db) -> Result<Vec<u64>, Error> {
    let mut ids = Vec::new();
    let mut from = key(b'b', 0, &[]);
    while let Some(found) = db.range(from..key(b'c', 0, &[])).keys().next() {
        let name = found.map_err(sled)?;
        let id = name.get(1..9).and_then(|id| id.try_into().ok()).map_or(0, u64::from_be_bytes);
        ids.push(id);
        from = key(b'b', id + 1, &[]);
    }
    Ok(ids)
}

fn describe(run: &Run) -> Vec<u8> {
    let chunks = run.filter.as_bytes().len().div_ceil(CHUNK) as u32;
    let mut bytes = Vec::with_capacity(36);
    bytes.extend_from_slice(&run.from.to_le_bytes());
    bytes.extend_from_slice(&run.to.to_le_bytes());
    bytes.extend_from_slice(&run.level.to_le_bytes());
    bytes.extend_from_slice(&run.streams.to_le_bytes());
    bytes.extend_from_slice(&chunks.to_le_bytes());
    bytes.extend_from_slice(&crc32c::crc32c(run.filter.as_bytes()).to_le_bytes());
    let sum = crc32c::crc32c(&bytes);
    bytes.extend_from_slice(&sum.to_le_bytes());
    bytes
}

fn recall(db: &sled::Db, id: u64, value: &[u8]) -> Result<Run, Error> {
    let bytes: &[u8; 40] = value.try_into().map_err(|_| damage("the description", id))?;
    let long = |at: usize| bytes[at..].first_chunk().map_or(0, |b| u64::from_le_bytes(*b));
    let word = |at: usize| bytes[at..].first_chunk().map_or(0, |b| u32::from_le_bytes(*b));
    if crc32c::crc32c(&bytes[..36]) != word(36) {
        return Err(damage("the description", id));
    }
    let mut filter = Vec::new();
    for number in 0..word(28) {
        let chunk = db.get(key(b'f', id, &(number as u16).to_be_bytes())).map_err(sled)?;
        filter.extend_from_slice(&chunk.ok_or_else(|| damage("the filter", id))?);
    }
    let filter = Filter::from_bytes(filter)
        .filter(|filter| crc32c::crc32c(filter.as_bytes()) == word(32))
        .ok_or_else(|| damage("the filter", id))?;
    Ok(Run { id, from: long(0), to: long(8), level: word(16), streams: long(20), filter })
}

/// The newest event of a stream in a run.
pub(crate) fn find(db: &sled::Db, run: &Run, stream: &StreamHash) -> Result<Option<Head>, Error> {
    if !run.filter.maybe(stream) {
        return Ok(None);
    }
    let range = key(b'b', run.id, &[])..=key(b'b', run.id, &stream.0);
    let Some(found) = db.range(range).next_back() else {
        let first = db.range(key(b'b', run.id, &[])..key(b'b', run.id + 1, &[])).next();
        return if first.is_some() || run.streams == 0 {
            Ok(None)
        } else {
            Err(damage("the first block", run.id))
        };
    };
    let (_, value) = found.map_err(sled)?;
    let (entries, next) = decode(&value).ok_or_else(|| damage("a block", run.id))?;
    if next != LAST && next <= stream.0 {
        return Err(damage("a missing block", run.id));
    }
    Ok(entries.binary_search_by_key(stream, |(hash, _)| *hash).ok().map(|at| entries[at].1))
}

/// All streams of a run in ascending order.
pub(crate) fn entries<'a>(
    db: &sled::Db,
    run: &'a Run,
) -> impl Iterator<Item = Result<Entry, Error>> + use<'a> {
    let mut expected: Option<[u8; 16]> = None;
    let blocks = db.scan_prefix(key(b'b', run.id, &[]));
    blocks.flat_map(move |found| {
        let checked = found.map_err(sled).and_then(|(name, value)| {
            let (entries, next) = decode(&value).ok_or_else(|| damage("a block", run.id))?;
            if expected.is_some_and(|expected| name.get(9..) != Some(&expected)) {
                return Err(damage("a missing block", run.id));
            }
            expected = Some(next);
            Ok(entries)
        });
        match checked {
            Ok(entries) => entries.into_iter().map(Ok).collect::<Vec<_>>(),
            Err(error) => vec![Err(error)],
        }
    })
}

pub(crate) fn encode(block: &[Entry], next: [u8; 16]) -> Vec<u8> {
    let mut bytes = Vec::with_capacity(20 + block.len() * ENTRY);
    bytes.extend_from_slice(&next);
    for (stream, head) in block {
        bytes.extend_from_slice(&stream.0);
        bytes.extend_from_slice(&head.position.to_le_bytes());
        bytes.extend_from_slice(&(head.version as u32).to_le_bytes());
    }
    let sum = crc32c::crc32c(&bytes);
    bytes.extend_from_slice(&sum.to_le_bytes());
    bytes
}

pub(crate) fn decode(value: &[u8]) -> Option<(Vec<Entry>, [u8; 16])> {
    let (content, sum) = value.split_last_chunk::<4>()?;
    if crc32c::crc32c(content) != u32::from_le_bytes(*sum) {
        return None;
    }
    let (next, entries) = content.split_first_chunk::<16>()?;
    let (entries, []) = entries.as_chunks::<ENTRY>() else { return None };
    let entries = entries.iter().map(|entry| {
        let hash = StreamHash(*entry.first_chunk()?);
        let position = u64::from_le_bytes(*entry[16..].first_chunk()?);
        let version = u64::from(u32::from_le_bytes(*entry[24..].first_chunk()?));
        Some((hash, Head { position, version }))
    });
    Some((entries.collect::<Option<_>>()?, *next))
}
