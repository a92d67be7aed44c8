//! Both roads an event may take, so that one suite runs on each.

use std::sync::OnceLock;

use futures_util::StreamExt as _;
use radslag_bus::{Address, Checkpoint, JetStream, Source, Subscription};
use radslag_kit::Nats;

use crate::world::{Running, World, connect};

#[derive(Clone, Copy)]
pub(crate) enum Road {
    Local,
    JetStream,
}

/// A log and, if the road needs it, a relay.
pub(crate) struct Fixture {
    pub(crate) world: World,
    /// The relay runs until the fixture goes.
    pub(crate) bus: Option<(JetStream, Address, Running)>,
}

impl Fixture {
    pub(crate) async fn new(road: Road, test: &str) -> Self {
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

    pub(crate) fn source(&self) -> Source {
        match &self.bus {
            None => Source::Log(self.world.log.clone()),
            Some((jetstream, address, _)) => Source::jetstream(jetstream.clone(), address),
        }
    }

    pub(crate) fn subscribe(&self, from: Checkpoint) -> Subscription {
        self.source().subscribe(from)
    }

    /// The same road with the log as it became.
    pub(crate) fn becoming(self, became: impl FnOnce(World) -> World) -> Self {
        let Self { world, bus } = self;
        let bus = bus.map(|(jetstream, address, relay)| {
            drop(relay);
            (jetstream, address)
        });
        let world = became(world);
        let bus = bus.map(|(jetstream, address)| {
            let relay = Running::start(world.relay(&jetstream, &address));
            (jetstream, address, relay)
        });
        if bus.is_none() {
            world.log.release();
        }
        Self { world, bus }
    }

    /// Waits until the server knows of a reader.
    pub(crate) async fn is_read(&self) {
        if self.bus.is_some() {
            self.delivered(0).await;
        }
    }

    /// How much the server has sent to the one reader, once it is so much.
    pub(crate) async fn delivered(&self, least: u64) -> u64 {
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
    pub(crate) async fn under_way(&self, subscription: &mut Subscription) -> u64 {
        if self.bus.is_none() {
            return subscription.batch(usize::MAX).await.unwrap().len() as u64;
        }
        self.delivered(500).await;
        self.delivered(500).await
    }
}

macro_rules! suite {
    ($($test:ident)*) => {
        mod local {
            $(#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
            async fn $test() {
                super::$test($crate::road::Fixture::new($crate::road::Road::Local, stringify!($test)).await).await;
            })*
        }
        mod jetstream {
            $(#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
            async fn $test() {
                super::$test($crate::road::Fixture::new($crate::road::Road::JetStream, stringify!($test)).await).await;
            })*
        }
    };
}

pub(crate) use suite;
