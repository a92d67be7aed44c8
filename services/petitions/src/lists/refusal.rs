//! Why an entry isn't taken, with a code that never changes.

use radslag_kernel::refusals;

refusals! {
    /// An official's act has a ground.
    GroundMissing = "ground-missing",
    /// Not a network, domain or mailbox.
    PatternMalformed = "pattern-malformed",
    /// It would be about everybody.
    PatternTooWide = "pattern-too-wide",
    /// There is such an entry.
    AlreadyListed = "already-listed",
    /// There is none.
    UnknownEntry = "unknown-entry",
}

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
