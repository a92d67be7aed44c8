//! The key file of a log: a header and then slots, 64 bytes each; slot *n* stands at byte 64 × *n*, so there is no index.
//!
//! ```text
//!  0  8   "RDKEYS\0\1"
//!  8  16  log id
//! 24  u64 how many keys were erased so far (the ledger must know at least as many)
//! 32  28  zero
//! 60  u32 CRC32C over bytes 0 to 59
//! ```
//! It grows by 1 MiB of written zeros at a time.

use std::{
    path::{Path, PathBuf},
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering},
    },
};

use radslag_kernel::{KeyRef, id::LogId};

use crate::{
    Error,
    disk::{Disk, File},
    slot::{SIZE, Slot},
};

const MAGIC: [u8; 8] = *b"RDKEYS\0\x01";
const STEP: u64 = 1 << 20;

/// An open key file.
pub(crate) struct KeyFile {
    path: PathBuf,
    file: Arc<dyn File>,
    log: LogId,
    length: AtomicU64,
}

impl KeyFile {
    pub(crate) fn open(disk: &dyn Disk, path: &Path, log: LogId) -> Result<Self, Error> {
        let file = disk.open(path).map_err(Error::io("opening", path))?;
        let length = file.length().map_err(Error::io("reading", path))?;
        let this = Self { path: path.into(), file, log, length: AtomicU64::new(length) };
        let mut header = [0; SIZE];
        let read = this.file.read_at(&mut header, 0).map_err(Error::io("reading", path))?;
        let checks = header == this.header(erasures(&header));
        if read < SIZE || header == [0; SIZE] || (!checks && this.highest()? == 0) {
            this.start(disk, length)?;
        } else if checks {
            // After a failed sync Linux shows bytes the disk never got: keys must not come to stand below such a header.
            this.write_header(erasures(&header))?;
            this.settle(disk)?;
        } else {
            return Err(this.damaged("the header does not check"));
        }
        Ok(this)
    }

    /// A file without a header holds no key: its making was interrupted before the first one was written.
    fn start(&self, disk: &dyn Disk, length: u64) -> Result<(), Error> {
        if length > STEP || self.highest()? > 0 {
            return Err(self.damaged("there are keys but no header"));
        }
        self.grow_to(STEP)?;
        self.write_header(0)?;
        self.settle(disk)
    }

    /// Makes the file and its name survive a power cut.
    fn settle(&self, disk: &dyn Disk) -> Result<(), Error> {
        self.sync()?;
        self.path.parent().map_or(Ok(()), |folder| disk.sync_folder(folder)).map_err(self.io("syncing"))
    }

    pub(crate) fn path(&self) -> &Path {
        &self.path
    }

    pub(crate) fn erasures(&self) -> Result<u64, Error> {
        let mut header = [0; SIZE];
        self.file.read_at(&mut header, 0).map_err(self.io("reading"))?;
        Ok(erasures(&header))
    }

    pub(crate) fn write_header(&self, erasures: u64) -> Result<(), Error> {
        self.file.write_at(&self.header(erasures), 0).map_err(self.io("writing"))
    }

    /// The highest slot that isn't all zeros.
    pub(crate) fn highest(&self) -> Result<u64, Error> {
        let mut end = self.length.load(Ordering::Acquire) / SIZE as u64;
        let mut chunk = vec![0; 1 << 16];
        let per_chunk = (chunk.len() / SIZE) as u64;
        while end > 0 {
            let first = end.saturating_sub(per_chunk);
            let read = self.file.read_at(&mut chunk, first * SIZE as u64).map_err(self.io("reading"))?;
            let slots = chunk[..read.min(chunk.len())].chunks_exact(SIZE).take((end - first) as usize);
            let used = slots.enumerate().rfind(|(_, slot)| slot.iter().any(|byte| *byte != 0));
            if let Some((at, _)) = used {
                return Ok(first + at as u64);
            }
            end = first;
        }
        Ok(0)
    }

    pub(crate) fn read(&self, key: KeyRef) -> Result<Slot, Error> {
        let missing = || self.damaged(format!("slot {} is not in the file", key.0));
        // A reference comes from the log, which may be damaged: it is any number.
        let offset =
            key.0.checked_mul(SIZE as u64).filter(|offset| *offset > 0 && i64::try_from(*offset).is_ok());
        let mut bytes = [0; SIZE];
        let read = self.file.read_at(&mut bytes, offset.ok_or_else(missing)?).map_err(self.io("reading"))?;
        if read < SIZE {
            return Err(missing());
        }
        Slot::decode(&bytes, self.log, key.0)
            .ok_or_else(|| self.damaged(format!("slot {} does not check", key.0)))
    }

    /// Writes slots; runs of neighbours in one go. Not synced.
    pub(crate) fn write(&self, slots: &mut [(KeyRef, Slot)]) -> Result<(), Error> {
        slots.sort_unstable_by_key(|(key, _)| *key);
        let Some((last, _)) = slots.last() else { return Ok(()) };
        self.grow_to((last.0 + 1) * SIZE as u64)?;
        for run in slots.chunk_by(|(a, _), (b, _)| a.0 + 1 == b.0) {
            let bytes: Vec<u8> = run.iter().flat_map(|(key, slot)| slot.encode(self.log, key.0)).collect();
            self.file.write_at(&bytes, run[0].0.0 * SIZE as u64).map_err(self.io("writing"))?;
        }
        Ok(())
    }

    pub(crate) fn sync(&self) -> Result<(), Error> {
        self.file.sync().map_err(self.io("syncing"))
    }

    pub(crate) fn damaged(&self, why: impl Into<String>) -> Error {
        Error::Damaged { path: self.path.clone(), why: why.into() }
    }

    fn grow_to(&self, needed: u64) -> Result<(), Error> {
        let length = self.length.load(Ordering::Acquire);
        if needed > length {
            let to = needed.next_multiple_of(STEP);
            self.file.grow(length, to).map_err(self.io("growing"))?;
            self.length.store(to, Ordering::Release);
        }
        Ok(())
    }

    fn header(&self, erasures: u64) -> [u8; SIZE] {
        let mut header = [0; SIZE];
        header[..8].copy_from_slice(&MAGIC);
        header[8..24].copy_from_slice(self.log.as_bytes());
        header[24..32].copy_from_slice(&erasures.to_le_bytes());
        let sum = crc32c::crc32c(&header[..60]);
        header[60..].copy_from_slice(&sum.to_le_bytes());
        header
    }

    fn io(&self, what: &'static str) -> impl FnOnce(std::io::Error) -> Error {
        Error::io(what, &self.path)
    }
}

fn erasures(header: &[u8; SIZE]) -> u64 {
    header[24..32].try_into().map_or(0, u64::from_le_bytes)
}

#[cfg(test)]
mod tests {
    use std::fs;

    use super::*;
    use crate::RealDisk;

    const LOG: LogId = LogId::from_bytes([5; 16]);

    #[test]
    fn a_header_that_does_not_check_is_made_again_only_where_there_is_no_key() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("keys");
        let open = || KeyFile::open(&RealDisk, &path, LOG);
        let keys = open().unwrap();
        let mut torn = fs::read(&path).unwrap();
        torn[20..64].fill(0);
        fs::write(&path, &torn).unwrap();
        open().unwrap();
        keys.write(&mut [(KeyRef(1), Slot::Erased)]).unwrap();
        open().unwrap();
        torn[64..128].copy_from_slice(&fs::read(&path).unwrap()[64..128]);
        fs::write(&path, &torn).unwrap();
        assert!(matches!(open(), Err(Error::Damaged { .. })));
    }

    #[test]
    fn a_reference_beyond_every_file_is_a_slot_that_is_not_there() {
        let folder = tempfile::tempdir().unwrap();
        let log = LogId::from_bytes([5; 16]);
        let keys = KeyFile::open(&RealDisk, &folder.path().join("keys"), log).unwrap();
        for number in [0, 1 << 20, u64::MAX / 64, u64::MAX / 64 + 2, u64::MAX] {
            let error = keys.read(KeyRef(number)).unwrap_err().to_string();
            assert!(error.contains("is not in the file"), "{number}: {error}");
        }
    }
}
