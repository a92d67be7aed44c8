//! The lists' events as protobuf. Whom an entry is about is sealed; that there is one, and what it does, is public.

use prost::Message as _;
use radslag_kernel::{Encoded, Malformed, Opened, Stored};
use radslag_proto::petitions as proto;

use super::fields::{Fields as _, plain, text};
use crate::lists::{Effect, Event, Kind, Pattern};

/// The bytes of an event.
#[must_use]
pub fn encode(event: &Event) -> Encoded {
    match event {
        Event::Added { key, effect, kind, pattern, ground, .. } => {
            let public =
                proto::ListAdded { effect: effect_out(*effect).into(), kind: kind_out(*kind).into() };
            let pattern = pattern.known().map(ToString::to_string).unwrap_or_default();
            let sealed = vec![plain(1, *key, false, pattern), text(2, *key, false, ground)];
            Encoded { kind: "list.added", schema: 1, public: public.encode_to_vec(), sealed }
        }
        Event::Removed { key, ground, .. } => {
            let public = proto::ListRemoved {}.encode_to_vec();
            Encoded { kind: "list.removed", schema: 1, public, sealed: vec![text(1, *key, false, ground)] }
        }
    }
}

/// The event of stored bytes.
///
/// # Errors
/// If no version of this service wrote them.
pub fn decode(stored: &Stored<'_>) -> Result<Event, Malformed> {
    let (at, item, by, key) = (stored.at, stored.item()?, stored.by, stored.key(1)?);
    match stored.kind {
        "list.added" => {
            let message: proto::ListAdded = stored.message(1)?;
            let effect = match message.effect() {
                proto::ListEffect::Block => Effect::Block,
                proto::ListEffect::Allow => Effect::Allow,
                proto::ListEffect::Unspecified => return Err(Malformed("an entry without effect".into())),
            };
            let kind = match message.kind() {
                proto::ListKind::Network => Kind::Network,
                proto::ListKind::Domain => Kind::Domain,
                proto::ListKind::Mailbox => Kind::Mailbox,
                proto::ListKind::Unspecified => return Err(Malformed("an entry without kind".into())),
            };
            let pattern = match stored.text(1)? {
                Opened::Gone => Opened::Gone,
                Opened::Known(kept) => Opened::Known(
                    Pattern::parse(kind, &kept).map_err(|_| stored.malformed(1, "is no pattern"))?,
                ),
            };
            Ok(Event::Added { at, item, by, key, effect, kind, pattern, ground: stored.text(2)? })
        }
        "list.removed" => {
            let _: proto::ListRemoved = stored.message(1)?;
            Ok(Event::Removed { at, item, by, key, ground: stored.text(1)? })
        }
        unknown => Err(Malformed(format!("unknown type {unknown:?}"))),
    }
}

const fn effect_out(effect: Effect) -> proto::ListEffect {
    match effect {
        Effect::Block => proto::ListEffect::Block,
        Effect::Allow => proto::ListEffect::Allow,
    }
}

const fn kind_out(kind: Kind) -> proto::ListKind {
    match kind {
        Kind::Network => proto::ListKind::Network,
        Kind::Domain => proto::ListKind::Domain,
        Kind::Mailbox => proto::ListKind::Mailbox,
    }
}
