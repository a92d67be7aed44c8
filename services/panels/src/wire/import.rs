//! Events of imports as protobuf.

use radslag_kernel::{Encoded, Malformed, Stored};
use radslag_proto::{
    fields::{Fields as _, encoded, instant, plain, sealed, text},
    panels as proto,
};

use super::values::missing;
use crate::panel::{
    Event as PanelEvent,
    import::{Columns, Event, Kind, What},
};

pub(super) fn encode(event: &Event, dialogue_id: Option<Vec<u8>>) -> Encoded {
    match &event.what {
        What::Begun { kind, key, record, columns, deadline } => {
            let columns = columns.known().map(|columns| {
                let Columns { known, others } = columns.clone();
                proto::Columns { known, others }
            });
            let kind = match kind {
                Kind::Register => proto::FrameKind::Register,
                Kind::Volunteers => proto::FrameKind::Volunteers,
            };
            let deadline = deadline.millis();
            let public = proto::FrameBegun { dialogue_id, kind: kind.into(), deadline };
            encoded("frame.begun", public, vec![sealed(1, *record, columns), plain(2, *key, false, "")])
        }
        What::Completed { parts, rows, refused, hash, keep_until } => {
            let (parts, rows, refused, keep_until) = (*parts, *rows, *refused, keep_until.millis());
            let hash = hash.clone();
            let public = proto::FrameCompleted { dialogue_id, parts, rows, refused, hash, keep_until };
            encoded("frame.completed", public, Vec::new())
        }
        What::Progressed { done, taken } => {
            let public = proto::FrameProgressed { dialogue_id, done: *done, taken: *taken };
            encoded("frame.progressed", public, Vec::new())
        }
        What::Cancelled { record, ground, .. } => {
            let sealed = vec![text(1, *record, false, ground)];
            encoded("frame.cancelled", proto::FrameDestroyed { dialogue_id }, sealed)
        }
        What::Destroyed { record, ground, .. } => {
            let sealed = vec![text(1, *record, false, ground)];
            encoded("frame.destroyed", proto::FrameDestroyed { dialogue_id }, sealed)
        }
    }
}

/// The event of stored bytes.
///
/// # Errors
/// If no version of this service wrote them.
pub fn decode(stored: &Stored<'_>) -> Result<PanelEvent, Malformed> {
    let what = match stored.kind {
        "frame.begun" => {
            let message: proto::FrameBegun = stored.message(1)?;
            let kind = match message.kind() {
                proto::FrameKind::Register => Kind::Register,
                proto::FrameKind::Volunteers => Kind::Volunteers,
                proto::FrameKind::Unspecified => return Err(missing("an import")),
            };
            let columns = stored.sub_as(1, |columns: proto::Columns| {
                let proto::Columns { known, others } = columns;
                Ok(Columns { known, others })
            })?;
            let (key, record, deadline) = (stored.key(2)?, stored.key(1)?, instant(message.deadline));
            What::Begun { kind, key, record, columns, deadline }
        }
        "frame.completed" => {
            let message: proto::FrameCompleted = stored.message(1)?;
            let proto::FrameCompleted { parts, rows, refused, hash, keep_until, .. } = message;
            What::Completed { parts, rows, refused, hash, keep_until: instant(keep_until) }
        }
        "frame.progressed" => {
            let message: proto::FrameProgressed = stored.message(1)?;
            What::Progressed { done: message.done, taken: message.taken }
        }
        "frame.cancelled" => {
            let _: proto::FrameDestroyed = stored.message(1)?;
            What::Cancelled { key: stored.destroyed()?, record: stored.key(1)?, ground: stored.text(1)? }
        }
        "frame.destroyed" => {
            let _: proto::FrameDestroyed = stored.message(1)?;
            What::Destroyed { key: stored.destroyed()?, record: stored.key(1)?, ground: stored.text(1)? }
        }
        unknown => return Err(Malformed(format!("unknown type {unknown:?}"))),
    };
    Ok(PanelEvent::Import(Event { at: stored.at, by: stored.by, import: stored.item()?, what }))
}
