//! A moderator's record as protobuf: its public part tells only that there is one.

use prost::Message as _;
use radslag_kernel::{AggregateId, Encoded, Malformed, Opened, Stored};
use radslag_proto::petitions as proto;

use super::fields::{Fields as _, dialogue_out, instant, plain};
use crate::moderation::{Entry, Event};

pub(super) const KIND: &str = "moderation.recorded";

/// The bytes of an event.
#[must_use]
pub fn encode(event: &Event, dialogue: Option<AggregateId>) -> Encoded {
    use proto::moderation_entry::What;
    let what = event.entry.known().map(|entry| match entry {
        Entry::Locked { until } => What::LockedUntil(until.millis()),
        Entry::Released => What::Released(true),
        Entry::Note { text } => What::Note(text.clone()),
    });
    let entry = proto::ModerationEntry { what }.encode_to_vec();
    let public = proto::ModerationRecorded { dialogue_id: dialogue_out(dialogue) }.encode_to_vec();
    Encoded { kind: KIND, schema: 1, public, sealed: vec![plain(1, event.record, false, entry)] }
}

/// The event of stored bytes.
///
/// # Errors
/// If no version of this service wrote them.
pub fn decode(stored: &Stored<'_>) -> Result<Event, Malformed> {
    use proto::moderation_entry::What;
    let _: proto::ModerationRecorded = stored.message(1)?;
    let entry = match stored.sub::<proto::ModerationEntry>(1)? {
        Opened::Gone => Opened::Gone,
        Opened::Known(entry) => Opened::Known(match entry.what {
            Some(What::LockedUntil(until)) => Entry::Locked { until: instant(until) },
            Some(What::Released(_)) => Entry::Released,
            Some(What::Note(text)) => Entry::Note { text },
            None => return Err(Malformed("a moderator's record without an entry".into())),
        }),
    };
    Ok(Event { at: stored.at, by: stored.by, record: stored.key(1)?, entry })
}
