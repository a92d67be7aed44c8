//! The rules of votes against.

use super::*;

fn both() -> View {
    view("eforslag-both")
}

fn against(request: Request) -> Request {
    Request { against: true, ..request }
}

fn under(hours: u64, act: Act) -> Command {
    Command { at: hour(hours), petition: both(), act }
}

/// What is counted for it and against it.
fn counts(events: &[Event]) -> (i32, i32) {
    (events.iter().map(Event::delta).sum(), events.iter().map(Event::delta_against).sum())
}

#[test]
fn votes_against_are_taken_where_the_policy_says_so() {
    for act in [ask(against(request(1, 1, 1))), sign(against(request(1, 1, 1)))] {
        let refused = Command { at: hour(1), petition: view("eforslag"), act: act.clone() };
        given([]).when(refused).refused(Refusal::VotesAgainstNotAllowed);
        assert!(Decider::decide(&State::default(), under(1, act)).is_ok());
    }
}

#[test]
fn votes_against_are_counted_apart() {
    let by_mailbox = page(&both(), vec![(1, ask(against(request(1, 1, 1)))), (2, confirm(1))]);
    let by_eid = page(&both(), vec![(1, sign(against(request(1, 1, 1))))]);
    let for_it = page(&both(), vec![(1, sign(request(1, 1, 1)))]);
    assert_eq!([by_mailbox, by_eid, for_it].map(|events| counts(&events)), [(0, 1), (0, 1), (1, 0)]);
}

#[test]
fn who_changes_their_mind_by_eid_has_one_vote_the_last_one() {
    let signed = page(&both(), vec![(1, sign(request(1, 1, 1)))]);
    given(signed).when(under(2, sign(request(2, 1, 1)))).refused(Refusal::AlreadySigned);
    let changed = page(&both(), vec![(1, sign(request(1, 1, 1))), (2, sign(against(request(2, 1, 1))))]);
    let [Event::Signed(_), Event::Withdrawn { item: gone, against: false, .. }, Event::Signed(vote)] =
        changed.as_slice()
    else {
        panic!("{changed:?}")
    };
    assert_eq!((*gone, vote.item, vote.against, counts(&changed)), (item(1), item(2), true, (0, 1)));
    given(changed.clone()).when(under(3, sign(against(request(3, 1, 1))))).refused(Refusal::AlreadySigned);
    let back = Decider::decide(&Decider::fold(&changed), under(3, sign(request(3, 1, 1)))).unwrap();
    assert_eq!(counts(&[changed, back].concat()), (1, 0));
}

#[test]
fn who_changes_their_mind_by_mailbox_has_the_former_vote_until_the_link_is_used() {
    let asked = vec![(1, ask(request(1, 1, 1))), (2, confirm(1)), (3, ask(against(request(2, 1, 1))))];
    assert_eq!(outcome(&both(), asked.clone()), (Outcome::Changed, 1, true));
    assert_eq!(counts(&page(&both(), asked.clone())), (1, 0));
    let used = page(&both(), asked.iter().cloned().chain([(4, confirm(2))]).collect());
    assert_eq!(counts(&used), (0, 1));
    let [.., Event::Withdrawn { item: gone, .. }, Event::Confirmed { item: vote, against: true, .. }] =
        used.as_slice()
    else {
        panic!("{used:?}")
    };
    assert_eq!((*gone, *vote), (item(1), item(2)));
    given(used).when(under(5, confirm(2))).then([]);
    let expired = page(&both(), asked.into_iter().chain([(27, Act::Expire { item: item(2) })]).collect());
    assert_eq!(counts(&expired), (1, 0), "who doesn't confirm has meant nothing else");
    assert!(Decider::fold(&expired).counts(item(1)));
}

#[test]
fn a_vote_that_was_struck_out_is_not_cast_again_the_other_way() {
    let invalidate = Act::Invalidate { item: item(1), by: official(), batch: None };
    let by_eid = page(&both(), vec![(1, sign(request(1, 1, 1))), (2, invalidate.clone())]);
    given(by_eid).when(under(3, sign(against(request(2, 1, 1))))).refused(Refusal::AlreadySigned);
    let by_mailbox = vec![(1, ask(request(1, 1, 1))), (2, confirm(1)), (3, invalidate)];
    let again = by_mailbox.iter().cloned().chain([(4, ask(against(request(2, 1, 1))))]).collect();
    assert_eq!(outcome(&both(), again).0, Outcome::AlreadySigned);
    // The link was on its way when the signature was struck out.
    let [first, second, third] = <[_; 3]>::try_from(by_mailbox).unwrap();
    let late = page(&both(), vec![first, second, (3, ask(against(request(2, 1, 1)))), third]);
    given(late).when(under(4, confirm(2))).refused(Refusal::LinkExpired);
}

#[test]
fn a_vote_keeps_its_side_whatever_becomes_of_it() {
    let by = || official();
    let acts = [
        (Act::Suspect { item: item(1), by: by() }, (0, 0)),
        (Act::Clear { item: item(1), by: by() }, (0, 1)),
        (Act::Invalidate { item: item(1), by: by(), batch: None }, (0, 0)),
        (Act::Restore { item: item(1), by: by(), batch: None }, (0, 1)),
        (Act::Supersede { item: item(1) }, (0, 0)),
        (Act::Reinstate { item: item(1) }, (0, 1)),
        (Act::Withdraw { item: item(1) }, (0, 0)),
    ];
    let mut history = page(&both(), vec![(1, sign(against(request(1, 1, 1))))]);
    for (act, then) in acts {
        let events = Decider::decide(&Decider::fold(&history), under(2, act.clone())).unwrap();
        history.extend(events);
        assert_eq!(counts(&history), then, "{act:?}");
    }
}

#[test]
fn what_never_counted_says_nothing_of_how_it_was_meant() {
    let suspect = Request { suspicion: Some("rate-60s".into()), ..against(request(1, 1, 1)) };
    let struck = Act::Invalidate { item: item(1), by: official(), batch: None };
    let history = page(&both(), vec![(1, ask(suspect)), (2, confirm(1)), (3, struck)]);
    assert!(history.iter().all(|event| !event.is_against()), "{history:?}");
    let restored = Act::Restore { item: item(1), by: official(), batch: None };
    let events = Decider::decide(&Decider::fold(&history), under(4, restored)).unwrap();
    assert_eq!(counts(&[history, events].concat()), (0, 1), "it is told once it counts");
}
