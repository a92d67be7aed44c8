//! Why a delivery doesn't go on, with a code that never changes.

use radslag_kernel::refusals;

refusals! {
    /// No such letter.
    UnknownDelivery = "unknown-delivery",
    /// It isn't time yet.
    NotDue = "delivery-not-due",
    /// It isn't being attempted.
    NotAttempting = "delivery-not-attempting",
    /// It came to an end.
    AlreadyOver = "delivery-over",
    /// It was never handed to a server.
    NeverAttempted = "delivery-never-attempted",
    /// It didn't fail, and it isn't in doubt.
    NothingToRepeat = "delivery-not-failed",
    /// It is to many, and may have arrived.
    AtMostOnce = "delivery-at-most-once",
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_code_never_changes() {
        for (refusal, code) in [
            (Refusal::UnknownDelivery, "unknown-delivery"),
            (Refusal::NotDue, "delivery-not-due"),
            (Refusal::NotAttempting, "delivery-not-attempting"),
            (Refusal::AlreadyOver, "delivery-over"),
            (Refusal::NeverAttempted, "delivery-never-attempted"),
            (Refusal::NothingToRepeat, "delivery-not-failed"),
            (Refusal::AtMostOnce, "delivery-at-most-once"),
        ] {
            assert_eq!(refusal.to_string(), code);
        }
    }
}
