//! What reads a message of the bus, for tests that feed it anything.

use async_nats::{HeaderMap, HeaderValue};
use bytes::Bytes;
use radslag_eventlog::Record;
use radslag_kernel::id::LogId;

use crate::{Address, Delivery, Links, wire};

/// The event of a message with these headers.
///
/// # Errors
/// What about the message isn't an event.
pub fn decode(headers: &[(&str, &str)], body: Bytes, sequence: u64) -> Result<Delivery, &'static str> {
    let mut map = HeaderMap::new();
    for (name, value) in headers {
        let value: HeaderValue = value.parse().map_err(|_| "a header isn't one")?;
        map.insert(*name, value);
    }
    wire::decode(&map, &body, sequence)
}

/// The same event sent and received again.
///
/// # Errors
/// What about it can't be sent, or isn't received.
pub fn again(delivery: &Delivery) -> Result<Delivery, &'static str> {
    let Delivery { log, origin, position, header, public, trace } = delivery.clone();
    let mut record = Record { origin, header, public, private: Default::default() };
    record.private.trace = trace.map_or_else(Bytes::new, |trace| Bytes::copy_from_slice(&trace));
    let to = Address::new("malmo", "petitions").map_err(|_| "it is no address")?;
    let links = Links { installation: "x".into(), clear_text: "x".into() };
    let sent = wire::encode(log, &to, &links, record)?;
    wire::decode(&sent.headers, &sent.body, position + 1)
}

/// The id a message has.
#[must_use]
pub fn message_id(log: LogId, origin: u32, position: u64) -> String {
    wire::message_id(log, origin, position)
}
