//! A stream read over JetStream from the reader's own checkpoint. The server keeps nothing for the reader.
//!
//! Each time it connects it makes a consumer that starts at the next position, lives in memory and goes by itself. Pull
//! requests bound what is under way; sequence and position of every message are checked.

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

use crate::{
    Address, Alarm, Checkpoint, Delivery, Error, Subscription,
    error::{Stop, Transient},
    stream::compare,
    wire,
};

/// Messages asked for at once; the next are asked for when half of them were taken.
const BATCH: usize = 500;
const HEARTBEAT: Duration = Duration::from_secs(2);
const EXPIRES: Duration = Duration::from_secs(30);
/// A consumer that nobody asks goes after this.
const FORGOTTEN_AFTER: Duration = Duration::from_secs(60);
const PAUSE: Duration = Duration::from_millis(50);
const LONGEST_PAUSE: Duration = Duration::from_secs(5);

/// Reads the stream of a service of a tenant.
pub struct Remote {
    jetstream: Context,
    stream: String,
    from: Checkpoint,
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
            stream: address.stream(from.origin),
            from,
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
            let message = match self.message().await {
                Ok(message) => message,
                Err(Stop::Alarm(alarm)) => return Err(Error::Consumer(alarm)),
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
            if let Some(delivery) = self.accept(&message)? {
                return Ok(delivery);
            }
        }
    }

    pub(crate) fn ready(&mut self) -> Option<Delivery> {
        loop {
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

    async fn message(&mut self) -> Result<Message, Stop> {
        let messages = match &mut self.messages {
            Some(messages) => messages,
            none => none.insert(open(&self.jetstream, &self.stream, self.from.next).await?),
        };
        match messages.next().await {
            Some(message) => message.map_err(Stop::retry("reading the stream")),
            None => Err(Stop::Retry(Transient { what: "the server ended the consumer", source: None })),
        }
    }

    /// Checks that a message is the next event; `None` if it was read before.
    fn accept(&mut self, message: &Message) -> Result<Option<Delivery>, Error> {
        let sequence = message.info().map_or(0, |info| info.stream_sequence);
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
            tracing::warn!(stream = self.stream, what = trouble.what, cause, "the subscription tries again");
            self.complained = Some(text);
        }
    }
}

async fn open(jetstream: &Context, stream: &str, next: u64) -> Result<Messages, Stop> {
    let stream = jetstream.get_stream(stream).await.map_err(Stop::retry("asking for the stream"))?;
    let wanted = consumer_config(next);
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
