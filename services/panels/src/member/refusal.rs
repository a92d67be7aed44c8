//! Why a command to a person's page is refused: one value a rule, with a code that never changes. Whoever names a mailbox hears
//! only what the form itself shows.

use radslag_kernel::{refusals, text::Fault};

use crate::form::Lacking;

refusals! {
    /// Nobody is here by that item.
    UnknownMember = "unknown-member",
    /// What the form asks for is missing, or isn't so.
    Lacking(Lacking) = "form-lacking",
    /// The panel takes nobody who comes by themselves, or not now.
    NotEnrolling = "panel-not-enrolling",
    /// The panel is over, or hasn't begun.
    NoMembers = "panel-without-members",
    /// They are in the panel already.
    AlreadyHere = "member-already",
    /// They were taken out before.
    Blocked = "member-blocked",
    /// Nobody confirmed in time.
    SubmissionExpired = "submission-expired",
    /// The time to answer is over.
    OfferExpired = "offer-expired",
    /// Nothing was offered that could be answered.
    NothingOffered = "nothing-offered",
    /// The time isn't up.
    NotYetExpired = "offer-not-yet-expired",
    /// Only a volunteer can be drawn.
    NotAVolunteer = "not-a-volunteer",
    /// They aren't a member.
    NotAMember = "not-a-member",
    /// They have left already.
    AlreadyLeft = "left-already",
    /// They haven't left a place.
    HasNotLeft = "has-not-left",
    /// Somebody else has the place already.
    AlreadyReplaced = "replaced-already",
    /// Nobody is asked now whether they stay.
    NothingToRenew = "nothing-to-renew",
    /// An official's act has a ground.
    Ground(Fault) = "ground-not-allowed",
    /// Their data are gone already.
    AlreadyErased = "member-erased-already",
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_code_never_changes() {
        assert_eq!(Refusal::Ground(Fault::Missing).to_string(), "ground-not-allowed");
        expect_test::expect![[r#"
            unknown-member form-lacking panel-not-enrolling panel-without-members member-already member-blocked submission-expired offer-expired nothing-offered offer-not-yet-expired not-a-volunteer not-a-member left-already has-not-left replaced-already nothing-to-renew ground-not-allowed member-erased-already
        "#]]
        .assert_eq(&format!("{}\n", Refusal::CODES.join(" ")));
    }
}
