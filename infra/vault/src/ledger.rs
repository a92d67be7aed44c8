//! The erasure ledger of a tenant: which keys were destroyed, kept with the key-encryption keys and outside data backups,
//! so that a restored backup can't bring the erased back.
//!
//! A text file, appended to and synced, a line an erasure: `<log id> <position> <slot> <milliseconds> <CRC32C>`; a line
//! with slot `-` says that every erasure of that log below the position is in the ledger. A torn last line (no newline)
//! was never confirmed and is cut; any other line that doesn't check stops the tenant.

use std::{
    collections::{BTreeSet, HashMap},
    fs,
    io::{self, Write as _},
    os::unix::fs::{FileExt as _, OpenOptionsExt as _},
    path::{Path, PathBuf},
    sync::{Mutex, MutexGuard, PoisonError},
};

use radslag_kernel::{KeyRef, id::LogId};

use crate::Error;

/// More bytes than a sync has ever to do with.
const LAST: usize = 1 << 20;

/// The ledger of one tenant.
pub struct Ledger {
    path: PathBuf,
    inner: Mutex<Inner>,
}

struct Inner {
    file: fs::File,
    /// Bytes of whole, durable lines.
    length: u64,
    logs: HashMap<LogId, Erased>,
}

/// What the ledger says of one log.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Erased {
    /// Slots whose keys were destroyed.
    pub slots: BTreeSet<KeyRef>,
    /// Every erasure below this position is in the ledger.
    pub complete_to: u64,
}

impl Ledger {
    /// Opens the ledger, making an empty one where there is none.
    ///
    /// # Errors
    /// `Io`, and `Damaged` naming the line that doesn't check.
    pub fn open(path: &Path) -> Result<Self, Error> {
        if let Some(folder) = path.parent() {
            fs::create_dir_all(folder).map_err(Error::io("making", folder))?;
        }
        let mut options = fs::OpenOptions::new();
        let file = options.read(true).append(true).create(true).mode(0o600).open(path);
        let file = file.map_err(Error::io("opening", path))?;
        let bytes = fs::read(path).map_err(Error::io("reading", path))?;
        let (logs, whole) = read(&bytes).map_err(|line| Error::Damaged {
            path: path.into(),
            why: format!("line {line} does not check"),
        })?;
        if whole < bytes.len() {
            file.set_len(whole as u64).map_err(Error::io("cutting", path))?;
        }
        settle(path, &bytes[..whole]).map_err(Error::io("syncing", path))?;
        Ok(Self { path: path.into(), inner: Mutex::new(Inner { file, length: whole as u64, logs }) })
    }

    /// What it says of a log.
    #[must_use]
    pub fn of(&self, log: LogId) -> Erased {
        self.lock().logs.get(&log).cloned().unwrap_or_default()
    }

    /// How many of a log's keys were destroyed.
    #[must_use]
    pub fn count(&self, log: LogId) -> u64 {
        self.lock().logs.get(&log).map_or(0, |erased| erased.slots.len() as u64)
    }

    /// Whether a log's key was destroyed.
    #[must_use]
    pub fn has(&self, log: LogId, key: KeyRef) -> bool {
        self.lock().logs.get(&log).is_some_and(|erased| erased.slots.contains(&key))
    }

    /// Below which position of a log every erasure is here.
    #[must_use]
    pub fn complete_to(&self, log: LogId) -> u64 {
        self.lock().logs.get(&log).map_or(0, |erased| erased.complete_to)
    }

    /// Adds erasures of one event and returns when they are on disk.
    ///
    /// # Errors
    /// `Io`.
    pub fn add(&self, log: LogId, position: u64, slots: &[KeyRef], millis: u64) -> Result<(), Error> {
        self.write(log, position, slots.iter().copied().map(Some), millis)
    }

    /// Notes that every erasure of a log below a position is here.
    ///
    /// # Errors
    /// `Io`.
    pub fn complete(&self, log: LogId, position: u64, millis: u64) -> Result<(), Error> {
        self.write(log, position, [None], millis)
    }

    fn write(
        &self,
        log: LogId,
        position: u64,
        slots: impl IntoIterator<Item = Option<KeyRef>>,
        millis: u64,
    ) -> Result<(), Error> {
        let slots: Vec<_> = slots.into_iter().collect();
        let lines: String = slots.iter().map(|slot| line(log, position, *slot, millis)).collect();
        let mut inner = self.lock();
        inner.append(lines.as_bytes()).map_err(Error::io("writing", &self.path))?;
        let erased = inner.logs.entry(log).or_default();
        for slot in slots {
            erased.take(position, slot);
        }
        Ok(())
    }

    fn lock(&self) -> MutexGuard<'_, Inner> {
        self.inner.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Inner {
    /// Adds whole lines or nothing: half a line that a full disk left would spoil the one that is written after it.
    fn append(&mut self, lines: &[u8]) -> io::Result<()> {
        let written = self.file.write_all(lines).and_then(|()| self.file.sync_data());
        if let Err(error) = written {
            self.file.set_len(self.length)?;
            return Err(error);
        }
        self.length += lines.len() as u64;
        Ok(())
    }
}

impl Erased {
    fn take(&mut self, position: u64, slot: Option<KeyRef>) {
        match slot {
            Some(slot) => {
                self.slots.insert(slot);
            }
            None => self.complete_to = self.complete_to.max(position),
        }
    }
}

/// Makes what was found durable, and the ledger's name: the last lines may be what a failed sync left in the page cache.
fn settle(path: &Path, lines: &[u8]) -> io::Result<()> {
    let from = lines.len().saturating_sub(LAST);
    let file = fs::OpenOptions::new().write(true).open(path)?;
    file.write_all_at(&lines[from..], from as u64)?;
    file.sync_all()?;
    path.parent().map_or(Ok(()), |folder| fs::File::open(folder)?.sync_all())
}

/// What whole lines say, and how many bytes they are; or the number of the first that doesn't check.
pub(crate) fn read(bytes: &[u8]) -> Result<(HashMap<LogId, Erased>, usize), usize> {
    let whole = bytes.iter().rposition(|byte| *byte == b'\n').map_or(0, |at| at + 1);
    let mut logs = HashMap::<LogId, Erased>::new();
    for (number, line) in bytes[..whole].split(|byte| *byte == b'\n').enumerate() {
        if line.is_empty() {
            continue;
        }
        let (log, position, slot) = parse(line).ok_or(number + 1)?;
        logs.entry(log).or_default().take(position, slot);
    }
    Ok((logs, whole))
}

pub(crate) fn line(log: LogId, position: u64, slot: Option<KeyRef>, millis: u64) -> String {
    let slot = slot.map_or_else(|| "-".to_owned(), |slot| slot.0.to_string());
    let text = format!("{log} {position} {slot} {millis}");
    format!("{text} {:08x}\n", crc32c::crc32c(text.as_bytes()))
}

fn parse(line: &[u8]) -> Option<(LogId, u64, Option<KeyRef>)> {
    let line = std::str::from_utf8(line).ok()?;
    let (text, sum) = line.rsplit_once(' ')?;
    if u32::from_str_radix(sum, 16).ok()? != crc32c::crc32c(text.as_bytes()) {
        return None;
    }
    let mut words = text.split(' ');
    let log = words.next()?.parse().ok()?;
    let position = words.next()?.parse().ok()?;
    let slot = match words.next()? {
        "-" => None,
        slot => Some(KeyRef(slot.parse().ok()?)),
    };
    Some((log, position, slot))
}

#[cfg(test)]
mod tests {
    use super::*;

    const LOG: LogId = LogId::from_bytes([5; 16]);

    fn with(bytes: &[u8]) -> Result<Erased, Error> {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("erasures.ledger");
        fs::write(&path, bytes).unwrap();
        Ledger::open(&path).map(|ledger| ledger.of(LOG))
    }

    #[test]
    fn what_was_added_is_there_after_opening_again() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("erasures.ledger");
        let ledger = Ledger::open(&path).unwrap();
        ledger.add(LOG, 7, &[KeyRef(3), KeyRef(4)], 1).unwrap();
        ledger.complete(LOG, 9, 2).unwrap();
        let expected = Erased { slots: [KeyRef(3), KeyRef(4)].into(), complete_to: 9 };
        assert_eq!(ledger.of(LOG), expected);
        assert_eq!(Ledger::open(&path).unwrap().of(LOG), expected);
        assert_eq!(ledger.of(LogId::from_bytes([6; 16])), Erased::default());
    }

    #[test]
    fn a_torn_last_line_is_cut_and_any_other_damage_refused() {
        let good = line(LOG, 7, Some(KeyRef(3)), 1);
        let torn = format!("{good}{}", &good[..20]);
        assert_eq!(with(torn.as_bytes()).unwrap().slots, [KeyRef(3)].into());
        let flipped = good.replace(" 7 ", " 8 ");
        assert!(matches!(with(flipped.as_bytes()), Err(Error::Damaged { .. })));
    }
}
