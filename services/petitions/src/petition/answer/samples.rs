//! An answer and a hearing to test with.

use radslag_kernel::{Date, Opened};

use super::*;
use crate::petition::{
    self, Answer, Hearing,
    answer::act::Handover,
    hearing,
    samples::{KEYS, closes_at, day, moderator, noon, open},
};

pub(crate) const PACKAGE: &str = "Planted hash";

pub(crate) fn ground() -> Opened<String> {
    Opened::Known(moderator().ground)
}

pub(crate) fn known(text: &str) -> Opened<String> {
    Opened::Known(text.to_owned())
}

/// An event of a part, at noon of a date.
pub(crate) fn event(on: &str, part: u32, stands: Answer, what: What) -> petition::Event {
    petition::Event::Answer(Box::new(Event {
        at: noon(on),
        part,
        stands,
        record: KEYS.record,
        ground: ground(),
        what,
    }))
}

/// The same by the initiator or by time alone.
pub(crate) fn groundless(event: petition::Event) -> petition::Event {
    let petition::Event::Answer(mut event) = event else { return event };
    event.ground = known("");
    petition::Event::Answer(event)
}

/// Open, and due since 5 November 2008.
pub(crate) fn due() -> Vec<petition::Event> {
    let reached = petition::Event::ThresholdReached {
        at: noon("2008-11-05"),
        threshold: petition::Threshold::Answer,
        count: 100,
        count_position: 7,
    };
    open().into_iter().chain([reached]).collect()
}

pub(crate) fn handing(committees: &[&str]) -> Handover {
    let to = committees.iter().map(|name| Handing { committee: (*name).into(), package: PACKAGE.into() });
    Handover { to: to.collect(), answer_by: None, count: 101, against: None, count_position: 8 }
}

pub(crate) fn sent(on: &str, part: u32, committee: &str, overdue: &str) -> petition::Event {
    event(
        on,
        part,
        Answer::HandedOver,
        What::Sent {
            count: 101,
            against: None,
            count_position: 8,
            overdue_at: crate::petition::samples::calendar().end_of(day(overdue)),
            answer_by: None,
            committee: known(committee),
            package: known(PACKAGE),
        },
    )
}

/// With the one committee since Thursday 6 November 2008.
pub(crate) fn handed_over() -> Vec<petition::Event> {
    due().into_iter().chain([sent("2008-11-06", 1, "Planted board", "2008-11-13")]).collect()
}

pub(crate) fn received(answer_by: Option<Date>) -> petition::Event {
    event("2008-11-10", 1, Answer::InProcess, What::Received { answer_by, case: known("Planted 2008/17") })
}

/// Worked on since 10 November 2008, an answer wanted by 31 December.
pub(crate) fn in_process() -> Vec<petition::Event> {
    handed_over().into_iter().chain([received(Some(day("2008-12-31")))]).collect()
}

pub(crate) fn asked() -> petition::Event {
    event(
        "2008-11-11",
        1,
        Answer::AwaitingInitiator,
        What::Asked {
            asked_on: day("2008-11-11"),
            reply_by: day("2008-11-25"),
            reply_until: crate::petition::samples::calendar().end_of(day("2008-11-25")),
            question: known("Planted question"),
        },
    )
}

pub(crate) fn given(on: &str, version: u32, outcome: Outcome) -> petition::Event {
    let (text, link) = (known("Planted answer"), known("https://planted.example"));
    event(on, 1, Answer::Answered, What::Given { version, outcome, text, link })
}

/// One of each.
pub(crate) fn answer_events() -> Vec<petition::Event> {
    let answer_by = Some(day("2009-01-14"));
    let (on, process) = ("2008-11-20", Answer::InProcess);
    let replied = What::Replied { answer_by, initiator: KEYS.initiator, reply: known("Planted reply") };
    vec![
        sent("2008-11-06", 1, "Planted board", "2008-11-13"),
        received(Some(day("2008-12-31"))),
        event(on, 1, Answer::Due, What::Refused),
        event(on, 1, Answer::HandedOver, What::Overdue),
        event(on, 1, Answer::None, What::Referred),
        asked(),
        event(on, 1, process, replied),
        event(on, 1, process, What::ReplyMissing { answer_by: None }),
        given(on, 2, Outcome::Partly),
        event(on, 1, process, What::Reopened { why: Why::Remand, answer_by }),
        event(
            on,
            0,
            Answer::FollowedUp,
            What::FollowedUp { number: 1, on: day("2008-11-19"), text: known("Planted bench") },
        ),
        event(on, 0, process, What::WithdrawalRequested { assisted: None }),
        event(on, 0, Answer::None, What::WithdrawalGranted { parts: vec![1, 2] }),
        event(on, 0, process, What::WithdrawalDeclined),
        event(
            on,
            0,
            process,
            What::SignersTold { about: Told::Declined, from: 7, upto: 901, finished: true },
        ),
    ]
}

/// One of each.
pub(crate) fn hearing_events() -> Vec<petition::Event> {
    let link = || known("https://planted.example");
    let happened = |stands, what| {
        let (at, record) = (noon("2009-03-02"), KEYS.record);
        petition::Event::Hearing(Box::new(hearing::Event { at, stands, record, ground: ground(), what }))
    };
    vec![
        happened(
            Hearing::Scheduled,
            hearing::What::Scheduled { starts_at: closes_at(), place: known("Planted hall"), link: link() },
        ),
        happened(Hearing::Held, hearing::What::Held { link: link() }),
        happened(Hearing::NotHeld, hearing::What::NotHeld { why: known("Planted why") }),
        happened(
            Hearing::Held,
            hearing::What::Documented { number: 1, title: known("Planted notes"), link: link() },
        ),
    ]
}
