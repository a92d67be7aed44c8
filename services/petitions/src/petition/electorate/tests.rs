//! Policies without signatures, and with a share of who may vote.

use radslag_kernel::{
    Decider as _, Opened,
    test::{Given, given as given_any},
};

use crate::{
    petition::{course, samples::*, state::Life, *},
    policy::Length,
};

fn given(history: impl IntoIterator<Item = Event>) -> Given<Decider> {
    given_any(history)
}

/// In review under a policy.
fn in_review(policy: &str) -> Vec<Event> {
    let mut handed = hand_in(policy);
    handed.initiator.registered = true;
    handed.content.length = if policy == "medborgarforslag" { Length::Months(12) } else { content().length };
    let submit = at(noon("2008-10-10"), Act::Submit(Box::new(handed)));
    let mut events = Decider::decide(&State::default(), submit).unwrap();
    events.push(confirmed());
    events
}

fn approve(opens_on: Option<&str>) -> Act {
    Act::Approve { by: moderator(), opens_on: opens_on.map(day), url_key: None, taken: false }
}

fn fix(voters: u64) -> Act {
    Act::FixElectorate { by: moderator(), voters }
}

#[test]
fn a_citizen_proposal_takes_no_signatures_and_is_to_be_decided_within_a_year() {
    let published = |when: &str, opens_on, at_: &str| {
        let due = course::Event::DecisionDue { at: noon(when), decide_by: day(at_) };
        let decided = Decider::decide(
            &Decider::fold(&in_review("medborgarforslag")),
            at(noon(when), approve(opens_on)),
        );
        assert_eq!(decided.unwrap().last(), Some(&due.into()));
    };
    published("2008-10-13", None, "2009-10-13");
    let planned = Decider::decide(
        &Decider::fold(&in_review("medborgarforslag")),
        at(noon("2008-10-13"), approve(Some("2008-10-20"))),
    );
    let history = in_review("medborgarforslag").into_iter().chain(planned.unwrap());
    let state = given(history).when(at(noon("2008-10-25"), Act::Lapse)).state().0.unwrap();
    let start = calendar().start_of(day("2008-10-20"));
    assert_eq!((state.life, state.answer.stands()), (Life::Closed, Answer::Due));
    assert_eq!(state.ended, Some((start, event::How::HandedIn)));
}

#[test]
fn a_proposal_of_29_february_is_to_be_decided_by_28_february() {
    let mut history = in_review("medborgarforslag");
    history.truncate(1);
    history.push(Event::InitiatorConfirmed { at: noon("2008-02-28"), review_by: day("2008-03-13") });
    let decided = Decider::decide(&Decider::fold(&history), at(noon("2008-02-29"), approve(None))).unwrap();
    let due = course::Event::DecisionDue { at: noon("2008-02-29"), decide_by: day("2009-02-28") };
    assert_eq!(decided.last(), Some(&due.into()));
}

#[test]
fn an_answer_takes_a_share_of_a_frozen_count_of_who_may_vote() {
    let when = noon("2008-10-13");
    let fixed = course::Event::ElectorateFixed {
        at: when,
        by: moderator().id,
        voters: 200_001,
        answer_at: 20_001,
        record: KEYS.record,
        ground: Opened::Known("Rules, 2".into()),
    };
    given(in_review("folkinitiativ")).when(at(when, fix(200_001))).then([fixed.into()]);
    given(in_review("folkinitiativ")).when(at(when, fix(0))).refused(Refusal::ElectorateEmpty);
    let frozen = given(in_review("folkinitiativ")).when(at(when, fix(200_001))).and_then();
    frozen.when(at(when, fix(100_000))).refused(Refusal::ElectorateFrozen);
    given(in_review("malmo-2008")).when(at(when, fix(1_000))).refused(Refusal::NoSuchThreshold);
    let reach = |count| Act::ReachThreshold { threshold: Threshold::Answer, count, count_position: 7 };
    let open = || {
        given(in_review("folkinitiativ"))
            .when(at(when, fix(200_001)))
            .and_then()
            .when(at(when, approve(None)))
            .and_then()
    };
    open().when(at(noon("2008-11-01"), reach(20_000))).refused(Refusal::ThresholdNotCrossed);
    let state = open().when(at(noon("2008-11-01"), reach(20_001))).state().0.unwrap();
    assert_eq!(state.answer.stands(), Answer::Due);
    given(in_review("folkinitiativ"))
        .when(at(when, approve(None)))
        .and_then()
        .when(at(noon("2008-11-01"), reach(1_000_000)))
        .refused(Refusal::NoSuchThreshold);
}
