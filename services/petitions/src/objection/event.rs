//! What happened to an objection. Why somebody objects is sealed under the key that seals the rest of them.
#![allow(missing_docs)] // the fields of a variant: the variant says what they are

use radslag_kernel::{Date, Instant, ItemId, KeyRef, Opened, SubjectId};

/// What a decision was about.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum About {
    /// Refused, or taken down.
    Petition,
    /// Struck out.
    Signature,
    /// Not shown.
    Comment,
    /// Kept out by a list. Outside nobody learns which one.
    Submission,
}

impl About {
    /// Every one.
    pub const ALL: [Self; 4] = [Self::Petition, Self::Signature, Self::Comment, Self::Submission];

    /// The word in rows, answers and the catalogue.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::Petition => "petition",
            Self::Signature => "signature",
            Self::Comment => "comment",
            Self::Submission => "submission",
        }
    }
}

/// What the second decision was.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// The first one stands.
    Upheld,
    /// It doesn't.
    Changed,
}

impl Outcome {
    /// Every one.
    pub const ALL: [Self; 2] = [Self::Upheld, Self::Changed];

    /// The word in rows, answers and the catalogue.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::Upheld => "upheld",
            Self::Changed => "changed",
        }
    }

    /// The one with a word.
    #[must_use]
    pub fn of(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|outcome| outcome.word() == word)
    }
}

/// Who objects, to be told what comes of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Objector {
    /// As typed, or from the eID.
    pub name: String,
    /// As typed; empty by eID.
    pub mailbox: String,
    /// `sv` or `en`.
    pub language: String,
}

/// What happened. `objection` is the contested decision's event id; of a submission that a list keeps out an id of its
/// own, with a sealed `item` and no `position`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Event {
    /// A decision is contested; `position` is the decision's.
    Raised {
        at: Instant,
        objection: ItemId,
        about: About,
        item: Option<ItemId>,
        position: u64,
        decided_by: Vec<SubjectId>,
        decide_by: Date,
        key: KeyRef,
        reason: Opened<String>,
        objector: Opened<Objector>,
    },
    /// Somebody else decided; `text` is for who objected.
    Decided {
        at: Instant,
        objection: ItemId,
        by: SubjectId,
        outcome: Outcome,
        record: KeyRef,
        text: Opened<String>,
        ground: Opened<String>,
    },
}

impl Event {
    /// When it happened, for rules.
    #[must_use]
    pub const fn at(&self) -> Instant {
        match self {
            Self::Raised { at, .. } | Self::Decided { at, .. } => *at,
        }
    }

    /// Which objection.
    #[must_use]
    pub const fn item(&self) -> ItemId {
        match self {
            Self::Raised { objection, .. } | Self::Decided { objection, .. } => *objection,
        }
    }
}
