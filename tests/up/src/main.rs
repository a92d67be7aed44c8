//! `cargo xtask up` once everything is built: all services apart on this machine, with the NATS server, the Postgres and the
//! certificates they need, the demonstration in them, until Ctrl-C. Nothing is left of it but a folder that was named.

#![allow(clippy::print_stdout, clippy::print_stderr, reason = "it talks to whoever started it")]

mod asked;
mod authority;
mod home;
mod house;
mod report;

use std::{path::PathBuf, process::ExitCode, time::Duration};

use anyhow::{Result, bail};
use clap::Parser;
use radslag_kit::until_within;

use crate::{asked::Asked, home::Home, house::House};

/// All services of Rådslag apart on this machine, with the demonstration in them
#[derive(Parser)]
#[command(
    name = "cargo xtask up",
    after_help = "Examples:\n  cargo xtask up\n  cargo xtask up --dev --data /srv/radslag-up --people 2000\n\n\
        Needs `cargo xtask setup` once. Every port is free one; where to look is printed. Ctrl-C takes all down."
)]
pub(crate) struct Arguments {
    /// The binary that was built
    #[arg(long, hide = true)]
    radslag: PathBuf,
    /// A folder to keep everything in, for the next time too [default: a temporary one]
    #[arg(long, value_name = "FOLDER")]
    data: Option<PathBuf>,
    /// Only these of the demonstration's tenants, such as malmo,ale
    #[arg(long, value_name = "TENANTS", value_delimiter = ',')]
    tenants: Vec<String>,
    /// How many made-up people live around the slides
    #[arg(long, value_name = "N", default_value_t = 0)]
    people: u64,
    /// Say where to look as JSON, on one line
    #[arg(long)]
    json: bool,
}

fn main() -> ExitCode {
    match up(&Arguments::parse()) {
        Ok(()) => ExitCode::SUCCESS,
        Err(failure) => {
            eprintln!("up: {failure:#}");
            ExitCode::FAILURE
        }
    }
}

fn up(arguments: &Arguments) -> Result<()> {
    let asked = Asked::to_end()?;
    let home = Home::new(arguments)?;
    let mut house = House::default();
    let outcome = house.start(&home, arguments, &asked).and_then(|()| {
        report::print(&house.report(&home), arguments.json)?;
        watch(&house, &asked)
    });
    // In order, whatever happened; what can't be asked to end any more is killed.
    let ended = house.end();
    // Asked to end before everything was there: that is no failure.
    if asked.already() { ended } else { outcome.and(ended) }
}

/// Returns when somebody asks for the end, or fails when a process ended by itself.
fn watch(house: &House, asked: &Asked) -> Result<()> {
    until_within("the end", Duration::MAX, || {
        if asked.already() {
            return Ok(Some(()));
        }
        match house.ended() {
            Some((name, said)) => {
                bail!("{name} ended by itself, so all is taken down. The last it said:\n{said}")
            }
            None => Ok(None),
        }
    })
}
