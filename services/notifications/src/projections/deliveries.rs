//! One row a letter. All but when it was planned is sealed, and gone with the address: then nothing of it is due any more.

use radslag_kernel::{Instant, Recorded};
use radslag_readmodel::{
    Cell, CountBy, Op, Table, Value, bytes, int as int_column, sealed as sealed_column, text as text_column,
};

use super::{id, int, key, number, sealed};
use crate::{
    delivery::{self, Letter, Move, Reason},
    event::Event,
};

const HOUR_MS: u64 = 3_600_000;

/// Letters. `hour`: hours since 1970, when it was planned. `state`: as `Standing::word`, and `silent` where nothing was to be said.
pub static DELIVERIES: Table = Table {
    name: "deliveries",
    columns: &[
        bytes("delivery"),
        int_column("hour"),
        int_column("key_ref"),
        sealed_column(text_column("state")),
        sealed_column(int_column("due_at")),
        sealed_column(text_column("template")),
        sealed_column(bytes("subject")),
    ],
    key: 1,
    sealed_by: Some("key_ref"),
    indexes: &[&["state", "due_at"], &["subject"]],
    counts: &[CountBy { into: "delivery_hours", group: &["hour", "template"], column: "state", only: None }],
};

type Cells = Vec<(&'static str, Cell)>;

/// The fold.
pub fn fold(recorded: &Recorded<Event>, ops: &mut Vec<Op>) {
    let event = match &recorded.event {
        Event::Delivery(event) => event,
        Event::Subscription(_) | Event::Optout(_) | Event::Mailing(_) | Event::Wording(_) => return,
    };
    let cells: Cells = match event {
        delivery::Event::Planned { key: under, letter, .. } => {
            let of = |view: fn(&Letter) -> Value| sealed(letter.clone().map(|letter| view(&letter)));
            vec![
                ("hour", int(recorded.recorded_at.millis() / HOUR_MS)),
                ("key_ref", key(*under)),
                ("state", of(|_| word("planned"))),
                ("due_at", of(|letter| number(letter.due_at.millis()))),
                ("template", of(|letter| Value::Text(letter.template.clone()))),
                ("subject", of(|letter| Value::Bytes(letter.subject.0.to_vec()))),
            ]
        }
        delivery::Event::Moved { to, .. } => {
            let (state, due_at) = (to.clone().map(|to| state(&to)), to.clone().map(|to| due(&to)));
            vec![("state", sealed(state)), ("due_at", sealed(due_at))]
        }
        // The engine blanks what its key sealed.
        delivery::Event::Erased { .. } => return,
    };
    ops.push(Op::Set { table: &DELIVERIES, key: vec![id(recorded.aggregate)], cells });
}

fn word(word: &str) -> Value {
    Value::Text(word.into())
}

fn state(to: &Move) -> Value {
    word(match to {
        Move::Attempting { .. } => "attempting",
        Move::Sent => "sent",
        Move::Failed { retry_at: Some(_), .. }
        | Move::InDoubt { again_at: Some(_) }
        | Move::Delayed { .. } => "planned",
        Move::Failed { retry_at: None, .. } => "failed",
        Move::Bounced { .. } => "bounced",
        Move::Skipped { reason: Reason::Silent } => "silent",
        Move::Skipped { .. } => "skipped",
        Move::InDoubt { again_at: None } => "in-doubt",
    })
}

fn due(to: &Move) -> Value {
    let at = |at: Option<Instant>| at.map_or(Value::Null, |at| number(at.millis()));
    match to {
        Move::Failed { retry_at, .. } => at(*retry_at),
        Move::InDoubt { again_at } => at(*again_at),
        Move::Delayed { until } => at(Some(*until)),
        Move::Attempting { .. } | Move::Sent | Move::Bounced { .. } | Move::Skipped { .. } => Value::Null,
    }
}
