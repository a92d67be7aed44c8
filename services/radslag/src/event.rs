//! An event as it is printed. Its public part only; of the private part, on request, what isn't sealed.

use radslag_eventlog::Record;
use radslag_kernel::{AggregateId, Instant, ItemId, Role, SubjectId};
use serde::Serialize;
use serde_json::Value as Json;

use crate::{payload::Payloads, print::hex};

/// The public header.
#[derive(Serialize)]
pub(crate) struct Header<'a> {
    position: u64,
    origin: u32,
    id: String,
    #[serde(rename = "type")]
    kind: &'a str,
    schema: u32,
    aggregate: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    item: Option<String>,
    occurred_at: String,
    recorded_at: String,
    role: String,
    actor: String,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    commitments: Vec<Commitment>,
}

#[derive(Serialize)]
struct Commitment {
    field: u32,
    value: String,
}

/// What stands in the private part in clear; never a sealed value.
#[derive(Serialize)]
struct Private<'a> {
    stream: &'a str,
    version: u64,
    #[serde(skip_serializing_if = "Option::is_none")]
    previous: Option<u64>,
    sealed: Vec<u32>,
    #[serde(skip_serializing_if = "is_zero")]
    erases: usize,
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde asks for a reference")]
const fn is_zero(number: &usize) -> bool {
    *number == 0
}

/// An event as one line.
#[derive(Serialize)]
pub(crate) struct Line<'a> {
    #[serde(flatten)]
    header: Header<'a>,
    #[serde(skip_serializing_if = "Option::is_none")]
    public: Option<Json>,
    /// Where no message is known for its type.
    #[serde(skip_serializing_if = "Option::is_none")]
    public_hex: Option<String>,
    leaf: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    private: Option<Private<'a>>,
}

impl<'a> Header<'a> {
    /// Of an event.
    pub(crate) fn of(record: &'a Record) -> Self {
        let header = &record.header;
        let commitment =
            |one: &radslag_proto::log::Commitment| Commitment { field: one.field, value: hex(&one.value) };
        Self {
            position: header.position,
            origin: record.origin,
            id: record.id().to_string(),
            kind: &header.r#type,
            schema: header.schema,
            aggregate: AggregateId::from_slice(&header.aggregate).unwrap_or_default().to_string(),
            item: ItemId::from_slice(&header.item).map(|item| item.to_string()),
            occurred_at: Instant::from_millis(header.occurred_at).to_string(),
            recorded_at: Instant::from_millis(header.recorded_at).to_string(),
            role: Role::from_number(header.role)
                .map_or_else(|| header.role.to_string(), |role| role.word().to_owned()),
            actor: SubjectId::from_slice(&header.actor).unwrap_or_default().to_string(),
            commitments: header.commitments.iter().map(commitment).collect(),
        }
    }
}

impl<'a> Line<'a> {
    /// Of an event.
    pub(crate) fn of(record: &'a Record, leaf: &[u8], payloads: &Payloads, private: bool) -> Self {
        let public = payloads.json(&record.header.r#type, &record.public);
        let public_hex = public.is_none().then(|| hex(&record.public));
        let clear = || Private {
            stream: &record.private.stream,
            version: record.private.version,
            previous: record.private.previous,
            sealed: record.private.sealed.iter().map(|sealed| sealed.field).collect(),
            erases: record.private.erased.len(),
        };
        Self { header: Header::of(record), public, public_hex, leaf: hex(leaf), private: private.then(clear) }
    }

    /// As a person reads it.
    pub(crate) fn text(&self) -> String {
        let Header { position, recorded_at, kind, role, aggregate, .. } = &self.header;
        let short = aggregate.get(..8).unwrap_or_default();
        let payload = match (&self.public, &self.public_hex) {
            (Some(public), _) => public.to_string(),
            (None, Some(hex)) if !hex.is_empty() => format!("0x{hex}"),
            _ => String::new(),
        };
        let mut text = format!("{position:>8}  {recorded_at}  {kind:<28}  {short}  {role}  {payload}");
        if let Some(Private { stream, version, sealed, erases, .. }) = &self.private {
            text += &format!("  [{stream} v{version}, sealed {sealed:?}, erases {erases}]");
        }
        text.trim_end().to_owned()
    }
}
