//! The rules of mailings, each by name.

use radslag_kernel::{
    ItemId,
    test::{Given, given as given_any},
};

use super::{samples::*, *};
use crate::text::Fault;

fn given(history: impl IntoIterator<Item = Event>) -> Given<Decider> {
    given_any(history)
}

fn draft(by: u8, text: Text) -> Command {
    Command { at: hour(0), act: Act::Draft { by: official(by), key: KEY, text } }
}

fn start(by: u8, recipients: u64) -> Command {
    Command { at: hour(1), act: Act::Start { by: official(by), recipients } }
}

fn progress(revision: u32, after: u8, letters: u64) -> Command {
    let after = ItemId::from_bytes([after; 16]);
    Command { at: hour(2), act: Act::Progress { revision, after, letters } }
}

fn cancel(by: u8) -> Command {
    Command { at: hour(3), act: Act::Cancel { by: official(by) } }
}

#[test]
fn a_text_is_said_in_both_languages() {
    given([]).when(draft(1, text("Planted news"))).then([drafted(1, 1)]);
    let mut silent = text("Planted news");
    silent.en.body = " ".into();
    given([]).when(draft(1, silent)).refused(Refusal::Text(Fault::Missing));
    let two_lines = text("Planted\nBcc: everybody");
    given([]).when(draft(1, two_lines)).refused(Refusal::Text(Fault::NotAllowed));
    let nowhere = Text { list: "everybody".into(), ..text("Planted news") };
    given([]).when(draft(1, nowhere)).refused(Refusal::UnknownList);
}

#[test]
fn to_more_than_a_hundred_somebody_else_starts_it() {
    given([drafted(1, 1)]).when(start(1, 100)).then([started(1, 1)]);
    given([drafted(1, 1)]).when(start(1, 101)).refused(Refusal::SamePersonTwice);
    given([drafted(1, 1)]).when(start(2, 101)).then([started(2, 1)]);
    given([drafted(1, 1), drafted(2, 2)]).when(start(2, 101)).refused(Refusal::SamePersonTwice);
}

#[test]
fn a_mailing_goes_out_once() {
    given([]).when(start(1, 5)).refused(Refusal::UnknownMailing);
    given([drafted(1, 1)]).when(start(1, 0)).refused(Refusal::NobodySubscribes);
    given([drafted(1, 1), started(1, 1)]).when(start(1, 5)).refused(Refusal::AlreadyStarted);
    let sent = [drafted(1, 1), started(1, 1), progressed(9, 5), finished(5)];
    given(sent.clone()).when(start(1, 5)).refused(Refusal::AlreadySent);
    given(sent.clone()).when(draft(1, text("Planted news"))).refused(Refusal::AlreadySent);
    given(sent).when(cancel(1)).refused(Refusal::AlreadySent);
}

#[test]
fn a_newer_text_ends_the_run_of_the_older() {
    let running = [drafted(1, 1), started(1, 1)];
    given(running.clone()).when(draft(2, text("Planted news"))).then([drafted(2, 2)]);
    let changed = running.into_iter().chain([drafted(2, 2)]);
    given(changed.clone()).when(progress(1, 9, 5)).refused(Refusal::NotRunning);
    let again = changed.chain([started(1, 2)]);
    given(again.clone()).when(progress(1, 9, 5)).refused(Refusal::NotRunning);
    given(again).when(progress(2, 9, 5)).then([progressed(9, 5)]);
}

#[test]
fn its_progress_adds_up() {
    let half = [drafted(1, 1), started(1, 1), progressed(9, 50)];
    given(half.clone()).when(progress(1, 12, 50)).then([progressed(12, 100)]);
    let state = given(half.clone()).when(progress(1, 12, 50)).state();
    assert_eq!(state.0.map(|mailing| mailing.letters), Some(100));
    let finish = Command { at: hour(3), act: Act::Finish { revision: 1 } };
    given(half).when(finish).then([finished(50)]);
}

#[test]
fn a_cancelled_mailing_goes_on_only_with_another_text() {
    given([drafted(1, 1), started(1, 1)]).when(cancel(2)).then([cancelled(2)]);
    let over = [drafted(1, 1), started(1, 1), cancelled(2)];
    given(over.clone()).when(cancel(2)).then([]);
    given(over.clone()).when(progress(1, 9, 5)).refused(Refusal::NotRunning);
    given(over.clone()).when(start(2, 5)).refused(Refusal::MailingCancelled);
    given(over).when(draft(1, text("Planted news"))).then([drafted(1, 2)]);
}
