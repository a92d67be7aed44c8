//! Who may take a petition over.

use radslag_kernel::{
    Decider as _, Opened, SubjectId,
    test::{Given, given as given_any},
};

use super::{Accept, Act as Does, Named, event::Ended};
use crate::petition::{samples::*, *};

fn given(history: impl IntoIterator<Item = Event>) -> Given<Decider> {
    given_any(history)
}

fn naming_act(proof: crate::tag::Tag) -> Act {
    let contact = named_contact();
    let named = Named { item: naming(), key: NAMED_KEY, contact, tags: named_tags(), blocked: false };
    Act::NameCoinitiator { proof, named: Box::new(named) }
}

fn does(act: Does) -> Act {
    Act::AsCoinitiator { item: naming(), proof: NAMED, act }
}

fn yes() -> Does {
    Does::Accept(Box::new(Accept { contact: named_contact(), tags: named_tags(), registered: false }))
}

fn reviewed() -> Vec<Event> {
    vec![submitted(), confirmed()]
}

fn with(events: impl IntoIterator<Item = Event>) -> Given<Decider> {
    given(reviewed().into_iter().chain(events))
}

#[test]
fn the_initiator_names_one_person_at_a_time_by_mailbox_and_name() {
    let when = noon("2008-10-12");
    given(reviewed()).when(at(when, naming_act(MAILBOX))).then([named(when)]);
    given(reviewed()).when(at(when, naming_act(NAMED))).refused(Refusal::NotTheInitiator);
    with([named(when)])
        .when(at(noon("2008-10-13"), naming_act(MAILBOX)))
        .refused(Refusal::CoinitiatorNamedAlready);
    given([submitted()]).when(at(when, naming_act(MAILBOX))).refused(Refusal::InitiatorNotConfirmed);
    let withdrawn = given(reviewed()).when(at(when, Act::Withdraw { proof: MAILBOX, reason: String::new() }));
    withdrawn.and_then().when(at(when, naming_act(MAILBOX))).refused(Refusal::AlreadyOver);
}

#[test]
fn the_initiator_does_not_name_their_own_mailbox() {
    let mut act = naming_act(MAILBOX);
    if let Act::NameCoinitiator { named, .. } = &mut act {
        named.tags.mailbox = Some(MAILBOX);
    }
    given(reviewed()).when(at(noon("2008-10-12"), act)).refused(Refusal::CoinitiatorIsInitiator);
}

#[test]
fn naming_a_mailbox_on_a_list_writes_the_same_event_and_sends_no_mail() {
    let when = noon("2008-10-12");
    let mut act = naming_act(MAILBOX);
    if let Act::NameCoinitiator { named, .. } = &mut act {
        named.blocked = true;
    }
    let mut expected = named(when);
    if let Event::Coinitiator(event) = &mut expected
        && let coinitiator::event::Event::Named { mail, .. } = &mut **event
    {
        *mail = Opened::Known(false);
    }
    given(reviewed()).when(at(when, act)).then([expected]);
}

#[test]
fn five_namings_are_the_most() {
    let mut history = reviewed();
    for _ in 0..5 {
        history.extend([named(noon("2008-10-12")), naming_ended(noon("2008-10-13"), Ended::Declined)]);
    }
    given(history).when(at(noon("2008-10-14"), naming_act(MAILBOX))).refused(Refusal::TooManyNamings);
}

#[test]
fn who_is_named_accepts_or_declines_and_a_no_destroys_what_is_kept_of_them() {
    let (first, when) = (noon("2008-10-12"), noon("2008-10-13"));
    with([named(first)]).when(at(when, does(yes()))).then([naming_accepted(when)]);
    with([named(first), naming_accepted(when)]).when(at(when, does(yes()))).then([]);
    let declined = naming_ended(when, Ended::Declined);
    assert_eq!(declined.erases(), [NAMED_KEY]);
    with([named(first)]).when(at(when, does(Does::Decline))).then([declined.clone()]);
    with([named(first), declined]).when(at(when, does(yes()))).refused(Refusal::NotTheCoinitiator);
    let foreign = Act::AsCoinitiator { item: naming(), proof: EID, act: yes() };
    with([named(first)]).when(at(when, foreign)).refused(Refusal::NotTheCoinitiator);
}

#[test]
fn the_initiator_takes_a_naming_back_answered_or_not() {
    let (first, when) = (noon("2008-10-12"), noon("2008-10-13"));
    let revoke = || Act::RevokeCoinitiator { proof: MAILBOX };
    with([named(first)]).when(at(when, revoke())).then([naming_ended(when, Ended::Revoked)]);
    with([named(first), naming_accepted(first)])
        .when(at(when, revoke()))
        .then([naming_ended(when, Ended::Revoked)]);
    given(reviewed()).when(at(when, revoke())).refused(Refusal::NoCoinitiator);
}

#[test]
fn a_naming_that_nobody_answers_lapses_at_its_deadline_however_late() {
    let first = noon("2008-10-12");
    let due = calendar().end_of(day("2008-11-11"));
    let late = noon("2008-11-20");
    with([named(first)]).when(at(late, Act::Lapse)).then([naming_ended(due, Ended::Lapsed)]);
    with([named(first), naming_accepted(first)]).when(at(late, Act::Lapse)).then([]);
}

#[test]
fn who_accepted_takes_over_and_the_former_initiator_is_recorded() {
    let (first, when) = (noon("2008-10-12"), noon("2008-10-13"));
    with([named(first)]).when(at(when, does(Does::TakeOver))).refused(Refusal::NamingNotAccepted);
    let history = [named(first), naming_accepted(first)];
    with(history.clone()).when(at(when, does(Does::TakeOver))).then([taken_over(when)]);
    let over = || with(history.clone().into_iter().chain([taken_over(when)]));
    let filed = over().when(at(when, Act::Lapse)).state().0.unwrap().filed.unwrap();
    assert_eq!(filed.contact, Opened::Known(named_contact()));
    assert_eq!(filed.keys.initiator, NAMED_KEY, "mails and erasure are theirs now");
    assert_eq!(filed.former.len(), 1);
    assert_eq!(filed.former[0].contact, Opened::Known(initiator().contact));
    assert_eq!((filed.former[0].key, filed.former[0].until), (KEYS.initiator, when));
    let withdraw = |proof| Act::Withdraw { proof, reason: String::new() };
    over().when(at(when, withdraw(MAILBOX))).refused(Refusal::NotTheInitiator);
    over().when(at(when, does(Does::TakeOver))).then([]);
    let state = over().when(at(when, withdraw(NAMED))).state().0.unwrap();
    assert_eq!(state.life.phase(), Phase::Withdrawn);
}

#[test]
fn who_takes_over_must_be_somebody_who_could_have_handed_it_in() {
    let first = noon("2008-10-12");
    for (proof, by_eid, registered, expected) in [
        (crate::policy::Proof::Eid, false, false, Some(Refusal::EidRequired)),
        (crate::policy::Proof::Register, true, false, Some(Refusal::NotRegistered)),
        (crate::policy::Proof::Register, true, true, None),
    ] {
        let mut history = vec![submitted(), confirmed(), named(first)];
        if let Event::Submitted(submitted) = &mut history[0] {
            submitted.policy.initiator = proof;
        }
        let tags = InitiatorTags { eid: by_eid.then_some(EID), ..named_tags() };
        let accept = Accept { contact: named_contact(), tags, registered };
        let state = Decider::fold(&history);
        let decided = Decider::decide(&state, at(first, does(Does::Accept(Box::new(accept)))));
        assert_eq!(decided.err(), expected, "{proof:?}");
    }
}

#[test]
fn an_official_who_is_or_was_its_initiator_or_may_take_over_does_not_decide() {
    let (first, when) = (noon("2008-10-12"), noon("2008-10-13"));
    let reject = |tag| {
        let by = Official { tags: vec![tag], ..moderator() };
        at(when, Act::Reject(Verdict { by, ..verdict(&["duplicate"]) }))
    };
    with([named(first)]).when(reject(NAMED)).refused(Refusal::ConflictOfInterest);
    with([named(first), naming_accepted(first), taken_over(first)])
        .when(reject(MAILBOX))
        .refused(Refusal::ConflictOfInterest);
}

#[test]
fn what_is_kept_of_a_coinitiator_or_of_former_initiators_is_erased_by_two() {
    let (first, when) = (noon("2008-10-12"), noon("2008-10-13"));
    let second = SubjectId::from_bytes([78; 16]);
    let erase = |what| at(when, Act::Erase { by: moderator(), second, what });
    let erased = |what, key| Event::Erased {
        at: when,
        by: moderator().id,
        second,
        what,
        keys: vec![key],
        record: KEYS.record,
        ground: Opened::Known("Rules, 2".into()),
    };
    let named_only = [named(first), naming_accepted(first)];
    let gone = erased(Erasable::Coinitiator, NAMED_KEY);
    with(named_only.clone()).when(erase(Erasable::Coinitiator)).then([gone.clone()]);
    with(named_only.clone().into_iter().chain([gone]))
        .when(at(when, does(Does::TakeOver)))
        .refused(Refusal::AlreadyErased);
    let over = || with(named_only.clone().into_iter().chain([taken_over(first)]));
    let gone = erased(Erasable::FormerInitiators, KEYS.initiator);
    over().when(erase(Erasable::FormerInitiators)).then([gone]);
    over().when(erase(Erasable::Initiator)).then([erased(Erasable::Initiator, NAMED_KEY)]);
    given(reviewed()).when(erase(Erasable::FormerInitiators)).refused(Refusal::AlreadyErased);
}
