//! What travelling gave.

use serde::Serialize;

use super::{
    carry::{Carried, Rows},
    lag::Lag,
};
use crate::{
    machine::Machine,
    output::{Report, Table, duration, thousands},
};

#[derive(Serialize)]
pub(crate) struct Bus {
    pub(crate) command: String,
    pub(crate) machine: Machine,
    pub(crate) lags: Vec<Lag>,
    pub(crate) carried: Vec<Carried>,
    pub(crate) rows: Rows,
}

impl Report for Bus {
    fn text(&self) -> String {
        let headings =
            ["from acknowledgement", "events/s", "row p50", "row p99", "message p50", "message p99"];
        let mut lags = Table::new(&headings);
        for lag in &self.lags {
            let waits = [lag.row_p50_us, lag.row_p99_us, lag.message_p50_us, lag.message_p99_us];
            let mut cells = vec![format!("at {}/s", lag.rate), thousands(lag.events_per_second)];
            cells.extend(waits.map(duration));
            lags.row(cells);
        }
        let headings = ["JetStream", "events", "bytes", "relayed/s", "plain/s", "relayed : plain", "read/s"];
        let mut carried = Table::new(&headings);
        for one in &self.carried {
            let sync = if one.always { "synced each" } else { "default sync" };
            carried.row(vec![
                sync.into(),
                thousands(one.events as f64),
                one.message_bytes.to_string(),
                thousands(one.relayed_per_second),
                thousands(one.plain_per_second),
                format!("{:.2}", one.relayed_per_second / one.plain_per_second),
                thousands(one.read_per_second),
            ]);
        }
        let Rows { events, followed_per_second, inserted_per_second, rows_of_an_insert } = self.rows;
        format!(
            "{}\n{}\n\n{}\n{}\ninto live tables of PostgreSQL: {} events at {} a second; plain inserts of {} rows: {} rows a second\n",
            self.command,
            self.machine,
            lags.text(),
            carried.text(),
            thousands(events as f64),
            thousands(followed_per_second),
            rows_of_an_insert,
            thousands(inserted_per_second),
        )
    }
}
