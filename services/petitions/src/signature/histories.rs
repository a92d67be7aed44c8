//! Random histories of a mailbox's page: what holds whatever is asked, in whatever order.

use proptest::prelude::*;
use radslag_kernel::{Decider as _, SubjectId};

use super::samples::*;
use super::*;

#[derive(Clone, Debug)]
enum Step {
    Ask { name: u8, postcode: u8, blocked: bool, suspect: bool, against: bool },
    On { act: u8, which: u8 },
}

fn steps() -> impl Strategy<Value = Vec<(Step, u64)>> {
    let ask = (1..5_u8, 1..3_u8, prop::bool::weighted(0.1), prop::bool::weighted(0.1), any::<bool>())
        .prop_map(|(name, postcode, blocked, suspect, against)| Step::Ask {
            name,
            postcode,
            blocked,
            suspect,
            against,
        });
    let on = (0..8_u8, 0..40_u8).prop_map(|(act, which)| Step::On { act, which });
    proptest::collection::vec((prop_oneof![2 => ask, 3 => on], 0..12_u64), 1..40)
}

fn act(step: Step, asked: &mut u8) -> Act {
    match step {
        Step::Ask { name, postcode, blocked, suspect, against } => {
            *asked += 1;
            let suspicion = suspect.then(|| "rate".to_owned());
            Act::Request(Box::new(Request { blocked, suspicion, against, ..request(*asked, name, postcode) }))
        }
        Step::On { act, which } => {
            let item = item(1 + which % (*asked).max(1));
            match act {
                0..=2 => Act::Confirm { item, suspicion: None },
                3 => Act::Withdraw { item },
                4 => Act::Invalidate { item, by: official(), batch: None },
                5 => Act::Restore { item, by: official(), batch: None },
                6 => Act::Expire { item },
                _ => Act::Erase { item, by: official(), second: SubjectId::from_bytes([78; 16]) },
            }
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn invariants(steps in steps()) {
        let (mut state, mut now, mut asked, mut counts, mut mails) = (State::default(), hour(1), 0, [0, 0], 0);
        let mut both = view("uk");
        std::sync::Arc::make_mut(&mut both.policy).votes_against = true;
        let mut ends = std::collections::BTreeMap::<_, u32>::new();
        for (step, hours) in steps {
            now = now.plus_hours(hours);
            let act = act(step, &mut asked);
            let is_request = matches!(act, Act::Request(_));
            let decided = Decider::decide(&state, Command { at: now, petition: both.clone(), act });
            if is_request {
                prop_assert!(matches!(decided.as_deref(), Ok([Event::Submitted(_)])), "one event per submission");
            }
            for event in decided.unwrap_or_default() {
                if let Event::Submitted(submission) = &event {
                    mails += u32::from(submission.facts.known().is_some_and(|facts| facts.mail));
                }
                if matches!(event, Event::Confirmed { .. } | Event::Suspected { .. } | Event::Expired { .. }) {
                    *ends.entry(event.item()).or_default() += 1;
                }
                counts[0] += event.delta();
                counts[1] += event.delta_against();
                Decider::evolve(&mut state, &event);
            }
            let counted = |against| {
                let of = |slot: &&Slot| slot.standing == Standing::Confirmed && slot.against == against;
                state.slots.iter().filter(of).count()
            };
            let confirmed = counted(false) + counted(true);
            for (count, against) in counts.into_iter().zip([false, true]) {
                prop_assert_eq!(usize::try_from(count), Ok(counted(against)), "never negative and exact");
            }
            prop_assert!(confirmed <= 2, "at most two confirmed per mailbox page");
            prop_assert!(state.slots.len() <= 2, "at most two slots");
            prop_assert!(mails <= 15, "at most five mails per slot, and five for the rest");
            prop_assert!(ends.values().all(|times| *times == 1), "a submission ends once");
            prop_assert_eq!(ends.len() + state.pending.len(), usize::from(asked), "each has ended or will");
        }
    }
}
