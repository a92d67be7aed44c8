//! Where events come from: which log, and by which road.

use radslag_eventlog::Log;

use crate::{Address, Checkpoint, JetStream, Subscription};

/// A service's events, by whichever road.
#[derive(Clone)]
pub enum Source {
    /// A log of this process.
    Log(Log),
    /// Over JetStream.
    JetStream(Box<JetStream>, Address),
}

impl Source {
    /// A service's stream.
    #[must_use]
    pub fn jetstream(jetstream: JetStream, address: &Address) -> Self {
        Self::JetStream(Box::new(jetstream), address.clone())
    }

    /// Reads it from a checkpoint on.
    #[must_use]
    pub fn subscribe(&self, from: Checkpoint) -> Subscription {
        match self {
            Self::Log(log) => Subscription::local(log, from),
            Self::JetStream(jetstream, address) => Subscription::remote(*jetstream.clone(), address, from),
        }
    }
}
