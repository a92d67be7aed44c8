//! Why a bulk invalidation isn't done, with a code that never changes.

use radslag_kernel::refusals;

refusals! {
    /// Without a condition it would be about everybody.
    ConditionsMissing = "conditions-missing",
    /// One of them can't be read.
    ConditionMalformed = "condition-malformed",
    /// It ends before it begins.
    TimeRangeEmpty = "time-range-empty",
    /// An official's act has a ground.
    GroundMissing = "ground-missing",
    /// Everybody is told why.
    NoticeMissing = "notice-missing",
    /// Nothing meets the conditions.
    NothingMatches = "nothing-matches",
    /// An official doesn't decide over what they started or signed.
    ConflictOfInterest = "conflict-of-interest",
    /// More than a hundred take two.
    SecondOfficialMissing = "second-official-missing",
    /// And not the same person twice.
    SamePersonTwice = "same-person-twice",
    /// There is none.
    UnknownBulk = "unknown-bulk",
    /// It was started or cancelled.
    NotPrepared = "bulk-not-prepared",
    /// It isn't running.
    NotRunning = "bulk-not-running",
    /// It isn't over, or was undone.
    NotFinished = "bulk-not-finished",
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_code_never_changes() {
        let codes = Refusal::CODES.join(" ");
        assert_eq!(
            codes,
            "conditions-missing condition-malformed time-range-empty ground-missing notice-missing \
             nothing-matches conflict-of-interest second-official-missing same-person-twice unknown-bulk \
             bulk-not-prepared bulk-not-running bulk-not-finished"
        );
    }
}
