//! Why an entry isn't taken, with a code that never changes.

use std::fmt;

/// The rule that forbids it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Refusal {
    /// An official's act has a ground.
    GroundMissing,
    /// Not a network, domain or mailbox.
    PatternMalformed,
    /// It would be about everybody.
    PatternTooWide,
    /// There is such an entry.
    AlreadyListed,
    /// There is none.
    UnknownEntry,
}

impl Refusal {
    /// Stable, kebab-case, for answers.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::GroundMissing => "ground-missing",
            Self::PatternMalformed => "pattern-malformed",
            Self::PatternTooWide => "pattern-too-wide",
            Self::AlreadyListed => "already-listed",
            Self::UnknownEntry => "unknown-entry",
        }
    }
}

impl fmt::Display for Refusal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.code())
    }
}

impl std::error::Error for Refusal {}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_code_never_changes() {
        for (refusal, code) in [
            (Refusal::GroundMissing, "ground-missing"),
            (Refusal::PatternMalformed, "pattern-malformed"),
            (Refusal::PatternTooWide, "pattern-too-wide"),
            (Refusal::AlreadyListed, "already-listed"),
            (Refusal::UnknownEntry, "unknown-entry"),
        ] {
            assert_eq!(refusal.to_string(), code);
        }
    }
}
