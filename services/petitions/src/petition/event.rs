//! What happened to a petition. Sealed parts are `Opened`: known, or gone with their key.
#![allow(missing_docs)] // the fields of a variant: the variant says what they are

use radslag_kernel::{AggregateId, Date, Instant, KeyRef, Opened, SubjectId};

use crate::{
    assisted::Assisted,
    petition::{answer, attached, coinitiator, course, hearing, support},
    policy::{Length, Policy},
    tag::Tag,
};

/// A web page that a petition points at.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Link {
    /// What stands there instead of the address.
    pub label: String,
    /// Begins with `https://`.
    pub url: String,
}

/// The petition's texts, as its initiator wrote them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Content {
    /// One line.
    pub title: String,
    /// What is asked.
    pub body: String,
    /// More about it; may be empty.
    pub background: String,
    /// The wished key of its page; may be empty.
    pub url_key: String,
    /// How long it is to be open.
    pub length: Length,
    /// Where more about it stands.
    pub links: Vec<Link>,
}

/// The keys a petition's values are sealed under.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Keys {
    /// Its texts.
    pub document: KeyRef,
    /// Who started it.
    pub initiator: KeyRef,
    /// Tags and outcomes of signatures.
    pub tags: KeyRef,
    /// Grounds and decisions.
    pub record: KeyRef,
}

/// The initiator, as staff sees them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Contact {
    /// As typed, or from the eID.
    pub name: String,
    /// As typed: mail goes there.
    pub mailbox: String,
    /// As typed; may be empty.
    pub postcode: String,
    /// `sv` or `en`: of the mails.
    pub language: String,
    /// What everybody sees.
    pub public_name: String,
    /// Of an elected representative, as their token proves; shown beside the name.
    pub party: Option<String>,
}

/// The initiator, as rules compare them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct InitiatorTags {
    /// Of the canonical mailbox.
    pub mailbox: Option<Tag>,
    /// Of the eID's subject.
    pub eid: Option<Tag>,
    /// Of the name.
    pub name: Tag,
    /// Of the postcode.
    pub postcode: Option<Tag>,
    /// Who acted for them, if somebody did.
    pub assisted: Option<Assisted>,
}

impl InitiatorTags {
    /// Whether one of somebody's tags (mailbox or eID) is the initiator's.
    #[must_use]
    pub fn is_any_of(&self, tags: &[Tag]) -> bool {
        tags.iter().any(|tag| self.mailbox == Some(*tag) || self.eid == Some(*tag))
    }
}

/// A received document's number.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Register {
    /// Calendar year in the tenant's zone.
    pub year: u16,
    /// From 1 in each year, without gaps.
    pub number: u64,
}

impl std::fmt::Display for Register {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}-{}", self.year, self.number)
    }
}

/// A petition as it was handed in.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Submitted {
    /// When.
    pub at: Instant,
    /// Unless the initiator confirms before.
    pub expires_at: Instant,
    /// Its number as a received document.
    pub register: Register,
    /// The terms it keeps. Without label.
    pub policy: Policy,
    /// Chosen length; stands in `content` too.
    pub length: Length,
    /// The initiator proved themselves by eID.
    pub by_eid: bool,
    /// Its keys.
    pub keys: Keys,
    /// Its texts.
    pub content: Opened<Content>,
    /// Who started it.
    pub contact: Opened<Contact>,
    /// Who started it, for rules.
    pub tags: Opened<InitiatorTags>,
    /// Part of which dialogue.
    pub dialogue: Option<AggregateId>,
    /// Which version of the tenant's terms was accepted.
    pub terms: String,
    /// The draft's key, destroyed with this.
    pub draft: Option<KeyRef>,
}

/// What a moderator decided, and why.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Decision {
    /// Of the catalogue.
    pub codes: Vec<String>,
    /// For the initiator, and public where the petition is.
    pub text: String,
    /// Why, for the record.
    pub ground: String,
}

/// A number of signatures that moves something.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Threshold {
    /// An answer is due.
    Answer,
    /// A debate is.
    Debate,
}

/// How signing ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum How {
    /// At the deadline.
    Deadline,
    /// Everything was closed early.
    Early,
    /// Handed in when the threshold was reached.
    HandedIn,
}

/// What can be erased of a petition.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Erasable {
    /// Its texts.
    Document,
    /// Who started it, or took it over.
    Initiator,
    /// Who may take it over.
    Coinitiator,
    /// Who started it before somebody took over.
    FormerInitiators,
}

/// What happened.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Event {
    /// Begun or changed by the citizen, who alone can read it.
    Drafted {
        at: Instant,
        expires_at: Instant,
        key: KeyRef,
        content: Opened<Content>,
        owner: Opened<Tag>,
        dialogue: Option<AggregateId>,
    },
    /// Handed in.
    Submitted(Box<Submitted>),
    /// In review from here.
    InitiatorConfirmed { at: Instant, review_by: Date },
    /// First refusal.
    Returned {
        at: Instant,
        by: SubjectId,
        until: Date,
        expires_at: Instant,
        record: KeyRef,
        decision: Opened<Decision>,
    },
    /// Handed in again.
    Resubmitted { at: Instant, review_by: Date, length: Length, document: KeyRef, content: Opened<Content> },
    /// Refused; stays readable.
    Rejected { at: Instant, by: SubjectId, lapsed: bool, record: KeyRef, decision: Opened<Decision> },
    /// Refused; its text is never shown.
    Hidden { at: Instant, by: SubjectId, record: KeyRef, decision: Opened<Decision> },
    /// To be opened as planned.
    Approved {
        at: Instant,
        by: SubjectId,
        opens_at: Instant,
        deadline: Date,
        closes_at: Instant,
        document: KeyRef,
        url_key: Opened<String>,
        record: KeyRef,
        ground: Opened<String>,
    },
    /// Can be signed.
    Opened {
        at: Instant,
        deadline: Date,
        closes_at: Instant,
        answer_at: u64,
        debate_at: u64,
        initiator_counts: bool,
        policy: (String, u32),
        document: KeyRef,
        url_key: Opened<String>,
    },
    /// No new requests.
    CountingStarted { at: Instant, closed_at: Instant, until: Instant, how: How },
    /// The count is final.
    Closed { at: Instant, closed_at: Instant, how: How },
    /// By the initiator, or by who acted for them. A draft's key is destroyed.
    Withdrawn {
        at: Instant,
        was_public: bool,
        record: Option<KeyRef>,
        ground: Opened<String>,
        draft: Option<KeyRef>,
        assisted: Option<Opened<Assisted>>,
    },
    /// A draft unchanged for too long, or never confirmed. A draft's key is destroyed.
    Expired { at: Instant, draft: Option<KeyRef> },
    /// Officials or the tenant changed its course.
    Course(course::Event),
    /// Its supporters before review.
    Support(support::Event),
    /// Who may take it over.
    Coinitiator(Box<coinitiator::event::Event>),
    /// What is attached to it.
    Attachment(Box<attached::event::Event>),
    /// The count reached a threshold.
    ThresholdReached { at: Instant, threshold: Threshold, count: u64, count_position: u64 },
    /// An invalidation took the count below it, and nobody had acted.
    ThresholdLost { at: Instant, threshold: Threshold, count: u64, count_position: u64 },
    /// To its answer.
    Answer(Box<answer::Event>),
    /// To its hearing.
    Hearing(Box<hearing::Event>),
    /// Keys destroyed.
    Erased {
        at: Instant,
        by: SubjectId,
        second: SubjectId,
        what: Erasable,
        keys: Vec<KeyRef>,
        record: KeyRef,
        ground: Opened<String>,
    },
}

impl Event {
    /// When it happened, for rules: a late timer's event carries its deadline.
    #[must_use]
    pub const fn at(&self) -> Instant {
        match self {
            Self::Submitted(submitted) => submitted.at,
            Self::Answer(event) => event.at,
            Self::Hearing(event) => event.at,
            Self::Course(event) => event.at(),
            Self::Support(event) => event.at(),
            Self::Coinitiator(event) => event.at(),
            Self::Attachment(event) => event.at(),
            Self::Drafted { at, .. }
            | Self::InitiatorConfirmed { at, .. }
            | Self::Returned { at, .. }
            | Self::Resubmitted { at, .. }
            | Self::Rejected { at, .. }
            | Self::Hidden { at, .. }
            | Self::Approved { at, .. }
            | Self::Opened { at, .. }
            | Self::CountingStarted { at, .. }
            | Self::Closed { at, .. }
            | Self::Withdrawn { at, .. }
            | Self::Expired { at, .. }
            | Self::ThresholdReached { at, .. }
            | Self::ThresholdLost { at, .. }
            | Self::Erased { at, .. } => *at,
        }
    }

    /// The keys it destroys.
    #[must_use]
    pub fn erases(&self) -> Vec<KeyRef> {
        match self {
            Self::Submitted(submitted) => submitted.draft.into_iter().collect(),
            Self::Withdrawn { draft, .. } | Self::Expired { draft, .. } => draft.iter().copied().collect(),
            Self::Course(event) => event.erases(),
            Self::Coinitiator(event) => event.erases(),
            Self::Attachment(event) => event.erases(),
            Self::Support(event) => event.erases(),
            Self::Erased { keys, .. } => keys.clone(),
            Self::Drafted { .. }
            | Self::InitiatorConfirmed { .. }
            | Self::Returned { .. }
            | Self::Resubmitted { .. }
            | Self::Rejected { .. }
            | Self::Hidden { .. }
            | Self::Approved { .. }
            | Self::Opened { .. }
            | Self::CountingStarted { .. }
            | Self::Closed { .. }
            | Self::ThresholdReached { .. }
            | Self::ThresholdLost { .. }
            | Self::Answer(_)
            | Self::Hearing(_) => Vec::new(),
        }
    }
}
