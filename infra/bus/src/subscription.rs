//! Reading events in order, whichever road they took.

use bytes::Bytes;
use radslag_eventlog::Record;
use radslag_kernel::id::LogId;
use radslag_proto::log::Header;

use crate::{Error, Remote, local::Local, wire};

/// An event as it travels: nothing in it is private.
#[derive(Clone, Debug, PartialEq)]
pub struct Delivery {
    /// The log it was written to.
    pub log: LogId,
    /// Which life of that log.
    pub origin: u32,
    /// Dense in the log, from 0.
    pub position: u64,
    /// Public header.
    pub header: Header,
    /// Public payload.
    pub public: Bytes,
    /// W3C trace id of what an official or a service did, to be carried on; never of a citizen's act.
    pub trace: Option<[u8; 16]>,
}

impl Delivery {
    /// What of a record travels.
    pub(crate) fn of(log: LogId, record: Record) -> Self {
        let (position, trace) = (record.position(), wire::trace(&record));
        let Record { origin, header, public, .. } = record;
        Self { log, origin, position, header, public, trace }
    }

    /// Where to go on after this event.
    #[must_use]
    pub const fn checkpoint(&self) -> Checkpoint {
        Checkpoint { log: Some(self.log), origin: self.origin, next: self.position + 1 }
    }
}

/// How far somebody has read. Kept by the reader, in one transaction with what it made of the events.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default)]
pub struct Checkpoint {
    /// Of which log; `None` until the first event was read.
    pub log: Option<LogId>,
    /// Of which life of it.
    pub origin: u32,
    /// The position that comes next.
    pub next: u64,
}

impl Checkpoint {
    /// The beginning of a log that isn't known yet.
    pub const START: Self = Self { log: None, origin: 0, next: 0 };

    /// A position of a log that isn't known yet.
    #[must_use]
    pub const fn at(position: u64) -> Self {
        Self { log: None, origin: 0, next: position }
    }
}

/// Events in order, from a checkpoint on, and then as they come.
pub enum Subscription {
    /// By tailing a log of this process.
    Local(Local),
    /// Over JetStream.
    Remote(Box<Remote>),
}

impl Subscription {
    /// Tails a log of this process.
    #[must_use]
    pub fn local(log: &radslag_eventlog::Log, from: Checkpoint) -> Self {
        Self::Local(Local::new(log, from))
    }

    /// The next event; waits for it. Dropping the future loses nothing.
    ///
    /// # Errors
    /// See [`Error`]; afterwards the subscription stays where it is.
    pub async fn next(&mut self) -> Result<Delivery, Error> {
        match self {
            Self::Local(local) => local.next().await,
            Self::Remote(remote) => remote.next().await,
        }
    }

    /// The next event and those that are already here behind it, at most `most`. Dropping the future loses nothing.
    ///
    /// # Errors
    /// Those of `next`; an error behind the first event comes with the next call.
    pub async fn batch(&mut self, most: usize) -> Result<Vec<Delivery>, Error> {
        let mut batch = vec![self.next().await?];
        while batch.len() < most
            && let Some(delivery) = self.ready()
        {
            batch.push(delivery);
        }
        Ok(batch)
    }

    /// Events that are still to come, as far as is known: over JetStream, as the last message said.
    #[must_use]
    pub fn behind(&self) -> u64 {
        match self {
            Self::Local(local) => local.behind(),
            Self::Remote(remote) => remote.behind(),
        }
    }

    fn ready(&mut self) -> Option<Delivery> {
        match self {
            Self::Local(local) => local.ready(),
            Self::Remote(remote) => remote.ready(),
        }
    }
}
