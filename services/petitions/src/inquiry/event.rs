//! What happened to an inquiry.
#![allow(missing_docs)] // the fields of a variant: the variant says what they are

use radslag_kernel::{AggregateId, Date, Instant, KeyRef, Opened, SubjectId};

use crate::{
    petition::{Decision, Register},
    tag::Tag,
};

/// Which kind.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// To the authority.
    Tip,
    /// To a politician.
    Question,
}

impl Kind {
    /// Every one.
    pub const ALL: [Self; 2] = [Self::Tip, Self::Question];

    /// The word in rows, answers and the catalogue.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::Tip => "tip",
            Self::Question => "question",
        }
    }
}

/// The keys of an inquiry.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default)]
pub struct Keys {
    /// Of what is asked, and of an answer in public.
    pub document: KeyRef,
    /// Of who asked, and of an answer in private.
    pub asker: KeyRef,
    /// Of grounds, decisions and names of politicians.
    pub record: KeyRef,
}

/// What is asked.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Asked {
    /// One line.
    pub title: String,
    /// All of it.
    pub text: String,
}

/// Who asks.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Contact {
    /// As typed, or from the eID.
    pub name: String,
    /// As typed: mail goes there. May be empty by eID.
    pub mailbox: String,
    /// What everybody sees; empty = anonymous.
    pub public_name: String,
    /// Of the mails.
    pub language: String,
}

/// What came of handing in: nobody but the mailbox's owner learns it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// It is what it seems.
    New,
    /// A list forbids it.
    Blocked,
    /// Over a rate; no mail.
    TooMany,
}

impl Outcome {
    /// Every one.
    pub const ALL: [Self; 3] = [Self::New, Self::Blocked, Self::TooMany];
}

/// What rules need of who asked.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Facts {
    /// What came of it.
    pub outcome: Outcome,
    /// Of the eID or the mailbox.
    pub proof: Tag,
    /// They want no answer in public.
    pub private: bool,
    /// The politician they would like to hear from.
    pub wished: Option<SubjectId>,
}

/// An inquiry as it came.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Received {
    /// When.
    pub at: Instant,
    /// Unless the asker confirms.
    pub expires_at: Instant,
    /// Which kind.
    pub kind: Kind,
    /// Its number.
    pub register: Register,
    /// The asker is proven.
    pub by_eid: bool,
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
}

/// What can be erased.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Erasable {
    /// What was asked, and a public answer.
    Document,
    /// Who asked, and a private answer.
    Asker,
}

/// A politician's clock.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Clock {
    /// Whose.
    pub to: SubjectId,
    /// The last day to answer.
    pub due: Date,
    /// Its end.
    pub due_at: Instant,
}

/// What happened.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Event {
    /// Handed in.
    Received(Box<Received>),
    /// The mailbox answered, or the eID stands for it.
    Confirmed { at: Instant, review_by: Date },
    /// Never confirmed.
    Expired { at: Instant },
    /// A moderator let it through.
    Accepted { at: Instant, by: SubjectId, record: KeyRef, ground: Opened<String> },
    /// A moderator didn't.
    Refused { at: Instant, by: SubjectId, record: KeyRef, decision: Opened<Decision> },
    /// A politician has it, until the end of `due`.
    Assigned {
        at: Instant,
        by: SubjectId,
        to: SubjectId,
        due: Date,
        due_at: Instant,
        record: KeyRef,
        ground: Opened<String>,
        name: Opened<String>,
        party: Opened<String>,
    },
    /// Answered; `key` is the document's in public, the asker's in private.
    Answered {
        at: Instant,
        by: SubjectId,
        public: bool,
        own: bool,
        key: KeyRef,
        text: Opened<String>,
        record: KeyRef,
        ground: Opened<String>,
    },
    /// To be answered again, by who had it; the answers that were given stay.
    Reopened { at: Instant, by: SubjectId, clock: Option<Clock>, record: KeyRef, ground: Opened<String> },
    /// Nothing more will come.
    Closed { at: Instant, by: SubjectId, record: KeyRef, ground: Opened<String> },
    /// By the asker.
    Withdrawn { at: Instant, record: KeyRef, reason: Opened<String> },
    /// Keys destroyed on a legal ground.
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
    /// When it happened, for rules.
    #[must_use]
    pub const fn at(&self) -> Instant {
        match self {
            Self::Received(received) => received.at,
            Self::Confirmed { at, .. }
            | Self::Expired { at }
            | Self::Accepted { at, .. }
            | Self::Refused { at, .. }
            | Self::Assigned { at, .. }
            | Self::Answered { at, .. }
            | Self::Reopened { at, .. }
            | Self::Closed { at, .. }
            | Self::Withdrawn { at, .. }
            | Self::Erased { at, .. } => *at,
        }
    }

    /// The keys it destroys.
    #[must_use]
    pub fn erases(&self) -> Vec<KeyRef> {
        match self {
            Self::Erased { keys, .. } => keys.clone(),
            Self::Received(_)
            | Self::Confirmed { .. }
            | Self::Expired { .. }
            | Self::Accepted { .. }
            | Self::Refused { .. }
            | Self::Assigned { .. }
            | Self::Answered { .. }
            | Self::Reopened { .. }
            | Self::Closed { .. }
            | Self::Withdrawn { .. } => Vec::new(),
        }
    }
}
