//! Holds `commands.proto` and the bodies that are served together: what one names, the other takes.

use std::collections::{BTreeMap, BTreeSet};

use prost_reflect::{FieldDescriptor, Kind, MessageDescriptor};
use serde_json::{Map, Value, json};

use crate::http::document;

/// Each command with its route.
const ROUTES: &[(&str, &str, &str)] = &[
    ("Subscribe", "post", "/subscriptions"),
    ("EditTemplate", "put", "/templates/{template}/{language}"),
    ("ResetTemplate", "delete", "/templates/{template}/{language}"),
    ("PreviewTemplate", "post", "/templates/{template}/{language}/preview"),
    ("DraftMailing", "post", "/mailings"),
    ("EditMailing", "put", "/mailings/{mailing}"),
    ("StartMailing", "post", "/mailings/{mailing}/start"),
    ("CancelMailing", "post", "/mailings/{mailing}/cancel"),
    ("TakeBounce", "post", "/bounces"),
];

/// Names and kinds, all the way down: `{"codes": ["text"], "length": {"days": "number"}}`.
fn of_message(message: &MessageDescriptor) -> Value {
    message.fields().map(|field| (field.name().to_owned(), of_field(&field))).collect::<Map<_, _>>().into()
}

fn of_field(field: &FieldDescriptor) -> Value {
    let one = match field.kind() {
        Kind::Message(message) => of_message(&message),
        Kind::String => json!("text"),
        Kind::Bool => json!("word"),
        Kind::Uint32 | Kind::Uint64 => json!("number"),
        other => panic!("{}: a JSON body has no {other:?}", field.full_name()),
    };
    if field.is_list() { json!([one]) } else { one }
}

/// The same of a schema.
fn of_schema(document: &Value, schema: &Value) -> Value {
    if let Some(reference) = schema["$ref"].as_str() {
        let found = document.pointer(reference.trim_start_matches('#'));
        return of_schema(document, found.unwrap_or_else(|| panic!("{reference} is described nowhere")));
    }
    let kinds = if schema["type"].is_array() { schema["type"].clone() } else { json!([schema["type"]]) };
    match kinds[0].as_str() {
        Some("object") => {
            let properties = schema["properties"].as_object().cloned().unwrap_or_default();
            let shapes = properties.iter().map(|(name, schema)| (name.clone(), of_schema(document, schema)));
            shapes.collect::<Map<_, _>>().into()
        }
        Some("array") => json!([of_schema(document, &schema["items"])]),
        Some("string") => json!("text"),
        Some("integer") => json!("number"),
        Some("boolean") => json!("word"),
        _ => panic!("a command has no {schema}"),
    }
}

/// What a route takes: parameters of its path, and its body.
fn of_route(document: &Value, method: &str, path: &str) -> Value {
    let operation = &document["paths"][format!("/api/v1/{{tenant}}/notifications{path}")][method];
    let parameters =
        operation["parameters"].as_array().unwrap_or_else(|| panic!("{method} {path} isn't served"));
    let names = parameters.iter().filter(|one| one["in"] == "path").filter_map(|one| one["name"].as_str());
    let names = names.filter(|name| *name != "tenant");
    let mut shape: Map<String, Value> = names.map(|name| (name.to_owned(), json!("text"))).collect();
    let schema = &operation["requestBody"]["content"]["application/json"]["schema"];
    if !schema.is_null() {
        shape.extend(of_schema(document, schema).as_object().cloned().unwrap_or_default());
    }
    shape.into()
}

fn messages() -> BTreeMap<String, MessageDescriptor> {
    let pool = radslag_proto::descriptors().unwrap();
    let file = pool.get_file_by_name("radslag/notifications/v1/commands.proto").unwrap();
    file.messages().map(|message| (message.name().to_owned(), message)).collect()
}

#[test]
fn a_command_and_the_body_of_its_route_have_the_same_fields() {
    let (document, messages) = (serde_json::to_value(document()).unwrap(), messages());
    for (message, method, path) in ROUTES {
        let served = of_route(&document, method, path);
        assert_eq!(of_message(&messages[*message]), served, "{message}, {method} {path}");
    }
}

#[test]
fn every_command_has_a_route_and_every_change_over_http_a_command() {
    let named: BTreeSet<&str> = ROUTES.iter().map(|(message, ..)| *message).collect();
    let messages = messages();
    assert_eq!(named, messages.keys().map(String::as_str).collect());
    let document = serde_json::to_value(document()).unwrap();
    let changes: BTreeSet<(&str, &str)> = document["paths"]
        .as_object()
        .unwrap()
        .iter()
        .flat_map(|(path, item)| {
            item.as_object().unwrap().keys().map(|method| (method.as_str(), path.as_str()))
        })
        .filter(|(method, _)| *method != "get")
        .map(|(method, path)| (method, path.trim_start_matches("/api/v1/{tenant}/notifications")))
        .collect();
    assert_eq!(changes, ROUTES.iter().map(|(_, method, path)| (*method, *path)).collect());
}
