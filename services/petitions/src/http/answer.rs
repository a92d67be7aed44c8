//! Refusals and failures as problems: one exhaustive match from rule to status.

use axum::{
    Json,
    http::StatusCode,
    response::{IntoResponse, Response},
};
use radslag_kernel::ItemId;
pub(crate) use radslag_runtime::http::Written;
use radslag_runtime::{Problem, http::ReadTag};

use crate::{
    bulk, comment,
    http::dto,
    inquiry, lists, moderation, objection, paper, petition, session,
    shell::{Done, Office, Wrong},
    signature, signing,
    text::Fault,
};

/// The answer to an official's act.
pub(super) fn written(office: &Office, done: &Done) -> Response {
    Written::answer(office, done)
}

/// The answer to who is told at once what they did.
pub(super) fn received(office: &Office, item: ItemId, done: &Done) -> Response {
    let receipt = receipt_of(office, done);
    let receipt = dto::Receipt { item: item.to_string(), watermark: office.log.watermark(), receipt };
    (StatusCode::CREATED, Json(receipt)).into_response()
}

/// Where the receipt of what was done is; nothing if there was nothing to write.
pub(super) fn receipt_of(office: &Office, done: &Done) -> Option<String> {
    done.at.map(|at| receipt(office, at))
}

/// A stream's version as clients send it back in `If-Match`.
pub(super) fn version(office: &Office, version: u64) -> u64 {
    office.seen(version)
}

/// Where the receipt of an event is.
pub(super) fn receipt(office: &Office, at: (u32, u64)) -> String {
    office.receipt(at)
}

impl From<Wrong> for Problem {
    fn from(wrong: Wrong) -> Self {
        match wrong {
            Wrong::Unknown => Self::not_found(),
            Wrong::Petition(rule) => of_petition(rule),
            Wrong::Signature(rule) => of_signature(rule),
            Wrong::Moderation(rule) => of_moderation(rule),
            Wrong::Signing(rule) => of_signing(rule),
            Wrong::List(rule) => of_list(rule),
            Wrong::Bulk(rule) => of_bulk(rule),
            Wrong::Comment(rule) => of_comment(rule),
            Wrong::Inquiry(rule) => of_inquiry(rule),
            Wrong::Paper(rule) => of_paper(rule),
            Wrong::Session(rule) => of_session(rule),
            Wrong::Assisted(rule) => Self::new(StatusCode::UNPROCESSABLE_ENTITY, rule.code()),
            Wrong::Objection(rule) => of_objection(rule),
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
        | Refusal::AlreadyErased
        | Refusal::LockedByAnother
        | Refusal::InitiatorNotAsked => StatusCode::CONFLICT,
        Refusal::NotDue | Refusal::ReceiptNotAwaited | Refusal::NotInProcess => StatusCode::CONFLICT,
        Refusal::NotAnswered | Refusal::AlreadyAnswered | Refusal::HearingNotHeld => StatusCode::CONFLICT,
        Refusal::WithdrawalNotRequested | Refusal::HearingNotAwaited => StatusCode::CONFLICT,
        Refusal::HearingNotScheduled | Refusal::HearingNotYet => StatusCode::CONFLICT,
        Refusal::UnknownPart => StatusCode::NOT_FOUND,
        Refusal::CommitteeMissing
        | Refusal::AnswerDateInThePast
        | Refusal::ReplyDateNotAllowed
        | Refusal::DateInTheFuture
        | Refusal::HearingInThePast => StatusCode::UNPROCESSABLE_ENTITY,
        Refusal::ElectorateEmpty | Refusal::CoinitiatorIsInitiator => StatusCode::UNPROCESSABLE_ENTITY,
        Refusal::LinkMalformed | Refusal::AttachmentInfected => StatusCode::UNPROCESSABLE_ENTITY,
        Refusal::LinkNotAllowed | Refusal::TooManyLinks => StatusCode::UNPROCESSABLE_ENTITY,
        Refusal::UnknownClass | Refusal::TooManyTopics => StatusCode::UNPROCESSABLE_ENTITY,
        Refusal::NotTheSupporter | Refusal::UnknownSupporter => return Problem::not_found(),
        Refusal::NotTheCoinitiator | Refusal::UnknownAttachment => return Problem::not_found(),
        Refusal::HigherRoleNeeded | Refusal::InitiatorSupports => StatusCode::FORBIDDEN,
        Refusal::SupportExpired => StatusCode::GONE,
        Refusal::NothingToTakeDown | Refusal::NotRefused | Refusal::RemovedForGood => StatusCode::CONFLICT,
        Refusal::ElectorateFrozen | Refusal::NoRedirectProposed => StatusCode::CONFLICT,
        Refusal::NoCoinitiator | Refusal::NamingNotAccepted | Refusal::SomebodyElses => StatusCode::CONFLICT,
        Refusal::NotPublished
        | Refusal::NoSupportersSought
        | Refusal::SupportersFull
        | Refusal::AlreadySupports
        | Refusal::InitiatorNotConfirmed
        | Refusal::CoinitiatorNamedAlready
        | Refusal::TooManyNamings => StatusCode::CONFLICT,
        Refusal::AttachmentsClosed | Refusal::TooManyAttachments => StatusCode::CONFLICT,
        Refusal::AttachmentsNotAllowed | Refusal::LinksNotAllowed => StatusCode::FORBIDDEN,
        Refusal::AttachmentTooLarge => StatusCode::PAYLOAD_TOO_LARGE,
        Refusal::AttachmentKindNotAllowed => StatusCode::UNSUPPORTED_MEDIA_TYPE,
        Refusal::AttachmentsNotScanned => StatusCode::SERVICE_UNAVAILABLE,
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
        | Refusal::VotesAgainstNotAllowed
        | Refusal::AnonymousNotAllowed
        | Refusal::GroundMissing
        | Refusal::SamePersonTwice => StatusCode::UNPROCESSABLE_ENTITY,
        Refusal::InitiatorSigns | Refusal::ConflictOfInterest => StatusCode::FORBIDDEN,
        Refusal::NotTheSigner => StatusCode::CONFLICT,
        Refusal::LinkExpired => StatusCode::GONE,
        Refusal::NotOpen
        | Refusal::AlreadySigned
        | Refusal::NotConfirmed
        | Refusal::NotSuspected
        | Refusal::NotInvalidated
        | Refusal::NotYetExpired
        | Refusal::AlreadyErased
        | Refusal::SigningPaused => StatusCode::CONFLICT,
    };
    Problem::new(status, rule.code())
}

fn of_signing(rule: signing::Refusal) -> Problem {
    use signing::Refusal;
    let status = match rule {
        Refusal::GroundMissing => StatusCode::UNPROCESSABLE_ENTITY,
        Refusal::AlreadyPaused | Refusal::NotPaused => StatusCode::CONFLICT,
    };
    Problem::new(status, rule.code())
}

fn of_moderation(rule: moderation::Refusal) -> Problem {
    use moderation::Refusal;
    let status = match rule {
        Refusal::Note(fault) => return text("text", fault),
        Refusal::GroundMissing => StatusCode::UNPROCESSABLE_ENTITY,
        Refusal::LockedByAnother => StatusCode::CONFLICT,
    };
    Problem::new(status, rule.code())
}

fn of_paper(rule: paper::Refusal) -> Problem {
    use paper::Refusal;
    let status = match rule {
        Refusal::UnknownBatch => return Problem::not_found(),
        Refusal::UnknownLine => StatusCode::NOT_FOUND,
        Refusal::ConflictOfInterest => StatusCode::FORBIDDEN,
        Refusal::ReceivedInTheFuture
        | Refusal::GroundMissing
        | Refusal::LinesMissing
        | Refusal::TooManyLines
        | Refusal::LinesNotInOrder
        | Refusal::SamePersonTwice
        | Refusal::LineNotTaken => StatusCode::UNPROCESSABLE_ENTITY,
        Refusal::PetitionNotSigned
        | Refusal::AlreadyAccepted
        | Refusal::AlreadyChecked
        | Refusal::NotDiffering
        | Refusal::NotChecked
        | Refusal::DifferencesOpen
        | Refusal::ImportUnderWay
        | Refusal::ImportReplaced
        | Refusal::NoImport
        | Refusal::AlreadyUndone
        | Refusal::LineWaits
        | Refusal::AlreadyErased => StatusCode::CONFLICT,
    };
    Problem::new(status, rule.code())
}

fn of_session(rule: session::Refusal) -> Problem {
    use session::Refusal;
    let status = match rule {
        Refusal::Mailbox(fault) => return text("mailbox", fault),
        // As a link that nobody here made.
        Refusal::UnknownLink => return Problem::new(StatusCode::NOT_FOUND, "link-invalid"),
        Refusal::LinkExpired => StatusCode::GONE,
        Refusal::LinkUsed | Refusal::NotYetExpired => StatusCode::CONFLICT,
    };
    Problem::new(status, rule.code())
}

fn of_bulk(rule: bulk::Refusal) -> Problem {
    use bulk::Refusal;
    let status = match rule {
        Refusal::UnknownBulk => return Problem::not_found(),
        Refusal::ConflictOfInterest | Refusal::SecondOfficialMissing => StatusCode::FORBIDDEN,
        Refusal::ConditionsMissing
        | Refusal::ConditionMalformed
        | Refusal::TimeRangeEmpty
        | Refusal::GroundMissing
        | Refusal::NoticeMissing
        | Refusal::SamePersonTwice => StatusCode::UNPROCESSABLE_ENTITY,
        Refusal::NothingMatches | Refusal::NotPrepared | Refusal::NotRunning | Refusal::NotFinished => {
            StatusCode::CONFLICT
        }
    };
    Problem::new(status, rule.code())
}

fn of_list(rule: lists::Refusal) -> Problem {
    use lists::Refusal;
    let status = match rule {
        Refusal::UnknownEntry => return Problem::not_found(),
        Refusal::GroundMissing | Refusal::PatternMalformed | Refusal::PatternTooWide => {
            StatusCode::UNPROCESSABLE_ENTITY
        }
        Refusal::AlreadyListed => StatusCode::CONFLICT,
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
        | Refusal::NotTheAuthor
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

fn of_objection(rule: objection::Refusal) -> Problem {
    use objection::Refusal;
    let status = match rule {
        Refusal::UnknownObjection => return Problem::not_found(),
        Refusal::Text(field, fault) => return text(&format!("{field:?}"), fault),
        Refusal::ConflictOfInterest => StatusCode::FORBIDDEN,
        Refusal::SamePersonTwice | Refusal::GroundMissing => StatusCode::UNPROCESSABLE_ENTITY,
        Refusal::NothingToObjectTo
        | Refusal::AlreadyObjected
        | Refusal::ObjectionTooLate
        | Refusal::AlreadyDecided => StatusCode::CONFLICT,
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
    let count_position = count.position.map_or(0, |(_, position)| position);
    ReadTag { version: count.version, origin: office.log.origin(), count_position }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_rule_of_answers_and_hearings_is_said_in_both_languages() {
        use petition::Refusal::{
            AlreadyAnswered, AnswerDateInThePast, CommitteeMissing, DateInTheFuture, HearingInThePast,
            HearingNotAwaited, HearingNotHeld, HearingNotScheduled, HearingNotYet, InitiatorNotAsked,
            LinkMalformed, NotAnswered, NotDue, NotInProcess, ReceiptNotAwaited, ReplyDateNotAllowed,
            UnknownPart, WithdrawalNotRequested,
        };
        let words: toml::Table = crate::http::PROBLEMS.parse().unwrap();
        for rule in [
            NotDue,
            CommitteeMissing,
            AnswerDateInThePast,
            UnknownPart,
            ReceiptNotAwaited,
            NotInProcess,
            ReplyDateNotAllowed,
            InitiatorNotAsked,
            NotAnswered,
            AlreadyAnswered,
            DateInTheFuture,
            WithdrawalNotRequested,
            LinkMalformed,
            HearingNotAwaited,
            HearingInThePast,
            HearingNotScheduled,
            HearingNotYet,
            HearingNotHeld,
        ] {
            let said = &words[rule.code()];
            assert!(said["title"]["sv"].is_str() && said["title"]["en"].is_str(), "{rule}");
            assert_eq!(
                said["status"].as_integer(),
                Some(of_petition(rule).status().as_u16().into()),
                "{rule}"
            );
        }
    }
}
