//! The rules of a hearing, each by name.

use radslag_kernel::{
    Opened,
    test::{Given, given as given_any},
};

use super::*;
use crate::petition::{
    self, Act as Asked, Decider, Threshold,
    samples::{KEYS, at, moderator, noon, open},
};

/// A debate is awaited since 5 November 2008.
fn awaited() -> Vec<petition::Event> {
    let mut events = open();
    if let petition::Event::Submitted(submitted) = &mut events[0] {
        submitted.policy.debate_at = 1_000;
    }
    let (threshold, count, count_position) = (Threshold::Debate, 1_000, 9);
    events.push(petition::Event::ThresholdReached {
        at: noon("2008-11-05"),
        threshold,
        count,
        count_position,
    });
    events
}

fn history(events: Vec<petition::Event>) -> Given<Decider> {
    given_any(events)
}

fn act(on: &str, act: Act) -> petition::Command {
    at(noon(on), Asked::Hearing(act))
}

fn schedule(on: &str) -> Act {
    let place = "Stadshuset".into();
    Act::Schedule { by: moderator(), starts_at: noon(on), place, link: "https://malmo.se/tv".into() }
}

fn hold() -> Act {
    Act::Hold { by: moderator(), link: String::new() }
}

fn scheduled() -> Given<Decider> {
    history(awaited()).when(act("2008-11-06", schedule("2008-12-01"))).and_then()
}

fn event(on: &str, stands: Hearing, what: What) -> petition::Event {
    let (at, record, ground) = (noon(on), KEYS.record, Opened::Known(moderator().ground));
    petition::Event::Hearing(Box::new(Event { at, stands, record, ground, what }))
}

#[test]
fn a_hearing_gets_a_date_and_a_place_and_can_be_moved() {
    let what = |on| What::Scheduled {
        starts_at: noon(on),
        place: Opened::Known("Stadshuset".into()),
        link: Opened::Known("https://malmo.se/tv".into()),
    };
    history(awaited()).when(act("2008-11-06", schedule("2008-12-01"))).then([event(
        "2008-11-06",
        Hearing::Scheduled,
        what("2008-12-01"),
    )]);
    scheduled().when(act("2008-11-20", schedule("2008-12-08"))).then([event(
        "2008-11-20",
        Hearing::Scheduled,
        what("2008-12-08"),
    )]);
    scheduled().when(act("2008-11-20", schedule("2008-11-19"))).refused(Refusal::HearingInThePast);
    history(open()).when(act("2008-11-20", schedule("2008-12-08"))).refused(Refusal::HearingNotAwaited);
}

#[test]
fn a_hearing_is_held_after_it_began() {
    scheduled().when(act("2008-11-30", hold())).refused(Refusal::HearingNotYet);
    history(awaited()).when(act("2008-12-01", hold())).refused(Refusal::HearingNotScheduled);
    let held = What::Held { link: Opened::Known(String::new()) };
    scheduled().when(act("2008-12-01", hold())).then([event("2008-12-01", Hearing::Held, held)]);
    let over = scheduled().when(act("2008-12-01", hold())).and_then();
    over.when(act("2008-12-02", schedule("2008-12-08"))).refused(Refusal::HearingNotAwaited);
}

#[test]
fn a_hearing_that_is_not_held_says_why() {
    let cancel = |why: &str| Act::Cancel { by: moderator(), why: why.into() };
    let missing = Refusal::Text(Field::Reason, crate::text::Fault::Missing);
    scheduled().when(act("2008-11-20", cancel(" "))).refused(missing);
    for before in [scheduled(), history(awaited())] {
        let state = before.when(act("2008-11-20", cancel("Election"))).state();
        assert_eq!(state.0.unwrap().hearing.stands, Hearing::NotHeld);
    }
}

#[test]
fn notes_and_transcripts_follow_a_hearing_that_was_held() {
    let document = |link: &str| {
        let title = "Protokoll".into();
        Act::Document { by: moderator(), title, link: link.into() }
    };
    let held = || scheduled().when(act("2008-12-01", hold())).and_then();
    let documented = |number| What::Documented {
        number,
        title: Opened::Known("Protokoll".into()),
        link: Opened::Known("https://malmo.se/p".into()),
    };
    let first = held().when(act("2008-12-02", document("https://malmo.se/p")));
    first.then([event("2008-12-02", Hearing::Held, documented(1))]);
    let again = held().when(act("2008-12-02", document("https://malmo.se/p"))).and_then();
    again.when(act("2008-12-03", document("https://malmo.se/p"))).then([event(
        "2008-12-03",
        Hearing::Held,
        documented(2),
    )]);
    held().when(act("2008-12-02", document(""))).refused(Refusal::LinkMalformed);
    scheduled().when(act("2008-12-02", document("https://malmo.se/p"))).refused(Refusal::HearingNotHeld);
}

#[test]
fn a_count_below_moves_back_only_a_hearing_nobody_acted_on() {
    let lose = || {
        let (threshold, count, count_position) = (Threshold::Debate, 999, 10);
        at(noon("2008-11-20"), Asked::LoseThreshold { threshold, count, count_position })
    };
    let stands = |given: Given<Decider>| given.when(lose()).state().0.unwrap().hearing.stands;
    assert_eq!(stands(history(awaited())), Hearing::None);
    assert_eq!(stands(scheduled()), Hearing::Scheduled);
}
