//! What a consumer keeps: a folder, so that a restart finds it and so does whoever looks from outside.
//!
//! ```text
//! checkpoint                      where it goes on: {"log", "origin", "next"}
//! parked/<origin>-<position>      an event that it couldn't take: `Parked`
//! decided/<origin>-<position>     what somebody decided about one: `Decision`; carried out, it goes with the parked one
//! settled                         what came of each, a line a `Settled`; it only grows
//! ```
//! All is JSON without personal data. Files are written beside their place, synced and moved there. A crash between two
//! steps leaves an event parked that was taken already, and it is taken again, which comes to the same.

use std::{
    fs::{self, File, OpenOptions},
    io::{self, ErrorKind, Write as _},
    path::{Path, PathBuf},
};

use radslag_kernel::id::LogId;
use serde::{Deserialize, Serialize, de::DeserializeOwned};

use crate::Checkpoint;

const CHECKPOINT: &str = "checkpoint";
const PARKED: &str = "parked";
const DECIDED: &str = "decided";
const SETTLED: &str = "settled";
/// Of a file that isn't whole yet.
const DRAFT: &str = "draft";

/// The folder of one consumer of one log.
#[derive(Clone, Debug)]
pub struct Kept(PathBuf);

/// An event that a consumer couldn't take.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Parked {
    /// The life of the log.
    pub origin: u32,
    /// Its position.
    pub position: u64,
    /// Its id; nothing if what stands there isn't an event.
    pub event: Option<String>,
    /// Its type; nothing if what stands there isn't an event.
    #[serde(rename = "type")]
    pub kind: Option<String>,
    /// Why it couldn't be taken the last time.
    pub why: String,
    /// Since when, RFC 3339.
    pub since: String,
    /// How often it was tried.
    pub tries: u32,
}

impl Parked {
    pub(super) fn nothing(origin: u32, position: u64, what: &str, since: String) -> Self {
        let why = format!("it is not an event: {what}");
        Self { origin, position, event: None, kind: None, why, since, tries: 1 }
    }

    fn file(&self) -> String {
        format!("{}-{}", self.origin, self.position)
    }
}

/// What somebody decided about a parked event.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "decision", rename_all = "lowercase")]
pub enum Decision {
    /// Try it again.
    Retry {
        /// Who decided it.
        by: Option<String>,
    },
    /// Go on without it, for good.
    Skip {
        /// Why.
        reason: String,
        /// Who decided it.
        by: Option<String>,
    },
}

/// What came of a parked event.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Settled {
    /// The event.
    #[serde(flatten)]
    pub parked: Parked,
    /// What was decided.
    #[serde(flatten)]
    pub decision: Decision,
    /// What came of it.
    pub outcome: Outcome,
    /// When, RFC 3339.
    pub at: String,
}

/// How an event stopped being parked.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Outcome {
    /// The consumer took it after all.
    Taken,
    /// Nobody will.
    Skipped,
}

#[derive(Serialize, Deserialize)]
struct Place {
    log: Option<String>,
    origin: u32,
    next: u64,
}

impl Kept {
    /// A folder; made when something is written.
    #[must_use]
    pub const fn new(folder: PathBuf) -> Self {
        Self(folder)
    }

    /// Where it goes on; nothing if it has never run.
    ///
    /// # Errors
    /// If the file can't be read, or isn't one.
    pub fn checkpoint(&self) -> io::Result<Option<Checkpoint>> {
        let Some(Place { log, origin, next }) = read(&self.0.join(CHECKPOINT))? else { return Ok(None) };
        let log = log.map(|log| log.parse::<LogId>().map_err(|_| invalid("it names no log"))).transpose()?;
        Ok(Some(Checkpoint { log, origin, next }))
    }

    pub(super) fn save(&self, checkpoint: Checkpoint) -> io::Result<()> {
        let Checkpoint { log, origin, next } = checkpoint;
        let place = Place { log: log.map(|log| log.to_string()), origin, next };
        write(&self.0.join(CHECKPOINT), &place)
    }

    /// Every parked event, oldest first.
    ///
    /// # Errors
    /// If the folder or a file can't be read.
    pub fn parked(&self) -> io::Result<Vec<Parked>> {
        let mut all = Vec::new();
        for path in listed(&self.0.join(PARKED))? {
            all.extend(read::<Parked>(&path)?);
        }
        all.sort_by_key(|parked| (parked.origin, parked.position));
        Ok(all)
    }

    /// What was decided about a parked event and not carried out yet.
    ///
    /// # Errors
    /// If the file can't be read.
    pub fn decision(&self, parked: &Parked) -> io::Result<Option<Decision>> {
        read(&self.0.join(DECIDED).join(parked.file()))
    }

    /// Decides about a parked event; the consumer carries it out when it looks, or when it runs again. A later decision
    /// takes the place of one that wasn't carried out.
    ///
    /// # Errors
    /// `NotFound` if no such event is parked; else if the file can't be written.
    pub fn decide(&self, position: u64, decision: &Decision) -> io::Result<Parked> {
        // Of two lives the later one is what people mean.
        let mut parked = self.parked()?.into_iter().rev().filter(|parked| parked.position == position);
        let parked = parked.next().ok_or_else(|| io::Error::from(ErrorKind::NotFound))?;
        write(&self.0.join(DECIDED).join(parked.file()), decision)?;
        Ok(parked)
    }

    /// What came of those that were parked once, oldest first.
    ///
    /// # Errors
    /// If the file can't be read.
    pub fn settled(&self) -> io::Result<Vec<Settled>> {
        let text = match fs::read_to_string(self.0.join(SETTLED)) {
            Err(error) if error.kind() == ErrorKind::NotFound => return Ok(Vec::new()),
            text => text?,
        };
        // A line that a crash tore was written again.
        Ok(text.lines().filter_map(|line| serde_json::from_str(line).ok()).collect())
    }

    pub(super) fn park(&self, parked: &Parked) -> io::Result<()> {
        write(&self.0.join(PARKED).join(parked.file()), parked)
    }

    /// It was tried again in vain: the decision is carried out.
    pub(super) fn park_again(&self, parked: &Parked) -> io::Result<()> {
        self.park(parked)?;
        remove(&self.0.join(DECIDED).join(parked.file()))
    }

    /// Parked events with what was decided about them.
    pub(super) fn decided(&self) -> io::Result<Vec<(Parked, Decision)>> {
        let mut all = Vec::new();
        for path in listed(&self.0.join(DECIDED))? {
            let parked = path.file_name().map(|name| self.0.join(PARKED).join(name));
            let parked = parked.map(|parked| read::<Parked>(&parked)).transpose()?.flatten();
            match (parked, read::<Decision>(&path)?) {
                (Some(parked), Some(decision)) => all.push((parked, decision)),
                // What it was about is settled: a crash came between the two steps.
                _ => remove(&path)?,
            }
        }
        all.sort_by_key(|(parked, _)| (parked.origin, parked.position));
        Ok(all)
    }

    pub(super) fn settle(
        &self,
        parked: &Parked,
        decision: &Decision,
        outcome: Outcome,
        at: String,
    ) -> io::Result<()> {
        let settled = Settled { parked: parked.clone(), decision: decision.clone(), outcome, at };
        // Of its own line, whatever a crash left of the one before.
        let line = format!("\n{}\n", serde_json::to_string(&settled)?);
        let mut file = OpenOptions::new().create(true).append(true).open(self.0.join(SETTLED))?;
        file.write_all(line.as_bytes())?;
        file.sync_all()?;
        remove(&self.0.join(PARKED).join(parked.file()))?;
        remove(&self.0.join(DECIDED).join(parked.file()))
    }
}

fn invalid(what: &str) -> io::Error {
    io::Error::new(ErrorKind::InvalidData, what)
}

fn read<T: DeserializeOwned>(path: &Path) -> io::Result<Option<T>> {
    let named = |error: &dyn std::fmt::Display| invalid(&format!("{}: {error}", path.display()));
    match fs::read(path) {
        Err(error) if error.kind() == ErrorKind::NotFound => Ok(None),
        Err(error) => Err(error),
        Ok(bytes) => serde_json::from_slice(&bytes).map(Some).map_err(|error| named(&error)),
    }
}

fn write<T: Serialize>(path: &Path, value: &T) -> io::Result<()> {
    let folder = path.parent().ok_or_else(|| invalid("it has no folder"))?;
    fs::create_dir_all(folder)?;
    // Of this process, so that two never write the same draft.
    let draft = path.with_extension(format!("{}.{DRAFT}", std::process::id()));
    let mut file = File::create(&draft)?;
    file.write_all(&serde_json::to_vec(value)?)?;
    file.sync_all()?;
    fs::rename(&draft, path)?;
    File::open(folder)?.sync_all()
}

fn remove(path: &Path) -> io::Result<()> {
    match fs::remove_file(path) {
        Err(error) if error.kind() == ErrorKind::NotFound => Ok(()),
        Err(error) => Err(error),
        Ok(()) => path.parent().map_or(Ok(()), |folder| File::open(folder)?.sync_all()),
    }
}

/// Whole files of a folder; none if it isn't there.
fn listed(folder: &Path) -> io::Result<Vec<PathBuf>> {
    let entries = match fs::read_dir(folder) {
        Err(error) if error.kind() == ErrorKind::NotFound => return Ok(Vec::new()),
        entries => entries?,
    };
    let mut paths = entries.map(|entry| entry.map(|entry| entry.path())).collect::<io::Result<Vec<_>>>()?;
    paths.retain(|path| path.extension().is_none());
    Ok(paths)
}
