//! Batches of lists on paper, in numbers: nothing of their lines.

use radslag_kernel::Recorded;
use radslag_readmodel::{Cell, Op, Table, Value, bytes, int as int_column, text as text_column};

use super::{id, int, item, text};
use crate::{
    event::Event,
    paper::{self, Phase},
};

/// Batches. `position`: of their registration; `work`: 1 while the service has something to do for it.
pub static PAPERS: Table = Table {
    name: "papers",
    columns: &[
        bytes("petition"),
        bytes("batch"),
        text_column("state"),
        text_column("received"),
        int_column("taken"),
        int_column("refused"),
        int_column("counted"),
        int_column("uncompared"),
        int_column("position"),
        int_column("dropped"),
        int_column("struck"),
        int_column("work"),
    ],
    key: 2,
    sealed_by: None,
    indexes: &[&["petition", "position"], &["work"]],
    counts: &[],
};

pub(super) fn fold(recorded: &Recorded<Event>, event: &paper::Event, ops: &mut Vec<Op>) {
    use paper::Event;
    let key = || vec![id(recorded.aggregate), item(event.item())];
    let mut set = |cells: Vec<(&'static str, Cell)>| {
        ops.push(Op::Set { table: &PAPERS, key: key(), cells });
    };
    match event {
        Event::Registered { received, .. } => set(vec![
            ("state", text(Phase::Entry.word())),
            ("received", text(received.to_string())),
            ("taken", int(0)),
            ("refused", int(0)),
            ("counted", int(0)),
            ("uncompared", int(0)),
            ("position", int(recorded.position)),
            ("dropped", int(0)),
            ("struck", int(0)),
            ("work", int(0)),
        ]),
        Event::Accepted { .. } => set(vec![("state", text(Phase::Accepted.word())), ("work", int(1))]),
        Event::Undone { .. } => set(vec![("state", text(Phase::Undone.word())), ("work", int(1))]),
        Event::ImportStarted { .. } => set(vec![("work", int(1))]),
        Event::ImportFinished { .. }
        | Event::ImportCancelled { .. }
        | Event::Counted { .. }
        | Event::Struck { .. } => set(vec![("work", int(0))]),
        Event::SheetEntered { taken, refused, .. } => {
            ops.extend([add(key(), "taken", *taken), add(key(), "refused", *refused)]);
        }
        Event::SheetCounted { counted, uncompared, dropped, .. } => {
            let numbers = [("counted", *counted), ("uncompared", *uncompared), ("dropped", *dropped)];
            ops.extend(numbers.map(|(column, number)| add(key(), column, number)));
        }
        Event::SheetStruck { struck, .. } => ops.push(add(key(), "struck", *struck)),
        Event::SheetChecked { .. }
        | Event::SheetSettled { .. }
        | Event::SheetReinstated { .. }
        | Event::PartReceived { .. }
        | Event::ImportReceived { .. }
        | Event::Dropped { .. }
        | Event::Erased { .. }
        | Event::Entered { .. }
        | Event::Refused { .. }
        | Event::Differed { .. }
        | Event::Settled { .. } => {}
    }
}

fn add(key: Vec<Value>, column: &'static str, number: u32) -> Op {
    Op::Add { table: &PAPERS, key, column, delta: i64::from(number) }
}
