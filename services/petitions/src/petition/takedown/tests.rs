//! Taking down and restoring.

use radslag_kernel::{
    Decider as _, Opened, Role, SubjectId,
    test::{Given, given as given_any},
};

use crate::petition::{samples::*, state::Life, *};

fn given(history: impl IntoIterator<Item = Event>) -> Given<Decider> {
    given_any(history)
}

fn second() -> SubjectId {
    SubjectId::from_bytes([78; 16])
}

fn administrator() -> Official {
    Official { id: SubjectId::from_bytes([79; 16]), ..moderator() }
}

fn take_down(fate: Fate, codes: &[&str]) -> Act {
    Act::TakeDown { verdict: verdict(codes), role: Role::Moderator, second: second(), fate }
}

fn restore(by: Official, role: Role) -> Act {
    Act::Restore { by, role }
}

fn down(fate: Fate, codes: &[&str]) -> Vec<Event> {
    let removed = fate == Fate::Removed;
    let taken = Event::Course(course::Event::TakenDown {
        at: noon("2008-11-05"),
        by: moderator().id,
        second: second(),
        role: Role::Moderator,
        fate,
        was_public: true,
        keys: if removed { vec![KEYS.document] } else { vec![] },
        record: KEYS.record,
        decision: decision(codes),
    });
    open().into_iter().chain([taken]).collect()
}

#[test]
fn what_was_published_is_rejected_or_hidden_by_two_officials() {
    let when = noon("2008-11-05");
    for (fate, codes) in [(Fate::Rejected, ["duplicate"]), (Fate::Hidden, ["libellous"])] {
        let taken = down(fate, &codes).split_off(4);
        given(open()).when(at(when, take_down(fate, &codes))).then(taken);
    }
    let alone = Act::TakeDown {
        verdict: verdict(&["duplicate"]),
        role: Role::Moderator,
        second: moderator().id,
        fate: Fate::Rejected,
    };
    given(open()).when(at(when, alone)).refused(Refusal::SamePersonTwice);
    given(open()).when(at(when, take_down(Fate::Rejected, &["libellous"]))).refused(Refusal::CodeHides);
    given(open()).when(at(when, take_down(Fate::Hidden, &["duplicate"]))).refused(Refusal::CodeDoesNotHide);
    given([submitted(), confirmed()])
        .when(at(noon("2008-10-12"), take_down(Fate::Rejected, &["duplicate"])))
        .refused(Refusal::NothingToTakeDown);
}

#[test]
fn what_is_removed_loses_its_document_key_and_never_comes_back() {
    let when = noon("2008-11-05");
    given(open())
        .when(at(when, take_down(Fate::Removed, &["libellous"])))
        .then(down(Fate::Removed, &["libellous"]).split_off(4));
    let gone = || given(down(Fate::Removed, &["libellous"]));
    let state = gone().when(at(noon("2009-03-01"), Act::Lapse)).state().0.unwrap();
    assert_eq!((state.life, state.content), (Life::Removed, Opened::Gone));
    gone()
        .when(at(noon("2008-11-06"), restore(administrator(), Role::TenantAdministrator)))
        .refused(Refusal::RemovedForGood);
    gone()
        .when(at(noon("2008-11-06"), take_down(Fate::Removed, &["advert"])))
        .refused(Refusal::RemovedForGood);
}

#[test]
fn what_is_removed_before_it_was_public_was_never_public() {
    let act = take_down(Fate::Removed, &["libellous"]);
    let state = given([submitted(), confirmed()]).when(at(noon("2008-10-12"), act.clone())).state();
    assert_eq!(state.0.unwrap().life, Life::Removed);
    let private = Decider::fold(&[submitted(), confirmed()]);
    let decided = Decider::decide(&private, at(noon("2008-10-12"), act)).unwrap();
    assert!(matches!(
        decided.as_slice(),
        [Event::Course(course::Event::TakenDown { was_public: false, .. })]
    ));
}

#[test]
fn restoring_takes_another_person_in_a_higher_role() {
    let when = noon("2008-11-06");
    let hidden = || given(down(Fate::Hidden, &["libellous"]));
    hidden().when(at(when, restore(administrator(), Role::Moderator))).refused(Refusal::HigherRoleNeeded);
    for one_of_both in [moderator().id, second()] {
        let by = Official { id: one_of_both, ..moderator() };
        hidden().when(at(when, restore(by, Role::TenantAdministrator))).refused(Refusal::SamePersonTwice);
    }
    hidden().when(at(when, restore(administrator(), Role::TenantAdministrator))).then([restored()]);
    given(open())
        .when(at(when, restore(administrator(), Role::TenantAdministrator)))
        .refused(Refusal::NotRefused);
}

fn restored() -> Event {
    Event::Course(course::Event::Restored {
        at: noon("2008-11-06"),
        by: administrator().id,
        review_by: day("2008-11-20"),
        record: KEYS.record,
        ground: Opened::Known("Rules, 2".into()),
    })
}

#[test]
fn what_a_moderator_refused_in_review_can_be_restored_too() {
    let refused =
        given([submitted(), confirmed()]).when(at(noon("2008-10-12"), Act::Reject(verdict(&["duplicate"]))));
    refused
        .and_then()
        .when(at(noon("2008-11-06"), restore(administrator(), Role::TenantAdministrator)))
        .then([restored()]);
}

#[test]
fn what_is_restored_and_approved_opens_as_it_was_opened_and_is_counted_once() {
    let approve = || Act::Approve { by: moderator(), opens_on: None, url_key: None, taken: false };
    let history = || down(Fate::Hidden, &["libellous"]).into_iter().chain([restored()]);
    let reopened = |at| {
        Event::Course(course::Event::Reopened {
            at,
            by: moderator().id,
            closes_at: closes_at(),
            record: KEYS.record,
            ground: Opened::Known("Rules, 2".into()),
        })
    };
    let when = noon("2008-11-07");
    given(history()).when(at(when, approve())).then([reopened(when)]);
    let late = noon("2009-03-01");
    given(history()).when(at(late, approve())).then([
        reopened(late),
        Event::Closed { at: late, closed_at: closes_at(), how: event::How::Deadline },
    ]);
}

#[test]
fn what_a_tenant_administrator_took_down_another_one_restores() {
    let when = noon("2008-11-06");
    let mut history = down(Fate::Hidden, &["libellous"]);
    if let Some(Event::Course(course::Event::TakenDown { role, .. })) = history.last_mut() {
        *role = Role::TenantAdministrator;
    }
    let hidden = || given(history.clone());
    hidden().when(at(when, restore(administrator(), Role::TenantAdministrator))).then([restored()]);
    for one_of_both in [moderator().id, second()] {
        let by = Official { id: one_of_both, ..moderator() };
        hidden().when(at(when, restore(by, Role::TenantAdministrator))).refused(Refusal::SamePersonTwice);
    }
    hidden().when(at(when, restore(administrator(), Role::Moderator))).refused(Refusal::HigherRoleNeeded);
}
