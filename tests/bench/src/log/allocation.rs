//! How a segment should grow: `fallocate` reserves blocks that each sync must then mark as written; written zeros cost
//! once, and a sync afterwards has data to write and nothing else.

use std::{fs, os::unix::fs::FileExt as _, path::Path, time::Instant};

use anyhow::Result;
use serde::Serialize;

use super::Bench;
use crate::{
    progress,
    statistics::{Sample, Spread, units},
};

const FILE: u64 = 64 << 20;
/// Syncs of one run at most; small writes don't fill the file.
const SYNCS: u64 = 1_000;

/// How a file is grown before it is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub(crate) enum Growth {
    /// `fallocate`
    Fallocate,
    /// Written zeros, as segments are
    Zeros,
    /// Not at all: each write makes it longer
    Nothing,
}

const GROWTHS: [Growth; 3] = [Growth::Fallocate, Growth::Zeros, Growth::Nothing];

/// One way to grow, one size of write.
#[derive(Debug, Serialize)]
pub(crate) struct Allocation {
    pub(crate) growth: Growth,
    pub(crate) write_bytes: usize,
    /// To grow 64 MiB and sync them.
    pub(crate) grow_ms: f64,
    pub(crate) sync_p50_us: f64,
    pub(crate) sync_p99_us: f64,
    pub(crate) mb_per_second: f64,
    /// The same with the growing counted in its share.
    pub(crate) mb_per_second_with_growing: f64,
}

/// One run: what growing took, and each write with its sync.
struct Run {
    grow_seconds: f64,
    writes: Sample,
}

pub(crate) fn measure(bench: &Bench) -> Result<Vec<Allocation>> {
    let sizes = [1 << 10, 16 << 10, 256 << 10, 1 << 20];
    let runs = bench.arguments.runs;
    let bar = progress::bar((sizes.len() * GROWTHS.len() * runs) as u64).with_message("allocation");
    let mut all = Vec::new();
    for size in sizes {
        let mut samples: Vec<Vec<Run>> = GROWTHS.iter().map(|_| Vec::new()).collect();
        for _ in 0..runs {
            for (growth, samples) in GROWTHS.iter().zip(&mut samples) {
                let folder = bench.fresh()?;
                samples.push(run(folder.path(), *growth, size)?);
                bar.inc(1);
            }
        }
        all.extend(GROWTHS.iter().zip(&samples).map(|(growth, runs)| summary(*growth, size, runs)));
    }
    bar.finish_and_clear();
    Ok(all)
}

fn run(folder: &Path, growth: Growth, size: usize) -> Result<Run> {
    let file = fs::File::create_new(folder.join("file"))?;
    let started = Instant::now();
    match growth {
        Growth::Fallocate => rustix::fs::fallocate(&file, rustix::fs::FallocateFlags::empty(), 0, FILE)?,
        Growth::Zeros => radslag_vault::disk::File::grow(&file, 0, FILE)?,
        Growth::Nothing => {}
    }
    file.sync_all()?;
    let grow_seconds = started.elapsed().as_secs_f64();
    let bytes = vec![0x5a; size];
    let mut latencies = Vec::new();
    let started = Instant::now();
    for n in 0..SYNCS.min(FILE / size as u64) {
        let each = Instant::now();
        file.write_all_at(&bytes, n * size as u64)?;
        file.sync_data()?;
        latencies.push(units(each.elapsed()));
    }
    let seconds = started.elapsed().as_secs_f64();
    Ok(Run { grow_seconds, writes: Sample::new(latencies.len() as u64, seconds, latencies) })
}

fn summary(growth: Growth, size: usize, runs: &[Run]) -> Allocation {
    let median = |value: &dyn Fn(&Run) -> f64| Spread::of(runs.iter().map(value)).median;
    let megabytes = |run: &Run| run.writes.events as f64 * size as f64 / 1e6;
    let share = |run: &Run| run.writes.events as f64 * size as f64 / FILE as f64;
    Allocation {
        growth,
        write_bytes: size,
        grow_ms: median(&|run| run.grow_seconds * 1e3),
        sync_p50_us: median(&|run| run.writes.percentile_us(0.5)),
        sync_p99_us: median(&|run| run.writes.percentile_us(0.99)),
        mb_per_second: median(&|run| megabytes(run) / run.writes.seconds),
        mb_per_second_with_growing: median(&|run| {
            megabytes(run) / (run.writes.seconds + run.grow_seconds * share(run))
        }),
    }
}
