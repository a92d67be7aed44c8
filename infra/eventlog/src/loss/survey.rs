//! What is left of a log: how many events can be read without a gap, where that ends and why, and what is lost with the rest.

use std::{
    fs,
    path::{Path, PathBuf},
};

use radslag_evidence::Tree;
use radslag_kernel::{Instant, KeyRef, id::LogId};
use radslag_vault::{Disk, Vault, slot};

use super::{KIND, plan::losses};
use crate::{
    Error, Record, Signed,
    ack::Ack,
    frame::{self, Frame},
    heads::Head,
    reader::ReadOnly,
    recovery::{self, decode, write_again},
    segment::{HEADER, Segment},
    tree::{newest_origin, readable},
};

/// What accepting a loss would keep and cut off.
#[derive(Clone, Debug)]
pub struct Survey {
    /// The log.
    pub log: LogId,
    /// The life that would end.
    pub origin: u32,
    /// Whole, consecutive events from the first on: they stay.
    pub kept: u64,
    /// How many were acknowledged at least, as far as anything here tells.
    pub acknowledged: u64,
    /// What stops the log from being read further; `None` if everything that is here can be read.
    pub broken: Option<Error>,
    /// Whole events that stand after the gap: they can be read by hand, but don't stay.
    pub beyond: u64,
    /// Files that are copied before anything of them is cut off.
    pub files: Vec<PathBuf>,
    /// The newest checkpoint that can be read.
    pub checkpoint: Option<Signed>,
    /// Up to which position the events that stay are those that were signed, as far as checkpoints tell.
    pub agrees: Option<u64>,
    pub(super) cut: Option<Cut>,
    pub(super) removed: Vec<PathBuf>,
    pub(super) before: Option<Head>,
    pub(super) last_recorded_at: Instant,
    /// The segment that holds the last event that is kept.
    newest: Option<PathBuf>,
    /// Above this position nobody knows whether a frame is on the disk.
    mark: u64,
}

/// A segment, and the offset from which on nothing of it stays.
type Cut = (PathBuf, u64);

impl Survey {
    /// How many acknowledged events are lost, at least.
    #[must_use]
    pub const fn lost(&self) -> u64 {
        self.acknowledged.saturating_sub(self.kept)
    }
}

pub(super) fn survey(folder: &Path) -> Result<Survey, Error> {
    let paths = recovery::paths(&ReadOnly, &folder.join("segments"))?;
    let log = paths.iter().find_map(|path| recovery::identity(&ReadOnly, path).ok()).map(|found| found.log);
    let log = log.or_else(|| key_file(folder)).ok_or_else(|| Error::NotALog(folder.into()))?;
    let signed = newest_origin(&ReadOnly, folder)?;
    let checkpoints = match signed {
        Some(origin) => readable(&ReadOnly, folder, origin)?,
        None => Vec::new(),
    };
    let ack = Ack::open(&ReadOnly, &folder.join("ACK")).ok().and_then(|ack| ack.read());
    let vouched = checkpoints.last().map_or(0, |signed| signed.checkpoint.size);
    let mut scan = Scan::new(log, ack.unwrap_or(0).max(vouched), &checkpoints);
    for path in &paths {
        scan.take(path)?;
    }
    scan.end_with_keys(folder)?;
    let (cut, removed) = scan.cut_off()?;
    let mut files: Vec<PathBuf> = cut.iter().map(|(path, _)| path).chain(&removed).cloned().collect();
    if ack.is_some() {
        files.push(folder.join("ACK"));
    }
    // A copy from before an accepted loss ends in a life later than that one.
    let ended = losses(folder)?.into_iter().map(|(origin, _)| origin + 1).max();
    let origin = scan.origin.max(signed).max(ended).unwrap_or(0);
    let broken = scan.why(folder, origin);
    Ok(Survey {
        log,
        origin,
        kept: scan.end,
        acknowledged: scan.mark,
        broken,
        beyond: scan.beyond,
        files,
        checkpoint: checkpoints.last().cloned(),
        agrees: scan.agrees,
        cut,
        removed,
        before: scan.before,
        last_recorded_at: scan.last,
        newest: scan.newest.map(|newest| newest.segment.path),
        mark: scan.mark,
    })
}

/// What nobody knows to be on the disk is written again before it is kept.
pub(super) fn secure(disk: &dyn Disk, found: &Survey, vault: &Vault) -> Result<(), Error> {
    let Some(path) = found.newest.as_ref().filter(|_| found.kept > found.mark) else { return Ok(()) };
    let segment = Segment::open(disk, path, found.log)?;
    let bytes = segment.window(0, segment.allocated()? as usize)?;
    for (offset, frame) in recovery::whole(&bytes, &segment) {
        if frame.head.end() > found.mark && frame.head.end() <= found.kept {
            let records = decode(&frame, &segment)?;
            let keys: Vec<KeyRef> = records.iter().flat_map(Record::keys).collect();
            write_again(&segment, offset, &bytes, &frame, vault, &keys)?;
        }
    }
    vault.sync()?;
    segment.file.sync().map_err(Error::io("syncing", path))
}

/// Segments in order, as far as each goes on where the one before ended.
struct Scan<'a> {
    log: LogId,
    /// Of the newest segment that is kept.
    origin: Option<u32>,
    end: u64,
    mark: u64,
    broken: Option<Error>,
    beyond: u64,
    lost: Vec<PathBuf>,
    newest: Option<Newest>,
    before: Option<Head>,
    last: Instant,
    tree: Tree,
    /// Those that aren't compared yet.
    signed: &'a [Signed],
    agrees: Option<u64>,
    /// Over how many events something else was signed.
    differs: Option<u64>,
}

/// The last segment of which something is kept, or could be.
struct Newest {
    segment: Segment,
    frames: Vec<(u64, Frame)>,
    /// After its last whole frame.
    offset: u64,
}

impl<'a> Scan<'a> {
    fn new(log: LogId, mark: u64, signed: &'a [Signed]) -> Self {
        Self {
            log,
            origin: None,
            end: 0,
            mark,
            broken: None,
            beyond: 0,
            lost: Vec::new(),
            newest: None,
            before: None,
            last: Instant::from_millis(0),
            tree: Tree::default(),
            signed,
            agrees: None,
            differs: None,
        }
    }

    fn take(&mut self, path: &Path) -> Result<(), Error> {
        let segment = match Segment::open(&ReadOnly, path, self.log) {
            Ok(segment) => segment,
            Err(error @ Error::Damaged { .. }) => {
                self.broken.get_or_insert(error);
                self.lost.push(path.into());
                return Ok(());
            }
            Err(error) => return Err(error),
        };
        let bytes = segment.window(0, segment.allocated()? as usize)?;
        if self.broken.is_none() {
            self.broken = self.gap(&segment);
        }
        let frames = if self.broken.is_none() { recovery::whole(&bytes, &segment) } else { Vec::new() };
        let offset = frames.last().map_or(HEADER, |(offset, frame)| offset + frame.head.padded() as u64);
        let durable = frames.iter().map(|(_, frame)| frame.head.durable).max();
        let beyond = frame::whole_after(&bytes, offset, segment.seed());
        self.mark = self.mark.max(durable.unwrap_or(0));
        for head in beyond {
            self.beyond += u64::from(head.count);
            self.mark = self.mark.max(head.durable);
        }
        if self.broken.is_some() {
            self.lost.push(path.into());
            return Ok(());
        }
        self.keep(&segment, &frames)?;
        self.newest = Some(Newest { segment, frames, offset });
        Ok(())
    }

    /// Why a segment doesn't go on where the last one ended.
    fn gap(&self, segment: &Segment) -> Option<Error> {
        let named = segment.path.file_name().and_then(|name| name.to_str());
        if named != Some(&Segment::name(segment.identity.first))
            || self.origin > Some(segment.identity.origin)
        {
            return Some(Error::damaged(&segment.path, 0, "it does not begin where its name says"));
        }
        if segment.identity.first == self.end {
            return None;
        }
        let before = self.newest.as_ref();
        let first = || Error::damaged(&segment.path, 0, "the segments before it are missing");
        Some(before.map_or_else(first, |newest| newest.segment.no_frame(newest.offset)))
    }

    fn keep(&mut self, segment: &Segment, frames: &[(u64, Frame)]) -> Result<(), Error> {
        if let (Some((_, first)), true) = (frames.first(), self.origin != Some(segment.identity.origin)) {
            let began = decode(first, segment)?.into_iter().find(|record| record.header.r#type == KIND);
            let head = |record: Record| Head { position: record.position(), version: record.private.version };
            self.before = began.map(head).or(self.before);
        }
        if let Some((_, last)) = frames.last() {
            let recorded_at = decode(last, segment)?.last().map_or(0, |record| record.header.recorded_at);
            self.last = Instant::from_millis(recorded_at);
            self.end = last.head.end();
        }
        self.origin = Some(segment.identity.origin);
        for stored in frames.iter().flat_map(|(_, frame)| frame.events()) {
            self.tree.push(stored.leaf(), |_, _| ());
            self.compare();
        }
        Ok(())
    }

    /// Whether the events so far are those of the next checkpoint.
    fn compare(&mut self) {
        while let Some((next, later)) = self.signed.split_first() {
            if next.checkpoint.size > self.tree.size() || self.differs.is_some() {
                return;
            }
            self.signed = later;
            if next.checkpoint.size == self.tree.size() && next.checkpoint.root == self.tree.root() {
                self.agrees = Some(next.checkpoint.size);
            } else {
                self.differs = Some(next.checkpoint.size);
            }
        }
    }

    /// What nobody was promised stays only if its keys are there, as when the log is opened.
    fn end_with_keys(&mut self, folder: &Path) -> Result<(), Error> {
        let Some(newest) = &mut self.newest else { return Ok(()) };
        for (offset, frame) in newest.frames.iter().filter(|(_, frame)| frame.head.end() > self.mark) {
            let records = decode(frame, &newest.segment)?;
            let mut keys = records.iter().flat_map(Record::keys);
            if keys.any(|key| !has(folder, self.log, key)) {
                (self.end, newest.offset) = (frame.head.first, *offset);
                break;
            }
        }
        Ok(())
    }

    /// Which segment is cut and where, and which go whole. A segment of which nothing stays goes whole: the next life begins
    /// under its name.
    fn cut_off(&self) -> Result<(Option<Cut>, Vec<PathBuf>), Error> {
        let mut removed = self.lost.clone();
        let Some(Newest { segment, offset, .. }) = &self.newest else { return Ok((None, removed)) };
        if segment.identity.first == self.end {
            removed.insert(0, segment.path.clone());
            return Ok((None, removed));
        }
        let rest = segment.window(*offset, segment.allocated()?.saturating_sub(*offset) as usize)?;
        let written = rest.iter().any(|byte| *byte != 0);
        Ok((written.then(|| (segment.path.clone(), *offset)), removed))
    }

    /// What stops the log, as far as this shows.
    fn why(&self, folder: &Path, origin: u32) -> Option<Error> {
        if let Some(broken) = &self.broken {
            return Some(broken.clone());
        }
        if let Some(size) = self.differs {
            let why = format!("its root over {size} events is not the root of the log's first {size}");
            return Some(Error::damaged(&folder.join(format!("checkpoints.{origin}")), 0, why));
        }
        let place = self.newest.as_ref().map(|newest| (newest.segment.path.clone(), newest.offset));
        let (path, offset) = place.unwrap_or_else(|| (folder.join("segments"), 0));
        let why = format!("it ends at position {}, and {} events were acknowledged", self.end, self.mark);
        (self.mark > self.end).then(|| Error::damaged(&path, offset, why))
    }
}

/// Whether a slot holds a key, or held one.
fn has(folder: &Path, log: LogId, key: KeyRef) -> bool {
    let mut bytes = [0; slot::SIZE];
    let at = key.0.saturating_mul(slot::SIZE as u64);
    let read = ReadOnly.open(&folder.join("keys")).and_then(|file| file.read_at(&mut bytes, at));
    read.is_ok_and(|read| read == bytes.len())
        && slot::Slot::decode(&bytes, log, key.0).is_some_and(|slot| slot != slot::Slot::Unused)
}

/// The log that a key file belongs to.
fn key_file(folder: &Path) -> Option<LogId> {
    let bytes = fs::read(folder.join("keys")).ok()?;
    bytes.starts_with(b"RDKEYS").then(|| LogId::from_slice(bytes.get(8..24)?)).flatten()
}
