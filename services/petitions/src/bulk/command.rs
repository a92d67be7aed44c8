//! What is asked of a bulk invalidation. Counts and positions were read by the shell.
#![allow(missing_docs)] // the fields of a variant: the variant says what they are

use radslag_kernel::{Instant, KeyRef, SubjectId};

use crate::bulk::{
    conditions::Conditions,
    event::{Correction, Cursor, Side},
};
use radslag_kernel::Role;

/// A command.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Command {
    /// When.
    pub at: Instant,
    /// The official; zeros for the service itself.
    pub by: SubjectId,
    /// In which role.
    pub role: Role,
    /// What.
    pub act: Act,
}

/// A new one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Prepare {
    /// Its own, new.
    pub key: KeyRef,
    /// Which signatures.
    pub conditions: Conditions,
    /// Why, for the record.
    pub ground: String,
    /// Why, for everybody.
    pub notice: String,
    /// How many there are.
    pub matched: u64,
    /// Below which position.
    pub up_to: u64,
    /// An official started or signed one of the petitions.
    pub conflict: bool,
}

/// What is asked.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Act {
    /// Count, and change nothing.
    Prepare(Box<Prepare>),
    /// Run, over what is there now.
    Start { second: Option<SubjectId>, matched: u64, up_to: u64, conflict: bool },
    /// A chunk is done.
    Progress { undoing: bool, numbers: Vec<(Side, u64)>, skipped: u64, cursor: Cursor },
    /// Go no further.
    Cancel { ground: String },
    /// There is nothing left to look at.
    Finish { corrections: Vec<Correction> },
    /// Restore what it struck out.
    Undo { second: Option<SubjectId>, ground: String, up_to: u64 },
}
