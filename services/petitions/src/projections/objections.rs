//! Objections and what came of them. Why somebody objects is opened from its event when an official reads it.

use radslag_kernel::Recorded;
use radslag_readmodel::{Cell, Op, Table, Value, bytes, int as int_column, text as text_column};

use super::{id, int, item, text};
use crate::{
    event::Event,
    objection::{self, About},
};

/// Objections. `waits`: 1 until somebody decided.
pub static OBJECTIONS: Table = Table {
    name: "objections",
    columns: &[
        bytes("objection"),
        bytes("petition"),
        text_column("about"),
        bytes("item"),
        int_column("raised_at"),
        text_column("decide_by"),
        int_column("waits"),
        text_column("outcome"),
        int_column("decided_at"),
    ],
    key: 1,
    sealed_by: None,
    indexes: &[&["waits", "raised_at", "objection"]],
    counts: &[],
};

/// The fold.
pub fn fold(recorded: &Recorded<Event>, ops: &mut Vec<Op>) {
    match &recorded.event {
        Event::Objection(event) => of(recorded, event, ops),
        Event::Petition(_)
        | Event::Signature(_)
        | Event::Paper(_)
        | Event::List(_)
        | Event::Bulk(_)
        | Event::Register(_)
        | Event::Moderation(_)
        | Event::Signing(_)
        | Event::Comment(_)
        | Event::Inquiry(_)
        | Event::Session(_) => {}
    }
}

fn of(recorded: &Recorded<Event>, event: &objection::Event, ops: &mut Vec<Op>) {
    use objection::Event;
    let cells = match event {
        Event::Raised { at, about, item: of, decide_by, .. } => vec![
            ("petition", Cell::Open(id(recorded.aggregate))),
            ("about", text(about.word())),
            ("item", Cell::Open(of.filter(|_| *about != About::Submission).map_or(Value::Null, item))),
            ("raised_at", int(at.millis())),
            ("decide_by", text(decide_by.to_string())),
            ("waits", int(1)),
        ],
        Event::Decided { at, outcome, .. } => {
            vec![("waits", int(0)), ("outcome", text(outcome.word())), ("decided_at", int(at.millis()))]
        }
    };
    ops.push(Op::Set { table: &OBJECTIONS, key: vec![item(event.item())], cells });
}
