//! What was sealed when it was written and is public now, with the salt that shows that it is what was committed to. What is
//! erased or taken down later isn't given any more, and no hash changes. Which fields of which events: the service says.

use base64::{Engine as _, engine::general_purpose::STANDARD};
use radslag_eventlog::{Log, Record};
use radslag_kernel::Opened;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::service::Failure;

/// Bytes of events looked through for one answer, and of values in it, about.
const READ: usize = 4 << 20;
const VALUES: usize = 1 << 20;

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
    /// As the event's description numbers it.
    pub field: u32,
    /// Base64 of 32 bytes.
    pub salt: String,
    /// Base64.
    pub value: String,
}

impl Disclosed {
    /// What may be disclosed from a position on, as far as one answer goes. `shown`: the fields of an event that everybody may
    /// read now.
    ///
    /// # Errors
    /// `Log`, `Vault`, and whatever `shown` says.
    pub fn of(
        log: &Log,
        from: u64,
        mut shown: impl FnMut(&Record) -> Result<Vec<u32>, Failure>,
    ) -> Result<Self, Failure> {
        let mut told = Self { from, to: from, values: Vec::new() };
        let mut size = 0;
        for record in log.read(from, READ)? {
            if size >= VALUES {
                break;
            }
            told.to = record.position() + 1;
            let fields = shown(&record)?;
            for sealed in record.private.sealed.iter().filter(|sealed| fields.contains(&sealed.field)) {
                let Opened::Known(salted) = log.vault().open_salted(record.id(), sealed)? else { continue };
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

    /// Of one event alone.
    #[must_use]
    pub fn only(mut self, position: u64) -> Self {
        self.values.retain(|value| value.position == position);
        Self { to: self.to.min(position.saturating_add(1)), ..self }
    }
}
