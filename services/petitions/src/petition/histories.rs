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
        count.prop_map(|count| Act::LoseThreshold { threshold: Threshold::Answer, count, count_position: 1 }),
    ]
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn invariants(steps in proptest::collection::vec((acts(), 0..600_u64), 1..30)) {
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
                openings += u32::from(matches!(event, Event::Opened { .. }));
                registers += u32::from(matches!(event, Event::Submitted(_)));
            }
            prop_assert!(openings <= 1, "opening time is set once");
            prop_assert!(registers <= 1, "one register number");
            let petition = state.0.as_ref();
            prop_assert!(petition.is_none_or(|p| p.returns <= 1), "returned at most once");
            let due = petition.is_some_and(|p| p.answer == Answer::Due);
            prop_assert!(!due || openings == 1, "no answer is due before it was open");
            let again = Decider::decide(&state, at(now, Act::Lapse));
            prop_assert_eq!(again, Ok(vec![]), "what was due has happened");
        }
    }
}
