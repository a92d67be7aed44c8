//! What every service's `wire` needs between protobuf and an event: payloads, sealed fields, and the plain values in them.

use prost::Message;
use radslag_kernel::{
    AggregateId, Date, Encoded, Instant, KeyRef, Malformed, Opened, Plain, Stored, SubjectId, Tag,
};

/// What only protobuf adds to a stored event.
pub trait Fields {
    /// The public payload, if it is of that schema.
    ///
    /// # Errors
    /// If it isn't, or can't be read.
    fn message<M: Message + Default>(&self, schema: u32) -> Result<M, Malformed>;

    /// A sealed message.
    ///
    /// # Errors
    /// If the event hasn't that field, or it can't be read.
    fn sub<M: Message + Default>(&self, number: u32) -> Result<Opened<M>, Malformed>;

    /// A sealed message as what it means.
    ///
    /// # Errors
    /// As `sub`, and whatever `read` says.
    fn sub_as<M: Message + Default, T>(
        &self,
        number: u32,
        read: impl FnOnce(M) -> Result<T, Malformed>,
    ) -> Result<Opened<T>, Malformed> {
        match self.sub(number)? {
            Opened::Gone => Ok(Opened::Gone),
            Opened::Known(message) => read(message).map(Opened::Known),
        }
    }

    /// Sealed bytes.
    ///
    /// # Errors
    /// If the event hasn't that field.
    fn bytes(&self, number: u32) -> Result<Opened<Vec<u8>>, Malformed>;

    /// The one key that the event destroyed.
    ///
    /// # Errors
    /// If it destroyed none.
    fn destroyed(&self) -> Result<KeyRef, Malformed>;
}

impl Fields for Stored<'_> {
    fn message<M: Message + Default>(&self, schema: u32) -> Result<M, Malformed> {
        if self.schema != schema {
            return Err(Malformed(format!("{} has no schema {}", self.kind, self.schema)));
        }
        M::decode(self.public).map_err(|error| Malformed(format!("{}: {error}", self.kind)))
    }

    fn sub<M: Message + Default>(&self, number: u32) -> Result<Opened<M>, Malformed> {
        match self.sealed(number)? {
            Opened::Gone => Ok(Opened::Gone),
            Opened::Known(bytes) => M::decode(bytes.as_slice())
                .map(Opened::Known)
                .map_err(|_| self.malformed(number, "is malformed")),
        }
    }

    fn bytes(&self, number: u32) -> Result<Opened<Vec<u8>>, Malformed> {
        self.sealed(number)
    }

    fn destroyed(&self) -> Result<KeyRef, Malformed> {
        self.erased.first().copied().ok_or_else(|| Malformed(format!("{} destroys no key", self.kind)))
    }
}

/// The bytes of an event whose payload is of the first schema.
pub fn encoded(kind: &'static str, public: impl Message, sealed: Vec<Plain>) -> Encoded {
    Encoded { kind, schema: 1, public: public.encode_to_vec(), sealed }
}

/// A value to seal.
pub fn plain(field: u32, under: KeyRef, committed: bool, value: impl Into<Vec<u8>>) -> Plain {
    Plain { field, under: vec![under], committed, value: value.into() }
}

/// A message to seal; a gone one becomes empty.
pub fn sealed<M: Message>(field: u32, under: KeyRef, value: Option<M>) -> Plain {
    plain(field, under, false, value.map(|message| message.encode_to_vec()).unwrap_or_default())
}

/// A message to seal and commit to, so that whoever is shown it later can check it; a gone one becomes empty.
pub fn committed<M: Message>(field: u32, under: KeyRef, value: Option<M>) -> Plain {
    Plain { committed: true, ..sealed(field, under, value) }
}

/// A text to seal; a gone one becomes empty.
#[must_use]
pub fn text(field: u32, under: KeyRef, committed: bool, value: &Opened<String>) -> Plain {
    plain(field, under, committed, value.known().cloned().unwrap_or_default())
}

/// A tag that may be missing; empty on the wire.
#[must_use]
pub fn tag_out(tag: Option<Tag>) -> Vec<u8> {
    tag.map(|tag| tag.0.to_vec()).unwrap_or_default()
}

/// The same back.
///
/// # Errors
/// If it is neither empty nor a tag.
pub fn tag_in(bytes: &[u8]) -> Result<Option<Tag>, Malformed> {
    if bytes.is_empty() { Ok(None) } else { needed_tag(bytes).map(Some) }
}

/// A tag.
///
/// # Errors
/// If it is none.
pub fn needed_tag(bytes: &[u8]) -> Result<Tag, Malformed> {
    Tag::from_slice(bytes).ok_or_else(|| Malformed("a tag is 16 bytes".into()))
}

/// Which dialogue an event is part of.
#[must_use]
pub fn dialogue_out(dialogue: Option<AggregateId>) -> Option<Vec<u8>> {
    dialogue.map(|id| id.as_bytes().to_vec())
}

/// The same back.
///
/// # Errors
/// If it is no id.
pub fn dialogue_in(bytes: Option<Vec<u8>>) -> Result<Option<AggregateId>, Malformed> {
    bytes.map(|bytes| aggregate_in(&bytes)).transpose()
}

/// The id of a petition, panel or poll.
///
/// # Errors
/// If it is none.
pub fn aggregate_in(bytes: &[u8]) -> Result<AggregateId, Malformed> {
    AggregateId::from_slice(bytes).ok_or_else(no_id)
}

/// Who, within the service.
///
/// # Errors
/// If it is no id.
pub fn subject_in(bytes: &[u8]) -> Result<SubjectId, Malformed> {
    SubjectId::from_slice(bytes).ok_or_else(no_id)
}

fn no_id() -> Malformed {
    Malformed("an id is 16 bytes".into())
}

/// A date, as `2008-10-24`.
///
/// # Errors
/// If it is none.
pub fn date_in(text: &str) -> Result<Date, Malformed> {
    text.parse().map_err(|_| Malformed(format!("{text:?} is not a date")))
}

/// A moment, in milliseconds.
#[must_use]
pub const fn instant(millis: u64) -> Instant {
    Instant::from_millis(millis)
}

/// A moment that may be missing; 0 on the wire.
#[must_use]
pub fn millis(at: Option<Instant>) -> u64 {
    at.map_or(0, Instant::millis)
}

/// The same back.
#[must_use]
pub fn some_instant(millis: u64) -> Option<Instant> {
    (millis > 0).then_some(instant(millis))
}
