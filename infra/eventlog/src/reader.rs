//! A log opened only to be read: no lock, no recovery, no keys, nothing written. It may stand beside a running server.
//!
//! What it shows is what was acknowledged: whole frames below the mark, which is the higher of the `ACK` file and the
//! durable positions in the newest segment's frames. Frames above it may still be cut by whoever opens the log to write;
//! a copy without its `ACK` therefore shows the last batch only once it was opened.

mod copy;
mod keys;
mod signed;
mod verify;

use std::{
    fs, io,
    path::{Path, PathBuf},
    sync::Arc,
    thread,
    time::Duration,
};

use radslag_kernel::id::LogId;
use radslag_vault::disk::{Disk, File};

use crate::{
    Error, Log, Record,
    ack::Ack,
    frame::Frame,
    read::{Walk, segment_of},
    record, recovery,
    segment::{HEADER, Segment},
    tree::{Signed, newest_origin, readable},
};

pub use copy::Copied;
pub use keys::Slots;
pub use verify::Findings;

/// How often a follower looks whether there is more.
pub const POLL: Duration = Duration::from_millis(100);

/// Damage is believed when it was seen so often.
const LOOKS: u32 = 3;

/// A log as it stands on disk.
pub struct Reader {
    folder: PathBuf,
    id: LogId,
    segments: Vec<Arc<Segment>>,
    end: u64,
    damage: Option<Error>,
}

impl Log {
    /// Opens a log to be read beside whoever writes it, without its keys. See [`Reader`].
    ///
    /// # Errors
    /// `NotALog`; `Damaged` for a segment that isn't one of the log's; `Io`.
    pub fn open_read_only(folder: &Path) -> Result<Reader, Error> {
        let mut reader = Reader::look(folder)?;
        // While a file is read frames are written behind what was read already: that looks as if one were missing.
        for _ in 1..LOOKS {
            if reader.damage.is_none() {
                break;
            }
            thread::sleep(POLL);
            reader = Reader::look(folder)?;
        }
        Ok(reader)
    }
}

impl Reader {
    fn look(folder: &Path) -> Result<Self, Error> {
        // The mark is read before the segments are listed: whatever is below it is then in one of them.
        let acknowledged = acknowledged(folder);
        let segments = segments(folder, acknowledged)?;
        let Some(active) = segments.last().cloned() else { return Err(Error::NotALog(folder.into())) };
        let bytes = active.window(0, active.allocated()? as usize)?;
        let frames = recovery::whole(&bytes, &active);
        let after = frames.last().map_or(HEADER, |(offset, frame)| offset + frame.head.padded() as u64);
        let last = frames.last().map_or(active.identity.first, |(_, frame)| frame.head.end());
        let beyond = recovery::search(&bytes, after, &active);
        let durable = frames.iter().map(|(_, frame)| frame.head.durable).chain(beyond).max().unwrap_or(0);
        let end = acknowledged.max(durable).max(active.identity.first);
        let why = || format!("events up to position {end} were acknowledged, no whole frame stands here");
        let damage = (last < end).then(|| Error::damaged(&active.path, after, why()));
        Ok(Self { folder: folder.into(), id: active.identity.log, segments, end, damage })
    }

    /// Its id.
    #[must_use]
    pub const fn id(&self) -> LogId {
        self.id
    }

    /// Which life of the log is being written.
    #[must_use]
    pub fn origin(&self) -> u32 {
        self.segments.last().map_or(0, |active| active.identity.origin)
    }

    /// How many events were acknowledged when it was opened or last refreshed: the position of the next.
    #[must_use]
    pub const fn watermark(&self) -> u64 {
        self.end
    }

    /// What stops the log from being served, as far as its newest segment shows. What stands before can be read.
    #[must_use]
    pub const fn damage(&self) -> Option<&Error> {
        self.damage.as_ref()
    }

    /// How many segments it has, and their allocated bytes.
    ///
    /// # Errors
    /// `Io`.
    pub fn segments(&self) -> Result<(usize, u64), Error> {
        let bytes = self.segments.iter().map(|segment| segment.allocated()).sum::<Result<u64, Error>>()?;
        Ok((self.segments.len(), bytes))
    }

    /// Whole frames from the one that holds a position up to the watermark, each with its segment.
    #[must_use]
    pub fn frames(&self, from: u64) -> Frames<'_> {
        Frames { reader: self, next: from, walk: Walk::default() }
    }

    /// The events of one of its frames.
    ///
    /// # Errors
    /// `Damaged` for one that isn't what the log writes.
    pub fn decode(&self, frame: &Frame, segment: &Segment) -> Result<Vec<Record>, Error> {
        let mut records = Vec::with_capacity(frame.head.count as usize);
        record::decode_all(frame, segment.identity.origin, &mut records)
            .map_err(|position| Error::not_a_record(&segment.path, position))?;
        Ok(records)
    }

    /// The last event; `None` if there is none.
    ///
    /// # Errors
    /// `Damaged` with file and offset.
    pub fn last(&self) -> Result<Option<Record>, Error> {
        let Some(position) = self.end.checked_sub(1) else { return Ok(None) };
        let Some(found) = self.frames(position).next() else { return Ok(None) };
        let (frame, segment) = found?;
        Ok(self.decode(&frame, &segment)?.into_iter().find(|record| record.position() == position))
    }

    /// The newest checkpoint that can be read, of the newest life of which there is one; `None` if nothing was signed.
    ///
    /// # Errors
    /// `Io`.
    pub fn checkpoint(&self) -> Result<Option<Signed>, Error> {
        let Some(origin) = newest_origin(&ReadOnly, &self.folder)? else { return Ok(None) };
        Ok(readable(&ReadOnly, &self.folder, origin)?.pop())
    }

    /// Looks again how far the log is. A watermark never falls.
    ///
    /// # Errors
    /// As opening.
    pub fn refresh(&mut self) -> Result<u64, Error> {
        let acknowledged = acknowledged(&self.folder);
        if acknowledged > self.end {
            for fresh in segments(&self.folder, acknowledged)?.into_iter().skip(self.segments.len()) {
                self.segments.push(fresh);
            }
            self.end = acknowledged;
        }
        Ok(self.end)
    }

    /// Waits until there is an event at a position.
    ///
    /// # Errors
    /// As opening.
    pub fn wait(&mut self, position: u64) -> Result<(), Error> {
        while self.refresh()? <= position {
            thread::sleep(POLL);
        }
        Ok(())
    }
}

/// Frames in order. See `Reader::frames`.
pub struct Frames<'a> {
    reader: &'a Reader,
    next: u64,
    walk: Walk,
}

impl Iterator for Frames<'_> {
    type Item = Result<(Frame, Arc<Segment>), Error>;

    fn next(&mut self) -> Option<Self::Item> {
        if self.next >= self.reader.end {
            return None;
        }
        let found = segment_of(&self.reader.segments, self.next)
            .and_then(|segment| Ok((self.walk.frame(&segment, self.next)?, segment)));
        self.next = found.as_ref().map_or(u64::MAX, |(frame, _)| frame.head.end());
        Some(found)
    }
}

/// How many events were acknowledged, 0 if the file doesn't say. The writer may be at it: a torn one is read again.
fn acknowledged(folder: &Path) -> u64 {
    let file = Ack::open(&ReadOnly, &folder.join("ACK")).ok();
    file.and_then(|ack| (0..3).find_map(|_| ack.read())).unwrap_or(0)
}

/// The segments, oldest first, without a newest one that is only being made.
fn segments(folder: &Path, acknowledged: u64) -> Result<Vec<Arc<Segment>>, Error> {
    let mut paths = recovery::paths(&ReadOnly, &folder.join("segments"))?;
    if let Some(newest) = paths.last()
        && recovery::identity(&ReadOnly, newest).is_err()
        && paths.len() > 1
        && begins(newest).is_some_and(|first| first >= acknowledged)
    {
        paths.pop();
    }
    let Some(first) = paths.first() else { return Ok(Vec::new()) };
    recovery::open_all(&ReadOnly, recovery::identity(&ReadOnly, first)?.log, &paths)
}

fn begins(path: &Path) -> Option<u64> {
    path.file_stem()?.to_str()?.parse().ok()
}

/// A disk that opens files for reading only and makes none.
pub(crate) struct ReadOnly;

impl Disk for ReadOnly {
    fn open(&self, path: &Path) -> io::Result<Arc<dyn File>> {
        Ok(Arc::new(fs::File::open(path)?))
    }

    fn list(&self, folder: &Path) -> io::Result<Vec<PathBuf>> {
        fs::read_dir(folder)?.map(|entry| entry.map(|entry| entry.path())).collect()
    }

    fn remove(&self, _: &Path) -> io::Result<()> {
        Err(io::ErrorKind::ReadOnlyFilesystem.into())
    }

    fn sync_folder(&self, _: &Path) -> io::Result<()> {
        Err(io::ErrorKind::ReadOnlyFilesystem.into())
    }
}
