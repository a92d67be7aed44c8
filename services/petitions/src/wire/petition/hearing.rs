//! A hearing's events as protobuf. The type says where the hearing stands after it.

use prost::Message as _;
use radslag_kernel::{Malformed, Plain, Stored};
use radslag_proto::petitions as proto;

use crate::{
    petition::{
        self, Hearing,
        hearing::{Event, What},
    },
    wire::fields::{Fields as _, instant, text},
};

const KINDS: [&str; 4] = [
    "petition.hearing_scheduled",
    "petition.hearing_held",
    "petition.hearing_not_held",
    "petition.hearing_documented",
];

pub(super) fn is_one(kind: &str) -> bool {
    KINDS.contains(&kind)
}

pub(super) const fn kind(what: &What) -> &'static str {
    let number = match what {
        What::Scheduled { .. } => 0,
        What::Held { .. } => 1,
        What::NotHeld { .. } => 2,
        What::Documented { .. } => 3,
    };
    KINDS[number]
}

pub(super) fn public_out(event: &Event, dialogue_id: Option<Vec<u8>>) -> Vec<u8> {
    match &event.what {
        What::Scheduled { starts_at, .. } => {
            proto::PetitionHearingScheduled { dialogue_id, starts_at: starts_at.millis() }.encode_to_vec()
        }
        What::Held { .. } => proto::PetitionHearingHeld { dialogue_id }.encode_to_vec(),
        What::NotHeld { .. } => proto::PetitionHearingNotHeld { dialogue_id }.encode_to_vec(),
        What::Documented { number, .. } => {
            proto::PetitionHearingDocumented { dialogue_id, number: *number }.encode_to_vec()
        }
    }
}

pub(super) fn sealed_out(event: &Event) -> Vec<Plain> {
    let sealed = |number, value| text(number, event.record, true, value);
    let ground = text(1, event.record, false, &event.ground);
    match &event.what {
        What::Scheduled { place: first, link, .. } | What::Documented { title: first, link, .. } => {
            vec![ground, sealed(2, first), sealed(3, link)]
        }
        What::Held { link: first } | What::NotHeld { why: first } => vec![ground, sealed(2, first)],
    }
}

/// The event of stored bytes of one of `KINDS`.
pub(super) fn decode(stored: &Stored<'_>) -> Result<petition::Event, Malformed> {
    let first = stored.text(2)?;
    let (stands, what) = match stored.kind {
        "petition.hearing_scheduled" => {
            let message: proto::PetitionHearingScheduled = stored.message(1)?;
            let (starts_at, link) = (instant(message.starts_at), stored.text(3)?);
            (Hearing::Scheduled, What::Scheduled { starts_at, place: first, link })
        }
        "petition.hearing_held" => {
            let _: proto::PetitionHearingHeld = stored.message(1)?;
            (Hearing::Held, What::Held { link: first })
        }
        "petition.hearing_not_held" => {
            let _: proto::PetitionHearingNotHeld = stored.message(1)?;
            (Hearing::NotHeld, What::NotHeld { why: first })
        }
        _documented => {
            let message: proto::PetitionHearingDocumented = stored.message(1)?;
            let link = stored.text(3)?;
            (Hearing::Held, What::Documented { number: message.number, title: first, link })
        }
    };
    let (at, record, ground) = (stored.at, stored.key(1)?, stored.text(1)?);
    Ok(petition::Event::Hearing(Box::new(Event { at, stands, record, ground, what })))
}
