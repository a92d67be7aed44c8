//! Pauses of all signing and early closings, with daylight saving, month ends and leap days.

use std::sync::Arc;

use radslag_kernel::{
    Decider as _, Instant, KeyRef, Opened, SubjectId,
    test::{Given, given as given_any},
};

use crate::{
    petition::{samples::*, state::Life, *},
    signature,
    signing::{self, Signing, What},
};

fn given(history: impl IntoIterator<Item = Event>) -> Given<Decider> {
    given_any(history)
}

fn signing(acts: &[(Instant, What)]) -> Arc<Signing> {
    let events: Vec<_> = acts
        .iter()
        .map(|(at, what)| signing::Event {
            at: *at,
            by: SubjectId::default(),
            what: *what,
            record: KeyRef(12),
            ground: Opened::Gone,
        })
        .collect();
    Arc::new(Signing::fold(&events))
}

fn paused(from: &str, to: &str) -> Arc<Signing> {
    signing(&[(noon(from), What::Paused), (noon(to), What::Resumed)])
}

fn under(signing: &Arc<Signing>, when: Instant, act: Act) -> Command {
    Command { now: Now { signing: signing.clone(), ..now(when) }, act }
}

/// Opened on a date with a deadline.
fn opened_until(from: &str, deadline: &str) -> Vec<Event> {
    let start = calendar().start_of(day(from));
    let (deadline, closes_at) = (day(deadline), calendar().end_of(day(deadline)));
    let opened = match opened(start) {
        Event::Opened { at, answer_at, debate_at, initiator_counts, policy, document, url_key, .. } => {
            Event::Opened {
                at,
                deadline,
                closes_at,
                answer_at,
                debate_at,
                initiator_counts,
                policy,
                document,
                url_key,
            }
        }
        other => other,
    };
    vec![submitted(), confirmed(), opened]
}

fn resumed(at: &str, deadline: &str) -> Event {
    let (deadline, last_day) = (day(deadline), day(at));
    Event::Course(course::Event::Resumed {
        at: noon(at),
        last_day,
        deadline,
        closes_at: calendar().end_of(deadline),
    })
}

#[test]
fn a_pause_over_n_calendar_days_moves_the_deadline_n_days() {
    let signing = paused("2008-11-03", "2008-11-09");
    given(open()).when(under(&signing, noon("2008-12-01"), Act::Lapse)).then([
        Event::Course(course::Event::Paused { at: noon("2008-11-03") }),
        resumed("2008-11-09", "2009-03-01"),
    ]);
}

#[test]
fn a_deadline_that_falls_into_a_pause_is_moved_and_never_passed() {
    let signing = paused("2009-02-20", "2009-03-05");
    let during = given(open()).when(under(&signing, noon("2009-03-01"), Act::Lapse)).state().0.unwrap();
    assert_eq!(during.life, Life::Paused { since: noon("2009-02-20") });
    let after = given(open()).when(under(&signing, noon("2009-03-06"), Act::Lapse)).state().0.unwrap();
    assert_eq!(after.opened.unwrap().deadline, day("2009-03-08"));
}

#[test]
fn a_deadline_before_the_pause_is_not_moved() {
    let signing = paused("2009-02-23", "2009-03-05");
    let state = given(open()).when(under(&signing, noon("2009-03-06"), Act::Lapse)).state().0.unwrap();
    assert_eq!((state.life, state.ended), (Life::Closed, Some((closes_at(), event::How::Deadline))));
}

#[test]
fn a_pause_over_a_change_of_summer_time_moves_whole_days() {
    for (from, to, before, after) in [
        ("2009-03-28", "2009-03-30", "2009-04-10", "2009-04-13"),
        ("2009-10-24", "2009-10-26", "2009-11-10", "2009-11-13"),
    ] {
        let signing = paused(from, to);
        let state = given(opened_until("2009-03-01", before))
            .when(under(&signing, noon(to), Act::Lapse))
            .state()
            .0
            .unwrap();
        assert_eq!(state.life, Life::Open { closes_at: calendar().end_of(day(after)) });
    }
}

#[test]
fn a_deadline_moves_over_a_month_end_and_over_29_february() {
    for (before, after) in
        [("2008-02-27", "2008-03-01"), ("2009-02-27", "2009-03-02"), ("2008-02-29", "2008-03-03")]
    {
        let signing = paused("2008-02-10", "2008-02-12");
        let state = given(opened_until("2008-02-01", before))
            .when(under(&signing, noon("2008-02-13"), Act::Lapse))
            .state()
            .0
            .unwrap();
        assert_eq!(state.opened.unwrap().deadline, day(after));
    }
}

#[test]
fn a_day_of_two_pauses_is_given_back_once() {
    let twice = signing(&[
        (noon("2008-11-03"), What::Paused),
        (noon("2008-11-04"), What::Resumed),
        (noon("2008-11-04").plus_hours(2), What::Paused),
        (noon("2008-11-05"), What::Resumed),
    ]);
    let state = given(open()).when(under(&twice, noon("2008-11-06"), Act::Lapse)).state().0.unwrap();
    assert_eq!(state.opened.unwrap().deadline, day("2009-02-25"), "three days: the 3rd, 4th and 5th");
}

#[test]
fn what_opens_during_a_pause_is_paused_from_its_opening() {
    let signing = paused("2008-10-10", "2008-10-20");
    let start = calendar().start_of(day("2008-10-16"));
    given([submitted(), confirmed(), approved(start)])
        .when(under(&signing, noon("2008-10-21"), Act::Lapse))
        .then([
            opened(start),
            Event::Course(course::Event::Paused { at: start }),
            resumed("2008-10-20", "2009-02-27"),
        ]);
}

#[test]
fn what_happens_to_a_paused_petition_takes_no_day_from_it() {
    let signing = paused("2008-11-03", "2008-11-09");
    let reach = Act::ReachThreshold { threshold: Threshold::Answer, count: 100, count_position: 7 };
    let state = given(open())
        .when(under(&signing, noon("2008-11-07"), reach))
        .and_then()
        .when(under(&signing, noon("2008-11-10"), Act::Lapse))
        .state()
        .0
        .unwrap();
    assert_eq!(state.opened.unwrap().deadline, day("2009-03-01"));
}

#[test]
fn signing_is_refused_from_the_instant_of_the_pause_even_before_the_petition_is_told() {
    let signing = paused("2008-11-03", "2008-11-09");
    let told = Decider::fold(&open());
    let view = |when| {
        let now = Now { signing: signing.clone(), ..now(when) };
        told.brought_up_to_date(&now).unwrap_or_else(|| told.clone()).view(4).unwrap()
    };
    let during = view(noon("2008-11-03"));
    assert!(!during.takes_requests(noon("2008-11-03")) && during.takes_confirmations(noon("2008-11-03")));
    let sign = |view| {
        let request = signature::samples::request(1, 1, 1);
        let act = signature::Act::Request(Box::new(request));
        let command = signature::Command { at: noon("2008-11-03"), petition: view, act };
        signature::Decider::decide(&signature::State::default(), command)
    };
    assert_eq!(sign(during), Err(signature::Refusal::SigningPaused));
    assert_eq!(
        view(noon("2008-11-10")).signing,
        signature::Signing::Until(calendar().end_of(day("2009-03-01")))
    );
}

#[test]
fn an_early_closing_stops_what_was_never_open_and_closes_the_rest_early() {
    let when = noon("2008-11-05");
    let closed = signing(&[(when, What::ClosedEarly)]);
    for history in
        [vec![submitted()], vec![submitted(), confirmed()], vec![submitted(), confirmed(), returned()]]
    {
        given(history)
            .when(under(&closed, noon("2008-11-06"), Act::Lapse))
            .then([Event::Course(course::Event::Stopped { at: when })]);
    }
    let until = when.plus_hours(24);
    let early = event::How::Early;
    given(open()).when(under(&closed, when, Act::Lapse)).then([Event::CountingStarted {
        at: when,
        closed_at: when,
        until,
        how: early,
    }]);
    let reach = Act::ReachThreshold { threshold: Threshold::Answer, count: 100, count_position: 7 };
    let state = given(open()).when(under(&closed, noon("2008-11-05"), reach)).state().0.unwrap();
    assert_eq!(state.answer.stands(), Answer::Due, "thresholds are judged as usual");
}

#[test]
fn an_early_closing_never_makes_a_deadline_longer() {
    let closed = signing(&[(noon("2009-03-01"), What::ClosedEarly)]);
    let state = given(open()).when(under(&closed, noon("2009-03-02"), Act::Lapse)).state().0.unwrap();
    assert_eq!(state.ended, Some((closes_at(), event::How::Deadline)));
}

#[test]
fn what_is_handed_in_after_an_early_closing_is_not_stopped() {
    let closed = signing(&[(noon("2008-10-01"), What::ClosedEarly)]);
    given([submitted()]).when(under(&closed, noon("2008-10-12"), Act::Lapse)).then([]);
}

#[test]
fn a_late_timer_changes_nothing_about_when_things_happened() {
    let signing = paused("2008-11-03", "2008-11-09");
    let late = given(open()).when(under(&signing, noon("2010-01-01"), Act::Lapse)).state();
    let told = given(open())
        .when(under(&signing, noon("2008-11-03"), Act::Lapse))
        .and_then()
        .when(under(&signing, noon("2008-11-09"), Act::Lapse))
        .and_then()
        .when(under(&signing, noon("2010-01-01"), Act::Lapse))
        .state();
    assert_eq!(late, told);
}
