//! Events of subscriptions as protobuf. Which mailbox and which list stands sealed, and only until the end.

use radslag_kernel::{Encoded, Malformed, Stored};
use radslag_proto::notifications as proto;

use super::fields::{Fields as _, encoded, instant, sealed};
use crate::subscription::{Asker, Event};

/// The bytes of an event.
#[must_use]
pub fn encode(event: &Event) -> Encoded {
    match event {
        Event::Requested { key, expires_at, asker, .. } => {
            let asker = asker.known().map(|asker| proto::SubscriptionAsker {
                mailbox: asker.mailbox.clone(),
                language: asker.language.clone(),
                list: asker.list.clone(),
                mail: asker.mail,
            });
            let public = proto::SubscriptionRequested { expires_at: expires_at.millis() };
            encoded("subscription.requested", public, vec![sealed(1, *key, asker)])
        }
        Event::Confirmed { .. } => {
            encoded("subscription.confirmed", proto::SubscriptionConfirmed {}, Vec::new())
        }
        Event::Expired { .. } => encoded("subscription.expired", proto::SubscriptionExpired {}, Vec::new()),
        Event::Ended { .. } => encoded("subscription.ended", proto::SubscriptionEnded {}, Vec::new()),
    }
}

/// The event of stored bytes.
///
/// # Errors
/// If no version of this service wrote them.
pub fn decode(stored: &Stored<'_>) -> Result<Event, Malformed> {
    let (at, item) = (stored.at, stored.item()?);
    match stored.kind {
        "subscription.requested" => {
            let message: proto::SubscriptionRequested = stored.message(1)?;
            let asker = stored.sub_as(1, |message: proto::SubscriptionAsker| {
                let proto::SubscriptionAsker { mailbox, language, list, mail } = message;
                Ok(Asker { mailbox, language, list, mail })
            })?;
            let (key, expires_at) = (stored.key(1)?, instant(message.expires_at));
            Ok(Event::Requested { at, item, key, expires_at, asker })
        }
        "subscription.confirmed" => {
            let _: proto::SubscriptionConfirmed = stored.message(1)?;
            Ok(Event::Confirmed { at, item, replaces: stored.erased.first().copied() })
        }
        "subscription.expired" => {
            let _: proto::SubscriptionExpired = stored.message(1)?;
            Ok(Event::Expired { at, item, key: stored.destroyed()? })
        }
        "subscription.ended" => {
            let _: proto::SubscriptionEnded = stored.message(1)?;
            Ok(Event::Ended { at, item, key: stored.destroyed()? })
        }
        unknown => Err(Malformed(format!("unknown type {unknown:?}"))),
    }
}
