//! What is asked of a panel. Time, ids and keys were stamped by the shell, and what it draws was computed there.
#![allow(missing_docs)] // the fields of a variant: the variant says what they are

use radslag_kernel::{AggregateId, Instant, SubjectId};

use crate::{
    form::Form,
    panel::{
        draw,
        event::{Texts, Told},
        import,
        state::{Keys, Recruiting, Replacement},
    },
    questions::Question,
    strata::Strata,
};

/// A command.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Command {
    /// When.
    pub at: Instant,
    /// Who, and why.
    pub by: By,
    /// What.
    pub act: Act,
}

/// An official, or the service itself.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct By {
    /// Of this service.
    pub id: SubjectId,
    /// Why; empty where none is asked for.
    pub ground: String,
}

/// What is asked.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Act {
    Plan {
        keys: Keys,
        dialogue: Option<AggregateId>,
        texts: Texts,
    },
    Change {
        texts: Texts,
    },
    /// `undecided_by`: who is to decide it; empty if it is decided.
    Answer {
        question: Question,
        text: String,
        undecided_by: String,
    },
    SetForm {
        form: Form,
    },
    SetStrata {
        strata: Strata,
    },
    Decide {
        size: u32,
        recruiting: Recruiting,
        term_months: u32,
        replacement: Replacement,
        who: String,
    },
    Start,
    Activate,
    Rest,
    Resume,
    End {
        reason: String,
    },
    /// Both empty: the computed words hold again.
    SetWanted {
        sv: String,
        en: String,
    },
    BeginTerm {
        ends_at: Instant,
        renew_by: Instant,
    },
    /// Whoever didn't stay for the term has left.
    SettleTerm,
    Tell {
        about: Told,
        from: u64,
        upto: u64,
        finished: bool,
    },
    Import(import::Act),
    Draw(draw::Act),
    Erase,
}
