//! Why a signature's command is refused: one value a rule, with a code that never changes. None of them tells whether a
//! mailbox has signed: those are outcomes, sealed in the event.

use std::fmt;

use crate::text::Fault;

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

/// The rule that forbids it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Refusal {
    /// The petition can't be signed now.
    NotOpen,
    /// The policy doesn't take signatures this way.
    MethodNotAllowed,
    /// A text breaks a rule of its field.
    Text(Field, Fault),
    /// The policy asks for names.
    AliasNotAllowed,
    /// The policy asks for something to show.
    AnonymousNotAllowed,
    /// By eID: who started the petition doesn't sign it.
    InitiatorSigns,
    /// By eID: told at once.
    AlreadySigned,
    /// No such item on this page.
    UnknownSignature,
    /// Its time is up.
    LinkExpired,
    /// It isn't counted.
    NotConfirmed,
    /// It isn't set aside.
    NotSuspected,
    /// It isn't invalidated.
    NotInvalidated,
    /// Its time isn't up.
    NotYetExpired,
    /// An official doesn't decide over what they started or signed.
    ConflictOfInterest,
    /// An official's act has a ground.
    GroundMissing,
    /// Erasing takes two officials.
    SamePersonTwice,
    /// Its keys were destroyed.
    AlreadyErased,

    /// All signing is paused.
    SigningPaused,
}

impl Refusal {
    /// Stable, kebab-case, for answers.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::NotOpen => "not-open",
            Self::MethodNotAllowed => "method-not-allowed",
            Self::Text(..) => "text-not-allowed",
            Self::AliasNotAllowed => "alias-not-allowed",
            Self::AnonymousNotAllowed => "anonymous-not-allowed",
            Self::InitiatorSigns => "initiator-signs",
            Self::AlreadySigned => "already-signed",
            Self::UnknownSignature => "unknown-signature",
            Self::LinkExpired => "link-expired",
            Self::NotConfirmed => "not-confirmed",
            Self::NotSuspected => "not-suspected",
            Self::NotInvalidated => "not-invalidated",
            Self::NotYetExpired => "not-yet-expired",
            Self::ConflictOfInterest => "conflict-of-interest",
            Self::GroundMissing => "ground-missing",
            Self::SamePersonTwice => "same-person-twice",
            Self::AlreadyErased => "already-erased",

            Self::SigningPaused => "signing-paused",
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
            (Refusal::NotOpen, "not-open"),
            (Refusal::MethodNotAllowed, "method-not-allowed"),
            (Refusal::Text(Field::Alias, Fault::Url), "text-not-allowed"),
            (Refusal::AliasNotAllowed, "alias-not-allowed"),
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
            (Refusal::SigningPaused, "signing-paused"),
        ] {
            assert_eq!(refusal.to_string(), code);
        }
    }
}
