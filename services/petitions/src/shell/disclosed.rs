//! What was sealed when it was written and is public now, with the salt that shows that it is what was committed to: of
//! petitions that everybody may read their texts, their initiator as they chose to be shown, with a party, their address, who has to answer,
//! answers and hearings. What is erased or taken down later isn't given any more, and no hash changes. Names of signers are
//! never given: a salt proves for ever who signed, and no count needs it.

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
/// Committed fields of events that everybody may read.
struct Shown {
    kinds: &'static [&'static str],
    fields: &'static [u32],
    /// Only the newest of these events is shown; else each.
    newest: bool,
}

const SHOWN: [Shown; 8] = [
    Shown { kinds: &["petition.submitted", "petition.resubmitted"], fields: &[1, 2, 3, 10], newest: true },
    Shown { kinds: &["petition.submitted", "petition.taken_over"], fields: &[4, 9], newest: true },
    Shown { kinds: &["petition.approved", "petition.opened"], fields: &[5], newest: true },
    // The committee, its case number, what came of it.
    Shown {
        kinds: &["petition.handover_sent", "petition.handover_received", "petition.followed_up"],
        fields: &[2],
        newest: false,
    },
    Shown { kinds: &["petition.answer_given"], fields: &[2, 3], newest: false },
    Shown { kinds: &["petition.hearing_scheduled"], fields: &[2, 3], newest: true },
    Shown { kinds: &["petition.hearing_held", "petition.hearing_not_held"], fields: &[2], newest: true },
    Shown { kinds: &["petition.hearing_documented"], fields: &[2, 3], newest: false },
];

/// Where the newest event of each of them stands.
type Newest = [Option<u64>; SHOWN.len()];

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
    /// As the event's description numbers it: of a text 1 title, 2 text, 3 background, 10 links.
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
            let fields = self.shown(&record, &mut shown)?;
            for sealed in record.private.sealed.iter().filter(|sealed| fields.contains(&sealed.field)) {
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

    /// The fields of an event that everybody may read.
    fn shown(
        &self,
        record: &Record,
        known: &mut HashMap<AggregateId, Option<Newest>>,
    ) -> Result<Vec<u32>, Failure> {
        if SHOWN.iter().all(|shown| !shown.has(record)) {
            return Ok(Vec::new());
        }
        let petition = AggregateId::from_slice(&record.header.aggregate).unwrap_or_default();
        let newest = match known.get(&petition) {
            Some(newest) => *newest,
            None => *known.entry(petition).or_insert(self.newest(petition)?),
        };
        let Some(newest) = newest else { return Ok(Vec::new()) };
        let position = Some(record.position());
        let shown = SHOWN
            .iter()
            .zip(newest)
            .filter(|(shown, newest)| shown.has(record) && (!shown.newest || *newest == position));
        Ok(shown.flat_map(|(shown, _)| shown.fields).copied().collect())
    }

    /// Where the newest events of a petition stand; nothing if it isn't public.
    fn newest(&self, petition: AggregateId) -> Result<Option<Newest>, Failure> {
        let (_, state) = self.petition(petition)?;
        let known = state.0.as_ref();
        if !known.is_some_and(|known| known.opened.is_some() && known.life.phase().is_public()) {
            return Ok(None);
        }
        let events = self.log.read_stream(&stream(petition))?;
        let newest = |shown: &Shown| events.iter().rfind(|event| shown.has(event)).map(Record::position);
        Ok(Some(SHOWN.each_ref().map(newest)))
    }
}

impl Shown {
    fn has(&self, record: &Record) -> bool {
        self.kinds.contains(&record.header.r#type.as_str())
    }
}
