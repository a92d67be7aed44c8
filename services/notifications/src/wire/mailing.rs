//! Events of mailings as protobuf. What is said, to whom and to how many stands sealed.

use radslag_kernel::{Encoded, ItemId, Malformed, Plain, Stored};
use radslag_proto::notifications as proto;

use super::fields::{Fields as _, encoded, sealed};
use crate::mailing::{Event, Progress, Text, event::Words};

/// The bytes of an event.
#[must_use]
pub fn encode(event: &Event) -> Encoded {
    match event {
        Event::Drafted { key, revision, text, .. } => {
            let text = text.known().map(text_out);
            let public = proto::MailingDrafted { revision: *revision };
            encoded("mailing.drafted", public, vec![sealed(1, *key, text)])
        }
        Event::Started { revision, .. } => {
            encoded("mailing.started", proto::MailingStarted { revision: *revision }, Vec::new())
        }
        Event::Progressed { key, progress, .. } => {
            let progress = progress.known().map(|progress| proto::MailingProgress {
                after: progress.after.as_bytes().to_vec(),
                letters: progress.letters,
            });
            encoded("mailing.progressed", proto::MailingProgressed {}, vec![sealed(1, *key, progress)])
        }
        Event::Finished { key, letters, .. } => {
            let value = letters.known().map(|letters| letters.to_be_bytes().to_vec()).unwrap_or_default();
            let letters = Plain { field: 1, under: vec![*key], committed: false, value };
            encoded("mailing.finished", proto::MailingFinished {}, vec![letters])
        }
        Event::Cancelled { .. } => encoded("mailing.cancelled", proto::MailingCancelled {}, Vec::new()),
    }
}

fn text_out(text: &Text) -> proto::MailingText {
    proto::MailingText {
        list: text.list.clone(),
        subject_sv: text.sv.subject.clone(),
        body_sv: text.sv.body.clone(),
        subject_en: text.en.subject.clone(),
        body_en: text.en.body.clone(),
    }
}

/// The event of stored bytes.
///
/// # Errors
/// If no version of this service wrote them.
pub fn decode(stored: &Stored<'_>) -> Result<Event, Malformed> {
    let (at, by) = (stored.at, stored.by);
    match stored.kind {
        "mailing.drafted" => {
            let message: proto::MailingDrafted = stored.message(1)?;
            let text = stored.sub_as(1, |text: proto::MailingText| {
                let sv = Words { subject: text.subject_sv, body: text.body_sv };
                let en = Words { subject: text.subject_en, body: text.body_en };
                Ok(Text { list: text.list, sv, en })
            })?;
            Ok(Event::Drafted { at, by, key: stored.key(1)?, revision: message.revision, text })
        }
        "mailing.started" => {
            let message: proto::MailingStarted = stored.message(1)?;
            Ok(Event::Started { at, by, revision: message.revision })
        }
        "mailing.progressed" => {
            let _: proto::MailingProgressed = stored.message(1)?;
            let progress = stored.sub_as(1, |progress: proto::MailingProgress| {
                let after = ItemId::from_slice(&progress.after);
                let after = after.ok_or_else(|| Malformed("an id is 16 bytes".into()))?;
                Ok(Progress { after, letters: progress.letters })
            })?;
            Ok(Event::Progressed { at, key: stored.key(1)?, progress })
        }
        "mailing.finished" => {
            let _: proto::MailingFinished = stored.message(1)?;
            let wrong = || stored.malformed(1, "is no number");
            let mut letters = Ok(0);
            let known = stored.sealed(1)?.map(|bytes| {
                letters = bytes.try_into().map(u64::from_be_bytes).map_err(|_| wrong());
            });
            let letters = letters?;
            Ok(Event::Finished { at, key: stored.key(1)?, letters: known.map(|()| letters) })
        }
        "mailing.cancelled" => {
            let _: proto::MailingCancelled = stored.message(1)?;
            Ok(Event::Cancelled { at, by })
        }
        unknown => Err(Malformed(format!("unknown type {unknown:?}"))),
    }
}
