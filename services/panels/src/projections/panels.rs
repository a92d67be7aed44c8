//! One row a panel.

use radslag_kernel::{Happens as _, Recorded};
use radslag_readmodel::{
    Cell, Op, Table, bytes, int as int_column, sealed as sealed_column, text as text_column,
};

use super::{id, int, key, sealed_text, text};
use crate::{
    event::Event as Any,
    panel::{Event, Phase},
};

/// Panels. `public`: 1 once it was decided; `due_at`: until when members may say that they stay, 0 if nobody is asked.
pub static PANELS: Table = Table {
    name: "panels",
    columns: &[
        bytes("panel"),
        text_column("phase"),
        int_column("public"),
        int_column("size"),
        int_column("changed_at"),
        int_column("due_at"),
        int_column("key_ref"),
        sealed_column(text_column("name")),
    ],
    key: 1,
    sealed_by: Some("key_ref"),
    indexes: &[&["public", "changed_at"], &["due_at"]],
    counts: &[],
};

/// The fold.
pub(super) fn fold(recorded: &Recorded<Any>, event: &Event, ops: &mut Vec<Op>) {
    let mut cells: Vec<(&'static str, Cell)> = vec![("changed_at", int(event.at().millis()))];
    match event {
        Event::Planned { keys, texts, .. } => cells.extend([
            ("phase", text(Phase::Planned.word())),
            ("public", int(0)),
            ("size", int(0)),
            ("due_at", int(0)),
            ("key_ref", key(keys.document)),
            ("name", sealed_text(texts.clone().map(|texts| texts.name))),
        ]),
        Event::Changed { texts, .. } => {
            cells.push(("name", sealed_text(texts.clone().map(|texts| texts.name))));
        }
        Event::Decided { size, .. } => cells.extend([
            ("phase", text(Phase::Decided.word())),
            ("public", int(1)),
            ("size", int(u64::from(*size))),
        ]),
        Event::Moved { to, .. } => cells.push(("phase", text(to.word()))),
        Event::Ended { .. } => cells.push(("phase", text(Phase::Ended.word()))),
        Event::TermBegun { renew_by, .. } => {
            cells.push(("due_at", int(renew_by.map_or(0, radslag_kernel::Instant::millis))));
        }
        Event::TermSettled { .. } => cells.push(("due_at", int(0))),
        Event::Answered { .. }
        | Event::FormSet { .. }
        | Event::StrataSet { .. }
        | Event::WantedSet { .. }
        | Event::Told { .. }
        | Event::Erased { .. }
        | Event::Import(_)
        | Event::Draw(_) => return,
    }
    ops.push(Op::Set { table: &PANELS, key: vec![id(recorded.aggregate)], cells });
}
