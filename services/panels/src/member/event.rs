//! What happened to a member. Each event says where they stand after it: who is a member when is a fold of these alone.
#![allow(missing_docs)] // the fields of a variant: the variant says what they are

use std::fmt;

use radslag_kernel::{Happens, Instant, ItemId, KeyRef, Opened, Role, SubjectId, words};

use crate::{
    person::{Person, Tags},
    strata::Places,
};

words! {
    /// Where a member stands.
    Standing {
        /// A mailbox was named.
        Submitted = "submitted",
        /// Drawn from a register, and asked.
        Invited = "invited",
        /// Said no.
        Declined = "declined",
        /// Didn't answer in time.
        Expired = "expired",
        /// Would take part, if they are drawn.
        Volunteered = "volunteered",
        /// Drawn, and offered a place.
        Drawn = "drawn",
        /// Next in line.
        Reserved = "reserved",
        /// A member.
        Active = "active",
        /// A member who takes a rest.
        Paused = "paused",
        /// Was one.
        Left = "left",
        /// Was one, and somebody else has the place.
        Replaced = "replaced",
    }
    /// Why a member left.
    Reason {
        /// Their own wish.
        OwnWish = "own-wish",
        /// They live elsewhere now.
        Moved = "moved",
        /// They died.
        Died = "died",
        /// Older than the panel takes.
        AgedOut = "aged-out",
        /// Their term ended.
        Term = "term",
        /// Taken out by an official.
        Removed = "removed",
    }
    /// How an official came to act for somebody.
    Channel {
        /// At a counter.
        Counter = "counter",
        /// By phone.
        Phone = "phone",
        /// A reply on paper was typed in.
        Paper = "paper",
        /// A letter or a mail asked for it.
        Mail = "mail",
    }
    /// What came of a submission.
    Outcome {
        /// A letter asks its mailbox to confirm.
        Requested = "requested",
        /// Whoever has the mailbox is in the panel already: the letter leads to their page.
        AlreadyHere = "already-here",
        /// They were taken out before.
        Blocked = "blocked",
        /// Its mailbox got too many letters that nobody answered.
        Silent = "silent",
    }
}

impl Standing {
    /// On the panel.
    #[must_use]
    pub const fn is_member(self) -> bool {
        matches!(self, Self::Active | Self::Paused)
    }

    /// In the panel's hands: a member, or somebody who may become one.
    #[must_use]
    pub const fn is_here(self) -> bool {
        matches!(
            self,
            Self::Invited | Self::Volunteered | Self::Drawn | Self::Reserved | Self::Active | Self::Paused
        )
    }
}

/// An official acted for somebody.
#[derive(Clone, PartialEq, Eq)]
pub struct Assisted {
    /// Of this service.
    pub by: SubjectId,
    /// In which role.
    pub role: Role,
    /// How they came to it.
    pub channel: Channel,
    /// Why.
    pub ground: String,
}

impl fmt::Debug for Assisted {
    /// A ground may name somebody.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Assisted({:?}, {:?}, ..)", self.role, self.channel)
    }
}

/// What is known of somebody, under their own key.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Known {
    /// Who they are.
    pub person: Opened<Person>,
    /// Their features.
    pub places: Opened<Places>,
    /// By which they are found again.
    pub tags: Opened<Tags>,
}

/// What happened.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Event {
    /// A mailbox was named, whatever came of it.
    Submitted {
        at: Instant,
        item: ItemId,
        key: KeyRef,
        expires_at: Instant,
        known: Known,
        outcome: Opened<Outcome>,
    },
    /// Came by themselves. `key`: what they said stands under, where nothing was submitted before.
    Enrolled {
        at: Instant,
        item: ItemId,
        standing: Standing,
        consent_version: u32,
        term: u32,
        fresh: Option<(KeyRef, Known)>,
        assisted: Option<(KeyRef, Opened<Assisted>)>,
    },
    /// Invited, drawn or next in line. `fresh`: who it is, where that wasn't known before.
    Offered {
        at: Instant,
        item: ItemId,
        standing: Standing,
        draw: ItemId,
        number: u32,
        expires_at: Option<Instant>,
        fresh: Option<(KeyRef, Known)>,
    },
    /// Yes or no.
    Answered {
        at: Instant,
        item: ItemId,
        accepted: bool,
        standing: Standing,
        consent_version: u32,
        term: u32,
        said: Option<(KeyRef, Opened<Person>)>,
        assisted: Option<(KeyRef, Opened<Assisted>)>,
    },
    Expired {
        at: Instant,
        item: ItemId,
        standing: Standing,
        key: KeyRef,
    },
    /// Paused, or not any more.
    Moved {
        at: Instant,
        item: ItemId,
        standing: Standing,
        assisted: Option<(KeyRef, Opened<Assisted>)>,
    },
    Left {
        at: Instant,
        item: ItemId,
        key: KeyRef,
        reason: Opened<Reason>,
        assisted: Option<(KeyRef, Opened<Assisted>)>,
        /// Of a removal, under the panel's record key.
        ground: Option<(KeyRef, Opened<String>)>,
    },
    Replaced {
        at: Instant,
        item: ItemId,
        by: ItemId,
    },
    Corrected {
        at: Instant,
        item: ItemId,
        standing: Standing,
        key: KeyRef,
        known: Known,
    },
    Renewed {
        at: Instant,
        item: ItemId,
        standing: Standing,
        term: u32,
        assisted: Option<(KeyRef, Opened<Assisted>)>,
    },
    Erased {
        at: Instant,
        item: ItemId,
        standing: Standing,
        key: KeyRef,
    },
}

impl Event {
    const fn head(&self) -> (Instant, ItemId) {
        match self {
            Self::Submitted { at, item, .. }
            | Self::Enrolled { at, item, .. }
            | Self::Offered { at, item, .. }
            | Self::Answered { at, item, .. }
            | Self::Expired { at, item, .. }
            | Self::Moved { at, item, .. }
            | Self::Left { at, item, .. }
            | Self::Replaced { at, item, .. }
            | Self::Corrected { at, item, .. }
            | Self::Renewed { at, item, .. }
            | Self::Erased { at, item, .. } => (*at, *item),
        }
    }

    /// Where the member stands after it.
    #[must_use]
    pub const fn standing(&self) -> Standing {
        match self {
            Self::Submitted { .. } => Standing::Submitted,
            Self::Enrolled { standing, .. }
            | Self::Offered { standing, .. }
            | Self::Answered { standing, .. }
            | Self::Expired { standing, .. }
            | Self::Moved { standing, .. }
            | Self::Corrected { standing, .. }
            | Self::Renewed { standing, .. }
            | Self::Erased { standing, .. } => *standing,
            Self::Left { .. } => Standing::Left,
            Self::Replaced { .. } => Standing::Replaced,
        }
    }
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
            Self::Expired { key, .. } | Self::Erased { key, .. } => vec![*key],
            _ => Vec::new(),
        }
    }
}
