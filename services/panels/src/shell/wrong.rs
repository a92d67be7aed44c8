//! Why nothing was done: a rule of a panel or of a person's page, or there is no such thing.

use crate::{announced, meeting, member, panel};

/// Why not.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Wrong {
    /// A rule of a panel.
    Panel(panel::Refusal),
    /// A rule of a person's page.
    Member(member::Refusal),
    /// A rule of a meeting.
    Meeting(meeting::Refusal),
    /// There is no such thing, or not for them.
    Unknown,
}

impl From<panel::Refusal> for Wrong {
    fn from(refusal: panel::Refusal) -> Self {
        match refusal {
            panel::Refusal::UnknownPanel => Self::Unknown,
            refusal => Self::Panel(refusal),
        }
    }
}

impl From<announced::Refusal> for Wrong {
    fn from(refusal: announced::Refusal) -> Self {
        match refusal {}
    }
}

impl From<meeting::Refusal> for Wrong {
    fn from(refusal: meeting::Refusal) -> Self {
        match refusal {
            meeting::Refusal::UnknownMeeting => Self::Unknown,
            refusal => Self::Meeting(refusal),
        }
    }
}

impl From<member::Refusal> for Wrong {
    fn from(refusal: member::Refusal) -> Self {
        match refusal {
            member::Refusal::UnknownMember => Self::Unknown,
            refusal => Self::Member(refusal),
        }
    }
}
