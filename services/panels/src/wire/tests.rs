//! Every event survives its bytes; no text stands in a public payload; submissions look alike.

use std::collections::BTreeSet;

use radslag_kernel::{AggregateId, Encoded, Happens as _, KeyRef, Malformed, SubjectId, golden};

use super::*;
use crate::{
    announced, frame, meeting,
    member::{self, Outcome, samples as m},
    panel::{self, draw, samples as p},
};

/// One of each, with planted texts wherever texts are.
pub(crate) fn every_event() -> Vec<Event> {
    p::every_event()
        .into_iter()
        .map(Event::Panel)
        .chain([Event::Frame(frame::samples::received()), Event::Announced(announced::samples::announced(1))])
        .chain(m::every_event().into_iter().map(Event::Member))
        .chain(meeting::samples::every_event().into_iter().map(Event::Meeting))
        .collect()
}

fn by(event: &Event) -> SubjectId {
    match event {
        Event::Panel(panel::Event::Draw(event)) => event.by,
        Event::Panel(_) | Event::Meeting(_) => p::LEADER,
        Event::Frame(_) | Event::Announced(_) | Event::Member(_) => SubjectId::default(),
    }
}

/// What the log would hand back, with the keys for which `gone` says so destroyed.
pub(super) fn stored_again(
    event: &Event,
    encoded: &Encoded,
    gone: &dyn Fn(KeyRef) -> bool,
) -> Result<Event, Malformed> {
    golden::stored_again((event, by(event)), encoded, gone, decode)
}

#[test]
fn every_event_survives_its_bytes() {
    let mut kinds = BTreeSet::new();
    for event in every_event() {
        let encoded = encode(&event, None);
        assert_eq!(stored_again(&event, &encoded, &|_| false), Ok(event.clone()), "{}", encoded.kind);
        kinds.insert(encoded.kind);
    }
    assert_eq!(kinds.len(), 54, "{kinds:?}");
}

#[test]
fn an_event_whose_keys_are_gone_still_decodes() {
    for event in every_event() {
        let encoded = encode(&event, None);
        let decoded = stored_again(&event, &encoded, &|_| true).unwrap();
        let head = |event: &Event| (event.at(), event.item(), event.erases());
        assert_eq!(head(&decoded), head(&event));
        if encoded.sealed.iter().any(|plain| !plain.value.is_empty()) {
            assert_ne!(decoded, event, "{}", encoded.kind);
        }
    }
}

#[test]
fn no_text_stands_in_a_public_payload() {
    for event in every_event() {
        let public = encode(&event, None).public;
        for planted in ["lanted", "woman", "ale.se"] {
            let found = public.windows(planted.len()).any(|window| window == planted.as_bytes());
            assert!(!found, "{planted} in {event:?}");
        }
        assert!(!format!("{event:?}").contains("lanted"), "an event shows what is sealed");
    }
}

#[test]
fn submissions_look_alike_whatever_came_of_them() {
    let shape = |outcome| {
        let encoded = encode(&Event::Member(m::submitted(1, 0, outcome)), None);
        (encoded.kind, encoded.public, encoded.sealed.iter().map(|one| one.field).collect::<Vec<_>>())
    };
    let shapes: BTreeSet<_> = Outcome::ALL.iter().map(|outcome| shape(*outcome)).collect();
    assert_eq!(shapes.len(), 1, "{shapes:?}");
}

#[test]
fn each_event_of_a_member_says_where_they_stand() {
    for event in m::every_event() {
        let (standing, encoded) = (event.standing(), encode(&Event::Member(event), None));
        let message = radslag_proto::descriptors().unwrap();
        let name = match encoded.kind {
            "member.submitted" => "MemberSubmitted",
            "member.enrolled" => "MemberEnrolled",
            "member.invited" | "member.drawn" | "member.reserved" => "MemberOffered",
            "member.accepted" | "member.declined" => "MemberAnswered",
            "member.replaced" => "MemberReplaced",
            "member.renewed" => "MemberRenewed",
            _ => "MemberMoved",
        };
        let message = message.get_message_by_name(&format!("radslag.panels.v1.{name}")).unwrap();
        let decoded = prost_reflect::DynamicMessage::decode(message, &encoded.public[..]).unwrap();
        let number = decoded.get_field_by_name("standing").unwrap().as_enum_number().unwrap();
        assert_eq!(member::Standing::ALL[number as usize - 1], standing, "{}", encoded.kind);
    }
}

#[test]
fn the_secret_of_a_draw_is_public_after_it_and_not_before() {
    let has_secret = |event| {
        let public = encode(&Event::Panel(event), None).public;
        public.windows(32).any(|window| window == [2; 32])
    };
    assert!(!has_secret(p::committed(draw::Kind::Sortition)));
    assert!(has_secret(p::drawn()));
}

#[test]
fn an_event_says_which_dialogue_it_is_part_of() {
    let dialogue = Some(AggregateId::from_bytes([9; 16]));
    for event in every_event().iter().filter(|event| !matches!(event, Event::Frame(_) | Event::Announced(_)))
    {
        let public = encode(event, dialogue).public;
        let planned = matches!(
            event,
            Event::Panel(panel::Event::Planned { .. }) | Event::Meeting(meeting::Event::Planned { .. })
        );
        assert!(planned || public.windows(16).any(|window| window == [9; 16]), "{event:?}");
    }
}

#[test]
fn bytes_that_no_version_wrote_are_malformed() {
    for event in [Event::Member(m::submitted(1, 0, Outcome::Requested)), Event::Panel(p::drawn())] {
        let encoded = encode(&event, None);
        for wrong in [
            Encoded { kind: "member.dreamt", ..encoded.clone() },
            Encoded { kind: "draw.dreamt", ..encoded.clone() },
            Encoded { kind: "frame.dreamt", ..encoded.clone() },
            Encoded { kind: "dream", ..encoded.clone() },
            Encoded { schema: 2, ..encoded.clone() },
            Encoded { public: vec![0xff], ..encoded.clone() },
        ] {
            assert!(stored_again(&event, &wrong, &|_| false).is_err(), "{}", wrong.kind);
        }
        for field in 0..encoded.sealed.len() {
            for bytes in [vec![], vec![0xff; 9], vec![0x0a, 0x00], vec![0x2a, 0x02, 0x08, 0x63]] {
                let mut hostile = encoded.clone();
                hostile.sealed[field].value = bytes;
                let _ = stored_again(&event, &hostile, &|_| false);
            }
        }
    }
}
