//! The load generator: one thread in a process of its own, so that its share of the machine can be told.

use std::{
    fs,
    io::{self, BufRead as _, Write as _},
    path::Path,
    sync::Arc,
    thread,
    time::{Duration, Instant},
};

use anyhow::{Context as _, Result};
use tokio::{sync::mpsc, task::JoinSet, time::sleep_until};

use super::{
    Way,
    client::{self, Client},
    load::{self, Load, Seen},
    spec::{Measured, Outcome, Spec},
};
use crate::statistics::Sample;

/// How long the count may take to show what was answered.
const SETTLE: Duration = Duration::from_secs(20);
/// Hundredths of a second, as `/proc/<pid>/stat` counts.
const TICKS: f64 = 100.0;

pub(crate) fn run(spec: &Path) -> Result<()> {
    let spec: Spec = serde_json::from_slice(&fs::read(spec)?)?;
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    let outcome = runtime.block_on(outcome(spec))?;
    writeln!(io::stdout(), "{}", serde_json::to_string(&outcome)?)?;
    // Reading stdin holds a thread that would be waited for.
    std::process::exit(0)
}

async fn outcome(spec: Spec) -> Result<Outcome> {
    let tokens = match spec.way {
        Way::Eid => fs::read_to_string(&spec.tokens)?.lines().map(str::to_owned).collect(),
        Way::Mailbox => Vec::new(),
    };
    let (post, links) = mpsc::unbounded_channel();
    if spec.way == Way::Mailbox {
        thread::spawn(move || receive(&post));
    }
    let count = client::get(&format!("/api/v1/{}/petitions/{}/count", spec.tenant, spec.petition));
    let mut client = Client::connect(spec.address).await?;
    let before = counted(&mut client, &count).await?;
    let begin = Instant::now() + Duration::from_secs_f64(spec.warm_up_seconds);
    let end = begin + Duration::from_secs_f64(spec.seconds);
    let load = Arc::new(Load::new(spec, begin, end, tokens, links));
    let mut running = JoinSet::new();
    for n in 0..load.spec.connections {
        running.spawn(load::sign(load.clone(), n));
    }
    for n in 0..load.spec.readers {
        running.spawn(load::read(load.clone(), n, count.clone()));
    }
    sleep_until(begin.into()).await;
    let used = (cpu(std::process::id()), cpu(load.spec.server));
    sleep_until(end.into()).await;
    let used = (cpu(std::process::id()) - used.0, cpu(load.spec.server) - used.1);
    let mut seen = Seen::default();
    while let Some(one) = running.join_next().await {
        seen.add(one?);
    }
    // The first connection was idle for so long that the service may have closed it.
    let mut client = Client::connect(load.spec.address).await?;
    let counted = settled(&mut client, &count, before + seen.answered).await? - before;
    let cores = thread::available_parallelism().map_or(1, usize::from) as f64;
    let share = |ticks: f64| ticks / TICKS / load.spec.seconds / cores;
    let measured = |latencies| measured(load.spec.seconds, latencies);
    Ok(Outcome {
        confirmed: measured(seen.confirmed),
        whole: measured(seen.whole),
        reads: measured(seen.reads),
        errors: seen.errors,
        first_error: seen.first_error,
        answered: seen.answered,
        counted,
        generator_share: share(used.0),
        service_share: share(used.1),
        ran_dry: seen.ran_dry,
    })
}

fn measured(seconds: f64, latencies: Vec<u32>) -> Measured {
    let sample = Sample::new(latencies.len() as u64, seconds, latencies);
    let (p50_us, p99_us) = (sample.percentile_us(0.5), sample.percentile_us(0.99));
    Measured { per_second: sample.rate(), p50_us, p99_us }
}

/// Links from the service's mails, one a line.
fn receive(post: &mpsc::UnboundedSender<String>) {
    for line in io::stdin().lock().lines().map_while(Result::ok) {
        if post.send(line).is_err() {
            return;
        }
    }
}

async fn counted(client: &mut Client, request: &[u8]) -> Result<u64> {
    client.send(request).await?;
    let answer: serde_json::Value = serde_json::from_slice(client.body())?;
    answer["count"].as_u64().context("an answer without a count")
}

/// The count once it is what it should be, or what it is when it should long have been.
async fn settled(client: &mut Client, request: &[u8], wanted: u64) -> Result<u64> {
    let until = Instant::now() + SETTLE;
    loop {
        let count = counted(client, request).await?;
        if count == wanted || Instant::now() > until {
            return Ok(count);
        }
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
}

/// Time a process took so far, in user and system mode.
fn cpu(process: u32) -> f64 {
    let stat = fs::read_to_string(format!("/proc/{process}/stat")).unwrap_or_default();
    // After the name, which may hold anything: state is the first field, utime and stime the 12th and 13th.
    let fields = stat.rsplit_once(')').map_or("", |(_, fields)| fields);
    let mut fields = fields.split_whitespace().skip(11).map(|field| field.parse().unwrap_or(0.0));
    fields.next().unwrap_or(0.0) + fields.next().unwrap_or(0.0)
}
