//! The events of a petition's supporters as protobuf.

use prost::Message as _;
use radslag_kernel::{Malformed, Opened, Plain, Stored};
use radslag_proto::petitions as proto;

use crate::{
    petition::{
        self,
        support::{Asked, Event, Supporter},
    },
    wire::fields::{Fields as _, date_in, instant, needed_tag, plain, subject_in, tag_out, text},
};

/// Its type, as it stands in the header.
pub(super) const fn kind(event: &Event) -> &'static str {
    match event {
        Event::Sought { .. } => "petition.supporters_sought",
        Event::Asked { .. } => "petition.support_asked",
        Event::Joined { .. } => "petition.supporter_joined",
        Event::Completed { .. } => "petition.supporters_completed",
        Event::Struck { .. } => "petition.supporter_struck",
        Event::Erased { .. } => "petition.supporter_erased",
    }
}

/// What everybody may know for ever.
pub(super) fn public_out(event: &Event, dialogue_id: Option<Vec<u8>>) -> Vec<u8> {
    match event {
        Event::Sought { until, expires_at, needed, at_most, .. } => {
            let (until, expires_at) = (until.to_string(), expires_at.millis());
            let (needed, at_most) = (*needed, *at_most);
            proto::PetitionSupportersSought { dialogue_id, until, expires_at, needed, at_most }
                .encode_to_vec()
        }
        Event::Asked { expires_at, .. } => {
            let expires_at = expires_at.millis();
            proto::PetitionSupportAsked { dialogue_id, expires_at }.encode_to_vec()
        }
        Event::Joined { .. } => proto::PetitionSupporterJoined { dialogue_id }.encode_to_vec(),
        Event::Completed { review_by, .. } => {
            let review_by = review_by.to_string();
            proto::PetitionSupportersCompleted { dialogue_id, review_by }.encode_to_vec()
        }
        Event::Struck { back_until, .. } => {
            let back_until = back_until.map(|until| until.millis());
            proto::PetitionSupporterStruck { dialogue_id, back_until }.encode_to_vec()
        }
        Event::Erased { second, .. } => {
            let second = second.as_bytes().to_vec();
            proto::PetitionSupporterErased { dialogue_id, second }.encode_to_vec()
        }
    }
}

/// What is sealed, and under what.
pub(super) fn sealed_out(event: &Event) -> Vec<Plain> {
    match event {
        Event::Asked { key, tags, supporter, asked, .. } => {
            let supporter = supporter.known().map(|supporter| proto::Supporter {
                name: supporter.name.clone(),
                mailbox: supporter.mailbox.clone(),
                language: supporter.language.clone(),
            });
            let asked = asked
                .known()
                .map(|asked| proto::SupportAsked { tag: tag_out(Some(asked.tag)), mail: asked.mail });
            vec![
                plain(1, *key, false, supporter.unwrap_or_default().encode_to_vec()),
                plain(6, *tags, false, asked.unwrap_or_default().encode_to_vec()),
            ]
        }
        Event::Joined { key, tags, name, tag, .. } => {
            vec![text(1, *key, false, name), plain(6, *tags, false, tag_out(tag.known().copied()))]
        }
        Event::Struck { record, ground, .. } | Event::Erased { record, ground, .. } => {
            vec![text(1, *record, false, ground)]
        }
        Event::Sought { .. } | Event::Completed { .. } => Vec::new(),
    }
}

/// The event of stored bytes.
pub(super) fn decode(stored: &Stored<'_>) -> Result<petition::Event, Malformed> {
    support(stored).map(petition::Event::Support)
}

fn support(stored: &Stored<'_>) -> Result<Event, Malformed> {
    let at = stored.at;
    match stored.kind {
        "petition.supporters_sought" => {
            let message: proto::PetitionSupportersSought = stored.message(1)?;
            let (until, expires_at) = (date_in(&message.until)?, instant(message.expires_at));
            let (needed, at_most) = (message.needed, message.at_most);
            Ok(Event::Sought { at, until, expires_at, needed, at_most })
        }
        "petition.support_asked" => asked(stored),
        "petition.supporter_joined" => {
            let _: proto::PetitionSupporterJoined = stored.message(1)?;
            let tag = match stored.bytes(6)? {
                Opened::Known(bytes) => Opened::Known(needed_tag(&bytes)?),
                Opened::Gone => Opened::Gone,
            };
            let (item, key, tags, name) = (stored.item()?, stored.key(1)?, stored.key(6)?, stored.text(1)?);
            Ok(Event::Joined { at, item, key, tags, name, tag })
        }
        "petition.supporters_completed" => {
            let message: proto::PetitionSupportersCompleted = stored.message(1)?;
            Ok(Event::Completed { at, review_by: date_in(&message.review_by)? })
        }
        "petition.supporter_struck" => {
            let message: proto::PetitionSupporterStruck = stored.message(1)?;
            let (by, item, back_until) = (stored.by, stored.item()?, message.back_until.map(instant));
            Ok(Event::Struck { at, by, item, back_until, record: stored.key(1)?, ground: stored.text(1)? })
        }
        "petition.supporter_erased" => {
            let message: proto::PetitionSupporterErased = stored.message(1)?;
            let (by, second, item) = (stored.by, subject_in(&message.second)?, stored.item()?);
            let (keys, record, ground) = (stored.erased.to_vec(), stored.key(1)?, stored.text(1)?);
            Ok(Event::Erased { at, by, second, item, keys, record, ground })
        }
        unknown => Err(Malformed(format!("unknown type {unknown:?}"))),
    }
}

fn asked(stored: &Stored<'_>) -> Result<Event, Malformed> {
    let message: proto::PetitionSupportAsked = stored.message(1)?;
    let supporter = stored.sub::<proto::Supporter>(1)?.map(|supporter| {
        let proto::Supporter { name, mailbox, language } = supporter;
        Supporter { name, mailbox, language }
    });
    let asked = match stored.sub::<proto::SupportAsked>(6)? {
        Opened::Known(asked) => Opened::Known(Asked { tag: needed_tag(&asked.tag)?, mail: asked.mail }),
        Opened::Gone => Opened::Gone,
    };
    let (at, item, key, tags) = (stored.at, stored.item()?, stored.key(1)?, stored.key(6)?);
    let expires_at = instant(message.expires_at);
    Ok(Event::Asked { at, item, key, expires_at, tags, supporter, asked })
}
