//! An event as it crosses from a service's own types to the log and back. Knows neither protobuf nor keys.

use std::fmt;

use crate::{Actor, AggregateId, EventId, Instant, ItemId, SubjectId};

/// What an event's header says of it.
pub trait Happens {
    /// For `occurred_at`.
    fn at(&self) -> Instant;
    /// The signature, answer or member it is about, if it is about one.
    fn item(&self) -> Option<ItemId> {
        None
    }
    /// The keys it destroys.
    fn erases(&self) -> Vec<KeyRef> {
        Vec::new()
    }
}

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

/// A stored event as a service's `wire.rs` gets it: what the log says beside the payload, and sealed fields on demand.
pub struct Stored<'a> {
    /// Header: type.
    pub kind: &'a str,
    /// Header: schema version.
    pub schema: u32,
    /// Header: `occurred_at`.
    pub at: Instant,
    /// Header: item ref.
    pub item: Option<ItemId>,
    /// Header: actor ref.
    pub by: SubjectId,
    /// Public payload.
    pub public: &'a [u8],
    /// Private part: the keys it destroyed.
    pub erased: &'a [KeyRef],
    /// A sealed field by number, opened; `None` if the event has no such field.
    pub field: &'a dyn Fn(u32) -> Option<Opened<Vec<u8>>>,
    /// The first key it is sealed under, without opening it; known even when it is gone.
    pub under: &'a dyn Fn(u32) -> Option<KeyRef>,
}

impl Stored<'_> {
    /// A field that every such event has.
    ///
    /// # Errors
    /// If it hasn't.
    pub fn sealed(&self, number: u32) -> Result<Opened<Vec<u8>>, Malformed> {
        (self.field)(number).ok_or_else(|| self.malformed(number, "is missing"))
    }

    /// The first key of a field that every such event has.
    ///
    /// # Errors
    /// If it hasn't.
    pub fn key(&self, number: u32) -> Result<KeyRef, Malformed> {
        (self.under)(number).ok_or_else(|| self.malformed(number, "has no key"))
    }

    /// A text.
    ///
    /// # Errors
    /// If it is missing or not UTF-8.
    pub fn text(&self, number: u32) -> Result<Opened<String>, Malformed> {
        match self.sealed(number)? {
            Opened::Gone => Ok(Opened::Gone),
            Opened::Known(bytes) => String::from_utf8(bytes)
                .map(Opened::Known)
                .map_err(|_| self.malformed(number, "is not UTF-8")),
        }
    }

    /// The item it is about.
    ///
    /// # Errors
    /// If there is none.
    pub fn item(&self) -> Result<ItemId, Malformed> {
        self.item.ok_or_else(|| Malformed(format!("{} without an item", self.kind)))
    }

    /// That something is wrong with a field.
    #[must_use]
    pub fn malformed(&self, number: u32, what: &str) -> Malformed {
        Malformed(format!("{}: field {number} {what}", self.kind))
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
