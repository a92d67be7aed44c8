//! One row for letters to members that are under way, or were.

use radslag_kernel::Recorded;
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
pub fn key(panel: radslag_kernel::AggregateId, about: Told) -> Vec<u8> {
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
    Some(match word {
        1 => Told::Reminder(radslag_kernel::ItemId::from_slice(of)?),
        2 => Told::Meeting(radslag_kernel::AggregateId::from_slice(of)?),
        3 => Told::Term,
        _ => return None,
    })
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
