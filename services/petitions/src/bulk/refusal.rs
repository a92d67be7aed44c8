//! Why a bulk invalidation isn't done, with a code that never changes.

use std::fmt;

/// The rule that forbids it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Refusal {
    /// Without a condition it would be about everybody.
    ConditionsMissing,
    /// One of them can't be read.
    ConditionMalformed,
    /// It ends before it begins.
    TimeRangeEmpty,
    /// An official's act has a ground.
    GroundMissing,
    /// Everybody is told why.
    NoticeMissing,
    /// Nothing meets the conditions.
    NothingMatches,
    /// An official doesn't decide over what they started or signed.
    ConflictOfInterest,
    /// More than a hundred take two.
    SecondOfficialMissing,
    /// And not the same person twice.
    SamePersonTwice,
    /// There is none.
    UnknownBulk,
    /// It was started or cancelled.
    NotPrepared,
    /// It isn't running.
    NotRunning,
    /// It isn't over, or was undone.
    NotFinished,
}

impl Refusal {
    /// Every one.
    pub const ALL: [Self; 13] = [
        Self::ConditionsMissing,
        Self::ConditionMalformed,
        Self::TimeRangeEmpty,
        Self::GroundMissing,
        Self::NoticeMissing,
        Self::NothingMatches,
        Self::ConflictOfInterest,
        Self::SecondOfficialMissing,
        Self::SamePersonTwice,
        Self::UnknownBulk,
        Self::NotPrepared,
        Self::NotRunning,
        Self::NotFinished,
    ];

    /// Stable, kebab-case, for answers.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::ConditionsMissing => "conditions-missing",
            Self::ConditionMalformed => "condition-malformed",
            Self::TimeRangeEmpty => "time-range-empty",
            Self::GroundMissing => "ground-missing",
            Self::NoticeMissing => "notice-missing",
            Self::NothingMatches => "nothing-matches",
            Self::ConflictOfInterest => "conflict-of-interest",
            Self::SecondOfficialMissing => "second-official-missing",
            Self::SamePersonTwice => "same-person-twice",
            Self::UnknownBulk => "unknown-bulk",
            Self::NotPrepared => "bulk-not-prepared",
            Self::NotRunning => "bulk-not-running",
            Self::NotFinished => "bulk-not-finished",
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
        let codes = Refusal::ALL.map(|refusal| refusal.to_string()).join(" ");
        assert_eq!(
            codes,
            "conditions-missing condition-malformed time-range-empty ground-missing notice-missing \
             nothing-matches conflict-of-interest second-official-missing same-person-twice unknown-bulk \
             bulk-not-prepared bulk-not-running bulk-not-finished"
        );
    }
}
