//! The rules of deliveries, each by name.

use radslag_kernel::{
    Happens as _, Instant, KeyRef, Opened,
    test::{Given, given as given_any},
};

use super::{samples::*, *};
use crate::letter::Class;

fn given(history: impl IntoIterator<Item = Event>) -> Given<Decider> {
    given_any(history)
}

fn command(at: u64, act: Act) -> Command {
    Command { at: minute(at), act }
}

fn record(at: u64, outcome: Outcome) -> Command {
    command(at, Act::Record { outcome, jitter: 0 })
}

fn tried(class: Class) -> Vec<Event> {
    vec![planned(class), attempting(1, 1)]
}

#[test]
fn a_letter_is_planned_once_however_often_its_cause_is_heard_of() {
    let plan = |at, key| command(at, Act::Plan { key, letter: letter(Class::Decision) });
    given([]).when(plan(0, KEY)).then([planned(Class::Decision)]);
    given([planned(Class::Decision)]).when(plan(5, KeyRef(99))).then([]);
    given([planned(Class::Decision), Event::Erased { at: minute(1), key: KEY }]).when(plan(5, KEY)).then([]);
}

#[test]
fn a_letter_is_attempted_when_it_is_due_and_not_before() {
    let early = Command { at: Instant::from_millis(minute(0).millis() - 1), act: Act::Attempt };
    given([planned(Class::Decision)]).when(early).refused(Refusal::NotDue);
    given([planned(Class::Decision)]).when(command(0, Act::Attempt)).then([attempting(0, 1)]);
    given(tried(Class::Decision)).when(command(2, Act::Attempt)).refused(Refusal::AlreadyOver);
    given([]).when(command(0, Act::Attempt)).refused(Refusal::UnknownDelivery);
}

#[test]
fn what_failed_or_is_in_doubt_is_sent_again_when_somebody_says_so_and_to_many_at_most_once() {
    let waits = moved(9, Move::Delayed { until: minute(9) });
    let failed = moved(2, Move::Failed { permanent: true, code: 550, retry_at: None });
    let doubt = moved(2, Move::InDoubt { again_at: None });
    let after = |class, last: &Event| tried(class).into_iter().chain([last.clone()]);
    for class in [Class::Decision, Class::Mass] {
        given(after(class, &failed)).when(command(9, Act::Again)).then([waits.clone()]);
        given(tried(class)).when(command(9, Act::Again)).refused(Refusal::NothingToRepeat);
        let sent = moved(2, Move::Sent);
        given(after(class, &sent)).when(command(9, Act::Again)).refused(Refusal::NothingToRepeat);
    }
    given(after(Class::Decision, &doubt)).when(command(9, Act::Again)).then([waits.clone()]);
    given(after(Class::Mass, &doubt)).when(command(9, Act::Again)).refused(Refusal::AtMostOnce);
    let again = after(Class::Decision, &doubt).chain([waits]);
    given(again).when(command(9, Act::Attempt)).then([attempting(9, 2)]);
}

#[test]
fn a_permanent_refusal_is_not_retried() {
    let failed = moved(2, Move::Failed { permanent: true, code: 550, retry_at: None });
    given(tried(Class::Decision)).when(record(2, Outcome::Permanent { code: 550 })).then([failed.clone()]);
    let over = tried(Class::Decision).into_iter().chain([failed]);
    given(over).when(command(60, Act::Attempt)).refused(Refusal::AlreadyOver);
}

#[test]
fn a_temporary_refusal_is_retried_up_to_fifteen_times_with_growing_pauses() {
    let (mut history, mut at, mut pauses) = (vec![planned(Class::Mass)], minute(0), Vec::new());
    for number in 1..=ATTEMPTS {
        let moved = |to| Event::Moved { at, key: KEY, to: Opened::Known(to) };
        history.push(moved(Move::Attempting { number }));
        let later = Command { at, act: Act::Record { outcome: Outcome::Temporary { code: 451 }, jitter: 0 } };
        let decided = decide::decide(&<Decider as radslag_kernel::Decider>::fold(&history), later).unwrap();
        let [
            Event::Moved {
                to: Opened::Known(Move::Failed { permanent: false, code: 451, retry_at }), ..
            },
        ] = decided[..]
        else {
            panic!("{decided:?}")
        };
        pauses.extend(retry_at.map(|retry_at| retry_at.millis_since(at) / 60_000));
        at = retry_at.unwrap_or(at);
        history.extend(decided);
    }
    assert_eq!(pauses, [1, 2, 4, 8, 16, 32, 64, 128, 256, 360, 360, 360, 360, 360]);
    given(history).when(Command { at, act: Act::Attempt }).refused(Refusal::AlreadyOver);
}

#[test]
fn a_pause_is_up_to_a_quarter_longer_by_its_jitter() {
    let act = Act::Record { outcome: Outcome::Temporary { code: 0 }, jitter: 255 };
    let retry_at = Some(minute(2).plus_millis(75_000));
    given(tried(Class::Mass))
        .when(command(2, act))
        .then([moved(2, Move::Failed { permanent: false, code: 0, retry_at })]);
}

#[test]
fn a_letter_to_many_that_may_have_been_sent_is_in_doubt_and_not_repeated() {
    let doubt = moved(2, Move::InDoubt { again_at: None });
    for act in [Act::Recover, Act::Record { outcome: Outcome::Unclear, jitter: 0 }] {
        given(tried(Class::Mass)).when(command(2, act)).then([doubt.clone()]);
    }
    let over = tried(Class::Mass).into_iter().chain([doubt]);
    given(over).when(command(3, Act::Attempt)).refused(Refusal::AlreadyOver);
}

#[test]
fn a_confirmation_or_decision_that_may_have_been_sent_is_repeated_once() {
    for class in [Class::Confirmation, Class::Decision] {
        let again = moved(2, Move::InDoubt { again_at: Some(minute(2)) });
        given(tried(class)).when(command(2, Act::Recover)).then([again.clone()]);
        let twice: Vec<_> = tried(class).into_iter().chain([again, attempting(3, 2)]).collect();
        given(twice).when(command(4, Act::Recover)).then([moved(4, Move::InDoubt { again_at: None })]);
    }
}

#[test]
fn only_what_is_being_attempted_is_recovered() {
    given([planned(Class::Mass)]).when(command(2, Act::Recover)).then([]);
    let sent = tried(Class::Mass).into_iter().chain([moved(2, Move::Sent)]);
    given(sent).when(command(3, Act::Recover)).then([]);
}

#[test]
fn a_silent_letter_looks_like_one_that_is_written() {
    let silent = Letter { template: String::new(), ..letter(Class::Confirmation) };
    let planned = Event::Planned { at: minute(0), key: KEY, letter: Opened::Known(silent) };
    given([planned.clone()]).when(command(1, Act::Attempt)).then([attempting(1, 1)]);
    let skipped = moved(2, Move::Skipped { reason: Reason::Silent });
    let skip = record(2, Outcome::Skip { reason: Reason::Silent });
    given([planned.clone(), attempting(1, 1)]).when(skip).then([skipped.clone()]);
    given([planned, attempting(1, 1)]).when(command(2, Act::Recover)).then([skipped]);
}

#[test]
fn a_letter_that_waits_is_not_due_until_then() {
    let delayed = moved(1, Move::Delayed { until: minute(600) });
    let delay = command(1, Act::Delay { until: minute(600) });
    given([planned(Class::Decision)]).when(delay.clone()).then([delayed.clone()]);
    let waits = [planned(Class::Decision), delayed];
    given(waits.clone()).when(command(599, Act::Attempt)).refused(Refusal::NotDue);
    given(waits).when(command(600, Act::Attempt)).then([attempting(600, 1)]);
    given(tried(Class::Decision)).when(delay).refused(Refusal::AlreadyOver);
}

#[test]
fn what_was_handed_over_can_come_back_once() {
    let bounce = |at| command(at, Act::Bounce { status: "5.1.1".into() });
    let bounced = moved(3, Move::Bounced { status: "5.1.1".into() });
    let sent = || tried(Class::Mass).into_iter().chain([moved(2, Move::Sent)]);
    given(sent()).when(bounce(3)).then([bounced.clone()]);
    given(sent().chain([bounced.clone()])).when(bounce(4)).then([]);
    given([planned(Class::Mass)]).when(bounce(3)).refused(Refusal::NeverAttempted);
    let early = tried(Class::Mass).into_iter().chain([bounced]);
    given(early).when(record(4, Outcome::Sent)).then([]);
}

#[test]
fn an_erased_address_ends_its_letters() {
    let erased = Event::Erased { at: minute(3), key: KEY };
    assert_eq!(erased.erases(), [KEY]);
    given(tried(Class::Mass)).when(command(3, Act::Erase)).then([erased.clone()]);
    let gone = || [planned(Class::Mass), erased.clone()];
    given(gone()).when(command(4, Act::Erase)).then([]);
    given(gone()).when(command(4, Act::Attempt)).refused(Refusal::AlreadyOver);
    let unread = Event::Planned { at: minute(0), key: KEY, letter: Opened::Gone };
    given([unread]).when(command(4, Act::Attempt)).refused(Refusal::AlreadyOver);
}
