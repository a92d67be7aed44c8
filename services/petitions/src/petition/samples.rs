//! A petition to test with.

use radslag_kernel::{
    Actor, AggregateId, Calendar, Date, EventId, Happens as _, Instant, ItemId, KeyRef, Opened, Recorded,
    SubjectId,
};

use super::*;
use crate::{
    policy::{Label, Length, Policies, Policy},
    tag::Tag,
};

pub(crate) const KEYS: Keys =
    Keys { document: KeyRef(1), initiator: KeyRef(2), tags: KeyRef(3), record: KeyRef(4) };
pub(crate) const DRAFT_KEY: KeyRef = KeyRef(9);
/// The initiator's mailbox.
pub(crate) const MAILBOX: Tag = Tag([1; 16]);
pub(crate) const EID: Tag = Tag([2; 16]);

pub(crate) fn day(text: &str) -> Date {
    text.parse().unwrap()
}

pub(crate) fn calendar() -> Calendar {
    Calendar::of("Europe/Stockholm").unwrap()
}

/// Noon of a date in Stockholm.
pub(crate) fn noon(text: &str) -> Instant {
    calendar().start_of(day(text)).plus_hours(12)
}

pub(crate) fn at(instant: Instant, act: Act) -> Command {
    Command { now: now(instant), act }
}

pub(crate) fn now(instant: Instant) -> Now {
    Now { at: instant, calendar: calendar(), signing: Default::default() }
}

pub(crate) fn policy(id: &str) -> Policy {
    Policies::shipped().newest(id).unwrap().clone()
}

pub(crate) fn content() -> Content {
    Content {
        title: "Gör Möllevångstorget bilfritt!".into(),
        body: "Stäng av delen av Ystadgatan.".into(),
        background: String::new(),
        url_key: "bilfrittmallan".into(),
        length: Length::Until(day("2009-02-22")),
        links: Vec::new(),
    }
}

/// The same with something to point at.
pub(crate) fn linked() -> Content {
    let link = Link { label: "Planted label".into(), url: "https://planted.example/torget".into() };
    Content { links: vec![link], ..content() }
}

pub(crate) fn initiator() -> Initiator {
    Initiator {
        contact: Contact {
            name: "Planted Person".into(),
            mailbox: "planted@malmo.se".into(),
            postcode: "211 44".into(),
            language: "sv".into(),
            public_name: "Planted P".into(),
            party: None,
        },
        tags: InitiatorTags {
            mailbox: Some(MAILBOX),
            eid: None,
            name: Tag([3; 16]),
            postcode: None,
            assisted: None,
        },
        registered: false,
        helper: None,
    }
}

pub(crate) fn hand_in(policy_id: &str) -> HandIn {
    HandIn {
        policy: policy(policy_id),
        content: content(),
        initiator: initiator(),
        keys: KEYS,
        register: Register { year: 2008, number: 17 },
        dialogue: None,
        terms: String::new(),
        owner: None,
    }
}

pub(crate) fn moderator() -> Official {
    let id = SubjectId::from_bytes([77; 16]);
    Official { id, tags: vec![Tag([88; 16])], signed: false, locked_out: false, ground: "Rules, 2".into() }
}

pub(crate) fn verdict(codes: &[&str]) -> Verdict {
    let codes = codes.iter().map(ToString::to_string).collect();
    Verdict { by: moderator(), codes, text: "Planted reason".into() }
}

pub(crate) fn submitted() -> Event {
    Event::Submitted(Box::new(Submitted {
        at: noon("2008-10-10"),
        expires_at: calendar().end_of(day("2008-11-09")),
        register: Register { year: 2008, number: 17 },
        policy: Policy { label: Label::default(), ..policy("malmo-2008") },
        length: content().length,
        by_eid: false,
        keys: KEYS,
        content: Opened::Known(content()),
        contact: Opened::Known(initiator().contact),
        tags: Opened::Known(initiator().tags),
        dialogue: None,
        terms: String::new(),
        draft: None,
    }))
}

pub(crate) fn confirmed() -> Event {
    Event::InitiatorConfirmed { at: noon("2008-10-11"), review_by: day("2008-10-25") }
}

pub(crate) fn returned() -> Event {
    Event::Returned {
        at: noon("2008-10-12"),
        by: moderator().id,
        until: day("2008-11-10"),
        expires_at: calendar().end_of(day("2008-11-10")),
        record: KEYS.record,
        decision: decision(&["no-action"]),
    }
}

pub(crate) fn decision(codes: &[&str]) -> Opened<Decision> {
    let verdict = verdict(codes);
    Opened::Known(Decision { codes: verdict.codes, text: verdict.text, ground: verdict.by.ground })
}

pub(crate) fn approved(opens_at: Instant) -> Event {
    Event::Approved {
        at: noon("2008-10-13"),
        by: moderator().id,
        opens_at,
        deadline: day("2009-02-22"),
        closes_at: closes_at(),
        document: KEYS.document,
        url_key: Opened::Known("bilfrittmallan".into()),
        record: KEYS.record,
        ground: Opened::Known("Rules, 2".into()),
    }
}

pub(crate) fn opened(at: Instant) -> Event {
    Event::Opened {
        at,
        deadline: day("2009-02-22"),
        closes_at: closes_at(),
        answer_at: 100,
        debate_at: 0,
        initiator_counts: false,
        policy: ("malmo-2008".into(), 1),
        document: KEYS.document,
        url_key: Opened::Known("bilfrittmallan".into()),
    }
}

pub(crate) fn closes_at() -> Instant {
    calendar().end_of(day("2009-02-22"))
}

/// Open since 16 October 2008.
pub(crate) fn open() -> Vec<Event> {
    let start = calendar().start_of(day("2008-10-16"));
    vec![submitted(), confirmed(), approved(start), opened(start)]
}

pub(crate) fn recorded(event: crate::Event) -> Recorded<crate::Event> {
    Recorded {
        position: 40,
        origin: 0,
        id: EventId::from_bytes([5; 16]),
        aggregate: AggregateId::from_bytes([6; 16]),
        item: event.item(),
        occurred_at: event.at(),
        recorded_at: event.at(),
        actor: Actor::SYSTEM,
        version: 4,
        event,
    }
}

/// The mailbox of who is named.
pub(crate) const NAMED: Tag = Tag([60; 16]);
pub(crate) const NAMED_KEY: KeyRef = KeyRef(102);

pub(crate) fn naming() -> ItemId {
    ItemId::from_bytes([61; 16])
}

pub(crate) fn named_contact() -> Contact {
    Contact {
        name: "Planted Second".into(),
        mailbox: "planted.second@malmo.se".into(),
        postcode: String::new(),
        language: "sv".into(),
        public_name: "Planted S".into(),
        party: None,
    }
}

pub(crate) fn named_tags() -> InitiatorTags {
    InitiatorTags { mailbox: Some(NAMED), eid: None, name: Tag([62; 16]), postcode: None, assisted: None }
}

pub(crate) fn named(at: Instant) -> Event {
    let expires_at = calendar().end_of(radslag_kernel::time::plus_days(calendar().date(at), 30));
    let (contact, compared) = (Opened::Known(named_contact()), Opened::Known(named_tags()));
    let (item, key, tags, mail) = (naming(), NAMED_KEY, KEYS.tags, Opened::Known(true));
    coinitiator::event::Event::Named { at, item, key, expires_at, tags, contact, compared, mail }.into()
}

pub(crate) fn naming_accepted(at: Instant) -> Event {
    let (contact, compared) = (Opened::Known(named_contact()), Opened::Known(named_tags()));
    let (item, key, tags) = (naming(), NAMED_KEY, KEYS.tags);
    coinitiator::event::Event::Accepted { at, item, key, tags, contact, compared }.into()
}

pub(crate) fn naming_ended(at: Instant, how: coinitiator::event::Ended) -> Event {
    coinitiator::event::Event::Ended { at, item: naming(), how, key: NAMED_KEY }.into()
}

pub(crate) fn taken_over(at: Instant) -> Event {
    let (contact, compared) = (Opened::Known(named_contact()), Opened::Known(named_tags()));
    let (item, key, tags) = (naming(), NAMED_KEY, KEYS.tags);
    coinitiator::event::Event::TakenOver { at, item, key, tags, contact, compared }.into()
}

/// One of each about who may take over.
pub(crate) fn coinitiator_events() -> Vec<Event> {
    let at = noon("2008-10-20");
    let ended = coinitiator::event::Ended::ALL.map(|how| naming_ended(at, how));
    [named(at), naming_accepted(at)].into_iter().chain(ended).chain([taken_over(at)]).collect()
}

pub(crate) fn supporter_erased() -> support::Event {
    let (by, second) = (moderator().id, SubjectId::from_bytes([78; 16]));
    support::Event::Erased {
        at: noon("2008-10-20"),
        by,
        second,
        item: ItemId::from_bytes([1; 16]),
        keys: vec![KeyRef(101)],
        record: KEYS.record,
        ground: Opened::Known("Planted ground".into()),
    }
}

/// The key of what is attached.
pub(crate) const FILE_KEY: KeyRef = KeyRef(103);

pub(crate) fn attachment(number: u8) -> ItemId {
    ItemId::from_bytes([number; 16])
}

pub(crate) fn file() -> attached::File {
    attached::File {
        name: "Planted map.pdf".into(),
        kind: crate::attachment::Kind::Pdf,
        size: 1_200,
        blob: [72; 16],
        digest: [73; 32],
        key: attached::FileKey([74; 32]),
    }
}

pub(crate) fn attached(at: Instant, number: u8) -> Event {
    let (item, file) = (attachment(number), Opened::Known(file()));
    attached::event::Event::Attached { at, item, key: FILE_KEY, file }.into()
}

pub(crate) fn detached(at: Instant, number: u8) -> Event {
    attached::event::Event::Detached { at, item: attachment(number), key: FILE_KEY }.into()
}
