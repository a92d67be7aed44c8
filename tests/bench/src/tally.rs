//! `radslag-bench tally`: counting: a participatory budget beside pabutools, raking, and a million answers.

mod budget;
mod pabutools;
mod report;
mod survey;

use std::path::PathBuf;

use anyhow::Result;
use clap::Args;

use crate::{machine::Machine, output};

#[derive(Args, Debug)]
pub(crate) struct Arguments {
    /// One JSON document instead of a table
    #[arg(long)]
    json: bool,
    /// A Pabulib file
    #[arg(long, default_value = "../shared/data/pb/Poland_Wieliczka_2023_Green_Budget.pb")]
    election: PathBuf,
    /// A Python that has pabutools 1.2 [default: .tools/pabutools/bin/python, or python3]
    #[arg(long)]
    python: Option<PathBuf>,
    /// How often each of ours is measured; the median is told
    #[arg(long, default_value_t = 9, value_parser = clap::value_parser!(u32).range(1..))]
    runs: u32,
    /// Answers of the survey
    #[arg(long, default_value_t = 1_000_000)]
    answers: usize,
}

pub(crate) fn run(arguments: &Arguments) -> Result<()> {
    let machine = Machine::around(&std::env::current_dir()?);
    let report = report::Tally {
        command: std::env::args().collect::<Vec<_>>().join(" "),
        machine,
        election: budget::real(arguments)?,
        made: budget::made(arguments.runs)?,
        raking: survey::raking(arguments.runs)?,
        answers: survey::answers(arguments.answers)?,
    };
    output::print(&report, arguments.json)
}
