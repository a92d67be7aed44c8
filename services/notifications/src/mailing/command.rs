//! What is asked of a mailing. Time, key, and how many there are to write to were stamped by the shell.
#![allow(missing_docs)] // the fields of a variant: the variant says what they are

use radslag_kernel::{Instant, ItemId, KeyRef, SubjectId};

use crate::mailing::event::Text;

/// A command.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Command {
    /// When.
    pub at: Instant,
    /// What.
    pub act: Act,
}

/// What is asked.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Act {
    /// An official writes it, or changes it. `key` is the mailing's own, of its first text.
    Draft { by: SubjectId, key: KeyRef, text: Text },
    /// An official starts it. `recipients`: who is confirmed and subscribed now.
    Start { by: SubjectId, recipients: u64 },
    /// Letters up to a subscription were planned, so many more.
    Progress { revision: u32, after: ItemId, letters: u64 },
    /// There is nobody left.
    Finish { revision: u32 },
    /// An official ends it.
    Cancel { by: SubjectId },
}
