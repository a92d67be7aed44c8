//! What can go wrong with keys.

use std::{io, path::PathBuf};

/// A failure of the vault. Never holds key material.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// Reading or writing failed.
    #[error("{what} {path} failed")]
    Io {
        /// What was tried.
        what: &'static str,
        /// On which file.
        path: PathBuf,
        /// Why.
        #[source]
        source: io::Error,
    },
    /// A file isn't what was written.
    #[error("{path} is damaged: {why}")]
    Damaged {
        /// The file.
        path: PathBuf,
        /// What is wrong with it, and where.
        why: String,
    },
    /// The keys may not be used: the erasure ledger is older than they are, so erased keys might come back.
    #[error("{path} stays closed: {why}")]
    Closed {
        /// The key file.
        path: PathBuf,
        /// What is missing.
        why: String,
    },
    /// A slot names a key-encryption key that isn't there.
    #[error("the key-encryption key {0} is not in the keyring")]
    UnknownKek(u32),
    /// A sealed field doesn't open under its keys: it, or its surroundings, were changed.
    #[error("field {field} of event {event} does not open under its keys")]
    Forged {
        /// Event id.
        event: String,
        /// Field number.
        field: u32,
    },
}

impl Error {
    pub(crate) fn io(what: &'static str, path: impl Into<PathBuf>) -> impl FnOnce(io::Error) -> Self {
        let path = path.into();
        move |source| Self::Io { what, path, source }
    }

    /// Whether the disk is full, as opposed to broken.
    #[must_use]
    pub fn is_full(&self) -> bool {
        matches!(self, Self::Io { source, .. } if disk_full(source))
    }
}

/// Whether an I/O error only says that there is no room.
#[must_use]
pub fn disk_full(error: &io::Error) -> bool {
    matches!(
        error.kind(),
        io::ErrorKind::StorageFull
            | io::ErrorKind::QuotaExceeded
            | io::ErrorKind::WriteZero
            | io::ErrorKind::FileTooLarge
    )
}
