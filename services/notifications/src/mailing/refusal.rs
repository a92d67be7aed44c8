//! Why a mailing isn't changed or started, with a code that never changes.

use radslag_kernel::refusals;

use crate::text::Fault;

refusals! {
    /// No such mailing.
    UnknownMailing = "unknown-mailing",
    /// Something is wrong with its words.
    Text(Fault) = "words-not-allowed",
    /// There is no such list.
    UnknownList = "unknown-list",
    /// It goes out already.
    AlreadyStarted = "mailing-started",
    /// It was sent: what was said stays said.
    AlreadySent = "mailing-sent",
    /// It was cancelled; a change makes it a draft again.
    MailingCancelled = "mailing-cancelled",
    /// It doesn't go out.
    NotRunning = "mailing-not-running",
    /// Nobody subscribes.
    NobodySubscribes = "nobody-subscribes",
    /// To so many, somebody else than who wrote it must start it.
    SamePersonTwice = "mailing-takes-two",
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_code_never_changes() {
        for (refusal, code) in [
            (Refusal::UnknownMailing, "unknown-mailing"),
            (Refusal::Text(Fault::Missing), "words-not-allowed"),
            (Refusal::UnknownList, "unknown-list"),
            (Refusal::AlreadyStarted, "mailing-started"),
            (Refusal::AlreadySent, "mailing-sent"),
            (Refusal::MailingCancelled, "mailing-cancelled"),
            (Refusal::NotRunning, "mailing-not-running"),
            (Refusal::NobodySubscribes, "nobody-subscribes"),
            (Refusal::SamePersonTwice, "mailing-takes-two"),
        ] {
            assert_eq!(refusal.to_string(), code);
        }
    }
}
