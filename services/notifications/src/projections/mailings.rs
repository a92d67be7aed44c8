//! One row a mailing, for those who write them.

use radslag_kernel::{Happens as _, Recorded};
use radslag_readmodel::{
    Cell, Op, Table, Value, bytes, int as int_column, sealed as sealed_column, text as text_column,
};

use super::{id, int, key, number, sealed, text};
use crate::{event::Event, mailing};

/// Mailings. `letters`: planned in the run that goes on, or in the last.
pub static MAILINGS: Table = Table {
    name: "mailings",
    columns: &[
        bytes("mailing"),
        text_column("state"),
        int_column("revision"),
        int_column("changed_at"),
        int_column("key_ref"),
        sealed_column(text_column("subject")),
        sealed_column(int_column("letters")),
    ],
    key: 1,
    sealed_by: Some("key_ref"),
    indexes: &[&["state", "changed_at"], &["changed_at", "mailing"]],
    counts: &[],
};

/// The fold.
pub fn fold(recorded: &Recorded<Event>, ops: &mut Vec<Op>) {
    let event = match &recorded.event {
        Event::Mailing(event) => event,
        Event::Delivery(_) | Event::Subscription(_) | Event::Optout(_) | Event::Wording(_) => return,
    };
    let changed = ("changed_at", int(event.at().millis()));
    let cells: Vec<(&'static str, Cell)> = match event {
        mailing::Event::Drafted { key: under, revision, text: words, .. } => vec![
            ("state", text("draft")),
            ("revision", int(u64::from(*revision))),
            changed,
            ("key_ref", key(*under)),
            ("subject", sealed(words.clone().map(|words| Value::Text(words.sv.subject)))),
            ("letters", sealed(words.clone().map(|_| Value::Int(0)))),
        ],
        mailing::Event::Started { .. } => vec![("state", text("running")), changed],
        mailing::Event::Progressed { progress, .. } => {
            vec![("letters", sealed(progress.clone().map(|progress| number(progress.letters))))]
        }
        mailing::Event::Finished { letters, .. } => {
            vec![("state", text("sent")), changed, ("letters", sealed(letters.clone().map(number)))]
        }
        mailing::Event::Cancelled { .. } => vec![("state", text("cancelled")), changed],
    };
    ops.push(Op::Set { table: &MAILINGS, key: vec![id(recorded.aggregate)], cells });
}
