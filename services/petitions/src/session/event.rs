//! What happened to a mailbox's links and sessions.
#![allow(missing_docs)] // the fields of a variant: the variant says what they are

use radslag_kernel::{Instant, ItemId, KeyRef, Opened};

/// Who asks for a link.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Asker {
    /// As typed: the mail goes there.
    pub mailbox: String,
    /// `sv` or `en`.
    pub language: String,
    /// Whether a mail goes out.
    pub mail: bool,
}

/// What happened.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Event {
    /// A mailbox was named, whatever came of it.
    Requested { at: Instant, item: ItemId, key: KeyRef, expires_at: Instant, asker: Opened<Asker> },
    /// The link was used; its key is destroyed.
    Opened { at: Instant, item: ItemId, key: KeyRef, until: Instant },
    /// Its holder logged out.
    Ended { at: Instant, item: ItemId },
    /// The link wasn't used in time; its key is destroyed.
    Expired { at: Instant, item: ItemId, key: KeyRef },
}

impl Event {
    /// When.
    #[must_use]
    pub const fn at(&self) -> Instant {
        self.head().0
    }

    /// Which link, and the session it opened.
    #[must_use]
    pub const fn item(&self) -> ItemId {
        self.head().1
    }

    const fn head(&self) -> (Instant, ItemId) {
        match self {
            Self::Requested { at, item, .. }
            | Self::Opened { at, item, .. }
            | Self::Ended { at, item }
            | Self::Expired { at, item, .. } => (*at, *item),
        }
    }

    /// The keys it destroys.
    #[must_use]
    pub fn erases(&self) -> Vec<KeyRef> {
        match self {
            Self::Opened { key, .. } | Self::Expired { key, .. } => vec![*key],
            Self::Requested { .. } | Self::Ended { .. } => Vec::new(),
        }
    }
}
