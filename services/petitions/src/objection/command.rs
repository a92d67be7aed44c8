//! What is asked of an objection. The contested decision was looked up by the shell, in the stream it stands in.
#![allow(missing_docs)] // the fields of a variant: the variant says what they are

use radslag_kernel::{Instant, ItemId, KeyRef, SubjectId};

use crate::{
    objection::event::{About, Objector, Outcome},
    petition::{Now, Official},
};

/// A command.
#[derive(Clone, Debug, PartialEq)]
pub struct Command {
    /// When.
    pub now: Now,
    /// What.
    pub act: Act,
}

/// A decision that stands and can be objected to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Contested {
    /// Its event's id, which names the objection; where that would tell of a mailbox, an id of its own.
    pub id: ItemId,
    /// Its event's position; where that would tell of a mailbox, 0.
    pub position: u64,
    /// What it was about.
    pub about: About,
    /// Which signature or comment.
    pub item: Option<ItemId>,
    /// When.
    pub at: Instant,
    /// Who decided.
    pub by: Vec<SubjectId>,
    /// Days in which it can be objected to, of the petition's policy.
    pub days: u32,
    /// Days in which it is decided again.
    pub review_days: u32,
}

/// What is asked.
#[derive(Clone, Debug, PartialEq)]
pub enum Act {
    /// By whom the decision hit. `key` seals what is theirs already.
    Raise { contested: Contested, objector: Objector, key: KeyRef, reason: String },
    /// By somebody else than who decided. `record` is the petition's.
    Decide { by: Official, outcome: Outcome, text: String, record: KeyRef },
}
