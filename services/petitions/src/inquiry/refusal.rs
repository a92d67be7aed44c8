//! Why a command to an inquiry is refused: one value a rule, with a code that never changes.

use std::fmt;

use crate::text::Fault;

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

/// The rule that forbids it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Refusal {
    /// No inquiry has that id, or it isn't this person's to know.
    UnknownInquiry,
    /// The policy takes none of that kind.
    NotTaken,
    /// A text breaks a rule of its field.
    Text(Field, Fault),
    /// The asker gave no mailbox and no eID.
    NoWayToReach,
    /// Only who asked may do this.
    NotTheAsker,
    /// The time to confirm is over.
    LinkExpired,
    /// Its time isn't up.
    NotYetExpired,
    /// No moderator has anything to decide about it.
    NotInReview,
    /// It wasn't let through, or is answered or over.
    NotAccepted,
    /// A question is answered by whom it was assigned to.
    NotAssigned,
    /// It is assigned to that politician already.
    AlreadyTheirs,
    /// It is assigned to somebody else.
    NotYours,
    /// The asker wants no answer in public.
    AskedInPrivate,
    /// It isn't answered.
    NotAnswered,
    /// It is answered already.
    AlreadyAnswered,
    /// It is over.
    AlreadyOver,
    /// The official asked it.
    ConflictOfInterest,
    /// An official's act has a ground.
    GroundMissing,
    /// A refusal has a code.
    CodeMissing,
    /// Not in the catalogue.
    UnknownCode,
    /// Erasing takes two officials.
    SamePersonTwice,
    /// Its key was destroyed.
    AlreadyErased,
}

impl Refusal {
    /// Stable, kebab-case, for answers.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::UnknownInquiry => "unknown-inquiry",
            Self::NotTaken => "inquiries-not-taken",
            Self::Text(..) => "text-not-allowed",
            Self::NoWayToReach => "no-way-to-reach",
            Self::NotTheAsker => "not-the-asker",
            Self::LinkExpired => "link-expired",
            Self::NotYetExpired => "not-yet-expired",
            Self::NotInReview => "inquiry-not-in-review",
            Self::NotAccepted => "inquiry-not-accepted",
            Self::NotAssigned => "inquiry-not-assigned",
            Self::AlreadyTheirs => "inquiry-already-theirs",
            Self::NotYours => "inquiry-not-yours",
            Self::AskedInPrivate => "asked-in-private",
            Self::NotAnswered => "inquiry-not-answered",
            Self::AlreadyAnswered => "inquiry-answered",
            Self::AlreadyOver => "inquiry-over",
            Self::ConflictOfInterest => "conflict-of-interest",
            Self::GroundMissing => "ground-missing",
            Self::CodeMissing => "code-missing",
            Self::UnknownCode => "unknown-code",
            Self::SamePersonTwice => "same-person-twice",
            Self::AlreadyErased => "already-erased",
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
