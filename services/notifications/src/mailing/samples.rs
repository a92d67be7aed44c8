//! Mailings to test with.

use radslag_kernel::{Instant, ItemId, KeyRef, Opened, SubjectId};

use super::{event::Words, *};
use crate::subscription::NEWSLETTER;

pub(crate) const KEY: KeyRef = KeyRef(71);

pub(crate) fn hour(hours: u64) -> Instant {
    Instant::from_millis(1_224_108_000_000 + hours * 3_600_000)
}

pub(crate) fn official(number: u8) -> SubjectId {
    SubjectId::from_bytes([number; 16])
}

pub(crate) fn text(subject: &str) -> Text {
    let words = |subject: &str| Words { subject: subject.into(), body: "Planted body\n\nof two".into() };
    Text { list: NEWSLETTER.into(), sv: words(subject), en: words(subject) }
}

pub(crate) fn drafted(by: u8, revision: u32) -> Event {
    let (at, text) = (hour(0), Opened::Known(text("Planted news")));
    Event::Drafted { at, by: official(by), key: KEY, revision, text }
}

pub(crate) fn started(by: u8, revision: u32) -> Event {
    Event::Started { at: hour(1), by: official(by), revision }
}

pub(crate) fn progressed(after: u8, letters: u64) -> Event {
    let progress = Progress { after: ItemId::from_bytes([after; 16]), letters };
    Event::Progressed { at: hour(2), key: KEY, progress: Opened::Known(progress) }
}

pub(crate) fn finished(letters: u64) -> Event {
    Event::Finished { at: hour(3), key: KEY, letters: Opened::Known(letters) }
}

pub(crate) fn cancelled(by: u8) -> Event {
    Event::Cancelled { at: hour(3), by: official(by) }
}

pub(crate) fn every_event() -> Vec<Event> {
    vec![drafted(1, 1), started(2, 1), progressed(9, 50), finished(50), cancelled(1)]
}
