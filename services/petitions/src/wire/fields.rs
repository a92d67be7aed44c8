//! Sealed fields on their way in and out, and what the log says beside a payload.

use prost::Message;
use radslag_kernel::{AggregateId, Date, Instant, KeyRef, Malformed, Opened, Plain, Stored, SubjectId};

use crate::tag::Tag;

/// What only protobuf adds to a stored event.
pub(super) trait Fields {
    fn message<M: Message + Default>(&self, schema: u32) -> Result<M, Malformed>;
    fn sub<M: Message + Default>(&self, number: u32) -> Result<Opened<M>, Malformed>;
    fn bytes(&self, number: u32) -> Result<Opened<Vec<u8>>, Malformed>;
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
}

/// A value to seal.
pub(super) fn plain(field: u32, under: KeyRef, committed: bool, value: impl Into<Vec<u8>>) -> Plain {
    Plain { field, under: vec![under], committed, value: value.into() }
}

/// A text to seal; a gone one becomes empty.
pub(super) fn text(field: u32, under: KeyRef, committed: bool, value: &Opened<String>) -> Plain {
    plain(field, under, committed, value.known().cloned().unwrap_or_default())
}

pub(super) fn tag_out(tag: Option<Tag>) -> Vec<u8> {
    tag.map(|tag| tag.0.to_vec()).unwrap_or_default()
}

pub(super) fn tag_in(bytes: &[u8]) -> Result<Option<Tag>, Malformed> {
    if bytes.is_empty() { Ok(None) } else { needed_tag(bytes).map(Some) }
}

pub(super) fn needed_tag(bytes: &[u8]) -> Result<Tag, Malformed> {
    Tag::from_slice(bytes).ok_or_else(|| Malformed("a tag is 16 bytes".into()))
}

pub(super) fn dialogue_out(dialogue: Option<AggregateId>) -> Option<Vec<u8>> {
    dialogue.map(|id| id.as_bytes().to_vec())
}

pub(super) fn dialogue_in(bytes: Option<Vec<u8>>) -> Result<Option<AggregateId>, Malformed> {
    let wrong = || Malformed("an id is 16 bytes".into());
    bytes.map(|bytes| AggregateId::from_slice(&bytes).ok_or_else(wrong)).transpose()
}

pub(super) fn subject_in(bytes: &[u8]) -> Result<SubjectId, Malformed> {
    SubjectId::from_slice(bytes).ok_or_else(|| Malformed("an id is 16 bytes".into()))
}

pub(super) fn date_in(text: &str) -> Result<Date, Malformed> {
    text.parse().map_err(|_| Malformed(format!("{text:?} is not a date")))
}

pub(super) const fn instant(millis: u64) -> Instant {
    Instant::from_millis(millis)
}
