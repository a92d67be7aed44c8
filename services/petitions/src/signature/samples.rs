//! Signers to test with.

use std::sync::Arc;

use radslag_kernel::{Instant, ItemId, KeyRef, Opened};

use super::*;
use crate::{
    petition::{Official, samples},
    tag::Tag,
};

pub(crate) fn tag(byte: u8) -> Tag {
    Tag([byte; 16])
}

pub(crate) fn item(byte: u8) -> ItemId {
    ItemId::from_bytes([byte; 16])
}

/// So many hours after a petition opened.
pub(crate) fn hour(hours: u64) -> Instant {
    Instant::from_millis(1_224_108_000_000).plus_hours(hours)
}

/// Open for 1,000 hours.
pub(crate) fn view(policy: &str) -> View {
    View {
        version: 4,
        signing: Signing::Until(hour(1_000)),
        policy: Arc::new(samples::policy(policy)),
        tags: KeyRef(3),
        record: KeyRef(4),
        initiator: None,
    }
}

/// A request of a person (by number) at a postcode (by number), with item and key of its own.
pub(crate) fn request(number: u8, name: u8, postcode: u8) -> Request {
    Request {
        item: item(number),
        key: KeyRef(100 + u64::from(number)),
        name: format!("Planted Person{name}"),
        mailbox: "planted@malmo.se".into(),
        postcode: format!("211 {postcode}"),
        area: "Möllevången".into(),
        shown: Shown::Name,
        against: false,
        tags: SignerTags {
            mailbox: Some(tag(50)),
            eid: None,
            name: tag(name),
            postcode: Some(tag(100 + postcode)),
            person: Some(Tag([name.wrapping_mul(16).wrapping_add(postcode); 16])),
        },
        blocked: false,
        suspicion: None,
        language: "sv".into(),
        network: None,
        domain: None,
        terms: String::new(),
        helper: None,
    }
}

pub(crate) fn at(at: Instant, act: Act) -> Command {
    Command { at, petition: view("uk"), act }
}

pub(crate) fn official() -> Official {
    samples::moderator()
}

pub(crate) fn submission(number: u8, outcome: Outcome, mail: bool) -> Submission {
    let asked = request(number, 1, 1);
    Submission {
        at: hour(1),
        item: asked.item,
        key: asked.key,
        expires_at: hour(25),
        signer: Opened::Known(Signer {
            name: asked.name.clone(),
            mailbox: asked.mailbox,
            postcode: asked.postcode,
        }),
        public: Public { name: Opened::Known(asked.name), area: Opened::Known(asked.area) },
        against: false,
        tags: KeyRef(3),
        facts: Opened::Known(Facts {
            outcome,
            slot: u8::from(matches!(outcome, Outcome::New | Outcome::Again)),
            mail,
            name: asked.tags.name,
            postcode: asked.tags.postcode,
            person: asked.tags.person,
            suspicion: None,
            language: "sv".into(),
            network: None,
            domain: None,
            eid: None,
            assisted: None,
        }),
        terms: String::new(),
    }
}

pub(crate) fn submitted(outcome: Outcome, mail: bool) -> Event {
    Event::Submitted(Box::new(submission(1, outcome, mail)))
}
