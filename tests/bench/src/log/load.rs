//! Closed loops: so many writers, each with one append on its way, by tasks or by threads.

use std::{
    future::Future,
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering},
    },
    thread,
    time::{Duration, Instant},
};

use anyhow::{Result, anyhow};
use tokio::{runtime::Runtime, task::JoinSet};

use crate::statistics::{Sample, units};

/// Something that takes an append of one event to stream number `n`, which doesn't exist, and returns when it is durable.
pub(crate) trait Target: Clone + Send + Sync + 'static {
    fn append(&self, n: u64) -> impl Future<Output = Result<()>> + Send;
}

/// How long, and by how many.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Load {
    pub(crate) writers: usize,
    pub(crate) length: Duration,
}

/// One writer's share of a run.
struct Watch {
    begin: Instant,
    end: Instant,
    latencies: Vec<u32>,
}

impl Watch {
    fn new(load: Load) -> Self {
        let begin = Instant::now() + load.length / 4;
        Self { begin, end: begin + load.length, latencies: Vec::new() }
    }

    fn fork(&self) -> Self {
        Self { latencies: Vec::new(), ..*self }
    }

    /// Counts what was done within the run, whenever it began; false when it is over.
    fn note(&mut self, started: Instant) -> bool {
        let now = Instant::now();
        if (self.begin..self.end).contains(&now) {
            self.latencies.push(units(now - started));
        }
        now < self.end
    }
}

/// By tasks of a runtime.
pub(crate) fn tasks<T: Target>(runtime: &Runtime, target: &T, load: Load) -> Result<Sample> {
    let next = Arc::new(AtomicU64::new(0));
    let watch = Watch::new(load);
    runtime.block_on(async {
        let mut writers = JoinSet::new();
        for _ in 0..load.writers {
            let (target, next, mut watch) = (target.clone(), next.clone(), watch.fork());
            writers.spawn(async move {
                loop {
                    let started = Instant::now();
                    target.append(next.fetch_add(1, Ordering::Relaxed)).await?;
                    if !watch.note(started) {
                        return anyhow::Ok(watch.latencies);
                    }
                }
            });
        }
        let mut all = Vec::new();
        while let Some(done) = writers.join_next().await {
            all.extend(done??);
        }
        Ok(sample(all, load))
    })
}

/// By threads that block.
pub(crate) fn threads(append: impl Fn(u64) -> Result<()> + Sync, load: Load) -> Result<Sample> {
    let (append, next) = (&append, &AtomicU64::new(0));
    let watch = Watch::new(load);
    thread::scope(|scope| {
        let writers: Vec<_> = (0..load.writers)
            .map(|_| {
                let mut watch = watch.fork();
                scope.spawn(move || {
                    loop {
                        let started = Instant::now();
                        append(next.fetch_add(1, Ordering::Relaxed))?;
                        if !watch.note(started) {
                            return anyhow::Ok(watch.latencies);
                        }
                    }
                })
            })
            .collect();
        let mut all = Vec::new();
        for writer in writers {
            all.extend(writer.join().map_err(|_| anyhow!("a writer panicked"))??);
        }
        Ok(sample(all, load))
    })
}

fn sample(latencies: Vec<u32>, load: Load) -> Sample {
    Sample::new(latencies.len() as u64, load.length.as_secs_f64(), latencies)
}

/// A fixed number of appends by tasks; the seconds at which each million (or part of one) was complete.
pub(crate) async fn fixed<T: Target>(
    target: &T,
    writers: usize,
    total: u64,
    each: u64,
    step: impl Fn(u64) + Send + Sync + 'static,
) -> Result<Vec<f64>> {
    let next = Arc::new(AtomicU64::new(0));
    let done = Arc::new(AtomicU64::new(0));
    let step = Arc::new(step);
    let started = Instant::now();
    let mut tasks = JoinSet::new();
    for _ in 0..writers {
        let (target, next, done, step) = (target.clone(), next.clone(), done.clone(), step.clone());
        tasks.spawn(async move {
            let mut marks = Vec::new();
            loop {
                let n = next.fetch_add(1, Ordering::Relaxed);
                if n >= total {
                    return anyhow::Ok(marks);
                }
                target.append(n).await?;
                let count = done.fetch_add(1, Ordering::Relaxed) + 1;
                if count.is_multiple_of(each) || count == total {
                    marks.push(started.elapsed().as_secs_f64());
                    step(count);
                }
            }
        });
    }
    let mut marks = Vec::new();
    while let Some(writer) = tasks.join_next().await {
        marks.extend(writer??);
    }
    marks.sort_unstable_by(f64::total_cmp);
    Ok(marks)
}
