//! The rules of one-time links and sessions, each by name.

use radslag_kernel::{
    Decider as _, KeyRef,
    test::{Given, given as given_any},
};

use super::{samples::*, *};
use crate::text::Fault;

fn given(history: impl IntoIterator<Item = Event>) -> Given<Decider> {
    given_any(history)
}

fn command(at: u64, act: Act) -> Command {
    Command { at: minute(at), act }
}

fn request(number: u8, at: u64) -> Command {
    let (item, key) = (item(number), KeyRef(300 + u64::from(number)));
    let (mailbox, language) = ("planted@malmo.se".into(), "sv".into());
    command(at, Act::Request { item, key, mailbox, language, blocked: false })
}

fn open(number: u8, at: u64) -> Command {
    command(at, Act::Open { item: item(number), until: minute(at + 30) })
}

#[test]
fn a_link_is_good_for_fifteen_minutes() {
    given([]).when(request(1, 0)).then([requested(1, 0, true)]);
    given([requested(1, 0, true)]).when(open(1, 14)).then([opened(1, 14)]);
    given([requested(1, 0, true)]).when(open(1, 15)).refused(Refusal::LinkExpired);
    given([requested(1, 0, true), expired(1, 15)]).when(open(1, 14)).refused(Refusal::LinkExpired);
}

#[test]
fn a_link_is_good_for_once() {
    let used = [requested(1, 0, true), opened(1, 5)];
    given(used.clone()).when(open(1, 6)).refused(Refusal::LinkUsed);
    given(used.into_iter().chain([ended(1, 7)])).when(open(1, 8)).refused(Refusal::LinkUsed);
    given([]).when(open(1, 0)).refused(Refusal::UnknownLink);
}

#[test]
fn a_session_ends_when_its_holder_logs_out_and_by_itself() {
    let open = [requested(1, 0, true), opened(1, 5)];
    let state = Decider::fold(&open);
    assert!(state.is_open(item(1), minute(34)) && !state.is_open(item(1), minute(35)));
    let end = |at| command(at, Act::End { item: item(1) });
    given(open.clone()).when(end(6)).then([ended(1, 6)]);
    let over = [open[0].clone(), open[1].clone(), ended(1, 6)];
    given(over.clone()).when(end(7)).then([]);
    assert!(!Decider::fold(&over).is_open(item(1), minute(7)));
    given([]).when(end(1)).refused(Refusal::UnknownLink);
}

#[test]
fn the_address_is_destroyed_once_the_link_is_used_or_its_time_is_up() {
    assert_eq!(opened(1, 5).erases(), [KeyRef(301)]);
    assert_eq!(expired(1, 15).erases(), [KeyRef(301)]);
    let expire = |at| command(at, Act::Expire { item: item(1) });
    given([requested(1, 0, true)]).when(expire(14)).refused(Refusal::NotYetExpired);
    given([requested(1, 0, true)]).when(expire(20)).then([expired(1, 15)]);
    given([requested(1, 0, true), expired(1, 15)]).when(expire(21)).then([]);
    given([requested(1, 0, true), opened(1, 5)]).when(expire(20)).then([]);
}

#[test]
fn a_mailbox_that_does_not_answer_gets_three_mails_in_fifteen_minutes_and_ten_a_day() {
    let three = [requested(1, 0, true), requested(2, 1, true), requested(3, 2, true)];
    given(three.clone()).when(request(4, 3)).then([requested(4, 3, false)]);
    given(three.clone()).when(request(4, 15)).then([requested(4, 15, true)]);
    let answered = three.into_iter().chain([opened(2, 3)]);
    given(answered).when(request(4, 4)).then([requested(4, 4, true)]);
    let day = (0..10u8).map(|n| requested(n, u64::from(n) * 60, true));
    given(day.clone()).when(request(20, 700)).then([requested(20, 700, false)]);
    given(day).when(request(20, 24 * 60)).then([requested(20, 24 * 60, true)]);
}

#[test]
fn asking_writes_the_same_event_for_a_blocked_mailbox() {
    let (at, item, key) = (minute(0), item(1), KeyRef(301));
    let (mailbox, language) = ("planted@malmo.se".into(), "sv".into());
    let blocked = Command { at, act: Act::Request { item, key, mailbox, language, blocked: true } };
    given([]).when(blocked).then([requested(1, 0, false)]);
    let (mailbox, language) = (String::new(), "sv".into());
    let wrong = Act::Request { item, key, mailbox, language, blocked: false };
    given([]).when(Command { at, act: wrong }).refused(Refusal::Mailbox(Fault::Missing));
}
