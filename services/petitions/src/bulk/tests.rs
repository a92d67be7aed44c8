//! The rules of bulk invalidations, each by name.

use radslag_kernel::{
    Decider as _, Instant, Role, SubjectId,
    test::{Given, given as given_any},
};

use super::{samples::*, *};
use crate::{
    lists::samples::{BY, at},
    signature::Signer,
    tag::Tag,
};

fn given(history: impl IntoIterator<Item = Event>) -> Given<Decider> {
    given_any(history)
}

fn command(hours: u64, act: Act) -> Command {
    Command { at: at(hours), by: BY, role: Role::Official, act }
}

fn asked() -> Prepare {
    let (ground, notice) = ("Planted ground".into(), "Planted notice".into());
    Prepare { key: KEY, conditions: conditions(), ground, notice, matched: 7, up_to: 90, conflict: false }
}

fn prepare(asked: Prepare) -> Command {
    command(1, Act::Prepare(Box::new(asked)))
}

fn start(matched: u64, second: Option<SubjectId>) -> Command {
    command(2, Act::Start { second, matched, up_to: 100, conflict: false })
}

fn cancel() -> Command {
    command(3, Act::Cancel { ground: "Planted ground".into() })
}

fn undo(second: Option<SubjectId>) -> Command {
    command(5, Act::Undo { second, ground: "Planted ground".into(), up_to: 130 })
}

#[test]
fn it_is_refused_without_a_condition_a_ground_or_a_notice() {
    given([]).when(prepare(asked())).then([prepared()]);
    let without = |change: fn(&mut Prepare)| {
        let mut asked = asked();
        change(&mut asked);
        given([]).when(prepare(asked))
    };
    without(|asked| asked.conditions = Conditions::default()).refused(Refusal::ConditionsMissing);
    without(|asked| asked.conditions.name = " ".into()).then([Event::Prepared(match prepared() {
        Event::Prepared(prepared) => {
            let conditions = Conditions { name: " ".into(), ..conditions() };
            Box::new(Prepared { conditions: radslag_kernel::Opened::Known(conditions), ..*prepared })
        }
        other => panic!("{other:?}"),
    })]);
    without(|asked| asked.conditions.network = "192.0.2.0/20".into()).refused(Refusal::ConditionMalformed);
    without(|asked| asked.conditions.until = asked.conditions.from).refused(Refusal::TimeRangeEmpty);
    without(|asked| asked.ground = " ".into()).refused(Refusal::GroundMissing);
    without(|asked| asked.notice = String::new()).refused(Refusal::NoticeMissing);
    without(|asked| asked.conflict = true).refused(Refusal::ConflictOfInterest);
    given([prepared()]).when(prepare(asked())).refused(Refusal::NotPrepared);
}

#[test]
fn more_than_a_hundred_take_a_second_official() {
    given([prepared()]).when(start(100, None)).then([started(100, None)]);
    given([prepared()]).when(start(101, None)).refused(Refusal::SecondOfficialMissing);
    given([prepared()]).when(start(101, Some(BY))).refused(Refusal::SamePersonTwice);
    given([prepared()]).when(start(101, Some(SECOND))).then([started(101, Some(SECOND))]);
    given([prepared()]).when(start(0, None)).refused(Refusal::NothingMatches);
    given([prepared(), started(7, None)]).when(start(7, None)).refused(Refusal::NotPrepared);
    given([]).when(start(7, None)).refused(Refusal::UnknownBulk);
}

#[test]
fn who_started_or_signed_does_not_start_it() {
    let act = Act::Start { second: None, matched: 7, up_to: 100, conflict: true };
    given([prepared()]).when(command(2, act)).refused(Refusal::ConflictOfInterest);
}

#[test]
fn a_chunk_that_was_done_is_not_done_again() {
    let chunk = |position| {
        let cursor = Cursor { petition: petition(1), position };
        command(3, Act::Progress { undoing: false, numbers: vec![(side(1), 6)], skipped: 1, cursor })
    };
    let running = [prepared(), started(7, None)];
    given(running.clone()).when(chunk(99)).then([progressed(false, 6, 99)]);
    let after = [running.as_slice(), &[progressed(false, 6, 99)]].concat();
    given(after.clone()).when(chunk(99)).then([]);
    let state = Decider::fold(&after).0.unwrap();
    assert_eq!((state.total(), state.skipped, state.cursor.position), (6, 1, 99));
    given([prepared()]).when(chunk(99)).refused(Refusal::NotRunning);
}

#[test]
fn it_is_cancelled_before_or_while_it_runs_and_everybody_is_told_of_what_was_done() {
    let cancelled =
        |was_running| Event::Cancelled { at: at(3), by: BY, was_running, key: KEY, ground: ground() };
    given([prepared()]).when(cancel()).then([cancelled(false)]);
    given([prepared(), cancelled(false)]).when(start(7, None)).refused(Refusal::NotPrepared);
    let running = vec![prepared(), started(7, None), progressed(false, 6, 50)];
    given(running.clone()).when(cancel()).then([cancelled(true)]);
    let stopped = [running, vec![cancelled(true)]].concat();
    given(stopped.clone()).when(cancel()).refused(Refusal::NotRunning);
    let finish = command(4, Act::Finish { corrections: corrections() });
    given(stopped).when(finish.clone()).then([finished()]);
    given([prepared(), cancelled(false)]).when(finish).refused(Refusal::NotRunning);
}

#[test]
fn it_is_undone_once_and_more_than_a_hundred_take_two() {
    let over = |number| vec![prepared(), started(7, None), progressed(false, number, 99), finished()];
    given(over(100)).when(undo(None)).then([undo_started(None)]);
    given(over(101)).when(undo(None)).refused(Refusal::SecondOfficialMissing);
    given(over(101)).when(undo(Some(SECOND))).then([undo_started(Some(SECOND))]);
    given([prepared(), started(7, None)]).when(undo(None)).refused(Refusal::NotFinished);
    let undoing = [over(6), vec![undo_started(None)]].concat();
    let state = Decider::fold(&undoing).0.unwrap();
    assert_eq!((state.phase, state.cursor.position, state.up_to), (Phase::Undoing, 100, 130));
    given(undoing).when(undo(None)).refused(Refusal::NotFinished);
}

/// Sets a condition.
type Change<'a> = &'a dyn Fn(&mut Conditions);

#[test]
fn every_condition_that_is_set_must_hold() {
    let (tag, other) = (Tag([4; 16]), Tag([5; 16]));
    let signer = Signer {
        name: "Åsa  Öberg".into(),
        mailbox: "Asa.Oberg+x@Mail.example".into(),
        postcode: "211 44".into(),
    };
    let candidate = Candidate {
        petition: petition(1),
        signer: Some(&signer),
        area: Some("Möllevången"),
        network: Some(tag),
        at: Instant::from_millis(50),
    };
    let met = |change: &dyn Fn(&mut Conditions), network| {
        let mut conditions = Conditions::default();
        change(&mut conditions);
        conditions.are_met(&candidate, network)
    };
    let cases: [(bool, Change<'_>); 17] = [
        (true, &|c: &mut Conditions| c.petition = Some(petition(1))),
        (false, &|c: &mut Conditions| c.petition = Some(petition(2))),
        (true, &|c: &mut Conditions| c.name = "åsa *".into()),
        (false, &|c: &mut Conditions| c.name = "åsa".into()),
        (true, &|c: &mut Conditions| c.mailbox = "asa.oberg@mail.example".into()),
        (true, &|c: &mut Conditions| c.mailbox = "*+x@*".into()),
        (false, &|c: &mut Conditions| c.mailbox = "asa@mail.example".into()),
        (true, &|c: &mut Conditions| c.domain = "mail.*".into()),
        (false, &|c: &mut Conditions| c.domain = "mail".into()),
        (true, &|c: &mut Conditions| c.postcode = "211*".into()),
        (true, &|c: &mut Conditions| c.postcode = "21144".into()),
        (false, &|c: &mut Conditions| c.postcode = "212*".into()),
        (true, &|c: &mut Conditions| c.area = "möllevången".into()),
        (false, &|c: &mut Conditions| c.area = "Hyllie".into()),
        (true, &|c: &mut Conditions| c.from = Some(Instant::from_millis(50))),
        (false, &|c: &mut Conditions| c.until = Some(Instant::from_millis(50))),
        (false, &|c: &mut Conditions| (c.name, c.domain) = ("åsa*".into(), "other.example".into())),
    ];
    for (holds, change) in cases {
        assert_eq!(met(change, None), holds);
    }
    let network = |c: &mut Conditions| c.network = tag.to_string();
    assert!(met(&network, Some(tag)));
    assert!(!met(&network, Some(other)) && !met(&network, None));
}

#[test]
fn what_was_erased_meets_no_condition_about_the_signer() {
    let candidate = Candidate {
        petition: petition(1),
        signer: None,
        area: None,
        network: None,
        at: Instant::from_millis(50),
    };
    let all = Conditions { petition: Some(petition(1)), ..Conditions::default() };
    assert!(all.are_met(&candidate, None));
    assert!(!Conditions { name: "*".into(), ..all.clone() }.are_met(&candidate, None));
    assert!(!Conditions { area: "Hyllie".into(), ..all }.are_met(&candidate, None));
}
