//! What was sealed when it was written and is public now, with the salt that shows that it is what was committed to: title,
//! text and background of petitions that everybody may read. What is erased or taken down later isn't given any more, and no
//! hash changes.

use std::collections::HashMap;

use base64::{Engine as _, engine::general_purpose::STANDARD};
use radslag_eventlog::Record;
use radslag_kernel::{AggregateId, Opened};
use radslag_runtime::service::Failure;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::shell::{Office, office::stream};

/// Bytes of events looked through for one answer, and of values in it, about.
const READ: usize = 4 << 20;
const VALUES: usize = 1 << 20;
/// Title, text, background: the same in both events that have them.
const FIELDS: [u32; 3] = [1, 2, 3];

/// Values of some events.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Disclosed {
    /// Events from this position on were looked through.
    pub from: u64,
    /// Up to, not including, this one: ask for more from here.
    pub to: u64,
    /// By position, ascending.
    pub values: Vec<Value>,
}

/// A value. The event's header has HMAC-SHA256 under `salt` over "radslag/1", event id, field (u32, big endian) and value.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Value {
    /// Of the event.
    pub position: u64,
    /// 1 title, 2 text, 3 background.
    pub field: u32,
    /// Base64 of 32 bytes.
    pub salt: String,
    /// Base64.
    pub value: String,
}

impl Office {
    /// What may be disclosed from a position on, as far as one answer goes.
    ///
    /// # Errors
    /// `Log`, `Vault`, `Malformed`.
    pub fn disclosed(&self, from: u64) -> Result<Disclosed, Failure> {
        let mut told = Disclosed { from, to: from, values: Vec::new() };
        let (mut size, mut shown) = (0, HashMap::new());
        for record in self.log.read(from, READ)? {
            if size >= VALUES {
                break;
            }
            told.to = record.position() + 1;
            if !has_texts(&record) || !self.is_shown(&record, &mut shown)? {
                continue;
            }
            for sealed in record.private.sealed.iter().filter(|sealed| FIELDS.contains(&sealed.field)) {
                let Opened::Known(salted) = self.log.vault().open_salted(record.id(), sealed)? else {
                    continue;
                };
                size += salted.value.len();
                told.values.push(Value {
                    position: record.position(),
                    field: sealed.field,
                    salt: STANDARD.encode(salted.salt),
                    value: STANDARD.encode(&salted.value),
                });
            }
        }
        Ok(told)
    }

    /// What is disclosed of one event.
    ///
    /// # Errors
    /// As `disclosed`.
    pub fn disclosed_at(&self, position: u64) -> Result<Disclosed, Failure> {
        let mut told = self.disclosed(position)?;
        told.values.retain(|value| value.position == position);
        Ok(Disclosed { to: told.to.min(position.saturating_add(1)), ..told })
    }

    /// Whether everybody may read these texts: the petition is public, and they are its newest.
    fn is_shown(
        &self,
        record: &Record,
        shown: &mut HashMap<AggregateId, Option<u64>>,
    ) -> Result<bool, Failure> {
        let petition = AggregateId::from_slice(&record.header.aggregate).unwrap_or_default();
        let newest = match shown.get(&petition) {
            Some(newest) => *newest,
            None => {
                let (_, state) = self.petition(petition)?;
                let public = state
                    .0
                    .as_ref()
                    .is_some_and(|known| known.opened.is_some() && known.life.phase().is_public());
                let events = if public { self.log.read_stream(&stream(petition))? } else { Vec::new() };
                let newest = events.iter().rfind(|event| has_texts(event)).map(Record::position);
                shown.insert(petition, newest);
                newest
            }
        };
        Ok(newest == Some(record.position()))
    }
}

fn has_texts(record: &Record) -> bool {
    matches!(record.header.r#type.as_str(), "petition.submitted" | "petition.resubmitted")
}
