//! The relay: carries a log to its JetStream stream, in order, each event exactly once, for ever.
//!
//! Position `p` is published with `Nats-Expected-Last-Sequence: p` and a message id made of log, origin and position.
//! So a second relay, a repeated publish and one that was overtaken are refused by the server, and there are no gaps.
//! Publishes are pipelined; the first that isn't acknowledged ends the pipeline, and the relay compares stream and log
//! anew before it goes on. Nothing is kept: the stream says how far it got. Dropping the future stops it at any point.
//!
//! A log that is held waits for this comparison: the relay releases it once the stream is a beginning of the log, and leaves
//! it held, with the reason, where the stream knows more or something else. So a log that was restored from an old backup
//! writes nothing over what others have read already.

mod earlier;

use std::{collections::VecDeque, convert::Infallible, pin::Pin, time::Duration};

use async_nats::jetstream::{
    Context,
    context::{PublishAckFuture, PublishError, PublishErrorKind},
    message::PublishMessage,
    publish::PublishAck,
    stream::{Config, State, Stream},
};
use futures_util::{StreamExt as _, stream::FuturesOrdered};
use radslag_eventlog::{Log, Record};
use tokio::sync::watch;

use crate::{
    Address, Alarm, Limits, Links,
    error::{Stop, Transient},
    stream::{ensure, is_missing, is_of, stream_config},
    wire,
};

/// Publishes that wait for their acknowledgement at once.
const IN_FLIGHT: usize = 512;
/// How much is read from the log at once, in bytes.
const READ_AHEAD: usize = 1024 * 1024;
/// A pause after a failure, doubled with each until the longest.
const PAUSE: Duration = Duration::from_millis(50);
const LONGEST_PAUSE: Duration = Duration::from_secs(5);

/// How far a relay has got.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Progress {
    /// Positions known to be in the stream: all before this.
    pub published: u64,
    /// Why it doesn't get on at the moment, if it doesn't; it tries again by itself.
    pub trouble: Option<String>,
}

/// Carries one life of a log to its stream.
pub struct Relay {
    log: Log,
    address: Address,
    links: Links,
    config: Config,
    first: u64,
    jetstream: Context,
    check_every: Duration,
    progress: watch::Sender<Progress>,
}

type Ack = Pin<Box<dyn Future<Output = (u64, Result<PublishAck, PublishError>)> + Send>>;
type Acks = FuturesOrdered<Ack>;

impl Relay {
    /// A relay of the log's present life, which begins at position `first` (0 unless a loss was accepted).
    #[must_use]
    pub fn new(
        log: Log,
        first: u64,
        address: Address,
        links: Links,
        limits: Limits,
        jetstream: Context,
    ) -> Self {
        let config = stream_config(&address, log.id(), log.origin(), first, limits);
        let progress = watch::Sender::new(Progress::default());
        Self { log, address, links, config, first, jetstream, check_every: Duration::from_secs(10), progress }
    }

    /// How often an idle relay compares stream and log; every 10 seconds unless set.
    #[must_use]
    pub const fn checking_every(mut self, check_every: Duration) -> Self {
        self.check_every = check_every;
        self
    }

    /// How far it has got.
    #[must_use]
    pub fn progress(&self) -> watch::Receiver<Progress> {
        self.progress.subscribe()
    }

    /// Runs until the stream contradicts the log. What passes (no connection, a restarted or emptied server, another
    /// relay) is tried again. Dropping the future stops it.
    pub async fn run(&self) -> Alarm {
        let mut pause = PAUSE;
        loop {
            let before = self.progress.borrow().published;
            let trouble = match self.follow().await {
                Err(Stop::Alarm(alarm)) => {
                    tracing::error!(stream = self.config.name, %alarm, "the relay stops");
                    self.still_held(&alarm);
                    self.note(|progress| progress.trouble = Some(alarm.to_string()));
                    return alarm;
                }
                Err(Stop::Retry(trouble)) => trouble,
                Ok(never) => match never {},
            };
            self.complain(&trouble);
            let got_on = self.progress.borrow().published > before;
            pause = if got_on { PAUSE } else { LONGEST_PAUSE.min(pause * 2) };
            tokio::time::sleep(pause).await;
        }
    }

    async fn follow(&self) -> Result<Infallible, Stop> {
        loop {
            let next = self.agree().await?;
            self.note(|progress| *progress = Progress { published: next, trouble: None });
            self.publish_from(next).await?;
        }
    }

    /// Compares the stream with the log and says which position comes next.
    async fn agree(&self) -> Result<u64, Stop> {
        self.no_later_life().await?;
        let (stream, state, settings) = ensure(&self.jetstream, &self.config).await?;
        let end = state.last_sequence.max(self.first);
        let log_end = self.log.watermark();
        if end > log_end {
            let stream = self.config.name.clone();
            return Err(Alarm::Ahead { stream, stream_end: end, log_end }.into());
        }
        let (expected, found) = (end - self.first, state.messages);
        if expected != found || found > 0 && state.first_sequence != self.first + 1 {
            return Err(Alarm::Holes { stream: self.config.name.clone(), expected, found }.into());
        }
        if found > 0 {
            self.compare_last(&stream, &state).await?;
        }
        if self.log.is_held() {
            tracing::info!(
                stream = self.config.name,
                position = end,
                "the log holds what the stream knows of it"
            );
            self.log.release();
        }
        settings?;
        self.fill_earlier().await?;
        Ok(end)
    }

    /// Whether somebody has published a later life of the log: then this one is a copy from before a loss was accepted.
    /// Looked at only while the log is held.
    async fn no_later_life(&self) -> Result<(), Stop> {
        if !self.log.is_held() {
            return Ok(());
        }
        let later = self.address.stream(self.log.origin() + 1);
        match self.jetstream.get_stream(&later).await {
            Err(failure) if is_missing(&failure.kind()) => Ok(()),
            Err(failure) => Err(Stop::retry("asking for a later life's stream")(failure)),
            Ok(found) if is_of(&found.cached_info().config, &self.config) => {
                Err(Alarm::Later { stream: later, origin: self.log.origin() }.into())
            }
            Ok(_) => Ok(()),
        }
    }

    /// A log that is held stays so: `/readyz` says why, and what can be done.
    fn still_held(&self, alarm: &Alarm) {
        let reason = match alarm {
            Alarm::Ahead { .. } | Alarm::Foreign { .. } | Alarm::Later { .. } => {
                format!("{alarm}: restore the log, or `radslag log accept-loss`")
            }
            Alarm::Holes { .. }
            | Alarm::Settings { .. }
            | Alarm::Unpublishable { .. }
            | Alarm::Log { .. } => {
                format!("the bus can't be compared with the log: {alarm}")
            }
        };
        if self.log.is_held() {
            self.log.hold(reason);
        }
    }

    /// Whether the stream's last message is the log's event at that position.
    async fn compare_last(&self, stream: &Stream, state: &State) -> Result<(), Stop> {
        let sequence = state.last_sequence;
        let last = stream
            .get_raw_message(sequence)
            .await
            .map_err(Stop::retry("reading the stream's last message"))?;
        let position = sequence - 1;
        let records = self.read(position, 1).await?;
        let record = records.into_iter().next().ok_or(Alarm::Log { position })?;
        let ours = self.encode(record)?;
        wire::same_event(&ours, &last.subject, &last.headers, &last.payload).map_err(|what| {
            let stream = self.config.name.clone();
            Stop::Alarm(Alarm::Foreign { stream, position, what })
        })
    }

    /// Publishes from a position on; returns after a while without events, to compare again.
    async fn publish_from(&self, mut next: u64) -> Result<(), Stop> {
        let mut watermark = self.log.watch();
        let mut ahead: VecDeque<Record> = VecDeque::new();
        let mut acks = Acks::new();
        loop {
            if ahead.is_empty() && *watermark.borrow_and_update() > next {
                ahead = self.read(next, READ_AHEAD).await?.into();
            }
            if acks.len() < IN_FLIGHT
                && let Some(record) = ahead.pop_front()
            {
                acks.push_back(self.publish(next, record).await?);
                next += 1;
                continue;
            }
            tokio::select! {
                biased;
                Some((position, ack)) = acks.next() => self.settle(position, ack)?,
                changed = watermark.changed(), if ahead.is_empty() => {
                    changed.map_err(Stop::retry("the log was closed"))?;
                }
                () = tokio::time::sleep(self.check_every), if acks.is_empty() && ahead.is_empty() => return Ok(()),
            }
        }
    }

    async fn publish(&self, position: u64, record: Record) -> Result<Ack, Stop> {
        if record.origin != self.log.origin() {
            return Err(Alarm::Log { position }.into());
        }
        let ack = self.send(position, record).await?;
        Ok(Box::pin(async move { (position, ack.into_future().await) }))
    }

    async fn send(&self, position: u64, record: Record) -> Result<PublishAckFuture, Stop> {
        if record.position() != position {
            return Err(Alarm::Log { position }.into());
        }
        let wire::Outgoing { subject, headers, body } = self.encode(record)?;
        let message = PublishMessage::build().headers(headers).payload(body);
        let sent = self.jetstream.send_publish(subject, message).await;
        sent.map_err(|failure| refused(position, failure))
    }

    /// Takes the acknowledgement of a position.
    fn settle(&self, position: u64, ack: Result<PublishAck, PublishError>) -> Result<(), Stop> {
        let ack = ack.map_err(|failure| refused(position, failure))?;
        // A duplicate is acknowledged with the sequence it has; anywhere else it would be another event's.
        if ack.sequence != position + 1 || ack.stream != self.config.name {
            let what = "it was acknowledged at another sequence";
            return Err(Alarm::Foreign { stream: ack.stream, position, what }.into());
        }
        self.note(|progress| progress.published = position + 1);
        Ok(())
    }

    async fn read(&self, from: u64, bytes: usize) -> Result<Vec<Record>, Stop> {
        let log = self.log.clone();
        let read = tokio::task::spawn_blocking(move || log.read(from, bytes)).await;
        match read.map_err(Stop::retry("reading the log"))? {
            Ok(records) => Ok(records),
            Err(failure) => {
                tracing::error!(log = %self.log.id(), position = from, %failure, "the log can't be read");
                Err(Alarm::Log { position: from }.into())
            }
        }
    }

    fn encode(&self, record: Record) -> Result<wire::Outgoing, Alarm> {
        let position = record.position();
        wire::encode(self.log.id(), &self.address, &self.links, record)
            .map_err(|what| Alarm::Unpublishable { position, what })
    }

    fn note(&self, change: impl FnOnce(&mut Progress)) {
        self.progress.send_modify(change);
    }

    /// Logs a trouble when it begins, not each time it goes on.
    fn complain(&self, trouble: &Transient) {
        let cause = trouble.cause();
        let text = format!("{}: {cause}", trouble.what);
        let known = self.progress.borrow().trouble.as_ref() == Some(&text);
        if !known {
            tracing::warn!(stream = self.config.name, what = trouble.what, cause, "the relay tries again");
            if self.log.is_held() {
                self.log.hold(format!("the bus can't be compared with the log yet: {text}"));
            }
            self.note(|progress| progress.trouble = Some(text));
        }
    }
}

fn refused(position: u64, failure: PublishError) -> Stop {
    if failure.kind() == PublishErrorKind::MaxPayloadExceeded {
        return Alarm::Unpublishable { position, what: "it exceeds the server's max_payload" }.into();
    }
    Stop::retry("publishing")(failure)
}
