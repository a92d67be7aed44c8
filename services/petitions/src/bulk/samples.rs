//! Bulk invalidations to test with.

use radslag_kernel::{AggregateId, Instant, KeyRef, Opened, Role, SubjectId};

use super::*;
use crate::lists::samples::{BY, at};

pub(crate) const KEY: KeyRef = KeyRef(300);
pub(crate) const SECOND: SubjectId = SubjectId::from_bytes([78; 16]);

pub(crate) fn petition(byte: u8) -> AggregateId {
    AggregateId::from_bytes([byte; 16])
}

pub(crate) fn conditions() -> Conditions {
    Conditions {
        petition: Some(petition(1)),
        domain: "planted.example".into(),
        from: Some(Instant::from_millis(5)),
        ..Conditions::default()
    }
}

pub(crate) fn prepared() -> Event {
    Event::Prepared(Box::new(Prepared {
        at: at(1),
        by: BY,
        role: Role::Official,
        key: KEY,
        conditions: Opened::Known(conditions()),
        ground: ground(),
        notice: notice(),
        matched: 7,
        up_to: 90,
    }))
}

pub(crate) fn ground() -> Opened<String> {
    Opened::Known("Planted ground".into())
}

pub(crate) fn notice() -> Opened<String> {
    Opened::Known("Planted notice".into())
}

pub(crate) fn started(matched: u64, second: Option<SubjectId>) -> Event {
    Event::Started { at: at(2), by: BY, role: Role::Official, second, matched, up_to: 100 }
}

/// Those for a petition.
pub(crate) fn side(byte: u8) -> Side {
    Side { petition: petition(byte), against: false }
}

pub(crate) fn progressed_against() -> Event {
    let (side, cursor) = (Side { against: true, ..side(1) }, Cursor { petition: petition(1), position: 99 });
    Event::Progressed { at: at(3), undoing: false, numbers: vec![(side, 6)], skipped: 1, cursor }
}

pub(crate) fn finished_against() -> Event {
    let [mut correction] = <[Correction; 1]>::try_from(corrections()).unwrap();
    correction.side.against = true;
    let (role, notice, corrections) = (Role::Official, notice(), vec![correction]);
    Event::Finished { at: at(4), role, key: KEY, notice, corrections }
}

pub(crate) fn progressed(undoing: bool, number: u64, position: u64) -> Event {
    let cursor = Cursor { petition: petition(1), position };
    Event::Progressed { at: at(3), undoing, numbers: vec![(side(1), number)], skipped: 1, cursor }
}

pub(crate) fn corrections() -> Vec<Correction> {
    vec![Correction { side: side(1), number: 6, before: 10, after: 4, position: 120 }]
}

pub(crate) fn finished() -> Event {
    Event::Finished {
        at: at(4),
        role: Role::Official,
        key: KEY,
        notice: notice(),
        corrections: corrections(),
    }
}

pub(crate) fn undo_started(second: Option<SubjectId>) -> Event {
    Event::UndoStarted {
        at: at(5),
        by: BY,
        role: Role::Official,
        second,
        up_to: 130,
        key: KEY,
        ground: ground(),
    }
}

/// One of each.
pub(crate) fn every_event() -> Vec<Event> {
    vec![
        prepared(),
        started(7, Some(SECOND)),
        progressed(false, 6, 99),
        Event::Cancelled { at: at(3), by: BY, was_running: true, key: KEY, ground: ground() },
        finished(),
        undo_started(None),
        Event::Undone {
            at: at(6),
            role: Role::Official,
            key: KEY,
            notice: notice(),
            corrections: corrections(),
        },
    ]
}
