//! What happened to who may take a petition over. Who it is stands under a key of their own, destroyed when they won't.
#![allow(missing_docs)] // the fields of a variant: the variant says what they are

use radslag_kernel::{Instant, ItemId, KeyRef, Opened};

use crate::petition::event::{self, Contact, InitiatorTags};

/// What happened.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Event {
    /// The initiator named a mailbox, whatever comes of it. `mail` is sealed with the tags: whether one goes out.
    Named {
        at: Instant,
        item: ItemId,
        key: KeyRef,
        expires_at: Instant,
        tags: KeyRef,
        contact: Opened<Contact>,
        compared: Opened<InitiatorTags>,
        mail: Opened<bool>,
    },
    /// They said yes: they may take over.
    Accepted {
        at: Instant,
        item: ItemId,
        key: KeyRef,
        tags: KeyRef,
        contact: Opened<Contact>,
        compared: Opened<InitiatorTags>,
    },
    /// They won't, or won't any more: what is kept of them is destroyed.
    Ended { at: Instant, item: ItemId, how: Ended, key: KeyRef },
    /// They are the initiator now.
    TakenOver {
        at: Instant,
        item: ItemId,
        key: KeyRef,
        tags: KeyRef,
        contact: Opened<Contact>,
        compared: Opened<InitiatorTags>,
    },
}

/// How a naming ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Ended {
    /// They said no.
    Declined,
    /// The initiator took it back.
    Revoked,
    /// They never answered.
    Lapsed,
}

impl Ended {
    /// Every way.
    pub const ALL: [Self; 3] = [Self::Declined, Self::Revoked, Self::Lapsed];
}

impl Event {
    /// When it happened, for rules.
    #[must_use]
    pub const fn at(&self) -> Instant {
        match self {
            Self::Named { at, .. }
            | Self::Accepted { at, .. }
            | Self::Ended { at, .. }
            | Self::TakenOver { at, .. } => *at,
        }
    }

    /// Which naming.
    #[must_use]
    pub const fn item(&self) -> ItemId {
        match self {
            Self::Named { item, .. }
            | Self::Accepted { item, .. }
            | Self::Ended { item, .. }
            | Self::TakenOver { item, .. } => *item,
        }
    }

    /// The keys it destroys.
    #[must_use]
    pub fn erases(&self) -> Vec<KeyRef> {
        match self {
            Self::Ended { key, .. } => vec![*key],
            Self::Named { .. } | Self::Accepted { .. } | Self::TakenOver { .. } => Vec::new(),
        }
    }
}

impl From<Event> for event::Event {
    fn from(event: Event) -> Self {
        Self::Coinitiator(Box::new(event))
    }
}
