//! `radslag-bench log`: what a durable append costs, beside what others make of the same disk.

mod allocation;
mod child;
mod crowd;
mod floor;
mod keys;
mod load;
mod ours;
mod postgres;
mod report;
mod side;
mod streams;
mod tephra;

use std::{path::PathBuf, time::Duration};

use anyhow::{Context as _, Result};
use clap::{Args, ValueEnum};
use serde::Serialize;
use tempfile::TempDir;
use tokio::runtime::Runtime;

use crate::{
    machine::{self, Machine},
    output,
    place::Place,
};

#[derive(Args, Debug)]
pub(crate) struct Arguments {
    /// One JSON document instead of tables
    #[arg(long)]
    json: bool,
    /// Concurrent writers, each waiting for its append before the next
    #[arg(long, value_delimiter = ',', default_values_t = [1, 64, 1_000])]
    writers: Vec<usize>,
    /// Bytes of public payload
    #[arg(long, value_delimiter = ',', default_values_t = [200, 450])]
    payload: Vec<usize>,
    /// Seconds of one run, after a quarter of that unmeasured
    #[arg(long, default_value_t = 2.0)]
    seconds: f64,
    /// Runs of each cell; their median counts
    #[arg(long, default_value_t = 5)]
    runs: usize,
    /// New streams in one log
    #[arg(long, default_value_t = 6_000_000)]
    streams_run: u64,
    /// Whether tephra takes as many new streams
    #[arg(long)]
    with_tephra_streams: bool,
    /// Who is measured side by side
    #[arg(long, value_delimiter = ',', value_enum, default_values_t = Peer::ALL)]
    only: Vec<Peer>,
    /// Which parts are measured
    #[arg(long, value_delimiter = ',', value_enum, default_values_t = Part::ALL)]
    parts: Vec<Part>,
    /// How tephra is called; `auto` tries both first and takes the faster
    #[arg(long, value_enum, default_value_t = tephra::Form::Auto)]
    tephra_form: tephra::Form,
    /// Before each run, wait at most so many seconds until nobody else computes on this machine
    #[arg(long, default_value_t = 0.0)]
    calm: f64,
    /// One short run of everything: shows that it works, not how fast it is
    #[arg(long)]
    quick: bool,
    /// A folder on the disk to be measured; what is made there is removed afterwards [default: target/]
    #[arg(long)]
    dir: Option<PathBuf>,
    /// What a child process of the bench does
    #[arg(long, hide = true, value_enum, requires = "dir")]
    child: Option<child::Task>,
}

/// Who is measured side by side.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, ValueEnum)]
#[serde(rename_all = "lowercase")]
pub(crate) enum Peer {
    /// Our log, without sealing
    Ours,
    /// The same without its tree and checkpoints
    Bare,
    /// tephra 0.4.1, conditional append with one tag
    Tephra,
    /// PostgreSQL, unique (stream, version), a batching writer
    Postgres,
    /// A bare file with the same group commit
    Floor,
}

impl Peer {
    const ALL: [Self; 5] = [Self::Ours, Self::Bare, Self::Tephra, Self::Postgres, Self::Floor];
}

/// A part of the bench.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum Part {
    /// All peers in turn
    Side,
    /// What a new key and a sealed field add
    Keys,
    /// Many new streams, and opening them again
    Streams,
    /// A hot log among many that write at once
    Crowd,
    /// Growing a file by fallocate or by written zeros
    Allocation,
}

impl Part {
    const ALL: [Self; 5] = [Self::Side, Self::Keys, Self::Streams, Self::Crowd, Self::Allocation];
}

/// What all parts need.
pub(crate) struct Bench {
    arguments: Arguments,
    place: Place,
    runtime: Runtime,
}

impl Bench {
    fn wants(&self, part: Part) -> bool {
        self.arguments.parts.contains(&part)
    }

    /// An empty folder on a calm machine.
    fn fresh(&self) -> Result<TempDir> {
        let folder = self.place.fresh()?;
        machine::calm(Duration::from_secs_f64(self.arguments.calm));
        Ok(folder)
    }

    fn seconds(&self) -> Duration {
        Duration::from_secs_f64(self.arguments.seconds)
    }
}

pub(crate) fn run(mut arguments: Arguments) -> Result<()> {
    if arguments.quick {
        arguments.seconds = arguments.seconds.min(0.4);
        arguments.runs = 1;
        arguments.streams_run = arguments.streams_run.min(300_000);
    }
    let runtime = Runtime::new().context("starting the runtime")?;
    if let (Some(task), Some(folder)) = (arguments.child, &arguments.dir) {
        return child::run(task, folder, arguments.streams_run, &runtime);
    }
    let place = Place::new(arguments.dir.as_deref())?;
    let machine = Machine::around(place.path());
    let bench = Bench { arguments, place, runtime };
    let report = report::Log {
        command: std::env::args().collect::<Vec<_>>().join(" "),
        machine,
        side: bench.wants(Part::Side).then(|| side::measure(&bench)).transpose()?,
        keys: bench.wants(Part::Keys).then(|| keys::measure(&bench)).transpose()?,
        streams: if bench.wants(Part::Streams) { streams::measure(&bench)? } else { vec![] },
        crowd: bench.wants(Part::Crowd).then(|| crowd::measure(&bench)).transpose()?,
        allocation: if bench.wants(Part::Allocation) { allocation::measure(&bench)? } else { vec![] },
    };
    output::print(&report, bench.arguments.json)
}
