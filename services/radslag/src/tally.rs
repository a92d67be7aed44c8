//! `radslag tally`: the ballots of a file counted again, by its own rule or by any other.

mod budget;
mod ranked;

use std::{fs, path::Path};

use anyhow::{Context as _, Result};

use crate::{cli::tally::TallyArgs, failure::Usage, progress::Bar, said::Said};

pub(crate) use budget::{Project, Why};

/// Runs the command.
pub(crate) fn run(args: &TallyArgs, said: Said) -> Result<()> {
    let ending = args.file.extension().map(|ending| ending.to_string_lossy().to_ascii_lowercase());
    match ending.as_deref() {
        Some("pb") => budget::run(args, said),
        Some("toi" | "toc" | "soi" | "soc") => ranked::run(args, said),
        _ => Err(Usage(said.no_ballots(&args.file)).into()),
    }
}

fn read(file: &Path) -> Result<Vec<u8>> {
    fs::read(file).with_context(|| format!("{} can't be read", file.display()))
}

/// While it is counted.
fn counting(said: Said, what: &str) -> Bar {
    Bar::busy(&said.counting(what))
}
