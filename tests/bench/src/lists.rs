//! `radslag-bench lists`: what pages over many petitions and signatures take, over HTTP.

mod pages;
mod report;
mod served;
mod tables;
mod words;

use std::{env, path::PathBuf, time::Instant};

use anyhow::{Context as _, Result};
use clap::Args;

use crate::{
    machine::{self, Machine},
    output,
    place::{self, Place},
};

#[derive(Args, Debug)]
pub(crate) struct Arguments {
    /// One JSON document instead of tables
    #[arg(long)]
    json: bool,
    /// Petitions, two of five of them active
    #[arg(long, default_value_t = 100_000)]
    petitions: u64,
    /// Signatures of all petitions together; the most popular has a twentieth of them
    #[arg(long, default_value_t = 10_000_000)]
    signatures: u64,
    /// Requests of each kind of page
    #[arg(long, default_value_t = 2_000)]
    requests: u64,
    /// Connections at once
    #[arg(long, default_value_t = 4)]
    connections: u64,
    /// A folder on the disk to be measured; what is made there is removed afterwards [default: target/]
    #[arg(long)]
    dir: Option<PathBuf>,
}

pub(crate) fn run(arguments: &Arguments) -> Result<()> {
    let place = Place::new(arguments.dir.as_deref())?;
    let machine = Machine::around(place.path());
    let folder = place.fresh()?;
    let runtime = tokio::runtime::Runtime::new().context("starting the runtime")?;
    let report = runtime.block_on(async {
        let started = Instant::now();
        let served = served::start(folder.path(), arguments).await?;
        let fill_seconds = started.elapsed().as_secs_f64();
        let (fill_peak_mib, _) = machine::memory_mib();
        let pages = pages::measure(&served, arguments).await?;
        served.stop().await?;
        let (peak_mib, _) = machine::memory_mib();
        Ok::<_, anyhow::Error>(report::Lists {
            command: env::args().collect::<Vec<_>>().join(" "),
            machine,
            petitions: arguments.petitions,
            signatures: arguments.signatures,
            tables_mib: place::size_mib(folder.path())?,
            fill_seconds,
            fill_peak_mib,
            peak_mib,
            pages,
        })
    })?;
    output::print(&report, arguments.json)
}
