//! What happened to a bulk invalidation. Counts are public; whom it is about and why are sealed under its own key.
#![allow(missing_docs)] // the fields of a variant: the variant says what they are

use radslag_kernel::{AggregateId, Instant, KeyRef, Opened, Role, SubjectId};

use crate::bulk::conditions::Conditions;

/// How far it is: everything before is done.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Default)]
pub struct Cursor {
    /// The petition looked at; zeros while it is undone.
    pub petition: AggregateId,
    /// Of the log: the next to look at.
    pub position: u64,
}

/// Whose signatures are meant: of a petition those for it, or those against.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Side {
    /// Which.
    pub petition: AggregateId,
    /// Votes against.
    pub against: bool,
}

/// What it changed in a petition, as everybody is told.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Correction {
    /// Which, and of which side `before` and `after` are counts.
    pub side: Side,
    /// Signatures struck out, or restored.
    pub number: u64,
    /// What the count at `position` would be without it.
    pub before: u64,
    /// The count at `position`.
    pub after: u64,
    /// Of the log.
    pub position: u64,
}

/// As it was prepared.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Prepared {
    /// When.
    pub at: Instant,
    /// Who.
    pub by: SubjectId,
    /// In which role.
    pub role: Role,
    /// Its own.
    pub key: KeyRef,
    /// Which signatures.
    pub conditions: Opened<Conditions>,
    /// Why, for the record; stands on each signature.
    pub ground: Opened<String>,
    /// Why, for everybody.
    pub notice: Opened<String>,
    /// Signatures that met the conditions.
    pub matched: u64,
    /// Of those counted below this position.
    pub up_to: u64,
}

/// What happened.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Event {
    /// Counted without a change.
    Prepared(Box<Prepared>),
    /// It runs.
    Started { at: Instant, by: SubjectId, role: Role, second: Option<SubjectId>, matched: u64, up_to: u64 },
    /// A chunk is done, in the same append as its signatures' events.
    Progressed { at: Instant, undoing: bool, numbers: Vec<(Side, u64)>, skipped: u64, cursor: Cursor },
    /// It goes no further.
    Cancelled { at: Instant, by: SubjectId, was_running: bool, key: KeyRef, ground: Opened<String> },
    /// It is over, and everybody is told.
    Finished { at: Instant, role: Role, key: KeyRef, notice: Opened<String>, corrections: Vec<Correction> },
    /// What it struck out is restored, as far as nobody has touched it since.
    UndoStarted {
        at: Instant,
        by: SubjectId,
        role: Role,
        second: Option<SubjectId>,
        up_to: u64,
        key: KeyRef,
        ground: Opened<String>,
    },
    /// That is over, and everybody is told.
    Undone { at: Instant, role: Role, key: KeyRef, notice: Opened<String>, corrections: Vec<Correction> },
}

impl Event {
    /// When.
    #[must_use]
    pub const fn at(&self) -> Instant {
        match self {
            Self::Prepared(prepared) => prepared.at,
            Self::Started { at, .. }
            | Self::Progressed { at, .. }
            | Self::Cancelled { at, .. }
            | Self::Finished { at, .. }
            | Self::UndoStarted { at, .. }
            | Self::Undone { at, .. } => *at,
        }
    }
}
