//! One row a comment from its first event on; a submission by mailbox has the same row whatever came of it.

use radslag_kernel::Recorded;
use radslag_readmodel::{
    CountBy, Op, Table, Value, bytes, int as int_column, sealed as sealed_column, text as text_column,
};

use super::{id, int, item, key, sealed, text};
use crate::{
    comment::{self, Submission},
    event::Event,
};

type Cells = Vec<(&'static str, radslag_readmodel::Cell)>;

/// Comments. `thread`: the comment it replies to, or itself; `reply`, `shown`: 0 or 1; `queue`: 1 if a moderator has
/// something to look at; `position`: of its first event.
pub static COMMENTS: Table = Table {
    name: "comments",
    columns: &[
        bytes("petition"),
        bytes("item"),
        bytes("thread"),
        int_column("reply"),
        text_column("state"),
        int_column("shown"),
        int_column("queue"),
        int_column("reports"),
        int_column("position"),
        int_column("written_at"),
        text_column("review_by"),
        int_column("key_ref"),
        sealed_column(text_column("words")),
        sealed_column(text_column("public_name")),
        sealed_column(text_column("party")),
    ],
    key: 2,
    sealed_by: Some("key_ref"),
    indexes: &[
        &["petition", "reply", "position"],
        &["petition", "thread", "reply", "shown"],
        &["queue", "position"],
    ],
    counts: &[CountBy { into: "comment_states", group: &["petition"], column: "state", only: None }],
};

/// The fold.
pub fn fold(recorded: &Recorded<Event>, ops: &mut Vec<Op>) {
    match &recorded.event {
        Event::Comment(event) => comment(recorded, event, ops),
        Event::Petition(_)
        | Event::Signature(_)
        | Event::Paper(_)
        | Event::Session(_)
        | Event::Register(_)
        | Event::List(_)
        | Event::Bulk(_)
        | Event::Moderation(_)
        | Event::Signing(_)
        | Event::Inquiry(_)
        | Event::Objection(_) => {}
    }
}

fn comment(recorded: &Recorded<Event>, event: &comment::Event, ops: &mut Vec<Op>) {
    use comment::Event;
    let key = || vec![id(recorded.aggregate), item(event.item())];
    let cells = match event {
        Event::Submitted(submission) => row(recorded, submission, "requested", 0),
        Event::Made { submission, review_by } => {
            let mut cells = row(recorded, submission, "waiting", 1);
            cells.push(("review_by", text(review_by.to_string())));
            cells
        }
        Event::Confirmed { review_by, .. } => {
            [stands("waiting", 0, 1), vec![("review_by", text(review_by.to_string()))]].concat()
        }
        Event::Expired { .. } => {
            ops.push(Op::Remove { table: &COMMENTS, key: key() });
            return;
        }
        Event::Posted { .. } => stands("published", 1, 1),
        Event::Published { .. } | Event::Kept { .. } | Event::Restored { .. } => stands("published", 1, 0),
        Event::Refused { .. } => stands("refused", 0, 0),
        Event::Reported { .. } => {
            ops.push(Op::Add { table: &COMMENTS, key: key(), column: "reports", delta: 1 });
            vec![("queue", int(1))]
        }
        Event::Withdrawn { .. } => stands("withdrawn", 0, 0),
        // The engine blanks the texts; the row keeps its place.
        Event::Erased { .. } => return,
    };
    ops.push(Op::Set { table: &COMMENTS, key: key(), cells });
}

fn stands(word: &str, shown: u64, queue: u64) -> Cells {
    vec![("state", text(word)), ("shown", int(shown)), ("queue", int(queue))]
}

fn row(recorded: &Recorded<Event>, submission: &Submission, word: &str, queue: u64) -> Cells {
    let thread = submission.reply_to.unwrap_or(submission.item);
    let said = &submission.said;
    [
        stands(word, 0, queue),
        vec![
            ("thread", radslag_readmodel::Cell::Open(Value::Bytes(thread.as_bytes().to_vec()))),
            ("reply", int(u64::from(submission.reply_to.is_some()))),
            ("position", int(recorded.position)),
            ("written_at", int(recorded.occurred_at.millis())),
            ("key_ref", key(submission.key)),
            ("words", sealed(said.text.clone())),
            ("public_name", sealed(said.name.clone())),
            ("party", sealed(said.party.clone())),
        ],
    ]
    .concat()
}
