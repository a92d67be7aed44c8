//! The events of a petition's course as protobuf.

use prost::Message as _;
use radslag_kernel::{Malformed, Plain, Role, Stored};
use radslag_proto::petitions as proto;

use super::sealed;
use crate::{
    petition::{
        self,
        course::{Classes, Event, Fate, Instead},
    },
    wire::fields::{Fields as _, date_in, instant, subject_in, text},
};

/// Its type, as it stands in the header.
pub(super) const fn kind(event: &Event) -> &'static str {
    match event {
        Event::TakenDown { .. } => "petition.taken_down",
        Event::Restored { .. } => "petition.restored",
        Event::Reopened { .. } => "petition.reopened",
        Event::Paused { .. } => "petition.paused",
        Event::Resumed { .. } => "petition.resumed",
        Event::Stopped { .. } => "petition.stopped",
        Event::RedirectProposed { .. } => "petition.redirect_proposed",
        Event::Redirected { .. } => "petition.redirected",
        Event::RedirectDeclined { .. } => "petition.redirect_declined",
        Event::DecisionDue { .. } => "petition.decision_due",
        Event::ElectorateFixed { .. } => "petition.electorate_fixed",
        Event::Classified { .. } => "petition.classified",
    }
}

/// What everybody may know for ever.
pub(super) fn public_out(event: &Event, dialogue_id: Option<Vec<u8>>) -> Vec<u8> {
    match event {
        Event::TakenDown { second, role, fate, was_public, .. } => {
            let (second, role) = (second.as_bytes().to_vec(), *role as u32);
            let (fate, was_public) = (fate_out(*fate).into(), *was_public);
            proto::PetitionTakenDown { dialogue_id, second, role, fate, was_public }.encode_to_vec()
        }
        Event::Restored { review_by, .. } => {
            proto::PetitionRestored { dialogue_id, review_by: review_by.to_string() }.encode_to_vec()
        }
        Event::Reopened { closes_at, .. } => {
            proto::PetitionReopened { dialogue_id, closes_at: closes_at.millis() }.encode_to_vec()
        }
        Event::Paused { .. } => proto::PetitionPaused { dialogue_id }.encode_to_vec(),
        Event::Resumed { last_day, deadline, closes_at, .. } => {
            let (last_day, deadline) = (last_day.to_string(), deadline.to_string());
            let closes_at = closes_at.millis();
            proto::PetitionResumed { dialogue_id, last_day, deadline, closes_at }.encode_to_vec()
        }
        Event::Stopped { .. } => proto::PetitionStopped { dialogue_id }.encode_to_vec(),
        Event::RedirectProposed { instead, .. } => {
            let instead = instead_out(*instead).into();
            proto::PetitionRedirectProposed { dialogue_id, instead }.encode_to_vec()
        }
        Event::Redirected { .. } | Event::RedirectDeclined { .. } => {
            proto::PetitionRedirectAnswered { dialogue_id }.encode_to_vec()
        }
        Event::DecisionDue { decide_by, .. } => {
            proto::PetitionDecisionDue { dialogue_id, decide_by: decide_by.to_string() }.encode_to_vec()
        }
        Event::ElectorateFixed { voters, answer_at, .. } => {
            let (voters, answer_at) = (*voters, *answer_at);
            proto::PetitionElectorateFixed { dialogue_id, voters, answer_at }.encode_to_vec()
        }
        Event::Classified { classes, .. } => {
            let Classes { area, committee, topics } = classes.clone();
            proto::PetitionClassified { dialogue_id, area, committee, topics }.encode_to_vec()
        }
    }
}

/// What is sealed, and under what.
pub(super) fn sealed_out(event: &Event) -> Vec<Plain> {
    match event {
        Event::TakenDown { record, decision, .. } => sealed::decision_out(decision, *record),
        Event::Restored { record, ground, .. }
        | Event::Reopened { record, ground, .. }
        | Event::ElectorateFixed { record, ground, .. }
        | Event::Classified { record, ground, .. } => {
            vec![text(1, *record, false, ground)]
        }
        Event::RedirectProposed { record, to, ground, .. } => {
            vec![text(1, *record, false, ground), text(2, *record, false, to)]
        }
        Event::Paused { .. }
        | Event::Resumed { .. }
        | Event::Stopped { .. }
        | Event::Redirected { .. }
        | Event::RedirectDeclined { .. }
        | Event::DecisionDue { .. } => Vec::new(),
    }
}

const fn instead_out(instead: Instead) -> proto::Instead {
    match instead {
        Instead::Authority => proto::Instead::Authority,
        Instead::FaultReport => proto::Instead::FaultReport,
        Instead::Comment => proto::Instead::Comment,
    }
}

const fn fate_out(fate: Fate) -> proto::Fate {
    match fate {
        Fate::Rejected => proto::Fate::Rejected,
        Fate::Hidden => proto::Fate::Hidden,
        Fate::Removed => proto::Fate::Removed,
    }
}

/// The event of stored bytes.
pub(super) fn decode(stored: &Stored<'_>) -> Result<petition::Event, Malformed> {
    course(stored).map(petition::Event::Course)
}

fn course(stored: &Stored<'_>) -> Result<Event, Malformed> {
    let (at, by) = (stored.at, stored.by);
    match stored.kind {
        "petition.taken_down" => {
            let message: proto::PetitionTakenDown = stored.message(1)?;
            let fate = match message.fate() {
                proto::Fate::Rejected => Fate::Rejected,
                proto::Fate::Hidden => Fate::Hidden,
                proto::Fate::Removed => Fate::Removed,
                proto::Fate::Unspecified => return Err(Malformed("taken down to nothing".into())),
            };
            let role = Role::from_number(message.role).ok_or_else(|| Malformed("no such role".into()))?;
            let (second, was_public) = (subject_in(&message.second)?, message.was_public);
            let (keys, record, decision) =
                (stored.erased.to_vec(), stored.key(3)?, sealed::decision_in(stored)?);
            Ok(Event::TakenDown { at, by, second, role, fate, was_public, keys, record, decision })
        }
        "petition.restored" => {
            let message: proto::PetitionRestored = stored.message(1)?;
            let review_by = date_in(&message.review_by)?;
            Ok(Event::Restored { at, by, review_by, record: stored.key(1)?, ground: stored.text(1)? })
        }
        "petition.reopened" => {
            let message: proto::PetitionReopened = stored.message(1)?;
            let (closes_at, record, ground) = (instant(message.closes_at), stored.key(1)?, stored.text(1)?);
            Ok(Event::Reopened { at, by, closes_at, record, ground })
        }
        "petition.paused" => {
            let _: proto::PetitionPaused = stored.message(1)?;
            Ok(Event::Paused { at: stored.at })
        }
        "petition.resumed" => {
            let message: proto::PetitionResumed = stored.message(1)?;
            let (last_day, deadline) = (date_in(&message.last_day)?, date_in(&message.deadline)?);
            Ok(Event::Resumed { at: stored.at, last_day, deadline, closes_at: instant(message.closes_at) })
        }
        "petition.stopped" => {
            let _: proto::PetitionStopped = stored.message(1)?;
            Ok(Event::Stopped { at: stored.at })
        }
        _other => published(stored),
    }
}

/// Redirected, or what a policy without a fixed number of signatures needs.
fn published(stored: &Stored<'_>) -> Result<Event, Malformed> {
    let (at, by) = (stored.at, stored.by);
    match stored.kind {
        "petition.redirect_proposed" => {
            let message: proto::PetitionRedirectProposed = stored.message(1)?;
            let instead = match message.instead() {
                proto::Instead::Authority => Instead::Authority,
                proto::Instead::FaultReport => Instead::FaultReport,
                proto::Instead::Comment => Instead::Comment,
                proto::Instead::Unspecified => return Err(Malformed("redirected to nothing".into())),
            };
            let (to, record, ground) = (stored.text(2)?, stored.key(1)?, stored.text(1)?);
            Ok(Event::RedirectProposed { at, by, instead, to, record, ground })
        }
        "petition.redirected" => {
            let _: proto::PetitionRedirectAnswered = stored.message(1)?;
            Ok(Event::Redirected { at })
        }
        "petition.redirect_declined" => {
            let _: proto::PetitionRedirectAnswered = stored.message(1)?;
            Ok(Event::RedirectDeclined { at })
        }
        "petition.decision_due" => {
            let message: proto::PetitionDecisionDue = stored.message(1)?;
            Ok(Event::DecisionDue { at, decide_by: date_in(&message.decide_by)? })
        }
        "petition.electorate_fixed" => {
            let message: proto::PetitionElectorateFixed = stored.message(1)?;
            let (voters, answer_at) = (message.voters, message.answer_at);
            let (record, ground) = (stored.key(1)?, stored.text(1)?);
            Ok(Event::ElectorateFixed { at, by, voters, answer_at, record, ground })
        }
        "petition.classified" => {
            let proto::PetitionClassified { area, committee, topics, dialogue_id: _ } = stored.message(1)?;
            let classes = Classes { area, committee, topics };
            Ok(Event::Classified { at, by, classes, record: stored.key(1)?, ground: stored.text(1)? })
        }
        unknown => Err(Malformed(format!("unknown type {unknown:?}"))),
    }
}
