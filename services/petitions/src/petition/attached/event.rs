//! What happened to files attached to a petition. What is known of one stands under a key of its own, destroyed with it.
#![allow(missing_docs)] // the fields of a variant: the variant says what they are

use radslag_kernel::{Instant, ItemId, KeyRef, Opened};

use crate::petition::{attached::File, event};

/// What happened.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Event {
    /// Its initiator attached a file.
    Attached { at: Instant, item: ItemId, key: KeyRef, file: Opened<File> },
    /// They took it away again: what is kept of it is destroyed.
    Detached { at: Instant, item: ItemId, key: KeyRef },
}

impl Event {
    /// When it happened, for rules.
    #[must_use]
    pub const fn at(&self) -> Instant {
        match self {
            Self::Attached { at, .. } | Self::Detached { at, .. } => *at,
        }
    }

    /// Which attachment.
    #[must_use]
    pub const fn item(&self) -> ItemId {
        match self {
            Self::Attached { item, .. } | Self::Detached { item, .. } => *item,
        }
    }

    /// The keys it destroys.
    #[must_use]
    pub fn erases(&self) -> Vec<KeyRef> {
        match self {
            Self::Detached { key, .. } => vec![*key],
            Self::Attached { .. } => Vec::new(),
        }
    }
}

impl From<Event> for event::Event {
    fn from(event: Event) -> Self {
        Self::Attachment(Box::new(event))
    }
}
