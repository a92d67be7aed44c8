//! What was done for citizens beside their signatures, whose rows say it themselves: where each event stands. Who acted is
//! opened from it for the few that are shown.

use radslag_kernel::{KeyRef, Opened, Recorded};
use radslag_readmodel::{Cell, Op, Table, Value, bytes, int as int_column, sealed as sealed_column};

use super::{id, key, number};
use crate::{
    comment,
    event::Event,
    petition::{self, answer::What},
    signature,
};

/// Events in which somebody may have acted for a citizen. `assisted`: the position again, if somebody did.
pub static ASSISTED: Table = Table {
    name: "assisted",
    columns: &[
        bytes("petition"),
        int_column("position"),
        int_column("key_ref"),
        sealed_column(int_column("assisted")),
    ],
    key: 2,
    sealed_by: Some("key_ref"),
    indexes: &[&["assisted"]],
    counts: &[],
};

/// The fold.
pub fn fold(recorded: &Recorded<Event>, ops: &mut Vec<Op>) {
    match &recorded.event {
        Event::Petition(event) => petition(recorded, event, ops),
        Event::Signature(event) => signature(recorded, event, ops),
        Event::Comment(event) => comment(recorded, event, ops),
        Event::Register(_)
        | Event::Moderation(_)
        | Event::Signing(_)
        | Event::List(_)
        | Event::Bulk(_)
        | Event::Paper(_)
        | Event::Session(_)
        | Event::Inquiry(_)
        | Event::Objection(_) => {}
    }
}

fn petition(recorded: &Recorded<Event>, event: &petition::Event, ops: &mut Vec<Op>) {
    use petition::Event;
    match event {
        Event::Submitted(handed) => {
            let helped = handed.tags.clone().map(|tags| tags.assisted.is_some());
            ops.push(row(recorded, handed.keys.tags, helped));
        }
        Event::Withdrawn { record: Some(record), assisted: Some(how), .. } => {
            ops.push(row(recorded, *record, how.clone().map(|_| true)));
        }
        Event::Answer(event) => {
            if let What::WithdrawalRequested { assisted: Some(how) } = &event.what {
                ops.push(row(recorded, event.record, how.clone().map(|_| true)));
            }
        }
        Event::Withdrawn { .. }
        | Event::Drafted { .. }
        | Event::InitiatorConfirmed { .. }
        | Event::Returned { .. }
        | Event::Resubmitted { .. }
        | Event::Rejected { .. }
        | Event::Hidden { .. }
        | Event::Approved { .. }
        | Event::Opened { .. }
        | Event::CountingStarted { .. }
        | Event::Closed { .. }
        | Event::Expired { .. }
        | Event::Course(_)
        | Event::Support(_)
        | Event::Coinitiator(_)
        | Event::Attachment(_)
        | Event::ThresholdReached { .. }
        | Event::ThresholdLost { .. }
        | Event::Hearing(_)
        | Event::Erased { .. } => {}
    }
}

fn signature(recorded: &Recorded<Event>, event: &signature::Event, ops: &mut Vec<Op>) {
    use signature::Event;
    match event {
        Event::Withdrawn { assisted: Some((record, how)), .. }
        | Event::NameChanged { assisted: Some((record, how)), .. } => {
            ops.push(row(recorded, *record, how.clone().map(|_| true)));
        }
        // A signature has a row of its own among persons.
        Event::Signed(_)
        | Event::Submitted(_)
        | Event::Listed { .. }
        | Event::Confirmed { .. }
        | Event::Suspected { .. }
        | Event::SetAside { .. }
        | Event::Cleared { .. }
        | Event::Expired { .. }
        | Event::Withdrawn { assisted: None, .. }
        | Event::Superseded { .. }
        | Event::Invalidated { .. }
        | Event::Restored { .. }
        | Event::NameChanged { assisted: None, .. }
        | Event::Erased { .. } => {}
    }
}

fn comment(recorded: &Recorded<Event>, event: &comment::Event, ops: &mut Vec<Op>) {
    use comment::Event;
    match event {
        Event::Made { submission, .. } => {
            let helped = submission.facts.clone().map(|facts| facts.assisted.is_some());
            ops.push(row(recorded, submission.tags, helped));
        }
        Event::Withdrawn { assisted: Some((record, how)), .. } => {
            ops.push(row(recorded, *record, how.clone().map(|_| true)));
        }
        Event::Submitted(_)
        | Event::Confirmed { .. }
        | Event::Expired { .. }
        | Event::Posted { .. }
        | Event::Published { .. }
        | Event::Kept { .. }
        | Event::Refused { .. }
        | Event::Restored { .. }
        | Event::Reported { .. }
        | Event::Withdrawn { assisted: None, .. }
        | Event::Erased { .. } => {}
    }
}

fn row(recorded: &Recorded<Event>, under: KeyRef, helped: Opened<bool>) -> Op {
    let cells = vec![("key_ref", key(under)), ("assisted", at(recorded, helped))];
    Op::Set { table: &ASSISTED, key: vec![id(recorded.aggregate), number(recorded.position)], cells }
}

/// The position, if somebody was helped.
pub(super) fn at(recorded: &Recorded<Event>, helped: Opened<bool>) -> Cell {
    let position = number(recorded.position);
    Cell::Sealed(helped.map(|helped| if helped { position } else { Value::Null }))
}
