//! The rules of members, each by name.

use radslag_kernel::{
    Happens as _, Opened,
    test::{Given, given as given_any},
    text::Fault,
};

use super::{command::Newcomer, event::Known, samples::*, *};
use crate::{
    form::{Lacking, tests::planted},
    panel::{Phase, samples as p},
    person::Person,
};

fn given(history: impl IntoIterator<Item = Event>) -> Given<Decider> {
    given_any(history)
}

fn on(at: u64, act: Act) -> Command {
    Command { at: hour(at), panel: view(), act }
}

fn drawn_on(at: u64, act: Act) -> Command {
    Command { at: hour(at), panel: drawing(), act }
}

fn submit(number: u8) -> Act {
    Act::Submit { new: new(number) }
}

fn answer(accepted: bool) -> Act {
    Act::Answer { item: item(1), accepted, said: None, assisted: None }
}

#[test]
fn what_the_form_shows_is_told_at_once_and_writes_nothing() {
    let young = Newcomer { person: Person { birth_year: 1995, ..planted() }, ..new(1) };
    given([]).when(on(0, Act::Submit { new: young })).refused(Refusal::Lacking(Lacking::TooYoung(16)));
    let closed = Command { panel: View { phase: Phase::Ended, ..view() }, ..on(0, submit(1)) };
    given([]).when(closed).refused(Refusal::NotEnrolling);
    let invites = Command { panel: View { enrols: false, ..view() }, ..on(0, submit(1)) };
    given([]).when(invites).refused(Refusal::NotEnrolling);
}

#[test]
fn each_submission_writes_one_event_whatever_came_of_it() {
    given([]).when(on(0, submit(1))).then([submitted(1, 0, Outcome::Requested)]);
    let member = vec![submitted(1, 0, Outcome::Requested), enrolled(1, 1, Standing::Active)];
    given(member.clone()).when(on(2, submit(2))).then([submitted(2, 2, Outcome::AlreadyHere)]);
    let removed = [member.clone(), vec![left(1, 3, Reason::Removed)]].concat();
    given(removed).when(on(4, submit(2))).then([submitted(2, 4, Outcome::Blocked)]);
    let left = [member, vec![left(1, 3, Reason::OwnWish)]].concat();
    given(left).when(on(4, submit(2))).then([submitted(2, 4, Outcome::Requested)]);
    let unanswered = [submitted(1, 0, Outcome::Requested), submitted(2, 0, Outcome::Requested)];
    given(unanswered.clone()).when(on(0, submit(3))).then([submitted(3, 0, Outcome::Silent)]);
    given(unanswered).when(on(1, submit(3))).then([submitted(3, 1, Outcome::Requested)]);
}

#[test]
fn a_mailbox_joins_when_it_confirms_in_time_and_once() {
    let asked = || vec![submitted(1, 0, Outcome::Requested)];
    let confirm = || Act::Confirm { item: item(1) };
    given(asked()).when(on(1, confirm())).then([enrolled(1, 1, Standing::Active)]);
    given(asked()).when(drawn_on(1, confirm())).then([enrolled(1, 1, Standing::Volunteered)]);
    given(asked()).when(on(CONFIRM_HOURS, confirm())).refused(Refusal::SubmissionExpired);
    given([submitted(1, 0, Outcome::AlreadyHere)]).when(on(1, confirm())).refused(Refusal::UnknownMember);
    given([]).when(on(1, confirm())).refused(Refusal::UnknownMember);
    let member = [asked(), vec![enrolled(1, 1, Standing::Active)]].concat();
    given(member.clone()).when(on(2, confirm())).then([]);
    let twice = [vec![submitted(2, 0, Outcome::Requested)], member].concat();
    given(twice).when(on(2, Act::Confirm { item: item(2) })).refused(Refusal::AlreadyHere);
}

#[test]
fn who_proves_who_they_are_is_told_at_once() {
    let join = |assisted| Act::Join { new: new(1), assisted };
    given([]).when(on(1, join(None))).then([joined(1, 1, Standing::Active, false)]);
    given([]).when(on(1, join(Some(assisted())))).then([joined(1, 1, Standing::Active, true)]);
    let nameless = Newcomer { person: Person { mailbox: String::new(), ..planted() }, ..new(1) };
    let joined_without = given([]).when(on(1, Act::Join { new: nameless, assisted: None })).state();
    assert_eq!(joined_without.memberships.len(), 1, "nobody who proved who they are needs a mailbox");
    given([joined(1, 1, Standing::Active, false)]).when(on(2, join(None))).refused(Refusal::AlreadyHere);
    let removed = [joined(1, 1, Standing::Active, false), left(1, 2, Reason::Removed)];
    given(removed).when(on(3, join(None))).refused(Refusal::Blocked);
    let groundless = Assisted { ground: " ".into(), ..assisted() };
    given([]).when(on(1, join(Some(groundless)))).refused(Refusal::Ground(Fault::Missing));
}

#[test]
fn an_answer_to_an_invitation_may_change_until_it_expires() {
    let asked = || vec![invited(1, 0)];
    given(asked()).when(on(1, answer(true))).then([answered(1, 1, Standing::Active)]);
    given(asked()).when(drawn_on(1, answer(true))).then([answered(1, 1, Standing::Volunteered)]);
    given(asked()).when(on(1, answer(false))).then([answered(1, 1, Standing::Declined)]);
    let declined = [asked(), vec![answered(1, 1, Standing::Declined)]].concat();
    given(declined.clone()).when(on(2, answer(false))).then([]);
    given(declined.clone()).when(on(335, answer(true))).then([answered(1, 335, Standing::Active)]);
    given(declined).when(on(336, answer(true))).refused(Refusal::OfferExpired);
    let accepted = [asked(), vec![answered(1, 1, Standing::Active)]].concat();
    given(accepted.clone()).when(on(2, answer(false))).then([Event::Answered {
        at: hour(2),
        item: item(1),
        accepted: false,
        standing: Standing::Declined,
        consent_version: 1,
        term: 0,
        said: None,
        assisted: None,
    }]);
    given(accepted).when(on(336, answer(false))).refused(Refusal::OfferExpired);
    given([submitted(1, 0, Outcome::Requested), enrolled(1, 1, Standing::Active)])
        .when(on(2, answer(false)))
        .refused(Refusal::NothingOffered);
}

#[test]
fn who_was_invited_says_how_they_are_reached_with_their_answer() {
    let said = Person { mailbox: "planted.new@ale.se".into(), ..Person::default() };
    let act = Act::Answer { item: item(1), accepted: true, said: Some(said), assisted: Some(assisted()) };
    let state = given([invited(1, 0)]).when(on(1, act)).state();
    let person = state.memberships[0].person.known().unwrap();
    assert_eq!((person.mailbox.as_str(), person.name.as_str()), ("planted.new@ale.se", "Planted Person"));
}

#[test]
fn what_nobody_answers_expires_and_its_key_goes() {
    let expire = || Act::Expire { item: item(1) };
    given([invited(1, 0)]).when(on(335, expire())).refused(Refusal::NotYetExpired);
    given([invited(1, 0)]).when(on(400, expire())).then([expired(1, 336, Standing::Expired)]);
    given([invited(1, 0), answered(1, 1, Standing::Declined)]).when(on(400, expire())).then([expired(
        1,
        336,
        Standing::Declined,
    )]);
    given([invited(1, 0), answered(1, 1, Standing::Active)]).when(on(400, expire())).then([]);
    for outcome in Outcome::ALL {
        given([submitted(1, 0, *outcome)]).when(on(99, expire())).then([expired(1, 72, Standing::Expired)]);
    }
    assert_eq!(expired(1, 72, Standing::Expired).erases(), [key(1)]);
    given([invited(1, 0), expired(1, 336, Standing::Expired)]).when(on(400, expire())).then([]);
}

#[test]
fn nobody_is_invited_who_was_asked_before() {
    let invite = || Act::Invite { new: new(1), draw: p::DRAW, number: 7, expires_at: hour(336) };
    given([]).when(on(0, invite())).then([invited(1, 0)]);
    given([invited(2, 0)]).when(on(0, invite())).refused(Refusal::AlreadyHere);
    given([invited(2, 0), expired(2, 336, Standing::Expired)])
        .when(on(400, invite()))
        .refused(Refusal::AlreadyHere);
    let over = Command { panel: View { phase: Phase::Ended, ..view() }, ..on(0, invite()) };
    given([]).when(over).refused(Refusal::NoMembers);
}

#[test]
fn a_volunteer_is_drawn_or_next_in_line_and_nobody_else() {
    let volunteer = || vec![joined(1, 0, Standing::Volunteered, false)];
    let offer = || Act::Offer { item: item(1), draw: p::DRAW, number: 3, expires_at: hour(336) };
    let reserve = || Act::Reserve { item: item(1), draw: p::DRAW, number: 1 };
    given(volunteer()).when(drawn_on(0, offer())).then([offered(1, 0)]);
    given(volunteer()).when(drawn_on(0, reserve())).then([reserved(1, 0)]);
    let in_line = [volunteer(), vec![reserved(1, 0)]].concat();
    given(in_line.clone()).when(drawn_on(0, reserve())).then([]);
    given(in_line).when(drawn_on(0, offer())).then([offered(1, 0)]);
    given([joined(1, 0, Standing::Active, false)]).when(drawn_on(0, offer())).refused(Refusal::NotAVolunteer);
    let drawn = [volunteer(), vec![offered(1, 0)]].concat();
    given(drawn.clone()).when(drawn_on(0, offer())).then([]);
    given(drawn).when(drawn_on(1, answer(true))).then([answered(1, 1, Standing::Active)]);
}

#[test]
fn a_member_pauses_and_comes_back() {
    let (pause, resume) =
        (|| Act::Pause { item: item(1), assisted: None }, || Act::Resume { item: item(1), assisted: None });
    let moved = |at, standing| Event::Moved { at: hour(at), item: item(1), standing, assisted: None };
    let member = || vec![joined(1, 0, Standing::Active, false)];
    given(member()).when(on(1, pause())).then([moved(1, Standing::Paused)]);
    given(member()).when(on(1, resume())).then([]);
    let paused = [member(), vec![moved(1, Standing::Paused)]].concat();
    given(paused.clone()).when(on(2, pause())).then([]);
    given(paused).when(on(2, resume())).then([moved(2, Standing::Active)]);
    given([invited(1, 0)]).when(on(1, pause())).refused(Refusal::NotAMember);
}

#[test]
fn leaving_twice_is_told_and_changes_nothing() {
    let leave = || Act::Leave { item: item(1), reason: Reason::OwnWish, assisted: None };
    let member = || vec![joined(1, 0, Standing::Active, false)];
    given(member()).when(on(1, leave())).then([left(1, 1, Reason::OwnWish)]);
    let gone = [member(), vec![left(1, 1, Reason::OwnWish)]].concat();
    given(gone.clone()).when(on(2, leave())).refused(Refusal::AlreadyLeft);
    given(gone).when(on(2, Act::Pause { item: item(1), assisted: None })).refused(Refusal::AlreadyLeft);
    given([invited(1, 0)]).when(on(1, leave())).refused(Refusal::NotAMember);
    let remove = |ground: &str| Act::Remove { item: item(1), ground: ground.into() };
    given(member()).when(on(1, remove(""))).refused(Refusal::Ground(Fault::Missing));
    let removed = given(member()).when(on(1, remove("planted"))).state();
    assert!(removed.was_removed());
}

#[test]
fn a_place_that_was_left_is_taken_once() {
    let replace = || Act::Replace { item: item(1), by: item(2) };
    let drawn = vec![joined(1, 0, Standing::Volunteered, false), offered(1, 0)];
    given(drawn.clone()).when(on(1, replace())).refused(Refusal::HasNotLeft);
    let replaced = Event::Replaced { at: hour(2), item: item(1), by: item(2) };
    let declined = [drawn.clone(), vec![answered(1, 1, Standing::Declined)]].concat();
    given(declined).when(on(2, replace())).then([replaced.clone()]);
    let left = [drawn, vec![answered(1, 1, Standing::Active), left(1, 1, Reason::Moved)]].concat();
    given(left.clone()).when(on(2, replace())).then([replaced.clone()]);
    given([left, vec![replaced]].concat()).when(on(3, replace())).refused(Refusal::AlreadyReplaced);
    let never_drawn = [joined(1, 0, Standing::Active, false), super::samples::left(1, 1, Reason::Moved)];
    given(never_drawn).when(on(2, replace())).refused(Refusal::HasNotLeft);
}

#[test]
fn a_member_stays_for_another_term_while_they_are_asked() {
    let renew = |at, renew_by| Command {
        at: hour(at),
        panel: View { term: 2, renew_by, ..view() },
        act: Act::Renew { item: item(1), assisted: None },
    };
    let member = || vec![joined(1, 0, Standing::Active, false)];
    let renewed =
        Event::Renewed { at: hour(1), item: item(1), standing: Standing::Active, term: 2, assisted: None };
    given(member()).when(renew(1, Some(hour(9)))).then([renewed.clone()]);
    given(member()).when(renew(9, Some(hour(9)))).refused(Refusal::NothingToRenew);
    given(member()).when(renew(1, None)).refused(Refusal::NothingToRenew);
    given([member(), vec![renewed]].concat()).when(renew(2, Some(hour(9)))).then([]);
    given([member(), vec![left(1, 0, Reason::Term)]].concat())
        .when(renew(1, Some(hour(9))))
        .refused(Refusal::AlreadyLeft);
}

#[test]
fn a_member_corrects_what_they_said_within_what_the_form_asks() {
    let correct = |person| Act::Correct { item: item(1), person, tags: tags() };
    let member = || vec![joined(1, 0, Standing::Active, false)];
    let older = Person { birth_year: 1970, ..Person::default() };
    let person = planted().with(&older);
    let places = view().strata.places(&person, 2008).into();
    let known = Known { person: person.into(), places, tags: tags().into() };
    let corrected =
        Event::Corrected { at: hour(1), item: item(1), standing: Standing::Active, key: key(1), known };
    given(member()).when(on(1, correct(older))).then([corrected]);
    given(member()).when(on(1, correct(Person::default()))).then([]);
    let young = Person { birth_year: 1999, ..Person::default() };
    given(member()).when(on(1, correct(young))).refused(Refusal::Lacking(Lacking::TooYoung(16)));
    given([member(), vec![left(1, 1, Reason::Moved)]].concat())
        .when(on(2, correct(Person::default())))
        .refused(Refusal::NotAMember);
}

#[test]
fn an_erased_member_is_none_any_more_and_is_erased_once() {
    let erase = || Act::Erase { item: item(1) };
    let erased = |standing| Event::Erased { at: hour(1), item: item(1), standing, key: key(1) };
    let member = || vec![joined(1, 0, Standing::Active, false)];
    given(member()).when(on(1, erase())).then([erased(Standing::Left)]);
    let gone = [member(), vec![erased(Standing::Left)]].concat();
    given(gone.clone()).when(on(2, erase())).refused(Refusal::AlreadyErased);
    assert_eq!(given(gone).when(on(2, submit(2))).state().memberships[0].person, Opened::Gone);
    let declined = vec![invited(1, 0), answered(1, 0, Standing::Declined)];
    given(declined).when(on(1, erase())).then([erased(Standing::Declined)]);
}

#[test]
fn membership_at_any_moment_is_a_fold_of_public_standings() {
    let history = [
        (joined(1, 0, Standing::Volunteered, false), false),
        (offered(1, 1), false),
        (answered(1, 2, Standing::Active), true),
        (Event::Moved { at: hour(3), item: item(1), standing: Standing::Paused, assisted: None }, true),
        (left(1, 4, Reason::OwnWish), false),
    ];
    for (event, is_member) in history {
        assert_eq!(event.standing().is_member(), is_member, "{event:?}");
    }
}
