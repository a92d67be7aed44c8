//! What every subscription does, whichever road the events took.

use std::time::Duration;

use futures_util::FutureExt as _;
use radslag_bus::{Checkpoint, Error};
use radslag_kernel::id::LogId;

use crate::{
    road::{Fixture, suite},
    world::{World, soon, take},
};

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

async fn reading_goes_on_in_the_next_life(fixture: Fixture) {
    fixture.world.append(10).await;
    let last = take(&mut fixture.subscribe(Checkpoint::START), 4).await.pop().unwrap();
    let fixture = fixture.becoming(World::in_its_next_life);
    let rest = take(&mut fixture.subscribe(last.checkpoint()), 7).await;
    assert!(rest == fixture.world.expected()[4..]);
    assert_eq!((rest[5].origin, rest[6].origin), (0, 1));
    let again = take(&mut fixture.subscribe(Checkpoint::START), 11).await;
    assert!(again == fixture.world.expected());
}

async fn what_was_read_and_lost_is_told(fixture: Fixture) {
    fixture.world.append(10).await;
    let backup = fixture.world.backup();
    fixture.world.append(5).await;
    let last = take(&mut fixture.subscribe(Checkpoint::START), 15).await.pop().unwrap();
    let restored = |world: World| {
        drop(world);
        World::restored(backup).in_its_next_life()
    };
    let fixture = fixture.becoming(restored);
    let mut subscription = fixture.subscribe(last.checkpoint());
    for _ in 0..2 {
        let error = soon(subscription.next()).await.unwrap_err();
        assert!(matches!(error, Error::Overtaken { origin: 1, holds: 10 }), "{error}");
    }
}

async fn how_far_it_is_behind_is_known(fixture: Fixture) {
    fixture.world.append(30).await;
    if let Some((_, _, relay)) = &fixture.bus {
        relay.has(30).await;
    }
    let mut subscription = fixture.subscribe(Checkpoint::START);
    take(&mut subscription, 10).await;
    assert_eq!(subscription.behind(), 20);
    take(&mut subscription, 20).await;
    assert_eq!(subscription.behind(), 0);
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
    reading_goes_on_in_the_next_life
    what_was_read_and_lost_is_told
    how_far_it_is_behind_is_known
}
