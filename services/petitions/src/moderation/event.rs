//! What happened. Sealed under the petition's record key: what was done, until when, and what was noted.

use radslag_kernel::{Instant, KeyRef, Opened, SubjectId};

/// What was recorded.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Entry {
    /// Somebody holds the petition until a moment.
    Locked {
        /// Then it is free again by itself.
        until: Instant,
    },
    /// They gave it back.
    Released,
    /// Added for good.
    Note {
        /// As typed.
        text: String,
    },
}

/// One record.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Event {
    /// When.
    pub at: Instant,
    /// Who.
    pub by: SubjectId,
    /// The petition's record key.
    pub record: KeyRef,
    /// What.
    pub entry: Opened<Entry>,
}
