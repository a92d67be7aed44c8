//! What the rebuild gave.

use serde::Serialize;

use super::child::{Filled, Rebuilt};
use crate::{
    machine::Machine,
    output::{Report, Table, thousands},
};

#[derive(Serialize)]
pub(crate) struct Rebuild {
    pub(crate) command: String,
    pub(crate) machine: Machine,
    pub(crate) signatures: u64,
    pub(crate) filled: Filled,
    pub(crate) log_mib: u64,
    pub(crate) rebuilt: Vec<Rebuilt>,
}

impl Report for Rebuild {
    fn text(&self) -> String {
        let mut table =
            Table::new(&["into", "seconds", "events/s", "log s", "rows s", "rest s", "peak MiB", "count"]);
        for one in &self.rebuilt {
            let cells = [
                one.seconds,
                one.events as f64 / one.seconds,
                one.log_seconds,
                one.rows_seconds,
                one.seconds - one.log_seconds - one.rows_seconds,
                one.peak_mib as f64,
                one.count as f64,
            ];
            let decimals = [true, false, true, true, true, false, false];
            let shown = cells
                .iter()
                .zip(decimals)
                .map(|(cell, decimal)| if decimal { format!("{cell:.1}") } else { thousands(*cell) });
            table.row(std::iter::once(one.into.clone()).chain(shown).collect());
        }
        format!(
            "{}\n{}\n{} signatures written in {:.1} s ({} events/s), {} MiB on disk\n\n{}",
            self.command,
            self.machine,
            thousands(self.signatures as f64),
            self.filled.seconds,
            thousands(self.filled.events as f64 / self.filled.seconds),
            thousands(self.log_mib as f64),
            table.text(),
        )
    }
}
