//! What is asked of a subscription. Time, item refs and keys were stamped by the shell.
#![allow(missing_docs)] // the fields of a variant: the variant says what they are

use radslag_kernel::{Instant, ItemId, KeyRef};

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
    /// Somebody names the mailbox. `item` and `key` are the request's own.
    Request { item: ItemId, key: KeyRef, mailbox: String, language: String, list: String },
    /// Its mailbox confirms.
    Confirm { item: ItemId },
    /// Its time to confirm is up.
    Expire { item: ItemId },
    /// Its mailbox wants no more, or can't be reached.
    End { item: ItemId },
}
