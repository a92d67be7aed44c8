//! What one new key per event and one sealed field of 100 bytes add.

use anyhow::Result;
use serde::Serialize;

use super::{
    Bench,
    load::{self, Load},
    ours::{Content, Ours},
};
use crate::{
    progress,
    statistics::{Sample, Spread},
};

/// Bytes of the sealed field.
const FIELD: usize = 100;

/// One number of writers, without and with.
#[derive(Debug, Serialize)]
pub(crate) struct Keys {
    pub(crate) writers: usize,
    pub(crate) payload: usize,
    pub(crate) sealed_bytes: usize,
    pub(crate) plain_per_second: Spread,
    pub(crate) sealed_per_second: Spread,
    pub(crate) plain_p99_us: f64,
    pub(crate) sealed_p99_us: f64,
    /// What sealing adds to the time an event takes of the whole machine, in microseconds.
    pub(crate) added_us: f64,
}

pub(crate) fn measure(bench: &Bench) -> Result<Vec<Keys>> {
    let payload = bench.arguments.payload.first().copied().unwrap_or(200);
    let bar = progress::bar(2 * 2 * bench.arguments.runs as u64).with_message("keys");
    let mut all = Vec::new();
    for writers in [64, 1_000] {
        let load = Load { writers, length: bench.seconds() };
        let (mut plain, mut sealed) = (Vec::new(), Vec::new());
        for _ in 0..bench.arguments.runs {
            plain.push(run(bench, payload, Content::Plain, load)?);
            bar.inc(1);
            sealed.push(run(bench, payload, Content::Sealed(FIELD), load)?);
            bar.inc(1);
        }
        let rate = |samples: &[Sample]| Spread::of(samples.iter().map(Sample::rate));
        let p99 =
            |samples: &[Sample]| Spread::of(samples.iter().map(|sample| sample.percentile_us(0.99))).median;
        let (plain_per_second, sealed_per_second) = (rate(&plain), rate(&sealed));
        all.push(Keys {
            writers,
            payload,
            sealed_bytes: FIELD,
            plain_per_second,
            sealed_per_second,
            plain_p99_us: p99(&plain),
            sealed_p99_us: p99(&sealed),
            added_us: 1e6 / sealed_per_second.median - 1e6 / plain_per_second.median,
        });
    }
    bar.finish_and_clear();
    Ok(all)
}

fn run(bench: &Bench, payload: usize, content: Content, load: Load) -> Result<Sample> {
    let folder = bench.fresh()?;
    let ours = Ours::open(folder.path(), payload, content)?;
    let sample = load::tasks(&bench.runtime, &ours, load)?;
    ours.log.close();
    Ok(sample)
}
