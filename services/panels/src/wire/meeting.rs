//! Events of meetings as protobuf. Texts are sealed and committed to.

use radslag_kernel::{AggregateId, Encoded, KeyRef, Malformed, Opened, Plain, Stored};
use radslag_proto::{
    fields::{Fields as _, aggregate_in, dialogue_in, dialogue_out, encoded, instant, plain, sealed, text},
    panels as proto,
};

use crate::meeting::event::{Attended, Event, Texts};

fn texts_out(document: KeyRef, texts: &Opened<Texts>) -> Vec<Plain> {
    let Texts { title, place, agenda, area } = texts.known().cloned().unwrap_or_default();
    let text = |field, value: String| plain(field, document, true, value);
    vec![text(1, title), text(2, place), text(3, agenda), text(4, area)]
}

fn panel_out(panel: Option<AggregateId>) -> Vec<u8> {
    panel.map(|panel| panel.as_bytes().to_vec()).unwrap_or_default()
}

/// The bytes of an event.
#[must_use]
pub fn encode(event: &Event, dialogue: Option<AggregateId>) -> Encoded {
    let dialogue_id = dialogue_out(dialogue);
    match event {
        Event::Planned { document, record, dialogue, panel, starts_at, texts, .. } => {
            let (dialogue_id, panel) = (dialogue_out(*dialogue), panel_out(*panel));
            let public = proto::MeetingPlanned { dialogue_id, panel, starts_at: starts_at.millis() };
            let mut sealed = texts_out(*document, texts);
            sealed.push(plain(5, *record, false, ""));
            encoded("meeting.planned", public, sealed)
        }
        Event::Changed { document, panel, starts_at, texts, .. } => {
            let (panel, starts_at) = (panel_out(*panel), starts_at.millis());
            let public = proto::MeetingPlanned { dialogue_id, panel, starts_at };
            encoded("meeting.changed", public, texts_out(*document, texts))
        }
        Event::Cancelled { document, reason, .. } => {
            let sealed = vec![text(1, *document, true, reason)];
            encoded("meeting.cancelled", proto::MeetingCancelled { dialogue_id }, sealed)
        }
        Event::Invited { members, .. } => {
            let public = proto::MeetingInvited { dialogue_id, members: *members };
            encoded("meeting.invited", public, Vec::new())
        }
        Event::Held { document, attended, rows, .. } => {
            let row = |row: &Attended| {
                let Attended { category, feature, attended } = row.clone();
                proto::attendance::Row { category, feature, attended }
            };
            let rows = rows.known().map(|rows| proto::Attendance { rows: rows.iter().map(row).collect() });
            let public = proto::MeetingHeld { dialogue_id, attended: *attended };
            encoded("meeting.held", public, vec![sealed(1, *document, rows)])
        }
        Event::Noted { document, notes, .. } => {
            let sealed = vec![text(1, *document, true, notes)];
            encoded("meeting.noted", proto::MeetingNoted { dialogue_id }, sealed)
        }
        Event::DocumentAdded { document, number, title, address, .. } => {
            let sealed = vec![text(1, *document, true, title), text(2, *document, true, address)];
            let public = proto::MeetingDocumentAdded { dialogue_id, number: *number };
            encoded("meeting.document_added", public, sealed)
        }
        Event::PointRaised { document, number, point, .. } => {
            let public = proto::MeetingPointRaised { dialogue_id, number: *number };
            encoded("meeting.point_raised", public, vec![text(1, *document, true, point)])
        }
        Event::PointAnswered { document, number, answer, who, .. } => {
            let sealed = vec![text(1, *document, true, answer), text(2, *document, true, who)];
            let public = proto::MeetingPointAnswered { dialogue_id, number: *number };
            encoded("meeting.point_answered", public, sealed)
        }
    }
}

fn texts_in(stored: &Stored<'_>) -> Result<Opened<Texts>, Malformed> {
    Ok(match (stored.text(1)?, stored.text(2)?, stored.text(3)?, stored.text(4)?) {
        (Opened::Known(title), Opened::Known(place), Opened::Known(agenda), Opened::Known(area)) => {
            Opened::Known(Texts { title, place, agenda, area })
        }
        _ => Opened::Gone,
    })
}

fn panel_in(bytes: &[u8]) -> Result<Option<AggregateId>, Malformed> {
    if bytes.is_empty() { Ok(None) } else { aggregate_in(bytes).map(Some) }
}

fn planned(stored: &Stored<'_>) -> Result<Event, Malformed> {
    let (at, by, document) = (stored.at, stored.by, stored.key(1)?);
    let message: proto::MeetingPlanned = stored.message(1)?;
    let (panel, starts_at) = (panel_in(&message.panel)?, instant(message.starts_at));
    let texts = texts_in(stored)?;
    if stored.kind == "meeting.changed" {
        return Ok(Event::Changed { at, by, document, panel, starts_at, texts });
    }
    let (record, dialogue) = (stored.key(5)?, dialogue_in(message.dialogue_id)?);
    Ok(Event::Planned { at, by, document, record, dialogue, panel, starts_at, texts })
}

/// The event of stored bytes.
///
/// # Errors
/// If no version of this service wrote them.
pub fn decode(stored: &Stored<'_>) -> Result<Event, Malformed> {
    let (at, by) = (stored.at, stored.by);
    match stored.kind {
        "meeting.planned" | "meeting.changed" => planned(stored),
        "meeting.cancelled" => {
            let _: proto::MeetingCancelled = stored.message(1)?;
            Ok(Event::Cancelled { at, by, document: stored.key(1)?, reason: stored.text(1)? })
        }
        "meeting.invited" => {
            let message: proto::MeetingInvited = stored.message(1)?;
            Ok(Event::Invited { at, by, members: message.members })
        }
        "meeting.held" => {
            let message: proto::MeetingHeld = stored.message(1)?;
            let row = |row: proto::attendance::Row| {
                let proto::attendance::Row { category, feature, attended } = row;
                Attended { category, feature, attended }
            };
            let rows = stored.sub_as(1, |rows: proto::Attendance| {
                Ok(rows.rows.into_iter().map(row).collect::<Vec<_>>())
            })?;
            Ok(Event::Held { at, by, document: stored.key(1)?, attended: message.attended, rows })
        }
        "meeting.noted" => {
            let _: proto::MeetingNoted = stored.message(1)?;
            Ok(Event::Noted { at, by, document: stored.key(1)?, notes: stored.text(1)? })
        }
        "meeting.document_added" => {
            let message: proto::MeetingDocumentAdded = stored.message(1)?;
            let (document, number) = (stored.key(1)?, message.number);
            let (title, address) = (stored.text(1)?, stored.text(2)?);
            Ok(Event::DocumentAdded { at, by, document, number, title, address })
        }
        "meeting.point_raised" => {
            let message: proto::MeetingPointRaised = stored.message(1)?;
            let (document, number) = (stored.key(1)?, message.number);
            Ok(Event::PointRaised { at, by, document, number, point: stored.text(1)? })
        }
        "meeting.point_answered" => {
            let message: proto::MeetingPointAnswered = stored.message(1)?;
            let (document, number) = (stored.key(1)?, message.number);
            let (answer, who) = (stored.text(1)?, stored.text(2)?);
            Ok(Event::PointAnswered { at, by, document, number, answer, who })
        }
        unknown => Err(Malformed(format!("unknown type {unknown:?}"))),
    }
}
