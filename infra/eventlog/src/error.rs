//! What can go wrong with a log.

use std::{io, path::Path, path::PathBuf, sync::Arc};

/// A failure of a log; never an answer to a citizen.
#[derive(Clone, Debug, thiserror::Error)]
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
        source: Arc<io::Error>,
    },
    /// Acknowledged events are not readable: this log serves nothing until somebody restores it.
    #[error("{path} is damaged at byte {offset}: {why}")]
    Damaged {
        /// The file.
        path: PathBuf,
        /// Where in it.
        offset: u64,
        /// What is wrong.
        why: String,
    },
    /// The keys can't be used.
    #[error("the log's keys can't be used")]
    Vault(#[source] Arc<radslag_vault::Error>),
    /// Another process has the log open.
    #[error("{path} is in use by process {holder}")]
    InUse {
        /// The folder.
        path: PathBuf,
        /// Who has it, as far as it is known.
        holder: String,
    },
    /// There is no log here.
    #[error("there is no log in {0}")]
    NotALog(PathBuf),
    /// The index isn't what was written; it is rebuilt from the segments.
    #[error("the index is damaged: {0}")]
    Index(String),
}

impl Error {
    pub(crate) fn io(what: &'static str, path: impl Into<PathBuf>) -> impl FnOnce(io::Error) -> Self {
        let path = path.into();
        move |source| Self::Io { what, path, source: Arc::new(source) }
    }

    pub(crate) fn damaged(path: &Path, offset: u64, why: impl Into<String>) -> Self {
        Self::Damaged { path: path.into(), offset, why: why.into() }
    }

    /// Whether it only says that the disk is full.
    #[must_use]
    pub fn is_full(&self) -> bool {
        match self {
            Self::Io { source, .. } => radslag_vault::disk_full(source),
            Self::Vault(source) => source.is_full(),
            _ => false,
        }
    }
}

impl From<radslag_vault::Error> for Error {
    fn from(source: radslag_vault::Error) -> Self {
        Self::Vault(Arc::new(source))
    }
}

/// Why an append wrote nothing.
#[derive(Clone, Debug, thiserror::Error)]
#[non_exhaustive]
pub enum AppendError {
    /// A stream isn't at the expected version: load it and decide again.
    #[error("stream is at version {actual}, not at {expected}")]
    Conflict {
        /// Expected version.
        expected: u64,
        /// Actual version.
        actual: u64,
    },
    /// Decided more than five seconds ago by the log's clock: decide again.
    #[error("decided {0} ms before it would be recorded")]
    Stale(u64),
    /// An event, or all of them together, are too large for a frame.
    #[error("{what} has {size} bytes, at most {limit} fit")]
    TooLarge {
        /// What is too large.
        what: &'static str,
        /// Its size in bytes.
        size: usize,
        /// The most that fits.
        limit: usize,
    },
    /// The log takes nothing at the moment, and says why; nothing was written.
    #[error("the log is read-only: {0}")]
    ReadOnly(String),
    /// The log, or the process, is being closed.
    #[error("the log is closed")]
    Closed,
    /// Looking up the state of a stream failed.
    #[error("the log can't be read")]
    Log(#[source] Error),
}
