//! What may happen to a stream and its server: the stream equals the log afterwards, or the relay says why it stopped.

use std::time::Duration;

use async_nats::{
    HeaderMap,
    jetstream::{Context as JetStream, stream::Config},
};
use radslag_bus::{
    Address, Alarm, Checkpoint, Consumer, Delivery, Limits, Source, Subscription, Take, Unable,
    consumer::Kept, stream_config,
};
use radslag_kernel::id::LogId;
use radslag_kit::Nats;

use crate::world::{Running, World, assert_stream_is_log, connect, soon, state, take};

struct Server {
    nats: Nats,
    jetstream: JetStream,
    address: Address,
    world: World,
}

impl Server {
    async fn start() -> Self {
        let nats = Nats::start().unwrap();
        let jetstream = connect(nats.url()).await;
        Self { nats, jetstream, address: Address::new("malmo", "petitions").unwrap(), world: World::new() }
    }

    fn relay(&self) -> Running {
        Running::start(self.world.relay(&self.jetstream, &self.address))
    }

    fn config(&self) -> Config {
        stream_config(&self.address, self.world.log.id(), 0, 0, Limits::default())
    }

    /// Publishes a message that no relay wrote.
    async fn forge(&self, body: &'static str) {
        let subject = self.address.subject(0, "petition.opened").unwrap();
        let ack = self.jetstream.publish_with_headers(subject, HeaderMap::new(), body.into()).await.unwrap();
        ack.await.unwrap();
    }

    async fn alarm(&self) -> Alarm {
        let mut relay = self.relay();
        soon(&mut relay.task).await.unwrap()
    }

    async fn assert_stream_is_log(&self) {
        assert_stream_is_log(&self.world, &self.jetstream, &self.address).await;
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn two_relays_leave_no_gap_and_no_duplicate() {
    let server = Server::start().await;
    let other = connect(server.nats.url()).await;
    server.world.append(2_000).await;
    let mut relays = [server.relay(), Running::start(server.world.relay(&other, &server.address))];
    server.world.append(2_000).await;
    for relay in &mut relays {
        relay.reached(4_000).await;
        assert!(!relay.task.is_finished());
    }
    server.assert_stream_is_log().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_killed_server_goes_on_where_it_was() {
    let server = Server::start().await;
    let mut relay = server.relay();
    let mut reader = Subscription::remote(server.jetstream.clone(), &server.address, Checkpoint::START);
    let mut taken = Vec::new();
    for round in 1..=2_u64 {
        let killed = async {
            relay.reached((round - 1) * 2_000 + 200).await;
            server.nats.kill().unwrap();
        };
        tokio::join!(server.world.append(2_000), killed);
        relay.in_trouble().await;
        server.nats.restart().unwrap();
        relay.reached(round * 2_000).await;
        taken.extend(take(&mut reader, 2_000).await);
    }
    server.assert_stream_is_log().await;
    assert!(taken == server.world.expected(), "the reader missed an event or read one twice");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_server_that_hangs_goes_on_where_it_was() {
    let server = Server::start().await;
    let mut relay = server.relay();
    server.world.append(100).await;
    relay.reached(100).await;
    server.nats.stop().unwrap();
    server.world.append(2_000).await;
    relay.in_trouble().await;
    server.nats.cont().unwrap();
    relay.reached(2_100).await;
    server.assert_stream_is_log().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_wiped_server_is_filled_again_while_idle() {
    let server = Server::start().await;
    let mut relay = server.relay();
    let mut reader = Subscription::remote(server.jetstream.clone(), &server.address, Checkpoint::START);
    server.world.append(500).await;
    relay.reached(500).await;
    let mut taken = take(&mut reader, 200).await;
    server.nats.wipe().unwrap();
    radslag_kit::eventually("the stream to be filled again", async || {
        let Ok(stream) = server.jetstream.get_stream(server.address.stream(0)).await else { return Ok(None) };
        Ok((stream.cached_info().state.messages == 500).then_some(()))
    })
    .await
    .unwrap();
    server.world.append(100).await;
    taken.extend(take(&mut reader, 400).await);
    assert!(taken == server.world.expected(), "the reader missed an event or read one twice");
    server.assert_stream_is_log().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_shorter_stream_is_filled_again() {
    let server = Server::start().await;
    server.world.append(100).await;
    let mut relay = server.relay();
    relay.reached(100).await;
    drop(relay);
    server.world.append(100).await;
    let mut relay = server.relay();
    relay.reached(200).await;
    server.assert_stream_is_log().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_stream_of_another_log_is_an_alarm() {
    let server = Server::start().await;
    server.world.append(3).await;
    let other = LogId::from_bytes([1; 16]);
    let config = stream_config(&server.address, other, 0, 0, Limits::default());
    server.jetstream.create_stream(config).await.unwrap();
    let alarm = server.alarm().await;
    assert!(matches!(alarm, Alarm::Foreign { position: 0, .. }), "{alarm}");
    assert_eq!(state(&server.jetstream, &server.address).await.messages, 0, "it wrote into it");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn another_message_at_the_end_is_an_alarm() {
    let server = Server::start().await;
    server.world.append(3).await;
    server.jetstream.create_stream(server.config()).await.unwrap();
    server.forge("forged").await;
    let alarm = server.alarm().await;
    assert!(matches!(alarm, Alarm::Foreign { position: 0, .. }), "{alarm}");
    assert_eq!(state(&server.jetstream, &server.address).await.messages, 1, "it wrote into it");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_stream_longer_than_the_log_is_an_alarm() {
    let server = Server::start().await;
    server.world.append(1).await;
    server.jetstream.create_stream(server.config()).await.unwrap();
    server.forge("one").await;
    server.forge("two").await;
    let alarm = server.alarm().await;
    assert!(matches!(alarm, Alarm::Ahead { stream_end: 2, log_end: 1, .. }), "{alarm}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn settings_that_are_not_as_asked_are_an_alarm() {
    let server = Server::start().await;
    let weaker = Config { deny_purge: false, max_age: Duration::from_secs(3600), ..server.config() };
    server.jetstream.create_stream(weaker).await.unwrap();
    let Alarm::Settings { name, differences } = server.alarm().await else { panic!("not about settings") };
    let settings: Vec<&str> = differences.iter().map(|difference| difference.setting.as_str()).collect();
    assert_eq!((name.as_str(), settings), ("radslag_malmo_petitions_0", vec!["deny_purge", "max_age"]));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn removed_messages_are_an_alarm() {
    let server = Server::start().await;
    server.world.append(5).await;
    let deletable = Config { deny_delete: false, deny_purge: false, ..server.config() };
    let stream = server.jetstream.create_stream(deletable).await.unwrap();
    for body in ["one", "two", "three"] {
        server.forge(body).await;
    }
    stream.delete_message(2).await.unwrap();
    server.jetstream.update_stream(server.config()).await.unwrap();
    let alarm = server.alarm().await;
    assert!(matches!(alarm, Alarm::Holes { expected: 3, found: 2, .. }), "{alarm}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_no_relay_wrote_is_parked_by_a_consumer() {
    struct Nothing;
    impl Take for Nothing {
        async fn take(&mut self, _: &Delivery) -> Result<(), Unable> {
            Ok(())
        }
    }
    let server = Server::start().await;
    server.world.append(3).await;
    server.relay().reached(3).await;
    server.forge("forged").await;
    let folder = tempfile::tempdir().unwrap();
    let kept = Kept::new(folder.path().join("mails"));
    let source = Source::jetstream(server.jetstream.clone(), &server.address);
    let consumer = Consumer::new("mails", source, kept.clone(), Checkpoint::START).unwrap();
    let mut reading = consumer.reading();
    let task = tokio::spawn(async move { drop(consumer.run(&mut Nothing).await) });
    soon(reading.wait_for(|reading| reading.next == 4 && reading.parked == 1)).await.unwrap();
    task.abort();
    let parked = kept.parked().unwrap().pop().unwrap();
    assert_eq!((parked.position, parked.event), (3, None));
    assert!(parked.why.starts_with("it is not an event"), "{}", parked.why);
}
