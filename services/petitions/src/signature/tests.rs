//! The rules of signatures, each by name.

use radslag_kernel::{
    Decider as _, KeyRef, Opened, SubjectId,
    test::{Given, given as given_any},
};

use super::samples::*;
use super::*;
use crate::{
    petition::{InitiatorTags, Official},
    text::Fault,
};
use refusal::Field;

mod against;

fn given(history: impl IntoIterator<Item = Event>) -> Given<Decider> {
    given_any(history)
}

fn ask(request: Request) -> Act {
    Act::Request(Box::new(request))
}

fn sign(request: Request) -> Act {
    let tags = SignerTags { mailbox: None, eid: Some(tag(60)), ..request.tags };
    Act::Sign(Box::new(Request { mailbox: String::new(), tags, ..request }))
}

fn confirm(number: u8) -> Act {
    Act::Confirm { item: item(number), suspicion: None }
}

/// The events of acts at their hours, under a view.
fn page(view: &View, acts: Vec<(u64, Act)>) -> Vec<Event> {
    let mut history = Vec::new();
    for (hours, act) in acts {
        let command = Command { at: hour(hours), petition: view.clone(), act };
        history.extend(Decider::decide(&Decider::fold(&history), command).unwrap());
    }
    history
}

/// What came of the last act, a request: outcome, slot and whether a mail goes out.
fn outcome(view: &View, acts: Vec<(u64, Act)>) -> (Outcome, u8, bool) {
    let events = page(view, acts);
    let Some(Event::Submitted(submission)) = events.last() else { panic!("{events:?}") };
    let facts = submission.facts.known().unwrap();
    (facts.outcome, facts.slot, facts.mail)
}

fn uk(acts: Vec<(u64, Act)>) -> (Outcome, u8, bool) {
    outcome(&view("uk"), acts)
}

#[test]
fn a_mailbox_confirms_and_is_counted() {
    let history = page(&view("uk"), vec![(1, ask(request(1, 1, 1)))]);
    given(history).when(at(hour(2), confirm(1))).then([Event::Confirmed {
        at: hour(2),
        item: item(1),
        key: KeyRef(101),
        public: Public {
            name: Opened::Known("Planted Person1".into()),
            area: Opened::Known("Möllevången".into()),
        },
        against: false,
        tags: KeyRef(3),
        person: Opened::Known(Some(tag(17))),
    }]);
}

#[test]
fn a_used_link_shows_the_same_page_again() {
    let history = page(&view("uk"), vec![(1, ask(request(1, 1, 1))), (2, confirm(1))]);
    given(history).when(at(hour(3), confirm(1))).then([]);
    let again =
        page(&view("uk"), vec![(1, ask(request(1, 1, 1))), (2, ask(request(2, 1, 1))), (3, confirm(2))]);
    given(again).when(at(hour(4), confirm(1))).then([]);
}

#[test]
fn a_request_expires_after_the_policys_hours() {
    let history = || page(&view("uk"), vec![(1, ask(request(1, 1, 1)))]);
    given(history()).when(at(hour(25), confirm(1))).refused(Refusal::LinkExpired);
    given(history()).when(at(hour(24), Act::Expire { item: item(1) })).refused(Refusal::NotYetExpired);
    let expired = Event::Expired { at: hour(25), item: item(1) };
    given(history()).when(at(hour(30), Act::Expire { item: item(1) })).then([expired.clone()]);
    given(history().into_iter().chain([expired]))
        .when(at(hour(31), confirm(1)))
        .refused(Refusal::LinkExpired);
    given([]).when(at(hour(1), confirm(9))).refused(Refusal::UnknownSignature);
}

#[test]
fn after_the_deadline_only_earlier_requests_are_confirmed() {
    let history = || page(&view("uk"), vec![(999, ask(request(1, 1, 1)))]);
    given(history()).when(at(hour(1_000), ask(request(2, 2, 1)))).refused(Refusal::NotOpen);
    given(history()).when(at(hour(1_000), sign(request(2, 2, 1)))).refused(Refusal::NotOpen);
    assert!(Decider::decide(&Decider::fold(&history()), at(hour(1_022), confirm(1))).is_ok());
    let late = View { signing: Signing::Counting(hour(1_020)), ..view("uk") };
    given(history())
        .when(Command { at: hour(1_021), petition: late, act: confirm(1) })
        .refused(Refusal::NotOpen);
}

#[test]
fn the_second_slot_takes_another_name_at_the_same_postcode() {
    let first = || (1, ask(request(1, 1, 1)));
    assert_eq!(uk(vec![first()]), (Outcome::New, 1, true));
    assert_eq!(uk(vec![first(), (2, ask(request(2, 2, 1)))]), (Outcome::New, 2, true));
    assert_eq!(uk(vec![first(), (2, ask(request(2, 2, 2)))]), (Outcome::NoFreeSlot, 0, true));
    assert_eq!(uk(vec![first(), (2, ask(request(2, 1, 1)))]), (Outcome::Again, 1, true));
    let third = vec![first(), (2, ask(request(2, 2, 1))), (3, ask(request(3, 3, 1)))];
    assert_eq!(uk(third), (Outcome::NoFreeSlot, 0, true));
}

#[test]
fn where_no_postcode_is_asked_there_is_one_slot() {
    let acts = vec![(1, ask(request(1, 1, 1))), (2, ask(request(2, 2, 1)))];
    assert_eq!(outcome(&view("malmo"), acts), (Outcome::NoFreeSlot, 0, true));
}

#[test]
fn a_slot_nobody_confirmed_in_time_is_free_again() {
    let acts = vec![(1, ask(request(1, 1, 1))), (25, ask(request(2, 2, 2)))];
    assert_eq!(uk(acts), (Outcome::New, 1, true));
}

#[test]
fn a_name_that_signed_is_told_so_in_its_mail() {
    let acts = vec![(1, ask(request(1, 1, 1))), (2, confirm(1)), (3, ask(request(2, 1, 1)))];
    assert_eq!(uk(acts), (Outcome::AlreadySigned, 1, true));
}

#[test]
fn at_most_five_mails_go_to_a_slot() {
    let mut acts: Vec<_> = (1..=5).map(|n| (u64::from(n), ask(request(n, 1, 1)))).collect();
    assert_eq!(uk(acts.clone()), (Outcome::Again, 1, true));
    acts.push((6, ask(request(6, 1, 1))));
    assert_eq!(uk(acts), (Outcome::TooManyMails, 1, false));
}

#[test]
fn at_most_five_mails_go_to_those_without_a_slot() {
    let mut acts = vec![(1, ask(request(1, 1, 1)))];
    acts.extend((2..=6).map(|n| (2, ask(request(n, n, 2)))));
    assert_eq!(uk(acts.clone()), (Outcome::NoFreeSlot, 0, true));
    acts.push((3, ask(request(7, 7, 2))));
    assert_eq!(uk(acts), (Outcome::NoFreeSlot, 0, false));
}

#[test]
fn a_blocked_mailbox_looks_the_same_and_cannot_be_confirmed() {
    let blocked = Request { blocked: true, ..request(1, 1, 1) };
    let history = page(&view("uk"), vec![(1, ask(blocked))]);
    assert_eq!(history.len(), 1);
    given(history).when(at(hour(2), confirm(1))).refused(Refusal::LinkExpired);
}

#[test]
fn every_submission_ends_once_whatever_came_of_it() {
    let blocked = Request { blocked: true, ..request(1, 1, 1) };
    let history = page(&view("uk"), vec![(1, ask(blocked)), (2, Act::Expire { item: item(9) })]);
    let expired = Event::Expired { at: hour(25), item: item(1) };
    given(history.clone()).when(at(hour(25), Act::Expire { item: item(1) })).then([expired.clone()]);
    given(history.into_iter().chain([expired])).when(at(hour(26), Act::Expire { item: item(1) })).then([]);
    let acts = vec![(1, ask(request(1, 1, 1))), (2, ask(request(2, 1, 1))), (3, confirm(2))];
    let earlier = Event::Expired { at: hour(25), item: item(1) };
    given(page(&view("uk"), acts)).when(at(hour(30), Act::Expire { item: item(1) })).then([earlier]);
}

#[test]
fn the_initiator_does_not_sign_but_their_household_may() {
    let tags = request(1, 1, 1).tags;
    let initiator = InitiatorTags {
        mailbox: tags.mailbox,
        eid: Some(tag(60)),
        name: tags.name,
        postcode: tags.postcode,
        assisted: None,
    };
    let view = View { initiator: Some(initiator), ..view("uk") };
    assert_eq!(outcome(&view, vec![(1, ask(request(1, 1, 1)))]), (Outcome::Initiator, 0, true));
    assert_eq!(outcome(&view, vec![(1, ask(request(1, 2, 1)))]), (Outcome::New, 1, true));
    let both = vec![(1, ask(request(1, 2, 1))), (1, ask(request(2, 3, 1)))];
    assert_eq!(outcome(&view, both), (Outcome::NoFreeSlot, 0, true));
    let by_eid = Command { at: hour(1), petition: view, act: sign(request(1, 5, 5)) };
    given([]).when(by_eid).refused(Refusal::InitiatorSigns);
}

#[test]
fn eid_counts_at_once_and_a_second_time_is_told_at_once() {
    let history = page(&view("uk"), vec![(1, sign(request(1, 1, 1)))]);
    assert!(matches!(history.as_slice(), [Event::Signed(_)]));
    given(history).when(at(hour(2), sign(request(2, 1, 1)))).refused(Refusal::AlreadySigned);
    let again =
        vec![(1, sign(request(1, 1, 1))), (2, Act::Withdraw { item: item(1) }), (3, sign(request(2, 1, 1)))];
    assert_eq!(page(&view("uk"), again).iter().map(Event::delta).sum::<i32>(), 1);
    let no_eid = Command { at: hour(1), petition: view("malmo-2008"), act: sign(request(1, 1, 1)) };
    given([]).when(no_eid).refused(Refusal::MethodNotAllowed);
}

#[test]
fn over_the_limit_is_set_aside_with_its_rule() {
    let suspect = Request { suspicion: Some("rate-60s".into()), ..request(1, 1, 1) };
    let history = page(&view("uk"), vec![(1, ask(suspect)), (2, confirm(1))]);
    let Some(Event::Suspected { rule, .. }) = history.last() else { panic!() };
    assert_eq!(rule, &Opened::Known("rate-60s".into()));
    let clear = Act::Clear { item: item(1), by: official() };
    let cleared = page(&view("uk"), vec![]).into_iter().chain(history.clone());
    given(cleared).when(at(hour(3), clear.clone())).then([Event::Cleared {
        at: hour(3),
        item: item(1),
        by: official().id,
        against: false,
        record: KeyRef(4),
        ground: Opened::Known("Rules, 2".into()),
    }]);
    let confirmed = page(&view("uk"), vec![(1, ask(request(1, 1, 1))), (2, confirm(1))]);
    given(confirmed).when(at(hour(3), clear)).refused(Refusal::NotSuspected);
}

#[test]
fn a_signer_withdraws_and_may_sign_again() {
    let acts = vec![(1, ask(request(1, 1, 1))), (2, confirm(1)), (3, Act::Withdraw { item: item(1) })];
    let history = page(&view("uk"), acts.clone());
    given(history.clone()).when(at(hour(4), Act::Withdraw { item: item(1) })).then([]);
    given(history).when(at(hour(4), confirm(1))).then([]);
    let mut again = acts;
    again.push((4, ask(request(2, 1, 1))));
    assert_eq!(uk(again.clone()), (Outcome::Again, 1, true));
    again.push((5, confirm(2)));
    assert_eq!(page(&view("uk"), again).iter().map(Event::delta).sum::<i32>(), 1);
    let over = page(&view("uk"), vec![(1, ask(request(1, 1, 1))), (2, confirm(1))]);
    given(over).when(at(hour(1_024), Act::Withdraw { item: item(1) })).refused(Refusal::NotOpen);
}

#[test]
fn an_invalidated_signature_can_be_restored() {
    let by = official;
    let invalidate = Act::Invalidate { item: item(1), by: by(), batch: None };
    let restore = Act::Restore { item: item(1), by: by(), batch: None };
    let acts = vec![(1, ask(request(1, 1, 1))), (2, confirm(1)), (3, invalidate.clone())];
    let history = page(&view("uk"), acts);
    given(history.clone()).when(at(hour(4), invalidate)).refused(Refusal::NotConfirmed);
    assert_eq!(history.iter().map(Event::delta).sum::<i32>(), 0);
    let state = given(history.clone()).when(at(hour(4), restore)).state();
    assert_eq!(state.slots[0].standing, Standing::Confirmed);

    let groundless = Official { ground: " ".into(), ..official() };
    given(history)
        .when(at(hour(4), Act::Restore { item: item(1), by: groundless, batch: None }))
        .refused(Refusal::GroundMissing);
}

#[test]
fn eid_beats_mailbox_and_the_loser_is_superseded() {
    let history = page(&view("uk"), vec![(1, ask(request(1, 1, 1))), (2, confirm(1))]);
    let supersede = Act::Supersede { item: item(1) };
    let superseded = Event::Superseded { at: hour(3), item: item(1), against: false };
    given(history.clone()).when(at(hour(3), supersede.clone())).then([superseded.clone()]);
    given(history.into_iter().chain([superseded])).when(at(hour(4), supersede)).then([]);
}

#[test]
fn what_is_shown_is_the_signers_choice_within_the_policy() {
    let alias = || Shown::Alias("Planted alias".into());
    let shown = |shown, policy: &str| Command {
        at: hour(1),
        petition: view(policy),
        act: ask(Request { shown, ..request(1, 1, 1) }),
    };
    given([]).when(shown(alias(), "uk")).refused(Refusal::AliasNotAllowed);
    given([]).when(shown(Shown::Anonymous, "malmo")).refused(Refusal::AnonymousNotAllowed);
    given([])
        .when(shown(Shown::Alias("=x".into()), "malmo"))
        .refused(Refusal::Text(Field::Alias, Fault::Formula));
    let open = view("open");
    let history = page(&open, vec![(1, ask(request(1, 1, 1))), (2, confirm(1))]);
    let change = Act::ChangeName { item: item(1), shown: alias() };
    given(history).when(Command { at: hour(3), petition: open, act: change }).then([Event::NameChanged {
        at: hour(3),
        item: item(1),
        key: KeyRef(101),
        name: Opened::Known("Planted alias".into()),
        assisted: None,
    }]);
}

#[test]
fn fields_follow_their_rules_before_the_page_is_looked_at() {
    let refused = |change: fn(&mut Request), refusal| {
        let mut asked = request(1, 1, 1);
        change(&mut asked);
        given([]).when(at(hour(1), ask(asked))).refused(refusal);
    };
    refused(|r| r.mailbox.clear(), Refusal::Text(Field::Mailbox, Fault::Missing));
    refused(|r| r.name = "www.spam.com".into(), Refusal::Text(Field::Name, Fault::Url));
    refused(|r| r.postcode.clear(), Refusal::Text(Field::Postcode, Fault::Missing));
    refused(
        |r| (r.mailbox, r.name) = (String::new(), String::new()),
        Refusal::Text(Field::Mailbox, Fault::Missing),
    );
}

#[test]
fn an_erased_signature_keeps_its_place_and_all_its_keys_go() {
    let second = SubjectId::from_bytes([78; 16]);
    let erase = |second, ground: &str| Act::Erase {
        item: item(2),
        by: Official { ground: ground.into(), ..official() },
        second,
    };
    let acts = vec![(1, ask(request(1, 1, 1))), (2, ask(request(2, 1, 1))), (3, confirm(2))];
    let history = page(&view("uk"), acts.clone());
    given(history.clone()).when(at(hour(4), erase(second, ""))).refused(Refusal::GroundMissing);
    given(history.clone()).when(at(hour(4), erase(official().id, "GDPR"))).refused(Refusal::SamePersonTwice);
    given(history).when(at(hour(4), erase(second, "GDPR"))).then([Event::Erased {
        at: hour(4),
        item: item(2),
        by: official().id,
        second,
        keys: vec![KeyRef(101), KeyRef(102)],
        record: KeyRef(4),
        ground: Opened::Known("GDPR".into()),
    }]);
    let mut after = acts;
    after.push((4, erase(second, "GDPR")));
    let state = Decider::fold(&page(&view("uk"), after.clone()));
    assert_eq!((state.slots[0].standing, &state.slots[0].signer), (Standing::Confirmed, &Opened::Gone));
    given(page(&view("uk"), after.clone()))
        .when(at(hour(5), erase(second, "GDPR")))
        .refused(Refusal::AlreadyErased);
    after.push((5, ask(request(3, 1, 1))));
    assert_eq!(uk(after), (Outcome::AlreadySigned, 1, true));
}

#[test]
fn an_official_sets_a_counted_signature_aside_and_somebody_decides() {
    let suspect = Act::Suspect { item: item(1), by: official() };
    let counted = page(&view("uk"), vec![(1, ask(request(1, 1, 1))), (2, confirm(1))]);
    let (ground, record) = (Opened::Known("Rules, 2".into()), KeyRef(4));
    let set_aside =
        Event::SetAside { at: hour(3), item: item(1), by: official().id, against: false, record, ground };
    given(counted.clone()).when(at(hour(3), suspect.clone())).then([set_aside.clone()]);
    let doubted: Vec<_> = counted.into_iter().chain([set_aside]).collect();
    assert_eq!(doubted.iter().map(Event::delta).sum::<i32>(), 0);
    given(doubted.clone()).when(at(hour(4), suspect)).refused(Refusal::NotConfirmed);
    let clear = Act::Clear { item: item(1), by: official() };
    let cleared = given(doubted.clone()).when(at(hour(4), clear)).state();
    assert_eq!(cleared.slots[0].standing, Standing::Confirmed);
    let strike = Act::Invalidate { item: item(1), by: official(), batch: None };
    let struck = given(doubted).when(at(hour(4), strike)).state();
    assert_eq!(struck.slots[0].standing, Standing::Invalidated);
}

#[test]
fn an_official_does_not_decide_over_what_they_started_or_signed() {
    let by = || Official { signed: true, ..official() };
    let counted = page(&view("uk"), vec![(1, ask(request(1, 1, 1))), (2, confirm(1))]);
    for act in [
        Act::Suspect { item: item(1), by: by() },
        Act::Clear { item: item(1), by: by() },
        Act::Invalidate { item: item(1), by: by(), batch: None },
        Act::Restore { item: item(1), by: by(), batch: None },
        Act::Erase { item: item(1), by: by(), second: SubjectId::from_bytes([78; 16]) },
    ] {
        given(counted.clone()).when(at(hour(3), act)).refused(Refusal::ConflictOfInterest);
    }
    let tags = request(9, 9, 9).tags;
    let eid = Some(tag(60));
    let initiator = InitiatorTags { mailbox: None, eid, name: tags.name, postcode: None, assisted: None };
    let petition = View { initiator: Some(initiator), ..view("uk") };
    let own = Official { tags: vec![tag(60)], ..official() };
    let act = Act::Suspect { item: item(1), by: own };
    given(counted).when(Command { at: hour(3), petition, act }).refused(Refusal::ConflictOfInterest);
}

#[test]
fn a_page_remembers_the_bulk_act_that_struck_out_until_somebody_touches_it() {
    let strike = |batch| Act::Invalidate { item: item(1), by: official(), batch };
    let restore = Act::Restore { item: item(1), by: official(), batch: None };
    let mut acts = vec![(1, ask(request(1, 1, 1))), (2, confirm(1)), (3, strike(Some([7; 16])))];
    let batch = |acts: &[(u64, Act)]| Decider::fold(&page(&view("uk"), acts.to_vec())).slots[0].batch;
    assert_eq!(batch(&acts), Some([7; 16]));
    acts.push((4, restore));
    assert_eq!(batch(&acts), None);
    acts.push((5, strike(None)));
    assert_eq!(batch(&acts), None);
}

fn assisted(how: crate::assisted::Assisted) -> Request {
    let tags = SignerTags { mailbox: None, eid: Some(tag(60)), ..request(1, 1, 1).tags };
    let helper = Some(crate::assisted::tests::helper(how));
    Request { tags, mailbox: String::new(), helper, ..request(1, 1, 1) }
}

#[test]
fn somebody_who_is_helped_signs_at_once_and_how_is_kept_sealed() {
    use crate::assisted::tests::{assisted as at_a_counter, by_phone};
    for how in [at_a_counter(), by_phone()] {
        let signed =
            Decider::decide(&State::default(), at(hour(1), Act::Sign(Box::new(assisted(how))))).unwrap();
        let [Event::Signed(submission)] = signed.as_slice() else { panic!("{signed:?}") };
        assert_eq!(submission.facts.known().and_then(|facts| facts.assisted), Some(how));
        let again = Act::Sign(Box::new(assisted(how)));
        given(signed).when(at(hour(2), again)).refused(Refusal::AlreadySigned);
    }
}

#[test]
fn a_policy_takes_who_is_helped_as_it_takes_who_is_as_surely_known() {
    use crate::assisted::tests::{assisted as at_a_counter, by_phone};
    let under = |mailbox, eid, how| {
        let mut petition = view("uk");
        let policy = std::sync::Arc::make_mut(&mut petition.policy);
        (policy.mailbox, policy.eid) = (mailbox, eid);
        let act = Act::Sign(Box::new(assisted(how)));
        Decider::decide(&State::default(), Command { at: hour(1), petition, act }).map(|events| events.len())
    };
    assert_eq!(under(true, false, by_phone()), Ok(1));
    assert_eq!(under(false, true, by_phone()), Err(Refusal::MethodNotAllowed));
    assert_eq!(under(false, true, at_a_counter()), Ok(1));
    assert_eq!(under(true, false, at_a_counter()), Err(Refusal::MethodNotAllowed));
}

#[test]
fn nobody_helps_themselves_or_with_a_petition_they_started_or_signed() {
    use crate::assisted::tests::assisted as at_a_counter;
    let mine = |change: &dyn Fn(&mut crate::assisted::Helper)| {
        let mut asked = assisted(at_a_counter());
        change(asked.helper.as_mut().unwrap());
        at(hour(1), Act::Sign(Box::new(asked)))
    };
    given([]).when(mine(&|helper| helper.by.signed = true)).refused(Refusal::ConflictOfInterest);
    given([]).when(mine(&|helper| helper.by.tags = vec![tag(60)])).refused(Refusal::ConflictOfInterest);
    let mut started = mine(&|_| {});
    let (eid, name) = (Some(tag(89)), tag(9));
    started.petition.initiator =
        Some(InitiatorTags { mailbox: None, eid, name, postcode: None, assisted: None });
    given([]).when(started).refused(Refusal::ConflictOfInterest);
}

#[test]
fn a_signature_is_taken_back_for_its_signer_and_nobody_else() {
    use crate::assisted::tests::{assisted as at_a_counter, helper};
    let signed =
        Decider::decide(&State::default(), at(hour(1), Act::Sign(Box::new(assisted(at_a_counter())))));
    let signed = signed.unwrap();
    let back = |name| Act::WithdrawFor { item: item(1), name, helper: Box::new(helper(at_a_counter())) };
    given(signed.clone()).when(at(hour(2), back(tag(2)))).refused(Refusal::NotTheSigner);
    let record = Some((view("uk").record, Opened::Known(at_a_counter())));
    let withdrawn = Event::Withdrawn { at: hour(2), item: item(1), against: false, assisted: record };
    given(signed).when(at(hour(2), back(tag(1)))).then([withdrawn]);
}

#[test]
fn what_everybody_sees_of_a_signature_is_changed_for_its_signer_and_nobody_else() {
    use crate::assisted::tests::{assisted as at_a_counter, helper};
    let signed = at(hour(1), Act::Sign(Box::new(assisted(at_a_counter()))));
    let signed = Decider::decide(&State::default(), signed).unwrap();
    let change = |name, signed_too| {
        let mut helper = Box::new(helper(at_a_counter()));
        helper.by.signed = signed_too;
        let act = Act::ChangeNameFor { item: item(1), name, shown: Shown::Anonymous, helper };
        Command { petition: view("open"), ..at(hour(2), act) }
    };
    given(signed.clone()).when(change(tag(2), false)).refused(Refusal::NotTheSigner);
    given(signed.clone()).when(change(tag(1), true)).refused(Refusal::ConflictOfInterest);
    given(signed).when(change(tag(1), false)).then([Event::NameChanged {
        at: hour(2),
        item: item(1),
        key: KeyRef(101),
        name: Opened::Known(String::new()),
        assisted: Some((view("open").record, Opened::Known(at_a_counter()))),
    }]);
}
