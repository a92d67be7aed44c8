//! What can go wrong on the bus: an alarm somebody must look at, or something that passes and is tried again.

use std::error::Error as StdError;

use radslag_kernel::id::LogId;

use crate::Difference;

/// The stream contradicts the log, or can't hold it: the relay stops and changes nothing.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum Alarm {
    /// The stream holds another log, or another history of this one.
    #[error("stream {stream} disagrees with the log at position {position}: {what}")]
    Foreign {
        /// The stream.
        stream: String,
        /// The first position known to differ.
        position: u64,
        /// What differs.
        what: &'static str,
    },
    /// The stream holds more than the log: the log has lost acknowledged events.
    #[error(
        "stream {stream} ends after position {stream_end}, the log after {log_end}: the log has lost events"
    )]
    Ahead {
        /// The stream.
        stream: String,
        /// Positions in the stream: 0 to this, exclusive.
        stream_end: u64,
        /// Positions in the log: 0 to this, exclusive.
        log_end: u64,
    },
    /// There is a stream of a later life: the log is a copy from before a loss was accepted.
    #[error("there is a stream {stream}: the log has gone on in a later life than its origin {origin}")]
    Later {
        /// The stream of the later life.
        stream: String,
        /// Of the log as it is here.
        origin: u32,
    },
    /// Messages were removed from the stream.
    #[error("stream {stream} holds {found} messages of {expected}: some were removed")]
    Holes {
        /// The stream.
        stream: String,
        /// Messages up to its last sequence.
        expected: u64,
        /// Messages in it.
        found: u64,
    },
    /// The stream, or a consumer, doesn't have the settings it was asked to have.
    #[error("{name} is set otherwise than asked: {}", list(.differences))]
    Settings {
        /// The stream or consumer.
        name: String,
        /// Every setting that differs.
        differences: Vec<Difference>,
    },
    /// An event that can't be published under these names.
    #[error("the event at position {position} can't be published: {what}")]
    Unpublishable {
        /// Its position.
        position: u64,
        /// Why.
        what: &'static str,
    },
    /// The log can't be read.
    #[error("the log can't be read at position {position}")]
    Log {
        /// Where.
        position: u64,
    },
}

/// Why a subscription ended. What passes by itself (no connection, no stream yet) never ends one.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// The log can't be read.
    #[error("the log can't be read")]
    Log(#[source] radslag_eventlog::Error),
    /// The log was closed.
    #[error("the log was closed")]
    Closed,
    /// The events come from another log than the checkpoint: what was built from the old one must be rebuilt.
    #[error("the events are of log {found}, the checkpoint is of log {expected}")]
    Foreign {
        /// Of the checkpoint.
        expected: LogId,
        /// Of the message.
        found: LogId,
    },
    /// A position is missing.
    #[error("expected position {expected}, found {found}")]
    Gap {
        /// The position that should have come.
        expected: u64,
        /// The position that came.
        found: u64,
    },
    /// A message that no relay wrote.
    #[error("the message at sequence {sequence} is not an event: {what}")]
    Malformed {
        /// Of the stream.
        sequence: u64,
        /// What is wrong.
        what: &'static str,
    },
    /// The log went on otherwise, after a loss was accepted: what was read from `holds` on was lost.
    #[error("what was read from position {holds} on was lost: life {origin} of the log went on there")]
    Overtaken {
        /// The life that went on.
        origin: u32,
        /// The first position that is another event now.
        holds: u64,
    },
    /// The consumer doesn't have the settings it was asked to have.
    #[error("the consumer can't be used")]
    Consumer(#[source] Alarm),
    /// What a consumer keeps can't be read or written.
    #[error("the consumer's folder can't be used")]
    Kept(#[from] std::io::Error),
}

/// Why work was interrupted.
pub(crate) enum Stop {
    /// For good.
    Alarm(Alarm),
    /// Until the next try.
    Retry(Transient),
}

/// Something that passes.
#[derive(Debug)]
pub(crate) struct Transient {
    pub(crate) what: &'static str,
    pub(crate) source: Option<Box<dyn StdError + Send + Sync>>,
}

impl Transient {
    /// The innermost cause: async-nats prints its causes at every level.
    pub(crate) fn cause(&self) -> String {
        let mut innermost: Option<&(dyn StdError + 'static)> = match &self.source {
            Some(source) => Some(source.as_ref()),
            None => None,
        };
        while let Some(next) = innermost.and_then(StdError::source) {
            innermost = Some(next);
        }
        innermost.map_or_else(String::new, ToString::to_string)
    }
}

impl Stop {
    pub(crate) fn retry<E: StdError + Send + Sync + 'static>(what: &'static str) -> impl FnOnce(E) -> Self {
        move |source| Self::Retry(Transient { what, source: Some(Box::new(source)) })
    }
}

impl From<Alarm> for Stop {
    fn from(alarm: Alarm) -> Self {
        Self::Alarm(alarm)
    }
}

fn list(differences: &[Difference]) -> String {
    differences.iter().map(ToString::to_string).collect::<Vec<_>>().join("; ")
}
