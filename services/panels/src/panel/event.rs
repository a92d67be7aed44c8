//! What happened to a panel.
#![allow(missing_docs)] // the fields of a variant: the variant says what they are

use std::fmt;

use radslag_kernel::{AggregateId, Happens, Instant, ItemId, KeyRef, Opened, SubjectId};

use crate::{
    form::Form,
    panel::{
        draw, import,
        state::{Keys, Phase, Recruiting, Replacement},
    },
    questions::Question,
    strata::Strata,
};

/// What a panel is for.
#[derive(Clone, PartialEq, Eq, Default)]
pub struct Texts {
    /// One line.
    pub name: String,
    /// Why there is one.
    pub purpose: String,
    /// What is promised to who takes part.
    pub promises: String,
}

impl fmt::Debug for Texts {
    /// Private until it is decided.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Texts(..)")
    }
}

/// An answer to one of the eleven questions.
#[derive(Clone, PartialEq, Eq)]
pub struct Answer {
    /// What it says.
    pub text: String,
    /// Who is to decide it, where it isn't decided.
    pub undecided_by: String,
}

impl fmt::Debug for Answer {
    /// Private until the panel is decided.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Answer(..)")
    }
}

/// Words for the recruitment page, in both languages.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Wanted {
    pub sv: String,
    pub en: String,
}

/// What letters to members are about.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Told {
    /// To answer the invitations of a draw.
    Reminder(ItemId),
    /// Of a meeting.
    Meeting(AggregateId),
    /// That a term ends.
    Term,
}

/// What happened.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Event {
    Planned {
        at: Instant,
        by: SubjectId,
        dialogue: Option<AggregateId>,
        keys: Keys,
        texts: Opened<Texts>,
    },
    Changed {
        at: Instant,
        by: SubjectId,
        document: KeyRef,
        texts: Opened<Texts>,
    },
    Answered {
        at: Instant,
        by: SubjectId,
        document: KeyRef,
        question: Question,
        answer: Opened<Answer>,
    },
    FormSet {
        at: Instant,
        by: SubjectId,
        document: KeyRef,
        version: u32,
        form: Opened<Form>,
    },
    StrataSet {
        at: Instant,
        by: SubjectId,
        document: KeyRef,
        version: u32,
        strata: Opened<Strata>,
    },
    Decided {
        at: Instant,
        by: SubjectId,
        document: KeyRef,
        record: KeyRef,
        size: u32,
        recruiting: Recruiting,
        term_months: u32,
        replacement: Replacement,
        who: Opened<String>,
        ground: Opened<String>,
    },
    /// To recruiting, active or resting.
    Moved {
        at: Instant,
        by: SubjectId,
        record: KeyRef,
        to: Phase,
        resumed: bool,
        ground: Opened<String>,
    },
    Ended {
        at: Instant,
        by: SubjectId,
        document: KeyRef,
        reason: Opened<String>,
    },
    WantedSet {
        at: Instant,
        by: SubjectId,
        document: KeyRef,
        wanted: Opened<Wanted>,
    },
    TermBegun {
        at: Instant,
        by: SubjectId,
        record: KeyRef,
        term: u32,
        ends_at: Instant,
        renew_by: Option<Instant>,
        ground: Opened<String>,
    },
    TermSettled {
        at: Instant,
        by: SubjectId,
        record: KeyRef,
        ground: Opened<String>,
    },
    Told {
        at: Instant,
        about: Told,
        from: u64,
        upto: u64,
        finished: bool,
    },
    Erased {
        at: Instant,
        by: SubjectId,
        keys: Vec<KeyRef>,
    },
    Import(import::Event),
    Draw(draw::Event),
}

impl Happens for Event {
    fn at(&self) -> Instant {
        match self {
            Self::Planned { at, .. }
            | Self::Changed { at, .. }
            | Self::Answered { at, .. }
            | Self::FormSet { at, .. }
            | Self::StrataSet { at, .. }
            | Self::Decided { at, .. }
            | Self::Moved { at, .. }
            | Self::Ended { at, .. }
            | Self::WantedSet { at, .. }
            | Self::TermBegun { at, .. }
            | Self::TermSettled { at, .. }
            | Self::Told { at, .. }
            | Self::Erased { at, .. } => *at,
            Self::Import(event) => event.at,
            Self::Draw(event) => event.at,
        }
    }

    fn item(&self) -> Option<ItemId> {
        match self {
            Self::Import(event) => Some(event.import),
            Self::Draw(event) => Some(event.draw),
            _ => None,
        }
    }

    fn erases(&self) -> Vec<KeyRef> {
        match self {
            Self::Erased { keys, .. } => keys.clone(),
            Self::Import(event) => event.what.erases(),
            _ => Vec::new(),
        }
    }
}
