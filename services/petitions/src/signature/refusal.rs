//! Why a signature's command is refused: one value a rule, with a code that never changes. None of them tells whether a
//! mailbox has signed: those are outcomes, sealed in the event.

use radslag_kernel::{refusals, text::Fault};

/// A field of a signature.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Field {
    /// Of the signer.
    Name,
    /// Of the signer.
    Mailbox,
    /// Of the signer.
    Postcode,
    /// Shown instead of the name.
    Alias,
}

refusals! {
    /// The petition can't be signed now.
    NotOpen = "not-open",
    /// The policy doesn't take signatures this way.
    MethodNotAllowed = "method-not-allowed",
    /// A text breaks a rule of its field.
    Text(Field, Fault) = "text-not-allowed",
    /// The policy asks for names.
    AliasNotAllowed = "alias-not-allowed",
    /// The policy takes no votes against.
    VotesAgainstNotAllowed = "votes-against-not-allowed",
    /// The policy asks for something to show.
    AnonymousNotAllowed = "anonymous-not-allowed",
    /// By eID: who started the petition doesn't sign it.
    InitiatorSigns = "initiator-signs",
    /// By eID: told at once.
    AlreadySigned = "already-signed",
    /// No such item on this page.
    UnknownSignature = "unknown-signature",
    /// Its time is up.
    LinkExpired = "link-expired",
    /// It isn't counted.
    NotConfirmed = "not-confirmed",
    /// It isn't set aside.
    NotSuspected = "not-suspected",
    /// It isn't invalidated.
    NotInvalidated = "not-invalidated",
    /// Its time isn't up.
    NotYetExpired = "not-yet-expired",
    /// An official doesn't decide over what they started or signed.
    ConflictOfInterest = "conflict-of-interest",
    /// An official's act has a ground.
    GroundMissing = "ground-missing",
    /// Erasing takes two officials.
    SamePersonTwice = "same-person-twice",
    /// Its keys were destroyed.
    AlreadyErased = "already-erased",
    /// Somebody else signed.
    NotTheSigner = "not-the-signer",

    /// All signing is paused.
    SigningPaused = "signing-paused",
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_code_never_changes() {
        for (refusal, code) in [
            (Refusal::NotOpen, "not-open"),
            (Refusal::MethodNotAllowed, "method-not-allowed"),
            (Refusal::Text(Field::Alias, Fault::Url), "text-not-allowed"),
            (Refusal::AliasNotAllowed, "alias-not-allowed"),
            (Refusal::VotesAgainstNotAllowed, "votes-against-not-allowed"),
            (Refusal::AnonymousNotAllowed, "anonymous-not-allowed"),
            (Refusal::InitiatorSigns, "initiator-signs"),
            (Refusal::AlreadySigned, "already-signed"),
            (Refusal::UnknownSignature, "unknown-signature"),
            (Refusal::LinkExpired, "link-expired"),
            (Refusal::NotConfirmed, "not-confirmed"),
            (Refusal::NotSuspected, "not-suspected"),
            (Refusal::NotInvalidated, "not-invalidated"),
            (Refusal::NotYetExpired, "not-yet-expired"),
            (Refusal::ConflictOfInterest, "conflict-of-interest"),
            (Refusal::GroundMissing, "ground-missing"),
            (Refusal::SamePersonTwice, "same-person-twice"),
            (Refusal::AlreadyErased, "already-erased"),
            (Refusal::NotTheSigner, "not-the-signer"),
            (Refusal::SigningPaused, "signing-paused"),
        ] {
            assert_eq!(refusal.to_string(), code);
        }
    }
}
