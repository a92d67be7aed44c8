//! How far a projection has read its log.

use std::fmt;

/// The next event to fold: everything before it is in the tables. A new store stands at 0/0.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub struct Checkpoint {
    /// The life of the log that `next` belongs to.
    pub origin: u32,
    /// The position of the next event.
    pub next: u64,
}

impl fmt::Display for Checkpoint {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}/{}", self.origin, self.next)
    }
}
