//! `radslag-bench rebuild`: how long the read tables of petitions take to be made again from their log.

mod child;
pub(crate) mod fill;
mod report;

use std::{
    env,
    path::{Path, PathBuf},
    process::{Command, Stdio},
};

use anyhow::{Context as _, Result, ensure};
use clap::{Args, ValueEnum as _};
use radslag_kit::{Fsync, Postgres};
use serde::de::DeserializeOwned;

use crate::{
    machine::Machine,
    output,
    place::{self, Place},
};

#[derive(Args, Debug)]
pub(crate) struct Arguments {
    /// One JSON document instead of tables
    #[arg(long)]
    json: bool,
    /// Signatures by mailbox, two events each
    #[arg(long, default_value_t = 6_100_000)]
    signatures: u64,
    /// Also into a PostgreSQL of the bench's own
    #[arg(long)]
    postgres: bool,
    /// A folder on the disk to be measured; what is made there is removed afterwards [default: target/]
    #[arg(long)]
    dir: Option<PathBuf>,
    /// What a child process of the bench does
    #[arg(long, hide = true, value_enum, requires = "dir")]
    child: Option<child::Task>,
    /// Where a child finds PostgreSQL
    #[arg(long, hide = true)]
    url: Option<String>,
}

pub(crate) fn run(arguments: &Arguments) -> Result<()> {
    if let (Some(task), Some(folder)) = (arguments.child, &arguments.dir) {
        return child::run(task, folder, arguments.signatures, arguments.url.as_deref());
    }
    let place = Place::new(arguments.dir.as_deref())?;
    let machine = Machine::around(place.path());
    let folder = place.fresh()?;
    let start = |task, url: Option<&str>| {
        (task, folder.path().to_owned(), arguments.signatures, url.map(str::to_owned))
    };
    let filled: child::Filled = spawn(start(child::Task::Fill, None))?;
    let log_mib = place::size_mib(folder.path())?;
    let mut rebuilt = vec![spawn(start(child::Task::Sqlite, None))?];
    if arguments.postgres {
        let settings = [("shared_buffers", "512MB"), ("max_wal_size", "8GB")];
        let server = Postgres::start_with(Fsync::On, &settings)?;
        rebuilt.push(spawn(start(child::Task::Postgres, Some(&server.connection())))?);
    }
    let command = env::args().collect::<Vec<_>>().join(" ");
    let report =
        report::Rebuild { command, machine, signatures: arguments.signatures, filled, log_mib, rebuilt };
    output::print(&report, arguments.json)
}

type Start = (child::Task, PathBuf, u64, Option<String>);

/// Runs a child, whose memory is its own, and reads what it says.
fn spawn<T: DeserializeOwned>((task, folder, signatures, url): Start) -> Result<T> {
    let name = task.to_possible_value().map(|value| value.get_name().to_owned()).unwrap_or_default();
    let mut command = Command::new(env::current_exe().context("asking for the bench's own path")?);
    command.args(["rebuild", "--child", &name, "--signatures", &signatures.to_string(), "--dir"]);
    command.arg::<&Path>(&folder);
    if let Some(url) = url {
        command.args(["--url", &url]);
    }
    let output = command.stderr(Stdio::inherit()).output().context("starting a child")?;
    ensure!(output.status.success(), "the child for {name} failed: {}", output.status);
    serde_json::from_slice(&output.stdout).with_context(|| format!("reading what the child for {name} says"))
}
