//! Opt-outs as protobuf: nothing but that they happened.

use radslag_kernel::{Encoded, Malformed, Stored};
use radslag_proto::notifications as proto;

use super::fields::{Fields as _, encoded};
use crate::optout::Event;

/// The bytes of an event.
#[must_use]
pub fn encode(event: &Event) -> Encoded {
    match event {
        Event::Stated { .. } => encoded("optout.stated", proto::OptoutStated {}, Vec::new()),
        Event::Lifted { .. } => encoded("optout.lifted", proto::OptoutLifted {}, Vec::new()),
    }
}

/// The event of stored bytes.
///
/// # Errors
/// If no version of this service wrote them.
pub fn decode(stored: &Stored<'_>) -> Result<Event, Malformed> {
    let at = stored.at;
    match stored.kind {
        "optout.stated" => stored.message(1).map(|_: proto::OptoutStated| Event::Stated { at }),
        "optout.lifted" => stored.message(1).map(|_: proto::OptoutLifted| Event::Lifted { at }),
        unknown => Err(Malformed(format!("unknown type {unknown:?}"))),
    }
}
