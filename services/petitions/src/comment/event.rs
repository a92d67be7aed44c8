//! What happened on an author's page. A submission by mailbox ends in exactly one of `Confirmed` or `Expired` of its item,
//! whatever came of it.
#![allow(missing_docs)] // the fields of a variant: the variant says what they are

use radslag_kernel::{Date, Instant, ItemId, KeyRef, Opened, SubjectId};

use crate::{assisted::Assisted, petition::Decision, tag::Tag};

/// Who comments, as typed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Author {
    /// As typed, or from the eID.
    pub name: String,
    /// As typed: mail goes there. Empty by eID.
    pub mailbox: String,
}

/// What everybody may see, once it is published.
#[derive(Clone, Debug, PartialEq, Eq, Default)]
pub struct Said {
    /// What is said.
    pub text: Opened<String>,
    /// Name or alias.
    pub name: Opened<String>,
    /// Party of an elected representative; empty = none.
    pub party: Opened<String>,
}

/// What came of a submission: nobody but the mailbox's owner learns it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// A mail asks for confirmation.
    New,
    /// The same text stands there already.
    Repeated,
    /// The mailbox has unanswered mails enough.
    TooManyMails,
    /// A list forbids it.
    Blocked,
}

impl Outcome {
    /// Every one.
    pub const ALL: [Self; 4] = [Self::New, Self::Repeated, Self::TooManyMails, Self::Blocked];
}

/// What rules need of a comment.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Facts {
    /// What came of it.
    pub outcome: Outcome,
    /// Whether a mail goes out.
    pub mail: bool,
    /// Of the eID or the mailbox.
    pub author: Tag,
    /// A rule that has it moderated first.
    pub suspicion: Option<String>,
    /// Of the mails.
    pub language: String,
    /// Who acted for the author, if somebody did.
    pub assisted: Option<Assisted>,
}

/// A comment as it came.
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
    /// Which comment it replies to.
    pub reply_to: Option<ItemId>,
    /// Who.
    pub author: Opened<Author>,
    /// What everybody may see.
    pub said: Said,
    /// The petition's tag key.
    pub tags: KeyRef,
    /// For rules.
    pub facts: Opened<Facts>,
}

/// What happened.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Event {
    /// By mailbox, whatever came of it.
    Submitted(Box<Submission>),
    /// By eID; waits for a moderator.
    Made { submission: Box<Submission>, review_by: Date },
    /// The mailbox answered; waits for a moderator.
    Confirmed { at: Instant, item: ItemId, review_by: Date },
    /// Not confirmed in time.
    Expired { at: Instant, item: ItemId },
    /// Everybody sees it before a moderator did, as the terms say.
    Posted { at: Instant, item: ItemId },
    /// A moderator published it.
    Published { at: Instant, item: ItemId, by: SubjectId, record: KeyRef, ground: Opened<String> },
    /// A moderator looked at a shown one and lets it stand.
    Kept { at: Instant, item: ItemId, by: SubjectId, record: KeyRef, ground: Opened<String> },
    /// A moderator refused it; `was_public`: it was shown until then.
    Refused {
        at: Instant,
        item: ItemId,
        by: SubjectId,
        was_public: bool,
        record: KeyRef,
        decision: Opened<Decision>,
    },
    /// Another moderator published what was refused.
    Restored { at: Instant, item: ItemId, by: SubjectId, record: KeyRef, ground: Opened<String> },
    /// Somebody reported it.
    Reported {
        at: Instant,
        item: ItemId,
        tags: KeyRef,
        who: Opened<Tag>,
        record: KeyRef,
        reason: Opened<String>,
    },
    /// By the author.
    Withdrawn { at: Instant, item: ItemId, was_public: bool, assisted: Option<(KeyRef, Opened<Assisted>)> },
    /// Its key destroyed; it keeps its place.
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
    /// When it happened, for rules.
    #[must_use]
    pub const fn at(&self) -> Instant {
        self.head().0
    }

    /// Which comment it is about.
    #[must_use]
    pub const fn item(&self) -> ItemId {
        self.head().1
    }

    const fn head(&self) -> (Instant, ItemId) {
        match self {
            Self::Submitted(submission) | Self::Made { submission, .. } => (submission.at, submission.item),
            Self::Confirmed { at, item, .. }
            | Self::Expired { at, item }
            | Self::Posted { at, item }
            | Self::Published { at, item, .. }
            | Self::Kept { at, item, .. }
            | Self::Refused { at, item, .. }
            | Self::Restored { at, item, .. }
            | Self::Reported { at, item, .. }
            | Self::Withdrawn { at, item, .. }
            | Self::Erased { at, item, .. } => (*at, *item),
        }
    }

    /// The keys it destroys.
    #[must_use]
    pub fn erases(&self) -> Vec<KeyRef> {
        match self {
            Self::Erased { keys, .. } => keys.clone(),
            Self::Submitted(_)
            | Self::Made { .. }
            | Self::Confirmed { .. }
            | Self::Expired { .. }
            | Self::Posted { .. }
            | Self::Published { .. }
            | Self::Kept { .. }
            | Self::Refused { .. }
            | Self::Restored { .. }
            | Self::Reported { .. }
            | Self::Withdrawn { .. } => Vec::new(),
        }
    }

    /// What it adds to the number of published comments.
    #[must_use]
    pub const fn delta(&self) -> i32 {
        match self {
            Self::Posted { .. } | Self::Published { .. } | Self::Restored { .. } => 1,
            Self::Refused { was_public: true, .. } | Self::Withdrawn { was_public: true, .. } => -1,
            Self::Submitted(_)
            | Self::Made { .. }
            | Self::Confirmed { .. }
            | Self::Expired { .. }
            | Self::Kept { .. }
            | Self::Refused { was_public: false, .. }
            | Self::Reported { .. }
            | Self::Withdrawn { was_public: false, .. }
            | Self::Erased { .. } => 0,
        }
    }
}
