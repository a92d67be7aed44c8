//! One row a signature, from the moment it is confirmed or suspected, without text: names are opened for the few that are
//! shown, from the event at `name_position`, field 4. Requests have no row: what came of them is sealed.

use radslag_kernel::{AggregateId, KeyRef, Opened, Recorded};
use radslag_readmodel::{
    Cell, CountBy, Op, Table, Value, bytes, int as int_column, sealed as sealed_column, text as text_column,
};

use super::{id, int, item, key, number, petitions::PETITIONS, sealed, text};
use crate::{
    event::Event,
    signature::{self, Public},
};

/// Signatures. `counted`: 1 if it counts now; `hour`: hours since 1970 of the first count;
/// `reason_position`: the event that set it aside; `span`: `position / SPAN`;
/// `compared`: of paper, whether a line could be; `against`: 1 of a vote against, once it counted.
pub static SIGNATURES: Table = Table {
    name: "signatures",
    columns: &[
        bytes("petition"),
        bytes("item"),
        text_column("state"),
        text_column("method"),
        int_column("counted"),
        int_column("position"),
        int_column("signed_at"),
        int_column("hour"),
        int_column("name_position"),
        int_column("reason_position"),
        int_column("key_ref"),
        sealed_column(text_column("area")),
        int_column("span"),
        text_column("compared"),
        int_column("against"),
    ],
    key: 2,
    sealed_by: Some("key_ref"),
    indexes: &[&["petition", "counted", "position"], &["state", "position"]],
    counts: &[
        CountBy { into: "signature_areas", group: &["petition"], column: "area", only: Some("counted") },
        CountBy {
            into: "signature_compared",
            group: &["petition"],
            column: "compared",
            only: Some("counted"),
        },
        CountBy { into: "signature_methods", group: &["petition"], column: "method", only: Some("counted") },
        CountBy {
            into: "signature_spans",
            group: &["petition", "span"],
            column: "method",
            only: Some("counted"),
        },
        // For dashboards, which never read the signatures themselves.
        CountBy { into: "signature_states", group: &["petition"], column: "state", only: None },
        CountBy {
            into: "signature_hours",
            group: &["petition", "hour", "against"],
            column: "method",
            only: Some("counted"),
        },
        CountBy {
            into: "signing_hours",
            group: &["hour", "against"],
            column: "method",
            only: Some("counted"),
        },
    ],
};

/// Positions of the log that are counted together, so that page 100,000 is found without walking to it.
pub const SPAN: u64 = 4_096;

pub(super) fn fold(recorded: &Recorded<Event>, event: &signature::Event, ops: &mut Vec<Op>) {
    use signature::Event;
    let cells = match event {
        Event::Submitted(_) | Event::Expired { .. } | Event::Erased { .. } => return,
        Event::Signed(submission) => {
            voted(event, row(recorded, "eid", submission.key, &submission.public, true))
        }
        Event::Listed { submission, compared } => {
            let mut cells = voted(event, row(recorded, "paper", submission.key, &submission.public, true));
            cells.push(("compared", text(if *compared { "yes" } else { "no" })));
            cells
        }
        Event::Confirmed { key, public, .. } => voted(event, row(recorded, "mailbox", *key, public, true)),
        Event::Suspected { key, public, .. } => {
            let mut cells = row(recorded, "mailbox", *key, public, false);
            cells.extend([("reason_position", int(recorded.position)), ("against", int(0))]);
            cells
        }
        Event::SetAside { .. } => {
            let mut cells = stands("suspected", 0);
            cells.push(("reason_position", int(recorded.position)));
            cells
        }
        Event::Cleared { .. } | Event::Restored { .. } => voted(event, stands("confirmed", 1)),
        Event::Withdrawn { .. } => stands("withdrawn", 0),
        Event::Superseded { .. } => stands("superseded", 0),
        Event::Invalidated { .. } => stands("invalidated", 0),
        Event::NameChanged { .. } => vec![("name_position", int(recorded.position))],
    };
    ops.push(Op::Set { table: &SIGNATURES, key: vec![id(recorded.aggregate), item(event.item())], cells });
    let sides = [
        ("signatures", event.delta(), recorded.aggregate),
        ("against", event.delta_against(), votes_against(recorded.aggregate)),
    ];
    for (column, delta, of) in sides.into_iter().filter(|(_, delta, _)| *delta != 0) {
        let (key, change) = (vec![id(recorded.aggregate)], i64::from(delta));
        ops.push(Op::Add { table: &PETITIONS, key, column, delta: change });
        count(recorded, of, delta, ops);
    }
}

/// Under which id the history of a petition's votes against is kept: ids are random, so nothing else has it.
#[must_use]
pub fn votes_against(petition: AggregateId) -> AggregateId {
    AggregateId::from_bytes(petition.as_bytes().map(|byte| !byte))
}

/// With how it is meant.
fn voted(event: &signature::Event, mut cells: Vec<(&'static str, Cell)>) -> Vec<(&'static str, Cell)> {
    cells.push(("against", int(u64::from(event.is_against()))));
    cells
}

/// A count of a petition changes, at this position: both hold from there.
pub(super) fn count(recorded: &Recorded<Event>, of: AggregateId, delta: i32, ops: &mut Vec<Op>) {
    let (origin, position) = (recorded.origin, recorded.position);
    ops.push(Op::Count { of, origin, position, recorded_at: recorded.recorded_at.millis(), delta });
    let cells = vec![("count_position", int(position))];
    ops.push(Op::Set { table: &PETITIONS, key: vec![id(recorded.aggregate)], cells });
}

fn stands(word: &str, counted: u64) -> Vec<(&'static str, Cell)> {
    vec![("state", text(word)), ("counted", int(counted))]
}

fn row(
    recorded: &Recorded<Event>,
    method: &str,
    under: KeyRef,
    public: &Public,
    counted: bool,
) -> Vec<(&'static str, Cell)> {
    // Not known is a value: areas sum to the total.
    let area = public.area.clone();
    vec![
        ("state", text(if counted { "confirmed" } else { "suspected" })),
        ("method", text(method)),
        ("counted", int(u64::from(counted))),
        ("position", int(recorded.position)),
        ("signed_at", int(recorded.occurred_at.millis())),
        ("hour", Cell::Open(number(recorded.occurred_at.millis() / 3_600_000))),
        ("name_position", int(recorded.position)),
        ("span", int(recorded.position / SPAN)),
        ("key_ref", key(under)),
        (
            "area",
            if matches!(area.known(), Some(area) if area.is_empty()) { unknown() } else { sealed(area) },
        ),
    ]
}

const fn unknown() -> Cell {
    Cell::Sealed(Opened::Known(Value::Null))
}
