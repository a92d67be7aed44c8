//! The rules of subscriptions, each by name.

use radslag_kernel::Happens as _;
use radslag_kernel::test::{Given, given as given_any};

use super::{samples::*, *};
use crate::text::Fault;

fn given(history: impl IntoIterator<Item = Event>) -> Given<Decider> {
    given_any(history)
}

fn command(at: u64, act: Act) -> Command {
    Command { at: hour(at), act }
}

fn request(number: u8, at: u64) -> Command {
    let (mailbox, language, list) = ("planted@malmo.se".into(), "sv".into(), NEWSLETTER.into());
    command(at, Act::Request { item: item(number), key: key(number), mailbox, language, list })
}

fn confirm(number: u8, at: u64) -> Command {
    command(at, Act::Confirm { item: item(number) })
}

#[test]
fn nobody_is_subscribed_before_the_mailbox_confirmed() {
    given([]).when(request(1, 0)).then([requested(1, 0, true)]);
    let state = given([]).when(request(1, 0)).state();
    assert_eq!(state.confirmed(), None);
    given([requested(1, 0, true)]).when(confirm(1, 1)).then([confirmed(1, 1)]);
    given([requested(1, 0, true), confirmed(1, 1)]).when(confirm(1, 2)).then([]);
    given([]).when(confirm(1, 1)).refused(Refusal::UnknownSubscription);
}

#[test]
fn a_request_is_confirmed_within_three_days_or_its_address_is_destroyed() {
    given([requested(1, 0, true)]).when(confirm(1, 71)).then([confirmed(1, 71)]);
    given([requested(1, 0, true)]).when(confirm(1, 72)).refused(Refusal::SubscriptionExpired);
    let expire = |at| command(at, Act::Expire { item: item(1) });
    given([requested(1, 0, true)]).when(expire(71)).refused(Refusal::NotYetExpired);
    given([requested(1, 0, true)]).when(expire(80)).then([expired(1, 72)]);
    given([requested(1, 0, true), confirmed(1, 1)]).when(expire(80)).then([]);
    assert_eq!(expired(1, 72).erases(), [key(1)]);
}

#[test]
fn one_click_ends_it_and_destroys_the_address() {
    let end = |at| command(at, Act::End { item: item(1) });
    given([requested(1, 0, true), confirmed(1, 1)]).when(end(2)).then([ended(1, 2)]);
    given([requested(1, 0, true)]).when(end(2)).then([ended(1, 2)]);
    let over = [requested(1, 0, true), confirmed(1, 1), ended(1, 2)];
    given(over.clone()).when(end(3)).then([]);
    given(over).when(confirm(1, 3)).refused(Refusal::SubscriptionOver);
    assert_eq!(ended(1, 2).erases(), [key(1)]);
}

#[test]
fn who_confirms_again_keeps_one_subscription() {
    let twice = [requested(1, 0, true), confirmed(1, 1), requested(2, 2, true)];
    let replacing = Event::Confirmed { at: hour(3), item: item(2), replaces: Some(key(1)) };
    assert_eq!(replacing.erases(), [key(1)]);
    let state = given(twice.clone()).when(confirm(2, 3)).state();
    assert_eq!(state.confirmed().map(|request| request.item), Some(item(2)));
    assert_eq!(state.request(item(1)).map(|request| request.standing), Some(Standing::Ended));
    given(twice).when(confirm(2, 3)).then([replacing]);
}

#[test]
fn asking_writes_the_same_event_whatever_comes_of_it() {
    let two = [requested(1, 0, true), requested(2, 0, true)];
    given(two.clone()).when(request(3, 0)).then([requested(3, 0, false)]);
    given(two).when(request(3, 1)).then([requested(3, 1, true)]);
    let five = (0..5u8).map(|n| requested(n, u64::from(n), true));
    given(five.clone()).when(request(9, 10)).then([requested(9, 10, false)]);
    given(five).when(request(9, 24)).then([requested(9, 24, true)]);
    given([requested(1, 0, true), confirmed(1, 0)]).when(request(2, 0)).then([requested(2, 0, true)]);
}

#[test]
fn a_list_is_the_newsletter_or_a_petition() {
    let ask = |list: &str, mailbox: &str| {
        let (mailbox, language, list) = (mailbox.into(), "sv".into(), list.into());
        given([]).when(command(0, Act::Request { item: item(1), key: key(1), mailbox, language, list }))
    };
    ask("everything", "planted@malmo.se").refused(Refusal::UnknownList);
    ask(NEWSLETTER, "planted").refused(Refusal::Mailbox(Fault::NotAllowed));
    assert!(ask(&"ab".repeat(16), "planted@malmo.se").state().request(item(1)).is_some());
}
