//! A copy of a log, made beside whoever writes it, that opens as the log would after a crash at that moment.
//!
//! Copying its files doesn't make one: while the newest segment is read, frames are written behind what was read already, and
//! the copy has a hole below what it says was acknowledged. So how far the log was acknowledged is read first, then whole
//! segments and, of the newest, what stands below that; then the keys, all of which were there before.

use std::{
    fs::{self, File},
    io::Write as _,
    path::{Path, PathBuf},
    thread,
};

use radslag_kernel::KeyRef;
use radslag_vault::{
    RealDisk,
    slot::{SIZE, Slot},
};

use super::{POLL, ReadOnly, Reader};
use crate::{
    Error, Log,
    ack::Ack,
    recovery,
    segment::{HEADER, Segment},
    tree::{newest_origin, readable},
};

/// Bytes of keys copied at once.
const CHUNK: usize = 1 << 20;
/// How often it is looked whether events that were signed are acknowledged, too: they are at once.
const TRIES: u32 = 100;

/// What was copied.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Copied {
    /// Events.
    pub events: u64,
    /// Bytes of segments and keys.
    pub bytes: u64,
}

impl Log {
    /// Copies a log's own files into a folder, which is made; durable when it returns. `progress` hears of bytes that are done,
    /// of how many.
    ///
    /// # Errors
    /// `Damaged` if the log is, or the copy isn't whole; `Io`.
    pub fn copy(from: &Path, to: &Path, progress: &dyn Fn(u64, u64)) -> Result<Copied, Error> {
        fs::create_dir_all(to.join("segments")).map_err(Error::io("making", to))?;
        // Whoever signs notes its key first.
        for beginning in ["checkpoints.", "keys."] {
            copy_those(from, to, beginning)?;
        }
        let signed = match newest_origin(&ReadOnly, to)? {
            Some(origin) => readable(&ReadOnly, to, origin)?.pop().map_or(0, |newest| newest.checkpoint.size),
            None => 0,
        };
        let mut reader = Self::open_read_only(from)?;
        let mut tries = 0;
        while reader.refresh()? < signed && tries < TRIES {
            tries += 1;
            thread::sleep(POLL);
        }
        if let Some(damage) = reader.damage.take() {
            return Err(damage);
        }
        let bytes = reader.copy(to, progress)?;
        let copy = Self::open_read_only(to)?;
        match copy.damage {
            Some(damage) => Err(damage),
            None if copy.end == reader.end => Ok(Copied { events: copy.end, bytes }),
            None => Err(Error::damaged(to, 0, format!("it holds {} of {} events", copy.end, reader.end))),
        }
    }
}

impl Reader {
    fn copy(&self, to: &Path, progress: &dyn Fn(u64, u64)) -> Result<u64, Error> {
        // A newer segment holds nothing that was acknowledged yet.
        let held = self.segments.partition_point(|segment| segment.identity.first < self.end).max(1);
        let segments = &self.segments[..held];
        let keys = fs::metadata(self.folder.join("keys")).map_or(0, |about| about.len());
        let all = segments.iter().map(|segment| segment.allocated()).sum::<Result<u64, Error>>()? + keys;
        let mut done = 0;
        for (place, segment) in segments.iter().enumerate() {
            let copy = to.join("segments").join(Segment::name(segment.identity.first));
            if place + 1 < held {
                sealed(&segment.path, &copy)?;
            } else {
                self.below_the_mark(segment, &copy)?;
            }
            done += segment.allocated()?;
            progress(done, all);
        }
        let ack = to.join("ACK");
        Ack::open(&RealDisk, &ack)?.write(self.end).map_err(Error::io("writing", &ack))?;
        synced(&ack)?;
        self.copy_keys(&to.join("keys"))?;
        progress(all, all);
        [to.join("segments"), to.to_owned()].iter().try_for_each(|folder| synced(folder))?;
        Ok(all)
    }

    /// The frames of a segment that were acknowledged, in a file as large as it is.
    fn below_the_mark(&self, segment: &Segment, copy: &Path) -> Result<(), Error> {
        let allocated = segment.allocated()?;
        let bytes = segment.window(0, allocated as usize)?;
        let frames = recovery::whole(&bytes, segment);
        let last = frames.iter().rfind(|(_, frame)| frame.head.end() <= self.end);
        let (offset, end) = last.map_or((HEADER, segment.identity.first), |(offset, frame)| {
            (offset + frame.head.padded() as u64, frame.head.end())
        });
        if end != self.end {
            return Err(segment.no_frame(offset));
        }
        let write = || -> std::io::Result<()> {
            let mut file = File::create(copy)?;
            file.write_all(&bytes[..offset as usize])?;
            file.set_len(allocated)?;
            file.set_permissions(fs::metadata(&segment.path)?.permissions())?;
            file.sync_all()
        };
        write().map_err(Error::io("writing", copy))
    }

    /// Every slot as it is; one that is read torn is read again.
    fn copy_keys(&self, to: &Path) -> Result<(), Error> {
        let (keys, path) = (self.keys()?, self.folder.join("keys"));
        let mut file = File::create(to).map_err(Error::io("making", to))?;
        let (mut bytes, mut number) = (vec![0; CHUNK], 0);
        loop {
            let read =
                keys.file.read_at(&mut bytes, number * SIZE as u64).map_err(Error::io("reading", &path))?;
            let slots = &mut bytes[..read - read % SIZE];
            if slots.is_empty() {
                break;
            }
            for slot in slots.as_chunks_mut::<SIZE>().0 {
                if number > 0
                    && Slot::decode(slot, self.id, number).is_none()
                    && let Ok(again) = keys.slot(KeyRef(number))
                {
                    *slot = again.encode(self.id, number);
                }
                number += 1;
            }
            file.write_all(slots).map_err(Error::io("writing", to))?;
        }
        let permissions = fs::metadata(&path).map_err(Error::io("reading", &path))?.permissions();
        file.set_permissions(permissions).and_then(|()| file.sync_all()).map_err(Error::io("writing", to))
    }
}

/// What a later segment has sealed never changes.
fn sealed(from: &Path, to: &Path) -> Result<(), Error> {
    fs::copy(from, to).map_err(Error::io("copying", from))?;
    synced(to)
}

fn copy_those(from: &Path, to: &Path, beginning: &str) -> Result<(), Error> {
    let listed = || -> std::io::Result<Vec<PathBuf>> {
        fs::read_dir(from)?.map(|entry| entry.map(|entry| entry.path())).collect()
    };
    for path in listed().map_err(Error::io("listing", from))? {
        let Some(name) = path.file_name().and_then(|name| name.to_str()) else { continue };
        if name.starts_with(beginning) {
            sealed(&path, &to.join(name))?;
        }
    }
    Ok(())
}

fn synced(path: &Path) -> Result<(), Error> {
    File::open(path).and_then(|file| file.sync_all()).map_err(Error::io("syncing", path))
}
