//! What runs in a process of its own, so that its memory is its own: writing the log, and making tables from it. One
//! JSON line on stdout.

use std::{
    io::{self, Write as _},
    path::Path,
    sync::{Arc, Mutex, PoisonError},
    time::Instant,
};

use anyhow::{Context as _, Result, ensure};
use clap::ValueEnum;
use radslag_eventlog::Writer;
use radslag_petitions::shell::Office;
use radslag_readmodel::{Audience, Backend, Phase, Query, rebuild::Options};
use radslag_runtime::project::Progress;
use serde::{Deserialize, Serialize};

use super::fill;
use crate::{house, machine, place, progress};

/// Connections to PostgreSQL.
const CONNECTIONS: usize = 8;
const COUNT: Query = Query::new("bench count", "SELECT petition, signatures FROM petitions");
const ROWS: Query = Query::new("bench rows", "SELECT count(*) AS total FROM signatures");

/// What a child does in its folder.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum Task {
    /// Writes the log
    Fill,
    /// Makes tables in SQLite
    Sqlite,
    /// Makes tables in PostgreSQL
    Postgres,
}

/// What writing the log took.
#[derive(Debug, Serialize, Deserialize)]
pub(crate) struct Filled {
    pub(crate) seconds: f64,
    pub(crate) events: u64,
}

/// What making the tables took.
#[derive(Debug, Serialize, Deserialize)]
pub(crate) struct Rebuilt {
    pub(crate) into: String,
    /// From the first event read to the new tables in place.
    pub(crate) seconds: f64,
    /// Until the log was read and folded.
    pub(crate) log_seconds: f64,
    /// Then until the rows stood in the table; the rest is indexes, saving and putting in place.
    pub(crate) rows_seconds: f64,
    pub(crate) events: u64,
    pub(crate) rows: u64,
    pub(crate) count: u64,
    pub(crate) peak_mib: u64,
    /// Before it began.
    pub(crate) before_mib: u64,
}

pub(crate) fn run(task: Task, folder: &Path, signatures: u64, url: Option<&str>) -> Result<()> {
    let runtime = tokio::runtime::Runtime::new().context("starting the runtime")?;
    let line = runtime.block_on(async {
        Ok::<_, anyhow::Error>(match task {
            Task::Fill => serde_json::to_string(&fill::fill(folder, signatures).await?)?,
            Task::Sqlite => serde_json::to_string(&rebuild(folder, signatures, None).await?)?,
            Task::Postgres => serde_json::to_string(&rebuild(folder, signatures, url).await?)?,
        })
    })?;
    writeln!(io::stdout(), "{line}")?;
    Ok(())
}

async fn rebuild(folder: &Path, signatures: u64, url: Option<&str>) -> Result<Rebuilt> {
    let config = house::config(folder)?;
    // As after a start of the machine: nothing of the log is in memory.
    place::forget(&config.data.ground_dir())?;
    let backend = url.map(postgres).transpose()?;
    let office = house::office(&config, &Writer::start()?, backend).await?;
    let (before_mib, _) = machine::memory_mib();
    let events = office.log.watermark();
    let marks = Arc::new(Mutex::new(Marks::default()));
    let bar = progress::bar(events).with_message("events");
    let (started, noted) = (Instant::now(), marks.clone());
    let step = move |report| {
        let mut marks = noted.lock().unwrap_or_else(PoisonError::into_inner);
        match report {
            Progress::Events(done, _) => {
                marks.log = started.elapsed().as_secs_f64();
                bar.set_position(done);
            }
            Progress::Tables(report) if report.phase == Phase::Rows => {
                marks.rows = started.elapsed().as_secs_f64();
                bar.set_length(report.total);
                bar.set_position(report.done);
                bar.set_message("rows");
            }
            Progress::Tables(_) => bar.set_message("indexes"),
        }
    };
    let options = Options::new(config.data.derived_dir().join("rebuild"));
    let generation = office.petitions.rebuild(options, Arc::new(step)).await?;
    generation.promote(&office.petitions.store).await?;
    let seconds = started.elapsed().as_secs_f64();
    let (peak_mib, _) = machine::memory_mib();
    let (rows, count) = counted(&office, signatures).await?;
    let marks = marks.lock().unwrap_or_else(PoisonError::into_inner);
    let (log_seconds, rows_seconds) = (marks.log, (marks.rows - marks.log).max(0.0));
    let into = if url.is_some() { "PostgreSQL" } else { "SQLite" }.to_owned();
    Ok(Rebuilt { into, seconds, log_seconds, rows_seconds, events, rows, count, peak_mib, before_mib })
}

/// When what was done, in seconds.
#[derive(Default)]
struct Marks {
    log: f64,
    rows: f64,
}

fn postgres(url: &str) -> Result<Backend> {
    let config = url.parse().context("reading the URL of PostgreSQL")?;
    let manager = deadpool_postgres::Manager::new(config, tokio_postgres::NoTls);
    let pool = deadpool_postgres::Pool::builder(manager).max_size(CONNECTIONS).build()?;
    Ok(Backend::Postgres { pool, audience: Audience::default() })
}

/// Rows of signatures and the petition's count; the initiator counts without a row.
async fn counted(office: &Office, signatures: u64) -> Result<(u64, u64)> {
    let store = &office.petitions.store;
    let rows = store.query(&ROWS, &[]).await?;
    let rows = rows.first().context("no number of rows")?.int("total")?.unsigned_abs();
    let count = store.query(&COUNT, &[]).await?;
    let count = count.first().context("the tables have no petition")?.int("signatures")?.unsigned_abs();
    ensure!(rows == signatures, "the rebuilt table has {rows} signatures, the log {signatures}");
    ensure!(count == signatures + 1, "the rebuilt count is {count}, not {signatures} and the initiator");
    Ok((rows, count))
}
