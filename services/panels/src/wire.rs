//! Events to bytes and back. A sealed value whose key is gone decodes to `Gone`; bytes no version wrote are `Malformed`.

pub mod announced;
pub mod draw;
pub mod frame;
pub mod import;
pub mod meeting;
pub mod member;
pub mod panel;
mod values;

#[cfg(test)]
mod golden;
#[cfg(test)]
pub(crate) mod tests;

pub use radslag_kernel::Stored;

use radslag_kernel::{AggregateId, Encoded, Malformed};

use crate::event::Event;

/// The bytes of an event; `dialogue` is the panel's or the meeting's. A `Gone` value can't be encoded again and becomes empty.
#[must_use]
pub fn encode(event: &Event, dialogue: Option<AggregateId>) -> Encoded {
    match event {
        Event::Panel(event) => panel::encode(event, dialogue),
        Event::Frame(event) => frame::encode(event),
        Event::Announced(event) => announced::encode(event),
        Event::Member(event) => member::encode(event, dialogue),
        Event::Meeting(event) => meeting::encode(event, dialogue),
    }
}

/// The event of stored bytes.
///
/// # Errors
/// If no version of this service wrote them.
pub fn decode(stored: &Stored<'_>) -> Result<Event, Malformed> {
    match stored.kind.split('.').next() {
        Some("panel") => panel::decode(stored).map(Event::Panel),
        Some("frame") if stored.kind == frame::KIND => frame::decode(stored).map(Event::Frame),
        Some("frame") => import::decode(stored).map(Event::Panel),
        Some("draw") if stored.kind == announced::KIND => announced::decode(stored).map(Event::Announced),
        Some("draw") => draw::decode(stored).map(Event::Panel),
        Some("member") => member::decode(stored).map(Event::Member),
        Some("meeting") => meeting::decode(stored).map(Event::Meeting),
        unknown => Err(Malformed(format!("unknown kind {unknown:?}"))),
    }
}
