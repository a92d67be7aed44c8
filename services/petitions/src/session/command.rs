//! What is asked of a mailbox's links and sessions. Time, item refs and keys were stamped by the shell.
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
    /// Somebody names the mailbox. `item` and `key` are the link's own; `blocked`: a list forbids it.
    Request { item: ItemId, key: KeyRef, mailbox: String, language: String, blocked: bool },
    /// The link is used; the session lasts until then.
    Open { item: ItemId, until: Instant },
    /// Its holder logs out.
    End { item: ItemId },
    /// The link's time is up.
    Expire { item: ItemId },
}
