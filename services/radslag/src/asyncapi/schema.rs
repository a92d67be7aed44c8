//! Messages as JSON schemas, in protobuf's JSON form, with the comments of the definitions.

use prost_reflect::{Cardinality, FieldDescriptor, Kind, MessageDescriptor};
use serde_json::{Map, Value, json};

use crate::registry::{comment_at, public_part};

/// The schemas that were asked for, and those they name.
#[derive(Default)]
pub(super) struct Schemas {
    pub(super) all: Map<String, Value>,
}

impl Schemas {
    /// A reference to a message's schema.
    pub(super) fn of(&mut self, message: &MessageDescriptor) -> Value {
        let name = message.full_name().to_owned();
        if !self.all.contains_key(&name) {
            // First, so that a message may hold itself.
            self.all.insert(name.clone(), Value::Null);
            let mut properties = Map::new();
            for field in message.fields() {
                properties.insert(field.json_name().to_owned(), self.field(&field));
            }
            let schema = json!({ "type": "object", "x-protobuf-message": name, "properties": properties });
            self.all.insert(name.clone(), schema);
        }
        json!({ "$ref": format!("#/components/schemas/{name}") })
    }

    fn field(&mut self, field: &FieldDescriptor) -> Value {
        let one = match field.kind() {
            // Beside a reference nothing else may stand.
            Kind::Message(message) => json!({ "allOf": [self.of(&message)] }),
            Kind::Enum(values) => {
                let names: Vec<String> = values.values().map(|value| value.name().to_owned()).collect();
                json!({ "type": "string", "enum": names })
            }
            Kind::Bool => json!({ "type": "boolean" }),
            Kind::Bytes => json!({ "type": "string", "contentEncoding": "base64" }),
            Kind::String => json!({ "type": "string" }),
            Kind::Double | Kind::Float => json!({ "type": "number" }),
            Kind::Int64 | Kind::Uint64 | Kind::Sint64 | Kind::Fixed64 | Kind::Sfixed64 => {
                json!({ "type": "string", "pattern": "^-?[0-9]+$" })
            }
            Kind::Int32 | Kind::Uint32 | Kind::Sint32 | Kind::Fixed32 | Kind::Sfixed32 => {
                json!({ "type": "integer" })
            }
        };
        let mut schema = match field.cardinality() {
            Cardinality::Repeated => json!({ "type": "array", "items": one }),
            Cardinality::Optional | Cardinality::Required => one,
        };
        schema["x-protobuf-field"] = json!(field.number());
        if let Some(comment) = comment_at(field.parent_file().file_descriptor_proto(), field.path()) {
            schema["description"] = json!(public_part(&comment));
        }
        schema
    }
}

/// The headers of every message.
pub(super) fn headers() -> Value {
    let text = |description: &str| json!({ "type": "string", "description": description });
    json!({
        "type": "object",
        "required": ["ce-specversion", "ce-id", "ce-source", "ce-type", "radslag-header"],
        "properties": {
            "Nats-Msg-Id": text("<log id>:<origin>:<position>"),
            "ce-specversion": { "type": "string", "const": "1.0" },
            "ce-id": text("The event's id: a UUIDv7 in 32 hexadecimal digits"),
            "ce-source": text("<installation>/<tenant>/<service>"),
            "ce-type": text("radslag.<service>.<type>"),
            "ce-subject": text("The id of the petition, panel or poll"),
            "ce-time": text("When it occurred, RFC 3339"),
            "ce-dataschema": text("Where the payload's definition is, with its version"),
            "ce-dataref": text("Where its texts are in the clear, as long as they are public"),
            "ce-traceparent": text("W3C trace context of what an official or the service did; never of a citizen's act"),
            "content-type": { "type": "string", "const": "application/protobuf" },
            "radslag-header": text("radslag.log.v1.Header as protobuf, in base64: position, role, commitments"),
        },
    })
}
