//! Subscriptions to test with.

use radslag_kernel::{Instant, ItemId, KeyRef, Opened};

use super::*;

pub(crate) fn hour(hours: u64) -> Instant {
    Instant::from_millis(1_224_108_000_000 + hours * 3_600_000)
}

pub(crate) fn item(number: u8) -> ItemId {
    ItemId::from_bytes([number; 16])
}

pub(crate) fn key(number: u8) -> KeyRef {
    KeyRef(500 + u64::from(number))
}

pub(crate) fn requested(number: u8, at: u64, mail: bool) -> Event {
    let (mailbox, language, list) = ("planted@malmo.se".into(), "sv".into(), NEWSLETTER.into());
    Event::Requested {
        at: hour(at),
        item: item(number),
        key: key(number),
        expires_at: hour(at + CONFIRM_HOURS),
        asker: Opened::Known(Asker { mailbox, language, list, mail }),
    }
}

pub(crate) fn confirmed(number: u8, at: u64) -> Event {
    Event::Confirmed { at: hour(at), item: item(number), replaces: None }
}

pub(crate) fn expired(number: u8, at: u64) -> Event {
    Event::Expired { at: hour(at), item: item(number), key: key(number) }
}

pub(crate) fn ended(number: u8, at: u64) -> Event {
    Event::Ended { at: hour(at), item: item(number), key: key(number) }
}

pub(crate) fn every_event() -> Vec<Event> {
    let replacing = Event::Confirmed { at: hour(3), item: item(2), replaces: Some(key(1)) };
    vec![requested(1, 0, true), confirmed(1, 1), expired(1, 72), ended(1, 2), replacing]
}
