//! Where a log is read from: a folder, or a web server. Whoever serves it isn't trusted: every read is bounded.

use std::{
    fs,
    io::{self, Read},
    path::{Path, PathBuf},
};

use anyhow::{Context as _, Result, bail};

use super::web::{Address, Connection};

/// A log's place.
#[derive(Clone)]
pub(crate) enum Source {
    /// As `radslag tenant export` writes it.
    Folder(PathBuf),
    /// As a server gives it, or a static copy of such a folder.
    Web(Address),
}

/// One who reads there.
pub(crate) enum Reading {
    Folder(PathBuf),
    Web(Box<Connection>),
}

impl Source {
    /// From what was typed.
    pub(crate) fn of(target: &str) -> Result<Self> {
        if let Some(address) = Address::of(target)? {
            return Ok(Self::Web(address));
        }
        Ok(Self::Folder(target.into()))
    }

    /// How many read side by side: one a core, and more where each waits for an answer.
    pub(crate) fn lanes(&self) -> usize {
        let cores = std::thread::available_parallelism().map_or(2, std::num::NonZero::get);
        match self {
            Self::Folder(_) => cores.clamp(2, 8),
            Self::Web(_) => 8,
        }
    }

    pub(crate) fn open(&self) -> Result<Reading> {
        Ok(match self {
            Self::Folder(folder) => Reading::Folder(folder.clone()),
            Self::Web(address) => Reading::Web(Box::new(Connection::new(address.clone())?)),
        })
    }
}

impl Reading {
    /// A file of at most so many bytes; `None` if there is none.
    pub(crate) fn get(&mut self, name: &str, most: usize) -> Result<Option<Vec<u8>>> {
        match self {
            Self::Folder(folder) => match open(folder, name)? {
                Some(file) => bounded(file, most).map(Some).with_context(|| format!("reading {name}")),
                None => Ok(None),
            },
            Self::Web(connection) => connection.get(name, most),
        }
    }

    /// A file of any length, read as it comes; `None` if there is none.
    pub(crate) fn stream(self, name: &str) -> Result<Option<Box<dyn Read + Send>>> {
        match self {
            Self::Folder(folder) => {
                Ok(open(&folder, name)?.map(|file| Box::new(file) as Box<dyn Read + Send>))
            }
            Self::Web(connection) => connection.stream(name),
        }
    }
}

/// A name never leads out of the folder: all of them are ours.
fn open(folder: &Path, name: &str) -> Result<Option<fs::File>> {
    // What a server answers to a question has no file.
    let Some(name) = Some(name).filter(|name| !name.contains('?')) else { return Ok(None) };
    let path = folder.join(name);
    match fs::File::open(&path) {
        Err(error) if matches!(error.kind(), io::ErrorKind::NotFound | io::ErrorKind::NotADirectory) => {
            Ok(None)
        }
        opened => {
            let file = opened.with_context(|| format!("{} can't be read", path.display()))?;
            let whole = file.metadata().is_ok_and(|known| known.is_file());
            if whole { Ok(Some(file)) } else { bail!("{} is not a file", path.display()) }
        }
    }
}

fn bounded(file: impl Read, most: usize) -> Result<Vec<u8>> {
    let mut bytes = Vec::new();
    file.take(most as u64 + 1).read_to_end(&mut bytes)?;
    if bytes.len() > most {
        bail!("it has more than {most} bytes");
    }
    Ok(bytes)
}
