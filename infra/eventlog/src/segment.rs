//! A segment: a 4 KiB header and then frames. It grows from 1 MiB to 64 MiB, doubling at first and by 8 MiB then; once the
//! next one is begun it never changes. Files are named by the position they begin at: `00000000000000000000.segment`.
//!
//! ```text
//!  0  8   "RDSEGM\0\1"
//!  8  16  log id
//! 24  u32 origin number: which life of the log (0 until a loss was accepted)
//! 28  u32 zero
//! 32  u64 position of the first event
//! 40  u32 CRC32C over bytes 0 to 39
//! 44      zeros up to 4096
//! ```

use bytes::Bytes;
use std::{
    path::{Path, PathBuf},
    sync::{Arc, OnceLock, PoisonError, RwLock},
};

use radslag_kernel::id::LogId;
use radslag_vault::disk::{Disk, File};

use crate::{
    Error,
    crash::{self, Point},
    frame::{Frame, Head, Seed},
};

/// Bytes of the header.
pub const HEADER: u64 = 4_096;
/// Bytes of a new segment.
pub const SMALLEST: u64 = 1 << 20;
/// Bytes of a full segment, unless an option says otherwise.
pub const LARGEST: u64 = 64 << 20;
/// One offset in so many bytes is kept in memory.
const SPARSE: u64 = 16 << 10;
const MAGIC: [u8; 8] = *b"RDSEGM\0\x01";

/// What a segment's header says.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Identity {
    /// The log.
    pub log: LogId,
    /// Which life of it.
    pub origin: u32,
    /// Position of its first event.
    pub first: u64,
}

impl Identity {
    /// As it stands in the file.
    #[must_use]
    pub fn encode(&self) -> Vec<u8> {
        let mut bytes = vec![0; HEADER as usize];
        bytes[..8].copy_from_slice(&MAGIC);
        bytes[8..24].copy_from_slice(self.log.as_bytes());
        bytes[24..28].copy_from_slice(&self.origin.to_le_bytes());
        bytes[32..40].copy_from_slice(&self.first.to_le_bytes());
        let sum = crc32c::crc32c(&bytes[..40]);
        bytes[40..44].copy_from_slice(&sum.to_le_bytes());
        bytes
    }

    /// What stands in the file; `None` if it is damaged or no segment.
    #[must_use]
    pub fn decode(bytes: &[u8]) -> Option<Self> {
        let header = bytes.first_chunk::<44>()?;
        let sum = u32::from_le_bytes(*header[40..].first_chunk()?);
        if header[..8] != MAGIC || crc32c::crc32c(&header[..40]) != sum {
            return None;
        }
        Some(Self {
            log: LogId::from_slice(&header[8..24])?,
            origin: u32::from_le_bytes(*header[24..].first_chunk()?),
            first: u64::from_le_bytes(*header[32..].first_chunk()?),
        })
    }
}

/// An open segment.
pub struct Segment {
    /// What its header says.
    pub identity: Identity,
    /// Its file's name.
    pub path: PathBuf,
    pub(crate) file: Arc<dyn File>,
    /// (first position, offset) of a frame in every 16 KiB, ascending; made when first needed or while writing.
    offsets: RwLock<Vec<(u64, u64)>>,
    scanned: OnceLock<()>,
}

impl Segment {
    /// The file's name for a first position.
    #[must_use]
    pub fn name(first: u64) -> String {
        format!("{first:020}.segment")
    }

    /// Makes a new segment; it survives a power cut when this returns.
    ///
    /// # Errors
    /// `Io`.
    pub fn create(disk: &dyn Disk, folder: &Path, identity: Identity) -> Result<Self, Error> {
        let path = folder.join(Self::name(identity.first));
        let file = disk.open(&path).map_err(Error::io("making", &path))?;
        file.grow(0, SMALLEST).map_err(Error::io("growing", &path))?;
        crash::point(Point::SegmentGrown);
        file.write_at(&identity.encode(), 0).map_err(Error::io("writing", &path))?;
        crash::point(Point::SegmentWritten);
        file.sync().map_err(Error::io("syncing", &path))?;
        disk.sync_folder(folder).map_err(Error::io("syncing", folder))?;
        let scanned = OnceLock::from(());
        Ok(Self { identity, path, file, offsets: RwLock::default(), scanned })
    }

    /// Makes what `create` may have left undone durable: what is seen of a segment may be what a failed sync left in the page
    /// cache, and its name may not be on the disk. Events that are acknowledged in it must not go with either.
    pub(crate) fn settle(&self, disk: &dyn Disk) -> Result<(), Error> {
        self.file.write_at(&self.identity.encode(), 0).map_err(Error::io("writing", &self.path))?;
        self.file.sync().map_err(Error::io("syncing", &self.path))?;
        let folder = self.path.parent().unwrap_or(&self.path);
        disk.sync_folder(folder).map_err(Error::io("syncing", folder))
    }

    /// Opens a segment that is there.
    ///
    /// # Errors
    /// `Io`; `Damaged` if the header doesn't check or belongs to another log.
    pub fn open(disk: &dyn Disk, path: &Path, log: LogId) -> Result<Self, Error> {
        let file = disk.open(path).map_err(Error::io("opening", path))?;
        let mut header = [0; 44];
        file.read_at(&mut header, 0).map_err(Error::io("reading", path))?;
        let identity = Identity::decode(&header)
            .ok_or_else(|| Error::damaged(path, 0, "the segment's header does not check"))?;
        if identity.log != log {
            return Err(Error::damaged(path, 0, format!("it belongs to log {}", identity.log)));
        }
        Ok(Self { identity, path: path.into(), file, offsets: RwLock::default(), scanned: OnceLock::new() })
    }

    /// The seed of its frames' checksums.
    #[must_use]
    pub fn seed(&self) -> Seed {
        Seed::new(self.identity.log, self.identity.origin)
    }

    /// Bytes allocated.
    ///
    /// # Errors
    /// `Io`.
    pub fn allocated(&self) -> Result<u64, Error> {
        self.file.length().map_err(Error::io("reading", &self.path))
    }

    /// Remembers where a frame is.
    pub(crate) fn note(&self, first: u64, offset: u64) {
        let mut offsets = self.offsets.write().unwrap_or_else(PoisonError::into_inner);
        if offsets.last().is_none_or(|(_, last)| last / SPARSE != offset / SPARSE) {
            offsets.push((first, offset));
        }
    }

    /// Everything that is remembered is complete: nobody need look.
    pub(crate) fn noted_all(&self) {
        let _ = self.scanned.set(());
    }

    /// The frame that holds a position, which is known to be in this segment.
    ///
    /// # Errors
    /// `Damaged` naming the offset at which no whole frame stands.
    pub fn frame_of(&self, position: u64) -> Result<Frame, Error> {
        let (found, _) = self.seek(position)?;
        Ok(found)
    }

    /// The frame that holds a position, and the offset after it.
    ///
    /// # Errors
    /// As `frame_of`.
    pub fn seek(&self, position: u64) -> Result<(Frame, u64), Error> {
        if self.scanned.get().is_none() {
            self.scan()?;
        }
        let offsets = self.offsets.read().unwrap_or_else(PoisonError::into_inner);
        let before = offsets.partition_point(|(first, _)| *first <= position);
        let mut offset = before.checked_sub(1).map_or(HEADER, |at| offsets[at].1);
        drop(offsets);
        let mut window = Bytes::new();
        let mut start = offset;
        loop {
            let at = (offset - start) as usize;
            let head = window.get(at..).and_then(Head::read);
            let needed = head.map_or(crate::frame::HEAD, |head| head.length);
            if window.len() < at + needed {
                window = self.window(offset, needed.max(SPARSE as usize))?;
                start = offset;
                if window.len() < needed {
                    return Err(self.no_frame(offset));
                }
                continue;
            }
            let head = head.ok_or_else(|| self.no_frame(offset))?;
            if position < head.end() {
                let bytes = window.slice(at..at + head.length);
                let frame = Frame::check(bytes, self.seed()).filter(|frame| frame.head.first <= position);
                return Ok((frame.ok_or_else(|| self.no_frame(offset))?, offset + head.padded() as u64));
            }
            offset += head.padded() as u64;
        }
    }

    /// Up to so many bytes from an offset.
    ///
    /// # Errors
    /// `Io`.
    pub fn window(&self, offset: u64, length: usize) -> Result<Bytes, Error> {
        let mut bytes = vec![0; length];
        let read = self.file.read_at(&mut bytes, offset).map_err(Error::io("reading", &self.path))?;
        bytes.truncate(read);
        Ok(bytes.into())
    }

    /// Hops over all frames and notes where they are.
    fn scan(&self) -> Result<(), Error> {
        const WINDOW: usize = 1 << 20;
        let end = self.allocated()?;
        let (mut offset, mut start, mut window) = (HEADER, 0, Bytes::new());
        while offset + (crate::frame::HEAD as u64) <= end {
            let at = offset.wrapping_sub(start) as usize;
            if window.len() < at.saturating_add(crate::frame::HEAD) {
                window = self.window(offset, WINDOW)?;
                start = offset;
                continue;
            }
            let Some(head) = Head::read(&window[at..]) else { break };
            self.note(head.first, offset);
            offset += head.padded() as u64;
        }
        self.noted_all();
        Ok(())
    }

    pub(crate) fn no_frame(&self, offset: u64) -> Error {
        Error::damaged(&self.path, offset, "no whole frame stands here")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_header_survives_its_bytes_and_every_flipped_bit_is_noticed() {
        let identity = Identity { log: LogId::from_bytes([5; 16]), origin: 3, first: 99 };
        let bytes = identity.encode();
        assert_eq!(Identity::decode(&bytes), Some(identity));
        for bit in 0..44 * 8 {
            let mut broken = bytes.clone();
            broken[bit / 8] ^= 1 << (bit % 8);
            assert_eq!(Identity::decode(&broken), None, "bit {bit}");
        }
    }
}
