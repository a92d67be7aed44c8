//! Events to bytes and back. A sealed value whose key is gone decodes to `Gone`; bytes no version wrote are `Malformed`.

pub mod delivery;
pub mod mailing;
pub mod optout;
pub mod subscription;
pub mod wording;

#[cfg(test)]
mod golden;
#[cfg(test)]
pub(crate) mod tests;

pub use radslag_kernel::Stored;
use radslag_proto::fields;

use radslag_kernel::{Encoded, Malformed};

use crate::event::Event;

/// The bytes of an event. A `Gone` value can't be encoded again and becomes empty.
#[must_use]
pub fn encode(event: &Event) -> Encoded {
    match event {
        Event::Delivery(event) => delivery::encode(event),
        Event::Subscription(event) => subscription::encode(event),
        Event::Optout(event) => optout::encode(event),
        Event::Mailing(event) => mailing::encode(event),
        Event::Wording(event) => wording::encode(event),
    }
}

/// The event of stored bytes.
///
/// # Errors
/// If no version of this service wrote them.
pub fn decode(stored: &Stored<'_>) -> Result<Event, Malformed> {
    match stored.kind.split('.').next() {
        Some("delivery") => delivery::decode(stored).map(Event::Delivery),
        Some("subscription") => subscription::decode(stored).map(Event::Subscription),
        Some("optout") => optout::decode(stored).map(Event::Optout),
        Some("mailing") => mailing::decode(stored).map(Event::Mailing),
        Some("template") => wording::decode(stored).map(Event::Wording),
        unknown => Err(Malformed(format!("unknown kind {unknown:?}"))),
    }
}
