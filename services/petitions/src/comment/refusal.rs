//! Why a command to a comment is refused: one value a rule, with a code that never changes.

use std::fmt;

use crate::text::Fault;

/// A field of a comment.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Field {
    /// What is said.
    Text,
    /// Of the author.
    Name,
    /// Of the author.
    Alias,
    /// Of the author.
    Mailbox,
    /// Of a report, or for the author.
    Reason,
}

/// The rule that forbids it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Refusal {
    /// No comment has that item, or it isn't shown.
    UnknownComment,
    /// The policy has no comments.
    CommentsNotAllowed,
    /// The petition takes no comments now.
    NotOpen,
    /// What it replies to isn't shown.
    UnknownParent,
    /// Threads are one level deep.
    ReplyToReply,
    /// A text breaks a rule of its field.
    Text(Field, Fault),
    /// The policy shows names, or a party stands beside the name.
    AliasNotAllowed,
    /// A comment has somebody who says it.
    AnonymousNotAllowed,
    /// The same text stands there already.
    SaidBefore,
    /// The time to confirm is over.
    LinkExpired,
    /// Its time isn't up.
    NotYetExpired,
    /// No moderator has anything to decide about it.
    NotToDecide,
    /// It wasn't refused.
    NotRefused,
    /// It never was or no longer is to be taken back.
    AlreadyOver,
    /// Nobody reports what they wrote themselves.
    OwnComment,
    /// Once by each person.
    AlreadyReported,
    /// The moderator wrote it, or started or signed its petition.
    ConflictOfInterest,
    /// An official's act has a ground.
    GroundMissing,
    /// A refusal has a code.
    CodeMissing,
    /// Not in the catalogue.
    UnknownCode,
    /// Erasing and restoring take another person.
    SamePersonTwice,
    /// Its key was destroyed.
    AlreadyErased,
}

impl Refusal {
    /// Stable, kebab-case, for answers.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::UnknownComment => "unknown-comment",
            Self::CommentsNotAllowed => "comments-not-allowed",
            Self::NotOpen => "comments-closed",
            Self::UnknownParent => "unknown-parent",
            Self::ReplyToReply => "reply-to-reply",
            Self::Text(..) => "text-not-allowed",
            Self::AliasNotAllowed => "alias-not-allowed",
            Self::AnonymousNotAllowed => "anonymous-not-allowed",
            Self::SaidBefore => "said-before",
            Self::LinkExpired => "link-expired",
            Self::NotYetExpired => "not-yet-expired",
            Self::NotToDecide => "comment-not-to-decide",
            Self::NotRefused => "comment-not-refused",
            Self::AlreadyOver => "comment-over",
            Self::OwnComment => "own-comment",
            Self::AlreadyReported => "already-reported",
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
            (Refusal::UnknownComment, "unknown-comment"),
            (Refusal::CommentsNotAllowed, "comments-not-allowed"),
            (Refusal::NotOpen, "comments-closed"),
            (Refusal::UnknownParent, "unknown-parent"),
            (Refusal::ReplyToReply, "reply-to-reply"),
            (Refusal::Text(Field::Text, Fault::Url), "text-not-allowed"),
            (Refusal::AliasNotAllowed, "alias-not-allowed"),
            (Refusal::AnonymousNotAllowed, "anonymous-not-allowed"),
            (Refusal::SaidBefore, "said-before"),
            (Refusal::LinkExpired, "link-expired"),
            (Refusal::NotYetExpired, "not-yet-expired"),
            (Refusal::NotToDecide, "comment-not-to-decide"),
            (Refusal::NotRefused, "comment-not-refused"),
            (Refusal::AlreadyOver, "comment-over"),
            (Refusal::OwnComment, "own-comment"),
            (Refusal::AlreadyReported, "already-reported"),
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
