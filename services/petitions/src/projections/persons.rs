//! Which signatures may be one person's: tags of name and postcode, sealed under the petition's tag key and gone with it.

use radslag_kernel::{KeyRef, Opened, Recorded};
use radslag_readmodel::{
    Cell, Op, Table, Value, bytes, int as int_column, sealed as sealed_column, text as text_column,
};

use super::{assisted, id, int, item, key, origins, text};
use crate::{
    event::Event,
    signature::{self, Submission},
    tag::Tag,
};

/// Persons. `position`: of an event in the signature's stream; `assisted`: the same, if somebody signed for them.
pub static PERSONS: Table = Table {
    name: "persons",
    columns: &[
        bytes("petition"),
        bytes("item"),
        text_column("method"),
        int_column("counted"),
        int_column("position"),
        int_column("key_ref"),
        sealed_column(bytes("person")),
        sealed_column(bytes("eid")),
        sealed_column(int_column("assisted")),
    ],
    key: 2,
    sealed_by: Some("key_ref"),
    // A tag is made under its petition's own key: no other petition has the same.
    indexes: &[&["person"], &["eid"], &["assisted"]],
    counts: &[],
};

/// The fold.
pub fn fold(recorded: &Recorded<Event>, ops: &mut Vec<Op>) {
    assisted::fold(recorded, ops);
    let Event::Signature(event) = &recorded.event else { return };
    origins::fold(recorded, event, ops);
    let cells = cells(recorded, event);
    if !cells.is_empty() {
        ops.push(Op::Set { table: &PERSONS, key: vec![id(recorded.aggregate), item(event.item())], cells });
    }
}

fn cells(recorded: &Recorded<Event>, event: &signature::Event) -> Vec<(&'static str, Cell)> {
    use signature::Event;
    match event {
        Event::Signed(submission) => counted(recorded, "eid", submission),
        Event::Listed { submission, .. } => counted(recorded, "paper", submission),
        Event::Confirmed { tags, person, .. } => row(recorded, "mailbox", 1, *tags, person.clone()),
        Event::Suspected { tags, person, .. } => row(recorded, "mailbox", 0, *tags, person.clone()),
        Event::Cleared { .. } | Event::Restored { .. } => vec![("counted", int(1))],
        Event::SetAside { .. }
        | Event::Withdrawn { .. }
        | Event::Superseded { .. }
        | Event::Invalidated { .. } => {
            vec![("counted", int(0))]
        }
        Event::Submitted(_) | Event::Expired { .. } | Event::NameChanged { .. } | Event::Erased { .. } => {
            Vec::new()
        }
    }
}

fn counted(recorded: &Recorded<Event>, method: &str, submission: &Submission) -> Vec<(&'static str, Cell)> {
    let facts = &submission.facts;
    let mut cells = row(recorded, method, 1, submission.tags, facts.clone().map(|facts| facts.person));
    cells.push(("eid", tag(facts.clone().map(|facts| facts.eid))));
    cells.push(("assisted", assisted::at(recorded, facts.clone().map(|facts| facts.assisted.is_some()))));
    cells
}

fn tag(tag: Opened<Option<Tag>>) -> Cell {
    Cell::Sealed(tag.map(|tag| tag.map_or(Value::Null, |tag| Value::Bytes(tag.0.to_vec()))))
}

fn row(
    recorded: &Recorded<Event>,
    method: &str,
    counted: u64,
    under: KeyRef,
    person: Opened<Option<Tag>>,
) -> Vec<(&'static str, Cell)> {
    vec![
        ("method", text(method)),
        ("counted", int(counted)),
        ("position", int(recorded.position)),
        ("key_ref", key(under)),
        ("person", tag(person)),
    ]
}
