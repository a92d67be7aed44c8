//! A petition's events to bytes.

use prost::Message as _;
use radslag_kernel::{AggregateId, Encoded, Plain};
use radslag_proto::petitions as proto;

use super::{
    answer, attached, coinitiator, course, hearing,
    sealed::{content_out, decision_out, draft_out, people_out},
    support,
};
use crate::{
    petition::{Erasable, Event, How, Submitted, Threshold},
    wire::{
        assisted::kept_out,
        fields::{dialogue_out, plain, tag_out, text},
        policy::{length_out, policy_out, register_out},
    },
};

/// The bytes of an event.
#[must_use]
pub fn encode(event: &Event, dialogue: Option<AggregateId>) -> Encoded {
    let public = public_out(event, dialogue_out(dialogue));
    let mut sealed = sealed_out(event);
    sealed.sort_by_key(|plain| plain.field);
    Encoded { kind: kind(event), schema: 1, public, sealed }
}

/// Its type, as it stands in the header.
const fn kind(event: &Event) -> &'static str {
    match event {
        Event::Drafted { .. } => "petition.drafted",
        Event::Submitted(_) => "petition.submitted",
        Event::InitiatorConfirmed { .. } => "petition.initiator_confirmed",
        Event::Returned { .. } => "petition.returned",
        Event::Resubmitted { .. } => "petition.resubmitted",
        Event::Rejected { .. } => "petition.rejected",
        Event::Hidden { .. } => "petition.hidden",
        Event::Approved { .. } => "petition.approved",
        Event::Opened { .. } => "petition.opened",
        Event::CountingStarted { .. } => "petition.counting_started",
        Event::Closed { .. } => "petition.closed",
        Event::Withdrawn { .. } => "petition.withdrawn",
        Event::Expired { .. } => "petition.expired",
        Event::Course(event) => course::kind(event),
        Event::Support(event) => support::kind(event),
        Event::Coinitiator(event) => coinitiator::kind(event),
        Event::Attachment(event) => attached::kind(event),
        Event::ThresholdReached { .. } => "petition.threshold_reached",
        Event::ThresholdLost { .. } => "petition.threshold_lost",
        Event::Answer(event) => answer::kind(&event.what),
        Event::Hearing(event) => hearing::kind(&event.what),
        Event::Erased { .. } => "petition.erased",
    }
}

/// What everybody may know for ever.
fn public_out(event: &Event, dialogue_id: Option<Vec<u8>>) -> Vec<u8> {
    match event {
        Event::Drafted { expires_at, dialogue, .. } => {
            let (dialogue_id, expires_at) = (dialogue_out(*dialogue), expires_at.millis());
            proto::PetitionDrafted { dialogue_id, expires_at }.encode_to_vec()
        }
        Event::Submitted(event) => submitted(event).encode_to_vec(),
        Event::InitiatorConfirmed { review_by, .. } => {
            let review_by = review_by.to_string();
            proto::PetitionInitiatorConfirmed { dialogue_id, review_by }.encode_to_vec()
        }
        Event::Returned { until, expires_at, .. } => {
            let (until, expires_at) = (until.to_string(), expires_at.millis());
            proto::PetitionReturned { dialogue_id, until, expires_at }.encode_to_vec()
        }
        Event::Resubmitted { review_by, length, .. } => {
            let (length, review_by) = (Some(length_out(*length)), review_by.to_string());
            proto::PetitionResubmitted { dialogue_id, length, review_by }.encode_to_vec()
        }
        Event::Rejected { lapsed, .. } => {
            proto::PetitionRejected { dialogue_id, lapsed: *lapsed }.encode_to_vec()
        }
        Event::Hidden { .. } => proto::PetitionHidden { dialogue_id }.encode_to_vec(),
        Event::Approved { opens_at, deadline, closes_at, .. } => {
            let (opens_at, deadline, closes_at) =
                (opens_at.millis(), deadline.to_string(), closes_at.millis());
            let public = proto::PetitionApproved { dialogue_id, opens_at, deadline, closes_at };
            public.encode_to_vec()
        }
        Event::Opened { deadline, closes_at, answer_at, debate_at, initiator_counts, policy, .. } => {
            let terms = opened(policy, *answer_at, *debate_at, *initiator_counts);
            let (deadline, closes_at) = (deadline.to_string(), closes_at.millis());
            proto::PetitionOpened { dialogue_id, deadline, closes_at, ..terms }.encode_to_vec()
        }
        Event::CountingStarted { closed_at, until, how, .. } => {
            let (closed_at, until, how) = (closed_at.millis(), until.millis(), how_out(*how).into());
            let public = proto::PetitionCountingStarted { dialogue_id, closed_at, until, how };
            public.encode_to_vec()
        }
        Event::Closed { closed_at, how, .. } => {
            let (closed_at, how) = (closed_at.millis(), how_out(*how).into());
            proto::PetitionClosed { dialogue_id, closed_at, how }.encode_to_vec()
        }
        Event::Withdrawn { was_public, .. } => {
            proto::PetitionWithdrawn { dialogue_id, was_public: *was_public }.encode_to_vec()
        }
        Event::Expired { draft, .. } => {
            let public = proto::PetitionExpired { dialogue_id, was_draft: draft.is_some() };
            public.encode_to_vec()
        }
        Event::Course(event) => course::public_out(event, dialogue_id),
        Event::Support(event) => support::public_out(event, dialogue_id),
        Event::Coinitiator(event) => coinitiator::public_out(event, dialogue_id),
        Event::Attachment(event) => attached::public_out(event, dialogue_id),
        Event::ThresholdReached { threshold, count, count_position, .. }
        | Event::ThresholdLost { threshold, count, count_position, .. } => {
            // Reached and lost have the same fields.
            let (threshold, count, count_position) =
                (threshold_out(*threshold).into(), *count, *count_position);
            proto::PetitionThresholdReached { dialogue_id, threshold, count, count_position }.encode_to_vec()
        }
        Event::Answer(event) => answer::public_out(event, dialogue_id),
        Event::Hearing(event) => hearing::public_out(event, dialogue_id),
        Event::Erased { second, what, .. } => {
            let (what, second) = (erasable_out(*what).into(), second.as_bytes().to_vec());
            proto::PetitionErased { dialogue_id, what, second }.encode_to_vec()
        }
    }
}

/// What is sealed, and under what.
fn sealed_out(event: &Event) -> Vec<Plain> {
    match event {
        Event::Drafted { key, content, owner, .. } => vec![
            plain(1, *key, false, content.known().map(draft_out).unwrap_or_default()),
            plain(2, *key, false, tag_out(owner.known().copied())),
        ],
        Event::Submitted(event) => {
            content_out(&event.content, event.keys.document).into_iter().chain(people_out(event)).collect()
        }
        Event::Resubmitted { document, content, .. } => content_out(content, *document).into(),
        Event::Returned { record, decision, .. }
        | Event::Rejected { record, decision, .. }
        | Event::Hidden { record, decision, .. } => decision_out(decision, *record),
        Event::Approved { document, url_key, record, ground, .. } => {
            vec![text(1, *record, false, ground), text(5, *document, true, url_key)]
        }
        Event::Opened { document, url_key, .. } => vec![text(5, *document, true, url_key)],
        Event::Withdrawn { record: Some(record), ground, assisted, .. } => {
            let how = assisted.iter().map(|how| kept_out(2, *record, how));
            std::iter::once(text(1, *record, false, ground)).chain(how).collect()
        }
        Event::Withdrawn { record: None, .. } => Vec::new(),
        Event::Answer(event) => answer::sealed_out(event),
        Event::Hearing(event) => hearing::sealed_out(event),
        Event::Course(event) => course::sealed_out(event),
        Event::Support(event) => support::sealed_out(event),
        Event::Coinitiator(event) => coinitiator::sealed_out(event),
        Event::Attachment(event) => attached::sealed_out(event),
        Event::Erased { record, ground, .. } => vec![text(1, *record, false, ground)],
        Event::InitiatorConfirmed { .. }
        | Event::CountingStarted { .. }
        | Event::Closed { .. }
        | Event::Expired { .. }
        | Event::ThresholdReached { .. }
        | Event::ThresholdLost { .. } => Vec::new(),
    }
}

fn submitted(event: &Submitted) -> proto::PetitionSubmitted {
    proto::PetitionSubmitted {
        dialogue_id: dialogue_out(event.dialogue),
        expires_at: event.expires_at.millis(),
        register: Some(register_out(event.register)),
        policy: Some(policy_out(&event.policy)),
        length: Some(length_out(event.length)),
        by_eid: event.by_eid,
        terms: event.terms.clone(),
    }
}

/// The terms a petition opens under; the caller sets the rest.
fn opened(
    policy: &(String, u32),
    answer_at: u64,
    debate_at: u64,
    initiator_counts: bool,
) -> proto::PetitionOpened {
    let (policy, policy_version) = policy.clone();
    proto::PetitionOpened { answer_at, debate_at, initiator_counts, policy, policy_version, ..<_>::default() }
}

const fn how_out(how: How) -> proto::How {
    match how {
        How::Deadline => proto::How::Deadline,
        How::Early => proto::How::Early,
        How::HandedIn => proto::How::HandedIn,
    }
}

const fn threshold_out(threshold: Threshold) -> proto::Threshold {
    match threshold {
        Threshold::Answer => proto::Threshold::Answer,
        Threshold::Debate => proto::Threshold::Debate,
    }
}

const fn erasable_out(what: Erasable) -> proto::Erasable {
    match what {
        Erasable::Document => proto::Erasable::Document,
        Erasable::Initiator => proto::Erasable::Initiator,
        Erasable::Coinitiator => proto::Erasable::Coinitiator,
        Erasable::FormerInitiators => proto::Erasable::FormerInitiators,
    }
}
