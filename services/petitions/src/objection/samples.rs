//! An objection to test with.

use radslag_kernel::{Instant, ItemId, KeyRef, Opened};

use super::*;
use crate::petition::samples as p;

pub(crate) const KEY: KeyRef = KeyRef(2);

pub(crate) fn id() -> ItemId {
    ItemId::from_bytes([90; 16])
}

pub(crate) fn contested() -> Contested {
    Contested {
        id: id(),
        position: 17,
        about: About::Signature,
        item: Some(ItemId::from_bytes([1; 16])),
        at: p::noon("2008-10-20"),
        by: vec![p::moderator().id],
        days: 21,
        review_days: 14,
    }
}

pub(crate) fn objector() -> Objector {
    Objector { name: "Planted".into(), mailbox: "planted@malmo.se".into(), language: "sv".into() }
}

pub(crate) fn raised(at: Instant) -> Event {
    let contested = contested();
    Event::Raised {
        at,
        objection: contested.id,
        about: contested.about,
        item: contested.item,
        position: contested.position,
        decided_by: contested.by,
        decide_by: radslag_kernel::time::plus_days(p::calendar().date(at), 14),
        key: KEY,
        reason: Opened::Known("Planted reason".into()),
        objector: Opened::Known(objector()),
    }
}

pub(crate) fn decided(at: Instant, by: radslag_kernel::SubjectId, outcome: Outcome) -> Event {
    let (record, text, ground) =
        (p::KEYS.record, Opened::Known("Planted text".into()), Opened::Known("Rules, 2".into()));
    Event::Decided { at, objection: id(), by, outcome, record, text, ground }
}

/// One of each.
pub(crate) fn every_event() -> Vec<Event> {
    let at = p::noon("2008-10-21");
    vec![raised(at), decided(at, p::moderator().id, Outcome::Changed), kept_out(at)]
}

/// By whom a list keeps out.
fn kept_out(at: Instant) -> Event {
    let Event::Raised { item, objection, decided_by, decide_by, key, reason, objector, .. } = raised(at)
    else {
        return raised(at);
    };
    let (about, position) = (About::Submission, 0);
    Event::Raised { at, objection, about, item, position, decided_by, decide_by, key, reason, objector }
}
