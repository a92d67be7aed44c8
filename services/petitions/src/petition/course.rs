//! What officials and the tenant do to a petition's course: taken down and restored, paused and stopped.
#![allow(missing_docs)] // the fields of a variant: the variant says what they are

use radslag_kernel::{Date, Instant, KeyRef, Opened, Role, SubjectId};

use crate::petition::event::{self, Decision};

/// What a take-down makes of a petition.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fate {
    /// Readable, not signable.
    Rejected,
    /// Not shown.
    Hidden,
    /// Gone for good: its texts are destroyed.
    Removed,
}

/// What a petition should rather be.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Instead {
    /// A matter of another authority.
    Authority,
    /// A fault report.
    FaultReport,
    /// A comment.
    Comment,
}

/// What a petition is about, in names of the tenant's lists.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Classes {
    /// Which part of the municipality; may be empty.
    pub area: String,
    /// Whose matter it is; may be empty.
    pub committee: String,
    /// None, one or some.
    pub topics: Vec<String>,
}

/// What happened.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Event {
    /// Taken down by two officials, of whom `by` acted in `role`. What is removed loses its document key.
    TakenDown {
        at: Instant,
        by: SubjectId,
        second: SubjectId,
        role: Role,
        fate: Fate,
        was_public: bool,
        keys: Vec<KeyRef>,
        record: KeyRef,
        decision: Opened<Decision>,
    },
    /// In review again, by a higher role.
    Restored { at: Instant, by: SubjectId, review_by: Date, record: KeyRef, ground: Opened<String> },
    /// Public again as it was opened: its opening, its deadline and its url key stay.
    Reopened { at: Instant, by: SubjectId, closes_at: Instant, record: KeyRef, ground: Opened<String> },
    /// All signing of the tenant is paused.
    Paused { at: Instant },
    /// Signing goes on; the days of the pause are given back, the last of them is `last_day`.
    Resumed { at: Instant, last_day: Date, deadline: Date, closes_at: Instant },
    /// Everything was closed early, and this was never open.
    Stopped { at: Instant },
    /// A moderator asks the initiator whether it should go elsewhere; `to` says where.
    RedirectProposed {
        at: Instant,
        by: SubjectId,
        instead: Instead,
        to: Opened<String>,
        record: KeyRef,
        ground: Opened<String>,
    },
    /// The initiator said yes: it went there.
    Redirected { at: Instant },
    /// The initiator said no: the review goes on.
    RedirectDeclined { at: Instant },
    /// It isn't signed: published, and to be decided by a date.
    DecisionDue { at: Instant, decide_by: Date },
    /// How many may vote is known and frozen, and with it how many signatures an answer takes.
    ElectorateFixed {
        at: Instant,
        by: SubjectId,
        voters: u64,
        answer_at: u64,
        record: KeyRef,
        ground: Opened<String>,
    },
    /// Lists find it by these from here on.
    Classified { at: Instant, by: SubjectId, classes: Classes, record: KeyRef, ground: Opened<String> },
}

impl Event {
    /// When it happened, for rules.
    #[must_use]
    pub const fn at(&self) -> Instant {
        match self {
            Self::TakenDown { at, .. }
            | Self::Restored { at, .. }
            | Self::Reopened { at, .. }
            | Self::Paused { at }
            | Self::Resumed { at, .. }
            | Self::Stopped { at }
            | Self::RedirectProposed { at, .. }
            | Self::Redirected { at }
            | Self::RedirectDeclined { at }
            | Self::DecisionDue { at, .. }
            | Self::ElectorateFixed { at, .. }
            | Self::Classified { at, .. } => *at,
        }
    }

    /// The keys it destroys.
    #[must_use]
    pub fn erases(&self) -> Vec<KeyRef> {
        match self {
            Self::TakenDown { keys, .. } => keys.clone(),
            Self::Restored { .. }
            | Self::Reopened { .. }
            | Self::Paused { .. }
            | Self::Resumed { .. }
            | Self::Stopped { .. }
            | Self::RedirectProposed { .. }
            | Self::Redirected { .. }
            | Self::RedirectDeclined { .. }
            | Self::DecisionDue { .. }
            | Self::ElectorateFixed { .. }
            | Self::Classified { .. } => Vec::new(),
        }
    }
}

impl From<Event> for event::Event {
    fn from(event: Event) -> Self {
        Self::Course(event)
    }
}
