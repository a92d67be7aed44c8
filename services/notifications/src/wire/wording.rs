//! Tenants' own words as protobuf. They are sealed and committed to: what a tenant wrote can be checked, and taken back.

use radslag_kernel::{Encoded, Malformed, Plain, Stored};
use radslag_proto::notifications as proto;

use super::fields::{Fields as _, encoded, sealed};
use crate::wording::{Event, Wording};

/// The bytes of an event.
#[must_use]
pub fn encode(event: &Event) -> Encoded {
    match event {
        Event::Edited { key, wording, .. } => {
            let text = wording.known().map(|wording| proto::TemplateText {
                template: wording.template.clone(),
                language: wording.language.clone(),
                text: wording.text.clone(),
            });
            let text = Plain { committed: true, ..sealed(1, *key, text) };
            encoded("template.edited", proto::TemplateEdited {}, vec![text])
        }
        Event::Reset { .. } => encoded("template.reset", proto::TemplateReset {}, Vec::new()),
    }
}

/// The event of stored bytes.
///
/// # Errors
/// If no version of this service wrote them.
pub fn decode(stored: &Stored<'_>) -> Result<Event, Malformed> {
    let (at, by) = (stored.at, stored.by);
    match stored.kind {
        "template.edited" => {
            let _: proto::TemplateEdited = stored.message(1)?;
            let wording = stored.sub_as(1, |message: proto::TemplateText| {
                let proto::TemplateText { template, language, text } = message;
                Ok(Wording { template, language, text })
            })?;
            Ok(Event::Edited { at, by, key: stored.key(1)?, wording })
        }
        "template.reset" => {
            let _: proto::TemplateReset = stored.message(1)?;
            Ok(Event::Reset { at, by })
        }
        unknown => Err(Malformed(format!("unknown type {unknown:?}"))),
    }
}
