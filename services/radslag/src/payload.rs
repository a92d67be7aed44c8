//! A public payload as JSON, by the descriptors in `proto/`: bytes as hexadecimal digits, enums by name.

use std::collections::HashMap;

use prost_reflect::{DynamicMessage, MapKey, MessageDescriptor, ReflectMessage as _, Value};
use serde_json::{Map, Value as Json, json};

use crate::{print::hex, registry::event_types};

/// The payloads of one service; those of others are shown as hexadecimal digits.
pub(crate) struct Payloads(HashMap<String, MessageDescriptor>);

impl Payloads {
    /// Of a service by its name.
    pub(crate) fn of(service: &str) -> Self {
        let known = radslag_proto::descriptors().map(|pool| event_types(&pool, service)).unwrap_or_default();
        Self(known.into_iter().map(|event| (event.kind, event.message)).collect())
    }

    /// A payload as JSON; `None` if its type or its bytes aren't known.
    pub(crate) fn json(&self, kind: &str, bytes: &[u8]) -> Option<Json> {
        let descriptor = self.0.get(kind)?.clone();
        DynamicMessage::decode(descriptor, bytes).ok().map(|message| object(&message))
    }
}

fn object(message: &DynamicMessage) -> Json {
    let mut fields = Map::new();
    for field in message.descriptor().fields() {
        if field.supports_presence() && !message.has_field(&field) {
            continue;
        }
        let value = value(&message.get_field(&field), field.kind().as_enum());
        fields.insert(field.name().to_owned(), value);
    }
    Json::Object(fields)
}

fn value(value: &Value, of: Option<&prost_reflect::EnumDescriptor>) -> Json {
    let one = |each: &Value| self::value(each, of);
    match value {
        Value::Bool(known) => json!(known),
        Value::I32(number) => json!(number),
        Value::I64(number) => json!(number),
        Value::U32(number) => json!(number),
        Value::U64(number) => json!(number),
        Value::F32(number) => json!(number),
        Value::F64(number) => json!(number),
        Value::String(text) => json!(text),
        Value::Bytes(bytes) => json!(hex(bytes)),
        Value::EnumNumber(number) => {
            let named = of.and_then(|of| of.get_value(*number));
            named.map_or_else(|| json!(number), |named| json!(named.name()))
        }
        Value::Message(message) => object(message),
        Value::List(list) => list.iter().map(one).collect(),
        Value::Map(map) => Json::Object(map.iter().map(|(key, each)| (name(key), one(each))).collect()),
    }
}

fn name(key: &MapKey) -> String {
    match key {
        MapKey::Bool(known) => known.to_string(),
        MapKey::I32(number) => number.to_string(),
        MapKey::I64(number) => number.to_string(),
        MapKey::U32(number) => number.to_string(),
        MapKey::U64(number) => number.to_string(),
        MapKey::String(text) => text.clone(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_known_payload_is_shown_by_its_fields() {
        // PetitionThresholdReached { dialogue_id: [0xab; 2], threshold: ANSWER, count: 200 }
        let bytes = [0x0a, 2, 0xab, 0xab, 0x10, 1, 0x18, 0xc8, 0x01];
        let shown = Payloads::of("petitions").json("petition.threshold_reached", &bytes).unwrap();
        let expected = json!({
            "dialogue_id": "abab", "threshold": "THRESHOLD_ANSWER", "count": 200, "count_position": 0
        });
        assert_eq!(shown, expected);
    }

    #[test]
    fn the_logs_own_events_are_known_for_every_service() {
        // LossAccepted { origin: 0, kept: 7, checkpoint: "", ground: "fire" }
        let bytes = [0x10, 7, 0x22, 4, b'f', b'i', b'r', b'e'];
        let shown = Payloads::of("choirs").json("log.loss_accepted", &bytes).unwrap();
        assert_eq!(shown, json!({ "origin": 0, "kept": 7, "checkpoint": "", "ground": "fire" }));
    }

    #[test]
    fn what_is_not_known_is_not_guessed() {
        let petitions = Payloads::of("petitions");
        assert_eq!(petitions.json("petition.abolished", &[]), None);
        assert_eq!(petitions.json("petition.closed", &[0xff]), None);
        assert_eq!(Payloads::of("choirs").json("petition.closed", &[]), None);
    }
}
