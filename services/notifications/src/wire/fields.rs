//! Sealed fields on their way in and out.

use prost::Message;
use radslag_kernel::{Encoded, Instant, KeyRef, Malformed, Opened, Plain, Stored};

use crate::tag::Tag;

/// What only protobuf adds to a stored event.
pub(super) trait Fields {
    fn message<M: Message + Default>(&self) -> Result<M, Malformed>;
    fn sub<M: Message + Default, T>(
        &self,
        number: u32,
        read: impl FnOnce(M) -> Result<T, Malformed>,
    ) -> Result<Opened<T>, Malformed>;
    fn destroyed(&self) -> Result<KeyRef, Malformed>;
}

impl Fields for Stored<'_> {
    fn message<M: Message + Default>(&self) -> Result<M, Malformed> {
        if self.schema != 1 {
            return Err(Malformed(format!("{} has no schema {}", self.kind, self.schema)));
        }
        M::decode(self.public).map_err(|error| Malformed(format!("{}: {error}", self.kind)))
    }

    fn sub<M: Message + Default, T>(
        &self,
        number: u32,
        read: impl FnOnce(M) -> Result<T, Malformed>,
    ) -> Result<Opened<T>, Malformed> {
        match self.sealed(number)? {
            Opened::Gone => Ok(Opened::Gone),
            Opened::Known(bytes) => {
                let message = M::decode(bytes.as_slice());
                let message = message.map_err(|_| self.malformed(number, "is malformed"))?;
                read(message).map(Opened::Known)
            }
        }
    }

    fn destroyed(&self) -> Result<KeyRef, Malformed> {
        self.erased.first().copied().ok_or_else(|| Malformed(format!("{} destroys no key", self.kind)))
    }
}

/// The bytes of an event: all of them are of the first schema.
pub(super) fn encoded(kind: &'static str, public: impl Message, sealed: Vec<Plain>) -> Encoded {
    Encoded { kind, schema: 1, public: public.encode_to_vec(), sealed }
}

/// A message to seal; a gone one becomes empty.
pub(super) fn plain<M: Message>(field: u32, under: KeyRef, value: Option<M>) -> Plain {
    let value = value.map(|message| message.encode_to_vec()).unwrap_or_default();
    Plain { field, under: vec![under], committed: false, value }
}

pub(super) fn tag_in(bytes: &[u8]) -> Result<Tag, Malformed> {
    Tag::from_slice(bytes).ok_or_else(|| Malformed("a tag is 16 bytes".into()))
}

pub(super) const fn instant(millis: u64) -> Instant {
    Instant::from_millis(millis)
}

/// A moment that may be missing; 0 on the wire.
pub(super) fn millis(at: Option<Instant>) -> u64 {
    at.map_or(0, Instant::millis)
}

pub(super) fn some_instant(millis: u64) -> Option<Instant> {
    (millis > 0).then_some(instant(millis))
}
