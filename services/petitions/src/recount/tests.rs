//! The recount from public events agrees with what is published, and finds what can't be.

use radslag_kernel::{AggregateId, Happens as _, ItemId};
use radslag_proto::log::Header;
use radslag_readmodel::{Cell, Op, Value};

use super::*;
use crate::{
    event::Event,
    petition::{self, samples as p},
    projections::PETITIONS,
    wire,
};

const PETITION: AggregateId = AggregateId::from_bytes([6; 16]);

fn header(kind: &str, item: Option<ItemId>) -> Header {
    Header {
        position: 40,
        r#type: kind.into(),
        aggregate: PETITION.as_bytes().to_vec().into(),
        item: item.map(|item| item.as_bytes().to_vec()).unwrap_or_default().into(),
        ..Header::default()
    }
}

/// State and change of the count that the projection makes of an event.
fn published(event: &Event) -> (Option<String>, [i64; 2]) {
    let mut ops = Vec::new();
    (PETITIONS.fold)(&p::recorded(event.clone()), &mut ops);
    let (mut state, mut change) = (None, [0, 0]);
    for op in ops {
        match op {
            Op::Set { table, cells, .. } if table.name == "petitions" => {
                state = cells.into_iter().find_map(|(name, cell)| match cell {
                    Cell::Open(Value::Text(text)) if name == "state" => Some(text),
                    _ => None,
                });
            }
            Op::Add { column: "signatures", delta, .. } => change[0] += delta,
            Op::Add { column: "against", delta, .. } => change[1] += delta,
            _ => {}
        }
    }
    (state, change)
}

/// The same as an outsider reads it from the public bytes.
fn recounted(event: &Event) -> (Option<String>, [i64; 2]) {
    let encoded = wire::encode(event, None);
    let fact = read(&header(encoded.kind, event.item()), &encoded.public).unwrap();
    match fact.map(|fact| fact.what) {
        None | Some(What::Published(_)) => (None, [0, 0]),
        Some(What::HandedIn(_)) => (Some("submitted".into()), [0, 0]),
        Some(What::Stands(state)) => (Some(state.into()), [0, 0]),
        Some(What::Opened(initiator_counts)) => (Some("open".into()), [i64::from(initiator_counts), 0]),
        Some(What::Signature(_, act, against)) => {
            (None, if against { [0, act.delta()] } else { [act.delta(), 0] })
        }
    }
}

#[test]
fn every_event_means_to_an_outsider_what_it_means_to_the_published_figures() {
    let mut states = std::collections::BTreeSet::new();
    for event in wire::tests::every_event() {
        // That a draft ends is public, that it was one isn't needed: it has no state to lose.
        let draft = matches!(
            &event,
            Event::Petition(
                petition::Event::Withdrawn { draft: Some(_), .. }
                    | petition::Event::Expired { draft: Some(_), .. }
            )
        );
        if !draft {
            assert_eq!(recounted(&event), published(&event), "{}", wire::encode(&event, None).kind);
        }
        states.extend(published(&event).0);
    }
    assert!(states.len() > 12, "{states:?}");
}

fn fact(position: u64, what: What) -> Fact {
    Fact { position, petition: PETITION, what }
}

fn signed(position: u64) -> Fact {
    fact(position, What::Signature(ItemId::from_bytes([position as u8; 16]), Act::Signed, false))
}

fn claims(count: u64, position: u64, threshold: bool) -> What {
    What::Published(vec![Claim { petition: PETITION, against: false, count, position, threshold }])
}

fn folded(facts: &[Fact]) -> (Recount, Vec<Fault>) {
    let (mut recount, mut faults) = (Recount::default(), Vec::new());
    facts.iter().for_each(|fact| recount.take(fact, &mut faults));
    (recount, faults)
}

#[test]
fn a_count_that_the_log_publishes_holds_at_its_position() {
    let before = [fact(0, What::HandedIn(false)), fact(1, What::Opened(true)), signed(2), signed(3)];
    let told = |what| folded(&[&before[..], &[fact(4, what)]].concat());
    for (count, position) in [(0, 0), (1, 1), (2, 2), (3, 3)] {
        let (recount, faults) = told(claims(count, position, true));
        assert_eq!((recount.held, faults), (1, vec![]), "{count} at {position}");
    }
    let (recount, faults) = told(claims(3, 2, false));
    assert_eq!((recount.held, faults[0].position), (0, 4));
    assert!(faults[0].why.ends_with("had 3 at position 2; counted: 2"), "{}", faults[0].why);
}

#[test]
fn a_threshold_of_recent_signatures_alone_is_not_the_whole_count() {
    let before = [fact(0, What::HandedIn(true)), fact(1, What::Opened(false)), signed(2), signed(3)];
    let (recount, faults) = folded(&[&before[..], &[fact(4, claims(1, 3, true))]].concat());
    assert_eq!((recount.passed, recount.held, faults), (1, 0, vec![]));
    let (_, faults) = folded(&[&before[..], &[fact(4, claims(1, 3, false))]].concat());
    assert_eq!(faults.len(), 1, "what is handed over is the whole count");
}

#[test]
fn who_started_it_counts_once() {
    let (recount, _) =
        folded(&[fact(0, What::HandedIn(false)), fact(1, What::Opened(true)), fact(2, What::Opened(true))]);
    assert_eq!(recount.get(PETITION).map(|tally| tally.count), Some(1));
}

#[test]
fn a_signature_of_a_petition_nobody_handed_in_is_a_fault() {
    let (_, faults) = folded(&[signed(0)]);
    assert_eq!(faults, [Fault { position: 0, why: "its petition was never handed in".into() }]);
}

#[test]
fn nobody_is_counted_or_struck_out_twice() {
    let standing = |acts: &[Act]| {
        let first = step(None, acts[0], false);
        acts[1..].iter().fold(first, |before, act| step(Some(before?), *act, false))
    };
    let right: &[&[Act]] = &[
        &[Act::Submitted, Act::Confirmed, Act::Withdrawn],
        &[Act::Submitted, Act::Suspected, Act::Cleared, Act::SetAside, Act::Invalidated(false)],
        &[Act::Submitted, Act::Expired],
        &[Act::Signed, Act::Invalidated(true), Act::Restored, Act::Superseded, Act::Restored],
    ];
    for acts in right {
        assert!(standing(acts).is_some(), "{acts:?}");
    }
    let wrong: &[&[Act]] = &[
        &[Act::Confirmed],
        &[Act::Signed, Act::Signed],
        &[Act::Submitted, Act::Confirmed, Act::Confirmed],
        &[Act::Submitted, Act::Confirmed, Act::Expired],
        &[Act::Submitted, Act::Withdrawn],
        &[Act::Signed, Act::Withdrawn, Act::Restored],
        &[Act::Signed, Act::Invalidated(true), Act::Invalidated(true)],
        &[Act::Signed, Act::Invalidated(false)],
        &[Act::Submitted, Act::Suspected, Act::Invalidated(true)],
    ];
    for acts in wrong {
        assert_eq!(standing(acts), None, "{acts:?}");
    }
}

#[test]
fn a_signature_counts_on_one_side_only() {
    let signed = step(None, Act::Signed, true);
    assert_eq!(signed, Some(Stands::Counts(true)));
    for act in [Act::SetAside, Act::Withdrawn, Act::Superseded, Act::Invalidated(true)] {
        assert!(step(signed, act, true).is_some(), "{act:?}");
        assert_eq!(step(signed, act, false), None, "{act:?}");
    }
    let aside = step(signed, Act::SetAside, true);
    assert_eq!((step(aside, Act::Cleared, false), step(aside, Act::Cleared, true)), (None, signed));
    let suspected = step(Some(Stands::Waits), Act::Suspected, false);
    assert_eq!(step(suspected, Act::Cleared, true), signed, "how it is meant is told when it counts");
}

#[test]
fn votes_against_are_recounted_apart() {
    let vote = |position: u64, against| {
        fact(position, What::Signature(ItemId::from_bytes([position as u8; 16]), Act::Signed, against))
    };
    let claim = |count, against| Claim { petition: PETITION, against, count, position: 4, threshold: false };
    let told = What::Published(vec![claim(2, false), claim(1, true), claim(2, true)]);
    let start = [fact(0, What::HandedIn(false)), fact(1, What::Opened(false))];
    let (recount, faults) =
        folded(&[&start[..], &[vote(2, false), vote(3, true), vote(4, false), fact(5, told)]].concat());
    assert_eq!(recount.get(PETITION).map(|tally| (tally.count, tally.against)), Some((2, 1)));
    assert_eq!((recount.held, faults.len()), (2, 1));
}
