//! `radslag asyncapi` and `/asyncapi.json`: every subject on the bus as an AsyncAPI 3 document, from the definitions of the
//! events themselves. Beside it, what an event's `ce-dataschema` leads to.

mod schema;

use std::{fs, sync::Arc};

use anyhow::{Context as _, Result};
use axum::{Router, extract::Path, http::StatusCode, http::header::CONTENT_TYPE, routing::get};
use serde_json::{Map, Value, json};

use crate::{
    cli::AsyncApiArgs,
    print,
    registry::{EventType, SERVICES, event_types},
    settings::Settings,
};

/// Prints or writes the document.
pub(crate) fn run(args: &AsyncApiArgs, settings: &Settings) -> Result<()> {
    let tenants: Vec<&str> = settings.config().tenants.iter().map(|tenant| tenant.id.as_str()).collect();
    let document = document(&tenants)?;
    match &args.to {
        Some(file) => fs::write(file, serde_json::to_vec_pretty(&document)?)
            .with_context(|| format!("{} can't be written", file.display())),
        None => print::result(true, &document, String::new),
    }
}

/// `/asyncapi.json`, `/schemas/<service>/<type>/<version>` and `/schemas/descriptors.bin`.
pub(crate) fn routes(tenants: &[&str]) -> Result<Router> {
    let text: Arc<str> = serde_json::to_string(&document(tenants)?)?.into();
    let serve = move || {
        let text = Arc::clone(&text);
        async move { ([(CONTENT_TYPE, "application/json")], text.to_string()) }
    };
    let source = async |Path((service, _kind, _version)): Path<(String, String, u32)>| {
        // One file defines all versions of all events of a service: fields only ever come to it.
        let found = radslag_proto::SOURCES.iter().find(|(known, _)| *known == service);
        let (_, text) = found.ok_or(StatusCode::NOT_FOUND)?;
        Ok::<_, StatusCode>(([(CONTENT_TYPE, "text/plain; charset=utf-8")], *text))
    };
    let set = async || ([(CONTENT_TYPE, "application/protobuf")], radslag_proto::DESCRIPTOR_SET);
    Ok(Router::new()
        .route("/asyncapi.json", get(serve))
        .route("/schemas/{service}/{kind}/{version}", get(source))
        .route("/schemas/descriptors.bin", get(set)))
}

/// The document for some tenants.
fn document(tenants: &[&str]) -> Result<Value> {
    let pool = radslag_proto::descriptors()?;
    let (mut channels, mut operations, mut messages) = (Map::new(), Map::new(), Map::new());
    let mut schemas = schema::Schemas::default();
    let all = SERVICES.iter().map(|service| service.name);
    for (service, event) in
        all.flat_map(|name| event_types(&pool, name).into_iter().map(move |event| (name, event)))
    {
        let EventType { kind, about, message } = &event;
        let name = format!("{service}.{kind}");
        channels.insert(name.clone(), channel(service, kind, &name));
        operations.insert(
            format!("send.{name}"),
            json!({
                "action": "send",
                "channel": { "$ref": format!("#/channels/{name}") },
                "messages": [{ "$ref": format!("#/channels/{name}/messages/event") }],
            }),
        );
        messages.insert(
            name.clone(),
            json!({
                "name": format!("radslag.{name}"),
                "title": kind,
                "summary": if about.is_empty() { kind } else { about },
                "contentType": "application/protobuf",
                "headers": { "$ref": "#/components/schemas/headers" },
                "payload": schemas.of(message),
                "bindings": { "nats": { "bindingVersion": "0.1.0" } },
            }),
        );
    }
    let mut schemas = schemas.all;
    schemas.insert("headers".into(), schema::headers());
    Ok(json!({
        "asyncapi": "3.0.0",
        "info": {
            "title": "Rådslag: events",
            "version": env!("CARGO_PKG_VERSION"),
            "description": ABOUT,
            "license": { "name": "Apache-2.0" },
        },
        "defaultContentType": "application/protobuf",
        "channels": channels,
        "operations": operations,
        "components": { "messages": messages, "schemas": schemas, "parameters": parameters(tenants) },
    }))
}

const ABOUT: &str = "Each event of each log is a message of its JetStream stream \
    `radslag_<tenant>_<service>_<origin>`, at the sequence position + 1, without gaps, for ever: read it from any position \
    with a consumer that starts by sequence, and keep the position yourself. Messages are CloudEvents 1.0 in binary mode; \
    the body is the protobuf message named in `x-protobuf-message`, shown here as its JSON form. `/schemas/descriptors.bin` \
    has all messages as a FileDescriptorSet. What isn't public from the second it happens isn't in the event: what of it \
    is public now is behind `ce-dataref`. After `petition.taken_down`, `petition.erased` and other events that take \
    something away, whoever has copied the texts must let go of them.";

fn channel(service: &str, kind: &str, name: &str) -> Value {
    json!({
        "address": format!("radslag.{{tenant}}.{service}.{{origin}}.{kind}"),
        "parameters": {
            "tenant": { "$ref": "#/components/parameters/tenant" },
            "origin": { "$ref": "#/components/parameters/origin" },
        },
        "messages": { "event": { "$ref": format!("#/components/messages/{name}") } },
    })
}

fn parameters(tenants: &[&str]) -> Value {
    let mut tenant = json!({ "description": "The tenant's id." });
    if !tenants.is_empty() {
        tenant["enum"] = json!(tenants);
    }
    let origin = "The life of the log: 0 until a loss was accepted. The next life goes on in a stream of its own, at the \
        position where its stream's first sequence says.";
    json!({ "tenant": tenant, "origin": { "description": origin, "default": "0" } })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sealed_fields_are_no_part_of_a_description() {
        let text = document(&["malmo"]).unwrap().to_string();
        for sealed in ["under document", "under initiator", "under record", "under signer"] {
            assert!(!text.contains(sealed), "{sealed} is told to the world");
        }
    }
}
