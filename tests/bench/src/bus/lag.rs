//! How long after its acknowledgement an event is a row in PostgreSQL, and a message that a consumer has.

use std::{
    path::Path,
    sync::{Arc, Mutex, PoisonError},
    time::{Duration, Instant},
};

use anyhow::{Result, anyhow, bail, ensure};
use radslag_bus::{Checkpoint, Subscription};
use radslag_eventlog::Writer;
use radslag_kit::{Fsync, Nats, Postgres};
use radslag_readmodel::Backend;
use serde::Serialize;
use tokio::task::JoinSet;

use crate::{
    house,
    rebuild::fill::Filling,
    statistics::{Sample, units},
};

/// Connections to PostgreSQL.
const CONNECTIONS: usize = 8;
/// Signatures begin in steps of so long.
const STEP: Duration = Duration::from_millis(5);

/// At one rate.
#[derive(Debug, Serialize)]
pub(crate) struct Lag {
    pub(crate) rate: u32,
    /// What came of it.
    pub(crate) events_per_second: f64,
    pub(crate) row_p50_us: f64,
    pub(crate) row_p99_us: f64,
    pub(crate) message_p50_us: f64,
    pub(crate) message_p99_us: f64,
}

/// When each position was acknowledged, or seen.
#[derive(Clone, Default)]
struct Moments(Arc<Mutex<Vec<Option<Instant>>>>);

impl Moments {
    fn note(&self, position: u64, at: Instant) {
        let mut moments = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let position = position as usize;
        if moments.len() <= position {
            moments.resize(position + 1, None);
        }
        moments[position] = Some(at);
    }

    fn after(&self, acknowledged: &Self, seconds: f64) -> Sample {
        let (seen, acknowledged) = (self.0.lock(), acknowledged.0.lock());
        let seen = seen.unwrap_or_else(PoisonError::into_inner);
        let acknowledged = acknowledged.unwrap_or_else(PoisonError::into_inner);
        let both = seen.iter().zip(acknowledged.iter()).filter_map(|(seen, said)| Some(((*seen)?, (*said)?)));
        // Who is told of the acknowledgement may be slower than who reads.
        let waits: Vec<u32> = both.map(|(seen, said)| units(seen.saturating_duration_since(said))).collect();
        Sample::new(waits.len() as u64, seconds, waits)
    }
}

pub(crate) async fn at(folder: &Path, rate: u32, seconds: u64) -> Result<Lag> {
    let nats = Nats::start()?;
    let server = Postgres::start_with(Fsync::On, &[("shared_buffers", "512MB")])?;
    let backend = Backend::postgres(&server.connection(), CONNECTIONS)?;
    let office = house::office(&house::config(folder)?, &Writer::start()?, Some(backend)).await?;
    let filling = Arc::new(Filling::of(office.clone()).await?);
    let (acknowledged, rows, messages) = (Moments::default(), Moments::default(), Moments::default());
    let first = office.log.watermark();
    let jetstream = async_nats::jetstream::new(async_nats::connect(nats.url()).await?);
    let relay = super::relay(&office.log, &jetstream)?;
    let mut beside = JoinSet::new();
    beside.spawn(async move { Err::<(), _>(anyhow!("{}", relay.run().await)) });
    let running = office.petitions.clone();
    beside.spawn(async move { Ok(running.follow().await?) });
    let (running, noted) = (office.petitions.clone(), rows.clone());
    beside.spawn(async move {
        let mut next = first;
        loop {
            running.wait_for(next + 1).await?;
            let (now, reached) = (Instant::now(), running.reached());
            (next..reached).for_each(|position| noted.note(position, now));
            next = reached;
        }
    });
    let (mut reader, noted) =
        (Subscription::remote(jetstream, &super::address()?, Checkpoint::START), messages.clone());
    beside.spawn(async move {
        loop {
            let position = reader.next().await?.position;
            noted.note(position, Instant::now());
        }
    });
    let (began, ended) = load(&filling, &acknowledged, rate, seconds).await?;
    let end = office.log.watermark();
    let seen = async {
        let has =
            |moments: &Moments| moments.0.lock().unwrap_or_else(PoisonError::into_inner).len() as u64 >= end;
        while !(has(&rows) && has(&messages)) {
            tokio::time::sleep(STEP).await;
        }
    };
    tokio::select! {
        () = seen => {}
        Some(ended) = beside.join_next() => {
            ended??;
            bail!("something that reads has ended");
        }
    }
    let took = (ended - began).as_secs_f64();
    let (rows, messages) = (rows.after(&acknowledged, took), messages.after(&acknowledged, took));
    ensure!(rows.events > 0 && messages.events == rows.events, "some events were never seen");
    beside.shutdown().await;
    Ok(Lag {
        rate,
        events_per_second: rows.rate(),
        row_p50_us: rows.percentile_us(0.5),
        row_p99_us: rows.percentile_us(0.99),
        message_p50_us: messages.percentile_us(0.5),
        message_p99_us: messages.percentile_us(0.99),
    })
}

/// Two events a person, each acknowledged by itself; begun and ended when.
async fn load(
    filling: &Arc<Filling>,
    acknowledged: &Moments,
    rate: u32,
    seconds: u64,
) -> Result<(Instant, Instant)> {
    let began = Instant::now();
    let people = u64::from(rate) * seconds / 2;
    let mut ticker = tokio::time::interval(STEP);
    let (mut who, mut signing) = (0, JoinSet::new());
    while who < people {
        ticker.tick().await;
        let due = (began.elapsed().as_secs_f64() * f64::from(rate) / 2.0) as u64;
        while who < due.min(people) {
            let (filling, acknowledged) = (filling.clone(), acknowledged.clone());
            signing.spawn(async move {
                let (asked, position) = filling.ask(who).await?;
                acknowledged.note(position, Instant::now());
                let position = filling.confirm(&asked).await?;
                acknowledged.note(position, Instant::now());
                Ok::<(), anyhow::Error>(())
            });
            who += 1;
        }
        while let Some(done) = signing.try_join_next() {
            done??;
        }
    }
    while let Some(done) = signing.join_next().await {
        done??;
    }
    Ok((began, Instant::now()))
}
