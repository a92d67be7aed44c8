//! The fault table: what a log must survive, tried with seeds, counted, printed. `bin/faults` runs it, a test runs a short
//! form of each row. What a row tries stands in its file; this one only knows that there are rows.

pub mod backup;
pub mod child;
pub mod clocks;
pub mod corruption;
pub mod full;
pub mod home;
pub mod kills;
pub mod lab;
pub mod letters;
pub mod model;
pub mod mount;
pub mod nats;
pub mod office;
pub mod points;
pub mod postgres;
pub mod power;
pub mod powercut;
pub mod races;
pub mod ram;
pub mod report;
pub mod syncs;
pub mod told;
pub mod world;

use lab::Lab;
use report::{Ran, Report};

/// A row of the table.
#[derive(Clone, Copy)]
pub struct Row {
    /// Its number, as it is asked for.
    pub name: &'static str,
    /// What happens to the log.
    pub fault: &'static str,
    /// What must hold.
    pub rule: &'static str,
    run: fn(&Lab) -> anyhow::Result<Ran>,
}

/// Every row, in the order of the table.
pub const ROWS: [Row; 13] = [
    Row { name: "1", fault: "random histories", rule: "two logs read as a Vec would", run: model::run },
    Row {
        name: "2",
        fault: "a crash at each named point",
        rule: "acknowledged = present once, positions dense, root recomputes",
        run: points::run,
    },
    Row {
        name: "3",
        fault: "power loss, simulated disk",
        rule: "no acknowledged event lost, the log is a prefix",
        run: power::run,
    },
    Row {
        name: "4",
        fault: "power cut, ext4 in a loop file",
        rule: "no acknowledged event lost",
        run: powercut::run,
    },
    Row { name: "5", fault: "kill -9 under load", rule: "as 2, and it opens again at once", run: kills::run },
    Row {
        name: "6",
        fault: "damaged bytes in every file",
        rule: "detected, or made again with the same root; never a shorter log",
        run: corruption::run,
    },
    Row {
        name: "7a",
        fault: "disk full, small tmpfs",
        rule: "read-only with a reason, goes on, nothing lost",
        run: full::run,
    },
    Row {
        name: "7b",
        fault: "a failed sync or write, then a power cut",
        rule: "the process ends; nothing acknowledged lost, no hole",
        run: syncs::run,
    },
    Row {
        name: "8",
        fault: "NATS killed, hanging, wiped, put back shorter; relays ended, doubled; the sender of letters killed",
        rule: "the stream equals the log, a reader gets each event once, in order; letters keep their bounds",
        run: nats::run,
    },
    Row {
        name: "9",
        fault: "Postgres killed, hanging, an older backup put back",
        rule: "the tables equal a rebuild from zero, row by row",
        run: postgres::run,
    },
    Row {
        name: "10",
        fault: "clocks forward, back, leaping",
        rule: "positions decide; a jump is read-only until accepted",
        run: clocks::run,
    },
    Row {
        name: "11",
        fault: "100 identical appends, signatures, uses of a link at once",
        rule: "exactly one",
        run: races::run,
    },
    Row {
        name: "13",
        fault: "old backups put back",
        rule: "the erased stay erased; closed without the ledger or behind a checkpoint",
        run: backup::run,
    },
];

/// Runs a row.
#[must_use]
pub fn run(row: &Row, lab: &Lab) -> Report {
    let began = std::time::Instant::now();
    let ran = (row.run)(lab).unwrap_or_else(|error| Ran::NotRun(format!("{error:#}")));
    Report::new(row, lab, ran, began.elapsed())
}
