//! The events of attached files as protobuf.

use prost::Message as _;
use radslag_kernel::{Malformed, Opened, Plain, Stored};
use radslag_proto::petitions as proto;

use crate::{
    attachment::Kind,
    petition::{
        self,
        attached::{File, FileKey, event::Event},
    },
    wire::fields::{Fields as _, plain},
};

/// Whether a type is one of these.
pub(super) fn is_one(kind: &str) -> bool {
    matches!(kind, "petition.attached" | "petition.detached")
}

/// Its type, as it stands in the header.
pub(super) const fn kind(event: &Event) -> &'static str {
    match event {
        Event::Attached { .. } => "petition.attached",
        Event::Detached { .. } => "petition.detached",
    }
}

/// What everybody may know for ever.
pub(super) fn public_out(event: &Event, dialogue_id: Option<Vec<u8>>) -> Vec<u8> {
    match event {
        Event::Attached { .. } => proto::PetitionAttached { dialogue_id }.encode_to_vec(),
        Event::Detached { .. } => proto::PetitionDetached { dialogue_id }.encode_to_vec(),
    }
}

/// What is sealed, and under what.
pub(super) fn sealed_out(event: &Event) -> Vec<Plain> {
    match event {
        Event::Attached { key, file, .. } => {
            vec![plain(1, *key, false, file.known().map(file_out).unwrap_or_default())]
        }
        Event::Detached { .. } => Vec::new(),
    }
}

fn file_out(file: &File) -> Vec<u8> {
    proto::AttachedFile {
        name: file.name.clone(),
        kind: file.kind.word().into(),
        size: file.size,
        blob: file.blob.to_vec(),
        digest: file.digest.to_vec(),
        key: file.key.0.to_vec(),
    }
    .encode_to_vec()
}

fn file_in(file: proto::AttachedFile) -> Result<File, Malformed> {
    let wrong = |what: &str| Malformed(format!("an attached file's {what}"));
    Ok(File {
        name: file.name,
        kind: Kind::of(&file.kind).ok_or_else(|| wrong("kind"))?,
        size: file.size,
        blob: file.blob.try_into().map_err(|_| wrong("place"))?,
        digest: file.digest.try_into().map_err(|_| wrong("digest"))?,
        key: FileKey(file.key.try_into().map_err(|_| wrong("key"))?),
    })
}

/// The event of stored bytes.
pub(super) fn decode(stored: &Stored<'_>) -> Result<petition::Event, Malformed> {
    let (at, item) = (stored.at, stored.item()?);
    let event = match stored.kind {
        "petition.attached" => {
            let _: proto::PetitionAttached = stored.message(1)?;
            let file = match stored.sub::<proto::AttachedFile>(1)? {
                Opened::Known(file) => Opened::Known(file_in(file)?),
                Opened::Gone => Opened::Gone,
            };
            Event::Attached { at, item, key: stored.key(1)?, file }
        }
        "petition.detached" => {
            let _: proto::PetitionDetached = stored.message(1)?;
            let key = stored.erased.first().copied();
            let key = key.ok_or_else(|| Malformed("detached, and nothing was destroyed".into()))?;
            Event::Detached { at, item, key }
        }
        unknown => return Err(Malformed(format!("unknown type {unknown:?}"))),
    };
    Ok(event.into())
}
