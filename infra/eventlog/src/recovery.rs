//! Opening a log after whatever happened to the process or the machine: finds the end of what was acknowledged, cuts what
//! was not, and refuses when something acknowledged is not readable.
//!
//! What was acknowledged (the *mark*) is the highest of the newest checkpoint, the `ACK` file and the durable position in any
//! whole frame found.
//! Only the newest segment can hold unfinished frames: a new one is begun only after the old one is synced.

use bytes::Bytes;
use std::{
    io,
    path::{Path, PathBuf},
    sync::Arc,
};

use radslag_kernel::{Instant, KeyRef, id::LogId};
use radslag_vault::{Disk, Vault, slot::Slot};

use crate::{
    Error,
    crash::{self, Point},
    frame::{self, Frame},
    heads::{Head, HeadMap, StreamHash},
    record::{self, Record},
    segment::{HEADER, Identity, Segment},
};

/// What opening found in the newest segment.
pub(crate) struct Tail {
    /// Newest events of its streams.
    pub(crate) heads: HeadMap,
    /// Position after its last event.
    pub(crate) end: u64,
    /// Offset after its last frame.
    pub(crate) offset: u64,
    /// When its last event was recorded.
    pub(crate) recorded_at: Option<Instant>,
}

/// The files of a log's segments, oldest first; none where there is no folder.
pub(crate) fn paths(disk: &dyn Disk, folder: &Path) -> Result<Vec<PathBuf>, Error> {
    let mut paths = match disk.list(folder) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => Vec::new(),
        listed => listed.map_err(Error::io("listing", folder))?,
    };
    paths.retain(|path| path.extension().is_some_and(|ending| ending == "segment"));
    paths.sort();
    Ok(paths)
}

/// Opens every segment of a log, oldest first; makes the first one where there is none.
/// `signed` is the newest origin of which there is a checkpoint.
pub(crate) fn segments(
    disk: &dyn Disk,
    folder: &Path,
    acknowledged: u64,
    signed: Option<u32>,
) -> Result<Vec<Arc<Segment>>, Error> {
    let mut paths = paths(disk, folder)?;
    drop_unfinished(disk, &mut paths, acknowledged)?;
    let Some(first) = paths.first() else {
        if acknowledged > 0 || signed.is_some() {
            return Err(Error::damaged(folder, 0, "events were acknowledged but there is no segment"));
        }
        let identity = Identity { log: LogId::from_bytes(rand::random()), origin: 0, first: 0 };
        return Ok(vec![Arc::new(Segment::create(disk, folder, identity)?)]);
    };
    let log = identity(disk, first)?.log;
    let segments = open_all(disk, log, &paths)?;
    let origin = segments.last().map(|active| active.identity.origin);
    if origin < signed {
        return Err(Error::damaged(folder, 0, "it is older than an origin of which checkpoints were signed"));
    }
    Ok(segments)
}

/// Opens segments, oldest first, and sees that each begins where its name says.
pub(crate) fn open_all(disk: &dyn Disk, log: LogId, paths: &[PathBuf]) -> Result<Vec<Arc<Segment>>, Error> {
    let mut segments: Vec<Arc<Segment>> = Vec::with_capacity(paths.len());
    for path in paths {
        let segment = Segment::open(disk, path, log)?;
        let named =
            path.file_name().and_then(|name| name.to_str()) == Some(&Segment::name(segment.identity.first));
        if !named || (segments.is_empty() && segment.identity.first != 0) {
            return Err(Error::damaged(path, 0, "it does not begin where its name says"));
        }
        segments.push(Arc::new(segment));
    }
    Ok(segments)
}

/// A newest segment without a header was being made when the process died; nothing was ever written to it.
fn drop_unfinished(disk: &dyn Disk, paths: &mut Vec<PathBuf>, acknowledged: u64) -> Result<(), Error> {
    let Some(newest) = paths.last() else { return Ok(()) };
    let first = newest.file_stem().and_then(|name| name.to_str()).and_then(|name| name.parse::<u64>().ok());
    if identity(disk, newest).is_ok() || first.is_some_and(|first| acknowledged > first) {
        return Ok(());
    }
    let file = disk.open(newest).map_err(Error::io("opening", newest))?;
    let mut bytes = vec![0; 1 << 20];
    let read = file.read_at(&mut bytes, HEADER).map_err(Error::io("reading", newest))?;
    if bytes[..read].iter().any(|byte| *byte != 0) {
        return Ok(());
    }
    tracing::warn!(file = %newest.display(), "removing a segment whose making was interrupted");
    disk.remove(newest).map_err(Error::io("removing", newest))?;
    paths.pop();
    Ok(())
}

pub(crate) fn identity(disk: &dyn Disk, path: &Path) -> Result<Identity, Error> {
    let file = disk.open(path).map_err(Error::io("opening", path))?;
    let mut header = [0; 44];
    file.read_at(&mut header, 0).map_err(Error::io("reading", path))?;
    Identity::decode(&header).ok_or_else(|| Error::damaged(path, 0, "the segment's header does not check"))
}

/// Reads the newest segment, cuts what was not acknowledged and isn't whole, and makes the rest durable.
pub(crate) fn tail(segment: &Segment, vault: &Vault, acknowledged: u64) -> Result<Tail, Error> {
    let length = segment.allocated()?;
    let bytes = segment.window(0, length as usize)?;
    let frames = whole(&bytes, segment);
    let broken = frames.last().map_or(HEADER, |(offset, frame)| offset + frame.head.padded() as u64);
    let beyond = search(&bytes, broken, segment);
    let seen = frames.iter().map(|(_, frame)| frame.head.durable).chain(beyond).max().unwrap_or(0);
    let mark = seen.max(acknowledged);
    let mut tail =
        Tail { heads: HeadMap::default(), end: segment.identity.first, offset: HEADER, recorded_at: None };
    let mut rewritten = false;
    for (offset, frame) in frames {
        let above = frame.head.end() > mark;
        let records = decode(&frame, segment)?;
        let keys: Vec<KeyRef> = records.iter().flat_map(Record::keys).collect();
        if above {
            if !keys.iter().all(|key| vault.has(*key).unwrap_or(false)) {
                break;
            }
            write_again(segment, offset, &bytes, &frame, vault, &keys)?;
            crash::point(Point::WrittenAgain);
            rewritten = true;
        }
        vault.seen(keys.into_iter().max().unwrap_or_default());
        finish_erasures(&records, vault)?;
        tail.take(offset, &frame, &records);
        segment.note(frame.head.first, offset);
    }
    segment.noted_all();
    if tail.end < mark {
        let why = format!("events up to position {mark} were acknowledged, no whole frame stands here");
        return Err(Error::damaged(&segment.path, tail.offset, why));
    }
    let cut = cut(segment, &bytes, tail.offset)?;
    if rewritten || cut {
        vault.sync()?;
        segment.file.sync().map_err(Error::io("syncing", &segment.path))?;
    }
    Ok(tail)
}

/// The streams of a sealed segment, for the index.
pub(crate) fn streams(segment: &Segment, vault: Option<&Vault>, end: u64) -> Result<HeadMap, Error> {
    let bytes = segment.window(0, segment.allocated()? as usize)?;
    let frames = whole(&bytes, segment);
    let mut tail =
        Tail { heads: HeadMap::default(), end: segment.identity.first, offset: HEADER, recorded_at: None };
    for (offset, frame) in frames {
        let records = decode(&frame, segment)?;
        if let Some(vault) = vault {
            finish_erasures(&records, vault)?;
        }
        tail.take(offset, &frame, &records);
    }
    if tail.end != end {
        return Err(segment.no_frame(tail.offset));
    }
    Ok(tail.heads)
}

impl Tail {
    fn take(&mut self, offset: u64, frame: &Frame, records: &[Record]) {
        for record in records {
            let head = Head { position: record.position(), version: record.private.version };
            self.heads.insert(StreamHash::of(&record.private.stream), head);
            self.recorded_at = Some(Instant::from_millis(record.header.recorded_at));
        }
        self.end = frame.head.end();
        self.offset = offset + frame.head.padded() as u64;
    }
}

/// All whole frames that follow one another from the start.
pub(crate) fn whole(bytes: &Bytes, segment: &Segment) -> Vec<(u64, Frame)> {
    let (mut frames, mut offset, mut position) = (Vec::new(), HEADER as usize, segment.identity.first);
    while offset <= bytes.len() {
        let rest = bytes.slice(offset..);
        let Some(frame) = Frame::check(rest, segment.seed()).filter(|frame| frame.head.first == position)
        else {
            break;
        };
        position = frame.head.end();
        let next = offset + frame.head.padded();
        frames.push((offset as u64, frame));
        offset = next;
    }
    frames
}

/// The highest durable position in any whole frame after a place where none stands.
pub(crate) fn search(bytes: &Bytes, from: u64, segment: &Segment) -> Option<u64> {
    frame::whole_after(bytes, from, segment.seed()).map(|head| head.durable).max()
}

pub(crate) fn decode(frame: &Frame, segment: &Segment) -> Result<Vec<Record>, Error> {
    let mut records = Vec::new();
    record::decode_all(frame, segment.identity.origin, &mut records)
        .map_err(|position| Error::not_a_record(&segment.path, position))?;
    Ok(records)
}

/// After a failed sync Linux shows bytes the disk never got: what wasn't acknowledged is written again before it is kept.
pub(crate) fn write_again(
    segment: &Segment,
    offset: u64,
    bytes: &[u8],
    frame: &Frame,
    vault: &Vault,
    keys: &[KeyRef],
) -> Result<(), Error> {
    let mut slots = Vec::with_capacity(keys.len());
    for key in keys {
        let slot: Slot = vault.raw(*key)?;
        slots.push((*key, slot));
    }
    slots.dedup_by_key(|(key, _)| *key);
    vault.write(&mut slots)?;
    let end = offset as usize + frame.head.padded();
    let again = segment.file.write_at(&bytes[offset as usize..end], offset);
    again.map_err(Error::io("writing", &segment.path))
}

/// An erasure whose event is in the log but whose key isn't destroyed yet was interrupted: it is finished.
fn finish_erasures(records: &[Record], vault: &Vault) -> Result<(), Error> {
    for record in records {
        let erased = record.erased();
        let open = erased.iter().any(|key| !vault.is_erased(*key));
        if open {
            vault.erase(&erased, record.position(), record.header.recorded_at)?;
        }
    }
    Ok(())
}

/// Zeros everything after the last frame that is kept.
fn cut(segment: &Segment, bytes: &[u8], offset: u64) -> Result<bool, Error> {
    let rest = &bytes[(offset as usize).min(bytes.len())..];
    let Some(last) = rest.iter().rposition(|byte| *byte != 0) else { return Ok(false) };
    tracing::warn!(file = %segment.path.display(), offset, "cutting what was written but never acknowledged");
    let zeroed = segment.file.write_at(&vec![0; last + 1], offset);
    zeroed.map_err(Error::io("cutting", &segment.path))?;
    crash::point(Point::Cut);
    Ok(true)
}
