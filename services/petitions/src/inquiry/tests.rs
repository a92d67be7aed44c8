//! The rules of inquiries, one test each.

use radslag_kernel::{
    Opened, SubjectId,
    test::{Given, given as kernel_given},
};

use super::{refusal::Field, samples::*, *};
use crate::{
    petition::{Official, samples as p},
    tag::Tag,
    text::Fault,
};

fn given(history: impl IntoIterator<Item = Event>) -> Given<Decider> {
    kernel_given(history)
}

fn after(acts: Vec<(&str, Act)>) -> Vec<Event> {
    let mut history = Vec::new();
    for (date, act) in acts {
        let state = <Decider as radslag_kernel::Decider>::fold(&history);
        history.extend(decide::decide(&state, at(date, act)).unwrap());
    }
    history
}

fn receive(kind: Kind) -> Act {
    Act::Receive(Box::new(Asking { by_eid: true, ..asking(kind) }))
}

fn accept() -> Act {
    Act::Accept { by: p::moderator() }
}

fn assign(byte: u8) -> Act {
    Act::Assign { by: p::moderator(), to: politician(byte) }
}

fn by(byte: u8) -> Official {
    Official {
        id: politician(byte).id,
        tags: vec![],
        signed: false,
        locked_out: false,
        ground: String::new(),
    }
}

fn answer(by: Official, own: bool, public: bool) -> Act {
    Act::Answer { by, own, text: "Planted answer".into(), public }
}

fn accepted(kind: Kind) -> Vec<Event> {
    after(vec![("2008-10-01", receive(kind)), ("2008-10-02", accept())])
}

fn assigned() -> Vec<Event> {
    let mut history = accepted(Kind::Question);
    let state = <Decider as radslag_kernel::Decider>::fold(&history);
    history.extend(decide::decide(&state, at("2008-10-03", assign(50))).unwrap());
    history
}

#[test]
fn an_inquiry_by_eid_is_in_review_at_once_and_by_mailbox_once_it_is_confirmed() {
    let history = after(vec![("2008-10-01", receive(Kind::Tip))]);
    let confirmed = Event::Confirmed { at: p::noon("2008-10-01"), review_by: p::day("2008-10-15") };
    assert_eq!(history[1..], [confirmed]);
    let by_mailbox = after(vec![("2008-10-01", Act::Receive(Box::new(asking(Kind::Tip))))]);
    assert_eq!(by_mailbox.len(), 1);
    let confirm = |proof| at("2008-10-02", Act::Confirm { proof });
    given(by_mailbox.clone()).when(confirm(Tag([9; 16]))).refused(Refusal::NotTheAsker);
    given(by_mailbox.clone()).when(at("2008-10-02", accept())).refused(Refusal::NotInReview);
    // Noon to noon is 24 hours: too late by nothing.
    given(by_mailbox.clone()).when(confirm(ASKER)).refused(Refusal::LinkExpired);
    let same_day = at("2008-10-01", Act::Confirm { proof: ASKER });
    let confirmed = given(by_mailbox).when(same_day).and_then();
    confirmed.when(confirm(ASKER)).then([]);
}

#[test]
fn one_event_of_one_shape_is_written_whatever_comes_of_it() {
    for (blocked, over_rate, outcome) in
        [(false, false, Outcome::New), (true, false, Outcome::Blocked), (false, true, Outcome::TooMany)]
    {
        let asking = Asking { blocked, over_rate, ..asking(Kind::Question) };
        let history = after(vec![("2008-10-01", Act::Receive(Box::new(asking)))]);
        let [Event::Received(received)] = history.as_slice() else { panic!() };
        assert_eq!(received.facts.known().unwrap().outcome, outcome);
        let expired = Event::Expired { at: received.expires_at };
        given(history.clone()).when(at("2008-10-01", Act::Expire)).refused(Refusal::NotYetExpired);
        given(history).when(at("2008-11-01", Act::Expire)).then([expired]);
    }
}

#[test]
fn the_policy_says_which_kinds_are_taken() {
    let mut asking = asking(Kind::Tip);
    asking.terms.tips = false;
    given([]).when(at("2008-10-01", Act::Receive(Box::new(asking)))).refused(Refusal::NotTaken);
}

#[test]
fn fields_follow_their_rules() {
    let refused = |change: fn(&mut Asking), refusal| {
        let mut asking = asking(Kind::Tip);
        change(&mut asking);
        given([]).when(at("2008-10-01", Act::Receive(Box::new(asking)))).refused(refusal);
    };
    refused(|a| a.contact.mailbox.clear(), Refusal::NoWayToReach);
    refused(|a| a.contact.name = "x www.y.se".into(), Refusal::Text(Field::Name, Fault::Url));
    refused(|a| a.asked.title.clear(), Refusal::Text(Field::Title, Fault::Missing));
    refused(|a| a.asked.text = "=1".into(), Refusal::Text(Field::Text, Fault::Formula));
}

#[test]
fn a_politician_has_ten_days_from_the_day_it_was_assigned() {
    let history = assigned();
    let Some(Event::Assigned { due, due_at, to, .. }) = history.last() else { panic!() };
    assert_eq!((*due, *to), (p::day("2008-10-13"), politician(50).id));
    assert_eq!(*due_at, p::calendar().end_of(p::day("2008-10-13")));
}

#[test]
fn a_reassigned_question_starts_a_new_clock_for_the_next_politician() {
    given(assigned()).when(at("2008-10-09", assign(50))).refused(Refusal::AlreadyTheirs);
    let again = given(assigned()).when(at("2008-10-09", assign(51))).and_then();
    again.when(at("2008-10-10", answer(by(50), true, true))).refused(Refusal::NotYours);
    let state = given(assigned()).when(at("2008-10-09", assign(51))).state();
    assert_eq!(state.0.unwrap().life, Life::Assigned { to: politician(51).id });
    let mut history = assigned();
    let state = <Decider as radslag_kernel::Decider>::fold(&history);
    history.extend(decide::decide(&state, at("2008-10-31", assign(51))).unwrap());
    let Some(Event::Assigned { due, .. }) = history.last() else { panic!() };
    assert_eq!(*due, p::day("2008-11-10"));
}

#[test]
fn a_question_is_answered_by_whom_it_was_assigned_to_or_on_their_behalf() {
    let question = || accepted(Kind::Question);
    given(question())
        .when(at("2008-10-03", answer(p::moderator(), false, true)))
        .refused(Refusal::NotAssigned);
    given(question()).when(at("2008-10-03", answer(by(50), true, true))).refused(Refusal::NotYours);
    given(assigned()).when(at("2008-10-04", answer(by(51), true, true))).refused(Refusal::NotYours);
    let own = |public| {
        let key = if public { KEYS.document } else { KEYS.asker };
        Event::Answered {
            at: p::noon("2008-10-04"),
            by: politician(50).id,
            public,
            own: true,
            key,
            text: Opened::Known("Planted answer".into()),
            record: KEYS.record,
            ground: Opened::Known(String::new()),
        }
    };
    given(assigned()).when(at("2008-10-04", answer(by(50), true, true))).then([own(true)]);
    given(assigned()).when(at("2008-10-04", answer(by(50), true, false))).then([own(false)]);
    let groundless = Official { ground: String::new(), ..p::moderator() };
    given(assigned()).when(at("2008-10-04", answer(groundless, false, true))).refused(Refusal::GroundMissing);
    assert!(
        given(assigned()).when(at("2008-10-04", answer(p::moderator(), false, true))).state().0.is_some()
    );
}

#[test]
fn a_tip_is_answered_by_an_official_without_being_assigned() {
    let answered = given(accepted(Kind::Tip)).when(at("2008-10-03", answer(p::moderator(), false, true)));
    assert_eq!(answered.state().0.unwrap().life, Life::Answered { public: true });
}

#[test]
fn who_asked_in_private_is_never_answered_in_public() {
    let asking = Asking { private: true, by_eid: true, ..asking(Kind::Tip) };
    let history =
        || after(vec![("2008-10-01", Act::Receive(Box::new(asking.clone()))), ("2008-10-02", accept())]);
    given(history())
        .when(at("2008-10-03", answer(p::moderator(), false, true)))
        .refused(Refusal::AskedInPrivate);
    let private = given(history()).when(at("2008-10-03", answer(p::moderator(), false, false)));
    assert_eq!(private.state().0.unwrap().life, Life::Answered { public: false });
}

#[test]
fn an_answer_is_given_once_and_then_it_is_closed() {
    let answered = || given(assigned()).when(at("2008-10-04", answer(by(50), true, true))).and_then();
    answered().when(at("2008-10-05", answer(by(50), true, true))).refused(Refusal::AlreadyAnswered);
    answered().when(at("2008-10-05", assign(51))).refused(Refusal::AlreadyAnswered);
    let close = || Act::Close { by: p::moderator() };
    given(assigned()).when(at("2008-10-05", close())).refused(Refusal::NotAnswered);
    let closed = answered().when(at("2008-10-05", close())).and_then();
    closed.when(at("2008-10-06", close())).refused(Refusal::AlreadyOver);
}

#[test]
fn a_refusal_has_a_code_and_no_answer_follows() {
    let verdict = |codes: &[&str]| Verdict {
        by: p::moderator(),
        codes: codes.iter().map(ToString::to_string).collect(),
        text: "Planted reason".into(),
    };
    let history = || after(vec![("2008-10-01", receive(Kind::Question))]);
    given(history()).when(at("2008-10-02", Act::Refuse(verdict(&[])))).refused(Refusal::CodeMissing);
    given(history()).when(at("2008-10-02", Act::Refuse(verdict(&["rude"])))).refused(Refusal::UnknownCode);
    let refused = given(history()).when(at("2008-10-02", Act::Refuse(verdict(&["irrelevant"])))).and_then();
    refused.when(at("2008-10-03", assign(50))).refused(Refusal::NotAccepted);
}

#[test]
fn an_official_decides_nothing_they_asked_themselves() {
    let own = Official { tags: vec![ASKER], ..p::moderator() };
    let history = || after(vec![("2008-10-01", receive(Kind::Tip))]);
    given(history()).when(at("2008-10-02", Act::Accept { by: own })).refused(Refusal::ConflictOfInterest);
    let groundless = Official { ground: " ".into(), ..p::moderator() };
    given(history()).when(at("2008-10-02", Act::Accept { by: groundless })).refused(Refusal::GroundMissing);
}

#[test]
fn the_asker_takes_it_back_until_it_is_answered() {
    let withdraw = |proof| Act::Withdraw { proof, reason: "Planted reason".into() };
    given(assigned()).when(at("2008-10-04", withdraw(Tag([9; 16])))).refused(Refusal::NotTheAsker);
    let withdrawn = given(assigned()).when(at("2008-10-04", withdraw(ASKER))).and_then();
    withdrawn.when(at("2008-10-05", answer(by(50), true, true))).refused(Refusal::NotAccepted);
    let answered = given(assigned()).when(at("2008-10-04", answer(by(50), true, true))).and_then();
    answered.when(at("2008-10-05", withdraw(ASKER))).refused(Refusal::AlreadyAnswered);
}

#[test]
fn two_officials_erase_the_asker_and_nobody_is_left_to_answer() {
    let erase = |second| Act::Erase { by: p::moderator(), second, what: Erasable::Asker };
    let second = SubjectId::from_bytes([78; 16]);
    given(assigned()).when(at("2008-10-04", erase(p::moderator().id))).refused(Refusal::SamePersonTwice);
    let erased = || given(assigned()).when(at("2008-10-04", erase(second))).and_then();
    erased().when(at("2008-10-05", erase(second))).refused(Refusal::AlreadyErased);
    erased().when(at("2008-10-05", answer(by(50), true, true))).refused(Refusal::AlreadyErased);
    let closed = erased().when(at("2008-10-05", Act::Close { by: p::moderator() }));
    assert_eq!(closed.state().0.unwrap().life, Life::Closed);
}

fn reopen() -> Act {
    Act::Reopen { by: p::moderator() }
}

#[test]
fn an_answer_is_opened_again_with_a_ground_and_its_politician_has_the_whole_time_once_more() {
    let answered = || {
        let state = <Decider as radslag_kernel::Decider>::fold(&assigned());
        let given = decide::decide(&state, at("2008-10-05", answer(by(50), true, true))).unwrap();
        assigned().into_iter().chain(given).collect::<Vec<_>>()
    };
    let due = p::day("2008-11-16");
    let reopened =
        decide::decide(&<Decider as radslag_kernel::Decider>::fold(&answered()), at("2008-11-06", reopen()));
    let [Event::Reopened { clock: Some(clock), .. }] = reopened.as_deref().unwrap() else {
        panic!("{reopened:?}");
    };
    assert_eq!((clock.to, clock.due), (politician(50).id, due));
    let again = given(answered()).when(at("2008-11-06", reopen())).and_then();
    let state = again.when(at("2008-11-07", answer(by(50), true, true))).state().0.unwrap();
    assert_eq!((state.life, state.answers), (Life::Answered { public: true }, 2));
    let groundless = Act::Reopen { by: Official { ground: " ".into(), ..p::moderator() } };
    given(answered()).when(at("2008-11-06", groundless)).refused(Refusal::GroundMissing);
    given(assigned()).when(at("2008-11-06", reopen())).refused(Refusal::NotAnswered);
}

#[test]
fn what_was_answered_once_is_not_withdrawn_when_it_is_opened_again() {
    let history = after(vec![
        ("2008-10-01", receive(Kind::Tip)),
        ("2008-10-02", accept()),
        ("2008-10-03", answer(p::moderator(), false, true)),
        ("2008-10-04", Act::Close { by: p::moderator() }),
        ("2008-10-05", reopen()),
    ]);
    let state = <Decider as radslag_kernel::Decider>::fold(&history).0.unwrap();
    assert_eq!(state.life, Life::Accepted, "a tip has no politician");
    let withdraw = Act::Withdraw { proof: ASKER, reason: String::new() };
    given(history).when(at("2008-10-06", withdraw)).refused(Refusal::AlreadyAnswered);
}
