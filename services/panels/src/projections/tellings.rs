//! One row for letters to members that are under way, or were.

use radslag_kernel::{AggregateId, ItemId, Recorded};
use radslag_readmodel::{Cell, Op, Table, Value, bytes, int as int_column};

use super::{id, int};
use crate::{event::Event as Any, panel::Told};

/// Letters to members of a panel. `telling`: which, see [`key`]; `upto`: members up to this position were told.
pub static TELLINGS: Table = Table {
    name: "tellings",
    columns: &[bytes("telling"), bytes("panel"), int_column("upto"), int_column("finished")],
    key: 1,
    sealed_by: None,
    indexes: &[&["finished"]],
    counts: &[],
};

/// The panel, what about, and of what.
#[must_use]
pub fn key(panel: AggregateId, about: Told) -> Vec<u8> {
    let (word, of) = match about {
        Told::Reminder(draw) => (1, *draw.as_bytes()),
        Told::Meeting(meeting) => (2, *meeting.as_bytes()),
        Told::Term => (3, [0; 16]),
    };
    [&panel.as_bytes()[..], &[word], &of].concat()
}

/// What a key says they are about.
#[must_use]
pub fn about(key: &[u8]) -> Option<Told> {
    let (word, of) = key.get(16..)?.split_first()?;
    let reminder = || ItemId::from_slice(of).map(Told::Reminder);
    let meeting = || AggregateId::from_slice(of).map(Told::Meeting);
    (*word == 1)
        .then(reminder)
        .or_else(|| (*word == 2).then(meeting))
        .unwrap_or_else(|| (*word == 3).then_some(Told::Term))
}

/// The fold.
pub(super) fn fold(recorded: &Recorded<Any>, (about, upto, finished): (Told, u64, bool), ops: &mut Vec<Op>) {
    let cells: Vec<(&'static str, Cell)> = vec![
        ("panel", Cell::Open(id(recorded.aggregate))),
        ("upto", int(upto)),
        ("finished", int(u64::from(finished))),
    ];
    ops.push(Op::Set { table: &TELLINGS, key: vec![Value::Bytes(key(recorded.aggregate, about))], cells });
}
