//! Entries to test with.

use radslag_kernel::{Instant, ItemId, KeyRef, Opened, SubjectId};

use super::*;

pub(crate) const BY: SubjectId = SubjectId::from_bytes([77; 16]);

pub(crate) fn at(hours: u64) -> Instant {
    Instant::from_millis(1_224_108_000_000).plus_hours(hours)
}

pub(crate) fn added(number: u8, effect: Effect, kind: Kind, pattern: &str) -> Event {
    Event::Added {
        at: at(1),
        item: ItemId::from_bytes([number; 16]),
        by: BY,
        key: KeyRef(200 + u64::from(number)),
        effect,
        kind,
        pattern: Opened::Known(Pattern::parse(kind, pattern).unwrap()),
        ground: Opened::Known("Planted ground".into()),
    }
}

pub(crate) fn removed(number: u8) -> Event {
    Event::Removed {
        at: at(2),
        item: ItemId::from_bytes([number; 16]),
        by: BY,
        key: KeyRef(200 + u64::from(number)),
        ground: Opened::Known("Planted ground".into()),
    }
}
