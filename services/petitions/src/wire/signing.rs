//! Events of all signing as protobuf: what was done is public, why it was is sealed.

use prost::Message as _;
use radslag_kernel::{Encoded, Malformed, Stored};
use radslag_proto::petitions as proto;

use super::fields::{Fields as _, text};
use crate::signing::{Event, What};

/// The bytes of an event.
pub(super) fn encode(event: &Event) -> Encoded {
    let kind = match event.what {
        What::Paused => "signing.paused",
        What::Resumed => "signing.resumed",
        What::ClosedEarly => "signing.closed_early",
    };
    let sealed = vec![text(1, event.record, false, &event.ground)];
    Encoded { kind, schema: 1, public: proto::SigningActed {}.encode_to_vec(), sealed }
}

/// The event of stored bytes.
pub(super) fn decode(stored: &Stored<'_>) -> Result<Event, Malformed> {
    let what = match stored.kind {
        "signing.paused" => What::Paused,
        "signing.resumed" => What::Resumed,
        "signing.closed_early" => What::ClosedEarly,
        unknown => return Err(Malformed(format!("unknown type {unknown:?}"))),
    };
    let _: proto::SigningActed = stored.message(1)?;
    Ok(Event { at: stored.at, by: stored.by, what, record: stored.key(1)?, ground: stored.text(1)? })
}
