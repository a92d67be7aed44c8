//! An event as a NATS message: CloudEvents 1.0 in binary mode, so that receivers need no library of ours.
//!
//! ```text
//! subject           radslag.<tenant>.<service>.<origin>.<aggregate kind>.<event>
//! Nats-Msg-Id       <log id>:<origin>:<position>
//! ce-specversion    1.0
//! ce-id             event id
//! ce-source         <installation>/<tenant>/<service>
//! ce-type           radslag.<service>.<aggregate kind>.<event>
//! ce-subject        aggregate id
//! ce-time           when it occurred, RFC 3339
//! ce-dataschema     <installation>/schemas/<service>/<aggregate kind>.<event>/<version of the payload's schema>
//! ce-dataref        <clear text>?at=<origin>.<position>
//! ce-traceparent    W3C trace context of what an official or a service did; the parent is made of the event's id
//! content-type      application/protobuf
//! radslag-header    the public header as protobuf, base64
//! body              the public payload as protobuf
//! ```
//! The stream's sequence is the position + 1. Receivers of ours read only the id, `radslag-header` and the body.

use async_nats::{
    HeaderMap,
    header::{NATS_EXPECTED_LAST_SEQUENCE, NATS_MESSAGE_ID},
};
use base64::{Engine as _, engine::general_purpose::STANDARD};
use bytes::Bytes;
use prost::Message as _;
use radslag_eventlog::Record;
use radslag_kernel::{
    AggregateId, EventId, Instant, Role,
    id::{LogId, unhex},
};
use radslag_proto::log::Header;

use crate::{Address, Delivery, Links};

const HEADER: &str = "radslag-header";
const TRACE: &str = "ce-traceparent";

/// A message to be published.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Outgoing {
    pub(crate) subject: String,
    pub(crate) headers: HeaderMap,
    pub(crate) body: Bytes,
}

/// The message of an event.
///
/// # Errors
/// What about the event can't be a message.
pub(crate) fn encode(
    log: LogId,
    to: &Address,
    links: &Links,
    record: Record,
) -> Result<Outgoing, &'static str> {
    let trace = trace(&record);
    let Record { origin, header, public, .. } = record;
    let subject = to.subject(origin, &header.r#type).ok_or("its type isn't <aggregate kind>.<event>")?;
    let id = EventId::from_slice(&header.event_id).ok_or("its id isn't 16 bytes")?;
    let aggregate = AggregateId::from_slice(&header.aggregate).ok_or("its aggregate's id isn't 16 bytes")?;
    let (position, kind, service) = (header.position, &header.r#type, to.service());
    let Links { installation, clear_text } = links;
    let mut headers = HeaderMap::new();
    headers.insert(NATS_MESSAGE_ID, message_id(log, origin, position));
    headers.insert(NATS_EXPECTED_LAST_SEQUENCE, position.to_string());
    headers.insert("ce-specversion", "1.0");
    headers.insert("ce-id", id.to_string());
    headers.insert("ce-source", format!("{installation}/{}/{service}", to.tenant()));
    headers.insert("ce-type", format!("radslag.{service}.{kind}"));
    headers.insert("ce-subject", aggregate.to_string());
    headers.insert("ce-time", Instant::from_millis(header.occurred_at).to_string());
    headers.insert("ce-dataschema", format!("{installation}/schemas/{service}/{kind}/{}", header.schema));
    headers.insert("ce-dataref", format!("{clear_text}?at={origin}.{position}"));
    if let Some(trace) = trace {
        headers.insert(TRACE, traceparent(trace, id));
    }
    headers.insert("content-type", "application/protobuf");
    headers.insert(HEADER, STANDARD.encode(header.encode_to_vec()));
    Ok(Outgoing { subject, headers, body: public })
}

/// The event of a message at a sequence of its stream.
///
/// # Errors
/// What about the message isn't an event.
pub(crate) fn decode(headers: &HeaderMap, body: &Bytes, sequence: u64) -> Result<Delivery, &'static str> {
    let id = headers.get(NATS_MESSAGE_ID).ok_or("it has no message id")?;
    let (log, origin, position) = parse_message_id(id.as_str()).ok_or("its message id is another's")?;
    let encoded = headers.get(HEADER).ok_or("it has no radslag-header")?;
    let encoded = STANDARD.decode(encoded.as_str()).map_err(|_| "its radslag-header isn't base64")?;
    let header = Header::decode(encoded.as_slice()).map_err(|_| "its radslag-header isn't a header")?;
    if header.position != position || position.checked_add(1) != Some(sequence) {
        return Err("its sequence isn't its position + 1");
    }
    let trace = headers.get(TRACE).filter(|_| has_trace(&header));
    let trace = trace.and_then(|text| trace_of(text.as_str()));
    Ok(Delivery { log, origin, position, header, public: body.clone(), trace })
}

/// What two messages of the same event have in common, whatever links they were given.
pub(crate) fn same_event(
    ours: &Outgoing,
    subject: &str,
    headers: &HeaderMap,
    body: &[u8],
) -> Result<(), &'static str> {
    let text =
        |headers: &HeaderMap, name: &'static str| headers.get(name).map(|value| value.as_str().to_owned());
    let id = |headers: &HeaderMap| headers.get(NATS_MESSAGE_ID).map(|value| value.as_str().to_owned());
    if id(&ours.headers) != id(headers) {
        return Err("another message id");
    }
    if ours.subject != subject {
        return Err("another subject");
    }
    if text(&ours.headers, HEADER) != text(headers, HEADER) {
        return Err("another header");
    }
    if ours.body != body {
        return Err("another payload");
    }
    Ok(())
}

/// The trace that an event may carry outside.
pub(crate) fn trace(record: &Record) -> Option<[u8; 16]> {
    record.private.trace[..].try_into().ok().filter(|_| has_trace(&record.header))
}

fn has_trace(header: &Header) -> bool {
    Role::from_number(header.role).is_some_and(|role| !role.is_citizen())
}

fn traceparent(trace: [u8; 16], event: EventId) -> String {
    // The second half of an event's id is random, and never zero.
    format!("00-{:032x}-{}-01", u128::from_be_bytes(trace), &event.to_string()[16..])
}

fn trace_of(text: &str) -> Option<[u8; 16]> {
    unhex(text.strip_prefix("00-")?.split('-').next()?)
}

pub(crate) fn message_id(log: LogId, origin: u32, position: u64) -> String {
    format!("{log}:{origin}:{position}")
}

fn parse_message_id(text: &str) -> Option<(LogId, u32, u64)> {
    let mut parts = text.split(':');
    let parsed = (parts.next()?.parse().ok()?, parts.next()?.parse().ok()?, parts.next()?.parse().ok()?);
    parts.next().is_none().then_some(parsed)
}
