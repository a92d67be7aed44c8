//! What runs in a process of its own, so that its memory is its own: filling a store with new streams, and opening it
//! again. One JSON line on stdout.

use std::{
    io::{self, Write as _},
    path::Path,
    time::Instant,
};

use anyhow::Result;
use clap::ValueEnum;
use radslag_eventlog::Writer;
use serde::{Deserialize, Serialize};
use tokio::runtime::Runtime;

use super::{
    load::{self, Target},
    ours::{Content, Ours},
    tephra::Store,
};
use crate::{home, machine, place, progress};

/// Concurrent writers while streams are made.
pub(crate) const WRITERS: usize = 1_000;
/// Bytes of public payload.
pub(crate) const PAYLOAD: usize = 200;
/// Streams after which the time is noted: a million, or a sixth of a shorter run.
pub(crate) fn each(total: u64) -> u64 {
    const MILLION: u64 = 1_000_000;
    if total > MILLION { MILLION } else { total.div_ceil(6).max(1) }
}

/// What a child does in its folder.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum Task {
    /// Makes streams in our log
    FillOurs,
    /// Makes streams in tephra
    FillTephra,
    /// Opens our log
    OpenOurs,
    /// Opens tephra
    OpenTephra,
}

/// What filling gave.
#[derive(Debug, Serialize, Deserialize)]
pub(crate) struct Filled {
    /// Seconds at which each million was complete.
    pub(crate) marks: Vec<f64>,
    pub(crate) peak_mib: u64,
    pub(crate) anonymous_mib: u64,
    pub(crate) close_seconds: f64,
}

/// What opening gave.
#[derive(Debug, Serialize, Deserialize)]
pub(crate) struct Opened {
    pub(crate) seconds: f64,
    pub(crate) events: u64,
    pub(crate) index_streams: Option<u64>,
    pub(crate) index_runs: Option<usize>,
    pub(crate) peak_mib: u64,
}

pub(crate) fn run(task: Task, folder: &Path, total: u64, runtime: &Runtime) -> Result<()> {
    let line = match task {
        Task::FillOurs => {
            let ours = Ours::open(folder, PAYLOAD, Content::Plain)?;
            let filled = fill(runtime, &ours, total)?;
            serde_json::to_string(&closing(filled, || ours.log.close()))?
        }
        Task::FillTephra => {
            let store = Store::open(folder, PAYLOAD)?;
            let filled = fill(runtime, &store.target, total)?;
            serde_json::to_string(&closing(filled, || store.close()))?
        }
        Task::OpenOurs => serde_json::to_string(&open_ours(folder)?)?,
        Task::OpenTephra => serde_json::to_string(&open_tephra(folder)?)?,
    };
    writeln!(io::stdout(), "{line}")?;
    Ok(())
}

fn fill<T: Target>(runtime: &Runtime, target: &T, total: u64) -> Result<Filled> {
    let bar = progress::bar(total).with_message("new streams");
    let step = bar.clone();
    let marks = runtime
        .block_on(load::fixed(target, WRITERS, total, each(total), move |count| step.set_position(count)))?;
    bar.finish_and_clear();
    let (peak_mib, anonymous_mib) = machine::memory_mib();
    Ok(Filled { marks, peak_mib, anonymous_mib, close_seconds: 0.0 })
}

fn closing(filled: Filled, close: impl FnOnce()) -> Filled {
    let started = Instant::now();
    close();
    let (peak_mib, _) = machine::memory_mib();
    Filled { close_seconds: started.elapsed().as_secs_f64(), peak_mib, ..filled }
}

fn open_ours(folder: &Path) -> Result<Opened> {
    place::forget(folder)?;
    let started = Instant::now();
    let log = home::open(folder, Writer::start()?)?;
    let seconds = started.elapsed().as_secs_f64();
    let (runs, streams) = log.index_size();
    let events = log.watermark();
    let (peak_mib, _) = machine::memory_mib();
    log.close();
    Ok(Opened { seconds, events, index_streams: Some(streams), index_runs: Some(runs), peak_mib })
}

fn open_tephra(folder: &Path) -> Result<Opened> {
    place::forget(folder)?;
    let started = Instant::now();
    let store = Store::open(folder, PAYLOAD)?;
    let seconds = started.elapsed().as_secs_f64();
    let events = store.target.events();
    let (peak_mib, _) = machine::memory_mib();
    store.close();
    Ok(Opened { seconds, events, index_streams: None, index_runs: None, peak_mib })
}
