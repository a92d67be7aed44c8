//! What `log` found, as one document and as tables.

use serde::Serialize;

use super::{
    allocation::Allocation,
    crowd::{Crowd, Hot},
    keys::Keys,
    side::Side,
    streams::Streams,
};
use crate::{
    machine::Machine,
    output::{Report, Table, duration, thousands},
};

/// Everything; a part that wasn't asked for is null or empty.
#[derive(Debug, Serialize)]
pub(crate) struct Log {
    pub(crate) command: String,
    pub(crate) machine: Machine,
    pub(crate) side: Option<Side>,
    pub(crate) keys: Option<Vec<Keys>>,
    pub(crate) streams: Vec<Streams>,
    pub(crate) crowd: Option<Crowd>,
    pub(crate) allocation: Vec<Allocation>,
}

impl Report for Log {
    fn text(&self) -> String {
        let mut text = format!("{}\n{}\n", self.command, self.machine);
        text += &self.side.as_ref().map(side).unwrap_or_default();
        text += &self.keys.as_deref().map(keys).unwrap_or_default();
        self.streams.iter().for_each(|one| text += &streams(one));
        text += &self.crowd.as_ref().map(crowd).unwrap_or_default();
        if !self.allocation.is_empty() {
            text += &allocation(&self.allocation);
        }
        text
    }
}

fn name(value: impl std::fmt::Debug) -> String {
    format!("{value:?}").to_lowercase()
}

fn side(side: &Side) -> String {
    let mut table = Table::new(&[
        "payload",
        "writers",
        "",
        "events/s",
        "min",
        "max",
        "p50",
        "p99",
        "ours/tephra",
        "ours/bare",
    ]);
    for cell in &side.cells {
        for (at, peer) in cell.peers.iter().enumerate() {
            let rate = peer.events_per_second;
            let ratio = |ratio: Option<f64>| {
                ratio.filter(|_| at == 0).map_or_else(String::new, |ratio| format!("{ratio:.2}"))
            };
            table.row(vec![
                cell.payload.to_string(),
                cell.writers.to_string(),
                name(peer.peer),
                thousands(rate.median),
                thousands(rate.min),
                thousands(rate.max),
                duration(peer.p50_us),
                duration(peer.p99_us),
                ratio(cell.ours_by_tephra),
                ratio(cell.ours_by_bare),
            ]);
        }
    }
    let mut text =
        format!("\nDurable appends of one event, each to a stream that must not exist\n{}", table.text());
    for trial in &side.tephra_forms {
        text += &format!(
            "tephra with {} writers is called by {} (threads {}/s, tasks {}/s when tried)\n",
            trial.writers,
            name(trial.taken),
            thousands(trial.threads_per_second),
            thousands(trial.tasks_per_second),
        );
    }
    text
}

fn keys(all: &[Keys]) -> String {
    let mut table =
        Table::new(&["writers", "plain/s", "sealed/s", "plain p99", "sealed p99", "added per event"]);
    for one in all {
        table.row(vec![
            one.writers.to_string(),
            thousands(one.plain_per_second.median),
            thousands(one.sealed_per_second.median),
            duration(one.plain_p99_us),
            duration(one.sealed_p99_us),
            format!("{:.1} us", one.added_us),
        ]);
    }
    format!("\nKeys: one new key and one sealed field of 100 bytes per event\n{}", table.text())
}

fn streams(one: &Streams) -> String {
    let each: Vec<String> = one.each_million.iter().map(|rate| thousands(*rate)).collect();
    let index = match (one.index_mib, one.reopened.index_runs, one.reopened.index_streams) {
        (Some(mib), Some(runs), Some(streams)) => {
            format!(", index {mib} MiB with {} streams in {runs} runs", thousands(streams as f64))
        }
        _ => String::new(),
    };
    format!(
        "\nStreams ({}): {} new ones at {} writers: {}/s\n\
         of each part in turn: {}\n\
         memory: at most {} MiB resident, {} MiB of it not files at the end; closed in {:.1} s\n\
         opened again in {:.2} s with at most {} MiB; store {} MiB{index}\n",
        name(one.peer),
        thousands(one.streams as f64),
        one.writers,
        thousands(one.events_per_second),
        each.join("  "),
        one.peak_mib,
        one.anonymous_mib,
        one.close_seconds,
        one.reopened.seconds,
        one.reopened.peak_mib,
        one.store_mib,
    )
}

fn crowd(crowd: &Crowd) -> String {
    let mut table = Table::new(&["hot log", "events/s", "p50", "p99", "p99.9", "max"]);
    let mut row = |name: &str, hot: &Hot| {
        table.row(vec![
            name.into(),
            thousands(hot.events_per_second.median),
            duration(hot.p50_us),
            duration(hot.p99_us),
            duration(hot.p999_us),
            duration(hot.max_us),
        ]);
    };
    row("alone", &crowd.alone);
    row("in the crowd", &crowd.crowded);
    format!(
        "\nCrowd: {} other logs write once at the same instant, {} ms apart; the hot one has {} writers\n{}\
         {} volleys, answered in {} (median), {} (longest); opening the others took {:.1} s, memory {} to {} MiB\n",
        crowd.others,
        crowd.pause_ms,
        crowd.hot_writers,
        table.text(),
        crowd.volleys,
        duration(crowd.volley_p50_us),
        duration(crowd.volley_max_us),
        crowd.open_seconds,
        crowd.memory_before_mib,
        crowd.memory_after_mib,
    )
}

fn allocation(all: &[Allocation]) -> String {
    let mut table =
        Table::new(&["growth", "bytes a write", "grow 64 MiB", "p50", "p99", "MB/s", "with growing"]);
    for one in all {
        table.row(vec![
            name(one.growth),
            one.write_bytes.to_string(),
            format!("{:.1} ms", one.grow_ms),
            duration(one.sync_p50_us),
            duration(one.sync_p99_us),
            format!("{:.0}", one.mb_per_second),
            format!("{:.0}", one.mb_per_second_with_growing),
        ]);
    }
    format!(
        "\nAllocation: a file grown to 64 MiB, then written in order with an fdatasync each\n{}",
        table.text()
    )
}
