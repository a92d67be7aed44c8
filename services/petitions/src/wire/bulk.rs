//! A bulk invalidation's events as protobuf: counts and positions are public, conditions and grounds sealed under its key.

use prost::Message as _;
use radslag_kernel::{AggregateId, Encoded, KeyRef, Malformed, Opened, Plain, Role, Stored, SubjectId};
use radslag_proto::petitions as proto;

use super::fields::{Fields as _, instant, plain, subject_in, text};
use crate::bulk::{Conditions, Correction, Cursor, Event, Prepared, Side};

/// The bytes of an event.
#[must_use]
pub fn encode(event: &Event) -> Encoded {
    match event {
        Event::Prepared(prepared) => {
            let public = proto::BulkPrepared {
                role: prepared.role as u32,
                matched: prepared.matched,
                up_to: prepared.up_to,
            };
            let key = prepared.key;
            let conditions = prepared.conditions.known().map(conditions_out).unwrap_or_default();
            let sealed = vec![
                plain(1, key, false, conditions),
                text(2, key, false, &prepared.ground),
                text(3, key, true, &prepared.notice),
            ];
            of("bulk.prepared", &public, sealed)
        }
        Event::Started { role, second, matched, up_to, .. } => {
            let (role, second) = (*role as u32, second.map(|second| second.as_bytes().to_vec()));
            of(
                "bulk.started",
                &proto::BulkStarted { role, second, matched: *matched, up_to: *up_to },
                Vec::new(),
            )
        }
        Event::Progressed { undoing, numbers, skipped, cursor, .. } => {
            let numbers = numbers.iter().map(|(side, number)| proto::BulkNumber {
                petition: side.petition.as_bytes().to_vec(),
                number: *number,
                against: side.against,
            });
            let public = proto::BulkProgressed {
                undoing: *undoing,
                numbers: numbers.collect(),
                skipped: *skipped,
                petition: cursor.petition.as_bytes().to_vec(),
                position: cursor.position,
            };
            of("bulk.progressed", &public, Vec::new())
        }
        Event::Cancelled { was_running, key, ground, .. } => {
            let public = proto::BulkCancelled { was_running: *was_running };
            of("bulk.cancelled", &public, vec![text(1, *key, false, ground)])
        }
        Event::Finished { role, key, notice, corrections, .. } => {
            let corrections = corrections.iter().map(correction_out).collect();
            let public = proto::BulkFinished { role: *role as u32, corrections };
            of("bulk.finished", &public, vec![text(1, *key, true, notice)])
        }
        Event::UndoStarted { role, second, up_to, key, ground, .. } => {
            let (role, second) = (*role as u32, second.map(|second| second.as_bytes().to_vec()));
            let public = proto::BulkUndoStarted { role, second, up_to: *up_to };
            of("bulk.undo_started", &public, vec![text(1, *key, false, ground)])
        }
        Event::Undone { role, key, notice, corrections, .. } => {
            let corrections = corrections.iter().map(correction_out).collect();
            let public = proto::BulkUndone { role: *role as u32, corrections };
            of("bulk.undone", &public, vec![text(1, *key, true, notice)])
        }
    }
}

fn of(kind: &'static str, public: &impl prost::Message, sealed: Vec<Plain>) -> Encoded {
    Encoded { kind, schema: 1, public: public.encode_to_vec(), sealed }
}

/// The event of stored bytes.
///
/// # Errors
/// If no version of this service wrote them.
pub fn decode(stored: &Stored<'_>) -> Result<Event, Malformed> {
    let (at, by) = (stored.at, stored.by);
    match stored.kind {
        "bulk.prepared" => prepared_in(stored),
        "bulk.started" => {
            let message: proto::BulkStarted = stored.message(1)?;
            let (role, second) = (role_in(message.role)?, second_in(message.second)?);
            Ok(Event::Started { at, by, role, second, matched: message.matched, up_to: message.up_to })
        }
        "bulk.progressed" => {
            let message: proto::BulkProgressed = stored.message(1)?;
            let numbers = message.numbers.iter();
            let numbers = numbers.map(|one| Ok((side_in(&one.petition, one.against)?, one.number)));
            let numbers = numbers.collect::<Result<_, Malformed>>()?;
            let cursor = Cursor { petition: id_in(&message.petition)?, position: message.position };
            let (undoing, skipped) = (message.undoing, message.skipped);
            Ok(Event::Progressed { at, undoing, numbers, skipped, cursor })
        }
        "bulk.cancelled" => {
            let message: proto::BulkCancelled = stored.message(1)?;
            let (was_running, key) = (message.was_running, stored.key(1)?);
            Ok(Event::Cancelled { at, by, was_running, key, ground: stored.text(1)? })
        }
        "bulk.finished" => {
            let message: proto::BulkFinished = stored.message(1)?;
            let (role, key, notice) = (role_in(message.role)?, stored.key(1)?, stored.text(1)?);
            let corrections = corrections_in(&message.corrections)?;
            Ok(Event::Finished { at, role, key, notice, corrections })
        }
        "bulk.undo_started" => {
            let message: proto::BulkUndoStarted = stored.message(1)?;
            let (role, second) = (role_in(message.role)?, second_in(message.second)?);
            let (up_to, key, ground) = (message.up_to, stored.key(1)?, stored.text(1)?);
            Ok(Event::UndoStarted { at, by, role, second, up_to, key, ground })
        }
        "bulk.undone" => {
            let message: proto::BulkUndone = stored.message(1)?;
            let (role, key, notice) = (role_in(message.role)?, stored.key(1)?, stored.text(1)?);
            let corrections = corrections_in(&message.corrections)?;
            Ok(Event::Undone { at, role, key, notice, corrections })
        }
        unknown => Err(Malformed(format!("unknown type {unknown:?}"))),
    }
}

fn prepared_in(stored: &Stored<'_>) -> Result<Event, Malformed> {
    let message: proto::BulkPrepared = stored.message(1)?;
    let conditions = match stored.sub::<proto::BulkConditions>(1)? {
        Opened::Known(conditions) => Opened::Known(conditions_in(conditions)?),
        Opened::Gone => Opened::Gone,
    };
    let key: KeyRef = stored.key(1)?;
    Ok(Event::Prepared(Box::new(Prepared {
        at: stored.at,
        by: stored.by,
        role: role_in(message.role)?,
        key,
        conditions,
        ground: stored.text(2)?,
        notice: stored.text(3)?,
        matched: message.matched,
        up_to: message.up_to,
    })))
}

fn conditions_out(conditions: &Conditions) -> Vec<u8> {
    proto::BulkConditions {
        petition: conditions.petition.map(|id| id.as_bytes().to_vec()),
        name: conditions.name.clone(),
        mailbox: conditions.mailbox.clone(),
        domain: conditions.domain.clone(),
        network: conditions.network.clone(),
        postcode: conditions.postcode.clone(),
        area: conditions.area.clone(),
        from: conditions.from.map(radslag_kernel::Instant::millis),
        until: conditions.until.map(radslag_kernel::Instant::millis),
    }
    .encode_to_vec()
}

fn conditions_in(conditions: proto::BulkConditions) -> Result<Conditions, Malformed> {
    Ok(Conditions {
        petition: conditions.petition.as_deref().map(id_in).transpose()?,
        name: conditions.name,
        mailbox: conditions.mailbox,
        domain: conditions.domain,
        network: conditions.network,
        postcode: conditions.postcode,
        area: conditions.area,
        from: conditions.from.map(instant),
        until: conditions.until.map(instant),
    })
}

fn correction_out(correction: &Correction) -> proto::BulkCorrection {
    proto::BulkCorrection {
        petition: correction.side.petition.as_bytes().to_vec(),
        number: correction.number,
        before: correction.before,
        after: correction.after,
        position: correction.position,
        against: correction.side.against,
    }
}

fn corrections_in(corrections: &[proto::BulkCorrection]) -> Result<Vec<Correction>, Malformed> {
    let read = |one: &proto::BulkCorrection| {
        let side = side_in(&one.petition, one.against)?;
        let (number, before, after, position) = (one.number, one.before, one.after, one.position);
        Ok(Correction { side, number, before, after, position })
    };
    corrections.iter().map(read).collect()
}

fn side_in(petition: &[u8], against: bool) -> Result<Side, Malformed> {
    Ok(Side { petition: id_in(petition)?, against })
}

fn id_in(bytes: &[u8]) -> Result<AggregateId, Malformed> {
    AggregateId::from_slice(bytes).ok_or_else(|| Malformed("an id is 16 bytes".into()))
}

fn role_in(number: u32) -> Result<Role, Malformed> {
    Role::from_number(number).ok_or_else(|| Malformed("no such role".into()))
}

fn second_in(second: Option<Vec<u8>>) -> Result<Option<SubjectId>, Malformed> {
    second.as_deref().map(subject_in).transpose()
}
