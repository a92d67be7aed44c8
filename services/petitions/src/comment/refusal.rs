//! Why a command to a comment is refused: one value a rule, with a code that never changes.

use radslag_kernel::{refusals, text::Fault};

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

refusals! {
    /// No comment has that item, or it isn't shown.
    UnknownComment = "unknown-comment",
    /// The policy has no comments.
    CommentsNotAllowed = "comments-not-allowed",
    /// The petition takes no comments now.
    NotOpen = "comments-closed",
    /// What it replies to isn't shown.
    UnknownParent = "unknown-parent",
    /// Threads are one level deep.
    ReplyToReply = "reply-to-reply",
    /// A text breaks a rule of its field.
    Text(Field, Fault) = "text-not-allowed",
    /// The policy shows names, or a party stands beside the name.
    AliasNotAllowed = "alias-not-allowed",
    /// A comment has somebody who says it.
    AnonymousNotAllowed = "anonymous-not-allowed",
    /// The same text stands there already.
    SaidBefore = "said-before",
    /// The time to confirm is over.
    LinkExpired = "link-expired",
    /// Its time isn't up.
    NotYetExpired = "not-yet-expired",
    /// No moderator has anything to decide about it.
    NotToDecide = "comment-not-to-decide",
    /// It wasn't refused.
    NotRefused = "comment-not-refused",
    /// It never was or no longer is to be taken back.
    AlreadyOver = "comment-over",
    /// Nobody reports what they wrote themselves.
    OwnComment = "own-comment",
    /// Once by each person.
    AlreadyReported = "already-reported",
    /// The moderator wrote it, or started or signed its petition.
    ConflictOfInterest = "conflict-of-interest",
    /// An official's act has a ground.
    GroundMissing = "ground-missing",
    /// A refusal has a code.
    CodeMissing = "code-missing",
    /// Not in the catalogue.
    UnknownCode = "unknown-code",
    /// Erasing and restoring take another person.
    SamePersonTwice = "same-person-twice",
    /// Its key was destroyed.
    AlreadyErased = "already-erased",
    /// Somebody else wrote it than who is acted for.
    NotTheAuthor = "not-the-author",
}

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
            (Refusal::NotTheAuthor, "not-the-author"),
        ] {
            assert_eq!(refusal.to_string(), code);
        }
    }
}
