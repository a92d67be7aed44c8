//! Where a bulk invalidation stands, and how far it is.

use std::collections::BTreeMap;

use radslag_kernel::{KeyRef, Opened, Role, SubjectId};

use crate::bulk::{
    conditions::Conditions,
    event::{Cursor, Side},
};

/// Where it stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Phase {
    /// Counted; nothing changed.
    Prepared,
    /// Given up before it began.
    Dropped,
    /// Striking out.
    Running,
    /// Goes no further; the notice is to come.
    Cancelling,
    /// Over.
    Finished,
    /// Restoring.
    Undoing,
    /// Restored.
    Undone,
}

impl Phase {
    /// Every one.
    pub const ALL: [Self; 7] = [
        Self::Prepared,
        Self::Dropped,
        Self::Running,
        Self::Cancelling,
        Self::Finished,
        Self::Undoing,
        Self::Undone,
    ];

    /// The word in rows, answers and the catalogue.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::Prepared => "prepared",
            Self::Dropped => "dropped",
            Self::Running => "running",
            Self::Cancelling => "cancelling",
            Self::Finished => "finished",
            Self::Undoing => "undoing",
            Self::Undone => "undone",
        }
    }
}

/// One of them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Bulk {
    /// Where it stands.
    pub phase: Phase,
    /// Its own.
    pub key: KeyRef,
    /// Which signatures.
    pub conditions: Opened<Conditions>,
    /// Why, for the record.
    pub ground: Opened<String>,
    /// Why, for everybody.
    pub notice: Opened<String>,
    /// Who decided what is under way, in which role.
    pub by: SubjectId,
    /// In which role.
    pub role: Role,
    /// The other official, if it took one.
    pub second: Option<SubjectId>,
    /// Signatures that met the conditions when it was prepared or started.
    pub matched: u64,
    /// What is looked at lies below this position.
    pub up_to: u64,
    /// Struck out, by petition and side.
    pub struck: BTreeMap<Side, u64>,
    /// The same of what was restored.
    pub restored: BTreeMap<Side, u64>,
    /// Changed by others meanwhile, so left as they were.
    pub skipped: u64,
    /// How far it is.
    pub cursor: Cursor,
}

impl Bulk {
    /// Signatures struck out.
    #[must_use]
    pub fn total(&self) -> u64 {
        self.struck.values().sum()
    }
}

/// Of one stream.
#[derive(Clone, Debug, PartialEq, Eq, Default)]
pub struct State(pub Option<Bulk>);
