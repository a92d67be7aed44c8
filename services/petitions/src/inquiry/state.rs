//! What an inquiry's events add up to.
#![allow(missing_docs)] // the fields of a variant: the variant says what they are

use radslag_kernel::{AggregateId, Instant, Opened, SubjectId};

use crate::{
    inquiry::event::{Asked, Contact, Facts, Keys, Kind},
    petition::{Decision, Register},
};

/// Where it stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Life {
    /// Waits for its mailbox.
    Received { expires_at: Instant },
    /// A moderator decides.
    InReview,
    /// Waits to be assigned, or answered.
    Accepted,
    /// A politician has it.
    Assigned { to: SubjectId },
    /// Answered.
    Answered { public: bool },
    /// Nothing more will come.
    Closed,
    /// A moderator said no.
    Refused,
    /// Taken back.
    Withdrawn,
    /// Never confirmed.
    Expired,
}

impl Life {
    /// The words of all.
    pub const WORDS: [&'static str; 9] = [
        "received",
        "in_review",
        "accepted",
        "assigned",
        "answered",
        "closed",
        "refused",
        "withdrawn",
        "expired",
    ];

    /// The word in rows, answers and the catalogue.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::Received { .. } => "received",
            Self::InReview => "in_review",
            Self::Accepted => "accepted",
            Self::Assigned { .. } => "assigned",
            Self::Answered { .. } => "answered",
            Self::Closed => "closed",
            Self::Refused => "refused",
            Self::Withdrawn => "withdrawn",
            Self::Expired => "expired",
        }
    }
}

/// An inquiry.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Inquiry {
    /// Where it stands.
    pub life: Life,
    /// Which kind.
    pub kind: Kind,
    /// Its number.
    pub register: Register,
    /// Days in which a moderator decides.
    pub review_days: u32,
    /// Days in which a politician answers.
    pub answer_days: u32,
    /// Its keys.
    pub keys: Keys,
    /// What is asked.
    pub asked: Opened<Asked>,
    /// Who asks.
    pub contact: Opened<Contact>,
    /// For rules.
    pub facts: Opened<Facts>,
    /// Part of which dialogue.
    pub dialogue: Option<AggregateId>,
    /// Why it was refused.
    pub decision: Opened<Decision>,
    /// Which politician had it last.
    pub assigned: Option<SubjectId>,
    /// How often it was answered.
    pub answers: u32,
    /// The newest answer.
    pub answer: Opened<String>,
}

/// Of one stream.
#[derive(Clone, Debug, PartialEq, Eq, Default)]
pub struct State(pub Option<Inquiry>);
