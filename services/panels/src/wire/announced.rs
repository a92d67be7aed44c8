//! Parts of what is published before a draw as protobuf.

use radslag_kernel::{Encoded, Malformed, Stored};
use radslag_proto::{
    fields::{Fields as _, encoded, text},
    panels as proto,
};

use crate::announced::Event;

pub(super) const KIND: &str = "draw.announced";

/// The bytes of an event.
#[must_use]
pub fn encode(event: &Event) -> Encoded {
    encoded(KIND, proto::DrawAnnounced { part: event.part }, vec![text(1, event.key, true, &event.text)])
}

/// The event of stored bytes.
///
/// # Errors
/// If no version of this service wrote them.
pub fn decode(stored: &Stored<'_>) -> Result<Event, Malformed> {
    let message: proto::DrawAnnounced = stored.message(1)?;
    let (at, draw, key) = (stored.at, stored.item()?, stored.key(1)?);
    Ok(Event { at, draw, key, part: message.part, text: stored.text(1)? })
}
