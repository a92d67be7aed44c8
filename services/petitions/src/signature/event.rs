//! What happened on a page. Each submission has an item ref and a key of its own and ends in exactly one of
//! `Confirmed`, `Suspected` or `Expired` of its item: so its outcome can't be told from outside.
#![allow(missing_docs)] // the fields of a variant: the variant says what they are

use radslag_kernel::{Instant, ItemId, KeyRef, Opened, SubjectId};

use crate::{assisted::Assisted, signature::facts::Facts, tag::Tag};

/// Who signs, as typed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Signer {
    /// As typed, or from the eID.
    pub name: String,
    /// As typed: mail goes there. Empty by eID.
    pub mailbox: String,
    /// As typed; may be empty.
    pub postcode: String,
}

/// What everybody may see of a signature, once it is confirmed. Opened apart: most readers want only one of them.
#[derive(Clone, Debug, PartialEq, Eq, Default)]
pub struct Public {
    /// Name or alias; empty = anonymous.
    pub name: Opened<String>,
    /// Of the postcode; empty = unknown.
    pub area: Opened<String>,
}

/// A request by mailbox, or a signature by eID.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Submission {
    /// When.
    pub at: Instant,
    /// Random.
    pub item: ItemId,
    /// Its own.
    pub key: KeyRef,
    /// When it can't be confirmed any more. By eID: `at`.
    pub expires_at: Instant,
    /// Who.
    pub signer: Opened<Signer>,
    /// What everybody may see.
    pub public: Public,
    /// A vote against: sealed until it counts.
    pub against: bool,
    /// The petition's tag key.
    pub tags: KeyRef,
    /// What came of it.
    pub facts: Opened<Facts>,
    /// Which version of the tenant's terms was accepted; on paper none.
    pub terms: String,
}

/// What happened.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Event {
    /// By mailbox, whatever came of it.
    Submitted(Box<Submission>),
    /// By eID; counted.
    Signed(Box<Submission>),
    /// On a checked list on paper; counted. `at`: the line's date. Not compared without a postcode and a number.
    Listed { submission: Box<Submission>, compared: bool },
    /// The mailbox answered; counted.
    Confirmed {
        at: Instant,
        item: ItemId,
        key: KeyRef,
        public: Public,
        against: bool,
        tags: KeyRef,
        person: Opened<Option<Tag>>,
    },
    /// The mailbox answered; set aside by a rule.
    Suspected {
        at: Instant,
        item: ItemId,
        key: KeyRef,
        public: Public,
        tags: KeyRef,
        person: Opened<Option<Tag>>,
        record: KeyRef,
        rule: Opened<String>,
    },
    /// By an official; counted no more until somebody decided.
    SetAside {
        at: Instant,
        item: ItemId,
        by: SubjectId,
        against: bool,
        record: KeyRef,
        ground: Opened<String>,
    },
    /// Suspected no more; counted.
    Cleared {
        at: Instant,
        item: ItemId,
        by: SubjectId,
        against: bool,
        record: KeyRef,
        ground: Opened<String>,
    },
    /// Not confirmed in time.
    Expired { at: Instant, item: ItemId },
    /// By the signer; counted no more.
    Withdrawn { at: Instant, item: ItemId, against: bool, assisted: Option<(KeyRef, Opened<Assisted>)> },
    /// The same person signed by a stronger method; counted no more.
    Superseded { at: Instant, item: ItemId, against: bool },
    /// Not valid; counted no more.
    Invalidated {
        at: Instant,
        item: ItemId,
        by: SubjectId,
        was_counted: bool,
        against: bool,
        batch: Option<[u8; 16]>,
        record: KeyRef,
        ground: Opened<String>,
    },
    /// Valid again; counted.
    Restored {
        at: Instant,
        item: ItemId,
        by: SubjectId,
        against: bool,
        batch: Option<[u8; 16]>,
        record: KeyRef,
        ground: Opened<String>,
    },
    /// Name, alias or nothing.
    NameChanged {
        at: Instant,
        item: ItemId,
        key: KeyRef,
        name: Opened<String>,
        assisted: Option<(KeyRef, Opened<Assisted>)>,
    },
    /// Keys destroyed; it keeps its place.
    Erased {
        at: Instant,
        item: ItemId,
        by: SubjectId,
        second: SubjectId,
        keys: Vec<KeyRef>,
        record: KeyRef,
        ground: Opened<String>,
    },
}

impl Event {
    /// When it happened, for rules: a late timer's event carries its deadline.
    #[must_use]
    pub const fn at(&self) -> Instant {
        self.head().0
    }

    /// Which submission or signature it is about.
    #[must_use]
    pub const fn item(&self) -> ItemId {
        self.head().1
    }

    const fn head(&self) -> (Instant, ItemId) {
        match self {
            Self::Submitted(submission) | Self::Signed(submission) | Self::Listed { submission, .. } => {
                (submission.at, submission.item)
            }
            Self::Confirmed { at, item, .. }
            | Self::Suspected { at, item, .. }
            | Self::SetAside { at, item, .. }
            | Self::Cleared { at, item, .. }
            | Self::Expired { at, item }
            | Self::Withdrawn { at, item, .. }
            | Self::Superseded { at, item, .. }
            | Self::Invalidated { at, item, .. }
            | Self::Restored { at, item, .. }
            | Self::NameChanged { at, item, .. }
            | Self::Erased { at, item, .. } => (*at, *item),
        }
    }

    /// The keys it destroys.
    #[must_use]
    pub fn erases(&self) -> Vec<KeyRef> {
        match self {
            Self::Erased { keys, .. } => keys.clone(),
            Self::Submitted(_)
            | Self::Signed(_)
            | Self::Listed { .. }
            | Self::Confirmed { .. }
            | Self::Suspected { .. }
            | Self::SetAside { .. }
            | Self::Cleared { .. }
            | Self::Expired { .. }
            | Self::Withdrawn { .. }
            | Self::Superseded { .. }
            | Self::Invalidated { .. }
            | Self::Restored { .. }
            | Self::NameChanged { .. } => Vec::new(),
        }
    }

    /// What it adds to the petition's count, which is of those for it.
    #[must_use]
    pub const fn delta(&self) -> i32 {
        if self.is_against() { 0 } else { self.change() }
    }

    /// What it adds to the votes against.
    #[must_use]
    pub const fn delta_against(&self) -> i32 {
        if self.is_against() { self.change() } else { 0 }
    }

    /// It changes a count.
    #[must_use]
    pub const fn counts(&self) -> bool {
        self.change() != 0
    }

    /// A vote against is counted, or counted no more.
    #[must_use]
    pub const fn is_against(&self) -> bool {
        match self {
            Self::Signed(submission) | Self::Listed { submission, .. } => submission.against,
            Self::Confirmed { against, .. }
            | Self::SetAside { against, .. }
            | Self::Cleared { against, .. }
            | Self::Withdrawn { against, .. }
            | Self::Superseded { against, .. }
            | Self::Invalidated { against, .. }
            | Self::Restored { against, .. } => *against,
            // What it is stays sealed.
            Self::Submitted(_)
            | Self::Suspected { .. }
            | Self::Expired { .. }
            | Self::NameChanged { .. }
            | Self::Erased { .. } => false,
        }
    }

    /// What it adds to what is counted, either way.
    const fn change(&self) -> i32 {
        match self {
            Self::Signed(_)
            | Self::Listed { .. }
            | Self::Confirmed { .. }
            | Self::Cleared { .. }
            | Self::Restored { .. } => 1,
            Self::Withdrawn { .. }
            | Self::SetAside { .. }
            | Self::Superseded { .. }
            | Self::Invalidated { was_counted: true, .. } => -1,
            Self::Submitted(_)
            | Self::Suspected { .. }
            | Self::Expired { .. }
            | Self::Invalidated { was_counted: false, .. }
            | Self::NameChanged { .. }
            | Self::Erased { .. } => 0,
        }
    }
}
