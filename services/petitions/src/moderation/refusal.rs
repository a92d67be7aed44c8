//! Why a moderator's record is refused.

use std::fmt;

use crate::text::Fault;

/// The rule that forbids it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Refusal {
    /// Another moderator holds it.
    LockedByAnother,
    /// Taking it from another has a ground.
    GroundMissing,
    /// The note is empty, or too long.
    Note(Fault),
}

impl Refusal {
    /// Stable, kebab-case, for answers.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::LockedByAnother => "locked-by-another",
            Self::GroundMissing => "ground-missing",
            Self::Note(_) => "text-not-allowed",
        }
    }
}

impl fmt::Display for Refusal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.code())
    }
}

impl std::error::Error for Refusal {}
