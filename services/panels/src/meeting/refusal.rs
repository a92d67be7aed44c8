//! Why a meeting's command is refused: one value a rule, with a code that never changes.

use radslag_kernel::{refusals, text::Fault};

/// A field that something is typed in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Field {
    /// What it is called.
    Title,
    /// Where.
    Place,
    /// What about.
    Agenda,
    /// Which area.
    Area,
    /// Why it is cancelled.
    Reason,
    /// What was said.
    Notes,
    /// Of a document.
    Address,
    /// That was raised.
    Point,
    /// To a point.
    Answer,
    /// Who answers.
    Who,
}

refusals! {
    /// There is no such meeting.
    UnknownMeeting = "unknown-meeting",
    /// A text breaks a rule of its field.
    Text(Field, Fault) = "meeting-text-not-allowed",
    /// A meeting begins after it is planned.
    StartsInThePast = "meeting-in-the-past",
    /// It was cancelled.
    MeetingCancelled = "meeting-cancelled",
    /// It was held.
    HeldAlready = "meeting-held-already",
    /// It wasn't held yet.
    NotHeld = "meeting-not-held",
    /// It hasn't begun.
    NotBegun = "meeting-not-begun",
    /// Members were told already.
    InvitedAlready = "meeting-invited-already",
    /// It is of no panel: there is nobody to tell.
    NobodyToInvite = "meeting-of-no-panel",
    /// More came of a feature than came.
    MoreThanAttended = "more-than-attended",
    /// An address is a page of the web.
    AddressMalformed = "address-malformed",
    /// There is no such point.
    UnknownPoint = "unknown-point",
}
