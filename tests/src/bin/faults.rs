//! Prints the fault table: `cargo run --release -p radslag-tests --bin faults`. It is also the program its child processes run.

use std::{io::Write as _, process::ExitCode};

use anyhow::{Result, bail};
use clap::{Parser, Subcommand};
use radslag_tests::faults::{self, ROWS, child::Orders, lab::Lab, letters, report};

/// What a log of Rådslag survives, tried with seeds
#[derive(Parser)]
#[command(name = "faults")]
struct Arguments {
    /// The first trial's seed; each next trial has the next
    #[arg(long, default_value_t = 1)]
    seed: u64,
    /// Only these rows, such as 1,2,7a
    #[arg(long, value_delimiter = ',')]
    rows: Vec<String>,
    /// A few trials of each row, as CI does
    #[arg(long)]
    short: bool,
    /// So many trials of each row
    #[arg(long)]
    times: Option<u64>,
    /// One JSON document instead of a table
    #[arg(long)]
    json: bool,
    #[command(subcommand)]
    child: Option<Child>,
}

#[derive(Subcommand)]
enum Child {
    /// Writes until it dies; started by rows
    #[command(hide = true)]
    Child(Orders),
    /// Sends letters until it dies; started by row 8
    #[command(hide = true)]
    Letters(letters::process::Orders),
}

fn main() -> ExitCode {
    match run() {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            let _ = writeln!(std::io::stderr().lock(), "{error:#}");
            ExitCode::FAILURE
        }
    }
}

fn run() -> Result<()> {
    let Arguments { seed, rows, short, times, json, child } = Arguments::parse();
    match child {
        Some(Child::Child(orders)) => return faults::child::run(&orders),
        Some(Child::Letters(orders)) => return faults::letters::process::run(&orders),
        None => {}
    }
    if let Some(unknown) = rows.iter().find(|name| ROWS.iter().all(|row| row.name != **name)) {
        bail!("there is no row {unknown}; there are {}", ROWS.map(|row| row.name).join(", "));
    }
    let lab = Lab::new(&std::env::current_exe()?, seed, short, times)?;
    let mut reports = Vec::new();
    for row in ROWS.iter().filter(|row| rows.is_empty() || rows.iter().any(|name| name == row.name)) {
        let report = faults::run(row, &lab);
        write!(std::io::stderr().lock(), "row {}: {:.1} s\n{}", row.name, report.seconds, report.failures())?;
        reports.push(report);
    }
    let mut out = std::io::stdout().lock();
    if json {
        serde_json::to_writer_pretty(&mut out, &reports)?;
        writeln!(out)?;
    } else {
        out.write_all(report::table(&reports).as_bytes())?;
    }
    let broken: Vec<&str> =
        reports.iter().filter(|report| report.is_broken()).map(|report| report.row).collect();
    if !broken.is_empty() {
        bail!("rows {} did not hold", broken.join(", "));
    }
    Ok(())
}
