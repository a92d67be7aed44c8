//! What every subscription does, whichever road the events took.

use std::{sync::OnceLock, time::Duration};

use futures_util::{FutureExt as _, StreamExt as _};
use radslag_bus::{Address, Checkpoint, Error, JetStream, Subscription};
use radslag_kernel::id::LogId;
use radslag_kit::Nats;

use crate::world::{Running, World, connect, soon, take};

#[derive(Clone, Copy)]
enum Road {
    Local,
    JetStream,
}

/// A log and, if the road needs it, a relay.
struct Fixture {
    world: World,
    /// The relay runs until the fixture goes.
    bus: Option<(JetStream, Address, Running)>,
}

impl Fixture {
    async fn new(road: Road, test: &str) -> Self {
        static NATS: OnceLock<Nats> = OnceLock::new();
        let world = World::new();
        let bus = match road {
            Road::Local => None,
            Road::JetStream => {
                let jetstream = connect(NATS.get_or_init(|| Nats::start().unwrap()).url()).await;
                let address = Address::new(&test.replace('_', "-"), "petitions").unwrap();
                let relay = Running::start(world.relay(&jetstream, &address));
                Some((jetstream, address, relay))
            }
        };
        Self { world, bus }
    }

    fn subscribe(&self, from: Checkpoint) -> Subscription {
        match &self.bus {
            None => Subscription::local(&self.world.log, from),
            Some((jetstream, address, _)) => Subscription::remote(jetstream.clone(), address, from),
        }
    }

    /// Waits until the server knows of a reader.
    async fn is_read(&self) {
        if self.bus.is_some() {
            self.delivered(0).await;
        }
    }

    /// How much the server has sent to the one reader, once it is so much.
    async fn delivered(&self, least: u64) -> u64 {
        let (jetstream, address, _) = self.bus.as_ref().unwrap();
        radslag_kit::eventually("the server to serve a reader", async || {
            let Ok(stream) = jetstream.get_stream(address.stream(0)).await else { return Ok(None) };
            let consumer = stream.consumers().next().await.transpose()?;
            Ok(consumer.map(|info| info.delivered.consumer_sequence).filter(|delivered| *delivered >= least))
        })
        .await
        .unwrap()
    }

    /// How many events have left the log or the server for this subscription, of which one was taken.
    async fn under_way(&self, subscription: &mut Subscription) -> u64 {
        if self.bus.is_none() {
            return subscription.batch(usize::MAX).await.unwrap().len() as u64;
        }
        self.delivered(500).await;
        self.delivered(500).await
    }
}

async fn every_event_comes_once_and_in_order(fixture: Fixture) {
    fixture.world.append(1_000).await;
    let mut subscription = fixture.subscribe(Checkpoint::START);
    assert!(take(&mut subscription, 1_000).await == fixture.world.expected());
}

async fn reading_goes_on_from_a_checkpoint(fixture: Fixture) {
    fixture.world.append(400).await;
    let last = take(&mut fixture.subscribe(Checkpoint::START), 150).await.pop().unwrap();
    let mut resumed = fixture.subscribe(last.checkpoint());
    assert!(take(&mut resumed, 250).await == fixture.world.expected()[150..]);
}

async fn reading_starts_at_any_position(fixture: Fixture) {
    fixture.world.append(120).await;
    for position in [0, 1, 49, 50, 51, 119] {
        let found = fixture.subscribe(Checkpoint::at(position)).next().await.unwrap();
        assert_eq!(found.position, position);
    }
}

async fn new_events_come_after_the_old_ones(fixture: Fixture) {
    fixture.world.append(10).await;
    let mut subscription = fixture.subscribe(Checkpoint::START);
    take(&mut subscription, 10).await;
    for position in 10..20 {
        assert!(subscription.next().now_or_never().is_none(), "an event before it was written");
        fixture.world.append(1).await;
        assert_eq!(subscription.next().await.unwrap().position, position);
    }
}

async fn a_subscription_may_come_before_the_first_event(fixture: Fixture) {
    let mut subscription = fixture.subscribe(Checkpoint::START);
    let (first, ()) = tokio::join!(subscription.next(), fixture.world.append(1));
    assert_eq!(first.unwrap().position, 0);
}

async fn a_slow_reader_holds_little(fixture: Fixture) {
    fixture.world.append(4_000).await;
    let mut subscription = fixture.subscribe(Checkpoint::START);
    subscription.next().await.unwrap();
    let under_way = fixture.under_way(&mut subscription).await;
    assert!(under_way <= 1_000, "{under_way} events of 1 KiB for a reader that took one");
}

async fn dropping_a_wait_loses_nothing(fixture: Fixture) {
    let mut subscription = fixture.subscribe(Checkpoint::START);
    let mut taken = Vec::new();
    let read = async {
        while taken.len() < 300 {
            // Cut off at any point, again and again.
            if let Ok(next) = tokio::time::timeout(Duration::from_micros(300), subscription.next()).await {
                taken.push(next.unwrap());
            }
        }
    };
    tokio::join!(read, fixture.world.append(300));
    assert!(taken == fixture.world.expected());
}

async fn a_batch_is_what_is_there(fixture: Fixture) {
    fixture.world.append(300).await;
    let mut subscription = fixture.subscribe(Checkpoint::START);
    let mut taken = Vec::new();
    while taken.len() < 300 {
        let batch = subscription.batch(64).await.unwrap();
        assert!((1..=64).contains(&batch.len()), "{}", batch.len());
        taken.extend(batch);
    }
    assert!(taken == fixture.world.expected());
}

async fn another_log_is_refused(fixture: Fixture) {
    fixture.world.append(3).await;
    let (expected, found) = (LogId::from_bytes([9; 16]), fixture.world.log.id());
    let mut subscription = fixture.subscribe(Checkpoint { log: Some(expected), origin: 0, next: 1 });
    for _ in 0..2 {
        let error = subscription.next().await.unwrap_err();
        assert!(
            matches!(error, Error::Foreign { expected: e, found: f } if (e, f) == (expected, found)),
            "{error}"
        );
    }
}

async fn a_reader_ahead_of_the_stream_waits(fixture: Fixture) {
    fixture.world.append(3).await;
    let mut subscription = fixture.subscribe(Checkpoint::at(5));
    let write = async {
        fixture.is_read().await;
        fixture.world.append(1).await;
        fixture.world.append(4).await;
    };
    let (next, ()) = tokio::join!(soon(subscription.next()), write);
    assert_eq!(next.unwrap().position, 5);
}

macro_rules! suite {
    ($($test:ident)*) => {
        mod local {
            $(#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
            async fn $test() {
                super::$test(super::Fixture::new(super::Road::Local, stringify!($test)).await).await;
            })*
        }
        mod jetstream {
            $(#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
            async fn $test() {
                super::$test(super::Fixture::new(super::Road::JetStream, stringify!($test)).await).await;
            })*
        }
    };
}

suite! {
    every_event_comes_once_and_in_order
    reading_goes_on_from_a_checkpoint
    reading_starts_at_any_position
    new_events_come_after_the_old_ones
    a_subscription_may_come_before_the_first_event
    a_slow_reader_holds_little
    dropping_a_wait_loses_nothing
    a_batch_is_what_is_there
    another_log_is_refused
    a_reader_ahead_of_the_stream_waits
}
