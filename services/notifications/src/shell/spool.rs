//! What others leave for the service while it has its log to itself: letters that are to be sent again, and reports that a
//! mail server pipes to `radslag-notifications bounce`. Files of a folder, taken in by the service and removed. Reports hold addresses, so none stays, whatever comes of it.

use std::{
    fs, io,
    path::{Path, PathBuf},
};

use radslag_kernel::AggregateId;
use radslag_runtime::service::Failure;

use crate::{
    bounce,
    delivery::Act,
    shell::{Office, settle},
};

/// The folder of a tenant.
#[must_use]
pub fn folder(data: &Path, tenant: &str) -> PathBuf {
    data.join("bounces").join(tenant)
}

/// Puts a report there. `envelope`: the address a mail server was given for it.
///
/// # Errors
/// If it can't be kept, or is larger than any report.
pub fn put(folder: &Path, report: &[u8], envelope: Option<&str>) -> io::Result<()> {
    if report.len() > bounce::LARGEST {
        return Err(io::Error::other("it is larger than any report"));
    }
    fs::create_dir_all(folder)?;
    let whole = folder.join(format!("{:032x}.eml", rand::random::<u128>()));
    let unfinished = whole.with_extension("part");
    // One line: what stands behind a line break would be a header of its own.
    let envelope = envelope.map(|address| address.split(['\r', '\n']).next().unwrap_or_default());
    let named = envelope.map(|address| format!("Delivered-To: {address}\r\n")).unwrap_or_default();
    fs::write(&unfinished, [named.as_bytes(), report].concat())?;
    fs::rename(unfinished, whole)
}

/// Asks for a letter to be sent again.
///
/// # Errors
/// If it can't be kept.
pub fn put_again(folder: &Path, delivery: AggregateId) -> io::Result<()> {
    fs::create_dir_all(folder)?;
    fs::write(folder.join(format!("{delivery}.again")), [])
}

impl Office {
    /// Has letters sent again that somebody asked for; how many.
    ///
    /// # Errors
    /// `Stopped` if it is to come again; what is broken.
    pub async fn take_again(&self) -> Result<usize, Failure> {
        let Ok(entries) = fs::read_dir(&self.spool) else { return Ok(0) };
        let mut taken = 0;
        for path in entries.flatten().map(|entry| entry.path()) {
            if path.extension().is_none_or(|ending| ending != "again") {
                continue;
            }
            let id = path.file_stem().and_then(|name| name.to_str()).and_then(|name| name.parse().ok());
            if let Some(id) = id {
                // What came to another end meanwhile stays as it is.
                settle(self.on_delivery(id, Act::Again).await)?;
            }
            fs::remove_file(&path).map_err(|source| Failure::File { path: path.clone(), source })?;
            taken += 1;
        }
        Ok(taken)
    }

    /// Takes in what lies there; how many.
    ///
    /// # Errors
    /// `Stopped` if it is to come again; what is broken.
    pub async fn take_bounces(&self) -> Result<usize, Failure> {
        let Ok(entries) = fs::read_dir(&self.spool) else { return Ok(0) };
        let mut taken = 0;
        for path in entries.flatten().map(|entry| entry.path()) {
            if path.extension().is_none_or(|ending| ending != "eml") {
                continue;
            }
            let wrong = |source| Failure::File { path: path.clone(), source };
            let report = fs::read(&path).map_err(wrong)?;
            self.bounced(&report, None).await?;
            fs::remove_file(&path).map_err(wrong)?;
            taken += 1;
        }
        Ok(taken)
    }
}
