//! The events of who may take a petition over as protobuf.

use prost::Message as _;
use radslag_kernel::{Malformed, Plain, Stored};
use radslag_proto::petitions as proto;

use super::sealed::{contact_in, contact_out, tags_in, tags_out};
use crate::{
    petition::{
        self,
        coinitiator::event::{Ended, Event},
    },
    wire::fields::{Fields as _, instant, plain},
};

/// Whether a type is one of these.
pub(super) fn is_one(kind: &str) -> bool {
    kind.starts_with("petition.coinitiator_") || kind == "petition.taken_over"
}

/// Its type, as it stands in the header.
pub(super) const fn kind(event: &Event) -> &'static str {
    match event {
        Event::Named { .. } => "petition.coinitiator_named",
        Event::Accepted { .. } => "petition.coinitiator_accepted",
        Event::Ended { how: Ended::Declined, .. } => "petition.coinitiator_declined",
        Event::Ended { how: Ended::Revoked, .. } => "petition.coinitiator_revoked",
        Event::Ended { how: Ended::Lapsed, .. } => "petition.coinitiator_lapsed",
        Event::TakenOver { .. } => "petition.taken_over",
    }
}

/// What everybody may know for ever.
pub(super) fn public_out(event: &Event, dialogue_id: Option<Vec<u8>>) -> Vec<u8> {
    match event {
        Event::Named { expires_at, .. } => {
            let expires_at = expires_at.millis();
            proto::PetitionCoinitiatorNamed { dialogue_id, expires_at }.encode_to_vec()
        }
        Event::Accepted { .. } => proto::PetitionCoinitiatorAccepted { dialogue_id }.encode_to_vec(),
        Event::Ended { .. } => proto::PetitionCoinitiatorEnded { dialogue_id }.encode_to_vec(),
        Event::TakenOver { .. } => proto::PetitionTakenOver { dialogue_id }.encode_to_vec(),
    }
}

/// What is sealed, and under what.
pub(super) fn sealed_out(event: &Event) -> Vec<Plain> {
    match event {
        Event::Named { key, tags, contact, compared, mail, .. } => {
            let mail = plain(8, *tags, false, vec![u8::from(mail.known() == Some(&true))]);
            let people = contact_out(contact, *key).into_iter().chain([tags_out(compared, *tags)]);
            people.chain([mail]).collect()
        }
        Event::Accepted { key, tags, contact, compared, .. }
        | Event::TakenOver { key, tags, contact, compared, .. } => {
            contact_out(contact, *key).into_iter().chain([tags_out(compared, *tags)]).collect()
        }
        Event::Ended { .. } => Vec::new(),
    }
}

/// The event of stored bytes.
pub(super) fn decode(stored: &Stored<'_>) -> Result<petition::Event, Malformed> {
    let (at, item) = (stored.at, stored.item()?);
    let event = match stored.kind {
        "petition.coinitiator_declined" => ended(stored, Ended::Declined)?,
        "petition.coinitiator_revoked" => ended(stored, Ended::Revoked)?,
        "petition.coinitiator_lapsed" => ended(stored, Ended::Lapsed)?,
        kind => {
            let (key, tags) = (stored.key(4)?, stored.key(7)?);
            let (contact, compared) = (contact_in(stored)?, tags_in(stored)?);
            match kind {
                "petition.coinitiator_named" => {
                    let message: proto::PetitionCoinitiatorNamed = stored.message(1)?;
                    let mail = stored.bytes(8)?.map(|bytes| bytes == [1]);
                    let expires_at = instant(message.expires_at);
                    Event::Named { at, item, key, expires_at, tags, contact, compared, mail }
                }
                "petition.coinitiator_accepted" => {
                    let _: proto::PetitionCoinitiatorAccepted = stored.message(1)?;
                    Event::Accepted { at, item, key, tags, contact, compared }
                }
                "petition.taken_over" => {
                    let _: proto::PetitionTakenOver = stored.message(1)?;
                    Event::TakenOver { at, item, key, tags, contact, compared }
                }
                unknown => return Err(Malformed(format!("unknown type {unknown:?}"))),
            }
        }
    };
    Ok(event.into())
}

fn ended(stored: &Stored<'_>, how: Ended) -> Result<Event, Malformed> {
    let _: proto::PetitionCoinitiatorEnded = stored.message(1)?;
    let key = stored.erased.first().copied();
    let key = key.ok_or_else(|| Malformed("a naming ended and nothing was destroyed".into()))?;
    Ok(Event::Ended { at: stored.at, item: stored.item()?, how, key })
}
