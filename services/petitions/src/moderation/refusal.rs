//! Why a moderator's record is refused.

use radslag_kernel::{refusals, text::Fault};

refusals! {
    /// Another moderator holds it.
    LockedByAnother = "locked-by-another",
    /// Taking it from another has a ground.
    GroundMissing = "ground-missing",
    /// The note is empty, or too long.
    Note(Fault) = "text-not-allowed",
}
