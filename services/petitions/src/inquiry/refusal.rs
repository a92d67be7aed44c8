//! Why a command to an inquiry is refused: one value a rule, with a code that never changes.

use radslag_kernel::{refusals, text::Fault};

/// A field of an inquiry.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Field {
    /// Of what is asked.
    Title,
    /// What is asked.
    Text,
    /// Of the asker.
    Name,
    /// Of the asker.
    Mailbox,
    /// The answer.
    Answer,
    /// For the asker, or of a withdrawal.
    Reason,
}

refusals! {
    /// No inquiry has that id, or it isn't this person's to know.
    UnknownInquiry = "unknown-inquiry",
    /// The policy takes none of that kind.
    NotTaken = "inquiries-not-taken",
    /// A text breaks a rule of its field.
    Text(Field, Fault) = "text-not-allowed",
    /// The asker gave no mailbox and no eID.
    NoWayToReach = "no-way-to-reach",
    /// Only who asked may do this.
    NotTheAsker = "not-the-asker",
    /// The time to confirm is over.
    LinkExpired = "link-expired",
    /// Its time isn't up.
    NotYetExpired = "not-yet-expired",
    /// No moderator has anything to decide about it.
    NotInReview = "inquiry-not-in-review",
    /// It wasn't let through, or is answered or over.
    NotAccepted = "inquiry-not-accepted",
    /// A question is answered by whom it was assigned to.
    NotAssigned = "inquiry-not-assigned",
    /// It is assigned to that politician already.
    AlreadyTheirs = "inquiry-already-theirs",
    /// It is assigned to somebody else.
    NotYours = "inquiry-not-yours",
    /// The asker wants no answer in public.
    AskedInPrivate = "asked-in-private",
    /// It isn't answered.
    NotAnswered = "inquiry-not-answered",
    /// It is answered already.
    AlreadyAnswered = "inquiry-answered",
    /// It is over.
    AlreadyOver = "inquiry-over",
    /// The official asked it.
    ConflictOfInterest = "conflict-of-interest",
    /// An official's act has a ground.
    GroundMissing = "ground-missing",
    /// A refusal has a code.
    CodeMissing = "code-missing",
    /// Not in the catalogue.
    UnknownCode = "unknown-code",
    /// Erasing takes two officials.
    SamePersonTwice = "same-person-twice",
    /// Its key was destroyed.
    AlreadyErased = "already-erased",
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_code_never_changes() {
        for (refusal, code) in [
            (Refusal::UnknownInquiry, "unknown-inquiry"),
            (Refusal::NotTaken, "inquiries-not-taken"),
            (Refusal::Text(Field::Text, Fault::Url), "text-not-allowed"),
            (Refusal::NoWayToReach, "no-way-to-reach"),
            (Refusal::NotTheAsker, "not-the-asker"),
            (Refusal::LinkExpired, "link-expired"),
            (Refusal::NotYetExpired, "not-yet-expired"),
            (Refusal::NotInReview, "inquiry-not-in-review"),
            (Refusal::NotAccepted, "inquiry-not-accepted"),
            (Refusal::NotAssigned, "inquiry-not-assigned"),
            (Refusal::AlreadyTheirs, "inquiry-already-theirs"),
            (Refusal::NotYours, "inquiry-not-yours"),
            (Refusal::AskedInPrivate, "asked-in-private"),
            (Refusal::NotAnswered, "inquiry-not-answered"),
            (Refusal::AlreadyAnswered, "inquiry-answered"),
            (Refusal::AlreadyOver, "inquiry-over"),
            (Refusal::ConflictOfInterest, "conflict-of-interest"),
            (Refusal::GroundMissing, "ground-missing"),
            (Refusal::CodeMissing, "code-missing"),
            (Refusal::UnknownCode, "unknown-code"),
            (Refusal::SamePersonTwice, "same-person-twice"),
            (Refusal::AlreadyErased, "already-erased"),
        ] {
            assert_eq!(refusal.to_string(), code);
        }
    }
}
