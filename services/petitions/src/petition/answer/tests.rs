//! The rules of an answer, each by name.

use radslag_kernel::{
    Date, Opened,
    test::{Given, given as given_any},
};

use super::{samples::*, *};
use crate::petition::{
    self, Act as Asked, Answer, Decider, Official,
    answer::{act::Handover, package::Sending},
    samples::{EID, KEYS, MAILBOX, at, calendar, closes_at, content, day, moderator, noon, open},
    state::Life,
};

fn history(events: impl IntoIterator<Item = petition::Event>) -> Given<Decider> {
    given_any(events)
}

fn act(on: &str, act: Act) -> petition::Command {
    at(noon(on), Asked::Answer(act))
}

fn with(
    events: Vec<petition::Event>,
    more: impl IntoIterator<Item = petition::Event>,
) -> Vec<petition::Event> {
    events.into_iter().chain(more).collect()
}

fn hand_over(committees: &[&str]) -> Act {
    Act::HandOver { by: moderator(), handover: handing(committees) }
}

fn receive(part: u32) -> Act {
    Act::Receive { by: moderator(), part, case: "Planted 2008/17".into() }
}

fn give(part: u32, outcome: Outcome) -> Act {
    let (text, link) = ("Planted answer".into(), "https://planted.example".into());
    Act::Give { by: moderator(), part, outcome, text, link }
}

fn ask(reply_by: &str) -> Act {
    Act::Ask { by: moderator(), part: 1, question: "Planted question".into(), reply_by: day(reply_by) }
}

fn reply(proof: crate::tag::Tag) -> Act {
    Act::Reply { proof, part: None, text: "Planted reply".into() }
}

fn answered() -> Vec<petition::Event> {
    with(in_process(), [given("2008-12-01", 1, Outcome::Declined)])
}

fn stands(given: Given<Decider>, command: petition::Command) -> Answer {
    given.when(command).state().0.unwrap().answer.stands()
}

fn swap(events: Vec<petition::Event>, stands: Answer) -> Vec<petition::Event> {
    let restamp = |event| match event {
        petition::Event::Answer(mut event) => {
            event.stands = stands;
            petition::Event::Answer(event)
        }
        event => event,
    };
    events.into_iter().map(restamp).collect()
}

#[test]
fn handing_over_has_two_phases() {
    history(due()).when(act("2008-11-06", hand_over(&["Planted board"]))).then([sent(
        "2008-11-06",
        1,
        "Planted board",
        "2008-11-13",
    )]);
    history(handed_over()).when(act("2008-11-10", receive(1))).then([received(None)]);
    let state = history(handed_over()).when(act("2008-11-10", receive(1))).state().0.unwrap();
    assert_eq!(state.life, Life::Open { closes_at: closes_at() }, "signing goes on beside it");
    history(in_process()).when(act("2008-11-11", receive(1))).refused(Refusal::ReceiptNotAwaited);
    history(handed_over()).when(act("2008-11-10", receive(2))).refused(Refusal::UnknownPart);
    history(open()).when(act("2008-11-06", hand_over(&["x"]))).refused(Refusal::NotDue);
    history(due()).when(act("2008-11-06", hand_over(&[]))).refused(Refusal::CommitteeMissing);
}

#[test]
fn a_refused_handover_is_due_again_and_somebody_acted_on_it() {
    let refuse = Act::Refuse { by: moderator(), part: 1 };
    let refused = event("2008-11-07", 1, Answer::Due, What::Refused);
    history(handed_over()).when(act("2008-11-07", refuse.clone())).then([refused.clone()]);
    let again = history(with(handed_over(), [refused.clone()]));
    assert_eq!(stands(again, act("2008-11-08", hand_over(&["Planted board"]))), Answer::HandedOver);
    let lose = Asked::LoseThreshold { threshold: petition::Threshold::Answer, count: 99, count_position: 9 };
    history(with(handed_over(), [refused])).when(at(noon("2008-11-08"), lose)).then([]);
    let Act::Refuse { by, part } = refuse else { return };
    let silent = Act::Refuse { by: Official { ground: " ".into(), ..by }, part };
    history(handed_over()).when(act("2008-11-07", silent)).refused(Refusal::GroundMissing);
}

#[test]
fn no_receipt_in_five_working_days_is_an_alarm_once() {
    let late = calendar().end_of(day("2008-11-13"));
    let history = || history(handed_over());
    history().when(at(noon("2008-11-13"), Asked::Lapse)).then([]);
    let events = history().when(at(late.plus_hours(30), Asked::Lapse));
    let petition::Event::Answer(mut overdue) =
        groundless(event("2008-11-13", 1, Answer::HandedOver, What::Overdue))
    else {
        return;
    };
    overdue.at = late;
    events.then([petition::Event::Answer(overdue)]);
    let alarmed = history().when(at(late, Asked::Lapse)).and_then();
    alarmed.when(at(late.plus_hours(999), Asked::Lapse)).then([]);
    let alarmed = history().when(at(late, Asked::Lapse)).and_then();
    assert_eq!(stands(alarmed, act("2008-11-20", receive(1))), Answer::InProcess);
}

#[test]
fn the_days_of_a_receipt_are_the_policys_and_old_policies_have_five() {
    let policy = crate::petition::samples::policy("malmo-2008");
    assert_eq!((policy.receipt_days, policy.receipt_days()), (0, 5));
    assert_eq!(crate::policy::Policy { receipt_days: 2, ..policy }.receipt_days(), 2);
}

#[test]
fn an_answer_is_wanted_by_the_date_named_or_by_the_policys_days() {
    let named = |date| Act::HandOver {
        by: moderator(),
        handover: Handover { answer_by: Some(day(date)), ..handing(&["Planted board"]) },
    };
    history(due()).when(act("2008-11-06", named("2008-11-05"))).refused(Refusal::AnswerDateInThePast);
    let part = |state: petition::State| state.0.unwrap().answer.parts.remove(0).answer_by;
    let received = history(due()).when(act("2008-11-06", named("2008-12-24"))).and_then();
    assert_eq!(part(received.when(act("2008-11-10", receive(1))).state()), Some(day("2008-12-24")));
    let mut timed = handed_over();
    if let petition::Event::Submitted(submitted) = &mut timed[0] {
        submitted.policy.answer_days = 30;
    }
    assert_eq!(part(history(timed).when(act("2008-11-10", receive(1))).state()), Some(day("2008-12-10")));
}

#[test]
fn a_petition_without_a_threshold_is_handed_over_once_it_was_open() {
    let mut free = open();
    if let petition::Event::Submitted(submitted) = &mut free[0] {
        submitted.policy.answer_at = 0;
    }
    let sent = || history(free.clone()).when(act("2008-11-06", hand_over(&["Board"])));
    assert_eq!(sent().state().0.unwrap().answer.stands(), Answer::HandedOver);
    let refuse = act("2008-11-07", Act::Refuse { by: moderator(), part: 1 });
    assert_eq!(stands(sent().and_then(), refuse), Answer::Due, "it still waits for somebody");
}

#[test]
fn each_of_several_committees_has_its_part() {
    let both = || {
        let sent = history(due()).when(act("2008-11-06", hand_over(&["Board", "Council"]))).and_then();
        let one = sent.when(act("2008-11-10", receive(1))).and_then();
        one.when(act("2008-11-10", receive(2))).and_then()
    };
    let first = || both().when(act("2008-12-01", give(1, Outcome::Accepted))).and_then();
    assert_eq!(stands(both(), act("2008-12-01", give(1, Outcome::Accepted))), Answer::InProcess);
    assert_eq!(stands(first(), act("2008-12-02", give(2, Outcome::Noted))), Answer::Answered);
    first().when(act("2008-12-02", hand_over(&["Board"]))).refused(Refusal::AlreadyHandedOver);
    assert_eq!(stands(first(), act("2008-12-02", hand_over(&["Third"]))), Answer::InProcess);
    history(due())
        .when(act("2008-11-06", hand_over(&["Board", "Board"])))
        .refused(Refusal::AlreadyHandedOver);
    history(answered()).when(act("2008-12-02", hand_over(&["Third"]))).refused(Refusal::AlreadyAnswered);
}

#[test]
fn a_part_is_referred_to_others_and_its_clock_goes_on() {
    let refer = |to: &[&str]| Act::Refer { by: moderator(), part: 1, handover: handing(to) };
    let state =
        history(in_process()).when(act("2008-11-20", refer(&["Council", "Board 2"]))).state().0.unwrap();
    assert_eq!(state.answer.stands(), Answer::HandedOver);
    let parts: Vec<_> =
        state.answer.parts.iter().map(|part| (part.number, part.answer_by, part.stage.word())).collect();
    let wanted: Option<Date> = Some(day("2008-12-31"));
    assert_eq!(parts, [(1, wanted, "referred"), (2, wanted, "handed_over"), (3, wanted, "handed_over")]);
    history(handed_over()).when(act("2008-11-20", refer(&["Council"]))).refused(Refusal::NotInProcess);
    let back = history(in_process()).when(act("2008-11-20", refer(&["Council"]))).and_then();
    assert_eq!(stands(back, act("2008-11-21", give_after_refer())), Answer::HandedOver);
}

/// The committee that referred it may get another part of it.
fn give_after_refer() -> Act {
    hand_over(&["Planted board"])
}

#[test]
fn the_clock_stands_still_while_the_initiator_is_asked() {
    history(in_process()).when(act("2008-11-11", ask("2008-11-25"))).then([asked()]);
    let what = What::Replied {
        answer_by: Some(day("2009-01-07")),
        initiator: KEYS.initiator,
        reply: known("Planted reply"),
    };
    history(with(in_process(), [asked()])).when(act("2008-11-18", reply(MAILBOX))).then([groundless(event(
        "2008-11-18",
        1,
        Answer::InProcess,
        what,
    ))]);
    history(with(in_process(), [asked()]))
        .when(act("2008-11-18", reply(EID)))
        .refused(Refusal::NotTheInitiator);
    history(in_process()).when(act("2008-11-18", reply(MAILBOX))).refused(Refusal::InitiatorNotAsked);
    history(with(in_process(), [asked()]))
        .when(act("2008-11-18", give(1, Outcome::Noted)))
        .refused(Refusal::NotInProcess);
}

#[test]
fn without_a_reply_in_time_it_goes_on_and_that_is_noted() {
    let late = calendar().end_of(day("2008-11-25"));
    let what = What::ReplyMissing { answer_by: Some(day("2009-01-14")) };
    let petition::Event::Answer(mut missing) = groundless(event("2008-11-25", 1, Answer::InProcess, what))
    else {
        return;
    };
    missing.at = late;
    let asked = || history(with(in_process(), [asked()]));
    asked().when(at(late.plus_hours(100), Asked::Lapse)).then([petition::Event::Answer(missing)]);
    let on_time = petition::Command { now: petition::samples::now(late), act: Asked::Answer(reply(MAILBOX)) };
    asked().when(on_time).refused(Refusal::InitiatorNotAsked);
}

#[test]
fn the_initiator_gets_from_one_day_to_a_year() {
    for date in ["2008-11-11", "2008-11-10", "2009-11-13"] {
        history(in_process()).when(act("2008-11-11", ask(date))).refused(Refusal::ReplyDateNotAllowed);
    }
    assert_eq!(
        stands(history(in_process()), act("2008-11-11", ask("2009-11-12"))),
        Answer::AwaitingInitiator
    );
}

#[test]
fn a_new_version_stands_beside_the_old() {
    history(in_process()).when(act("2008-12-01", give(1, Outcome::Declined))).then([given(
        "2008-12-01",
        1,
        Outcome::Declined,
    )]);
    history(answered()).when(act("2008-12-05", give(1, Outcome::Partly))).then([given(
        "2008-12-05",
        2,
        Outcome::Partly,
    )]);
    history(handed_over()).when(act("2008-12-01", give(1, Outcome::Noted))).refused(Refusal::NotInProcess);
}

#[test]
fn an_answer_is_opened_again_with_a_ground() {
    let reopen = |ground: &str| Act::Reopen {
        by: Official { ground: ground.into(), ..moderator() },
        part: 1,
        why: Why::Remand,
    };
    let what = What::Reopened { why: Why::Remand, answer_by: None };
    history(answered()).when(act("2009-02-01", reopen("Rules, 2"))).then([event(
        "2009-02-01",
        1,
        Answer::InProcess,
        what,
    )]);
    history(answered()).when(act("2009-02-01", reopen(""))).refused(Refusal::GroundMissing);
    history(in_process()).when(act("2009-02-01", reopen("x"))).refused(Refusal::NotAnswered);
    let again = history(answered()).when(act("2009-02-01", reopen("x"))).and_then();
    let state = again.when(act("2009-02-02", give(1, Outcome::Accepted))).state().0.unwrap();
    assert_eq!((state.answer.stands(), state.answer.parts[0].versions), (Answer::Answered, 2));
}

#[test]
fn what_came_of_it_can_be_told_again_and_again() {
    let tell = |on: &str| Act::FollowUp { by: moderator(), on: day(on), text: "Planted bench".into() };
    let told = |number| What::FollowedUp { number, on: day("2009-06-01"), text: known("Planted bench") };
    let first = event("2009-06-01", 0, Answer::FollowedUp, told(1));
    let lapsed = || {
        let closed = history(answered()).when(at(noon("2009-06-01"), Asked::Lapse)).and_then();
        closed.when(act("2009-06-01", tell("2009-06-01")))
    };
    lapsed().then([first]);
    lapsed().and_then().when(act("2009-06-01", tell("2009-06-01"))).then([event(
        "2009-06-01",
        0,
        Answer::FollowedUp,
        told(2),
    )]);
    history(in_process()).when(act("2008-12-01", tell("2008-12-01"))).refused(Refusal::NotAnswered);
    history(answered()).when(act("2008-12-01", tell("2008-12-02"))).refused(Refusal::DateInTheFuture);
    let anew = lapsed().and_then().when(act("2009-07-01", give(1, Outcome::Accepted))).state();
    assert_eq!(anew.0.unwrap().answer.stands(), Answer::Answered, "a new answer isn't followed up yet");
}

#[test]
fn after_handover_a_withdrawal_is_a_request_that_the_committee_decides() {
    let withdraw = || at(noon("2008-11-12"), Asked::Withdraw { proof: MAILBOX, reason: "Rules, 2".into() });
    let decide = |grant| act("2008-11-13", Act::DecideWithdrawal { by: moderator(), grant });
    let requested = || history(in_process()).when(withdraw());
    requested().then([event(
        "2008-11-12",
        0,
        Answer::InProcess,
        What::WithdrawalRequested { assisted: None },
    )]);
    requested().and_then().when(withdraw()).then([]);
    requested().and_then().when(decide(true)).then([
        event("2008-11-13", 0, Answer::None, What::WithdrawalGranted { parts: vec![1] }),
        petition::Event::Withdrawn {
            at: noon("2008-11-13"),
            was_public: true,
            record: Some(KEYS.record),
            ground: Opened::Known("Rules, 2".into()),
            draft: None,
            assisted: None,
        },
    ]);
    requested().and_then().when(decide(false)).then([event(
        "2008-11-13",
        0,
        Answer::InProcess,
        What::WithdrawalDeclined,
    )]);
    let declined = requested().and_then().when(decide(false)).and_then();
    declined.when(withdraw()).then([event(
        "2008-11-12",
        0,
        Answer::InProcess,
        What::WithdrawalRequested { assisted: None },
    )]);
    history(in_process()).when(decide(true)).refused(Refusal::WithdrawalNotRequested);
    let (citizen, name, reason) = (MAILBOX, crate::tag::Tag([3; 16]), String::from("Rules, 2"));
    let how = crate::assisted::tests::assisted();
    let helper = Box::new(crate::assisted::tests::helper(how));
    let helped = at(noon("2008-11-12"), Asked::WithdrawFor { citizen, name, reason, helper });
    let assisted = Some(Opened::Known(how));
    history(in_process()).when(helped).then([event(
        "2008-11-12",
        0,
        Answer::InProcess,
        What::WithdrawalRequested { assisted },
    )]);
    let late = at(noon("2008-12-02"), Asked::Withdraw { proof: MAILBOX, reason: String::new() });
    history(answered()).when(late).refused(Refusal::AlreadyAnswered);
}

#[test]
fn signers_are_told_once_that_a_petition_may_be_withdrawn_and_then_what_was_decided() {
    let on = "2008-11-12";
    let telling = |about, upto| Telling { about, since: noon(on), upto };
    let tell = |on: &str, told, upto, finished| act(on, Act::TellSigners { told, upto, finished });
    let told = |on: &str, about, (from, upto): (u64, u64), finished| {
        groundless(event(on, 0, Answer::InProcess, What::SignersTold { about, from, upto, finished }))
    };
    let withdraw = || at(noon(on), Asked::Withdraw { proof: MAILBOX, reason: "Rules, 2".into() });
    let requested = || history(in_process()).when(withdraw()).and_then();
    let first = telling(Told::Requested, 0);
    history(in_process()).when(tell(on, first, 9, true)).then([]);
    requested().when(tell(on, first, 250, false)).then([told(on, Told::Requested, (0, 250), false)]);
    let stepped = || requested().when(tell(on, first, 250, false)).and_then();
    stepped().when(tell(on, first, 250, false)).then([]);
    let second = telling(Told::Requested, 250);
    stepped().when(tell(on, second, 300, true)).then([told(on, Told::Requested, (250, 300), true)]);
    stepped().when(tell(on, second, 300, true)).and_then().when(tell(on, second, 300, true)).then([]);
    // News takes the place of what wasn't told yet.
    let decide = |grant| act(on, Act::DecideWithdrawal { by: moderator(), grant });
    let declined = || stepped().when(decide(false)).and_then();
    declined().when(tell(on, second, 300, true)).then([]);
    let news = telling(Told::Declined, 0);
    declined().when(tell(on, news, 9, true)).then([told(on, Told::Declined, (0, 9), true)]);
    let granted = stepped().when(decide(true)).state().0.unwrap();
    assert_eq!(granted.answer.telling, Some(telling(Told::Granted, 0)));
    // What is a month old is no news.
    requested().when(tell("2008-12-12", first, 9, false)).then([told(
        "2008-12-12",
        Told::Requested,
        (0, 9),
        false,
    )]);
    requested().when(tell("2008-12-13", first, 9, false)).then([told(
        "2008-12-13",
        Told::Requested,
        (0, 0),
        true,
    )]);
}

#[test]
fn nothing_that_somebody_acted_on_moves_back() {
    let lose = || {
        let (threshold, count, count_position) = (petition::Threshold::Answer, 99, 9);
        at(noon("2009-01-01"), Asked::LoseThreshold { threshold, count, count_position })
    };
    assert_eq!(stands(history(due()), lose()), Answer::None);
    for acted in [handed_over(), in_process(), answered(), with(in_process(), [asked()])] {
        assert_ne!(stands(history(acted), lose()), Answer::None);
    }
}

/// Existence, state, conflict, ground, then what the act itself asks.
#[test]
fn refusals_have_an_order_of_precedence() {
    let wrong = |signed: bool, ground: &str| {
        let by = Official { signed, ground: ground.into(), ..moderator() };
        act(
            "2008-12-01",
            Act::Give { by, part: 1, outcome: Outcome::Noted, text: String::new(), link: "x".into() },
        )
    };
    history([]).when(wrong(true, "")).refused(Refusal::UnknownPetition);
    history(due()).when(wrong(true, "")).refused(Refusal::UnknownPart);
    history(handed_over()).when(wrong(true, "")).refused(Refusal::NotInProcess);
    history(in_process()).when(wrong(true, "")).refused(Refusal::ConflictOfInterest);
    history(in_process()).when(wrong(false, "")).refused(Refusal::GroundMissing);
    let missing = Refusal::Text(Field::Text, crate::text::Fault::Missing);
    history(in_process()).when(wrong(false, "x")).refused(missing);
}

#[test]
fn a_link_leads_to_the_web_and_nowhere_else() {
    for typed in ["javascript:alert(1)", "example.org", "https://a b", "https://x/\"onclick", "ftp://x"] {
        assert_eq!(link(typed), Err(Refusal::LinkMalformed), "{typed}");
    }
    assert_eq!((link(""), link("https://malmo.se/beslut/17")), (Ok(()), Ok(())));
}

#[test]
fn each_event_says_where_the_answer_stands_after_it() {
    let wrong = swap(in_process(), Answer::None);
    let state = <Decider as radslag_kernel::Decider>::fold(&wrong);
    assert_eq!(
        state.0.unwrap().answer.stands(),
        Answer::InProcess,
        "the rules go by the parts, not by the word"
    );
    let mut answer = State { due: true, ..State::default() };
    for event in with(in_process(), [asked()]) {
        let petition::Event::Answer(event) = event else { continue };
        evolve(&mut answer, &event);
        assert_eq!(answer.stands(), event.stands);
    }
}

#[test]
fn the_package_is_the_same_bytes_each_time_and_says_what_the_case_system_needs() {
    let state = <Decider as radslag_kernel::Decider>::fold(&in_process());
    let petition = state.0.unwrap();
    let sending = Sending {
        tenant: "malmo",
        petition: radslag_kernel::AggregateId::from_bytes([6; 16]),
        committee: "Tekniska nämnden",
        count: 101,
        against: None,
        count_position: 8,
        at: noon("2008-11-06"),
    };
    let document = package::document(&petition, &sending);
    assert_eq!(document, package::document(&petition, &sending));
    let said: serde_json::Value = serde_json::from_slice(&document).unwrap();
    assert_eq!(said["title"], content().title);
    assert_eq!((&said["register"], &said["policy"]), (&"2008-17".into(), &"malmo-2008/1".into()));
    assert_eq!((&said["signatures"]["count"], &said["signatures"]["position"]), (&101.into(), &8.into()));
    assert_eq!(said["signatures"].get("against"), None, "this policy takes none");
    assert_eq!(said["initiator"]["mailbox"], "planted@malmo.se");
    let hash = package::hash(&document);
    assert_eq!(hash.len(), 64);
    assert_ne!(hash, package::hash(&package::document(&petition, &Sending { count: 102, ..sending })));
    assert_eq!(package::hash(b"abc"), "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
}
