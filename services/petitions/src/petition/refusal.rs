//! Why a petition's command is refused: one value a rule, with a code that never changes.

use std::fmt;

use crate::text::Fault;

/// A field of a petition.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Field {
    /// Of the content.
    Title,
    /// Of the content.
    Body,
    /// Of the content.
    Background,
    /// Of the initiator.
    Name,
    /// Of the initiator.
    PublicName,
    /// Of the initiator.
    Mailbox,
    /// Of the initiator.
    Postcode,
    /// Of a decision.
    Text,
    /// Of a withdrawal.
    Reason,

    /// Of a handover.
    Committee,
    /// Of a receipt.
    CaseNumber,
    /// To the initiator.
    Question,
    /// Of the initiator.
    Reply,
    /// Of a hearing.
    Place,
    /// Of an answer or a hearing.
    Link,
}

/// The rule that forbids it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Refusal {
    /// No petition has that id.
    UnknownPetition,
    /// It was handed in already.
    AlreadyHandedIn,
    /// Only who started it may do this.
    NotTheInitiator,
    /// The moderator started or signed it.
    ConflictOfInterest,
    /// An official's act has a ground.
    GroundMissing,
    /// Erasing takes two officials.
    SamePersonTwice,
    /// The initiator must prove themselves by eID.
    EidRequired,
    /// The initiator must be in the population register.
    NotRegistered,
    /// The initiator gave no mailbox and no eID.
    NoWayToReach,
    /// A text breaks a rule of its field.
    Text(Field, Fault),
    /// The length isn't one of the policy's.
    LengthNotAllowed,
    /// 6 to 40 of a-z, 0-9 and -.
    UrlKeyMalformed,
    /// Nobody chose one.
    UrlKeyMissing,
    /// Another petition has it.
    UrlKeyTaken,
    /// It isn't waiting for its initiator.
    NotSubmitted,
    /// It isn't in review.
    NotInReview,
    /// It wasn't returned.
    NotReturned,
    /// It was returned once; now it is rejected or hidden.
    SecondRefusalIsFinal,
    /// A refusal has a code.
    CodeMissing,
    /// Not in the catalogue.
    UnknownCode,
    /// The code hides the text: hide the petition.
    CodeHides,
    /// None of the codes hides the text: reject the petition.
    CodeDoesNotHide,
    /// An opening is planned for today or later.
    OpeningInThePast,
    /// Further ahead than the policy lets plan.
    OpeningTooFarAhead,
    /// The chosen end lies before the opening.
    DeadlineBeforeOpening,
    /// It is over.
    AlreadyOver,
    /// That committee has it already.
    AlreadyHandedOver,
    /// It was never open.
    NotOpened,
    /// The policy has no such threshold.
    NoSuchThreshold,
    /// The count doesn't stand where the command says.
    ThresholdNotCrossed,
    /// Its texts were destroyed.
    AlreadyErased,
    /// Another moderator is at work on it.
    LockedByAnother,

    /// No answer is due: the threshold isn't reached, or it was never open.
    NotDue,
    /// No committee is named.
    CommitteeMissing,
    /// An answer is wanted today or later.
    AnswerDateInThePast,
    /// The answer has no such part.
    UnknownPart,
    /// The part isn't waiting for a receipt.
    ReceiptNotAwaited,
    /// The committee isn't working on the part.
    NotInProcess,
    /// The initiator gets from one day to a year.
    ReplyDateNotAllowed,
    /// Nobody asked the initiator anything.
    InitiatorNotAsked,
    /// It isn't answered.
    NotAnswered,
    /// Every part is answered.
    AlreadyAnswered,
    /// What came of it has come by today.
    DateInTheFuture,
    /// The initiator doesn't want it back.
    WithdrawalNotRequested,
    /// A link begins with https:// or http:// and has no spaces.
    LinkMalformed,
    /// No hearing is awaited.
    HearingNotAwaited,
    /// A hearing is scheduled ahead.
    HearingInThePast,
    /// The hearing has no date.
    HearingNotScheduled,
    /// The hearing hasn't begun.
    HearingNotYet,
    /// The hearing wasn't held.
    HearingNotHeld,

    /// Only what was published or refused is taken down.
    NothingToTakeDown,
    /// It wasn't refused or taken down.
    NotRefused,
    /// What was removed is gone for good.
    RemovedForGood,
    /// Restoring takes a higher role than the one that refused.
    HigherRoleNeeded,
    /// It takes no supporters, or no more.
    NoSupportersSought,
    /// As many as there may be before review.
    SupportersFull,
    /// By eID: told at once.
    AlreadySupports,
    /// By eID: who started it is no supporter.
    InitiatorSupports,
    /// The link isn't of this supporter.
    NotTheSupporter,
    /// The time to confirm is over.
    SupportExpired,
    /// No such supporter counts.
    UnknownSupporter,
    /// How many may vote was entered and stays.
    ElectorateFrozen,
    /// Nobody may vote.
    ElectorateEmpty,
    /// Nobody asked the initiator whether it should go elsewhere.
    NoRedirectProposed,
}

impl Refusal {
    /// Stable, kebab-case, for answers.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::UnknownPetition => "unknown-petition",
            Self::AlreadyHandedIn => "already-handed-in",
            Self::NotTheInitiator => "not-the-initiator",
            Self::ConflictOfInterest => "conflict-of-interest",
            Self::GroundMissing => "ground-missing",
            Self::SamePersonTwice => "same-person-twice",
            Self::EidRequired => "eid-required",
            Self::NotRegistered => "not-registered",
            Self::NoWayToReach => "no-way-to-reach",
            Self::Text(..) => "text-not-allowed",
            Self::LengthNotAllowed => "length-not-allowed",
            Self::UrlKeyMalformed => "url-key-malformed",
            Self::UrlKeyMissing => "url-key-missing",
            Self::UrlKeyTaken => "url-key-taken",
            Self::NotSubmitted => "not-submitted",
            Self::NotInReview => "not-in-review",
            Self::NotReturned => "not-returned",
            Self::SecondRefusalIsFinal => "second-refusal-is-final",
            Self::CodeMissing => "code-missing",
            Self::UnknownCode => "unknown-code",
            Self::CodeHides => "code-hides",
            Self::CodeDoesNotHide => "code-does-not-hide",
            Self::OpeningInThePast => "opening-in-the-past",
            Self::OpeningTooFarAhead => "opening-too-far-ahead",
            Self::DeadlineBeforeOpening => "deadline-before-opening",
            Self::AlreadyOver => "already-over",
            Self::AlreadyHandedOver => "already-handed-over",
            Self::NotOpened => "not-opened",
            Self::NoSuchThreshold => "no-such-threshold",
            Self::ThresholdNotCrossed => "threshold-not-crossed",
            Self::AlreadyErased => "already-erased",
            Self::LockedByAnother => "locked-by-another",

            Self::NotDue => "not-due",
            Self::CommitteeMissing => "committee-missing",
            Self::AnswerDateInThePast => "answer-date-in-the-past",
            Self::UnknownPart => "unknown-part",
            Self::ReceiptNotAwaited => "receipt-not-awaited",
            Self::NotInProcess => "not-in-process",
            Self::ReplyDateNotAllowed => "reply-date-not-allowed",
            Self::InitiatorNotAsked => "initiator-not-asked",
            Self::NotAnswered => "not-answered",
            Self::AlreadyAnswered => "already-answered",
            Self::DateInTheFuture => "date-in-the-future",
            Self::WithdrawalNotRequested => "withdrawal-not-requested",
            Self::LinkMalformed => "link-malformed",
            Self::HearingNotAwaited => "hearing-not-awaited",
            Self::HearingInThePast => "hearing-in-the-past",
            Self::HearingNotScheduled => "hearing-not-scheduled",
            Self::HearingNotYet => "hearing-not-yet",
            Self::HearingNotHeld => "hearing-not-held",

            Self::NothingToTakeDown => "nothing-to-take-down",
            Self::NotRefused => "not-refused",
            Self::RemovedForGood => "removed-for-good",
            Self::HigherRoleNeeded => "higher-role-needed",
            Self::NoSupportersSought => "no-supporters-sought",
            Self::SupportersFull => "supporters-full",
            Self::AlreadySupports => "already-supports",
            Self::InitiatorSupports => "initiator-supports",
            Self::NotTheSupporter => "not-the-supporter",
            Self::SupportExpired => "support-expired",
            Self::UnknownSupporter => "unknown-supporter",
            Self::ElectorateFrozen => "electorate-frozen",
            Self::ElectorateEmpty => "electorate-empty",
            Self::NoRedirectProposed => "no-redirect-proposed",
        }
    }
}

impl fmt::Display for Refusal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.code())
    }
}

impl std::error::Error for Refusal {}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_code_never_changes() {
        for (refusal, code) in [
            (Refusal::UnknownPetition, "unknown-petition"),
            (Refusal::AlreadyHandedIn, "already-handed-in"),
            (Refusal::NotTheInitiator, "not-the-initiator"),
            (Refusal::ConflictOfInterest, "conflict-of-interest"),
            (Refusal::GroundMissing, "ground-missing"),
            (Refusal::SamePersonTwice, "same-person-twice"),
            (Refusal::EidRequired, "eid-required"),
            (Refusal::NotRegistered, "not-registered"),
            (Refusal::NoWayToReach, "no-way-to-reach"),
            (Refusal::Text(Field::Title, Fault::Url), "text-not-allowed"),
            (Refusal::LengthNotAllowed, "length-not-allowed"),
            (Refusal::UrlKeyMalformed, "url-key-malformed"),
            (Refusal::UrlKeyMissing, "url-key-missing"),
            (Refusal::UrlKeyTaken, "url-key-taken"),
            (Refusal::NotSubmitted, "not-submitted"),
            (Refusal::NotInReview, "not-in-review"),
            (Refusal::NotReturned, "not-returned"),
            (Refusal::SecondRefusalIsFinal, "second-refusal-is-final"),
            (Refusal::CodeMissing, "code-missing"),
            (Refusal::UnknownCode, "unknown-code"),
            (Refusal::CodeHides, "code-hides"),
            (Refusal::CodeDoesNotHide, "code-does-not-hide"),
            (Refusal::OpeningInThePast, "opening-in-the-past"),
            (Refusal::OpeningTooFarAhead, "opening-too-far-ahead"),
            (Refusal::DeadlineBeforeOpening, "deadline-before-opening"),
            (Refusal::AlreadyOver, "already-over"),
            (Refusal::AlreadyHandedOver, "already-handed-over"),
            (Refusal::NotOpened, "not-opened"),
            (Refusal::NoSuchThreshold, "no-such-threshold"),
            (Refusal::ThresholdNotCrossed, "threshold-not-crossed"),
            (Refusal::AlreadyErased, "already-erased"),
            (Refusal::LockedByAnother, "locked-by-another"),
            (Refusal::NotDue, "not-due"),
            (Refusal::CommitteeMissing, "committee-missing"),
            (Refusal::AnswerDateInThePast, "answer-date-in-the-past"),
            (Refusal::UnknownPart, "unknown-part"),
            (Refusal::ReceiptNotAwaited, "receipt-not-awaited"),
            (Refusal::NotInProcess, "not-in-process"),
            (Refusal::ReplyDateNotAllowed, "reply-date-not-allowed"),
            (Refusal::InitiatorNotAsked, "initiator-not-asked"),
            (Refusal::NotAnswered, "not-answered"),
            (Refusal::AlreadyAnswered, "already-answered"),
            (Refusal::DateInTheFuture, "date-in-the-future"),
            (Refusal::WithdrawalNotRequested, "withdrawal-not-requested"),
            (Refusal::LinkMalformed, "link-malformed"),
            (Refusal::HearingNotAwaited, "hearing-not-awaited"),
            (Refusal::HearingInThePast, "hearing-in-the-past"),
            (Refusal::HearingNotScheduled, "hearing-not-scheduled"),
            (Refusal::HearingNotYet, "hearing-not-yet"),
            (Refusal::HearingNotHeld, "hearing-not-held"),
            (Refusal::NothingToTakeDown, "nothing-to-take-down"),
            (Refusal::NotRefused, "not-refused"),
            (Refusal::RemovedForGood, "removed-for-good"),
            (Refusal::HigherRoleNeeded, "higher-role-needed"),
            (Refusal::NoSupportersSought, "no-supporters-sought"),
            (Refusal::SupportersFull, "supporters-full"),
            (Refusal::AlreadySupports, "already-supports"),
            (Refusal::InitiatorSupports, "initiator-supports"),
            (Refusal::NotTheSupporter, "not-the-supporter"),
            (Refusal::SupportExpired, "support-expired"),
            (Refusal::UnknownSupporter, "unknown-supporter"),
            (Refusal::ElectorateFrozen, "electorate-frozen"),
            (Refusal::ElectorateEmpty, "electorate-empty"),
            (Refusal::NoRedirectProposed, "no-redirect-proposed"),
        ] {
            assert_eq!(refusal.to_string(), code);
        }
    }
}
