//! A log put back from an old copy: the bus notices before the first write, and the log takes nothing until somebody
//! accepts what is lost.

use async_nats::jetstream::Context as JetStream;
use radslag_bus::{Address, Alarm, Checkpoint, Subscription};
use radslag_eventlog::log::Health;
use radslag_kit::Nats;

use crate::world::{Running, World, connect, soon, state, take};

async fn server() -> (Nats, JetStream, Address) {
    let nats = Nats::start().unwrap();
    let jetstream = connect(nats.url()).await;
    (nats, jetstream, Address::new("malmo", "petitions").unwrap())
}

impl World {
    fn relaying(&self, jetstream: &JetStream, address: &Address) -> Running {
        Running::start(self.relay(jetstream, address))
    }

    /// Carries everything to the stream.
    async fn published(&self, jetstream: &JetStream, address: &Address) {
        self.relaying(jetstream, address).reached(self.log.watermark()).await;
    }

    fn why_held(&self) -> String {
        match self.log.health() {
            Health::ReadOnly(reason, _) => reason,
            other => panic!("it isn't held: {other:?}"),
        }
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn after_a_start_the_log_takes_nothing_before_it_was_compared_with_the_bus() {
    let (nats, jetstream, address) = server().await;
    let world = World::new();
    world.append(10).await;
    world.published(&jetstream, &address).await;
    nats.kill().unwrap();
    let world = world.restarted();
    let mut relay = world.relaying(&jetstream, &address);
    relay.in_trouble().await;
    assert!(
        world.why_held().starts_with("the bus can't be compared with the log yet: "),
        "{}",
        world.why_held()
    );
    nats.restart().unwrap();
    relay.reached(10).await;
    assert!(!world.log.is_held());
    world.append(5).await;
    relay.reached(15).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_restored_backup_writes_nothing_until_its_loss_is_accepted() {
    let (_nats, jetstream, address) = server().await;
    let world = World::new();
    world.append(10).await;
    let backup = world.backup();
    world.append(5).await;
    world.published(&jetstream, &address).await;

    let world = World::restored(backup);
    let mut relay = world.relaying(&jetstream, &address);
    let alarm = soon(&mut relay.task).await.unwrap();
    assert!(matches!(alarm, Alarm::Ahead { stream_end: 15, log_end: 10, .. }), "{alarm}");
    let why = world.why_held();
    assert!(why.contains("the log has lost events: restore the log, or `radslag log accept-loss`"), "{why}");
    assert_eq!(world.log.watermark(), 10);

    let world = world.in_its_next_life();
    let mut relay = world.relaying(&jetstream, &address);
    relay.reached(11).await;
    assert!(!world.log.is_held());
    world.append(3).await;
    relay.reached(14).await;
    let old = state(&jetstream, &address).await;
    assert_eq!((old.messages, old.last_sequence), (15, 15), "the stream of the life that ended stays");
    let new = jetstream.get_stream(address.stream(1)).await.unwrap().get_info().await.unwrap().state;
    assert_eq!((new.first_sequence, new.last_sequence, new.messages), (11, 14, 4));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_restored_backup_that_went_on_otherwise_is_noticed_by_what_stands_at_a_position() {
    let (_nats, jetstream, address) = server().await;
    let world = World::new();
    world.append(10).await;
    let backup = world.backup();
    world.append(5).await;
    world.published(&jetstream, &address).await;
    // Somebody wrote into the copy without the bus.
    let world = World::restored(backup);
    world.log.release();
    world.append(7).await;
    let world = world.restarted();
    let mut relay = world.relaying(&jetstream, &address);
    let alarm = soon(&mut relay.task).await.unwrap();
    assert!(matches!(alarm, Alarm::Foreign { position: 14, .. }), "{alarm}");
    assert!(world.why_held().contains("disagrees with the log at position 14"), "{}", world.why_held());
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_copy_from_before_a_loss_was_accepted_is_noticed_by_the_later_life() {
    let (_nats, jetstream, address) = server().await;
    let world = World::new();
    world.append(10).await;
    world.published(&jetstream, &address).await;
    let backup = world.backup();
    let world = world.in_its_next_life();
    world.relaying(&jetstream, &address).reached(11).await;
    drop(world);

    let world = World::restored(backup);
    let mut relay = world.relaying(&jetstream, &address);
    let alarm = soon(&mut relay.task).await.unwrap();
    assert!(matches!(alarm, Alarm::Later { origin: 0, .. }), "{alarm}");
    assert!(world.why_held().contains("accept-loss"), "{}", world.why_held());
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_stream_that_is_only_set_otherwise_does_not_hold_the_log() {
    let (_nats, jetstream, address) = server().await;
    let world = World::new().restarted();
    let limits = radslag_bus::Limits { max_bytes: 1 << 30, replicas: 1 };
    let config = radslag_bus::stream_config(&address, world.log.id(), 0, 0, limits);
    jetstream.create_stream(config).await.unwrap();
    let mut relay = world.relaying(&jetstream, &address);
    let alarm = soon(&mut relay.task).await.unwrap();
    assert!(matches!(alarm, Alarm::Settings { .. }), "{alarm}");
    assert!(!world.log.is_held());
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_wiped_server_gets_back_what_holds_of_every_life() {
    let (nats, jetstream, address) = server().await;
    let world = World::new();
    world.append(60).await;
    world.published(&jetstream, &address).await;
    let world = world.in_its_next_life();
    world.relaying(&jetstream, &address).reached(61).await;
    let world = world.in_its_next_life();
    nats.wipe().unwrap();
    world.relaying(&jetstream, &address).reached(62).await;
    let mut all = Subscription::remote(jetstream, &address, Checkpoint::START);
    let read = take(&mut all, 62).await;
    assert!(read == world.expected());
    assert_eq!([read[59].origin, read[60].origin, read[61].origin], [0, 1, 2]);
}
