//! Refusals and failures as problems: one exhaustive match from rule to status.

use axum::{
    Json,
    http::StatusCode,
    response::{IntoResponse, Response},
};
use radslag_runtime::{Problem, http::ReadTag};
use serde::Serialize;
use utoipa::ToSchema;

use crate::{
    comment, inquiry, petition,
    shell::{Done, Office, Wrong},
    signature,
    text::Fault,
};

/// What an official's act wrote.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub(crate) struct Written {
    /// Position of its last event, `origin.position`; nothing if there was nothing to write.
    pub(crate) position: Option<String>,
    /// The stream's version after it, for `If-Match`.
    pub(crate) version: u64,
    /// It had been done before by the same `Idempotency-Key`.
    pub(crate) repeated: bool,
}

/// The answer to an official's act.
pub(super) fn written(done: &Done) -> Response {
    let position = done.at.map(|(origin, position)| format!("{origin}.{position}"));
    Json(Written { position, version: done.version, repeated: done.repeated }).into_response()
}

impl From<Wrong> for Problem {
    fn from(wrong: Wrong) -> Self {
        match wrong {
            Wrong::Unknown => Self::not_found(),
            Wrong::VersionChanged => Self::version_changed(),
            Wrong::KeyReused => Self::new(StatusCode::UNPROCESSABLE_ENTITY, "idempotency-key-reused"),
            Wrong::Petition(rule) => of_petition(rule),
            Wrong::Signature(rule) => of_signature(rule),
            Wrong::Comment(rule) => of_comment(rule),
            Wrong::Inquiry(rule) => of_inquiry(rule),
        }
    }
}

fn of_petition(rule: petition::Refusal) -> Problem {
    use petition::Refusal;
    let status = match rule {
        Refusal::UnknownPetition | Refusal::NotTheInitiator => return Problem::not_found(),
        Refusal::Text(field, fault) => return text(&format!("{field:?}"), fault),
        Refusal::ConflictOfInterest | Refusal::EidRequired | Refusal::NotRegistered => StatusCode::FORBIDDEN,
        Refusal::GroundMissing
        | Refusal::SamePersonTwice
        | Refusal::NoWayToReach
        | Refusal::LengthNotAllowed
        | Refusal::UrlKeyMalformed
        | Refusal::UrlKeyMissing
        | Refusal::CodeMissing
        | Refusal::UnknownCode
        | Refusal::CodeHides
        | Refusal::CodeDoesNotHide
        | Refusal::OpeningInThePast
        | Refusal::OpeningTooFarAhead
        | Refusal::DeadlineBeforeOpening => StatusCode::UNPROCESSABLE_ENTITY,
        Refusal::AlreadyHandedIn
        | Refusal::UrlKeyTaken
        | Refusal::NotSubmitted
        | Refusal::NotInReview
        | Refusal::NotReturned
        | Refusal::SecondRefusalIsFinal
        | Refusal::AlreadyOver
        | Refusal::AlreadyHandedOver
        | Refusal::NotOpened
        | Refusal::NoSuchThreshold
        | Refusal::ThresholdNotCrossed
        | Refusal::AlreadyErased => StatusCode::CONFLICT,
    };
    Problem::new(status, rule.code())
}

fn of_signature(rule: signature::Refusal) -> Problem {
    use signature::Refusal;
    let status = match rule {
        Refusal::UnknownSignature => return Problem::not_found(),
        Refusal::Text(field, fault) => return text(&format!("{field:?}"), fault),
        Refusal::MethodNotAllowed => {
            return Problem::new(StatusCode::FORBIDDEN, "signing-method-not-allowed");
        }
        Refusal::AliasNotAllowed
        | Refusal::AnonymousNotAllowed
        | Refusal::GroundMissing
        | Refusal::SamePersonTwice => StatusCode::UNPROCESSABLE_ENTITY,
        Refusal::InitiatorSigns => StatusCode::FORBIDDEN,
        Refusal::LinkExpired => StatusCode::GONE,
        Refusal::NotOpen
        | Refusal::AlreadySigned
        | Refusal::NotConfirmed
        | Refusal::NotSuspected
        | Refusal::NotInvalidated
        | Refusal::NotYetExpired
        | Refusal::AlreadyErased => StatusCode::CONFLICT,
    };
    Problem::new(status, rule.code())
}

fn of_comment(rule: comment::Refusal) -> Problem {
    use comment::Refusal;
    let status = match rule {
        Refusal::UnknownComment => return Problem::not_found(),
        Refusal::Text(field, fault) => return text(&format!("{field:?}"), fault),
        Refusal::CommentsNotAllowed | Refusal::ConflictOfInterest | Refusal::OwnComment => {
            StatusCode::FORBIDDEN
        }
        Refusal::UnknownParent
        | Refusal::ReplyToReply
        | Refusal::AliasNotAllowed
        | Refusal::AnonymousNotAllowed
        | Refusal::GroundMissing
        | Refusal::CodeMissing
        | Refusal::UnknownCode
        | Refusal::SamePersonTwice => StatusCode::UNPROCESSABLE_ENTITY,
        Refusal::LinkExpired => StatusCode::GONE,
        Refusal::NotOpen
        | Refusal::SaidBefore
        | Refusal::NotYetExpired
        | Refusal::NotToDecide
        | Refusal::NotRefused
        | Refusal::AlreadyOver
        | Refusal::AlreadyReported
        | Refusal::AlreadyErased => StatusCode::CONFLICT,
    };
    Problem::new(status, rule.code())
}

fn of_inquiry(rule: inquiry::Refusal) -> Problem {
    use inquiry::Refusal;
    let status = match rule {
        Refusal::UnknownInquiry | Refusal::NotTheAsker => return Problem::not_found(),
        Refusal::Text(field, fault) => return text(&format!("{field:?}"), fault),
        Refusal::NotTaken | Refusal::NotYours | Refusal::ConflictOfInterest => StatusCode::FORBIDDEN,
        Refusal::NoWayToReach
        | Refusal::GroundMissing
        | Refusal::CodeMissing
        | Refusal::UnknownCode
        | Refusal::SamePersonTwice => StatusCode::UNPROCESSABLE_ENTITY,
        Refusal::LinkExpired => StatusCode::GONE,
        Refusal::NotYetExpired
        | Refusal::NotInReview
        | Refusal::NotAccepted
        | Refusal::NotAssigned
        | Refusal::AlreadyTheirs
        | Refusal::AskedInPrivate
        | Refusal::NotAnswered
        | Refusal::AlreadyAnswered
        | Refusal::AlreadyOver
        | Refusal::AlreadyErased => StatusCode::CONFLICT,
    };
    Problem::new(status, rule.code())
}

fn text(field: &str, fault: Fault) -> Problem {
    let field = field.to_lowercase();
    Problem::new(StatusCode::UNPROCESSABLE_ENTITY, "text-not-allowed").field(field).detail(fault.code())
}

/// The tag of a petition's read.
pub(super) fn tag(office: &Office, petition: radslag_kernel::AggregateId) -> ReadTag {
    let count = office.counts.get(petition).unwrap_or_default();
    ReadTag { version: count.version, count_position: count.position.map_or(0, |(_, position)| position) }
}
