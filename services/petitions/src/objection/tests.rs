//! The rules of objections.

use radslag_kernel::{
    Instant, SubjectId,
    test::{Given, given as given_any},
};

use super::{refusal::Field, samples::*, *};
use crate::{
    petition::{Official, samples as p},
    text::Fault,
};

fn given(history: impl IntoIterator<Item = Event>) -> Given<Decider> {
    given_any(history)
}

fn at(at: Instant, act: Act) -> Command {
    Command { now: p::now(at), act }
}

fn raise(reason: &str) -> Act {
    Act::Raise { contested: contested(), objector: objector(), key: KEY, reason: reason.into() }
}

fn another() -> Official {
    Official { id: SubjectId::from_bytes([79; 16]), ..p::moderator() }
}

fn decide(by: Official, outcome: Outcome) -> Act {
    Act::Decide { by, outcome, text: "Planted text".into(), record: p::KEYS.record }
}

#[test]
fn a_decision_is_objected_to_once_and_with_a_reason() {
    let when = p::noon("2008-10-21");
    given([]).when(at(when, raise("Planted reason"))).then([raised(when)]);
    given([]).when(at(when, raise(" "))).refused(Refusal::Text(Field::Reason, Fault::Missing));
    given([raised(when)]).when(at(when, raise("Again"))).refused(Refusal::AlreadyObjected);
    let again = [raised(when), decided(when, another().id, Outcome::Upheld)];
    given(again).when(at(when, raise("Again"))).refused(Refusal::AlreadyObjected);
}

#[test]
fn twenty_one_days_after_the_decision_it_is_too_late() {
    // Decided on 20 October: the last day is 10 November.
    let last = p::calendar().end_of(p::day("2008-11-10"));
    let before = Instant::from_millis(last.millis() - 1);
    given([]).when(at(before, raise("Planted reason"))).then([raised(before)]);
    given([]).when(at(last, raise("Planted reason"))).refused(Refusal::ObjectionTooLate);
}

#[test]
fn somebody_else_decides_upheld_or_changed_with_a_ground() {
    let (first, when) = (p::noon("2008-10-21"), p::noon("2008-10-22"));
    for outcome in Outcome::ALL {
        given([raised(first)]).when(at(when, decide(another(), outcome))).then([decided(
            when,
            another().id,
            outcome,
        )]);
    }
    given([raised(first)])
        .when(at(when, decide(p::moderator(), Outcome::Upheld)))
        .refused(Refusal::SamePersonTwice);
    let silent = Official { ground: " ".into(), ..another() };
    given([raised(first)]).when(at(when, decide(silent, Outcome::Upheld))).refused(Refusal::GroundMissing);
    let signer = Official { signed: true, ..another() };
    given([raised(first)])
        .when(at(when, decide(signer, Outcome::Changed)))
        .refused(Refusal::ConflictOfInterest);
}

#[test]
fn it_is_decided_once() {
    let when = p::noon("2008-10-22");
    given([]).when(at(when, decide(another(), Outcome::Upheld))).refused(Refusal::UnknownObjection);
    given([raised(when), decided(when, another().id, Outcome::Upheld)])
        .when(at(when, decide(another(), Outcome::Changed)))
        .refused(Refusal::AlreadyDecided);
}
