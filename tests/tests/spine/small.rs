//! A service of three events, just enough to touch every seam.

use std::path::{Path, PathBuf};

use radslag_bus::Links;
use radslag_eventlog::Log;
use radslag_kernel::{
    Actor, AggregateId, Encoded, Happens, Instant, ItemId, KeyRef, Malformed, Opened, Plain, Recorded, Role,
    Stored, SubjectId,
};
use radslag_readmodel::{Cell, Column, CountBy, Op, Projection, Table, Value, bytes, int, sealed, text};
use radslag_runtime::{
    asked::Asked,
    execute::{Happening, Plan, execute},
    service::Service,
};

#[derive(Clone, Debug)]
pub(crate) enum Event {
    Opened,
    Signed { key: KeyRef, name: Opened<String>, area: Opened<String> },
    Erased { key: KeyRef },
}

impl Event {
    pub(crate) fn signed(name: &str, area: &str) -> Self {
        Self::Signed { key: KeyRef(0), name: name.to_owned().into(), area: area.to_owned().into() }
    }
}

pub(crate) struct Small;

impl Happens for Event {
    fn at(&self) -> Instant {
        Instant::from_millis(0)
    }
}

impl Service for Small {
    type Event = Event;
    const NAME: &'static str = "small";

    fn encode(event: &Event, _: Option<AggregateId>) -> Encoded {
        let plain = |field, under, value: &Opened<String>| Plain {
            field,
            under: vec![under],
            committed: true,
            value: value.known().cloned().unwrap_or_default().into_bytes(),
        };
        let (kind, public, sealed) = match event {
            Event::Opened => ("petition.opened", vec![], vec![]),
            Event::Signed { key, name, area } => {
                let sealed = vec![plain(1, *key, name), plain(2, *key, area)];
                ("signature.confirmed", key.0.to_be_bytes().to_vec(), sealed)
            }
            Event::Erased { key } => ("signature.erased", key.0.to_be_bytes().to_vec(), vec![]),
        };
        Encoded { kind, schema: 1, public, sealed }
    }

    fn decode(stored: &Stored<'_>) -> Result<Event, Malformed> {
        let key = || KeyRef(stored.public.try_into().map_or(0, u64::from_be_bytes));
        match stored.kind {
            "petition.opened" => Ok(Event::Opened),
            "signature.confirmed" => {
                Ok(Event::Signed { key: key(), name: stored.text(1)?, area: stored.text(2)? })
            }
            "signature.erased" => Ok(Event::Erased { key: key() }),
            other => Err(Malformed(other.into())),
        }
    }
}

static SIGNATURE: Table = Table {
    name: "signature",
    columns: &[bytes("petition"), bytes("item"), int("key"), NAME, AREA],
    key: 2,
    sealed_by: Some("key"),
    indexes: &[],
    counts: &[CountBy { into: "signature_area", group: &["petition"], column: "area", only: None }],
};
const NAME: Column = sealed(text("name"));
const AREA: Column = sealed(text("area"));
static TABLES: &[&Table] = &[&SIGNATURE];

pub(crate) const fn projection() -> Projection<Event> {
    Projection { name: "signatures", version: 1, tables: TABLES, views: &[], fold }
}

fn fold(recorded: &Recorded<Event>, ops: &mut Vec<Op>) {
    match &recorded.event {
        Event::Opened | Event::Erased { .. } => {}
        Event::Signed { key, name, area } => {
            let item = recorded.item.unwrap_or_default();
            let id = |bytes: &[u8; 16]| Value::Bytes(bytes.to_vec());
            let slot = i64::try_from(key.0).unwrap_or(i64::MAX);
            ops.push(Op::Set {
                table: &SIGNATURE,
                key: vec![id(recorded.aggregate.as_bytes()), id(item.as_bytes())],
                cells: vec![
                    ("key", Cell::Open(Value::Int(slot))),
                    ("name", Cell::Sealed(name.clone().map(Value::Text))),
                    ("area", Cell::Sealed(area.clone().map(Value::Text))),
                ],
            });
            let (origin, position) = (recorded.origin, recorded.position);
            let recorded_at = recorded.recorded_at.millis();
            ops.push(Op::Count { of: recorded.aggregate, origin, position, recorded_at, delta: 1 });
        }
    }
}

/// Appends one event; a signature gets a new key, which is given back.
pub(crate) async fn act(
    log: &Log,
    stream: &str,
    expected: u64,
    event: Event,
    erases: Option<KeyRef>,
) -> KeyRef {
    let mut given = KeyRef(0);
    let asked = Asked::by_system();
    let done = execute::<Small, ()>(log, &asked, |at| {
        let (mut event, mut keys) = (event.clone(), Vec::new());
        if let Event::Signed { key, .. } = &mut event {
            let new = log.vault().reserve();
            (*key, given) = (new.reference, new.reference);
            keys.push(new);
        }
        let happening = Happening {
            aggregate: AggregateId::from_bytes([7; 16]),
            item: Some(ItemId::from_bytes([9; 16])),
            actor: Actor { role: Role::Citizen, subject: SubjectId::from_bytes([8; 16]) },
            event,
            dialogue: None,
            occurred_at: at,
            erases: erases.into_iter().collect(),
        };
        Ok(Plan { keys, ..Plan::of(stream, expected, vec![happening]) })
    });
    done.await.unwrap();
    given
}

pub(crate) fn links() -> Links {
    Links { installation: "test".into(), clear_text: "http://localhost/events".into() }
}

/// Every file below a folder.
pub(crate) fn files(folder: &Path) -> Vec<PathBuf> {
    let entries = std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path());
    entries.flat_map(|path| if path.is_dir() { files(&path) } else { vec![path] }).collect()
}
