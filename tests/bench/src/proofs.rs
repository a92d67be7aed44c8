//! `radslag-bench proofs`: what it takes to prove a log: opening it with its tree, making the tree again, serving tiles and
//! receipts, and how long after an append its receipt can be had.

use std::{
    fs,
    path::PathBuf,
    time::{Duration, Instant},
};

use anyhow::{Context as _, Result};
use clap::Args;
use radslag_eventlog::{Append, Log, Write, Writer};
use radslag_evidence::tile::{Of, Tile};
use rand::RngExt as _;
use serde::Serialize;
use tokio::runtime::Runtime;

use crate::{
    home,
    machine::Machine,
    output::{self, Report, Table, duration, thousands},
    place::Place,
    progress,
    statistics::{Sample, units},
};

/// Events in one append while the log is filled.
const BATCH: u64 = 500;
const PAYLOAD: usize = 200;
/// How long tiles and receipts are asked for.
const ASKING: Duration = Duration::from_secs(3);

#[derive(Args, Debug)]
pub(crate) struct Arguments {
    /// One JSON document instead of a table
    #[arg(long)]
    json: bool,
    /// Events in the log
    #[arg(long, default_value_t = 10_000_000)]
    events: u64,
    /// Appends whose receipts are waited for
    #[arg(long, default_value_t = 30)]
    receipts: usize,
    /// A folder on the disk to be measured; what is made there is removed afterwards [default: target/]
    #[arg(long)]
    dir: Option<PathBuf>,
}

#[derive(Debug, Serialize)]
struct Proofs {
    command: String,
    machine: Machine,
    events: u64,
    fill_seconds: f64,
    tree_mib: u64,
    open_ms: f64,
    open_without_tree_seconds: f64,
    tiles_per_second: f64,
    bundles_per_second: f64,
    receipts_per_second: f64,
    receipt_bytes: usize,
    receipt_after_p50_us: f64,
    receipt_after_p99_us: f64,
}

impl Report for Proofs {
    fn text(&self) -> String {
        let mut table = Table::new(&["", ""]);
        let mut line = |what: &str, figure: String| table.row(vec![what.to_owned(), figure]);
        line("events", thousands(self.events as f64));
        line("filled in", format!("{:.1} s", self.fill_seconds));
        line("hashes on disk", format!("{} MiB", self.tree_mib));
        line("opened", format!("{:.1} ms", self.open_ms));
        line("opened with the tree deleted", format!("{:.1} s", self.open_without_tree_seconds));
        line("tiles of hashes a second, one thread", thousands(self.tiles_per_second));
        line("bundles of entries a second, one thread", thousands(self.bundles_per_second));
        line("receipts a second, one thread", thousands(self.receipts_per_second));
        line("bytes of a receipt", thousands(self.receipt_bytes as f64));
        line("receipt after an append, p50", duration(self.receipt_after_p50_us));
        line("receipt after an append, p99", duration(self.receipt_after_p99_us));
        format!("{}\n{}\n{}", self.command, self.machine, table.text())
    }
}

pub(crate) fn run(arguments: &Arguments) -> Result<()> {
    let runtime = Runtime::new().context("starting the runtime")?;
    let place = Place::new(arguments.dir.as_deref())?;
    let machine = Machine::around(place.path());
    let folder = place.fresh()?;
    let open = || home::open(folder.path(), Writer::start()?);

    let log = open()?;
    let began = Instant::now();
    fill(&log, arguments.events)?;
    let fill_seconds = began.elapsed().as_secs_f64();
    log.close();
    let (log, opened) = timed(open)?;
    log.close();
    let tree = folder.path().join("tree").join("log");
    let sizes = fs::read_dir(&tree)?.map(|file| Ok(file?.metadata()?.len()));
    let tree_mib = sizes.sum::<std::io::Result<u64>>()? >> 20;
    fs::remove_dir_all(&tree)?;
    let (log, remade) = timed(open)?;

    let last = arguments.events / 256;
    let tile =
        |of| rate(|| log.tile(Tile { of, number: rand::rng().random_range(0..last), width: 256 }).map(drop));
    let (tiles_per_second, bundles_per_second) = (tile(Of::Hashes(0))?, tile(Of::Entries)?);
    let any = || log.receipt(rand::rng().random_range(0..arguments.events));
    let receipts_per_second = rate(|| any().map(drop))?;
    let receipt_bytes = any()?.map_or(0, |receipt| receipt.to_string().len());
    let waits = runtime.block_on(receipts(&log, arguments.receipts))?;
    log.close();
    let report = Proofs {
        command: std::env::args().collect::<Vec<_>>().join(" "),
        machine,
        events: arguments.events,
        fill_seconds,
        tree_mib,
        open_ms: opened.as_secs_f64() * 1_000.0,
        open_without_tree_seconds: remade.as_secs_f64(),
        tiles_per_second,
        bundles_per_second,
        receipts_per_second,
        receipt_bytes,
        receipt_after_p50_us: waits.percentile_us(0.5),
        receipt_after_p99_us: waits.percentile_us(0.99),
    };
    output::print(&report, arguments.json)
}

fn timed(open: impl Fn() -> Result<Log>) -> Result<(Log, Duration)> {
    let began = Instant::now();
    Ok((open()?, began.elapsed()))
}

fn rate(ask: impl Fn() -> Result<(), radslag_eventlog::Error>) -> Result<f64> {
    let (began, mut asked) = (Instant::now(), 0_u32);
    while began.elapsed() < ASKING {
        ask()?;
        asked += 1;
    }
    Ok(f64::from(asked) / began.elapsed().as_secs_f64())
}

fn fill(log: &Log, events: u64) -> Result<()> {
    let bar = progress::bar(events);
    let mut at = log.watermark();
    while at < events {
        let end = (at + BATCH).min(events);
        let batch = (at..end).map(|n| home::plain(log, n, vec![0x5a; PAYLOAD]));
        let write = Write { stream: home::stream(at), expected: 0, events: batch.collect::<Result<_>>()? };
        log.append_blocking(Append { writes: vec![write], guards: vec![], keys: vec![] })?;
        bar.inc(end - at);
        at = end;
    }
    bar.finish_and_clear();
    Ok(())
}

/// One append after the other, each at another moment of the second, and how long until a checkpoint covers it.
async fn receipts(log: &Log, count: usize) -> Result<Sample> {
    let mut checkpoints = log.checkpoints().context("the log has no tree")?;
    let began = Instant::now();
    let mut waits = Vec::new();
    for n in 0..count as u64 {
        let stream = home::stream(u64::MAX - n);
        let events = vec![home::plain(log, n, vec![0x5a; PAYLOAD])?];
        let write = Write { stream, expected: 0, events };
        let asked = Instant::now();
        let appended = log.append(Append { writes: vec![write], guards: vec![], keys: vec![] }).await?;
        checkpoints
            .wait_for(|newest| newest.as_ref().is_some_and(|newest| newest.checkpoint.size >= appended.end))
            .await?;
        log.receipt(appended.first)?.context("no receipt")?;
        waits.push(units(asked.elapsed()));
        let pause = rand::rng().random_range(0..1_000);
        tokio::time::sleep(Duration::from_millis(pause)).await;
    }
    Ok(Sample::new(count as u64, began.elapsed().as_secs_f64(), waits))
}
