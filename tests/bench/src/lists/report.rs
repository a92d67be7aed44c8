//! What the pages took.

use serde::Serialize;

use super::pages::Page;
use crate::{
    machine::Machine,
    output::{Report, Table, duration, thousands},
};

/// The goal, in microseconds.
const GOAL_US: f64 = 20_000.0;

#[derive(Serialize)]
pub(crate) struct Lists {
    pub(crate) command: String,
    pub(crate) machine: Machine,
    pub(crate) petitions: u64,
    pub(crate) signatures: u64,
    /// With the log of the little that is real.
    pub(crate) tables_mib: u64,
    pub(crate) fill_seconds: f64,
    /// Memory at most until the tables were filled.
    pub(crate) fill_peak_mib: u64,
    /// Memory at most, the load's included.
    pub(crate) peak_mib: u64,
    pub(crate) pages: Vec<Page>,
}

impl Report for Lists {
    fn text(&self) -> String {
        let mut table = Table::new(&["page", "requests", "per second", "p50", "p99", "under 20 ms"]);
        for page in &self.pages {
            table.row(vec![
                page.kind.to_owned(),
                thousands(page.requests as f64),
                thousands(page.per_second),
                duration(page.p50_us),
                duration(page.p99_us),
                if page.p99_us < GOAL_US { "yes" } else { "no" }.to_owned(),
            ]);
        }
        format!(
            "{}\n{}\n{} petitions and {} signatures in {} MiB of tables, filled in {:.0} s with {} MiB of memory, served with {} MiB\n\n{}",
            self.command,
            self.machine,
            thousands(self.petitions as f64),
            thousands(self.signatures as f64),
            thousands(self.tables_mib as f64),
            self.fill_seconds,
            self.fill_peak_mib,
            self.peak_mib,
            table.text()
        )
    }
}
