//! Links to test with.

use radslag_kernel::{Instant, ItemId, KeyRef, Opened};

use super::*;

pub(crate) fn minute(minutes: u64) -> Instant {
    Instant::from_millis(1_224_108_000_000 + minutes * 60_000)
}

pub(crate) fn item(number: u8) -> ItemId {
    ItemId::from_bytes([number; 16])
}

pub(crate) fn requested(number: u8, at: u64, mail: bool) -> Event {
    Event::Requested {
        at: minute(at),
        item: item(number),
        key: KeyRef(300 + u64::from(number)),
        expires_at: minute(at + LINK_MINUTES),
        asker: Opened::Known(Asker { mailbox: "planted@malmo.se".into(), language: "sv".into(), mail }),
    }
}

pub(crate) fn opened(number: u8, at: u64) -> Event {
    let key = KeyRef(300 + u64::from(number));
    Event::Opened { at: minute(at), item: item(number), key, until: minute(at + 30) }
}

pub(crate) fn ended(number: u8, at: u64) -> Event {
    Event::Ended { at: minute(at), item: item(number) }
}

pub(crate) fn expired(number: u8, at: u64) -> Event {
    Event::Expired { at: minute(at), item: item(number), key: KeyRef(300 + u64::from(number)) }
}

pub(crate) fn every_event() -> Vec<Event> {
    vec![opened(1, 5), ended(1, 9), expired(1, 15), requested(1, 0, true)]
}
