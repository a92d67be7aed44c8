//! The petition's rules, each by name.

use radslag_kernel::{
    Opened, SubjectId,
    test::{Given, given as given_any},
};

use super::samples::*;
use super::*;
use crate::{
    policy::{Length, Policy},
    signature::Signing,
    tag::Tag,
    text::Fault,
};
use refusal::Field;

fn given(history: impl IntoIterator<Item = Event>) -> Given<Decider> {
    given_any(history)
}

fn submit(handed: HandIn) -> Act {
    Act::Submit(Box::new(handed))
}

fn approve(opens_on: Option<&str>) -> Act {
    Act::Approve { by: moderator(), opens_on: opens_on.map(day), url_key: None, taken: false }
}

fn draft() -> Event {
    Event::Drafted {
        at: noon("2008-10-01"),
        expires_at: calendar().end_of(day("2008-12-30")),
        key: DRAFT_KEY,
        content: Opened::Known(content()),
        owner: Opened::Known(MAILBOX),
        dialogue: None,
    }
}

fn save(owner: Tag, key: u64) -> Act {
    let key = radslag_kernel::KeyRef(key);
    Act::SaveDraft { owner, key, content: content(), policy: policy("malmo-2008"), dialogue: None }
}

#[test]
fn a_draft_keeps_its_key_and_90_days_begin_with_each_change() {
    given([]).when(at(noon("2008-10-01"), save(MAILBOX, 9))).then([draft()]);
    let state = given([draft()]).when(at(noon("2008-10-05"), save(MAILBOX, 10))).state();
    let Some(Petition { life: Life::Draft { expires_at, key, .. }, .. }) = state.0 else { panic!() };
    assert_eq!((expires_at, key), (calendar().end_of(day("2009-01-03")), DRAFT_KEY));
}

use state::Life;

#[test]
fn a_draft_is_the_citizens_own() {
    given([draft()]).when(at(noon("2008-10-05"), save(EID, 10))).refused(Refusal::NotTheInitiator);
    given([submitted()]).when(at(noon("2008-10-11"), save(MAILBOX, 10))).refused(Refusal::AlreadyHandedIn);
}

#[test]
fn a_draft_is_destroyed_after_90_days_without_a_change() {
    let due = calendar().end_of(day("2008-12-30"));
    given([draft()])
        .when(at(due.plus_hours(5), Act::Lapse))
        .then([Event::Expired { at: due, draft: Some(DRAFT_KEY) }]);
    given([draft()]).when(at(noon("2008-12-30"), Act::Lapse)).then([]);
}

#[test]
fn handing_in_gives_a_register_number_at_once() {
    given([]).when(at(noon("2008-10-10"), submit(hand_in("malmo-2008")))).then([submitted()]);
}

#[test]
fn handing_in_destroys_the_draft_that_was_the_citizens_own() {
    let handed = HandIn { owner: Some(MAILBOX), ..hand_in("malmo-2008") };
    let events = given([draft()]).when(at(noon("2008-10-10"), submit(handed))).state();
    assert!(events.0.unwrap().filed.is_some());
    given([draft()])
        .when(at(noon("2008-10-10"), submit(HandIn { owner: Some(EID), ..hand_in("malmo-2008") })))
        .refused(Refusal::NotTheInitiator);
    given([submitted()])
        .when(at(noon("2008-10-10"), submit(hand_in("malmo-2008"))))
        .refused(Refusal::AlreadyHandedIn);
}

#[test]
fn by_eid_it_is_in_review_at_once() {
    let mut handed = hand_in("malmo-2008");
    handed.initiator.tags.eid = Some(EID);
    let state = given([]).when(at(noon("2008-10-10"), submit(handed))).state();
    assert_eq!(state.0.unwrap().life, Life::InReview);
}

#[test]
fn who_may_start_is_the_policys_choice() {
    let refused = |handed, refusal| given([]).when(at(noon("2008-10-10"), submit(handed))).refused(refusal);
    refused(hand_in("malmo"), Refusal::NotRegistered);
    let by_eid = Policy { initiator: crate::policy::Proof::Eid, ..policy("malmo-2008") };
    refused(HandIn { policy: by_eid, ..hand_in("malmo-2008") }, Refusal::EidRequired);
    let mut unreachable = hand_in("malmo-2008");
    unreachable.initiator.tags.mailbox = None;
    refused(unreachable, Refusal::NoWayToReach);
}

#[test]
fn what_is_handed_in_is_complete_and_within_its_limits() {
    let refused = |change: fn(&mut HandIn), refusal| {
        let mut handed = hand_in("malmo-2008");
        change(&mut handed);
        given([]).when(at(noon("2008-10-10"), submit(handed))).refused(refusal);
    };
    refused(|h| h.content.title.clear(), Refusal::Text(Field::Title, Fault::Missing));
    refused(|h| h.content.title = "x".repeat(101), Refusal::Text(Field::Title, Fault::TooLong));
    refused(|h| h.content.body = "=cmd()".into(), Refusal::Text(Field::Body, Fault::Formula));
    refused(|h| h.content.background = "x".into(), Refusal::Text(Field::Background, Fault::TooLong));
    refused(|h| h.content.url_key = "Torget!".into(), Refusal::UrlKeyMalformed);
    refused(|h| h.content.length = Length::Months(3), Refusal::LengthNotAllowed);
    refused(|h| h.initiator.contact.name = "www.x.se".into(), Refusal::Text(Field::Name, Fault::Url));
}

#[test]
fn the_initiator_confirms_within_30_days() {
    let confirm = Act::ConfirmInitiator { proof: MAILBOX };
    given([submitted()]).when(at(noon("2008-10-11"), confirm.clone())).then([confirmed()]);
    given([submitted(), confirmed()]).when(at(noon("2008-10-12"), confirm.clone())).then([]);
    given([submitted()])
        .when(at(noon("2008-10-11"), Act::ConfirmInitiator { proof: EID }))
        .refused(Refusal::NotTheInitiator);
    given([submitted()]).when(at(noon("2008-11-10"), confirm)).refused(Refusal::NotSubmitted);
    let due = calendar().end_of(day("2008-11-09"));
    given([submitted()])
        .when(at(noon("2009-01-01"), Act::Lapse))
        .then([Event::Expired { at: due, draft: None }]);
}

#[test]
fn a_first_refusal_gives_29_days() {
    let when = noon("2008-10-12");
    given([submitted(), confirmed()]).when(at(when, Act::Return(verdict(&["no-action"])))).then([returned()]);
    let due = calendar().end_of(day("2008-11-10"));
    given([submitted(), confirmed(), returned()]).when(at(noon("2008-12-01"), Act::Lapse)).then([
        Event::Rejected {
            at: due,
            by: SubjectId::default(),
            lapsed: true,
            record: KEYS.record,
            decision: decision(&["no-action"]),
        },
    ]);
}

#[test]
fn a_second_refusal_is_final() {
    let again = Act::Resubmit { proof: MAILBOX, content: content() };
    let back = || {
        given([submitted(), confirmed(), returned()]).when(at(noon("2008-10-20"), again.clone())).and_then()
    };
    back()
        .when(at(noon("2008-10-21"), Act::Return(verdict(&["no-action"]))))
        .refused(Refusal::SecondRefusalIsFinal);
    let state = back().when(at(noon("2008-10-21"), Act::Reject(verdict(&["no-action"])))).state();
    assert_eq!(state.0.unwrap().life, Life::Rejected);
    given([submitted(), confirmed()]).when(at(noon("2008-10-20"), again)).refused(Refusal::NotReturned);
}

#[test]
fn a_code_that_hides_hides() {
    let review = |act| given([submitted(), confirmed()]).when(at(noon("2008-10-12"), act));
    review(Act::Reject(verdict(&["libellous"]))).refused(Refusal::CodeHides);
    review(Act::Hide(verdict(&["duplicate"]))).refused(Refusal::CodeDoesNotHide);
    review(Act::Reject(verdict(&["bad-mood"]))).refused(Refusal::UnknownCode);
    review(Act::Reject(verdict(&[]))).refused(Refusal::CodeMissing);
    let (by, record) = (moderator().id, KEYS.record);
    let hidden = Event::Hidden { at: noon("2008-10-12"), by, record, decision: decision(&["libellous"]) };
    review(Act::Hide(verdict(&["libellous"]))).then([hidden]);
}

#[test]
fn a_moderator_who_started_or_signed_it_does_not_decide_it() {
    for by in [Official { tags: vec![MAILBOX], ..moderator() }, Official { signed: true, ..moderator() }] {
        for act in [
            Act::Return(Verdict { by: by.clone(), ..verdict(&["no-action"]) }),
            Act::Reject(Verdict { by: by.clone(), ..verdict(&["no-action"]) }),
            Act::Hide(Verdict { by: by.clone(), ..verdict(&["libellous"]) }),
            Act::Approve { by: by.clone(), opens_on: None, url_key: None, taken: false },
        ] {
            given([submitted(), confirmed()])
                .when(at(noon("2008-10-12"), act))
                .refused(Refusal::ConflictOfInterest);
        }
    }
}

#[test]
fn a_petition_that_another_moderator_holds_is_not_decided() {
    let by = Official { locked_out: true, ..moderator() };
    let act = Act::Reject(Verdict { by, ..verdict(&["no-action"]) });
    given([submitted(), confirmed()]).when(at(noon("2008-10-12"), act)).refused(Refusal::LockedByAnother);
}

/// Existence, state, conflict, ground, then what the act itself asks.
#[test]
fn refusals_have_an_order_of_precedence() {
    let wrong = |conflict: bool, ground: &str| {
        let by = Official { signed: conflict, ground: ground.into(), ..moderator() };
        Act::Reject(Verdict { by, ..verdict(&[]) })
    };
    let when = noon("2008-10-12");
    given([]).when(at(when, wrong(true, ""))).refused(Refusal::UnknownPetition);
    given([submitted()]).when(at(when, wrong(true, ""))).refused(Refusal::NotInReview);
    given([submitted(), confirmed()]).when(at(when, wrong(true, " "))).refused(Refusal::ConflictOfInterest);
    given([submitted(), confirmed()]).when(at(when, wrong(false, " "))).refused(Refusal::GroundMissing);
    given([submitted(), confirmed()]).when(at(when, wrong(false, "x"))).refused(Refusal::CodeMissing);
}

#[test]
fn an_approved_petition_opens_on_its_planned_date() {
    let start = calendar().start_of(day("2008-10-16"));
    given([submitted(), confirmed()])
        .when(at(noon("2008-10-13"), approve(Some("2008-10-16"))))
        .then([approved(start)]);
    given([submitted(), confirmed(), approved(start)])
        .when(at(noon("2008-10-17"), Act::Lapse))
        .then([opened(start)]);
    let now = noon("2008-10-13");
    given([submitted(), confirmed()]).when(at(now, approve(None))).then([approved(now), opened(now)]);
}

#[test]
fn an_opening_is_planned_within_reach() {
    let review = |opens_on, refusal| {
        given([submitted(), confirmed()])
            .when(at(noon("2008-10-13"), approve(Some(opens_on))))
            .refused(refusal);
    };
    review("2008-10-12", Refusal::OpeningInThePast);
    review("2009-01-12", Refusal::OpeningTooFarAhead);
    let mut short = hand_in("malmo-2008");
    short.content.length = Length::Until(day("2008-10-20"));
    given([])
        .when(at(noon("2008-10-10"), submit(short)))
        .and_then()
        .when(at(noon("2008-10-11"), Act::ConfirmInitiator { proof: MAILBOX }))
        .and_then()
        .when(at(noon("2008-10-13"), approve(Some("2008-10-21"))))
        .refused(Refusal::DeadlineBeforeOpening);
}

#[test]
fn a_url_key_is_chosen_once_and_is_nobody_elses() {
    let act = |url_key: Option<&str>, taken| Act::Approve {
        by: moderator(),
        opens_on: None,
        url_key: url_key.map(str::to_owned),
        taken,
    };
    let review =
        |act, refusal| given([submitted(), confirmed()]).when(at(noon("2008-10-13"), act)).refused(refusal);
    review(act(None, true), Refusal::UrlKeyTaken);
    review(act(Some("Torg"), false), Refusal::UrlKeyMalformed);
    review(act(Some(""), false), Refusal::UrlKeyMissing);
}

#[test]
fn a_late_job_never_gives_extra_hours() {
    let until = closes_at().plus_hours(24);
    given(open()).when(at(closes_at().plus_hours(50), Act::Lapse)).then([
        Event::CountingStarted { at: closes_at(), closed_at: closes_at(), until, how: How::Deadline },
        Event::Closed { at: until, closed_at: closes_at(), how: How::Deadline },
    ]);
}

#[test]
fn signatures_see_until_when_it_is_open() {
    let view = |history: Vec<Event>, when| given(history).when(at(when, Act::Lapse)).state().view(4);
    let signing = view(open(), noon("2008-11-05")).unwrap().signing;
    assert_eq!(signing, Signing::Until(closes_at()));
    let signing = view(open(), closes_at()).unwrap().signing;
    assert_eq!(signing, Signing::Counting(closes_at().plus_hours(24)));
    assert_eq!(view(vec![submitted()], noon("2008-10-10")).unwrap().signing, Signing::No);
    assert_eq!(view(vec![draft()], noon("2008-10-10")), None);
}

fn reach(count: u64) -> Act {
    Act::ReachThreshold { threshold: Threshold::Answer, count, count_position: 7 }
}

#[test]
fn a_threshold_moves_only_the_answer() {
    let when = noon("2008-11-05");
    let reached =
        Event::ThresholdReached { at: when, threshold: Threshold::Answer, count: 100, count_position: 7 };
    given(open()).when(at(when, reach(99))).refused(Refusal::ThresholdNotCrossed);
    given(open()).when(at(when, reach(100))).then([reached]);
    let state = given(open()).when(at(when, reach(100))).state().0.unwrap();
    assert_eq!((state.answer.stands(), state.life), (Answer::Due, Life::Open { closes_at: closes_at() }));
    given(open()).when(at(when, reach(100))).and_then().when(at(when, reach(101))).then([]);
    let debate = Act::ReachThreshold { threshold: Threshold::Debate, count: 100_000, count_position: 7 };
    given(open()).when(at(when, debate)).refused(Refusal::NoSuchThreshold);
    given([submitted()]).when(at(noon("2008-10-12"), reach(100))).refused(Refusal::NotOpened);
}

#[test]
fn a_count_below_the_threshold_moves_back_what_nobody_acted_on() {
    let when = noon("2008-11-05");
    let lose = Act::LoseThreshold { threshold: Threshold::Answer, count: 99, count_position: 8 };
    let state = given(open()).when(at(when, reach(100))).and_then().when(at(when, lose.clone())).state();
    assert_eq!(state.0.unwrap().answer.stands(), Answer::None);
    given(open()).when(at(when, lose)).then([]);
}

#[test]
fn signing_ends_at_the_threshold_where_the_policy_says_so() {
    let policy = Policy { close_at_threshold: true, ..policy("malmo-2008") };
    let now = noon("2008-10-13");
    let state = given([])
        .when(at(noon("2008-10-10"), submit(HandIn { policy, ..hand_in("malmo-2008") })))
        .and_then()
        .when(at(noon("2008-10-11"), Act::ConfirmInitiator { proof: MAILBOX }))
        .and_then()
        .when(at(now, approve(None)))
        .and_then()
        .when(at(noon("2008-10-20"), reach(100)))
        .state();
    let closed_at = noon("2008-10-20");
    let until = closed_at.plus_hours(24);
    assert_eq!(state.0.unwrap().life, Life::Counting { closed_at, until, how: How::HandedIn });
}

#[test]
fn the_initiator_withdraws_at_any_time_before_handover() {
    let withdraw = |proof| Act::Withdraw { proof, reason: "Moved".into() };
    let when = noon("2008-10-12");
    given([draft()]).when(at(when, withdraw(MAILBOX))).then([Event::Withdrawn {
        at: when,
        was_public: false,
        record: None,
        ground: Opened::Gone,
        draft: Some(DRAFT_KEY),
        assisted: None,
    }]);
    for history in
        [vec![submitted()], vec![submitted(), confirmed()], vec![submitted(), confirmed(), returned()]]
    {
        let state = given(history).when(at(when, withdraw(MAILBOX))).state();
        assert_eq!(state.0.unwrap().life, Life::Withdrawn);
    }
    given(open()).when(at(noon("2008-11-05"), withdraw(MAILBOX))).then([Event::Withdrawn {
        at: noon("2008-11-05"),
        was_public: true,
        record: Some(KEYS.record),
        ground: Opened::Known("Moved".into()),
        draft: None,
        assisted: None,
    }]);
    given(open()).when(at(when, withdraw(EID))).refused(Refusal::NotTheInitiator);
}

#[test]
fn a_petition_is_taken_back_for_its_initiator_and_nobody_else() {
    use crate::assisted::tests::{assisted, helper};
    let when = noon("2008-11-05");
    let back = |citizen, name, change: fn(&mut crate::assisted::Helper)| {
        let mut helper = Box::new(helper(assisted()));
        change(&mut helper);
        at(when, Act::WithdrawFor { citizen, name, reason: "Moved".into(), helper })
    };
    let called = initiator_tags().name;
    let withdrawn = Event::Withdrawn {
        at: when,
        was_public: true,
        record: Some(KEYS.record),
        ground: Opened::Known("Moved".into()),
        draft: None,
        assisted: Some(Opened::Known(assisted())),
    };
    given(open()).when(back(EID, called, |_| ())).then([withdrawn.clone()]);
    given(open()).when(back(EID, Tag([60; 16]), |_| ())).refused(Refusal::SomebodyElses);
    given(open())
        .when(back(EID, called, |helper| helper.by.signed = true))
        .refused(Refusal::ConflictOfInterest);
    given(open())
        .when(back(EID, called, |helper| helper.by.tags = vec![MAILBOX]))
        .refused(Refusal::ConflictOfInterest);
    // Who started it by eID is known by that and not by a name.
    let by_eid = || {
        let mut history = open();
        for event in &mut history {
            if let Event::Submitted(handed) = event {
                handed.tags = Opened::Known(InitiatorTags { eid: Some(EID), ..initiator_tags() });
            }
        }
        history
    };
    given(by_eid()).when(back(Tag([60; 16]), called, |_| ())).refused(Refusal::SomebodyElses);
    given(by_eid()).when(back(EID, Tag([60; 16]), |_| ())).then([withdrawn]);
    // Nobody but its writer has a draft.
    given([draft()]).when(back(MAILBOX, called, |_| ())).refused(Refusal::UnknownPetition);
}

fn initiator_tags() -> InitiatorTags {
    InitiatorTags { mailbox: Some(MAILBOX), eid: None, name: Tag([3; 16]), postcode: None, assisted: None }
}

#[test]
fn erasing_takes_two_officials_and_a_ground() {
    let erase = |second, ground: &str| Act::Erase {
        by: Official { ground: ground.into(), ..moderator() },
        second,
        what: Erasable::Initiator,
    };
    let other = SubjectId::from_bytes([78; 16]);
    let when = noon("2008-11-05");
    given(open()).when(at(when, erase(other, ""))).refused(Refusal::GroundMissing);
    given(open()).when(at(when, erase(moderator().id, "x"))).refused(Refusal::SamePersonTwice);
    let state = given(open()).when(at(when, erase(other, "GDPR 17"))).state().0.unwrap();
    assert_eq!(state.filed.unwrap().contact, Opened::Gone);
    assert_eq!(state.content, Opened::Known(content()));
    given(open())
        .when(at(when, erase(other, "GDPR 17")))
        .and_then()
        .when(at(when, erase(other, "GDPR 17")))
        .refused(Refusal::AlreadyErased);
}
