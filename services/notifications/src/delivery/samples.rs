//! Letters to test with.

use radslag_kernel::{EventId, Instant, KeyRef, Opened};

use super::*;
use crate::{
    letter::{Cause, Class},
    tag::Tag,
};

pub(crate) const KEY: KeyRef = KeyRef(41);

pub(crate) fn minute(minutes: u64) -> Instant {
    Instant::from_millis(1_224_108_000_000 + minutes * 60_000)
}

pub(crate) fn letter(class: Class) -> Letter {
    let (event, service) = (EventId::from_bytes([5; 16]), "petitions".into());
    let cause = Cause { service, origin: 0, position: 17, event };
    Letter { class, template: "approved".into(), cause, subject: Tag([6; 16]), due_at: minute(0) }
}

pub(crate) fn planned(class: Class) -> Event {
    Event::Planned { at: minute(0), key: KEY, letter: Opened::Known(letter(class)) }
}

pub(crate) fn moved(at: u64, to: Move) -> Event {
    Event::Moved { at: minute(at), key: KEY, to: Opened::Known(to) }
}

pub(crate) fn attempting(at: u64, number: u32) -> Event {
    moved(at, Move::Attempting { number })
}

pub(crate) fn every_event() -> Vec<Event> {
    let retry_at = Some(minute(9));
    let mut all = vec![planned(Class::Decision), attempting(1, 1), moved(2, Move::Sent)];
    all.push(moved(3, Move::Failed { permanent: false, code: 451, retry_at }));
    all.push(moved(3, Move::Failed { permanent: true, code: 550, retry_at: None }));
    all.push(moved(4, Move::Bounced { status: "5.1.1".into() }));
    all.push(moved(4, Move::Skipped { reason: Reason::Capped }));
    all.push(moved(4, Move::InDoubt { again_at: None }));
    all.push(moved(4, Move::InDoubt { again_at: Some(minute(4)) }));
    all.push(moved(4, Move::Delayed { until: minute(900) }));
    all.push(Event::Erased { at: minute(5), key: KEY });
    all
}
