//! A comment's events as protobuf. Each submission has the same public fields and the same sealed ones, whatever came of
//! it.

use prost::Message as _;
use radslag_kernel::{AggregateId, Encoded, ItemId, Malformed, Opened, Plain, Stored};
use radslag_proto::petitions as proto;

use super::{
    fields::{Fields as _, date_in, dialogue_out, instant, needed_tag, plain, subject_in, text},
    petition::sealed::{decision_in, decision_out},
};
use crate::{
    comment::{Author, Event, Facts, Outcome, Said, Submission},
    wire::assisted::{assisted_in, assisted_out, kept_in, kept_out},
};

/// The bytes of an event.
#[must_use]
pub fn encode(event: &Event, dialogue: Option<AggregateId>) -> Encoded {
    let dialogue_id = dialogue_out(dialogue);
    match event {
        Event::Submitted(submission) => {
            let (expires_at, reply_to) = (submission.expires_at.millis(), reply_out(submission.reply_to));
            let public = proto::CommentSubmitted { dialogue_id, expires_at, reply_to };
            of("comment.submitted", &public, submission_out(submission))
        }
        Event::Made { submission, review_by } => {
            let (review_by, reply_to) = (review_by.to_string(), reply_out(submission.reply_to));
            let public = proto::CommentMade { dialogue_id, reply_to, review_by };
            of("comment.made", &public, submission_out(submission))
        }
        Event::Confirmed { review_by, .. } => {
            let public = proto::CommentConfirmed { dialogue_id, review_by: review_by.to_string() };
            of("comment.confirmed", &public, Vec::new())
        }
        Event::Expired { .. } => of("comment.expired", &proto::CommentExpired { dialogue_id }, Vec::new()),
        Event::Posted { .. } => of("comment.posted", &proto::CommentPosted { dialogue_id }, Vec::new()),
        Event::Published { record, ground, .. } => {
            let ground = vec![text(1, *record, false, ground)];
            of("comment.published", &proto::CommentPublished { dialogue_id }, ground)
        }
        Event::Kept { record, ground, .. } => {
            let ground = vec![text(1, *record, false, ground)];
            of("comment.kept", &proto::CommentKept { dialogue_id }, ground)
        }
        Event::Refused { was_public, record, decision, .. } => {
            let public = proto::CommentRefused { dialogue_id, was_public: *was_public };
            of("comment.refused", &public, decision_out(decision, *record))
        }
        Event::Restored { record, ground, .. } => {
            let ground = vec![text(1, *record, false, ground)];
            of("comment.restored", &proto::CommentRestored { dialogue_id }, ground)
        }
        Event::Reported { tags, who, record, reason, .. } => {
            let who = who.known().map(|tag| tag.0.to_vec()).unwrap_or_default();
            let sealed = vec![text(1, *record, false, reason), plain(2, *tags, false, who)];
            of("comment.reported", &proto::CommentReported { dialogue_id }, sealed)
        }
        Event::Withdrawn { was_public, assisted, .. } => {
            let public = proto::CommentWithdrawn { dialogue_id, was_public: *was_public };
            let sealed = assisted.iter().map(|(record, how)| kept_out(1, *record, how)).collect();
            of("comment.withdrawn", &public, sealed)
        }
        Event::Erased { second, record, ground, .. } => {
            let public = proto::CommentErased { dialogue_id, second: second.as_bytes().to_vec() };
            of("comment.erased", &public, vec![text(1, *record, false, ground)])
        }
    }
}

fn of(kind: &'static str, public: &impl prost::Message, sealed: Vec<Plain>) -> Encoded {
    Encoded { kind, schema: 1, public: public.encode_to_vec(), sealed }
}

fn reply_out(reply_to: Option<ItemId>) -> Option<Vec<u8>> {
    reply_to.map(|item| item.as_bytes().to_vec())
}

fn submission_out(submission: &Submission) -> Vec<Plain> {
    let author = |view: fn(&Author) -> &String| {
        submission.author.known().map(|it| view(it).clone()).unwrap_or_default()
    };
    let (key, said) = (submission.key, &submission.said);
    vec![
        text(1, key, true, &said.text),
        plain(2, key, false, author(|author| &author.name)),
        plain(3, key, false, author(|author| &author.mailbox)),
        text(4, key, true, &said.name),
        text(5, key, true, &said.party),
        plain(6, submission.tags, false, submission.facts.known().map(facts_out).unwrap_or_default()),
    ]
}

fn facts_out(facts: &Facts) -> Vec<u8> {
    proto::CommentFacts {
        outcome: match facts.outcome {
            Outcome::New => proto::CommentOutcome::New,
            Outcome::Repeated => proto::CommentOutcome::Repeated,
            Outcome::TooManyMails => proto::CommentOutcome::TooManyMails,
            Outcome::Blocked => proto::CommentOutcome::Blocked,
        }
        .into(),
        mail: facts.mail,
        author: facts.author.0.to_vec(),
        suspicion: facts.suspicion.clone().unwrap_or_default(),
        language: facts.language.clone(),
        assisted: facts.assisted.as_ref().map(assisted_out),
    }
    .encode_to_vec()
}

fn facts_in(facts: &proto::CommentFacts) -> Result<Facts, Malformed> {
    Ok(Facts {
        outcome: match facts.outcome() {
            proto::CommentOutcome::New => Outcome::New,
            proto::CommentOutcome::Repeated => Outcome::Repeated,
            proto::CommentOutcome::TooManyMails => Outcome::TooManyMails,
            proto::CommentOutcome::Blocked => Outcome::Blocked,
            proto::CommentOutcome::Unspecified => {
                return Err(Malformed("a comment without outcome".into()));
            }
        },
        mail: facts.mail,
        author: needed_tag(&facts.author)?,
        suspicion: Some(facts.suspicion.clone()).filter(|rule| !rule.is_empty()),
        language: facts.language.clone(),
        assisted: assisted_in(facts.assisted.as_ref())?,
    })
}

/// The event of stored bytes.
///
/// # Errors
/// If no version of this service wrote them.
pub fn decode(stored: &Stored<'_>) -> Result<Event, Malformed> {
    let (at, item, by) = (stored.at, stored.item()?, stored.by);
    match stored.kind {
        "comment.submitted" => {
            let message: proto::CommentSubmitted = stored.message(1)?;
            let submission = submission_in(stored, message.reply_to)?;
            let expires_at = instant(message.expires_at);
            Ok(Event::Submitted(Box::new(Submission { expires_at, ..submission })))
        }
        "comment.made" => {
            let message: proto::CommentMade = stored.message(1)?;
            let submission = Box::new(submission_in(stored, message.reply_to)?);
            Ok(Event::Made { submission, review_by: date_in(&message.review_by)? })
        }
        "comment.confirmed" => {
            let message: proto::CommentConfirmed = stored.message(1)?;
            Ok(Event::Confirmed { at, item, review_by: date_in(&message.review_by)? })
        }
        "comment.expired" => stored.message(1).map(|_: proto::CommentExpired| Event::Expired { at, item }),
        "comment.posted" => stored.message(1).map(|_: proto::CommentPosted| Event::Posted { at, item }),
        "comment.published" => {
            let _: proto::CommentPublished = stored.message(1)?;
            Ok(Event::Published { at, item, by, record: stored.key(1)?, ground: stored.text(1)? })
        }
        "comment.kept" => {
            let _: proto::CommentKept = stored.message(1)?;
            Ok(Event::Kept { at, item, by, record: stored.key(1)?, ground: stored.text(1)? })
        }
        "comment.refused" => {
            let message: proto::CommentRefused = stored.message(1)?;
            let (was_public, record, decision) = (message.was_public, stored.key(3)?, decision_in(stored)?);
            Ok(Event::Refused { at, item, by, was_public, record, decision })
        }
        "comment.restored" => {
            let _: proto::CommentRestored = stored.message(1)?;
            Ok(Event::Restored { at, item, by, record: stored.key(1)?, ground: stored.text(1)? })
        }
        "comment.reported" => reported(stored),
        "comment.withdrawn" => {
            let message: proto::CommentWithdrawn = stored.message(1)?;
            let assisted =
                kept_in(stored, 1)?.map(|how| Ok::<_, Malformed>((stored.key(1)?, how))).transpose()?;
            Ok(Event::Withdrawn { at, item, was_public: message.was_public, assisted })
        }
        "comment.erased" => {
            let message: proto::CommentErased = stored.message(1)?;
            let (second, keys) = (subject_in(&message.second)?, stored.erased.to_vec());
            Ok(Event::Erased { at, item, by, second, keys, record: stored.key(1)?, ground: stored.text(1)? })
        }
        unknown => Err(Malformed(format!("unknown type {unknown:?}"))),
    }
}

fn reported(stored: &Stored<'_>) -> Result<Event, Malformed> {
    let _: proto::CommentReported = stored.message(1)?;
    let who = match stored.bytes(2)? {
        Opened::Known(bytes) => Opened::Known(needed_tag(&bytes)?),
        Opened::Gone => Opened::Gone,
    };
    let (at, item, tags) = (stored.at, stored.item()?, stored.key(2)?);
    Ok(Event::Reported { at, item, tags, who, record: stored.key(1)?, reason: stored.text(1)? })
}

fn submission_in(stored: &Stored<'_>, reply_to: Option<Vec<u8>>) -> Result<Submission, Malformed> {
    let author = match (stored.text(2)?, stored.text(3)?) {
        (Opened::Known(name), Opened::Known(mailbox)) => Opened::Known(Author { name, mailbox }),
        _ => Opened::Gone,
    };
    let facts = match stored.sub::<proto::CommentFacts>(6)? {
        Opened::Known(facts) => Opened::Known(facts_in(&facts)?),
        Opened::Gone => Opened::Gone,
    };
    let wrong = || Malformed("an item is 16 bytes".into());
    let reply_to = reply_to.map(|item| ItemId::from_slice(&item).ok_or_else(wrong)).transpose()?;
    let said = Said { text: stored.text(1)?, name: stored.text(4)?, party: stored.text(5)? };
    let (at, item, key, tags) = (stored.at, stored.item()?, stored.key(1)?, stored.key(6)?);
    Ok(Submission { at, item, key, expires_at: at, reply_to, author, said, tags, facts })
}
