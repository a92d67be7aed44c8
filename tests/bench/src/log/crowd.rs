//! A hot log while 290 others write at the same instant, again and again, as deadlines do at midnight.

use std::{
    sync::{
        Arc, Mutex, PoisonError,
        atomic::{AtomicBool, AtomicU64, Ordering},
    },
    time::{Duration, Instant},
};

use anyhow::Result;
use radslag_eventlog::Writer;
use serde::Serialize;
use tokio::{
    task::{JoinHandle, JoinSet},
    time,
};

use super::{
    Bench,
    load::{self, Load, Target as _},
    ours::{Content, Ours},
};
use crate::{
    home::Tenant,
    machine, progress,
    statistics::{Sample, Spread, percentile},
};

const OTHERS: usize = 290;
const WRITERS: usize = 64;
const PAYLOAD: usize = 200;
/// From one volley's last answer to the next volley.
const PAUSE: Duration = Duration::from_millis(250);

/// The hot log alone and in the crowd.
#[derive(Debug, Serialize)]
pub(crate) struct Crowd {
    pub(crate) others: usize,
    pub(crate) hot_writers: usize,
    pub(crate) pause_ms: u64,
    pub(crate) alone: Hot,
    pub(crate) crowded: Hot,
    pub(crate) volleys: usize,
    /// From a volley's start to the last of its answers.
    pub(crate) volley_p50_us: f64,
    pub(crate) volley_max_us: f64,
    /// What the others took to open, and this process' memory before and after.
    pub(crate) open_seconds: f64,
    pub(crate) memory_before_mib: u64,
    pub(crate) memory_after_mib: u64,
}

/// Medians over the runs.
#[derive(Debug, Serialize)]
pub(crate) struct Hot {
    pub(crate) events_per_second: Spread,
    pub(crate) p50_us: f64,
    pub(crate) p99_us: f64,
    pub(crate) p999_us: f64,
    pub(crate) max_us: f64,
}

pub(crate) fn measure(bench: &Bench) -> Result<Crowd> {
    let bar = progress::bar(2 * bench.arguments.runs as u64).with_message("crowd");
    let folder = bench.fresh()?;
    let tenant = Tenant::open(folder.path())?;
    let writer = Writer::start()?;
    let (_, memory_before_mib) = machine::memory_mib();
    let started = Instant::now();
    let others = (0..OTHERS).map(|number| {
        Ok(Ours::on(tenant.log(&format!("other-{number}"), writer.clone())?, PAYLOAD, Content::Plain))
    });
    let others = others.collect::<Result<Vec<Ours>>>()?;
    let open_seconds = started.elapsed().as_secs_f64();
    let (_, memory_after_mib) = machine::memory_mib();
    let load = Load { writers: WRITERS, length: bench.seconds() };
    let (mut alone, mut crowded, mut volleys) = (Vec::new(), Vec::new(), Vec::new());
    for run in 0..bench.arguments.runs {
        let hot = |name: &str| -> Result<Ours> {
            Ok(Ours::on(tenant.log(&format!("{name}-{run}"), writer.clone())?, PAYLOAD, Content::Plain))
        };
        alone.push(load::tasks(&bench.runtime, &hot("alone")?, load)?);
        bar.inc(1);
        let volley = Volleys::begin(bench, others.clone());
        crowded.push(load::tasks(&bench.runtime, &hot("crowded")?, load)?);
        volleys.extend(volley.end(bench)?);
        bar.inc(1);
    }
    volleys.sort_unstable_by(f64::total_cmp);
    bar.finish_and_clear();
    Ok(Crowd {
        others: OTHERS,
        hot_writers: WRITERS,
        pause_ms: PAUSE.as_millis() as u64,
        alone: hot(&alone),
        crowded: hot(&crowded),
        volleys: volleys.len(),
        volley_p50_us: percentile(&volleys, 0.5).unwrap_or_default(),
        volley_max_us: volleys.last().copied().unwrap_or_default(),
        open_seconds,
        memory_before_mib,
        memory_after_mib,
    })
}

/// All others write once at the same instant; then a pause; then again.
struct Volleys {
    over: Arc<AtomicBool>,
    task: JoinHandle<Result<()>>,
    durations_us: Arc<Mutex<Vec<f64>>>,
}

impl Volleys {
    fn begin(bench: &Bench, others: Vec<Ours>) -> Self {
        static NEXT: AtomicU64 = AtomicU64::new(0);
        let over = Arc::new(AtomicBool::new(false));
        let durations_us = Arc::new(Mutex::new(Vec::new()));
        let (stop, durations) = (over.clone(), durations_us.clone());
        let task = bench.runtime.spawn(async move {
            while !stop.load(Ordering::Relaxed) {
                let (n, started) = (NEXT.fetch_add(1, Ordering::Relaxed), Instant::now());
                let mut volley: JoinSet<Result<()>> = JoinSet::new();
                for other in &others {
                    let other = other.clone();
                    volley.spawn(async move { other.append(n).await });
                }
                while let Some(done) = volley.join_next().await {
                    done??;
                }
                let us = started.elapsed().as_secs_f64() * 1e6;
                durations.lock().unwrap_or_else(PoisonError::into_inner).push(us);
                time::sleep(PAUSE).await;
            }
            Ok(())
        });
        Self { over, task, durations_us }
    }

    fn end(self, bench: &Bench) -> Result<Vec<f64>> {
        self.over.store(true, Ordering::Relaxed);
        bench.runtime.block_on(self.task)??;
        Ok(std::mem::take(&mut *self.durations_us.lock().unwrap_or_else(PoisonError::into_inner)))
    }
}

fn hot(samples: &[Sample]) -> Hot {
    let median = |share: f64| Spread::of(samples.iter().map(|sample| sample.percentile_us(share))).median;
    Hot {
        events_per_second: Spread::of(samples.iter().map(Sample::rate)),
        p50_us: median(0.5),
        p99_us: median(0.99),
        p999_us: median(0.999),
        max_us: median(1.0),
    }
}
