//! Why a link opens no session, with a code that never changes. None of them tells anything of a mailbox: whoever asks for
//! a link gets the same answer whatever comes of it.

use radslag_kernel::{refusals, text::Fault};

refusals! {
    /// Not what a mailbox looks like.
    Mailbox(Fault) = "text-not-allowed",
    /// No such link.
    UnknownLink = "unknown-session-link",
    /// A link is good for once.
    LinkUsed = "link-used",
    /// Its time is up.
    LinkExpired = "link-expired",
    /// Its time isn't up.
    NotYetExpired = "not-yet-expired",
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_code_never_changes() {
        for (refusal, code) in [
            (Refusal::Mailbox(Fault::Missing), "text-not-allowed"),
            (Refusal::UnknownLink, "unknown-session-link"),
            (Refusal::LinkUsed, "link-used"),
            (Refusal::LinkExpired, "link-expired"),
            (Refusal::NotYetExpired, "not-yet-expired"),
        ] {
            assert_eq!(refusal.to_string(), code);
        }
    }
}
