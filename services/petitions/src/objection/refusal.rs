//! Why an objection's command is refused: one value a rule, with a code that never changes.

use radslag_kernel::{refusals, text::Fault};

/// A field of an objection.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Field {
    /// Of who objects.
    Reason,
    /// Of who decides, for who objects.
    Text,
}

refusals! {
    /// No such decision stands.
    NothingToObjectTo = "nothing-to-object-to",
    /// One objection to each decision.
    AlreadyObjected = "already-objected",
    /// The time for it is over.
    ObjectionTooLate = "objection-too-late",
    /// A text breaks a rule of its field.
    Text(Field, Fault) = "text-not-allowed",
    /// Nobody objected.
    UnknownObjection = "unknown-objection",
    /// It was decided again.
    AlreadyDecided = "objection-already-decided",
    /// Who started or signed the petition, or wrote the comment, doesn't decide.
    ConflictOfInterest = "conflict-of-interest",
    /// Who decided first doesn't decide again.
    SamePersonTwice = "same-person-twice",
    /// An official's act has a ground.
    GroundMissing = "ground-missing",
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_code_never_changes() {
        assert_eq!(
            Refusal::CODES,
            [
                "nothing-to-object-to",
                "already-objected",
                "objection-too-late",
                "text-not-allowed",
                "unknown-objection",
                "objection-already-decided",
                "conflict-of-interest",
                "same-person-twice",
                "ground-missing",
            ]
        );
    }
}
