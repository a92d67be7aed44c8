//! What the shell knows of this service.

use radslag_kernel::{AggregateId, Encoded, Malformed, Stored};
use radslag_runtime::service::Service;

use crate::{Event, wire};

/// The notifications service.
#[derive(Clone, Copy, Debug)]
pub enum Notifications {}

impl Service for Notifications {
    type Event = Event;

    const NAME: &'static str = "notifications";

    fn encode(event: &Event, _: Option<AggregateId>) -> Encoded {
        wire::encode(event)
    }

    fn decode(stored: &Stored<'_>) -> Result<Event, Malformed> {
        wire::decode(stored)
    }
}
