//! Where submissions come from, by hour, as tags: one row a submission, and the counts that the engine keeps of them. Neither
//! a network nor a domain stands here; a domain's name is opened from an event when staff ask for it.

use radslag_kernel::Recorded;
use radslag_readmodel::{
    Cell, CountBy, Op, Table, Value, bytes, int as int_column, sealed as sealed_column, text as text_column,
};

use super::{id, int, item, key};
use crate::{
    event::Event,
    signature::{self, Facts, Submission},
    tag::Tag,
};

/// Submissions. `hour`: hours since 1970.
pub static ORIGINS: Table = Table {
    name: "origins",
    columns: &[
        bytes("petition"),
        bytes("item"),
        int_column("hour"),
        int_column("position"),
        int_column("key_ref"),
        sealed_column(text_column("network")),
        sealed_column(text_column("domain")),
    ],
    key: 2,
    sealed_by: Some("key_ref"),
    // A tag is made under its petition's own key: no other petition has the same.
    indexes: &[&["domain", "position"]],
    counts: &[
        CountBy { into: "network_hours", group: &["petition", "hour"], column: "network", only: None },
        CountBy { into: "domain_hours", group: &["petition", "hour"], column: "domain", only: None },
    ],
};

pub(super) fn fold(recorded: &Recorded<Event>, event: &signature::Event, ops: &mut Vec<Op>) {
    use signature::Event;
    match event {
        Event::Submitted(submission) | Event::Signed(submission) => ops.push(row(recorded, submission)),
        Event::Listed { .. }
        | Event::Confirmed { .. }
        | Event::Suspected { .. }
        | Event::SetAside { .. }
        | Event::Cleared { .. }
        | Event::Expired { .. }
        | Event::Withdrawn { .. }
        | Event::Superseded { .. }
        | Event::Invalidated { .. }
        | Event::Restored { .. }
        | Event::NameChanged { .. }
        | Event::Erased { .. } => {}
    }
}

fn row(recorded: &Recorded<Event>, submission: &Submission) -> Op {
    let sealed = |tag: fn(&Facts) -> Option<Tag>| {
        let value = submission.facts.clone().map(|facts| tag(&facts));
        Cell::Sealed(value.map(|tag| tag.map_or(Value::Null, |tag| Value::Text(tag.to_string()))))
    };
    let cells = vec![
        ("hour", int(recorded.occurred_at.millis() / 3_600_000)),
        ("position", int(recorded.position)),
        ("key_ref", key(submission.tags)),
        ("network", sealed(|facts| facts.network)),
        ("domain", sealed(|facts| facts.domain)),
    ];
    let key = vec![id(recorded.aggregate), item(submission.item)];
    Op::Set { table: &ORIGINS, key, cells }
}
