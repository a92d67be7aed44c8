//! Why a subscription isn't changed, with a code that never changes. None of them tells anything of a mailbox: whoever
//! asks gets the same answer whatever comes of it.

use radslag_kernel::refusals;

use crate::text::Fault;

refusals! {
    /// Not what a mailbox looks like.
    Mailbox(Fault) = "words-not-allowed",
    /// There is no such list.
    UnknownList = "unknown-list",
    /// No such request.
    UnknownSubscription = "unknown-subscription",
    /// Nobody confirmed in time.
    SubscriptionExpired = "subscription-expired",
    /// It is over.
    SubscriptionOver = "subscription-over",
    /// Its time to confirm isn't up.
    NotYetExpired = "subscription-not-yet-expired",
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_code_never_changes() {
        for (refusal, code) in [
            (Refusal::Mailbox(Fault::Missing), "words-not-allowed"),
            (Refusal::UnknownList, "unknown-list"),
            (Refusal::UnknownSubscription, "unknown-subscription"),
            (Refusal::SubscriptionExpired, "subscription-expired"),
            (Refusal::SubscriptionOver, "subscription-over"),
            (Refusal::NotYetExpired, "subscription-not-yet-expired"),
        ] {
            assert_eq!(refusal.to_string(), code);
        }
    }
}
