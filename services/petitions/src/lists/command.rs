//! What is asked of the lists.
#![allow(missing_docs)] // the fields of a variant: the variant says what they are

use radslag_kernel::{Instant, ItemId, KeyRef, SubjectId};

use crate::lists::{pattern::Kind, state::Effect};

/// A command.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Command {
    /// When.
    pub at: Instant,
    /// The official.
    pub by: SubjectId,
    /// Why.
    pub ground: String,
    /// What.
    pub act: Act,
}

/// What is asked.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Act {
    /// A new entry; `item` and `key` are its own.
    Add { item: ItemId, key: KeyRef, effect: Effect, kind: Kind, pattern: String },
    /// An entry counts no more. It stays in the log.
    Remove { item: ItemId },
}
