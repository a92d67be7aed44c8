//! Members to test with.

use radslag_kernel::{Instant, ItemId, KeyRef, Opened, Role, SubjectId, Tag};

use super::{command::Newcomer, event::Known, *};
use crate::{
    form::tests::{ale, planted},
    panel::{Phase, samples as p},
    person::Tags,
    strata::tests::strata,
};

pub(crate) const RECORD: KeyRef = p::KEYS.record;

pub(crate) fn item(number: u8) -> ItemId {
    ItemId::from_bytes([number; 16])
}

pub(crate) fn key(number: u8) -> KeyRef {
    KeyRef(500 + u64::from(number))
}

pub(crate) fn hour(hours: u64) -> Instant {
    p::day(10).plus_hours(hours)
}

/// A panel that anybody of sixteen may join.
pub(crate) fn view() -> View {
    View {
        phase: Phase::Recruiting,
        enrols: true,
        drawn: false,
        form: ale(),
        strata: strata(),
        term: 0,
        renew_by: None,
        record: RECORD,
        year: 2008,
    }
}

/// One whose members are drawn from who comes.
pub(crate) fn drawing() -> View {
    View { drawn: true, ..view() }
}

pub(crate) fn tags() -> Tags {
    let tag = |number| Some(Tag([number; 16]));
    Tags { mailbox: tag(81), person: None, name: tag(82), household: tag(83) }
}

pub(crate) fn new(number: u8) -> Newcomer {
    Newcomer { item: item(number), key: key(number), person: planted(), tags: tags() }
}

pub(crate) fn known() -> Known {
    let places = strata().places(&planted(), 2008);
    Known { person: planted().into(), places: places.into(), tags: tags().into() }
}

pub(crate) fn assisted() -> Assisted {
    let (by, ground) = (SubjectId::from_bytes([79; 16]), "planted reply on paper".into());
    Assisted { by, role: Role::Official, channel: Channel::Paper, ground }
}

pub(crate) fn submitted(number: u8, at: u64, outcome: Outcome) -> Event {
    Event::Submitted {
        at: hour(at),
        item: item(number),
        key: key(number),
        expires_at: hour(at + CONFIRM_HOURS),
        known: known(),
        outcome: outcome.into(),
    }
}

pub(crate) fn enrolled(number: u8, at: u64, standing: Standing) -> Event {
    let (at, item) = (hour(at), item(number));
    Event::Enrolled { at, item, standing, consent_version: 1, term: 0, fresh: None, assisted: None }
}

pub(crate) fn joined(number: u8, at: u64, standing: Standing, helped: bool) -> Event {
    Event::Enrolled {
        at: hour(at),
        item: item(number),
        standing,
        consent_version: 1,
        term: 0,
        fresh: Some((key(number), known())),
        assisted: helped.then(|| (key(number), assisted().into())),
    }
}

pub(crate) fn invited(number: u8, at: u64) -> Event {
    Event::Offered {
        at: hour(at),
        item: item(number),
        standing: Standing::Invited,
        draw: p::DRAW,
        number: 7,
        expires_at: Some(hour(at + 336)),
        fresh: Some((key(number), known())),
    }
}

pub(crate) fn offered(number: u8, at: u64) -> Event {
    Event::Offered {
        at: hour(at),
        item: item(number),
        standing: Standing::Drawn,
        draw: p::DRAW,
        number: 3,
        expires_at: Some(hour(at + 336)),
        fresh: None,
    }
}

pub(crate) fn reserved(number: u8, at: u64) -> Event {
    let (at, item, standing) = (hour(at), item(number), Standing::Reserved);
    Event::Offered { at, item, standing, draw: p::DRAW, number: 1, expires_at: None, fresh: None }
}

pub(crate) fn answered(number: u8, at: u64, standing: Standing) -> Event {
    Event::Answered {
        at: hour(at),
        item: item(number),
        accepted: standing != Standing::Declined,
        standing,
        consent_version: u32::from(standing != Standing::Declined),
        term: 0,
        said: None,
        assisted: None,
    }
}

pub(crate) fn left(number: u8, at: u64, reason: Reason) -> Event {
    let (at, item, key) = (hour(at), item(number), key(number));
    Event::Left { at, item, key, reason: reason.into(), assisted: None, ground: None }
}

pub(crate) fn expired(number: u8, at: u64, standing: Standing) -> Event {
    Event::Expired { at: hour(at), item: item(number), standing, key: key(number) }
}

pub(crate) fn every_event() -> Vec<Event> {
    let helped = || Some((key(1), Opened::Known(assisted())));
    let (at, one) = (hour(5), item(1));
    let said = Event::Answered {
        at,
        item: one,
        accepted: true,
        standing: Standing::Active,
        consent_version: 1,
        term: 2,
        said: Some((key(1), planted().into())),
        assisted: helped(),
    };
    let removed = Event::Left {
        at,
        item: one,
        key: key(1),
        reason: Reason::Removed.into(),
        assisted: None,
        ground: Some((RECORD, Opened::Known("planted ground".into()))),
    };
    let gone = Event::Left {
        at,
        item: one,
        key: key(1),
        reason: Reason::Died.into(),
        assisted: helped(),
        ground: None,
    };
    let moved = |standing, assisted| Event::Moved { at, item: one, standing, assisted };
    vec![
        submitted(1, 0, Outcome::Requested),
        submitted(1, 0, Outcome::Blocked),
        enrolled(1, 1, Standing::Active),
        joined(1, 1, Standing::Volunteered, false),
        joined(1, 1, Standing::Active, true),
        invited(1, 0),
        offered(1, 0),
        reserved(1, 0),
        answered(1, 2, Standing::Active),
        answered(1, 2, Standing::Declined),
        said,
        expired(1, 400, Standing::Expired),
        moved(Standing::Paused, None),
        moved(Standing::Active, helped()),
        left(1, 9, Reason::OwnWish),
        removed,
        gone,
        Event::Replaced { at, item: one, by: item(2) },
        Event::Corrected { at, item: one, standing: Standing::Active, key: key(1), known: known() },
        Event::Renewed { at, item: one, standing: Standing::Active, term: 2, assisted: None },
        Event::Renewed { at, item: one, standing: Standing::Paused, term: 2, assisted: helped() },
        Event::Erased { at, item: one, standing: Standing::Left, key: key(1) },
    ]
}
