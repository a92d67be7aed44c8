//! One row a draw.

use radslag_kernel::Recorded;
use radslag_readmodel::{Cell, Op, Table, bytes, int as int_column, text as text_column};

use super::{id, int, item, text};
use crate::{
    event::Event as Any,
    panel::draw::{Event, Standing, What},
};

/// Draws. `number`: of the panel's.
pub static DRAWS: Table = Table {
    name: "draws",
    columns: &[
        bytes("draw"),
        bytes("panel"),
        text_column("kind"),
        text_column("standing"),
        int_column("number"),
        int_column("committed_at"),
    ],
    key: 1,
    sealed_by: None,
    indexes: &[&["standing"], &["panel", "number"]],
    counts: &[],
};

/// The fold.
pub(super) fn fold(recorded: &Recorded<Any>, event: &Event, ops: &mut Vec<Op>) {
    let stands = |standing: Standing| vec![("standing", text(standing.word()))];
    let cells: Vec<(&'static str, Cell)> = match &event.what {
        What::Committed { number, terms, .. } => vec![
            ("panel", Cell::Open(id(recorded.aggregate))),
            ("kind", text(terms.kind.word())),
            ("standing", text(Standing::Committed.word())),
            ("number", int(u64::from(*number))),
            ("committed_at", int(event.at.millis())),
        ],
        What::Made { .. } => stands(Standing::Made),
        What::Finished { .. } => stands(Standing::Finished),
        What::Cancelled { .. } => stands(Standing::Cancelled),
        What::Progressed { .. } | What::Objected { .. } | What::ObjectionDecided { .. } => return,
    };
    ops.push(Op::Set { table: &DRAWS, key: vec![item(event.draw)], cells });
}
