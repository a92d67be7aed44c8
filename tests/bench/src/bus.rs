//! `radslag-bench bus`: how soon an acknowledged event is a row in PostgreSQL and a message at a consumer, and how many a
//! second travel, beside a plain publisher and a plain insert.

mod carry;
mod lag;
mod report;

use std::path::PathBuf;

use anyhow::{Context as _, Result};
use clap::Args;
use radslag_bus::{Address, JetStream, Limits, Links, Relay};
use radslag_eventlog::{Log, Writer};
use tokio::runtime::Runtime;

use crate::{house, machine::Machine, output, place::Place, rebuild::fill};

#[derive(Args, Debug)]
pub(crate) struct Arguments {
    /// One JSON document instead of tables
    #[arg(long)]
    json: bool,
    /// Events that are carried; a tenth of them where each is synced
    #[arg(long, default_value_t = 300_000)]
    events: u64,
    /// Events a second at which the lag is measured
    #[arg(long, value_delimiter = ',', default_values_t = [1_000, 5_000])]
    rates: Vec<u32>,
    /// How long each of them lasts
    #[arg(long, default_value_t = 20)]
    seconds: u64,
    /// A folder on the disk to be measured; what is made there is removed afterwards [default: target/]
    #[arg(long)]
    dir: Option<PathBuf>,
}

pub(crate) fn run(arguments: &Arguments) -> Result<()> {
    let runtime = Runtime::new().context("starting the runtime")?;
    let place = Place::new(arguments.dir.as_deref())?;
    let machine = Machine::around(place.path());
    let mut lags = Vec::new();
    for rate in &arguments.rates {
        let folder = place.fresh()?;
        lags.push(runtime.block_on(lag::at(folder.path(), *rate, arguments.seconds))?);
    }
    let (few, many) = (place.fresh()?, place.fresh()?);
    let mut carried = Vec::new();
    for (folder, events, always) in [(&many, arguments.events, false), (&few, arguments.events / 10, true)] {
        let (config, folder) = (house::config(folder.path())?, folder.path());
        runtime.block_on(fill::fill(folder, events / 2))?;
        let log = house::ground(&config)?.log("petitions", &Writer::start()?)?;
        carried.push(runtime.block_on(carry::all(&log, always))?);
        log.close();
    }
    let rows = runtime.block_on(carry::rows(many.path(), arguments.events))?;
    let command = std::env::args().collect::<Vec<_>>().join(" ");
    output::print(&report::Bus { command, machine, lags, carried, rows }, arguments.json)
}

fn address() -> Result<Address> {
    Ok(Address::new(house::TENANT, "petitions")?)
}

fn relay(log: &Log, jetstream: &JetStream) -> Result<Relay> {
    let links = Links { installation: "bench".into(), clear_text: "http://localhost/events".into() };
    Ok(Relay::new(log.clone(), log.begins(), address()?, links, Limits::default(), jetstream.clone()))
}
