//! Events to bytes and back. A sealed value whose key is gone decodes to `Gone`; bytes no version wrote are `Malformed`.

mod assisted;
pub mod bulk;
pub mod comment;
pub mod inquiry;
pub mod lists;
pub mod moderation;
pub mod objection;
pub mod paper;
pub mod petition;
mod policy;
pub mod session;
pub mod signature;
mod signing;

#[cfg(test)]
mod golden;
#[cfg(test)]
pub(crate) mod tests;

pub use radslag_kernel::Stored;
use radslag_proto::fields;

use fields::Fields as _;

use prost::Message as _;
use radslag_kernel::{AggregateId, Encoded, Malformed};
use radslag_proto::petitions as proto;

use crate::{event::Event, register};

const REGISTER_ENTERED: &str = "register.entered";

/// The bytes of an event; `dialogue` is the petition's. A `Gone` value can't be encoded again and becomes empty.
#[must_use]
pub fn encode(event: &Event, dialogue: Option<AggregateId>) -> Encoded {
    match event {
        Event::Petition(event) => petition::encode(event, dialogue),
        Event::Signature(event) => signature::encode(event, dialogue),
        Event::Moderation(event) => moderation::encode(event, dialogue),
        Event::Signing(event) => signing::encode(event),
        Event::List(event) => lists::encode(event),
        Event::Bulk(event) => bulk::encode(event),
        Event::Register(entered) => Encoded {
            kind: REGISTER_ENTERED,
            schema: 1,
            public: proto::RegisterEntered { number: Some(policy::register_out(entered.register)) }
                .encode_to_vec(),
            sealed: Vec::new(),
        },
        Event::Comment(event) => comment::encode(event, dialogue),
        Event::Inquiry(event) => inquiry::encode(event, dialogue),
        Event::Paper(event) => paper::encode(event, dialogue),
        Event::Session(event) => session::encode(event),
        Event::Objection(event) => objection::encode(event, dialogue),
    }
}

/// The event of stored bytes.
///
/// # Errors
/// If no version of this service wrote them.
pub fn decode(stored: &Stored<'_>) -> Result<Event, Malformed> {
    if stored.kind == REGISTER_ENTERED {
        let message: proto::RegisterEntered = stored.message(1)?;
        let register = policy::register_in(message.number)?;
        return Ok(Event::Register(register::Entered { at: stored.at, register }));
    }
    if stored.kind == moderation::KIND {
        return moderation::decode(stored).map(Event::Moderation);
    }
    if stored.kind.starts_with("bulk.") {
        return bulk::decode(stored).map(Event::Bulk);
    }
    if stored.kind.starts_with("list.") {
        return lists::decode(stored).map(Event::List);
    }
    if stored.kind.starts_with("signature.") {
        return signature::decode(stored).map(Event::Signature);
    }
    if stored.kind.starts_with("signing.") {
        return signing::decode(stored).map(Event::Signing);
    }
    if stored.kind.starts_with("comment.") {
        return comment::decode(stored).map(Event::Comment);
    }
    if stored.kind.starts_with("session.") {
        return session::decode(stored).map(Event::Session);
    }
    if stored.kind.starts_with("paper.") {
        return paper::decode(stored).map(Event::Paper);
    }
    if stored.kind.starts_with("inquiry.") {
        return inquiry::decode(stored).map(Event::Inquiry);
    }
    if stored.kind.starts_with("objection.") {
        return objection::decode(stored).map(Event::Objection);
    }
    petition::decode(stored).map(Event::Petition)
}
