//! Batches and lines to test with.

use std::sync::Arc;

use radslag_kernel::{Instant, ItemId, KeyRef, Opened, SubjectId};

use super::*;
use crate::petition::samples;

pub(crate) const BATCH: ItemId = ItemId::from_bytes([7; 16]);
pub(crate) const FIRST: SubjectId = SubjectId::from_bytes([77; 16]);
pub(crate) const IMPORT: KeyRef = KeyRef(13);
pub(crate) const SECOND: SubjectId = SubjectId::from_bytes([78; 16]);

pub(crate) fn at() -> Instant {
    Instant::from_millis(1_224_108_000_000)
}

pub(crate) fn typed(name: &str, date: &str) -> Typed {
    Typed {
        name: name.into(),
        postcode: "211 44".into(),
        number: "811218-9876".into(),
        address: "Planted street 1".into(),
        date: date.into(),
    }
}

pub(crate) fn terms(policy: &str, received: &str) -> Terms {
    let date = |text: &str| text.parse().unwrap();
    let policy = Arc::new(samples::policy(policy));
    Terms { policy, deadline: date("2009-02-22"), receivable: date("2009-02-23"), received: date(received) }
}

pub(crate) fn registered() -> Event {
    let received = "2008-10-10".parse().unwrap();
    let ground = Opened::Known(String::new());
    Event::Registered { at: at(), batch: BATCH, by: FIRST, key: KeyRef(12), received, scan: [9; 32], ground }
}

pub(crate) fn entered(number: u8) -> Event {
    let (item, key) = (ItemId::from_bytes([number; 16]), KeyRef(100 + u64::from(number)));
    let typed = Opened::Known(typed("Planted Person", "2008-10-09"));
    Event::Entered { at: at(), item, key, number: number.into(), typed }
}

pub(crate) fn started() -> Event {
    let date = |text: &str| text.parse().unwrap();
    let (deadline, receivable) = (date("2009-02-22"), date("2009-02-23"));
    Event::ImportStarted { at: at(), batch: BATCH, by: FIRST, key: IMPORT, deadline, receivable }
}

pub(crate) fn part() -> csv::Part {
    let row = |number, raw: &str, broken| csv::Waiting { number, raw: raw.into(), broken };
    let rows = vec![row(2, "Planted Person;2008-10-09", false), row(3, "Planted", true)];
    csv::Part { header: "namn;datum".into(), rows }
}

pub(crate) fn every_event() -> Vec<Event> {
    let (at, batch, by, item, key) = (at(), BATCH, FIRST, ItemId::from_bytes([1; 16]), KeyRef(101));
    let planted = || Opened::Known("Planted".to_owned());
    let second = typed("Planted Second", "2008-10-09");
    vec![
        registered(),
        Event::SheetEntered { at, batch, by, sheet: 0, taken: 1, refused: 1, last: 2 },
        entered(1),
        Event::Refused { at, item, key, number: 2, reason: planted(), raw: planted() },
        Event::SheetChecked { at, batch, by, sheet: 0, differing: 1, ground: None },
        Event::Differed { at, by, item, key, typed: Opened::Known(second.clone()) },
        Event::SheetSettled { at, batch, by, sheet: 0, ground: None },
        Event::Settled { at, by, item, key, typed: Opened::Known(Some(second)) },
        Event::Accepted { at, batch, by, ground: None },
        Event::SheetCounted { at, batch, sheet: 0, counted: 1, uncompared: 1, dropped: 0 },
        Event::Undone { at, batch, by, key: KeyRef(12), ground: planted() },
        Event::SheetStruck { at, batch, sheet: 0, struck: 1 },
        started(),
        Event::PartReceived { at, batch, key: IMPORT, rows: 2, part: Opened::Known(part()) },
        Event::ImportReceived { at, batch, parts: 1, rows: 2, refused: 1 },
        Event::ImportFinished { at, batch, keys: vec![IMPORT] },
        Event::ImportCancelled { at, batch, by, keys: vec![IMPORT], ground: None },
        Event::Counted { at, batch },
        Event::SheetReinstated { at, batch, sheet: 0 },
        Event::Struck { at, batch },
        Event::Dropped { at, item, key, reason: planted() },
    ]
}

pub(crate) fn erased(number: u8) -> Event {
    let (item, keys) = (ItemId::from_bytes([number; 16]), vec![KeyRef(100 + u64::from(number))]);
    let (record, ground) = (samples::KEYS.record, Opened::Known("Planted ground".to_owned()));
    Event::Erased { at: at(), item, by: FIRST, second: SECOND, keys, record, ground }
}

/// What officials did with a ground.
pub(crate) fn grounded() -> Vec<Event> {
    let (at, batch, by) = (at(), BATCH, FIRST);
    let said = || Some((KeyRef(12), Opened::Known("Planted ground".to_owned())));
    let registered = match registered() {
        Event::Registered { key, received, scan, .. } => {
            let ground = Opened::Known("Planted ground".to_owned());
            Event::Registered { at, batch, by, key, received, scan, ground }
        }
        other => other,
    };
    vec![
        registered,
        Event::SheetChecked { at, batch, by, sheet: 0, differing: 0, ground: said() },
        Event::SheetSettled { at, batch, by, sheet: 0, ground: said() },
        Event::Accepted { at, batch, by, ground: said() },
        Event::ImportCancelled { at, batch, by, keys: vec![IMPORT], ground: said() },
    ]
}
