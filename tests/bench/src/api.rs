//! `radslag-bench api`: confirmed signatures a second over HTTP on one petition, with count reads beside them.

mod child;
pub(crate) mod client;
mod load;
mod post;
mod report;
mod run;
mod server;
mod spec;

use std::{env, path::PathBuf};

use anyhow::{Context as _, Result};
use clap::{Args, ValueEnum};
use serde::{Deserialize, Serialize};

use crate::{machine::Machine, output, place::Place};

#[derive(Args, Debug)]
pub(crate) struct Arguments {
    /// One JSON document instead of tables
    #[arg(long)]
    json: bool,
    /// Seconds of one run, after two unmeasured
    #[arg(long, default_value_t = 10.0)]
    seconds: f64,
    /// Runs of each way to sign; their median counts
    #[arg(long, default_value_t = 5)]
    runs: usize,
    /// Connections that sign, each waiting for its answer before the next
    #[arg(long, default_value_t = 64)]
    connections: usize,
    /// Signatures begun a second, of all connections together [default: as many as there are answers]
    #[arg(long)]
    pace: Option<f64>,
    /// Connections that read the count
    #[arg(long, default_value_t = 32)]
    readers: usize,
    /// Count reads a second, of all readers together
    #[arg(long, default_value_t = 10_000.0)]
    reads: f64,
    /// Ways to sign
    #[arg(long, value_delimiter = ',', value_enum, default_values_t = [Way::Eid, Way::Mailbox])]
    only: Vec<Way>,
    /// Tokens made before a run by eID, for each of its seconds
    #[arg(long, default_value_t = 8_000)]
    tokens: u64,
    /// What the service logs, in the words of `tracing`
    #[arg(long, default_value = "warn")]
    filter: String,
    /// A folder on the disk to be measured; what is made there is removed afterwards [default: target/]
    #[arg(long)]
    dir: Option<PathBuf>,
    /// What the load generator is told: a file
    #[arg(long, hide = true)]
    child: Option<PathBuf>,
}

/// How people sign.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ValueEnum)]
#[serde(rename_all = "lowercase")]
pub(crate) enum Way {
    /// One request with a token
    Eid,
    /// Two requests with a mail between them
    Mailbox,
}

pub(crate) fn run(arguments: Arguments) -> Result<()> {
    if let Some(spec) = &arguments.child {
        return child::run(spec);
    }
    let place = Place::new(arguments.dir.as_deref())?;
    let machine = Machine::around(place.path());
    let mut telemetry = radslag_runtime::config::Telemetry::default();
    telemetry.filter.clone_from(&arguments.filter);
    radslag_runtime::telemetry::init(&telemetry)?;
    let runtime = tokio::runtime::Runtime::new().context("starting the runtime")?;
    let mut ways = Vec::new();
    for way in &arguments.only {
        let mut runs = Vec::new();
        for _ in 0..arguments.runs {
            let folder = place.fresh()?;
            runs.push(runtime.block_on(run::once(&arguments, *way, folder.path()))?);
        }
        ways.push(report::Figures::of(*way, runs));
    }
    let command = env::args().collect::<Vec<_>>().join(" ");
    output::print(&report::Api { command, machine, seconds: arguments.seconds, ways }, arguments.json)
}
