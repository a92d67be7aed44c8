//! The table: what was tried, what survived, what was lost, how long it took; for people and as JSON.

use std::{fmt::Write as _, time::Duration};

use serde::Serialize;

use super::{Row, lab::Lab};

/// What came of a row.
pub enum Ran {
    /// It was run.
    Done(Tally),
    /// It can't be run here, and why.
    NotRun(String),
}

/// What was counted.
#[derive(Default, Serialize)]
pub struct Tally {
    /// Trials.
    pub tried: u64,
    /// Trials after which all that must hold held.
    pub survived: u64,
    /// Acknowledged events that were gone.
    pub lost: u64,
    /// Acknowledged events that were looked for and found.
    pub events: u64,
    /// What else the row found out.
    pub notes: Vec<String>,
    /// Trials that did not survive.
    pub failures: Vec<Failure>,
}

/// A trial that failed.
#[derive(Serialize)]
pub struct Failure {
    /// Its seed.
    pub seed: u64,
    /// What did not hold.
    pub why: String,
}

/// A row with what came of it.
#[derive(Serialize)]
pub struct Report {
    /// The row's number.
    pub row: &'static str,
    /// What happens to the log.
    pub fault: &'static str,
    /// What must hold.
    pub rule: &'static str,
    /// The first trial's seed.
    pub seed: u64,
    /// Counts; none if the row could not be run.
    pub counts: Option<Tally>,
    /// Why it was not run.
    pub not_run: Option<String>,
    /// How long it took.
    pub seconds: f64,
}

impl Report {
    pub(super) fn new(row: &Row, lab: &Lab, ran: Ran, took: Duration) -> Self {
        let (counts, not_run) = match ran {
            Ran::Done(tally) => (Some(tally), None),
            Ran::NotRun(why) => (None, Some(why)),
        };
        let (row, fault, rule) = (row.name, row.fault, row.rule);
        Self { row, fault, rule, seed: lab.seed, counts, not_run, seconds: took.as_secs_f64() }
    }

    /// Whether something did not hold; a row that was not run broke nothing.
    #[must_use]
    pub fn is_broken(&self) -> bool {
        self.counts.as_ref().is_some_and(|tally| tally.survived < tally.tried || tally.lost > 0)
    }

    /// Its failures, each with the command that repeats it.
    #[must_use]
    pub fn failures(&self) -> String {
        let mut text = String::new();
        for Failure { seed, why } in self.counts.iter().flat_map(|tally| &tally.failures) {
            let command = format!(
                "cargo run --release -p radslag-tests --bin faults -- --rows {} --seed {seed} --times 1",
                self.row
            );
            let _ = writeln!(text, "row {}, seed {seed}: {why}\n  again: {command}", self.row);
        }
        text
    }
}

/// The table as Markdown.
#[must_use]
pub fn table(reports: &[Report]) -> String {
    let mut text =
        "| # | what happens | tried | survived | events looked for | lost | time | |\n|---|---|---|---|---|---|---|---|\n"
            .to_owned();
    for report in reports {
        let Report { row, fault, seconds, .. } = report;
        let _ = match (&report.counts, &report.not_run) {
            (Some(tally), _) => {
                let Tally { tried, survived, events, lost, notes, .. } = tally;
                let notes = notes.join("; ");
                writeln!(
                    text,
                    "| {row} | {fault} | {tried} | {survived} | {events} | {lost} | {seconds:.1} s | {notes} |"
                )
            }
            (None, why) => {
                let why = why.as_deref().unwrap_or_default();
                writeln!(text, "| {row} | {fault} | | | | | | *not run: {why}* |")
            }
        };
    }
    text
}
