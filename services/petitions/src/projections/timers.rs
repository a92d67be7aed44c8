//! What is due when: rows come and go by events alone. A petition has at most one; a submission has one until it ends,
//! whatever came of it. The ticker sends `Act::Lapse` to the petition, `Act::Expire` to the stream of the event at
//! `position`.

use radslag_kernel::{Instant, Recorded};
use radslag_readmodel::{Op, Table, Value, bytes, int as int_column, text as text_column};

use super::{id, int, item, text};
use crate::{comment, event::Event, inquiry, petition, signature};

/// What is due of a comment by mailbox.
pub const COMMENT_EXPIRES: &str = "comment_expires";
/// What is due of an inquiry by mailbox.
pub const INQUIRY_EXPIRES: &str = "inquiry_expires";

/// Timers. `item` is empty for a petition's own.
pub static TIMERS: Table = Table {
    name: "timers",
    columns: &[
        bytes("petition"),
        bytes("item"),
        text_column("what"),
        int_column("due_at"),
        int_column("position"),
    ],
    key: 2,
    sealed_by: None,
    indexes: &[&["due_at"]],
    counts: &[],
};

/// The fold.
pub fn fold(recorded: &Recorded<Event>, ops: &mut Vec<Op>) {
    match &recorded.event {
        Event::Petition(event) => petition(recorded, event, ops),
        Event::Signature(event) => signature(recorded, event, ops),
        Event::Comment(event) => comment(recorded, event, ops),
        Event::Inquiry(event) => inquiry(recorded, event, ops),
        Event::Register(_) => {}
    }
}

fn petition(recorded: &Recorded<Event>, event: &petition::Event, ops: &mut Vec<Op>) {
    use petition::Event;
    let key = vec![id(recorded.aggregate), Value::Bytes(Vec::new())];
    match event {
        Event::Drafted { expires_at, .. } => set(recorded, key, "draft_expires", *expires_at, ops),
        Event::Submitted(submitted) => set(recorded, key, "submission_expires", submitted.expires_at, ops),
        Event::Returned { expires_at, .. } => set(recorded, key, "return_expires", *expires_at, ops),
        Event::Approved { opens_at, .. } => set(recorded, key, "opens", *opens_at, ops),
        Event::Opened { closes_at, .. } => set(recorded, key, "closes", *closes_at, ops),
        Event::CountingStarted { until, .. } => set(recorded, key, "counted", *until, ops),
        Event::InitiatorConfirmed { .. }
        | Event::Resubmitted { .. }
        | Event::Rejected { .. }
        | Event::Hidden { .. }
        | Event::Closed { .. }
        | Event::Withdrawn { .. }
        | Event::Expired { .. } => ops.push(Op::Remove { table: &TIMERS, key }),
        Event::ThresholdReached { .. } | Event::ThresholdLost { .. } | Event::Erased { .. } => {}
    }
}

fn signature(recorded: &Recorded<Event>, event: &signature::Event, ops: &mut Vec<Op>) {
    use signature::Event;
    let key = vec![id(recorded.aggregate), item(event.item())];
    match event {
        Event::Submitted(submission) => set(recorded, key, "request_expires", submission.expires_at, ops),
        Event::Confirmed { .. } | Event::Suspected { .. } | Event::Expired { .. } => {
            ops.push(Op::Remove { table: &TIMERS, key });
        }
        Event::Signed(_)
        | Event::Cleared { .. }
        | Event::Withdrawn { .. }
        | Event::Superseded { .. }
        | Event::Invalidated { .. }
        | Event::Restored { .. }
        | Event::NameChanged { .. }
        | Event::Erased { .. } => {}
    }
}

fn comment(recorded: &Recorded<Event>, event: &comment::Event, ops: &mut Vec<Op>) {
    use comment::Event;
    let key = vec![id(recorded.aggregate), item(event.item())];
    match event {
        Event::Submitted(submission) => set(recorded, key, COMMENT_EXPIRES, submission.expires_at, ops),
        Event::Confirmed { .. } | Event::Expired { .. } => ops.push(Op::Remove { table: &TIMERS, key }),
        Event::Made { .. }
        | Event::Posted { .. }
        | Event::Published { .. }
        | Event::Kept { .. }
        | Event::Refused { .. }
        | Event::Restored { .. }
        | Event::Reported { .. }
        | Event::Withdrawn { .. }
        | Event::Erased { .. } => {}
    }
}

fn inquiry(recorded: &Recorded<Event>, event: &inquiry::Event, ops: &mut Vec<Op>) {
    use inquiry::Event;
    let key = vec![id(recorded.aggregate), Value::Bytes(Vec::new())];
    match event {
        Event::Received(received) => set(recorded, key, INQUIRY_EXPIRES, received.expires_at, ops),
        Event::Confirmed { .. } | Event::Expired { .. } => ops.push(Op::Remove { table: &TIMERS, key }),
        Event::Accepted { .. }
        | Event::Refused { .. }
        | Event::Assigned { .. }
        | Event::Answered { .. }
        | Event::Closed { .. }
        | Event::Withdrawn { .. }
        | Event::Erased { .. } => {}
    }
}

fn set(recorded: &Recorded<Event>, key: Vec<Value>, what: &str, due_at: Instant, ops: &mut Vec<Op>) {
    let cells =
        vec![("what", text(what)), ("due_at", int(due_at.millis())), ("position", int(recorded.position))];
    ops.push(Op::Set { table: &TIMERS, key, cells });
}
