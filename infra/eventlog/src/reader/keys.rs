//! What a log's key file shows without its key-encryption keys: which slots are live, under which of them, which erased.

use std::{collections::BTreeMap, path::PathBuf, sync::Arc, thread, time::Duration};

use radslag_kernel::{KeyRef, id::LogId};
use radslag_vault::{
    disk::{Disk as _, File},
    slot::{SIZE, Slot},
};

use super::{ReadOnly, Reader};
use crate::Error;

/// A slot that is being written may be read torn: it is looked at again.
const AGAIN: u32 = 3;
const PAUSE: Duration = Duration::from_millis(5);
/// Slots read at once when all are read.
const CHUNK: usize = 4_096;

/// What the slots of a log hold.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Slots {
    /// How many hold a key, by the number of its key-encryption key.
    pub live: BTreeMap<u32, u64>,
    /// How many held one that was destroyed.
    pub erased: u64,
}

pub(super) struct Keys {
    path: PathBuf,
    pub(super) file: Arc<dyn File>,
    log: LogId,
}

impl Reader {
    /// What its slots hold.
    ///
    /// # Errors
    /// `Damaged` with file and offset; `Io`.
    pub fn slots(&self) -> Result<Slots, Error> {
        let keys = self.keys()?;
        let length = keys.file.length().map_err(Error::io("reading", &keys.path))?;
        let (mut slots, mut bytes, mut number) = (Slots::default(), vec![0; CHUNK * SIZE], 1);
        while number * (SIZE as u64) < length {
            let read = keys.file.read_at(&mut bytes, number * SIZE as u64);
            let read = read.map_err(Error::io("reading", &keys.path))?;
            for bytes in bytes[..read].as_chunks::<SIZE>().0 {
                match Slot::decode(bytes, self.id, number).map_or_else(|| keys.slot(KeyRef(number)), Ok)? {
                    Slot::Unused => {}
                    Slot::Live { kek, .. } => *slots.live.entry(kek).or_default() += 1,
                    Slot::Erased => slots.erased += 1,
                }
                number += 1;
            }
            if read < SIZE {
                break;
            }
        }
        Ok(slots)
    }

    pub(super) fn keys(&self) -> Result<Keys, Error> {
        let path = self.folder.join("keys");
        let file = ReadOnly.open(&path).map_err(Error::io("opening", &path))?;
        Ok(Keys { path, file, log: self.id })
    }
}

impl Keys {
    /// A slot.
    ///
    /// # Errors
    /// `Damaged` if it doesn't check; `Io`.
    pub(super) fn slot(&self, key: KeyRef) -> Result<Slot, Error> {
        for round in 0..AGAIN {
            if round > 0 {
                thread::sleep(PAUSE);
            }
            let mut bytes = [0; SIZE];
            let read = self.file.read_at(&mut bytes, key.0.saturating_mul(SIZE as u64));
            if read.map_err(Error::io("reading", &self.path))? < SIZE || key.0 == 0 {
                return Err(self.damaged(key, "is not in the file"));
            }
            if let Some(slot) = Slot::decode(&bytes, self.log, key.0) {
                return Ok(slot);
            }
        }
        Err(self.damaged(key, "does not check"))
    }

    pub(super) fn damaged(&self, key: KeyRef, why: &str) -> Error {
        Error::damaged(&self.path, key.0.saturating_mul(SIZE as u64), format!("slot {} {why}", key.0))
    }
}
