//! Millions of new streams in one log: whether it slows down, how much memory it takes, and how soon it opens again.

use std::{env, path::Path, process::Command};

use anyhow::{Context as _, Result, ensure};
use clap::ValueEnum as _;
use serde::{Serialize, de::DeserializeOwned};

use super::{
    Bench, Peer,
    child::{self, Filled, Opened, Task},
};
use crate::place;

/// One store.
#[derive(Debug, Serialize)]
pub(crate) struct Streams {
    pub(crate) peer: Peer,
    pub(crate) streams: u64,
    pub(crate) writers: usize,
    pub(crate) payload: usize,
    pub(crate) events_per_second: f64,
    /// Of each million in turn, the last one shorter if need be.
    pub(crate) each_million: Vec<f64>,
    pub(crate) peak_mib: u64,
    pub(crate) anonymous_mib: u64,
    pub(crate) close_seconds: f64,
    pub(crate) store_mib: u64,
    pub(crate) index_mib: Option<u64>,
    pub(crate) reopened: Opened,
}

pub(crate) fn measure(bench: &Bench) -> Result<Vec<Streams>> {
    let total = bench.arguments.streams_run;
    let mut all = vec![one(bench, Peer::Ours, total)?];
    if bench.arguments.with_tephra_streams {
        all.push(one(bench, Peer::Tephra, total)?);
    }
    Ok(all)
}

fn one(bench: &Bench, peer: Peer, total: u64) -> Result<Streams> {
    let (fill, open) = match peer {
        Peer::Tephra => (Task::FillTephra, Task::OpenTephra),
        Peer::Ours | Peer::Bare | Peer::Postgres | Peer::Floor => (Task::FillOurs, Task::OpenOurs),
    };
    let folder = bench.fresh()?;
    let Filled { marks, peak_mib, anonymous_mib, close_seconds } = child(fill, folder.path(), total)?;
    let reopened: Opened = child(open, folder.path(), total)?;
    ensure!(reopened.events == total, "{total} events were appended but {} are there", reopened.events);
    let index = folder.path().join("index");
    Ok(Streams {
        peer,
        streams: total,
        writers: child::WRITERS,
        payload: child::PAYLOAD,
        events_per_second: total as f64 / marks.last().copied().unwrap_or(f64::INFINITY),
        each_million: parts(&marks, total, child::each(total)),
        peak_mib,
        anonymous_mib,
        close_seconds,
        store_mib: place::size_mib(folder.path())?,
        index_mib: index.is_dir().then(|| place::size_mib(&index)).transpose()?,
        reopened,
    })
}

/// Events a second between one mark and the next.
fn parts(marks: &[f64], total: u64, each: u64) -> Vec<f64> {
    let mut rates = Vec::new();
    let (mut before, mut left) = (0.0, total);
    for mark in marks {
        let events = left.min(each);
        rates.push(events as f64 / (mark - before));
        (before, left) = (*mark, left - events);
    }
    rates
}

fn child<T: DeserializeOwned>(task: Task, folder: &Path, total: u64) -> Result<T> {
    let name = task.to_possible_value().map(|value| value.get_name().to_owned()).unwrap_or_default();
    let mut command = Command::new(env::current_exe().context("asking for the bench's own path")?);
    command.args(["log", "--child", &name, "--streams-run", &total.to_string(), "--dir"]).arg(folder);
    let output = command.stderr(std::process::Stdio::inherit()).output().context("starting a child")?;
    ensure!(output.status.success(), "the child for {name} failed: {}", output.status);
    serde_json::from_slice(&output.stdout).with_context(|| format!("reading what the child for {name} says"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_part_has_its_own_rate_and_the_last_may_be_short() {
        assert_eq!(parts(&[1.0, 3.0, 3.5], 25, 10), [10.0, 5.0, 10.0]);
        assert_eq!(parts(&[2.0], 10, 10), [5.0]);
    }
}
