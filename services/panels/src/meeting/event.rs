//! What happened to a meeting.
#![allow(missing_docs)] // the fields of a variant: the variant says what they are

use radslag_kernel::{AggregateId, Happens, Instant, KeyRef, Opened, SubjectId};

/// What a meeting is about, and where. Public from the first, and sealed so that it can be taken down.
#[derive(Clone, Debug, PartialEq, Eq, Default)]
pub struct Texts {
    pub title: String,
    pub place: String,
    pub agenda: String,
    /// Of a meeting that isn't a panel's.
    pub area: String,
}

/// How many of a feature came.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Attended {
    pub category: String,
    pub feature: String,
    pub attended: u32,
}

/// What happened.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Event {
    Planned {
        at: Instant,
        by: SubjectId,
        document: KeyRef,
        record: KeyRef,
        dialogue: Option<AggregateId>,
        panel: Option<AggregateId>,
        starts_at: Instant,
        texts: Opened<Texts>,
    },
    Changed {
        at: Instant,
        by: SubjectId,
        document: KeyRef,
        panel: Option<AggregateId>,
        starts_at: Instant,
        texts: Opened<Texts>,
    },
    Cancelled {
        at: Instant,
        by: SubjectId,
        document: KeyRef,
        reason: Opened<String>,
    },
    Invited {
        at: Instant,
        by: SubjectId,
        members: u64,
    },
    Held {
        at: Instant,
        by: SubjectId,
        document: KeyRef,
        attended: u64,
        rows: Opened<Vec<Attended>>,
    },
    Noted {
        at: Instant,
        by: SubjectId,
        document: KeyRef,
        notes: Opened<String>,
    },
    DocumentAdded {
        at: Instant,
        by: SubjectId,
        document: KeyRef,
        number: u32,
        title: Opened<String>,
        address: Opened<String>,
    },
    PointRaised {
        at: Instant,
        by: SubjectId,
        document: KeyRef,
        number: u32,
        point: Opened<String>,
    },
    PointAnswered {
        at: Instant,
        by: SubjectId,
        document: KeyRef,
        number: u32,
        answer: Opened<String>,
        who: Opened<String>,
    },
}

impl Happens for Event {
    fn at(&self) -> Instant {
        match self {
            Self::Planned { at, .. }
            | Self::Changed { at, .. }
            | Self::Cancelled { at, .. }
            | Self::Invited { at, .. }
            | Self::Held { at, .. }
            | Self::Noted { at, .. }
            | Self::DocumentAdded { at, .. }
            | Self::PointRaised { at, .. }
            | Self::PointAnswered { at, .. } => *at,
        }
    }
}
