//! Events of links and sessions as protobuf. Which mailbox it is about stands sealed, and only until the link was used.

use prost::Message as _;
use radslag_kernel::{Encoded, Malformed, Opened, Stored};
use radslag_proto::petitions as proto;

use super::fields::{Fields as _, instant, plain};
use crate::session::{Asker, Event};

/// The bytes of an event.
#[must_use]
pub fn encode(event: &Event) -> Encoded {
    let (kind, public, sealed) = match event {
        Event::Requested { key, expires_at, asker, .. } => {
            let public = proto::SessionRequested { expires_at: expires_at.millis() }.encode_to_vec();
            let asker = asker.known().map(|asker| proto::SessionAsker {
                mailbox: asker.mailbox.clone(),
                language: asker.language.clone(),
                mail: asker.mail,
            });
            let asker = asker.map(|asker| asker.encode_to_vec()).unwrap_or_default();
            ("session.requested", public, vec![plain(1, *key, false, asker)])
        }
        Event::Opened { until, .. } => {
            let public = proto::SessionOpened { until: until.millis() }.encode_to_vec();
            ("session.opened", public, Vec::new())
        }
        Event::Ended { .. } => ("session.ended", Vec::new(), Vec::new()),
        Event::Expired { .. } => ("session.expired", Vec::new(), Vec::new()),
    };
    Encoded { kind, schema: 1, public, sealed }
}

/// The event of stored bytes.
///
/// # Errors
/// If no version of this service wrote them.
pub fn decode(stored: &Stored<'_>) -> Result<Event, Malformed> {
    let (at, item) = (stored.at, stored.item()?);
    let destroyed = || stored.erased.first().copied().ok_or(Malformed("it destroys a key".into()));
    match stored.kind {
        "session.requested" => {
            let message: proto::SessionRequested = stored.message(1)?;
            let asker = match stored.sub::<proto::SessionAsker>(1)? {
                Opened::Gone => Opened::Gone,
                Opened::Known(proto::SessionAsker { mailbox, language, mail }) => {
                    Opened::Known(Asker { mailbox, language, mail })
                }
            };
            let (key, expires_at) = (stored.key(1)?, instant(message.expires_at));
            Ok(Event::Requested { at, item, key, expires_at, asker })
        }
        "session.opened" => {
            let message: proto::SessionOpened = stored.message(1)?;
            Ok(Event::Opened { at, item, key: destroyed()?, until: instant(message.until) })
        }
        "session.ended" => stored.message(1).map(|_: proto::SessionEnded| Event::Ended { at, item }),
        "session.expired" => {
            let _: proto::SessionExpired = stored.message(1)?;
            Ok(Event::Expired { at, item, key: destroyed()? })
        }
        unknown => Err(Malformed(format!("unknown type {unknown:?}"))),
    }
}
