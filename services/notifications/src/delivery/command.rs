//! What is asked of a delivery. Time, key and what the server said were stamped by the shell.
#![allow(missing_docs)] // the fields of a variant: the variant says what they are

use radslag_kernel::{Instant, KeyRef};

use crate::delivery::event::{Letter, Reason};

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
    /// Its cause was heard of.
    Plan { key: KeyRef, letter: Letter },
    /// It is about to be handed to the server.
    Attempt,
    /// What became of the attempt. `jitter`: of 0 to 255, how much longer than needed the next pause is.
    Record { outcome: Outcome, jitter: u8 },
    /// The process began anew and finds it attempted.
    Recover,
    /// It waits until then.
    Delay { until: Instant },
    /// It came back for good.
    Bounce { status: String },
    /// Somebody wants it sent again: it failed, or nobody knows.
    Again,
    /// The address was erased.
    Erase,
}

/// What became of an attempt.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// The server took it.
    Sent,
    /// The server will never take it: 5xx.
    Permanent { code: u16 },
    /// Not now: 4xx, or there was no server (0).
    Temporary { code: u16 },
    /// It was handed over, and nothing was said.
    Unclear,
    /// It wasn't to be sent.
    Skip { reason: Reason },
}
