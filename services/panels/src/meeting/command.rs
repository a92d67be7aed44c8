//! What is asked of a meeting. Time, ids and keys were stamped by the shell.
#![allow(missing_docs)] // the fields of a variant: the variant says what they are

use radslag_kernel::{AggregateId, Instant, KeyRef, SubjectId};

use crate::meeting::event::{Attended, Texts};

/// A command.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Command {
    /// When.
    pub at: Instant,
    /// An official of this service.
    pub by: SubjectId,
    /// What.
    pub act: Act,
}

/// What is asked.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Act {
    Plan {
        document: KeyRef,
        record: KeyRef,
        dialogue: Option<AggregateId>,
        panel: Option<AggregateId>,
        starts_at: Instant,
        texts: Texts,
    },
    Change {
        starts_at: Instant,
        texts: Texts,
    },
    Cancel {
        reason: String,
    },
    /// So many members are told of it.
    Invite {
        members: u64,
    },
    /// `rows`: how many of each feature, as they were counted at the door.
    Hold {
        attended: u64,
        rows: Vec<Attended>,
    },
    Note {
        notes: String,
    },
    AddDocument {
        title: String,
        address: String,
    },
    RaisePoint {
        point: String,
    },
    AnswerPoint {
        number: u32,
        answer: String,
        who: String,
    },
}
