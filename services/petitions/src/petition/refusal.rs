//! Why a petition's command is refused: one value a rule, with a code that never changes.

use radslag_kernel::{refusals, text::Fault};

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

refusals! {
    /// No petition has that id.
    UnknownPetition = "unknown-petition",
    /// It was handed in already.
    AlreadyHandedIn = "already-handed-in",
    /// Only who started it may do this.
    NotTheInitiator = "not-the-initiator",
    /// The moderator started or signed it.
    ConflictOfInterest = "conflict-of-interest",
    /// An official's act has a ground.
    GroundMissing = "ground-missing",
    /// Erasing takes two officials.
    SamePersonTwice = "same-person-twice",
    /// The initiator must prove themselves by eID.
    EidRequired = "eid-required",
    /// The initiator must be in the population register.
    NotRegistered = "not-registered",
    /// The initiator gave no mailbox and no eID.
    NoWayToReach = "no-way-to-reach",
    /// A text breaks a rule of its field.
    Text(Field, Fault) = "text-not-allowed",
    /// The length isn't one of the policy's.
    LengthNotAllowed = "length-not-allowed",
    /// 6 to 40 of a-z, 0-9 and -.
    UrlKeyMalformed = "url-key-malformed",
    /// Nobody chose one.
    UrlKeyMissing = "url-key-missing",
    /// Another petition has it.
    UrlKeyTaken = "url-key-taken",
    /// It isn't waiting for its initiator.
    NotSubmitted = "not-submitted",
    /// It isn't in review.
    NotInReview = "not-in-review",
    /// It wasn't returned.
    NotReturned = "not-returned",
    /// It was returned once; now it is rejected or hidden.
    SecondRefusalIsFinal = "second-refusal-is-final",
    /// A refusal has a code.
    CodeMissing = "code-missing",
    /// Not in the catalogue.
    UnknownCode = "unknown-code",
    /// The code hides the text: hide the petition.
    CodeHides = "code-hides",
    /// None of the codes hides the text: reject the petition.
    CodeDoesNotHide = "code-does-not-hide",
    /// An opening is planned for today or later.
    OpeningInThePast = "opening-in-the-past",
    /// Further ahead than the policy lets plan.
    OpeningTooFarAhead = "opening-too-far-ahead",
    /// The chosen end lies before the opening.
    DeadlineBeforeOpening = "deadline-before-opening",
    /// It is over.
    AlreadyOver = "already-over",
    /// That committee has it already.
    AlreadyHandedOver = "already-handed-over",
    /// It was never open.
    NotOpened = "not-opened",
    /// The policy has no such threshold.
    NoSuchThreshold = "no-such-threshold",
    /// The count doesn't stand where the command says.
    ThresholdNotCrossed = "threshold-not-crossed",
    /// Its texts were destroyed.
    AlreadyErased = "already-erased",
    /// Another moderator is at work on it.
    LockedByAnother = "locked-by-another",

    /// No answer is due: the threshold isn't reached, or it was never open.
    NotDue = "not-due",
    /// No committee is named.
    CommitteeMissing = "committee-missing",
    /// An answer is wanted today or later.
    AnswerDateInThePast = "answer-date-in-the-past",
    /// The answer has no such part.
    UnknownPart = "unknown-part",
    /// The part isn't waiting for a receipt.
    ReceiptNotAwaited = "receipt-not-awaited",
    /// The committee isn't working on the part.
    NotInProcess = "not-in-process",
    /// The initiator gets from one day to a year.
    ReplyDateNotAllowed = "reply-date-not-allowed",
    /// Nobody asked the initiator anything.
    InitiatorNotAsked = "initiator-not-asked",
    /// It isn't answered.
    NotAnswered = "not-answered",
    /// Every part is answered.
    AlreadyAnswered = "already-answered",
    /// What came of it has come by today.
    DateInTheFuture = "date-in-the-future",
    /// The initiator doesn't want it back.
    WithdrawalNotRequested = "withdrawal-not-requested",
    /// A link begins with https:// or http:// and has no spaces.
    LinkMalformed = "link-malformed",
    /// No hearing is awaited.
    HearingNotAwaited = "hearing-not-awaited",
    /// A hearing is scheduled ahead.
    HearingInThePast = "hearing-in-the-past",
    /// The hearing has no date.
    HearingNotScheduled = "hearing-not-scheduled",
    /// The hearing hasn't begun.
    HearingNotYet = "hearing-not-yet",
    /// The hearing wasn't held.
    HearingNotHeld = "hearing-not-held",

    /// Only what was published or refused is taken down.
    NothingToTakeDown = "nothing-to-take-down",
    /// It wasn't refused or taken down.
    NotRefused = "not-refused",
    /// What was removed is gone for good.
    RemovedForGood = "removed-for-good",
    /// Restoring takes a higher role than the one that refused.
    HigherRoleNeeded = "higher-role-needed",
    /// It takes no supporters, or no more.
    NoSupportersSought = "no-supporters-sought",
    /// As many as there may be before review.
    SupportersFull = "supporters-full",
    /// By eID: told at once.
    AlreadySupports = "already-supports",
    /// By eID: who started it is no supporter.
    InitiatorSupports = "initiator-supports",
    /// The link isn't of this supporter.
    NotTheSupporter = "not-the-supporter",
    /// The time to confirm is over.
    SupportExpired = "support-expired",
    /// No such supporter counts.
    UnknownSupporter = "unknown-supporter",
    /// How many may vote was entered and stays.
    ElectorateFrozen = "electorate-frozen",
    /// Nobody may vote.
    ElectorateEmpty = "electorate-empty",
    /// Nobody asked the initiator whether it should go elsewhere.
    NoRedirectProposed = "no-redirect-proposed",
    /// Everybody may know its class, so it must be public or about to be.
    NotPublished = "not-published",
    /// An area, committee or topic that the tenant doesn't have.
    UnknownClass = "unknown-class",
    /// Three at most.
    TooManyTopics = "too-many-topics",
    /// Who hands it in didn't confirm that yet.
    InitiatorNotConfirmed = "initiator-not-confirmed",
    /// Somebody is named: take that back first.
    CoinitiatorNamedAlready = "coinitiator-named-already",
    /// Who started it can't be the one who takes over.
    CoinitiatorIsInitiator = "coinitiator-is-initiator",
    /// So many were named that no more are.
    TooManyNamings = "too-many-namings",
    /// Nobody is named.
    NoCoinitiator = "no-coinitiator",
    /// The link isn't of who is named.
    NotTheCoinitiator = "not-the-coinitiator",
    /// They didn't say yes yet.
    NamingNotAccepted = "naming-not-accepted",
    /// Somebody else started it than who is acted for.
    SomebodyElses = "not-their-petition",
    /// The policy takes no files.
    AttachmentsNotAllowed = "attachments-not-allowed",
    /// Before it is handed in, and once it is decided whether it opens, nothing is attached or taken away.
    AttachmentsClosed = "attachments-closed",
    /// As many as the policy allows, or taken away and put back too often.
    TooManyAttachments = "too-many-attachments",
    /// Larger than the policy allows.
    AttachmentTooLarge = "attachment-too-large",
    /// By its bytes it is none of the kinds that are taken.
    AttachmentKindNotAllowed = "attachment-kind-not-allowed",
    /// The virus scanner knows what it is.
    AttachmentInfected = "attachment-infected",
    /// Nobody could look at it.
    AttachmentsNotScanned = "attachments-not-scanned",
    /// Nothing of that name was attached.
    UnknownAttachment = "unknown-attachment",
    /// The policy takes no links.
    LinksNotAllowed = "links-not-allowed",
    /// More than the policy allows.
    TooManyLinks = "too-many-links",
    /// A petition's link begins with https:// and names nothing but a host and what is found there.
    LinkNotAllowed = "link-not-allowed",
}

#[cfg(test)]
mod tests {
    use super::*;

    /// In the order of the rules; one that was served is never changed or taken away.
    const SERVED: &str = include_str!("../../fixtures/petition_refusals.txt");

    #[test]
    fn a_code_never_changes() {
        assert_eq!(Refusal::CODES, SERVED.lines().collect::<Vec<_>>());
        assert_eq!(Refusal::Text(Field::Title, Fault::Url).to_string(), "text-not-allowed");
    }
}
