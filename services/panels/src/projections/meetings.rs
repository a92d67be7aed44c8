//! One row a meeting.

use radslag_kernel::Recorded;
use radslag_readmodel::{
    Cell, Op, Table, Value, bytes, int as int_column, sealed as sealed_column, text as text_column,
};

use super::{id, int, key, sealed_text, text};
use crate::{
    event::Event as Any,
    meeting::{Event, Phase},
};

/// Meetings. `panel`: whose it is, empty if it is nobody's.
pub static MEETINGS: Table = Table {
    name: "meetings",
    columns: &[
        bytes("meeting"),
        bytes("panel"),
        text_column("phase"),
        int_column("starts_at"),
        int_column("attended"),
        int_column("key_ref"),
        sealed_column(text_column("title")),
        sealed_column(text_column("place")),
    ],
    key: 1,
    sealed_by: Some("key_ref"),
    indexes: &[&["panel", "starts_at"]],
    counts: &[],
};

/// The fold.
pub(super) fn fold(recorded: &Recorded<Any>, event: &Event, ops: &mut Vec<Op>) {
    let cells: Vec<(&'static str, Cell)> = match event {
        Event::Planned { panel, document, starts_at, texts, .. } => vec![
            ("panel", Cell::Open(panel.map_or_else(|| Value::Bytes(Vec::new()), id))),
            ("phase", text(Phase::Planned.word())),
            ("starts_at", int(starts_at.millis())),
            ("attended", int(0)),
            ("key_ref", key(*document)),
            ("title", sealed_text(texts.clone().map(|texts| texts.title))),
            ("place", sealed_text(texts.clone().map(|texts| texts.place))),
        ],
        Event::Changed { starts_at, texts, .. } => vec![
            ("starts_at", int(starts_at.millis())),
            ("title", sealed_text(texts.clone().map(|texts| texts.title))),
            ("place", sealed_text(texts.clone().map(|texts| texts.place))),
        ],
        Event::Cancelled { .. } => vec![("phase", text(Phase::Cancelled.word()))],
        Event::Held { attended, .. } => {
            vec![("phase", text(Phase::Held.word())), ("attended", int(*attended))]
        }
        Event::Invited { .. }
        | Event::Noted { .. }
        | Event::DocumentAdded { .. }
        | Event::PointRaised { .. }
        | Event::PointAnswered { .. } => return,
    };
    ops.push(Op::Set { table: &MEETINGS, key: vec![id(recorded.aggregate)], cells });
}
