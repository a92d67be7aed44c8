//! The rules of meetings, each by name.

use radslag_kernel::{
    test::{Given, given as given_any},
    text::Fault,
};

use super::{samples::*, *};
use crate::panel::samples::{LEADER, day};

fn given(history: impl IntoIterator<Item = Event>) -> Given<Decider> {
    given_any(history)
}

fn on(at: u64, act: Act) -> Command {
    Command { at: day(at), by: LEADER, act }
}

#[test]
fn a_meeting_is_planned_ahead_with_a_title_and_a_place() {
    given([]).when(on(0, plan(PANEL))).then([planned(PANEL)]);
    given([planned(PANEL)]).when(on(0, plan(PANEL))).then([]);
    given([]).when(on(9, plan(None))).refused(Refusal::StartsInThePast);
    given([]).when(on(1, Act::Cancel { reason: "x".into() })).refused(Refusal::UnknownMeeting);
    let texts = Texts { place: String::new(), ..texts() };
    given([planned(None)])
        .when(on(1, Act::Change { starts_at: day(10), texts }))
        .refused(Refusal::Text(Field::Place, Fault::Missing));
}

#[test]
fn members_are_told_of_a_meeting_once_and_only_of_a_panels() {
    given([planned(None)]).when(on(3, Act::Invite { members: 73 })).refused(Refusal::NobodyToInvite);
    let told = Event::Invited { at: day(3), by: LEADER, members: 73 };
    given([planned(PANEL)]).when(on(3, Act::Invite { members: 73 })).then([told.clone()]);
    given([planned(PANEL), told]).when(on(3, Act::Invite { members: 73 })).refused(Refusal::InvitedAlready);
}

#[test]
fn a_meeting_is_held_once_it_began_and_not_when_it_was_cancelled() {
    let rows = vec![Attended {
        category: "planted category".into(),
        feature: "planted feature".into(),
        attended: 3,
    }];
    let hold = |attended| Act::Hold { attended, rows: rows.clone() };
    given([planned(PANEL)]).when(on(8, hold(40))).refused(Refusal::NotBegun);
    given([planned(PANEL)]).when(on(9, hold(40))).then([held()]);
    given([planned(PANEL)]).when(on(9, hold(2))).refused(Refusal::MoreThanAttended);
    given([planned(PANEL), held()]).when(on(9, hold(40))).refused(Refusal::HeldAlready);
    let cancel = || Act::Cancel { reason: "Planted reason".into() };
    given([planned(PANEL), held()]).when(on(10, cancel())).refused(Refusal::HeldAlready);
    let cancelled = given([planned(PANEL)]).when(on(2, cancel())).and_then();
    cancelled.when(on(9, hold(40))).refused(Refusal::MeetingCancelled);
}

#[test]
fn notes_and_points_come_of_a_meeting_that_was_held_and_points_are_answered() {
    let raise = || Act::RaisePoint { point: "Planted point".into() };
    given([planned(None)]).when(on(1, raise())).refused(Refusal::NotHeld);
    given([planned(None)]).when(on(1, Act::Note { notes: "x".into() })).refused(Refusal::NotHeld);
    given([planned(None), held()]).when(on(9, raise())).then([raised(1)]);
    given([planned(None), held(), raised(1)]).when(on(9, raise())).then([raised(2)]);
    let answer = |number| Act::AnswerPoint { number, answer: "a".into(), who: "b".into() };
    for number in [0, 2] {
        given([planned(None), held(), raised(1)]).when(on(9, answer(number))).refused(Refusal::UnknownPoint);
    }
    let state = given([planned(None), held(), raised(1)]).when(on(9, answer(1))).state();
    assert!(state.0.unwrap().points[0].answer.is_some());
}

#[test]
fn a_document_is_a_page_of_the_web() {
    let add = |address: &str| Act::AddDocument { title: "t".into(), address: address.into() };
    given([planned(None)]).when(on(1, add("javascript:alert(1)"))).refused(Refusal::AddressMalformed);
    let state = given([planned(None)]).when(on(1, add("https://example.org/a.pdf"))).state();
    assert_eq!(state.0.unwrap().documents.len(), 1);
}
