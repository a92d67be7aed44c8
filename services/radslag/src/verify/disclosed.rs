//! Values that were sealed when they were written and are public now: each is compared with what the log committed to then.

use std::collections::VecDeque;

use base64::{Engine as _, engine::general_purpose::STANDARD};
use radslag_kernel::EventId;
use radslag_proto::log::Header;
use radslag_runtime::disclosed::{Disclosed, Value};
use radslag_vault::cipher;

use super::{
    findings::{Difference, Found, What},
    source::Reading,
};
use crate::failure;

const NAME: &str = "disclosed";
const MOST: usize = 8 << 20;

/// What an event committed to.
pub(crate) struct Committed {
    position: u64,
    event: EventId,
    /// Field, and the commitment.
    fields: Vec<(u32, Vec<u8>)>,
}

impl Committed {
    /// Of an event whose values may be public now.
    pub(crate) fn of(header: &Header) -> Option<Self> {
        if header.commitments.is_empty() || !header.r#type.starts_with("petition.") {
            return None;
        }
        let fields = header.commitments.iter().map(|one| (one.field, one.value.to_vec())).collect();
        let event = EventId::from_slice(&header.event_id)?;
        Some(Self { position: header.position, event, fields })
    }
}

/// What is disclosed, in the log's order.
pub(crate) struct Disclosing {
    reading: Reading,
    values: VecDeque<Value>,
    /// Where the next answer begins; nothing after the last.
    next: Option<u64>,
}

impl Disclosing {
    /// Nothing if the place discloses nothing.
    pub(crate) fn new(mut reading: Reading) -> Result<Option<Self>, Difference> {
        let Some(first) = ask(&mut reading, 0)? else { return Ok(None) };
        Ok(Some(Self { reading, next: Some(first.to).filter(|to| *to > 0), values: first.values.into() }))
    }

    /// Compares what is disclosed of an event, and of those before it.
    pub(crate) fn compare(&mut self, committed: &Committed, found: &mut Found) {
        while let Some(value) = self.take(committed.position, found) {
            let held = committed.fields.iter().find(|(field, _)| *field == value.field);
            let salt = STANDARD.decode(&value.salt).ok().and_then(|salt| <[u8; 32]>::try_from(salt).ok());
            let right = match (held, salt, STANDARD.decode(&value.value)) {
                (Some((field, held)), Some(salt), Ok(bytes)) if value.position == committed.position => {
                    cipher::commitment(&salt, committed.event, *field, &bytes)[..] == held[..]
                }
                _ => false,
            };
            if right {
                *found.disclosed.get_or_insert(0) += 1;
            } else {
                let detail = format!("field {}", value.field);
                found.differs(Difference::new(What::Disclosed, NAME, detail).at(value.position));
            }
        }
    }

    /// The next value of an event up to a position.
    fn take(&mut self, position: u64, found: &mut Found) -> Option<Value> {
        while self.values.is_empty() {
            let from = self.next.filter(|from| *from <= position)?;
            let asked = ask(&mut self.reading, from);
            self.next = None;
            match asked {
                Ok(Some(more)) => {
                    self.next = Some(more.to).filter(|to| *to > from);
                    self.values = more.values.into();
                }
                Ok(None) => found.differs(Difference::new(What::Missing, format!("{NAME}?from={from}"), "")),
                Err(difference) => found.differs(difference),
            }
        }
        if self.values.front()?.position > position { None } else { self.values.pop_front() }
    }
}

fn ask(reading: &mut Reading, from: u64) -> Result<Option<Disclosed>, Difference> {
    let name = format!("{NAME}?from={from}");
    let got = reading.get(&name, MOST);
    let got = got.map_err(|error| Difference::new(What::Unreadable, &*name, failure::chain(&error)))?;
    let parsed = got.map(|bytes| serde_json::from_slice(&bytes)).transpose();
    parsed.map_err(|error| Difference::new(What::Disclosed, name, error.to_string()))
}

#[cfg(test)]
mod tests {
    use super::*;

    const EVENT: EventId = EventId::from_bytes([5; 16]);

    fn disclosing(values: Vec<Value>) -> Disclosing {
        Disclosing { reading: Reading::Folder("nowhere".into()), values: values.into(), next: None }
    }

    fn value(position: u64, field: u32, text: &str) -> Value {
        Value { position, field, salt: STANDARD.encode([3; 32]), value: STANDARD.encode(text) }
    }

    fn committed(position: u64) -> Committed {
        let fields = vec![(1, cipher::commitment(&[3; 32], EVENT, 1, b"More trees").to_vec())];
        Committed { position, event: EVENT, fields }
    }

    #[test]
    fn a_disclosed_text_is_the_one_that_was_committed_to() {
        let told = |value: Value, at: u64| {
            let mut found = Found::default();
            disclosing(vec![value]).compare(&committed(at), &mut found);
            (found.disclosed, found.differences.iter().map(|one| one.position).collect::<Vec<_>>())
        };
        assert_eq!(told(value(7, 1, "More trees"), 7), (Some(1), vec![]));
        assert_eq!(told(value(7, 1, "Fewer trees"), 7), (None, vec![Some(7)]));
        assert_eq!(told(value(7, 2, "More trees"), 7), (None, vec![Some(7)]), "another field");
        assert_eq!(told(value(6, 1, "More trees"), 7), (None, vec![Some(6)]), "an event without texts");
        assert_eq!(told(value(8, 1, "More trees"), 7), (None, vec![]), "its event comes later");
    }
}
