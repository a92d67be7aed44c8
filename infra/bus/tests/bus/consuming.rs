//! What every consumer does, whichever road the events took: each event at least once, parked ones looked after.

use std::{
    collections::BTreeSet,
    path::{Path, PathBuf},
    sync::{Arc, Mutex},
    time::Duration,
};

use radslag_bus::{
    Checkpoint, Consumer, Delivery, Take, Unable,
    consumer::{Decision, Kept, Outcome, Reading},
};
use tokio::{sync::watch, task::JoinHandle};

use crate::{
    road::{Fixture, suite},
    world::{World, soon},
};

/// Takes every event but those that are poison or whose time hasn't come.
#[derive(Clone, Default)]
struct Taker(Arc<Mutex<Taken>>);

#[derive(Default)]
struct Taken {
    positions: Vec<u64>,
    poison: BTreeSet<u64>,
    away: bool,
}

impl Taker {
    fn refusing(poison: impl IntoIterator<Item = u64>) -> Self {
        let taker = Self::default();
        taker.set(|taken| taken.poison = poison.into_iter().collect());
        taker
    }

    fn set(&self, change: impl FnOnce(&mut Taken)) {
        change(&mut self.0.lock().unwrap());
    }

    fn positions(&self) -> Vec<u64> {
        self.0.lock().unwrap().positions.clone()
    }
}

impl Take for Taker {
    async fn take(&mut self, event: &Delivery) -> Result<(), Unable> {
        let mut taken = self.0.lock().unwrap();
        if taken.away {
            return Err(Unable::Now("the other side is away".into()));
        }
        if taken.poison.contains(&event.position) {
            return Err(Unable::Ever("it says nothing".into()));
        }
        taken.positions.push(event.position);
        Ok(())
    }
}

/// A consumer at work, with its folder.
struct At {
    task: JoinHandle<()>,
    reading: watch::Receiver<Reading>,
}

impl At {
    fn work(fixture: &Fixture, folder: &Path, taker: &Taker) -> Self {
        let kept = Kept::new(folder.to_owned());
        let consumer = Consumer::new("mails", fixture.source(), kept, Checkpoint::START).unwrap();
        let consumer = consumer.looking_every(Duration::from_millis(20));
        let (reading, mut taker) = (consumer.reading(), taker.clone());
        Self { task: tokio::spawn(async move { drop(consumer.run(&mut taker).await) }), reading }
    }

    async fn until(&mut self, what: impl FnMut(&Reading) -> bool) -> Reading {
        soon(self.reading.wait_for(what)).await.unwrap().clone()
    }

    async fn reached(&mut self, next: u64) -> Reading {
        self.until(|reading| reading.next >= next).await
    }

    async fn stopped(self) {
        self.task.abort();
        let _ = self.task.await;
    }
}

fn folder() -> (tempfile::TempDir, PathBuf) {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("mails");
    (folder, path)
}

async fn a_consumer_goes_on_where_it_was(fixture: Fixture) {
    let ((_held, folder), taker) = (folder(), Taker::default());
    fixture.world.append(70).await;
    let mut at = At::work(&fixture, &folder, &taker);
    at.reached(70).await;
    at.stopped().await;
    fixture.world.append(30).await;
    let mut at = At::work(&fixture, &folder, &taker);
    assert_eq!(at.reached(100).await.parked, 0);
    at.stopped().await;
    assert!(taker.positions().into_iter().eq(0..100), "an event was left out or came again");
}

async fn what_is_away_is_waited_for(fixture: Fixture) {
    let ((_held, folder), taker) = (folder(), Taker::default());
    taker.set(|taken| taken.away = true);
    fixture.world.append(3).await;
    let mut at = At::work(&fixture, &folder, &taker);
    let reading = at.until(|reading| reading.trouble.is_some()).await;
    assert_eq!((reading.next, reading.trouble.as_deref()), (0, Some("the other side is away")));
    taker.set(|taken| taken.away = false);
    let reading = at.reached(3).await;
    assert_eq!((reading.parked, reading.trouble), (0, None));
    at.stopped().await;
    assert_eq!(taker.positions(), [0, 1, 2]);
}

async fn an_event_that_cant_be_taken_is_parked_and_the_others_go_on(fixture: Fixture) {
    let ((_held, folder), taker) = (folder(), Taker::refusing([4]));
    fixture.world.append(10).await;
    let mut at = At::work(&fixture, &folder, &taker);
    assert_eq!(at.until(|reading| reading.next == 10 && reading.parked == 1).await.trouble, None);
    at.stopped().await;
    assert_eq!(taker.positions(), [0, 1, 2, 3, 5, 6, 7, 8, 9]);
    // It is there after a restart.
    let parked = Kept::new(folder).parked().unwrap().pop().unwrap();
    assert_eq!((parked.origin, parked.position, parked.tries), (0, 4, 1));
    assert_eq!(
        (parked.kind.as_deref(), parked.why.as_str()),
        (Some("petition.signature-given"), "it says nothing")
    );
    assert_eq!(parked.event, Some(fixture.world.log.read_at(4).unwrap().id().to_string()));
}

async fn a_parked_event_is_tried_again_when_somebody_says_so(fixture: Fixture) {
    let ((_held, folder), taker) = (folder(), Taker::refusing([1]));
    fixture.world.append(3).await;
    let mut at = At::work(&fixture, &folder, &taker);
    at.until(|reading| reading.parked == 1).await;
    let kept = Kept::new(folder);
    let retry = Decision::Retry { by: Some("anna".into()) };
    kept.decide(1, &retry).unwrap();
    radslag_kit::eventually("it to be tried in vain", async || {
        let parked = kept.parked().unwrap().pop().unwrap();
        Ok((parked.tries == 2 && kept.decision(&parked).unwrap().is_none()).then_some(()))
    })
    .await
    .unwrap();
    taker.set(|taken| taken.poison.clear());
    kept.decide(1, &retry).unwrap();
    at.until(|reading| reading.parked == 0).await;
    at.stopped().await;
    assert_eq!(taker.positions(), [0, 2, 1]);
    let settled = kept.settled().unwrap().pop().unwrap();
    assert_eq!((settled.parked.position, settled.outcome, settled.decision), (1, Outcome::Taken, retry));
}

async fn a_parked_event_is_skipped_with_a_reason_that_stays(fixture: Fixture) {
    let ((_held, folder), taker) = (folder(), Taker::refusing([1]));
    fixture.world.append(3).await;
    let mut at = At::work(&fixture, &folder, &taker);
    at.until(|reading| reading.next == 3 && reading.parked == 1).await;
    at.stopped().await;
    let kept = Kept::new(folder.clone());
    let skip = Decision::Skip { reason: "written by a version that never went out".into(), by: None };
    kept.decide(1, &skip).unwrap();
    assert_eq!(kept.decide(2, &skip).unwrap_err().kind(), std::io::ErrorKind::NotFound);
    // Nobody was running: it is done at the next start.
    let mut at = At::work(&fixture, &folder, &taker);
    at.until(|reading| reading.next == 3 && reading.parked == 0).await;
    at.stopped().await;
    assert_eq!(taker.positions(), [0, 2]);
    let settled = kept.settled().unwrap().pop().unwrap();
    assert_eq!((settled.parked.position, settled.outcome, settled.decision), (1, Outcome::Skipped, skip));
}

async fn what_comes_where_events_were_lost_is_news(fixture: Fixture) {
    let ((_held, folder), taker) = (folder(), Taker::default());
    fixture.world.append(10).await;
    let backup = fixture.world.backup();
    fixture.world.append(5).await;
    let mut at = At::work(&fixture, &folder, &taker);
    at.reached(15).await;
    at.stopped().await;
    let restored = |world: World| {
        drop(world);
        World::restored(backup).in_its_next_life()
    };
    let fixture = fixture.becoming(restored);
    let mut at = At::work(&fixture, &folder, &taker);
    soon(at.reading.wait_for(|reading| reading.next == 11)).await.unwrap();
    at.stopped().await;
    assert!(taker.positions().into_iter().eq((0..15).chain([10])), "{:?}", taker.positions());
}

suite! {
    a_consumer_goes_on_where_it_was
    what_is_away_is_waited_for
    an_event_that_cant_be_taken_is_parked_and_the_others_go_on
    a_parked_event_is_tried_again_when_somebody_says_so
    a_parked_event_is_skipped_with_a_reason_that_stays
    what_comes_where_events_were_lost_is_news
}
