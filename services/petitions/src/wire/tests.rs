//! Every event survives its bytes; no text stands in a public payload; submissions look alike.

use std::collections::BTreeSet;

use proptest::prelude::*;
use radslag_kernel::{AggregateId, Encoded, Happens as _, KeyRef, Opened, Role, SubjectId, golden};

use super::*;
use crate::{
    bulk, comment, inquiry, lists, moderation, objection, paper,
    petition::{
        self, Erasable, Fate, How, Register, Threshold, answer::samples as a, course, samples as p, support,
    },
    session,
    signature::{self, Outcome, samples as s},
    signing::{self, What},
};

mod later;

use later::{assisted_events, labelled, linked, taken_back_with_help, votes_against};

/// One of each, with planted texts wherever texts are.
pub(crate) fn every_event() -> Vec<Event> {
    petition_events()
        .into_iter()
        .map(Event::Petition)
        .chain(signature_events().into_iter().map(Event::Signature))
        .chain([Event::Register(register::Entered {
            at: p::noon("2008-10-10"),
            register: Register { year: 2008, number: 17 },
        })])
        .chain([Event::Moderation(moderation::Event {
            at: p::noon("2008-10-21"),
            by: p::moderator().id,
            record: p::KEYS.record,
            entry: Opened::Known(moderation::Entry::Note { text: "Planted note".into() }),
        })])
        .chain([What::Paused, What::Resumed, What::ClosedEarly].map(|what| {
            let (at, by, record) = (p::noon("2008-10-20"), p::moderator().id, KeyRef(12));
            Event::Signing(signing::Event { at, by, what, record, ground: Opened::Known("Planted".into()) })
        }))
        .chain(list_events().into_iter().map(Event::List))
        .chain(bulk::samples::every_event().into_iter().map(Event::Bulk))
        .chain(comment::samples::every_event().into_iter().map(Event::Comment))
        .chain(inquiry::samples::every_event().into_iter().map(Event::Inquiry))
        .chain([Event::Signature(listed())])
        .chain(paper::samples::every_event().into_iter().map(Event::Paper))
        .chain(session::samples::every_event().into_iter().map(Event::Session))
        .chain(assisted_events())
        .chain(p::coinitiator_events().into_iter().map(Event::Petition))
        .chain(objection::samples::every_event().into_iter().map(Event::Objection))
        .chain([Event::Petition(p::supporter_erased().into())])
        .chain([Event::Paper(paper::samples::erased(2))])
        .chain(taken_back_with_help())
        .chain(labelled())
        .chain(votes_against())
        .chain(paper::samples::grounded().into_iter().map(Event::Paper))
        .chain(
            [p::detached(p::noon("2008-10-13"), 71), p::attached(p::noon("2008-10-12"), 71)]
                .map(Event::Petition),
        )
        .chain(linked())
        .collect()
}

fn listed() -> signature::Event {
    let mut submission = s::submission(3, Outcome::New, false);
    submission.expires_at = submission.at;
    signature::Event::Listed { submission: Box::new(submission), compared: true }
}

fn list_events() -> Vec<lists::Event> {
    use lists::{Effect, Kind, samples};
    vec![samples::added(1, Effect::Block, Kind::Mailbox, "planted@malmo.se"), samples::removed(1)]
}

fn petition_events() -> Vec<petition::Event> {
    use petition::Event;
    let (at, by, record) = (p::noon("2008-10-20"), p::moderator().id, p::KEYS.record);
    let ground = || Opened::Known("Planted ground".to_owned());
    let second = SubjectId::from_bytes([78; 16]);
    vec![
        Event::Drafted {
            at,
            expires_at: at.plus_hours(9),
            key: p::DRAFT_KEY,
            content: Opened::Known(p::content()),
            owner: Opened::Known(p::MAILBOX),
            dialogue: None,
        },
        p::submitted(),
        p::confirmed(),
        p::returned(),
        Event::Resubmitted {
            at,
            review_by: p::day("2008-11-01"),
            length: p::content().length,
            document: KeyRef(1),
            content: Opened::Known(p::content()),
        },
        Event::Rejected { at, by, lapsed: false, record, decision: p::decision(&["duplicate"]) },
        Event::Hidden { at, by, record, decision: p::decision(&["libellous"]) },
        p::approved(at),
        p::opened(at),
        Event::CountingStarted { at, closed_at: at, until: at.plus_hours(24), how: How::Deadline },
        Event::Closed { at, closed_at: at, how: How::HandedIn },
        Event::Withdrawn {
            at,
            was_public: true,
            record: Some(record),
            ground: ground(),
            draft: None,
            assisted: None,
        },
        Event::Expired { at, draft: Some(p::DRAFT_KEY) },
    ]
    .into_iter()
    .chain(course_events().into_iter().map(Event::Course))
    .chain(support_events().into_iter().map(Event::Support))
    .chain([
        Event::ThresholdReached { at, threshold: Threshold::Answer, count: 100, count_position: 7 },
        Event::ThresholdLost { at, threshold: Threshold::Debate, count: 99, count_position: 8 },
    ])
    .chain(a::answer_events())
    .chain(a::hearing_events())
    .chain([Event::Erased {
        at,
        by,
        second,
        what: Erasable::Document,
        keys: vec![KeyRef(1)],
        record,
        ground: ground(),
    }])
    .collect()
}

fn support_events() -> Vec<support::Event> {
    use support::Event;
    let (at, item, key, tags) = (p::noon("2008-10-20"), s::item(1), KeyRef(101), KeyRef(3));
    let text = |text: &str| text.to_owned();
    let supporter = petition::Supporter {
        name: text("Planted"),
        mailbox: text("planted@malmo.se"),
        language: text("sv"),
    };
    let (by, record, ground) = (p::moderator().id, KeyRef(4), Opened::Known(text("Planted ground")));
    let later = at.plus_hours(9);
    vec![
        Event::Sought { at, until: p::day("2009-01-12"), expires_at: later, needed: 5, at_most: 21 },
        Event::Asked {
            at,
            item,
            key,
            expires_at: later,
            tags,
            supporter: Opened::Known(supporter),
            asked: Opened::Known(support::Asked { tag: s::tag(9), mail: true }),
        },
        Event::Joined {
            at,
            item,
            key,
            tags,
            name: Opened::Known(text("Planted")),
            tag: Opened::Known(s::tag(9)),
        },
        Event::Completed { at, review_by: p::day("2008-10-27") },
        Event::Struck { at, by, item, back_until: Some(later), record, ground },
    ]
}

fn course_events() -> Vec<course::Event> {
    use course::Event;
    let (at, by, record) = (p::noon("2008-10-20"), p::moderator().id, p::KEYS.record);
    let ground = || Opened::Known("Planted ground".to_owned());
    let second = SubjectId::from_bytes([78; 16]);
    vec![
        Event::TakenDown {
            at,
            by,
            second,
            role: Role::Moderator,
            fate: Fate::Removed,
            was_public: true,
            keys: vec![KeyRef(1)],
            record,
            decision: p::decision(&["libellous"]),
        },
        Event::Restored { at, by, review_by: p::day("2008-11-05"), record, ground: ground() },
        Event::Reopened { at, by, closes_at: at.plus_hours(9), record, ground: ground() },
        Event::Paused { at },
        Event::Resumed {
            at,
            last_day: p::day("2008-10-20"),
            deadline: p::day("2009-02-25"),
            closes_at: at.plus_hours(9),
        },
        Event::Stopped { at },
        Event::RedirectProposed {
            at,
            by,
            instead: course::Instead::FaultReport,
            to: Opened::Known("Planted place".into()),
            record,
            ground: ground(),
        },
        Event::Redirected { at },
        Event::RedirectDeclined { at },
        Event::DecisionDue { at, decide_by: p::day("2009-10-20") },
        Event::ElectorateFixed { at, by, voters: 100_000, answer_at: 10_000, record, ground: ground() },
        Event::Classified {
            at,
            by,
            classes: course::Classes {
                area: "Centrum".into(),
                committee: "Tekniska nämnden".into(),
                topics: vec!["Trafik".into()],
            },
            record,
            ground: ground(),
        },
    ]
}

fn signature_events() -> Vec<signature::Event> {
    use signature::Event;
    let (at, item, by, record, tags) = (s::hour(2), s::item(1), s::official().id, KeyRef(4), KeyRef(3));
    let public = || s::submission(1, Outcome::New, true).public;
    let ground = || Opened::Known("Planted ground".to_owned());
    let (key, second) = (KeyRef(101), SubjectId::from_bytes([78; 16]));
    let mut signed = s::submission(2, Outcome::New, false);
    signed.expires_at = signed.at;
    vec![
        s::submitted(Outcome::New, true),
        Event::Signed(Box::new(signed)),
        Event::Confirmed {
            at,
            item,
            key,
            public: public(),
            against: false,
            tags,
            person: Opened::Known(Some(s::tag(9))),
        },
        Event::Suspected {
            at,
            item,
            key,
            public: public(),
            tags,
            person: Opened::Known(None),
            record,
            rule: Opened::Known("Planted rate".into()),
        },
        Event::Cleared { at, item, by, against: false, record, ground: ground() },
        Event::Expired { at, item },
        Event::Withdrawn { at, item, against: false, assisted: None },
        Event::Superseded { at, item, against: false },
        Event::Invalidated {
            at,
            item,
            by,
            was_counted: true,
            against: false,
            batch: Some([4; 16]),
            record,
            ground: ground(),
        },
        Event::Restored { at, item, by, against: false, batch: None, record, ground: ground() },
        Event::NameChanged { at, item, key, name: Opened::Known("Planted alias".into()), assisted: None },
        Event::Erased { at, item, by, second, keys: vec![key, KeyRef(102)], record, ground: ground() },
        Event::SetAside { at, item, by, against: false, record, ground: ground() },
    ]
}

/// What the log would hand back, with the keys for which `gone` says so destroyed.
pub(super) fn stored_again(
    event: &Event,
    encoded: &Encoded,
    gone: &dyn Fn(KeyRef) -> bool,
) -> Result<Event, Malformed> {
    let by = match event {
        Event::Petition(_)
        | Event::Signature(_)
        | Event::Moderation(_)
        | Event::Signing(_)
        | Event::Comment(_)
        | Event::Objection(_)
        | Event::Inquiry(_) => p::moderator().id,
        Event::List(_) | Event::Bulk(_) => lists::samples::BY,
        Event::Paper(_) => paper::samples::FIRST,
        Event::Register(_) | Event::Session(_) => SubjectId::default(),
    };
    golden::stored_again((event, by), encoded, gone, decode)
}

#[test]
fn lines_that_were_dropped_survive_the_bytes_of_their_sheet() {
    let (at, batch) = (paper::samples::at(), paper::samples::BATCH);
    let counted = paper::Event::SheetCounted { at, batch, sheet: 1, counted: 2, uncompared: 0, dropped: 3 };
    let event = Event::Paper(counted);
    assert_eq!(stored_again(&event, &encode(&event, None), &|_| false), Ok(event));
}

#[test]
fn every_event_survives_its_bytes() {
    let mut kinds = BTreeSet::new();
    for event in every_event() {
        let encoded = encode(&event, None);
        assert_eq!(stored_again(&event, &encoded, &|_| false), Ok(event.clone()), "{}", encoded.kind);
        kinds.insert(encoded.kind);
        assert!(encoded.sealed.is_sorted_by_key(|plain| plain.field), "{}", encoded.kind);
    }
    // One of each kind, some again with help or with a ground, one with a label, what is against, what has links, and an
    // objection that tells less.
    let with_more = [assisted_events(), taken_back_with_help(), labelled(), votes_against(), linked()];
    let again = with_more.concat().len() + paper::samples::grounded().len() + 1;
    assert_eq!(kinds.len(), every_event().len() - again);
}

#[test]
fn an_event_whose_keys_are_gone_still_decodes() {
    for event in every_event() {
        let encoded = encode(&event, None);
        let decoded = stored_again(&event, &encoded, &|_| true).unwrap();
        assert_eq!(
            (decoded.at(), decoded.item(), decoded.erases()),
            (event.at(), event.item(), event.erases())
        );
        if encoded.sealed.iter().any(|plain| !plain.value.is_empty()) {
            assert_ne!(decoded, event, "{}", encoded.kind);
        }
    }
}

#[test]
fn no_text_stands_in_a_public_payload() {
    for event in every_event() {
        let public = encode(&event, None).public;
        for planted in
            ["Planted", "planted", "Möllevång", "Ystad", "bilfritt", "211", "Rules", "duplicate", "libell"]
        {
            let found = public.windows(planted.len()).any(|window| window == planted.as_bytes());
            assert!(!found, "{planted} in {event:?}");
        }
    }
}

#[test]
fn a_submission_has_one_public_shape_whatever_its_outcome() {
    let shape = |outcome, mail| {
        let encoded = encode(&Event::Signature(s::submitted(outcome, mail)), None);
        let sealed: Vec<_> = encoded.sealed.iter().map(|plain| (plain.field, plain.committed)).collect();
        (encoded.kind, encoded.schema, encoded.public, sealed)
    };
    for outcome in Outcome::ALL {
        for mail in [true, false] {
            assert_eq!(shape(outcome, mail), shape(Outcome::New, true), "{outcome:?}");
        }
    }
}

#[test]
fn a_comment_by_mailbox_has_one_public_shape_whatever_its_outcome() {
    let shape = |outcome, mail| {
        let submission = comment::samples::submission(1, outcome, mail);
        let event = Event::Comment(comment::Event::Submitted(Box::new(submission)));
        let encoded = encode(&event, None);
        let sealed: Vec<_> = encoded.sealed.iter().map(|plain| (plain.field, plain.committed)).collect();
        (encoded.kind, encoded.schema, encoded.public, sealed)
    };
    for outcome in comment::Outcome::ALL {
        for mail in [true, false] {
            assert_eq!(shape(outcome, mail), shape(comment::Outcome::New, true), "{outcome:?}");
        }
    }
}

#[test]
fn the_dialogue_stands_in_every_event_of_its_petition() {
    let dialogue = AggregateId::from_bytes([0xd1; 16]);
    for event in every_event() {
        let own = match &event {
            Event::Petition(petition::Event::Drafted { .. } | petition::Event::Submitted(_))
            | Event::Register(_)
            | Event::Signing(_)
            | Event::List(_)
            | Event::Bulk(_)
            | Event::Session(_)
            | Event::Inquiry(inquiry::Event::Received(_)) => continue,
            Event::Petition(_)
            | Event::Signature(_)
            | Event::Moderation(_)
            | Event::Comment(_)
            | Event::Paper(_)
            | Event::Objection(_)
            | Event::Inquiry(_) => encode(&event, Some(dialogue)),
        };
        assert!(own.public.windows(16).any(|window| window == [0xd1; 16]), "{}", own.kind);
    }
}

#[test]
fn bytes_that_no_version_wrote_are_malformed() {
    let event = Event::Petition(p::confirmed());
    let encoded = encode(&event, None);
    for wrong in [
        Encoded { kind: "petition.dreamt", ..encoded.clone() },
        Encoded { schema: 2, ..encoded.clone() },
        Encoded { public: vec![0xff], ..encoded.clone() },
        Encoded { kind: "signature.dreamt", ..encoded },
    ] {
        assert!(stored_again(&event, &wrong, &|_| false).is_err(), "{}", wrong.kind);
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn any_text_survives(title in "\\PC{0,60}", name in "\\PC{0,30}", outcome in 0..8_usize, mail: bool) {
        let mut content = p::content();
        content.title = title;
        let at = p::noon("2008-10-20");
        let resubmitted = Event::Petition(petition::Event::Resubmitted { at, review_by: p::day("2008-11-01"), length: content.length, document: KeyRef(1), content: Opened::Known(content) });
        let mut submission = s::submission(1, Outcome::ALL[outcome], mail);
        submission.signer = submission.signer.map(|signer| signature::Signer { name, ..signer });
        for event in [resubmitted, Event::Signature(signature::Event::Submitted(Box::new(submission)))] {
            prop_assert_eq!(stored_again(&event, &encode(&event, None), &|_| false), Ok(event));
        }
    }

    #[test]
    fn hostile_bytes_never_panic(public in proptest::collection::vec(any::<u8>(), 0..80), kind: prop::sample::Index) {
        let events = every_event();
        let event = kind.get(&events);
        let encoded = Encoded { public, ..encode(event, None) };
        let _ = stored_again(event, &encoded, &|_| false);
    }
}
