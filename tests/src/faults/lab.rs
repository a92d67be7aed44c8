//! What a row is run with: its seed, how much of it, the program for child processes, a folder, and how trials are counted.

use std::{
    path::{Path, PathBuf},
    sync::atomic::{AtomicU64, Ordering},
};

use anyhow::{Context as _, Result};
use radslag_eventlog::Writer;
use rand::{SeedableRng as _, rngs::StdRng};

use super::report::{Failure, Ran, Tally};

const PREFIX: &str = "radslag-faults-";

fn in_memory() -> std::io::Result<tempfile::TempDir> {
    tempfile::Builder::new().prefix(PREFIX).tempdir_in("/dev/shm")
}

/// Acknowledged events that weren't there any more.
#[derive(Debug, thiserror::Error)]
#[error("{0} acknowledged events are lost")]
pub struct Lost(pub u64);

/// Where and how rows are run.
pub struct Lab {
    /// Trial n of a row has this plus n.
    pub seed: u64,
    /// As in CI.
    pub short: bool,
    /// So many trials, whatever the row would do.
    pub times: Option<u64>,
    /// The program that child processes run.
    pub program: PathBuf,
    /// Threads for all logs of this process.
    pub writer: Writer,
    scratch: tempfile::TempDir,
    memory: tempfile::TempDir,
    folders: AtomicU64,
}

impl Lab {
    /// A lab in the folder for temporary files.
    ///
    /// # Errors
    /// No folder, no threads.
    pub fn new(program: &Path, seed: u64, short: bool, times: Option<u64>) -> Result<Self> {
        Ok(Self {
            seed,
            short,
            times,
            program: program.into(),
            writer: Writer::start().context("starting a writer")?,
            scratch: tempfile::Builder::new().prefix(PREFIX).tempdir()?,
            memory: in_memory().or_else(|_| tempfile::Builder::new().prefix(PREFIX).tempdir())?,
            folders: AtomicU64::new(0),
        })
    }

    /// A new folder on a disk, gone with the lab.
    ///
    /// # Errors
    /// Of the file system.
    pub fn folder(&self) -> Result<PathBuf> {
        self.folder_in(&self.scratch)
    }

    /// A new folder in memory where there is such a thing: for faults that the operating system survives.
    ///
    /// # Errors
    /// Of the file system.
    pub fn memory(&self) -> Result<PathBuf> {
        self.folder_in(&self.memory)
    }

    fn folder_in(&self, scratch: &tempfile::TempDir) -> Result<PathBuf> {
        let number = self.folders.fetch_add(1, Ordering::Relaxed);
        let folder = scratch.path().join(number.to_string());
        std::fs::create_dir(&folder)?;
        Ok(folder)
    }

    /// How many trials: the short form, the long one, or as many as were asked for.
    #[must_use]
    pub fn times(&self, short: u64, long: u64) -> u64 {
        self.times.unwrap_or(if self.short { short } else { long })
    }

    /// Does trials, each with a seed of its own, which decides everything in it, so that it can be done again alone. One that
    /// fails does not stop the others.
    pub fn trials(&self, times: u64, mut trial: impl FnMut(&mut StdRng, u64) -> Result<u64>) -> Tally {
        let mut tally = Tally::default();
        for number in 0..times {
            let seed = self.seed.wrapping_add(number);
            let done = trial(&mut StdRng::seed_from_u64(seed), seed);
            tally.count(seed, done);
        }
        tally
    }

    /// The same, as a row's end.
    ///
    /// # Errors
    /// None; it has the shape rows have.
    pub fn row(&self, times: u64, trial: impl FnMut(&mut StdRng, u64) -> Result<u64>) -> Result<Ran> {
        Ok(Ran::Done(self.trials(times, trial)))
    }
}

impl Tally {
    /// Counts a trial: how many acknowledged events were looked for and found, or what went wrong.
    pub fn count(&mut self, seed: u64, done: Result<u64>) {
        self.tried += 1;
        match done {
            Ok(events) => {
                self.survived += 1;
                self.events += events;
            }
            Err(error) => {
                self.lost += error.downcast_ref::<Lost>().map_or(0, |lost| lost.0);
                self.failures.push(Failure { seed, why: format!("{error:#}") });
            }
        }
    }
}
