//! What the shell knows of this service.

use radslag_kernel::{AggregateId, Encoded, Malformed, Stored};
use radslag_runtime::service::Service;

use crate::{Event, wire};

/// The petitions service.
#[derive(Clone, Copy, Debug)]
pub enum Petitions {}

impl Service for Petitions {
    type Event = Event;

    const NAME: &'static str = "petitions";

    fn encode(event: &Event, dialogue: Option<AggregateId>) -> Encoded {
        wire::encode(event, dialogue)
    }

    fn decode(stored: &Stored<'_>) -> Result<Event, Malformed> {
        wire::decode(stored)
    }
}

/// What the projection of petitions looks at: of a signature only its area.
#[must_use]
pub fn for_petitions(kind: &str, field: u32) -> bool {
    match kind {
        "signature.signed" | "signature.listed" | "signature.confirmed" | "signature.suspected" => field == 5,
        _ => kind.starts_with("petition."),
    }
}

/// What the projection of persons looks at: tags, and who acted for somebody.
#[must_use]
pub fn for_persons(kind: &str, field: u32) -> bool {
    match kind {
        "signature.submitted"
        | "signature.signed"
        | "signature.listed"
        | "signature.confirmed"
        | "signature.suspected"
        | "comment.made" => field == 6,
        "petition.submitted" => field == 7,
        "petition.withdrawn" | "petition.withdrawal_requested" => field == 2,
        "signature.withdrawn" | "signature.name_changed" | "comment.withdrawn" => field == 1,
        _ => false,
    }
}

/// What the projection of bulk invalidations looks at: what everybody is told.
#[must_use]
pub fn for_bulks(kind: &str, _: u32) -> bool {
    matches!(kind, "bulk.finished" | "bulk.undone")
}

/// What the projection of objections looks at: nothing sealed.
#[must_use]
pub const fn for_objections(_: &str, _: u32) -> bool {
    false
}

/// What timers look at: nothing sealed.
#[must_use]
pub const fn for_timers(_: &str, _: u32) -> bool {
    false
}

/// What the projection of comments looks at: what everybody may see.
#[must_use]
pub fn for_comments(kind: &str, field: u32) -> bool {
    matches!(kind, "comment.submitted" | "comment.made") && matches!(field, 1 | 4 | 5)
}

/// What the projection of inquiries looks at: what everybody may see once it is answered in public.
#[must_use]
pub fn for_inquiries(kind: &str, field: u32) -> bool {
    match kind {
        "inquiry.received" => field <= 3,
        "inquiry.assigned" => field >= 2,
        _ => kind == "inquiry.answered" && field == 2,
    }
}
