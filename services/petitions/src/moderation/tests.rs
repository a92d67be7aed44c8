//! Locks, notes and the report, rule by rule.

use radslag_kernel::{AggregateId, Calendar, Instant, KeyRef, Opened, SubjectId, test::given};

use super::{
    report::{Period, Step, periods},
    *,
};
use crate::text::Fault;

const RECORD: KeyRef = KeyRef(4);

fn who(byte: u8) -> SubjectId {
    SubjectId::from_bytes([byte; 16])
}

fn minute(minute: u64) -> Instant {
    Instant::from_millis(1_224_000_000_000).plus_millis(minute * 60_000)
}

fn does(by: u8, at: u64, act: Act) -> Command {
    Command { at: minute(at), by: who(by), record: RECORD, act }
}

fn recorded(by: u8, at: u64, entry: Entry) -> Event {
    Event { at: minute(at), by: who(by), record: RECORD, entry: Opened::Known(entry) }
}

fn locked(by: u8, at: u64) -> Event {
    recorded(by, at, Entry::Locked { until: minute(at + LOCK_MINUTES) })
}

fn note(by: u8, at: u64, text: &str) -> Event {
    recorded(by, at, Entry::Note { text: text.into() })
}

#[test]
fn one_moderator_at_a_time() {
    given::<Decider>([]).when(does(1, 0, Act::Lock)).then([locked(1, 0)]);
    given::<Decider>([locked(1, 0)]).when(does(2, 29, Act::Lock)).refused(Refusal::LockedByAnother);
    given::<Decider>([locked(1, 0)]).when(does(1, 29, Act::Lock)).then([locked(1, 29)]);
}

#[test]
fn a_lock_that_was_never_released_ends_by_itself() {
    given::<Decider>([locked(1, 0)]).when(does(2, LOCK_MINUTES, Act::Lock)).then([locked(2, LOCK_MINUTES)]);
}

#[test]
fn taking_over_has_a_ground_and_is_noted() {
    let take = |ground: &str| Act::TakeOver { ground: ground.into() };
    given::<Decider>([locked(1, 0)]).when(does(2, 1, take(" "))).refused(Refusal::GroundMissing);
    given::<Decider>([locked(1, 0)]).when(does(2, 1, take("ill"))).then([locked(2, 1), note(2, 1, "ill")]);
    given::<Decider>([]).when(does(2, 1, take("ill"))).then([locked(2, 1)]);
}

#[test]
fn only_who_holds_it_gives_it_back() {
    let back = recorded(1, 2, Entry::Released);
    given::<Decider>([locked(1, 0)]).when(does(1, 2, Act::Release)).then([back.clone()]);
    given::<Decider>([locked(1, 0)]).when(does(2, 2, Act::Release)).refused(Refusal::LockedByAnother);
    given::<Decider>([locked(1, 0), back]).when(does(1, 3, Act::Release)).then([]);
}

#[test]
fn a_note_is_added_and_never_changed() {
    let text = |text: &str| Act::Note { text: text.into() };
    given::<Decider>([note(1, 0, "a")]).when(does(2, 1, text("b"))).then([note(2, 1, "b")]);
    given::<Decider>([]).when(does(2, 1, text(""))).refused(Refusal::Note(Fault::Missing));
    let state = <Decider as radslag_kernel::Decider>::fold(&[note(1, 0, "a"), note(2, 1, "b")]);
    assert_eq!(state.notes.iter().map(|note| note.text.as_str()).collect::<Vec<_>>(), ["a", "b"]);
}

#[test]
fn the_report_says_how_many_were_decided_within_seven_days() {
    let day = |day: u64| minute(day * 24 * 60);
    let (a, b) = (AggregateId::from_bytes([1; 16]), AggregateId::from_bytes([2; 16]));
    let step = |petition, at, decided| Step { petition, at: day(at), decided };
    let steps = [step(a, 0, false), step(b, 0, false), step(a, 7, true), step(b, 8, true), step(a, 9, false)];
    let (weeks, months) = periods(&steps, &Calendar::of("Europe/Stockholm").unwrap());
    let period = |name: &str, decided, within_7_days| Period { name: name.into(), decided, within_7_days };
    // 2008-10-14 was a Tuesday of week 42.
    assert_eq!(weeks, [period("2008-W43", 2, 1)]);
    assert_eq!(months, [period("2008-10", 2, 1)]);
}
