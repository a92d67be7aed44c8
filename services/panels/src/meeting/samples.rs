//! Meetings to test with.

use radslag_kernel::{AggregateId, KeyRef, Opened};

use super::*;
use crate::panel::samples::{LEADER, day};

pub(crate) const DOCUMENT: KeyRef = KeyRef(61);
const RECORD: KeyRef = KeyRef(62);

pub(crate) fn texts() -> Texts {
    let (title, place) = ("Planted meeting".into(), "Planted tent".into());
    Texts { title, place, agenda: "Planted agenda".into(), area: "Planted area".into() }
}

pub(crate) fn planned(panel: Option<AggregateId>) -> Event {
    let (document, record, starts_at, texts) = (DOCUMENT, RECORD, day(9), texts().into());
    Event::Planned { at: day(0), by: LEADER, document, record, dialogue: None, panel, starts_at, texts }
}

pub(crate) const PANEL: Option<AggregateId> = Some(AggregateId::from_bytes([5; 16]));

pub(crate) fn plan(panel: Option<AggregateId>) -> Act {
    Act::Plan { document: DOCUMENT, record: RECORD, dialogue: None, panel, starts_at: day(9), texts: texts() }
}

pub(crate) fn held() -> Event {
    let (category, feature) = ("planted category".into(), "planted feature".into());
    let rows = vec![Attended { category, feature, attended: 3 }];
    Event::Held { at: day(9), by: LEADER, document: DOCUMENT, attended: 40, rows: rows.into() }
}

pub(crate) fn raised(number: u32) -> Event {
    let point = Opened::Known("Planted point".into());
    Event::PointRaised { at: day(9), by: LEADER, document: DOCUMENT, number, point }
}

pub(crate) fn every_event() -> Vec<Event> {
    let (by, document) = (LEADER, DOCUMENT);
    let known = |text: &str| Opened::Known(text.to_owned());
    let (starts_at, panel) = (day(10), PANEL);
    vec![
        planned(None),
        planned(PANEL),
        Event::Changed { at: day(1), by, document, panel, starts_at, texts: texts().into() },
        Event::Cancelled { at: day(2), by, document, reason: known("Planted reason") },
        Event::Invited { at: day(3), by, members: 73 },
        held(),
        Event::Noted { at: day(10), by, document, notes: known("Planted notes") },
        Event::DocumentAdded {
            at: day(10),
            by,
            document,
            number: 1,
            title: known("Planted title"),
            address: known("https://planted.example.org"),
        },
        raised(1),
        Event::PointAnswered {
            at: day(11),
            by,
            document,
            number: 1,
            answer: known("Planted answer"),
            who: known("Planted board"),
        },
    ]
}
