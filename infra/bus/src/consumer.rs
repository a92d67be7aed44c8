//! A consumer: somebody who does something because of another service's events, each at least once and in order, from a
//! checkpoint of its own.
//!
//! An event that it can never take is parked, and those behind it go on: somebody looks at it and has it tried again, or
//! skips it and says why. What is only away for a while (a mail server, a database) parks nothing: it is waited for. What
//! a consumer does must come to the same if an event comes again.

mod kept;

use std::{
    io,
    time::{Duration, SystemTime, UNIX_EPOCH},
};

use radslag_kernel::{EventId, Instant};
use tokio::sync::watch;

pub use kept::{Decision, Kept, Outcome, Parked, Settled};

use crate::{Checkpoint, Delivery, Error, Source, Subscription};

/// Events handed over between two checkpoints.
const MOST: usize = 256;
/// With so many parked it isn't the events that are wrong: the consumer waits instead of parking one more.
const MOST_PARKED: usize = 1_000;
const PAUSE: Duration = Duration::from_millis(50);
const LONGEST_PAUSE: Duration = Duration::from_secs(5);
/// How long a parked event may take to come again from where it stands.
const PATIENCE: Duration = Duration::from_secs(5);

/// What is done because of an event.
pub trait Take: Send {
    /// Does it; the same event may come again.
    fn take(&mut self, event: &Delivery) -> impl Future<Output = Result<(), Unable>> + Send;
}

/// Why an event wasn't taken. Texts name no person: they stand in files and logs.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Unable {
    /// It never can be, as things are: it is parked.
    Ever(String),
    /// Something is away: it is tried again, and what comes behind waits.
    Now(String),
}

/// How far a consumer has got.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Reading {
    /// The position that comes next; what is before it was taken or parked, and the checkpoint says so.
    pub next: u64,
    /// Events of the log that are still to come, as far as is known.
    pub behind: u64,
    /// Events that wait for somebody's decision.
    pub parked: usize,
    /// Why it doesn't get on at the moment, if it doesn't; it tries again by itself.
    pub trouble: Option<String>,
}

/// Drives a [`Take`] along a source.
pub struct Consumer {
    name: String,
    source: Source,
    kept: Kept,
    look_every: Duration,
    reading: watch::Sender<Reading>,
}

impl Consumer {
    /// A consumer that begins at `start` if it has never run.
    ///
    /// # Errors
    /// If its folder can't be made or read.
    pub fn new(name: &str, source: Source, kept: Kept, start: Checkpoint) -> io::Result<Self> {
        if kept.checkpoint()?.is_none() {
            kept.save(start)?;
        }
        let reading = watch::Sender::new(Reading { parked: kept.parked()?.len(), ..Reading::default() });
        Ok(Self { name: name.to_owned(), source, kept, look_every: Duration::from_secs(1), reading })
    }

    /// How often it looks whether somebody has decided about a parked event; every second unless set.
    #[must_use]
    pub const fn looking_every(mut self, look_every: Duration) -> Self {
        self.look_every = look_every;
        self
    }

    /// How far it has got.
    #[must_use]
    pub fn reading(&self) -> watch::Receiver<Reading> {
        self.reading.subscribe()
    }

    /// Runs until it can't go on by itself: the events are of another log, or its folder can't be written. Dropping the
    /// future stops it; what wasn't in the checkpoint yet comes again.
    pub async fn run(&self, taker: &mut impl Take) -> Error {
        match self.follow(taker).await {
            Ok(never) => match never {},
            Err(error) => {
                tracing::error!(consumer = self.name, %error, "the consumer stops");
                self.trouble(Some(error.to_string()));
                error
            }
        }
    }

    async fn follow(&self, taker: &mut impl Take) -> Result<std::convert::Infallible, Error> {
        let mut from = self.kept.checkpoint()?.unwrap_or(Checkpoint::START);
        let mut subscription = self.source.subscribe(from);
        let mut pause = PAUSE;
        loop {
            self.note(&subscription, from);
            self.decided(taker).await?;
            let batch = tokio::select! {
                biased;
                batch = subscription.batch(MOST) => batch,
                () = tokio::time::sleep(self.look_every) => continue,
            };
            match batch {
                Ok(events) => {
                    for event in &events {
                        self.take(taker, event).await?;
                        from = event.checkpoint();
                    }
                    pause = PAUSE;
                }
                Err(error) => {
                    from = self.after(from, error, &mut pause).await?;
                    subscription = self.source.subscribe(from);
                }
            }
            self.kept.save(from)?;
        }
    }

    /// Where it goes on after what isn't an event.
    async fn after(&self, from: Checkpoint, error: Error, pause: &mut Duration) -> Result<Checkpoint, Error> {
        match error {
            // What no relay wrote may be made good at the source; then it can be tried again.
            Error::Malformed { sequence, what } if sequence == from.next + 1 && self.has_room()? => {
                self.park(Parked::nothing(from.origin, from.next, what, now()))?;
                Ok(Checkpoint { next: from.next + 1, ..from })
            }
            // What comes where the lost events were is news.
            Error::Overtaken { origin, holds } => {
                tracing::warn!(
                    consumer = self.name,
                    from = from.next,
                    to = holds,
                    "going back to what holds after a loss"
                );
                Ok(Checkpoint { origin, next: holds, ..from })
            }
            Error::Gap { .. } | Error::Malformed { .. } => {
                self.trouble(Some(error.to_string()));
                tokio::time::sleep(*pause).await;
                *pause = LONGEST_PAUSE.min(*pause * 2);
                Ok(from)
            }
            fatal => Err(fatal),
        }
    }

    /// Has an event taken, however long that takes, or parks it.
    async fn take(&self, taker: &mut impl Take, event: &Delivery) -> Result<(), Error> {
        let mut pause = PAUSE;
        loop {
            let why = match taker.take(event).await {
                Ok(()) => return Ok(()),
                Err(Unable::Ever(why)) if self.has_room()? => return self.park(parked(event, &why)),
                Err(Unable::Ever(why)) => format!("{MOST_PARKED} events are parked already: {why}"),
                Err(Unable::Now(why)) => why,
            };
            if self.trouble(Some(why.clone())) {
                tracing::warn!(
                    consumer = self.name,
                    position = event.position,
                    why,
                    "the consumer tries again"
                );
            }
            tokio::time::sleep(pause).await;
            pause = LONGEST_PAUSE.min(pause * 2);
            self.decided(taker).await?;
        }
    }

    fn has_room(&self) -> Result<bool, Error> {
        Ok(self.kept.parked()?.len() < MOST_PARKED)
    }

    fn park(&self, parked: Parked) -> Result<(), Error> {
        let Parked { position, why, .. } = &parked;
        tracing::error!(consumer = self.name, position, why, "an event is parked");
        Ok(self.kept.park(&parked)?)
    }

    /// Carries out what somebody decided about parked events.
    async fn decided(&self, taker: &mut impl Take) -> Result<(), Error> {
        for (parked, decision) in self.kept.decided()? {
            match decision {
                Decision::Skip { .. } => self.kept.settle(&parked, &decision, Outcome::Skipped, now())?,
                Decision::Retry { .. } => self.again(taker, parked, &decision).await?,
            }
        }
        let parked = self.kept.parked()?.len();
        self.reading.send_if_modified(|reading| std::mem::replace(&mut reading.parked, parked) != parked);
        Ok(())
    }

    /// Tries a parked event once more.
    async fn again(&self, taker: &mut impl Take, parked: Parked, decision: &Decision) -> Result<(), Error> {
        let log = self.kept.checkpoint()?.and_then(|checkpoint| checkpoint.log);
        let at = Checkpoint { log, origin: parked.origin, next: parked.position };
        let mut subscription = self.source.subscribe(at);
        let read = tokio::time::timeout(PATIENCE, subscription.next()).await;
        let why = match read {
            // The decision stays until the event can be read.
            Err(_elapsed) => return Ok(()),
            Ok(Err(error)) => error.to_string(),
            Ok(Ok(event)) => match taker.take(&event).await {
                Ok(()) => return Ok(self.kept.settle(&parked, decision, Outcome::Taken, now())?),
                Err(Unable::Now(_)) => return Ok(()),
                Err(Unable::Ever(why)) => why,
            },
        };
        let Parked { position, tries, .. } = parked;
        tracing::error!(consumer = self.name, position, why, "a parked event couldn't be taken again");
        Ok(self.kept.park_again(&Parked { why, tries: tries + 1, ..parked })?)
    }

    fn note(&self, subscription: &Subscription, from: Checkpoint) {
        self.reading.send_modify(|reading| {
            if from.next > reading.next {
                reading.trouble = None;
            }
            reading.next = from.next;
            reading.behind = subscription.behind();
        });
    }

    /// Whether it is another than before.
    fn trouble(&self, trouble: Option<String>) -> bool {
        self.reading.send_if_modified(|reading| {
            let is_new = reading.trouble != trouble;
            reading.trouble = trouble;
            is_new
        })
    }
}

fn parked(event: &Delivery, why: &str) -> Parked {
    Parked {
        origin: event.origin,
        position: event.position,
        event: EventId::from_slice(&event.header.event_id).map(|id| id.to_string()),
        kind: Some(event.header.r#type.clone()),
        why: why.to_owned(),
        since: now(),
        tries: 1,
    }
}

fn now() -> String {
    let millis = SystemTime::now().duration_since(UNIX_EPOCH).map_or(0, |since| since.as_millis());
    Instant::from_millis(u64::try_from(millis).unwrap_or(u64::MAX)).to_string()
}
