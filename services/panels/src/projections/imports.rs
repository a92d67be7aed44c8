//! One row an import: what is to be done with it next, and when.

use radslag_kernel::Recorded;
use radslag_readmodel::{Cell, Op, Table, bytes, int as int_column, text as text_column};

use super::{id, int, item, text};
use crate::{
    event::Event as Any,
    panel::import::{Event, Standing, What},
};

/// Imports. `due_at`: when it is given up, or destroyed; 0 if never.
pub static IMPORTS: Table = Table {
    name: "imports",
    columns: &[
        bytes("import"),
        bytes("panel"),
        text_column("kind"),
        text_column("standing"),
        int_column("due_at"),
    ],
    key: 1,
    sealed_by: None,
    indexes: &[&["standing", "kind"], &["due_at"]],
    counts: &[],
};

/// The fold.
pub(super) fn fold(recorded: &Recorded<Any>, event: &Event, ops: &mut Vec<Op>) {
    let standing = |standing: Standing| ("standing", text(standing.word()));
    let over = |at: Standing| vec![standing(at), ("due_at", int(0))];
    let cells: Vec<(&'static str, Cell)> = match &event.what {
        What::Begun { kind, deadline, .. } => vec![
            ("panel", Cell::Open(id(recorded.aggregate))),
            ("kind", text(kind.word())),
            standing(Standing::Coming),
            ("due_at", int(deadline.millis())),
        ],
        What::Completed { keep_until, .. } => {
            vec![standing(Standing::Complete), ("due_at", int(keep_until.millis()))]
        }
        What::Progressed { .. } => return,
        What::Cancelled { .. } => over(Standing::Cancelled),
        What::Destroyed { .. } => over(Standing::Destroyed),
    };
    ops.push(Op::Set { table: &IMPORTS, key: vec![item(event.import)], cells });
}
