//! A batch's and a line's events as protobuf: counts and the scan's hash are public; what a line says, and what came of it,
//! is sealed under the line's key.

use prost::Message as _;
use radslag_kernel::{AggregateId, Encoded, KeyRef, Malformed, Opened, Plain, Stored};
use radslag_proto::petitions as proto;

use super::fields::{Fields as _, date_in, dialogue_out, plain, subject_in, text};
use crate::paper::{
    Event, Ground, Typed,
    csv::{Part, Waiting},
};

/// The bytes of an event.
#[must_use]
pub fn encode(event: &Event, dialogue: Option<AggregateId>) -> Encoded {
    let dialogue_id = dialogue_out(dialogue);
    match event {
        Event::Registered { key, received, scan, ground, .. } => {
            let (received, scan) = (received.to_string(), scan.to_vec());
            let public = proto::PaperRegistered { dialogue_id, received, scan };
            of("paper.registered", &public, vec![text(1, *key, false, ground)])
        }
        Event::SheetEntered { sheet, taken, refused, last, .. } => {
            let (sheet, taken, refused, last) = (*sheet, *taken, *refused, *last);
            let public = proto::PaperSheetEntered { dialogue_id, sheet, taken, refused, last };
            of("paper.sheet_entered", &public, Vec::new())
        }
        Event::SheetChecked { sheet, differing, ground, .. } => {
            let public = proto::PaperSheetChecked { dialogue_id, sheet: *sheet, differing: *differing };
            of("paper.sheet_checked", &public, ground_out(ground))
        }
        Event::SheetSettled { sheet, ground, .. } => {
            let public = proto::PaperSheetSettled { dialogue_id, sheet: *sheet };
            of("paper.sheet_settled", &public, ground_out(ground))
        }
        Event::Accepted { ground, .. } => {
            of("paper.accepted", &proto::PaperAccepted { dialogue_id }, ground_out(ground))
        }
        Event::SheetCounted { sheet, counted, uncompared, dropped, .. } => {
            let (sheet, counted, uncompared, dropped) = (*sheet, *counted, *uncompared, *dropped);
            let public = proto::PaperSheetCounted { dialogue_id, sheet, counted, uncompared, dropped };
            of("paper.sheet_counted", &public, Vec::new())
        }
        Event::Undone { key, ground, .. } => {
            let ground = vec![text(1, *key, false, ground)];
            of("paper.undone", &proto::PaperUndone { dialogue_id }, ground)
        }
        Event::SheetStruck { sheet, struck, .. } => {
            let public = proto::PaperSheetStruck { dialogue_id, sheet: *sheet, struck: *struck };
            of("paper.sheet_struck", &public, Vec::new())
        }
        Event::SheetReinstated { sheet, .. } => {
            let public = proto::PaperSheetReinstated { dialogue_id, sheet: *sheet };
            of("paper.sheet_reinstated", &public, Vec::new())
        }
        Event::Counted { .. } => of("paper.counted", &proto::PaperCounted { dialogue_id }, Vec::new()),
        Event::Struck { .. } => of("paper.struck", &proto::PaperStruck { dialogue_id }, Vec::new()),
        Event::ImportStarted { .. }
        | Event::PartReceived { .. }
        | Event::ImportReceived { .. }
        | Event::ImportFinished { .. }
        | Event::ImportCancelled { .. } => import(event, dialogue_id),
        Event::Entered { .. } | Event::Refused { .. } | Event::Differed { .. } => typed(event, dialogue_id),
        Event::Settled { key, typed, .. } => {
            let stands = typed.known().and_then(Option::as_ref);
            of("paper.line_settled", &proto::PaperLineSettled { dialogue_id }, vec![line(*key, stands)])
        }
        Event::Dropped { key, reason, .. } => {
            let reason = vec![text(1, *key, false, reason)];
            of("paper.line_dropped", &proto::PaperLineDropped { dialogue_id }, reason)
        }
        Event::Erased { second, record, ground, .. } => {
            let public = proto::PaperLineErased { dialogue_id, second: second.as_bytes().to_vec() };
            of("paper.line_erased", &public, vec![text(1, *record, false, ground)])
        }
    }
}

fn import(event: &Event, dialogue_id: Option<Vec<u8>>) -> Encoded {
    match event {
        Event::ImportStarted { key, deadline, receivable, .. } => {
            let (deadline, receivable) = (deadline.to_string(), receivable.to_string());
            let public = proto::PaperImportStarted { dialogue_id, deadline, receivable };
            of("paper.import_started", &public, vec![plain(1, *key, false, Vec::new())])
        }
        Event::PartReceived { key, rows, part, .. } => {
            let public = proto::PaperPartReceived { dialogue_id, rows: *rows };
            let part = part.known().map(part_out).unwrap_or_default().encode_to_vec();
            of("paper.part_received", &public, vec![plain(1, *key, false, part)])
        }
        Event::ImportReceived { parts, rows, refused, .. } => {
            let (parts, rows, refused) = (*parts, *rows, *refused);
            let public = proto::PaperImportReceived { dialogue_id, parts, rows, refused };
            of("paper.import_received", &public, Vec::new())
        }
        Event::ImportFinished { .. } => {
            of("paper.import_finished", &proto::PaperImportFinished { dialogue_id }, Vec::new())
        }
        cancelled => {
            let ground = match cancelled {
                Event::ImportCancelled { ground, .. } => ground_out(ground),
                _without => Vec::new(),
            };
            of("paper.import_cancelled", &proto::PaperImportCancelled { dialogue_id }, ground)
        }
    }
}

/// A line as somebody typed or read it; nothing else comes here.
fn typed(event: &Event, dialogue_id: Option<Vec<u8>>) -> Encoded {
    match event {
        Event::Entered { key, number, typed, .. } => {
            let public = proto::PaperLineEntered { dialogue_id, number: *number };
            of("paper.line_entered", &public, vec![line(*key, typed.known())])
        }
        Event::Refused { key, number, reason, raw, .. } => {
            let public = proto::PaperLineRefused { dialogue_id, number: *number };
            of("paper.line_refused", &public, vec![text(1, *key, false, reason), text(2, *key, false, raw)])
        }
        differed => {
            let read = match differed {
                Event::Differed { key, typed, .. } => vec![line(*key, typed.known())],
                _nothing_was_read => Vec::new(),
            };
            of("paper.line_differed", &proto::PaperLineDiffered { dialogue_id }, read)
        }
    }
}

fn ground_out(ground: &Ground) -> Vec<Plain> {
    ground.iter().map(|(key, ground)| text(1, *key, false, ground)).collect()
}

/// Nothing, if nothing was said.
fn ground_in(stored: &Stored<'_>) -> Result<Ground, Malformed> {
    if (stored.field)(1).is_none() {
        return Ok(None);
    }
    Ok(Some((stored.key(1)?, stored.text(1)?)))
}

fn of(kind: &'static str, public: &impl prost::Message, sealed: Vec<Plain>) -> Encoded {
    Encoded { kind, schema: 1, public: public.encode_to_vec(), sealed }
}

fn line(key: KeyRef, typed: Option<&Typed>) -> Plain {
    let typed = typed.map(|typed| proto::PaperLine {
        name: typed.name.clone(),
        postcode: typed.postcode.clone(),
        number: typed.number.clone(),
        address: typed.address.clone(),
        date: typed.date.clone(),
    });
    plain(1, key, false, proto::PaperLineStands { line: typed }.encode_to_vec())
}

fn part_out(part: &Part) -> proto::PaperPart {
    let row =
        |row: &Waiting| proto::PaperRow { number: row.number, raw: row.raw.clone(), broken: row.broken };
    proto::PaperPart { header: part.header.clone(), rows: part.rows.iter().map(row).collect() }
}

fn part_in(part: proto::PaperPart) -> Part {
    let row = |row: proto::PaperRow| Waiting { number: row.number, raw: row.raw, broken: row.broken };
    Part { header: part.header, rows: part.rows.into_iter().map(row).collect() }
}

/// The event of stored bytes.
///
/// # Errors
/// If no version of this service wrote them.
pub fn decode(stored: &Stored<'_>) -> Result<Event, Malformed> {
    let (at, item, by) = (stored.at, stored.item()?, stored.by);
    let batch = item;
    Ok(match stored.kind {
        "paper.registered" => {
            let message: proto::PaperRegistered = stored.message(1)?;
            let scan = message.scan.try_into().map_err(|_| Malformed("a hash is 32 bytes".into()))?;
            let received = date_in(&message.received)?;
            let (key, ground) = (stored.key(1)?, stored.text(1)?);
            Event::Registered { at, batch, by, key, received, scan, ground }
        }
        "paper.sheet_entered" => {
            let proto::PaperSheetEntered { sheet, taken, refused, last, .. } = stored.message(1)?;
            Event::SheetEntered { at, batch, by, sheet, taken, refused, last }
        }
        "paper.sheet_checked" => {
            let proto::PaperSheetChecked { sheet, differing, .. } = stored.message(1)?;
            Event::SheetChecked { at, batch, by, sheet, differing, ground: ground_in(stored)? }
        }
        "paper.sheet_settled" => {
            let proto::PaperSheetSettled { sheet, .. } = stored.message(1)?;
            Event::SheetSettled { at, batch, by, sheet, ground: ground_in(stored)? }
        }
        "paper.accepted" => {
            let _: proto::PaperAccepted = stored.message(1)?;
            Event::Accepted { at, batch, by, ground: ground_in(stored)? }
        }
        "paper.sheet_counted" => {
            let proto::PaperSheetCounted { sheet, counted, uncompared, dropped, .. } = stored.message(1)?;
            Event::SheetCounted { at, batch, sheet, counted, uncompared, dropped }
        }
        "paper.undone" => {
            let _: proto::PaperUndone = stored.message(1)?;
            Event::Undone { at, batch, by, key: stored.key(1)?, ground: stored.text(1)? }
        }
        "paper.sheet_struck" => {
            let proto::PaperSheetStruck { sheet, struck, .. } = stored.message(1)?;
            Event::SheetStruck { at, batch, sheet, struck }
        }
        "paper.sheet_reinstated" => {
            let proto::PaperSheetReinstated { sheet, .. } = stored.message(1)?;
            Event::SheetReinstated { at, batch, sheet }
        }
        "paper.counted" => {
            let _: proto::PaperCounted = stored.message(1)?;
            Event::Counted { at, batch }
        }
        "paper.struck" => {
            let _: proto::PaperStruck = stored.message(1)?;
            Event::Struck { at, batch }
        }
        _of_a_file if of_a_file(stored.kind) => return import_in(stored),
        _of_a_line => return line_in(stored),
    })
}

fn of_a_file(kind: &str) -> bool {
    kind.starts_with("paper.import_") || kind == "paper.part_received"
}

fn import_in(stored: &Stored<'_>) -> Result<Event, Malformed> {
    let (at, batch, by) = (stored.at, stored.item()?, stored.by);
    Ok(match stored.kind {
        "paper.import_started" => {
            let message: proto::PaperImportStarted = stored.message(1)?;
            let (deadline, receivable) = (date_in(&message.deadline)?, date_in(&message.receivable)?);
            Event::ImportStarted { at, batch, by, key: stored.key(1)?, deadline, receivable }
        }
        "paper.part_received" => {
            let proto::PaperPartReceived { rows, .. } = stored.message(1)?;
            let part = stored.sub::<proto::PaperPart>(1)?.map(part_in);
            Event::PartReceived { at, batch, key: stored.key(1)?, rows, part }
        }
        "paper.import_received" => {
            let proto::PaperImportReceived { parts, rows, refused, .. } = stored.message(1)?;
            Event::ImportReceived { at, batch, parts, rows, refused }
        }
        "paper.import_finished" => {
            let _: proto::PaperImportFinished = stored.message(1)?;
            Event::ImportFinished { at, batch, keys: stored.erased.to_vec() }
        }
        "paper.import_cancelled" => {
            let _: proto::PaperImportCancelled = stored.message(1)?;
            let (keys, ground) = (stored.erased.to_vec(), ground_in(stored)?);
            Event::ImportCancelled { at, batch, by, keys, ground }
        }
        unknown => return Err(Malformed(format!("unknown type {unknown:?}"))),
    })
}

fn line_in(stored: &Stored<'_>) -> Result<Event, Malformed> {
    let (at, item, by, key) = (stored.at, stored.item()?, stored.by, stored.key(1)?);
    Ok(match stored.kind {
        "paper.line_entered" => {
            let proto::PaperLineEntered { number, .. } = stored.message(1)?;
            let typed = stands_in(stored)?.map(Option::unwrap_or_default);
            Event::Entered { at, item, key, number, typed }
        }
        "paper.line_refused" => {
            let proto::PaperLineRefused { number, .. } = stored.message(1)?;
            Event::Refused { at, item, key, number, reason: stored.text(1)?, raw: stored.text(2)? }
        }
        "paper.line_differed" => {
            let _: proto::PaperLineDiffered = stored.message(1)?;
            let typed = stands_in(stored)?.map(Option::unwrap_or_default);
            Event::Differed { at, by, item, key, typed }
        }
        "paper.line_settled" => {
            let _: proto::PaperLineSettled = stored.message(1)?;
            Event::Settled { at, by, item, key, typed: stands_in(stored)? }
        }
        "paper.line_dropped" => {
            let _: proto::PaperLineDropped = stored.message(1)?;
            Event::Dropped { at, item, key, reason: stored.text(1)? }
        }
        "paper.line_erased" => {
            let message: proto::PaperLineErased = stored.message(1)?;
            let (second, keys) = (subject_in(&message.second)?, stored.erased.to_vec());
            Event::Erased { at, item, by, second, keys, record: key, ground: stored.text(1)? }
        }
        unknown => return Err(Malformed(format!("unknown type {unknown:?}"))),
    })
}

fn stands_in(stored: &Stored<'_>) -> Result<Opened<Option<Typed>>, Malformed> {
    let stands: Opened<proto::PaperLineStands> = stored.sub(1)?;
    Ok(stands.map(|stands| {
        stands.line.map(|line| {
            let proto::PaperLine { name, postcode, number, address, date } = line;
            Typed { name, postcode, number, address, date }
        })
    }))
}
