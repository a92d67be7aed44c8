//! How many events a second travel: by the relay, to a reader, and beside them what a plain publisher and a plain insert
//! make of the same server.

use std::{collections::VecDeque, path::Path, time::Instant};

use anyhow::{Context as _, Result, anyhow};
use async_nats::{
    HeaderMap,
    jetstream::{self, stream::StorageType},
};
use bytes::Bytes;
use radslag_bus::{Checkpoint, JetStream, Subscription};
use radslag_eventlog::{Log, Writer};
use radslag_kit::{Fsync, Nats, Postgres};
use radslag_readmodel::Backend;
use serde::Serialize;
use tokio_postgres::NoTls;

use crate::house;

/// Messages that a plain publisher has under way, as the relay has.
const IN_FLIGHT: usize = 512;
/// Rows of one plain insert.
const ROWS: u64 = 1_000;
const CONNECTIONS: usize = 8;

/// With one setting of the server.
#[derive(Debug, Serialize)]
pub(crate) struct Carried {
    /// Each message is synced before it is acknowledged.
    pub(crate) always: bool,
    pub(crate) events: u64,
    pub(crate) relayed_per_second: f64,
    pub(crate) read_per_second: f64,
    pub(crate) plain_per_second: f64,
    pub(crate) message_bytes: usize,
}

/// A log into a fresh stream, out of it again, and the same messages without a relay.
pub(crate) async fn all(log: &Log, always: bool) -> Result<Carried> {
    let nats = if always { Nats::start_with("sync_interval: always")? } else { Nats::start()? };
    let jetstream = jetstream::new(async_nats::connect(nats.url()).await?);
    let events = log.watermark();
    let per_second = |began: Instant| events as f64 / began.elapsed().as_secs_f64();
    let relay = super::relay(log, &jetstream)?;
    let (mut progress, began) = (relay.progress(), Instant::now());
    tokio::select! {
        alarm = relay.run() => return Err(anyhow!("{alarm}")),
        reached = progress.wait_for(|progress| progress.published >= events) => drop(reached?),
    }
    let relayed_per_second = per_second(began);
    let mut reader = Subscription::remote(jetstream.clone(), &super::address()?, Checkpoint::START);
    let (began, mut next, mut bytes) = (Instant::now(), 0, 0);
    while next < events {
        let batch = reader.batch(1_024).await?;
        next = batch.last().context("an empty batch")?.position + 1;
        bytes += batch.iter().map(|event| event.public.len()).sum::<usize>();
    }
    let read_per_second = per_second(began);
    let size = message(&jetstream).await?;
    let plain_per_second = plain(&jetstream, events, &size).await?;
    anyhow::ensure!(bytes > 0, "no event had a payload");
    Ok(Carried {
        always,
        events,
        relayed_per_second,
        read_per_second,
        plain_per_second,
        message_bytes: size.1.len() + headers(&size.0),
    })
}

/// The last message of the stream, to publish more of its kind.
async fn message(jetstream: &JetStream) -> Result<(HeaderMap, Bytes)> {
    let mut stream = jetstream.get_stream(super::address()?.stream(0)).await?;
    let last = stream.info().await?.state.last_sequence;
    let message = stream.get_raw_message(last).await?;
    Ok((message.headers, message.payload))
}

fn headers(map: &HeaderMap) -> usize {
    map.iter()
        .map(|(name, values)| {
            name.to_string().len() + values.iter().map(|value| value.as_str().len()).sum::<usize>()
        })
        .sum()
}

/// Published as fast as it is acknowledged, without an expected sequence and without an id.
async fn plain(jetstream: &JetStream, messages: u64, (of, payload): &(HeaderMap, Bytes)) -> Result<f64> {
    let config = jetstream::stream::Config {
        name: "plain".into(),
        subjects: vec!["plain".into()],
        storage: StorageType::File,
        ..Default::default()
    };
    jetstream.create_stream(config).await?;
    let mut map = HeaderMap::new();
    for (name, values) in of.iter().filter(|(name, _)| !name.to_string().starts_with("Nats-")) {
        values.iter().for_each(|value| map.append(name.clone(), value.clone()));
    }
    let (began, mut under_way) = (Instant::now(), VecDeque::with_capacity(IN_FLIGHT));
    for _ in 0..messages {
        if under_way.len() == IN_FLIGHT
            && let Some(first) = under_way.pop_front()
        {
            acknowledged(first).await?;
        }
        under_way.push_back(jetstream.publish_with_headers("plain", map.clone(), payload.clone()).await?);
    }
    for ack in under_way {
        acknowledged(ack).await?;
    }
    Ok(messages as f64 / began.elapsed().as_secs_f64())
}

async fn acknowledged(ack: jetstream::context::PublishAckFuture) -> Result<()> {
    ack.await?;
    Ok(())
}

/// Rows a second.
#[derive(Debug, Serialize)]
pub(crate) struct Rows {
    pub(crate) events: u64,
    /// Folded from the log into live tables, batch by batch.
    pub(crate) followed_per_second: f64,
    /// As many rows of a signature's width by plain inserts of so many.
    pub(crate) inserted_per_second: f64,
    pub(crate) rows_of_an_insert: u64,
}

/// A log's events into the live tables of petitions, and plain inserts into a table with the same key.
pub(crate) async fn rows(folder: &Path, events: u64) -> Result<Rows> {
    let server = Postgres::start_with(Fsync::On, &[("shared_buffers", "512MB"), ("max_wal_size", "8GB")])?;
    let backend = Backend::postgres(&server.connection(), CONNECTIONS)?;
    let office = house::office(&house::config(folder)?, &Writer::start()?, Some(backend)).await?;
    let (end, began) = (office.log.watermark(), Instant::now());
    tokio::select! {
        ended = office.petitions.follow() => ended?,
        reached = office.petitions.wait_for(end) => reached?,
    }
    let followed_per_second = end as f64 / began.elapsed().as_secs_f64();
    let (client, connection) = tokio_postgres::connect(&server.connection(), NoTls).await?;
    let running = tokio::spawn(connection);
    client
        .batch_execute(
            "CREATE TABLE plain (petition bytea, item bytea, state text, position bigint, at bigint, \
             area text, key_ref bigint, version bigint, PRIMARY KEY (petition, item))",
        )
        .await?;
    let row = |n: u64| {
        format!(
            "('\\x{:032x}','\\x{:032x}','confirmed',{n},{n},'',{n},2)",
            7,
            u128::from(n) * 0x9e37_79b9_7f4a_7c15
        )
    };
    let began = Instant::now();
    for first in (0..events).step_by(ROWS as usize) {
        let rows: Vec<String> = (first..(first + ROWS).min(events)).map(row).collect();
        client.batch_execute(&format!("INSERT INTO plain VALUES {}", rows.join(","))).await?;
    }
    let inserted_per_second = events as f64 / began.elapsed().as_secs_f64();
    drop(client);
    running.await??;
    Ok(Rows { events: end, followed_per_second, inserted_per_second, rows_of_an_insert: ROWS })
}
