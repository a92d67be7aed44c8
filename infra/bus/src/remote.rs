//! A stream read over JetStream from the reader's own checkpoint. The server keeps nothing for the reader.
//!
//! Each time it connects it makes a consumer that starts at the next position, lives in memory and goes by itself. Pull
//! requests bound what is under way; sequence and position of every message are checked. Where a life of the log ended, it
//! goes on in the stream of the next one.

use std::time::Duration;

use async_nats::jetstream::{
    Context,
    consumer::{
        AckPolicy, DeliverPolicy, IntoConsumerConfig as _, ReplayPolicy,
        pull::{Config, Stream as Messages},
    },
    message::Message,
};
use futures_util::{FutureExt as _, StreamExt as _};
use tokio::time::Instant;

use crate::{
    Address, Alarm, Checkpoint, Delivery, Error, Subscription,
    error::{Stop, Transient},
    stream::{compare, is_missing, is_stream_of},
    wire,
};

/// Messages asked for at once; the next are asked for when half of them were taken.
const BATCH: usize = 500;
const HEARTBEAT: Duration = Duration::from_secs(2);
const EXPIRES: Duration = Duration::from_secs(30);
/// A consumer that nobody asks goes after this.
const FORGOTTEN_AFTER: Duration = Duration::from_secs(60);
/// How often a reader that gets nothing asks whether the log has gone on in a later life.
const LOOK_EVERY: Duration = Duration::from_secs(5);
const PAUSE: Duration = Duration::from_millis(50);
const LONGEST_PAUSE: Duration = Duration::from_secs(5);

/// Reads the stream of a service of a tenant.
pub struct Remote {
    jetstream: Context,
    address: Address,
    from: Checkpoint,
    behind: u64,
    /// The position at which the next life began, if there is one.
    ends: Option<u64>,
    /// Kept between calls: a caller that waits in short turns must not put it off for ever.
    look_at: Instant,
    messages: Option<Messages>,
    pause: Duration,
    complained: Option<String>,
    failed: Option<Error>,
}

impl Subscription {
    /// Reads the stream of a service, which may not be there yet.
    #[must_use]
    pub fn remote(jetstream: Context, address: &Address, from: Checkpoint) -> Self {
        Self::Remote(Box::new(Remote {
            jetstream,
            address: address.clone(),
            from,
            behind: 0,
            ends: None,
            look_at: Instant::now(),
            messages: None,
            pause: PAUSE,
            complained: None,
            failed: None,
        }))
    }
}

impl Remote {
    pub(crate) async fn next(&mut self) -> Result<Delivery, Error> {
        if let Some(failed) = self.failed.take() {
            return Err(failed);
        }
        loop {
            if let Some(holds) = self.ends {
                self.cross(holds)?;
            }
            let message = match self.message().await {
                Ok(message) => message,
                Err(Stop::Alarm(alarm)) => return Err(self.fail(Error::Consumer(alarm))),
                Err(Stop::Retry(trouble)) => {
                    self.messages = None;
                    self.complain(&trouble);
                    tokio::time::sleep(self.pause).await;
                    self.pause = LONGEST_PAUSE.min(self.pause * 2);
                    continue;
                }
            };
            self.pause = PAUSE;
            self.complained = None;
            let Some(message) = message else { continue };
            if let Some(delivery) = self.accept(&message)? {
                return Ok(delivery);
            }
        }
    }

    pub(crate) fn ready(&mut self) -> Option<Delivery> {
        loop {
            if self.ends.is_some_and(|ends| ends <= self.from.next) {
                return None;
            }
            let message = self.messages.as_mut()?.next().now_or_never()??.ok();
            let Some(message) = message else {
                // Whatever it was, a new consumer finds out.
                self.messages = None;
                return None;
            };
            match self.accept(&message) {
                Ok(None) => {}
                Ok(Some(delivery)) => return Some(delivery),
                Err(error) => {
                    self.failed = Some(error);
                    return None;
                }
            }
        }
    }

    /// The next message; `None` when the lives were looked at instead.
    async fn message(&mut self) -> Result<Option<Message>, Stop> {
        let messages = match &mut self.messages {
            Some(messages) => messages,
            none => {
                self.ends = later(&self.jetstream, &self.address, self.from).await?;
                self.look_at = Instant::now() + LOOK_EVERY;
                if self.ends.is_some_and(|ends| ends <= self.from.next) {
                    return Ok(None);
                }
                none.insert(open(&self.jetstream, &self.address, self.from).await?)
            }
        };
        tokio::select! {
            biased;
            message = messages.next() => match message {
                Some(message) => message.map(Some).map_err(Stop::retry("reading the stream")),
                None => Err(Stop::Retry(Transient { what: "the server ended the consumer", source: None })),
            },
            () = tokio::time::sleep_until(self.look_at), if self.ends.is_none() => {
                self.ends = later(&self.jetstream, &self.address, self.from).await?;
                self.look_at = Instant::now() + LOOK_EVERY;
                Ok(None)
            }
        }
    }

    /// Into the next life, once everything before it was read.
    fn cross(&mut self, holds: u64) -> Result<(), Error> {
        let origin = self.from.origin + 1;
        if self.from.next > holds && self.from.log.is_some() {
            return Err(self.fail(Error::Overtaken { origin, holds }));
        }
        if self.from.next >= holds {
            self.from.origin = origin;
            (self.ends, self.messages) = (None, None);
        }
        Ok(())
    }

    pub(crate) const fn behind(&self) -> u64 {
        self.behind
    }

    /// Checks that a message is the next event; `None` if it was read before.
    fn accept(&mut self, message: &Message) -> Result<Option<Delivery>, Error> {
        let (sequence, behind) = message.info().map_or((0, 0), |info| (info.stream_sequence, info.pending));
        let headers = message.headers.as_ref().ok_or("it has no headers");
        let decoded = headers.and_then(|headers| wire::decode(headers, &message.payload, sequence));
        let delivery = decoded.map_err(|what| self.fail(Error::Malformed { sequence, what }))?;
        if let Some(expected) = self.from.log
            && expected != delivery.log
        {
            return Err(self.fail(Error::Foreign { expected, found: delivery.log }));
        }
        let (expected, found) = (self.from.next, delivery.position);
        if delivery.origin != self.from.origin {
            return Err(self.fail(Error::Malformed { sequence, what: "it is of another life of the log" }));
        }
        if found > expected {
            return Err(self.fail(Error::Gap { expected, found }));
        }
        if found < expected {
            // The server starts at its end where the stream is shorter than what was read: it is being filled again.
            return Ok(None);
        }
        self.from = delivery.checkpoint();
        self.behind = behind;
        Ok(Some(delivery))
    }

    /// The next call asks the server again from the same place.
    fn fail(&mut self, error: Error) -> Error {
        self.messages = None;
        error
    }

    /// Logs a trouble when it begins, not each time it goes on.
    fn complain(&mut self, trouble: &Transient) {
        let cause = trouble.cause();
        let text = format!("{}: {cause}", trouble.what);
        if self.complained.as_ref() != Some(&text) {
            tracing::warn!(
                stream = self.address.stream(self.from.origin),
                what = trouble.what,
                cause,
                "the subscription tries again"
            );
            self.complained = Some(text);
        }
    }
}

/// Where the life after this one began, if somebody has published it.
async fn later(jetstream: &Context, address: &Address, from: Checkpoint) -> Result<Option<u64>, Stop> {
    match jetstream.get_stream(address.stream(from.origin + 1)).await {
        Err(failure) if is_missing(&failure.kind()) => Ok(None),
        Err(failure) => Err(Stop::retry("asking for a later life's stream")(failure)),
        Ok(stream) => {
            let config = &stream.cached_info().config;
            if from.log.is_some_and(|log| !is_stream_of(config, log)) {
                return Ok(None);
            }
            Ok(Some(config.first_sequence.map_or(0, |first| first - 1)))
        }
    }
}

async fn open(jetstream: &Context, address: &Address, from: Checkpoint) -> Result<Messages, Stop> {
    let stream = jetstream.get_stream(address.stream(from.origin)).await;
    let stream = stream.map_err(Stop::retry("asking for the stream"))?;
    let wanted = consumer_config(from.next);
    let consumer =
        stream.create_consumer(wanted.clone()).await.map_err(Stop::retry("making the consumer"))?;
    let found = &consumer.cached_info().config;
    check(&consumer.cached_info().name, &wanted, found)?;
    let messages = consumer.stream().max_messages_per_batch(BATCH).heartbeat(HEARTBEAT).expires(EXPIRES);
    messages.messages().await.map_err(Stop::retry("reading the stream"))
}

fn consumer_config(next: u64) -> Config {
    Config {
        deliver_policy: DeliverPolicy::ByStartSequence { start_sequence: next + 1 },
        ack_policy: AckPolicy::None,
        replay_policy: ReplayPolicy::Instant,
        memory_storage: true,
        num_replicas: 1,
        inactive_threshold: FORGOTTEN_AFTER,
        ..Config::default()
    }
}

fn check(name: &str, wanted: &Config, found: &async_nats::jetstream::consumer::Config) -> Result<(), Alarm> {
    compare(name, &wanted.clone().into_consumer_config(), found)
}
