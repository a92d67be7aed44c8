//! A petition's events as protobuf: which fields are public, which are sealed, and under what.

mod answer;
mod attached;
mod coinitiator;
mod course;
mod hearing;
mod out;
pub(super) mod sealed;
mod support;

pub use out::encode;

use radslag_kernel::{AggregateId, Malformed, Opened, Stored};
use radslag_proto::petitions as proto;

use super::{
    assisted::kept_in,
    fields::{Fields as _, date_in, dialogue_in, instant, needed_tag, subject_in},
    policy::{length_in, policy_in, register_in},
};
use crate::petition::{Erasable, Event, How, Keys, Submitted, Threshold};

/// The event of stored bytes.
///
/// # Errors
/// If no version of this service wrote them.
pub fn decode(stored: &Stored<'_>) -> Result<Event, Malformed> {
    match stored.kind {
        "petition.drafted" => drafted(stored),
        "petition.submitted" => submitted(stored),
        "petition.initiator_confirmed" => {
            let message: proto::PetitionInitiatorConfirmed = stored.message(1)?;
            Ok(Event::InitiatorConfirmed { at: stored.at, review_by: date_in(&message.review_by)? })
        }
        "petition.resubmitted" => {
            let message: proto::PetitionResubmitted = stored.message(1)?;
            let length = length_in(message.length)?;
            let review_by = date_in(&message.review_by)?;
            let (document, content) = (stored.key(1)?, sealed::content_in(stored, length)?);
            Ok(Event::Resubmitted { at: stored.at, review_by, length, document, content })
        }
        "petition.returned" | "petition.rejected" | "petition.hidden" => refused(stored),
        "petition.approved" | "petition.opened" => opening(stored),
        "petition.counting_started" => {
            let message: proto::PetitionCountingStarted = stored.message(1)?;
            let (how, until) = (how_in(message.how())?, instant(message.until));
            Ok(Event::CountingStarted { at: stored.at, closed_at: instant(message.closed_at), until, how })
        }
        "petition.closed" => {
            let message: proto::PetitionClosed = stored.message(1)?;
            let how = how_in(message.how())?;
            Ok(Event::Closed { at: stored.at, closed_at: instant(message.closed_at), how })
        }
        "petition.withdrawn" => withdrawn(stored),
        "petition.expired" => {
            let _: proto::PetitionExpired = stored.message(1)?;
            Ok(Event::Expired { at: stored.at, draft: stored.erased.first().copied() })
        }
        "petition.threshold_reached" | "petition.threshold_lost" => threshold(stored),
        kind if answer::is_one(kind) => answer::decode(stored),
        kind if hearing::is_one(kind) => hearing::decode(stored),
        kind if attached::is_one(kind) => attached::decode(stored),
        kind if coinitiator::is_one(kind) => coinitiator::decode(stored),
        "petition.erased" => erased(stored),
        kind if kind.starts_with("petition.support") => support::decode(stored),
        _other_course => course::decode(stored),
    }
}

fn drafted(stored: &Stored<'_>) -> Result<Event, Malformed> {
    let message: proto::PetitionDrafted = stored.message(1)?;
    let owner = match stored.bytes(2)? {
        Opened::Known(bytes) => Opened::Known(needed_tag(&bytes)?),
        Opened::Gone => Opened::Gone,
    };
    let content = match stored.sub::<proto::Content>(1)? {
        Opened::Known(content) => Opened::Known(sealed::draft_in(content)?),
        Opened::Gone => Opened::Gone,
    };
    let dialogue: Option<AggregateId> = dialogue_in(message.dialogue_id)?;
    let expires_at = instant(message.expires_at);
    Ok(Event::Drafted { at: stored.at, expires_at, key: stored.key(1)?, content, owner, dialogue })
}

fn submitted(stored: &Stored<'_>) -> Result<Event, Malformed> {
    let message: proto::PetitionSubmitted = stored.message(1)?;
    let length = length_in(message.length)?;
    Ok(Event::Submitted(Box::new(Submitted {
        at: stored.at,
        expires_at: instant(message.expires_at),
        register: register_in(message.register)?,
        policy: policy_in(message.policy)?,
        length,
        by_eid: message.by_eid,
        keys: Keys {
            document: stored.key(1)?,
            initiator: stored.key(4)?,
            tags: stored.key(7)?,
            record: stored.key(8)?,
        },
        content: sealed::content_in(stored, length)?,
        contact: sealed::contact_in(stored)?,
        tags: sealed::tags_in(stored)?,
        dialogue: dialogue_in(message.dialogue_id)?,
        terms: message.terms,
        draft: stored.erased.first().copied(),
    })))
}

fn refused(stored: &Stored<'_>) -> Result<Event, Malformed> {
    let (at, by, record) = (stored.at, stored.by, stored.key(3)?);
    let decision = sealed::decision_in(stored)?;
    match stored.kind {
        "petition.returned" => {
            let message: proto::PetitionReturned = stored.message(1)?;
            let (until, expires_at) = (date_in(&message.until)?, instant(message.expires_at));
            Ok(Event::Returned { at, by, until, expires_at, record, decision })
        }
        "petition.rejected" => {
            let message: proto::PetitionRejected = stored.message(1)?;
            Ok(Event::Rejected { at, by, lapsed: message.lapsed, record, decision })
        }
        "petition.hidden" => {
            let _: proto::PetitionHidden = stored.message(1)?;
            Ok(Event::Hidden { at, by, record, decision })
        }
        unknown => Err(Malformed(format!("unknown type {unknown:?}"))),
    }
}

fn opening(stored: &Stored<'_>) -> Result<Event, Malformed> {
    let (at, document, url_key) = (stored.at, stored.key(5)?, stored.text(5)?);
    if stored.kind == "petition.approved" {
        let message: proto::PetitionApproved = stored.message(1)?;
        let (opens_at, closes_at) = (instant(message.opens_at), instant(message.closes_at));
        let (by, deadline) = (stored.by, date_in(&message.deadline)?);
        let (record, ground) = (stored.key(1)?, stored.text(1)?);
        return Ok(Event::Approved {
            at,
            by,
            opens_at,
            deadline,
            closes_at,
            document,
            url_key,
            record,
            ground,
        });
    }
    let message: proto::PetitionOpened = stored.message(1)?;
    Ok(Event::Opened {
        at,
        deadline: date_in(&message.deadline)?,
        closes_at: instant(message.closes_at),
        answer_at: message.answer_at,
        debate_at: message.debate_at,
        initiator_counts: message.initiator_counts,
        policy: (message.policy, message.policy_version),
        document,
        url_key,
    })
}

fn withdrawn(stored: &Stored<'_>) -> Result<Event, Malformed> {
    let message: proto::PetitionWithdrawn = stored.message(1)?;
    let filed = (stored.field)(1).is_some();
    let record = if filed { Some(stored.key(1)?) } else { None };
    let ground = if filed { stored.text(1)? } else { Opened::Gone };
    let draft = stored.erased.first().copied();
    let (was_public, assisted) = (message.was_public, kept_in(stored, 2)?);
    if assisted.is_some() && !filed {
        return Err(Malformed("who acted for somebody is filed with the ground".into()));
    }
    Ok(Event::Withdrawn { at: stored.at, was_public, record, ground, draft, assisted })
}

fn threshold(stored: &Stored<'_>) -> Result<Event, Malformed> {
    let at = stored.at;
    if stored.kind == "petition.threshold_reached" {
        let message: proto::PetitionThresholdReached = stored.message(1)?;
        let (count, count_position) = (message.count, message.count_position);
        let threshold = threshold_in(message.threshold())?;
        return Ok(Event::ThresholdReached { at, threshold, count, count_position });
    }
    let message: proto::PetitionThresholdLost = stored.message(1)?;
    let (count, count_position) = (message.count, message.count_position);
    Ok(Event::ThresholdLost { at, threshold: threshold_in(message.threshold())?, count, count_position })
}

fn erased(stored: &Stored<'_>) -> Result<Event, Malformed> {
    let message: proto::PetitionErased = stored.message(1)?;
    let what = match message.what() {
        proto::Erasable::Document => Erasable::Document,
        proto::Erasable::Initiator => Erasable::Initiator,
        proto::Erasable::Coinitiator => Erasable::Coinitiator,
        proto::Erasable::FormerInitiators => Erasable::FormerInitiators,
        proto::Erasable::Unspecified => return Err(Malformed("erased nothing".into())),
    };
    let (second, keys) = (subject_in(&message.second)?, stored.erased.to_vec());
    let (record, ground) = (stored.key(1)?, stored.text(1)?);
    Ok(Event::Erased { at: stored.at, by: stored.by, second, what, keys, record, ground })
}

fn how_in(how: proto::How) -> Result<How, Malformed> {
    match how {
        proto::How::Deadline => Ok(How::Deadline),
        proto::How::Early => Ok(How::Early),
        proto::How::HandedIn => Ok(How::HandedIn),
        proto::How::Unspecified => Err(Malformed("closed, but how".into())),
    }
}

fn threshold_in(threshold: proto::Threshold) -> Result<Threshold, Malformed> {
    match threshold {
        proto::Threshold::Answer => Ok(Threshold::Answer),
        proto::Threshold::Debate => Ok(Threshold::Debate),
        proto::Threshold::Unspecified => Err(Malformed("which threshold".into())),
    }
}
