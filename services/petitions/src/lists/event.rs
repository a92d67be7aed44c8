//! What happened to the lists.
#![allow(missing_docs)] // the fields of a variant: the variant says what they are

use radslag_kernel::{Instant, ItemId, KeyRef, Opened, SubjectId};

use crate::lists::{
    pattern::{Kind, Pattern},
    state::Effect,
};

/// What happened.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Event {
    /// An entry counts from now on.
    Added {
        at: Instant,
        item: ItemId,
        by: SubjectId,
        key: KeyRef,
        effect: Effect,
        kind: Kind,
        pattern: Opened<Pattern>,
        ground: Opened<String>,
    },
    /// It counts no more.
    Removed { at: Instant, item: ItemId, by: SubjectId, key: KeyRef, ground: Opened<String> },
}

impl Event {
    /// When.
    #[must_use]
    pub const fn at(&self) -> Instant {
        match self {
            Self::Added { at, .. } | Self::Removed { at, .. } => *at,
        }
    }

    /// Which entry.
    #[must_use]
    pub const fn item(&self) -> ItemId {
        match self {
            Self::Added { item, .. } | Self::Removed { item, .. } => *item,
        }
    }
}
