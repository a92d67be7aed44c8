//! Random histories of a petition: what holds whatever is asked, in whatever order.

use proptest::prelude::*;
use radslag_kernel::{Decider as _, SubjectId};

use super::samples::*;
use super::*;

fn acts() -> impl Strategy<Value = Act> {
    let approve = |opens_on| Act::Approve { by: moderator(), opens_on, url_key: None, taken: false };
    let count = 0..200_u64;
    prop_oneof![
        Just(Act::Submit(Box::new(hand_in("malmo-2008")))),
        Just(Act::ConfirmInitiator { proof: MAILBOX }),
        Just(Act::Resubmit { proof: MAILBOX, content: content() }),
        Just(Act::Return(verdict(&["no-action"]))),
        Just(Act::Reject(verdict(&["duplicate"]))),
        Just(Act::Hide(verdict(&["advert"]))),
        Just(approve(None)),
        Just(approve(None)),
        Just(Act::Withdraw { proof: MAILBOX, reason: String::new() }),
        Just(Act::Lapse),
        Just(Act::Erase {
            by: moderator(),
            second: SubjectId::from_bytes([78; 16]),
            what: Erasable::Document
        }),
        count.clone().prop_map(|count| Act::ReachThreshold {
            threshold: Threshold::Answer,
            count,
            count_position: 1
        }),
        answers().prop_map(Act::Answer),
        count.prop_map(|count| Act::LoseThreshold { threshold: Threshold::Answer, count, count_position: 1 }),
    ]
}

fn answers() -> impl Strategy<Value = answer::Act> {
    use answer::{Act, samples::handing};
    let part = 1..3_u32;
    let by = moderator;
    prop_oneof![
        Just(Act::HandOver { by: by(), handover: handing(&["Board"]) }),
        Just(Act::HandOver { by: by(), handover: handing(&["Council"]) }),
        part.clone().prop_map(move |part| Act::Receive { by: by(), part, case: "17".into() }),
        part.clone().prop_map(move |part| Act::Refuse { by: by(), part }),
        part.clone().prop_map(move |part| Act::Refer { by: by(), part, handover: handing(&["Third"]) }),
        (part.clone(), "2008-1[0-2]-1[0-9]").prop_map(move |(part, date)| {
            Act::Ask { by: by(), part, question: "x".into(), reply_by: day(&date) }
        }),
        Just(Act::Reply { proof: MAILBOX, part: None, text: "x".into() }),
        part.prop_map(move |part| {
            let (outcome, text, link) = (answer::Outcome::Noted, "x".into(), String::new());
            Act::Give { by: by(), part, outcome, text, link }
        }),
        any::<bool>().prop_map(move |grant| Act::DecideWithdrawal { by: by(), grant }),
    ]
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn invariants(steps in proptest::collection::vec((acts(), 0..600_u64), 1..40)) {
        let (mut state, mut now) = (State::default(), noon("2008-10-10"));
        let (mut openings, mut registers) = (0, 0);
        for (act, hours) in steps {
            now = now.plus_hours(hours);
            let Ok(events) = Decider::decide(&state, at(now, act)) else { continue };
            for event in &events {
                let before = state.0.as_ref().map(|petition| petition.life.phase());
                prop_assert!(event.at() <= now, "nothing happens later than it was decided");
                Decider::evolve(&mut state, event);
                let after = state.0.as_ref().map(|petition| petition.life.phase());
                if before.is_some_and(Phase::is_terminal) {
                    prop_assert_eq!(before, after, "terminal states stay terminal");
                }
                if let (Event::Answer(event), Some(petition)) = (event, &state.0) {
                    prop_assert_eq!(event.stands, petition.answer.stands(), "an event says where the answer stands");
                }
                openings += u32::from(matches!(event, Event::Opened { .. }));
                registers += u32::from(matches!(event, Event::Submitted(_)));
            }
            prop_assert!(openings <= 1, "opening time is set once");
            prop_assert!(registers <= 1, "one register number");
            let petition = state.0.as_ref();
            prop_assert!(petition.is_none_or(|p| p.returns <= 1), "returned at most once");
            let waits = |part: &answer::Part| matches!(part.stage, answer::Stage::Awaiting { reply_until, .. } if reply_until <= now);
            prop_assert!(petition.is_none_or(|p| !p.answer.parts.iter().any(waits)), "nobody waits longer than told");
            let due = petition.is_some_and(|p| p.answer.stands() == Answer::Due);
            prop_assert!(!due || openings == 1, "no answer is due before it was open");
            let again = Decider::decide(&state, at(now, Act::Lapse));
            prop_assert_eq!(again, Ok(vec![]), "what was due has happened");
        }
    }
}
