//! Supporters before review.

use radslag_kernel::{
    Decider as _, ItemId, KeyRef, Opened,
    test::{Given, given as given_any},
};

use crate::{
    petition::{samples::*, state::Life, support, *},
    tag::Tag,
};

fn given(history: impl IntoIterator<Item = Event>) -> Given<Decider> {
    given_any(history)
}

fn item(number: u8) -> ItemId {
    ItemId::from_bytes([number; 16])
}

fn tag(number: u8) -> Tag {
    Tag([100 + number; 16])
}

fn ask(number: u8, by_eid: bool) -> Act {
    Act::Support(Box::new(Support {
        item: item(number),
        key: KeyRef(200 + u64::from(number)),
        supporter: Supporter {
            name: "Planted Supporter".into(),
            mailbox: "planted@supporter.se".into(),
            language: "sv".into(),
        },
        tag: tag(number),
        by_eid,
        blocked: false,
    }))
}

/// Handed in under the policy of the UK and confirmed.
fn gathering() -> Vec<Event> {
    let mut handed = hand_in("uk");
    handed.content.length = crate::policy::Length::Months(6);
    let submit = at(noon("2008-10-10"), Act::Submit(Box::new(handed)));
    let mut events = Decider::decide(&State::default(), submit).unwrap();
    let confirm = at(noon("2008-10-11"), Act::ConfirmInitiator { proof: MAILBOX });
    events.extend(Decider::decide(&Decider::fold(&events), confirm).unwrap());
    events
}

fn supported_by(count: u8) -> Vec<Event> {
    (1..=count).fold(gathering(), |mut events, number| {
        let asked = at(noon("2008-10-12"), ask(number, true));
        events.extend(Decider::decide(&Decider::fold(&events), asked).unwrap());
        events
    })
}

fn life(events: &[Event]) -> Life {
    Decider::fold(events).0.unwrap().life
}

#[test]
fn it_is_reviewed_once_five_support_it_besides_who_started_it() {
    let until = calendar().end_of(day("2009-01-09"));
    assert_eq!(life(&gathering()), Life::Gathering { expires_at: until });
    assert_eq!(life(&supported_by(4)), Life::Gathering { expires_at: until });
    assert_eq!(life(&supported_by(5)), Life::InReview);
    let completed = support::Event::Completed { at: noon("2008-10-12"), review_by: day("2008-10-19") };
    assert_eq!(supported_by(5).last(), Some(&completed.into()));
}

#[test]
fn twenty_one_sign_at_most_before_the_review_who_started_it_among_them() {
    let full = supported_by(20);
    given(full.clone()).when(at(noon("2008-10-12"), ask(21, true))).refused(Refusal::SupportersFull);
    given(full).when(at(noon("2008-10-12"), ask(21, false))).refused(Refusal::SupportersFull);
}

#[test]
fn nobody_supports_twice_and_who_started_it_not_at_all() {
    given(supported_by(1)).when(at(noon("2008-10-12"), ask(1, true))).refused(Refusal::AlreadySupports);
    let Act::Support(mut own) = ask(9, true) else { panic!() };
    own.tag = MAILBOX;
    given(gathering()).when(at(noon("2008-10-12"), Act::Support(own))).refused(Refusal::InitiatorSupports);
}

#[test]
fn a_mailbox_supports_once_its_link_is_followed_in_time() {
    let asked = given(gathering()).when(at(noon("2008-10-12"), ask(1, false))).and_then();
    let confirm = Act::ConfirmSupport { item: item(1), proof: tag(1) };
    let supporters = |given: Given<Decider>, when: &str| {
        given.when(at(noon(when), confirm.clone())).state().0.unwrap().supporters()
    };
    assert_eq!(supporters(asked, "2008-10-12"), 1);
    let asked = || given(gathering()).when(at(noon("2008-10-12"), ask(1, false))).and_then();
    asked().when(at(noon("2008-10-13"), confirm.clone())).refused(Refusal::SupportExpired);
    let foreign = Act::ConfirmSupport { item: item(1), proof: tag(2) };
    asked().when(at(noon("2008-10-12"), foreign)).refused(Refusal::NotTheSupporter);
    let again = asked().when(at(noon("2008-10-12"), confirm.clone())).and_then();
    again.when(at(noon("2008-10-12"), confirm)).then([]);
}

#[test]
fn a_mailbox_gets_the_same_public_event_whatever_came_of_it() {
    let shape = |events: Vec<Event>, number: u8| {
        let decided = Decider::decide(&Decider::fold(&events), at(noon("2008-10-12"), ask(number, false)));
        let [Event::Support(support::Event::Asked { asked: Opened::Known(asked), .. })] =
            decided.unwrap()[..]
        else {
            panic!()
        };
        asked.mail
    };
    assert!(shape(gathering(), 1), "new");
    assert!(!shape(supported_by(1), 1), "supports already: no mail, the same event");
}

#[test]
fn too_few_after_an_invalidation_and_it_gathers_again() {
    let strike = Act::StrikeSupporter { by: moderator(), item: item(2) };
    let when = noon("2008-10-14");
    let back = Life::Gathering { expires_at: calendar().end_of(day("2009-01-12")) };
    let state = given(supported_by(5)).when(at(when, strike.clone())).state().0.unwrap();
    assert_eq!((state.life.clone(), state.supporters()), (back, 4));
    let state = given(supported_by(6)).when(at(when, strike.clone())).state().0.unwrap();
    assert_eq!(state.life, Life::InReview, "five are left");
    given(supported_by(5))
        .when(at(when, strike.clone()))
        .and_then()
        .when(at(when, strike.clone()))
        .refused(Refusal::UnknownSupporter);
    let again = given(supported_by(5)).when(at(when, strike)).and_then().when(at(when, ask(7, true)));
    assert_eq!(again.state().0.unwrap().life, Life::InReview);
}

#[test]
fn without_supporters_in_time_it_expires() {
    let due = calendar().end_of(day("2009-01-09"));
    given(supported_by(4))
        .when(at(due.plus_hours(5), Act::Lapse))
        .then([Event::Expired { at: due, draft: None }]);
    given(supported_by(4)).when(at(due, ask(8, true))).refused(Refusal::NoSupportersSought);
}

#[test]
fn a_petition_keeps_the_policy_it_was_handed_in_under() {
    let policies = crate::policy::Policies::shipped();
    let first = policies.find("uk", 1).unwrap().clone();
    let mut handed = HandIn { policy: first, ..hand_in("uk") };
    handed.content.length = crate::policy::Length::Months(6);
    given([])
        .when(at(noon("2008-10-10"), Act::Submit(Box::new(handed))))
        .and_then()
        .when(at(noon("2008-10-11"), Act::ConfirmInitiator { proof: MAILBOX }))
        .then([Event::InitiatorConfirmed { at: noon("2008-10-11"), review_by: day("2008-10-18") }]);
    given([submitted(), confirmed()])
        .when(at(noon("2008-10-12"), ask(1, true)))
        .refused(Refusal::NoSupportersSought);
}

#[test]
fn a_mailbox_on_a_list_is_asked_nothing_and_the_event_is_the_same() {
    let mut act = ask(1, false);
    if let Act::Support(support) = &mut act {
        support.blocked = true;
    }
    let state = Decider::fold(&gathering());
    let decided = Decider::decide(&state, at(noon("2008-10-13"), act)).unwrap();
    let [Event::Support(support::Event::Asked { asked, .. })] = decided.as_slice() else {
        panic!("{decided:?}")
    };
    assert_eq!(asked.known().map(|asked| asked.mail), Some(false));
}

#[test]
fn an_erased_supporter_keeps_their_place_and_the_name_is_gone() {
    let when = noon("2008-10-13");
    let joined = || given(gathering()).when(at(when, ask(1, true))).and_then();
    let second = moderator().id;
    let other = radslag_kernel::SubjectId::from_bytes([79; 16]);
    let erase = |second| at(when, Act::EraseSupporter { by: moderator(), second, item: item(1) });
    joined().when(erase(second)).refused(Refusal::SamePersonTwice);
    let state = joined().when(erase(other)).state().0.unwrap();
    assert_eq!((state.supporters(), &state.joined[0].name), (1, &Opened::Gone));
    joined().when(erase(other)).and_then().when(erase(other)).refused(Refusal::AlreadyErased);
    let asked = given(gathering()).when(at(when, ask(1, false))).and_then();
    asked
        .when(erase(other))
        .and_then()
        .when(at(when, Act::ConfirmSupport { item: item(1), proof: tag(1) }))
        .refused(Refusal::SupportExpired);
    let unknown = Act::EraseSupporter { by: moderator(), second: other, item: item(7) };
    joined().when(at(when, unknown)).refused(Refusal::UnknownSupporter);
}
