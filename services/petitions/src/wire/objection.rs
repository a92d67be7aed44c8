//! The events of objections as protobuf. Why and by whom is sealed; that there is one, and what came of it, is public.

use prost::Message as _;
use radslag_kernel::{AggregateId, Encoded, ItemId, Malformed, Opened, Stored};
use radslag_proto::petitions as proto;

use super::fields::{Fields as _, date_in, dialogue_out, plain, subject_in, text};
use crate::objection::{About, Event, Objector, Outcome};

/// The bytes of an event; `dialogue` is the petition's.
#[must_use]
pub fn encode(event: &Event, dialogue: Option<AggregateId>) -> Encoded {
    let dialogue_id = dialogue_out(dialogue);
    match event {
        Event::Raised { about, item, position, decided_by, decide_by, key, reason, objector, .. } => {
            // Which submission a list kept out would tell outside what came of it.
            let (shown, kept) = if *about == About::Submission { (None, *item) } else { (*item, None) };
            let public = proto::ObjectionRaised {
                dialogue_id,
                about: about_out(*about).into(),
                item: shown.map(|item| item.as_bytes().to_vec()),
                position: *position,
                decided_by: decided_by.iter().map(|by| by.as_bytes().to_vec()).collect(),
                decide_by: decide_by.to_string(),
            };
            let objector = objector.known().map(|objector| proto::Supporter {
                name: objector.name.clone(),
                mailbox: objector.mailbox.clone(),
                language: objector.language.clone(),
            });
            let mut sealed = vec![
                text(1, *key, false, reason),
                plain(2, *key, false, objector.unwrap_or_default().encode_to_vec()),
            ];
            sealed.extend(kept.map(|item| plain(3, *key, false, item.as_bytes().to_vec())));
            Encoded { kind: "objection.raised", schema: 1, public: public.encode_to_vec(), sealed }
        }
        Event::Decided { outcome, record, text: told, ground, .. } => {
            let outcome = match outcome {
                Outcome::Upheld => proto::ObjectionOutcome::Upheld,
                Outcome::Changed => proto::ObjectionOutcome::Changed,
            };
            let public = proto::ObjectionDecided { dialogue_id, outcome: outcome.into() }.encode_to_vec();
            let sealed = vec![text(1, *record, false, ground), text(2, *record, false, told)];
            Encoded { kind: "objection.decided", schema: 1, public, sealed }
        }
    }
}

/// The event of stored bytes.
///
/// # Errors
/// If no version of this service wrote them.
pub fn decode(stored: &Stored<'_>) -> Result<Event, Malformed> {
    let (at, objection) = (stored.at, stored.item()?);
    match stored.kind {
        "objection.raised" => {
            let message: proto::ObjectionRaised = stored.message(1)?;
            let about = match message.about() {
                proto::ObjectionAbout::Petition => About::Petition,
                proto::ObjectionAbout::Signature => About::Signature,
                proto::ObjectionAbout::Comment => About::Comment,
                proto::ObjectionAbout::Submission => About::Submission,
                proto::ObjectionAbout::Unspecified => {
                    return Err(Malformed("an objection to nothing".into()));
                }
            };
            let wrong = || Malformed("an id is 16 bytes".into());
            let kept = if about == About::Submission { stored.bytes(3)?.known().cloned() } else { None };
            let item = message.item.as_deref().or(kept.as_deref());
            let item = item.map(|bytes| ItemId::from_slice(bytes).ok_or_else(wrong)).transpose()?;
            let decided_by = message.decided_by.iter().map(|by| subject_in(by)).collect::<Result<_, _>>()?;
            let objector = stored.sub::<proto::Supporter>(2)?.map(|objector| {
                let proto::Supporter { name, mailbox, language } = objector;
                Objector { name, mailbox, language }
            });
            let (position, decide_by) = (message.position, date_in(&message.decide_by)?);
            let (key, reason): (_, Opened<String>) = (stored.key(1)?, stored.text(1)?);
            Ok(Event::Raised {
                at,
                objection,
                about,
                item,
                position,
                decided_by,
                decide_by,
                key,
                reason,
                objector,
            })
        }
        "objection.decided" => {
            let message: proto::ObjectionDecided = stored.message(1)?;
            let outcome = match message.outcome() {
                proto::ObjectionOutcome::Upheld => Outcome::Upheld,
                proto::ObjectionOutcome::Changed => Outcome::Changed,
                proto::ObjectionOutcome::Unspecified => {
                    return Err(Malformed("decided, but what".into()));
                }
            };
            let (by, record, ground, text) = (stored.by, stored.key(1)?, stored.text(1)?, stored.text(2)?);
            Ok(Event::Decided { at, objection, by, outcome, record, text, ground })
        }
        unknown => Err(Malformed(format!("unknown type {unknown:?}"))),
    }
}

const fn about_out(about: About) -> proto::ObjectionAbout {
    match about {
        About::Petition => proto::ObjectionAbout::Petition,
        About::Signature => proto::ObjectionAbout::Signature,
        About::Comment => proto::ObjectionAbout::Comment,
        About::Submission => proto::ObjectionAbout::Submission,
    }
}
