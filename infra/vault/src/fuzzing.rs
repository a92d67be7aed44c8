//! What reads a tenant's ledger and a log's key file, for tests that feed them anything.

use std::path::Path;

use radslag_kernel::{KeyRef, id::LogId};

use crate::{Disk, Error, keyfile::KeyFile, ledger, slot::Slot};

/// What the lines of a ledger say of a log, and how many bytes are whole lines; or the number of a wrong line.
///
/// # Errors
/// The line, from 1.
pub fn ledger(bytes: &[u8], log: LogId) -> Result<(ledger::Erased, usize), usize> {
    let (mut logs, whole) = ledger::read(bytes)?;
    Ok((logs.remove(&log).unwrap_or_default(), whole))
}

/// A line of a ledger.
#[must_use]
pub fn ledger_line(log: LogId, position: u64, slot: Option<KeyRef>, millis: u64) -> String {
    ledger::line(log, position, slot, millis)
}

/// Opens a key file: erasures it tells of, its highest slot, and what some slots hold.
///
/// # Errors
/// `Damaged`, `Io`.
#[expect(clippy::type_complexity, reason = "read once, by a test")]
pub fn key_file(
    disk: &dyn Disk,
    log: LogId,
    keys: &[u64],
) -> Result<(u64, u64, Vec<Result<Slot, Error>>), Error> {
    let file = KeyFile::open(disk, Path::new("keys"), log)?;
    let slots = keys.iter().map(|key| file.read(KeyRef(*key))).collect();
    Ok((file.erasures()?, file.highest()?, slots))
}
