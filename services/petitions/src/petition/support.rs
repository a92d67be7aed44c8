//! What happened to a petition's supporters. Whether a mailbox supports is sealed, as of signatures.
#![allow(missing_docs)] // the fields of a variant: the variant says what they are

use radslag_kernel::{Date, Instant, ItemId, KeyRef, Opened, SubjectId};

use crate::{petition::event, tag::Tag};

/// Who supports, as they wrote it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Supporter {
    /// As typed.
    pub name: String,
    /// As typed: mail goes there.
    pub mailbox: String,
    /// `sv` or `en`: of the mail.
    pub language: String,
}

/// What came of a request.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Asked {
    /// Of the mailbox.
    pub tag: Tag,
    /// A mail goes out.
    pub mail: bool,
}

/// What happened.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Event {
    /// The initiator is confirmed; it isn't reviewed before so many support it.
    Sought { at: Instant, until: Date, expires_at: Instant, needed: u32, at_most: u32 },
    /// A mailbox was named, whatever came of it.
    Asked {
        at: Instant,
        item: ItemId,
        key: KeyRef,
        expires_at: Instant,
        tags: KeyRef,
        supporter: Opened<Supporter>,
        asked: Opened<Asked>,
    },
    /// Counted as a supporter.
    Joined { at: Instant, item: ItemId, key: KeyRef, tags: KeyRef, name: Opened<String>, tag: Opened<Tag> },
    /// There are enough: in review.
    Completed { at: Instant, review_by: Date },
    /// Struck out; with too few left it gathers again until `back_until`.
    Struck {
        at: Instant,
        by: SubjectId,
        item: ItemId,
        back_until: Option<Instant>,
        record: KeyRef,
        ground: Opened<String>,
    },
    /// What a supporter left is destroyed; they keep their place and count.
    Erased {
        at: Instant,
        by: SubjectId,
        second: SubjectId,
        item: ItemId,
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
            Self::Sought { at, .. }
            | Self::Asked { at, .. }
            | Self::Joined { at, .. }
            | Self::Completed { at, .. }
            | Self::Struck { at, .. }
            | Self::Erased { at, .. } => *at,
        }
    }

    /// Which supporter.
    #[must_use]
    pub const fn item(&self) -> Option<ItemId> {
        match self {
            Self::Asked { item, .. }
            | Self::Joined { item, .. }
            | Self::Struck { item, .. }
            | Self::Erased { item, .. } => Some(*item),
            Self::Sought { .. } | Self::Completed { .. } => None,
        }
    }

    /// The keys it destroys.
    #[must_use]
    pub fn erases(&self) -> Vec<KeyRef> {
        match self {
            Self::Erased { keys, .. } => keys.clone(),
            Self::Sought { .. }
            | Self::Asked { .. }
            | Self::Joined { .. }
            | Self::Completed { .. }
            | Self::Struck { .. } => Vec::new(),
        }
    }
}

impl From<Event> for event::Event {
    fn from(event: Event) -> Self {
        Self::Support(event)
    }
}
