//! Events of draws as protobuf: what the result follows from is public before it, but for the secret; that after it.

use radslag_kernel::{Encoded, ItemId, KeyRef, Malformed, Opened, Stored};
use radslag_proto::{
    fields::{Fields as _, encoded, plain, sealed, text},
    panels as proto,
};

use super::values::{hash_in, item_in, missing};
use crate::panel::{
    Event as PanelEvent,
    draw::{Chosen, Event, Kind, Made, Terms, What},
};

pub(super) fn encode(event: &Event, dialogue_id: Option<Vec<u8>>) -> Encoded {
    match &event.what {
        What::Committed { document, record, number, terms } => {
            terms_out((*document, *record), *number, terms, dialogue_id)
        }
        What::Made { document, record, secret, made } => {
            let public = proto::DrawMade {
                dialogue_id,
                secret: secret.to_vec(),
                bundle_hash: made.bundle_hash.to_vec(),
                chosen: made.chosen,
                reserved: made.reserved,
                panels: made.panels,
                lottery: made.lottery,
            };
            let bytes = |items: &[ItemId]| items.iter().map(|item| item.as_bytes().to_vec()).collect();
            let chosen = made.result.known().map(|chosen| proto::Chosen {
                rows: chosen.rows.clone(),
                members: bytes(&chosen.members),
                reserves: bytes(&chosen.reserves),
            });
            encoded(
                "draw.made",
                public,
                vec![text(1, *document, true, &made.value), sealed(2, *record, chosen)],
            )
        }
        What::Progressed { done, passed } => {
            let public = proto::DrawProgressed { dialogue_id, done: *done, passed: *passed };
            encoded("draw.progressed", public, Vec::new())
        }
        What::Finished { invited, reserved, passed } => {
            let (invited, reserved, passed) = (*invited, *reserved, *passed);
            let public = proto::DrawFinished { dialogue_id, invited, reserved, passed };
            encoded("draw.finished", public, Vec::new())
        }
        What::Cancelled { record, ground } => {
            let sealed = vec![text(1, *record, false, ground)];
            encoded("draw.cancelled", proto::DrawCancelled { dialogue_id }, sealed)
        }
        What::Objected { record, ground } => {
            let sealed = vec![text(1, *record, false, ground)];
            encoded("draw.objected", proto::DrawCancelled { dialogue_id }, sealed)
        }
        What::ObjectionDecided { document, upheld, ground } => {
            let public = proto::DrawObjectionDecided { dialogue_id, upheld: *upheld };
            encoded("draw.objection_decided", public, vec![text(1, *document, true, ground)])
        }
    }
}

fn terms_out(
    (document, record): (KeyRef, KeyRef),
    number: u32,
    terms: &Terms,
    dialogue_id: Option<Vec<u8>>,
) -> Encoded {
    let public = proto::DrawCommitted {
        dialogue_id,
        kind: match terms.kind {
            Kind::Invitation => proto::DrawKind::Invitation,
            Kind::Sortition => proto::DrawKind::Sortition,
            Kind::Replacement => proto::DrawKind::Replacement,
        }
        .into(),
        number,
        algorithm: terms.algorithm.clone(),
        input_hash: terms.input_hash.to_vec(),
        commitment: terms.commitment.to_vec(),
        places: terms.places,
        reserves: terms.reserves,
        candidates: terms.candidates,
        frame: terms.frame.map(|frame| frame.as_bytes().to_vec()).unwrap_or_default(),
        as_of: terms.as_of,
        reply_days: terms.reply_days,
    };
    let secret = terms.secret.known().map(|secret| secret.to_vec()).unwrap_or_default();
    let quotas = text(2, document, true, &terms.quotas);
    let order = terms.order.known().map(|order| {
        let members = order.iter().map(|item| item.as_bytes().to_vec()).collect();
        proto::Chosen { members, ..proto::Chosen::default() }
    });
    let source = text(3, document, true, &terms.source);
    let sealed = vec![plain(1, record, false, secret), quotas, source, sealed(4, record, order)];
    encoded("draw.committed", public, sealed)
}

/// The event of stored bytes.
///
/// # Errors
/// If no version of this service wrote them.
pub fn decode(stored: &Stored<'_>) -> Result<PanelEvent, Malformed> {
    let what = match stored.kind {
        "draw.committed" => {
            let (number, terms) = committed(stored)?;
            What::Committed { document: stored.key(2)?, record: stored.key(1)?, number, terms }
        }
        "draw.made" => made(stored)?,
        "draw.progressed" => {
            let message: proto::DrawProgressed = stored.message(1)?;
            What::Progressed { done: message.done, passed: message.passed }
        }
        "draw.finished" => {
            let message: proto::DrawFinished = stored.message(1)?;
            let proto::DrawFinished { invited, reserved, passed, .. } = message;
            What::Finished { invited, reserved, passed }
        }
        "draw.cancelled" => {
            let _: proto::DrawCancelled = stored.message(1)?;
            What::Cancelled { record: stored.key(1)?, ground: stored.text(1)? }
        }
        "draw.objected" => {
            let _: proto::DrawCancelled = stored.message(1)?;
            What::Objected { record: stored.key(1)?, ground: stored.text(1)? }
        }
        "draw.objection_decided" => {
            let message: proto::DrawObjectionDecided = stored.message(1)?;
            let (document, upheld) = (stored.key(1)?, message.upheld);
            What::ObjectionDecided { document, upheld, ground: stored.text(1)? }
        }
        unknown => return Err(Malformed(format!("unknown type {unknown:?}"))),
    };
    let draw = stored.item()?;
    Ok(PanelEvent::Draw(Event { at: stored.at, by: stored.by, draw, what }))
}

fn committed(stored: &Stored<'_>) -> Result<(u32, Terms), Malformed> {
    let message: proto::DrawCommitted = stored.message(1)?;
    let kind = match message.kind() {
        proto::DrawKind::Invitation => Kind::Invitation,
        proto::DrawKind::Sortition => Kind::Sortition,
        proto::DrawKind::Replacement => Kind::Replacement,
        proto::DrawKind::Unspecified => return Err(missing("a draw")),
    };
    let secret = match stored.bytes(1)? {
        Opened::Known(secret) => Opened::Known(hash_in(&secret)?),
        Opened::Gone => Opened::Gone,
    };
    let frame = if message.frame.is_empty() { None } else { Some(item_in(&message.frame)?) };
    let terms = Terms {
        kind,
        input_hash: hash_in(&message.input_hash)?,
        secret,
        commitment: hash_in(&message.commitment)?,
        quotas: stored.text(2)?,
        source: stored.text(3)?,
        algorithm: message.algorithm,
        places: message.places,
        reserves: message.reserves,
        candidates: message.candidates,
        frame,
        as_of: message.as_of,
        order: stored.sub_as(4, |order: proto::Chosen| {
            order.members.iter().map(|bytes| item_in(bytes)).collect::<Result<_, _>>()
        })?,
        reply_days: message.reply_days,
    };
    Ok((message.number, terms))
}

fn made(stored: &Stored<'_>) -> Result<What, Malformed> {
    let message: proto::DrawMade = stored.message(1)?;
    let result = stored.sub_as(2, |chosen: proto::Chosen| {
        let items = |all: &[Vec<u8>]| all.iter().map(|bytes| item_in(bytes)).collect::<Result<_, _>>();
        let (members, reserves) = (items(&chosen.members)?, items(&chosen.reserves)?);
        Ok(Chosen { rows: chosen.rows, members, reserves })
    })?;
    let made = Made {
        by: stored.by,
        value: stored.text(1)?,
        bundle_hash: hash_in(&message.bundle_hash)?,
        chosen: message.chosen,
        reserved: message.reserved,
        panels: message.panels,
        lottery: message.lottery,
        result,
    };
    let (document, record, secret) = (stored.key(1)?, stored.key(2)?, hash_in(&message.secret)?);
    Ok(What::Made { document, record, secret, made })
}
