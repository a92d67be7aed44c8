//! What happened to a mailbox's subscription to a list.
#![allow(missing_docs)] // the fields of a variant: the variant says what they are

use std::fmt;

use radslag_kernel::{Happens, Instant, ItemId, KeyRef, Opened};

/// Who asks for what.
#[derive(Clone, PartialEq, Eq)]
pub struct Asker {
    /// As typed: letters go there.
    pub mailbox: String,
    /// `sv` or `en`.
    pub language: String,
    /// `newsletter`, or a petition's id.
    pub list: String,
    /// Whether a letter asks to confirm.
    pub mail: bool,
}

impl fmt::Debug for Asker {
    /// Never shows who it is.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Asker(.., {}, {}, {})", self.language, self.list, self.mail)
    }
}

/// What happened.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Event {
    /// A mailbox was named, whatever came of it.
    Requested { at: Instant, item: ItemId, key: KeyRef, expires_at: Instant, asker: Opened<Asker> },
    /// Its mailbox confirmed; the key of the request before it is destroyed.
    Confirmed { at: Instant, item: ItemId, replaces: Option<KeyRef> },
    /// Nobody confirmed; its key is destroyed.
    Expired { at: Instant, item: ItemId, key: KeyRef },
    /// It is over; its key is destroyed.
    Ended { at: Instant, item: ItemId, key: KeyRef },
}

impl Happens for Event {
    fn at(&self) -> Instant {
        self.head().0
    }

    fn item(&self) -> Option<ItemId> {
        Some(self.head().1)
    }

    fn erases(&self) -> Vec<KeyRef> {
        match self {
            Self::Requested { .. } => Vec::new(),
            Self::Confirmed { replaces, .. } => replaces.iter().copied().collect(),
            Self::Expired { key, .. } | Self::Ended { key, .. } => vec![*key],
        }
    }
}

impl Event {
    const fn head(&self) -> (Instant, ItemId) {
        match self {
            Self::Requested { at, item, .. }
            | Self::Confirmed { at, item, .. }
            | Self::Expired { at, item, .. }
            | Self::Ended { at, item, .. } => (*at, *item),
        }
    }
}
