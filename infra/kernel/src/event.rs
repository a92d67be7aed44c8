//! An event as it crosses from a service's own types to the log and back. Knows neither protobuf nor keys.

use std::fmt;

use crate::{Actor, AggregateId, EventId, Instant, ItemId};

/// A slot of the log's key file: names the key under which something is sealed. 0 is never a key.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub struct KeyRef(pub u64);

/// What a service's `wire.rs` makes of an event.
#[derive(Clone, Debug, PartialEq)]
pub struct Encoded {
    /// `<aggregate kind>.<event>`, for example `petition.opened`.
    pub kind: &'static str,
    /// Version of the payload's schema, from 1.
    pub schema: u32,
    /// What everybody may know for ever, as protobuf.
    pub public: Vec<u8>,
    /// What is sealed, by ascending field number.
    pub sealed: Vec<Plain>,
}

/// A value about to be sealed.
#[derive(Clone, PartialEq)]
pub struct Plain {
    /// Its number within the event.
    pub field: u32,
    /// The keys that open it, in order; destroying any of them erases it. One, or two.
    pub under: Vec<KeyRef>,
    /// Whether the public header holds a commitment, so that a disclosed value can be checked.
    pub committed: bool,
    /// UTF-8 for texts, protobuf for messages, big endian for numbers.
    pub value: Vec<u8>,
}

impl fmt::Debug for Plain {
    /// Never shows the value.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Plain({} under {:?}, {} bytes)", self.field, self.under, self.value.len())
    }
}

/// A sealed value after it was opened, or found to be gone because a key was destroyed.
#[derive(Clone, PartialEq, Eq, Default)]
pub enum Opened<T> {
    /// The value.
    Known(T),
    /// Erased: nobody can know it again.
    #[default]
    Gone,
}

impl<T> Opened<T> {
    /// The value, if it is still known.
    pub const fn known(&self) -> Option<&T> {
        match self {
            Self::Known(value) => Some(value),
            Self::Gone => None,
        }
    }

    /// Another view of the value.
    pub fn map<U>(self, view: impl FnOnce(T) -> U) -> Opened<U> {
        match self {
            Self::Known(value) => Opened::Known(view(value)),
            Self::Gone => Opened::Gone,
        }
    }
}

impl<T> From<T> for Opened<T> {
    fn from(value: T) -> Self {
        Self::Known(value)
    }
}

impl<T> fmt::Debug for Opened<T> {
    /// Never shows the value.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Known(_) => "Known(..)",
            Self::Gone => "Gone",
        })
    }
}

/// Bytes that no version of the service ever wrote.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Malformed(pub String);

impl fmt::Display for Malformed {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "not an event of this service: {}", self.0)
    }
}

impl std::error::Error for Malformed {}

/// An event with what the log says of it, as folds see it.
#[derive(Clone, Debug, PartialEq)]
pub struct Recorded<E> {
    /// Dense in the log, from 0.
    pub position: u64,
    /// Which life of the log: 0 until a loss was accepted.
    pub origin: u32,
    /// UUIDv7.
    pub id: EventId,
    /// Petition, panel or poll.
    pub aggregate: AggregateId,
    /// Signature, answer or member, if the event is about one.
    pub item: Option<ItemId>,
    /// Decides rules.
    pub occurred_at: Instant,
    /// Decides "as of"; never falls.
    pub recorded_at: Instant,
    /// Who.
    pub actor: Actor,
    /// Of the stream, after this event.
    pub version: u64,
    /// What happened.
    pub event: E,
}
