//! Comments to test with.

use radslag_kernel::{ItemId, KeyRef, Opened};

use super::*;
use crate::{
    petition::{Now, samples as p},
    signature::{Shown, View, samples as s},
    tag::Tag,
    terms::{Comments, Terms},
};

pub(crate) const AUTHOR: Tag = Tag([40; 16]);

pub(crate) fn item(byte: u8) -> ItemId {
    ItemId::from_bytes([byte; 16])
}

/// Whoever `number` says, by name and text.
pub(crate) fn remark(number: u8) -> Remark {
    Remark {
        item: item(number),
        key: KeyRef(200 + u64::from(number)),
        text: format!("Planted words {number}"),
        name: "Planted Author".into(),
        mailbox: "planted@malmo.se".into(),
        shown: Shown::Name,
        party: None,
        author: AUTHOR,
        reply_to: None,
        blocked: false,
        suspicion: None,
        language: "sv".into(),
        helper: None,
    }
}

pub(crate) fn view() -> View {
    View { policy: std::sync::Arc::new(p::policy("open")), ..s::view("open") }
}

pub(crate) fn now(hours: u64) -> Now {
    p::now(s::hour(hours))
}

pub(crate) fn terms(comments: Comments) -> Terms {
    Terms { comments, ..Terms::of("open", 1).clone() }
}

pub(crate) fn command(hours: u64, comments: Comments, act: Act) -> Command {
    Command { now: now(hours), petition: view(), terms: terms(comments), act }
}

pub(crate) fn submission(number: u8, outcome: Outcome, mail: bool) -> Submission {
    let remark = remark(number);
    Submission {
        at: s::hour(1),
        item: remark.item,
        key: remark.key,
        expires_at: s::hour(25),
        reply_to: None,
        author: Opened::Known(Author { name: remark.name.clone(), mailbox: remark.mailbox }),
        said: Said {
            text: Opened::Known(remark.text),
            name: Opened::Known(remark.name),
            party: Opened::Known(String::new()),
        },
        tags: KeyRef(3),
        facts: Opened::Known(Facts {
            outcome,
            mail,
            author: AUTHOR,
            suspicion: None,
            language: "sv".into(),
            assisted: None,
        }),
    }
}

pub(crate) fn submitted(number: u8) -> Event {
    Event::Submitted(Box::new(submission(number, Outcome::New, true)))
}

/// One of each.
pub(crate) fn every_event() -> Vec<Event> {
    let (at, by, record) = (s::hour(2), s::official().id, KeyRef(4));
    let (review_by, second) = (p::day("2008-11-01"), radslag_kernel::SubjectId::from_bytes([78; 16]));
    let (it, ground) = (item(1), || Opened::Known("Planted ground".to_owned()));
    let mut made = submission(2, Outcome::New, false);
    (made.expires_at, made.reply_to) = (made.at, Some(it));
    vec![
        submitted(1),
        Event::Made { submission: Box::new(made), review_by },
        Event::Confirmed { at, item: it, review_by },
        Event::Expired { at, item: it },
        Event::Posted { at, item: it },
        Event::Published { at, item: it, by, record, ground: ground() },
        Event::Kept { at, item: it, by, record, ground: ground() },
        Event::Refused { at, item: it, by, was_public: true, record, decision: p::decision(&["offensive"]) },
        Event::Restored { at, item: it, by, record, ground: ground() },
        Event::Reported {
            at,
            item: it,
            tags: KeyRef(3),
            who: Opened::Known(Tag([41; 16])),
            record,
            reason: Opened::Known("Planted reason".into()),
        },
        Event::Withdrawn { at, item: it, was_public: true, assisted: None },
        Event::Erased { at, item: it, by, second, keys: vec![KeyRef(201)], record, ground: ground() },
    ]
}
