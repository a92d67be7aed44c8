//! Inquiries to test with.

use radslag_kernel::{Instant, KeyRef, Opened, SubjectId};

use super::*;
use crate::{
    petition::{Register, samples as p},
    tag::Tag,
    terms::Terms,
};

pub(crate) const ASKER: Tag = Tag([30; 16]);
pub(crate) const KEYS: Keys = Keys { document: KeyRef(301), asker: KeyRef(302), record: KeyRef(303) };

pub(crate) fn asking(kind: Kind) -> Asking {
    Asking {
        terms: Terms::of("open", 1).clone(),
        kind,
        asked: Asked { title: "Planted title".into(), text: "Planted question?".into() },
        contact: Contact {
            name: "Planted Asker".into(),
            mailbox: "planted@ale.se".into(),
            public_name: "Planted A".into(),
            language: "sv".into(),
        },
        proof: ASKER,
        by_eid: false,
        private: false,
        wished: None,
        keys: KEYS,
        register: Register { year: 2008, number: 18 },
        dialogue: None,
        blocked: false,
        over_rate: false,
    }
}

pub(crate) fn politician(byte: u8) -> Representative {
    let id = SubjectId::from_bytes([byte; 16]);
    Representative { id, name: "Planted Politician".into(), party: "Planted Party".into() }
}

pub(crate) fn at(date: &str, act: Act) -> Command {
    Command { now: p::now(p::noon(date)), act }
}

pub(crate) fn received(kind: Kind, at: Instant) -> Event {
    let asking = asking(kind);
    Event::Received(Box::new(Received {
        at,
        expires_at: at.plus_hours(24),
        kind,
        register: asking.register,
        by_eid: false,
        review_days: 14,
        answer_days: 10,
        keys: KEYS,
        asked: Opened::Known(asking.asked),
        contact: Opened::Known(asking.contact),
        facts: Opened::Known(Facts { outcome: Outcome::New, proof: ASKER, private: false, wished: None }),
        dialogue: None,
    }))
}

/// One of each.
pub(crate) fn every_event() -> Vec<Event> {
    let (at, by, record) = (p::noon("2008-10-20"), p::moderator().id, KEYS.record);
    let ground = || Opened::Known("Planted ground".to_owned());
    let (due, second) = (p::day("2008-10-30"), SubjectId::from_bytes([78; 16]));
    vec![
        received(Kind::Question, at),
        Event::Confirmed { at, review_by: p::day("2008-11-01") },
        Event::Expired { at },
        Event::Accepted { at, by, record, ground: ground() },
        Event::Refused { at, by, record, decision: p::decision(&["irrelevant"]) },
        Event::Assigned {
            at,
            by,
            to: politician(50).id,
            due,
            due_at: p::calendar().end_of(due),
            record,
            ground: ground(),
            name: Opened::Known("Planted Politician".into()),
            party: Opened::Known("Planted Party".into()),
        },
        Event::Answered {
            at,
            by,
            public: true,
            own: true,
            key: KEYS.document,
            text: Opened::Known("Planted answer".into()),
            record,
            ground: ground(),
        },
        Event::Reopened {
            at,
            by,
            clock: Some(Clock { to: politician(50).id, due, due_at: p::calendar().end_of(due) }),
            record,
            ground: ground(),
        },
        Event::Closed { at, by, record, ground: ground() },
        Event::Withdrawn { at, record, reason: Opened::Known("Planted reason".into()) },
        Event::Erased {
            at,
            by,
            second,
            what: Erasable::Asker,
            keys: vec![KEYS.asker],
            record,
            ground: ground(),
        },
    ]
}
