//! What the shell knows of this service.

use radslag_kernel::{AggregateId, Encoded, Malformed, Stored};
use radslag_runtime::service::Service;

use crate::{Event, wire};

/// The panels service.
#[derive(Clone, Copy, Debug)]
pub enum Panels {}

impl Service for Panels {
    type Event = Event;

    const NAME: &'static str = "panels";

    fn encode(event: &Event, dialogue: Option<AggregateId>) -> Encoded {
        wire::encode(event, dialogue)
    }

    fn decode(stored: &Stored<'_>) -> Result<Event, Malformed> {
        wire::decode(stored)
    }
}
