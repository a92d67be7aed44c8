//! What is due when: rows come and go by events alone. A petition has at most one; a submission has one until it ends,
//! whatever came of it. The ticker sends `Act::Lapse` to the petition, `Act::Expire` to the stream of the event at
//! `position`.

use radslag_kernel::{Instant, Recorded};
use radslag_readmodel::{Op, Table, Value, bytes, int as int_column, text as text_column};

use super::{id, int, item, text};
use crate::{
    comment,
    event::Event,
    inquiry,
    petition::{self, answer, coinitiator::event::Event as Coinitiator, course, support},
    session, signature,
};

/// What is due of a naming that nobody answered: the petition's own command, as of everything of a petition.
pub const NAMING_LAPSES: &str = "naming_lapses";
/// What is due of a comment by mailbox.
pub const COMMENT_EXPIRES: &str = "comment_expires";
/// What is due of an inquiry by mailbox.
pub const INQUIRY_EXPIRES: &str = "inquiry_expires";

/// What is due while signers are told that their petition may be withdrawn.
pub const TELL_SIGNERS: &str = "tell_signers";
/// A step of it comes so long after the one before: so many mails are spread over hours.
const STEP_MS: u64 = 30_000;

/// What is due of a one-time link.
pub const SESSION_EXPIRES: &str = "session_expires";

/// Timers. `item` is empty for a petition's own, a naming's for that naming, and the number of a part in 4 bytes for that part of its answer;
/// of signers who are told it is `signers`.
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
        Event::Register(_)
        | Event::Moderation(_)
        | Event::Signing(_)
        | Event::List(_)
        | Event::Bulk(_)
        | Event::Objection(_)
        | Event::Paper(_) => {}
        Event::Comment(event) => comment(recorded, event, ops),
        Event::Inquiry(event) => inquiry(recorded, event, ops),
        Event::Session(event) => session(recorded, event, ops),
    }
}

fn session(recorded: &Recorded<Event>, event: &session::Event, ops: &mut Vec<Op>) {
    use session::Event;
    let key = vec![id(recorded.aggregate), item(event.item())];
    match event {
        Event::Requested { expires_at, .. } => set(recorded, key, SESSION_EXPIRES, *expires_at, ops),
        Event::Opened { .. } | Event::Expired { .. } => ops.push(Op::Remove { table: &TIMERS, key }),
        Event::Ended { .. } => {}
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
        Event::Course(event) => course(recorded, key, event, ops),
        Event::Support(event) => match event {
            support::Event::Sought { expires_at, .. }
            | support::Event::Struck { back_until: Some(expires_at), .. } => {
                set(recorded, key, "supporters_expire", *expires_at, ops);
            }
            support::Event::Completed { .. } => ops.push(Op::Remove { table: &TIMERS, key }),
            support::Event::Asked { .. }
            | support::Event::Joined { .. }
            | support::Event::Erased { .. }
            | support::Event::Struck { back_until: None, .. } => {}
        },
        Event::Coinitiator(event) => {
            let key = vec![id(recorded.aggregate), item(event.item())];
            match &**event {
                Coinitiator::Named { expires_at, .. } => set(recorded, key, NAMING_LAPSES, *expires_at, ops),
                Coinitiator::Accepted { .. } | Coinitiator::Ended { .. } => {
                    ops.push(Op::Remove { table: &TIMERS, key });
                }
                Coinitiator::TakenOver { .. } => {}
            }
        }
        Event::CountingStarted { until, .. } => set(recorded, key, "counted", *until, ops),
        Event::Attachment(_)
        | Event::InitiatorConfirmed { .. }
        | Event::Resubmitted { .. }
        | Event::Rejected { .. }
        | Event::Hidden { .. }
        | Event::Closed { .. }
        | Event::Withdrawn { .. }
        | Event::Expired { .. } => ops.push(Op::Remove { table: &TIMERS, key }),
        Event::Answer(event) => answer(recorded, event, ops),
        Event::Hearing(_)
        | Event::ThresholdReached { .. }
        | Event::ThresholdLost { .. }
        | Event::Erased { .. } => {}
    }
}

/// A part waits for a receipt, or for a reply.
fn answer(recorded: &Recorded<Event>, event: &answer::Event, ops: &mut Vec<Op>) {
    use answer::What;
    let key = |part: u32| vec![id(recorded.aggregate), Value::Bytes(part.to_be_bytes().to_vec())];
    let signers = || vec![id(recorded.aggregate), Value::Bytes(b"signers".to_vec())];
    match &event.what {
        What::Sent { overdue_at, .. } => set(recorded, key(event.part), "receipt_overdue", *overdue_at, ops),
        What::Asked { reply_until, .. } => set(recorded, key(event.part), "reply_missing", *reply_until, ops),
        What::Received { .. }
        | What::Refused
        | What::Overdue
        | What::Replied { .. }
        | What::ReplyMissing { .. } => {
            ops.push(Op::Remove { table: &TIMERS, key: key(event.part) });
        }
        What::WithdrawalGranted { parts } => {
            ops.extend(parts.iter().map(|part| Op::Remove { table: &TIMERS, key: key(*part) }));
            set(recorded, signers(), TELL_SIGNERS, event.at, ops);
        }
        What::WithdrawalRequested { .. } | What::WithdrawalDeclined => {
            set(recorded, signers(), TELL_SIGNERS, event.at, ops);
        }
        What::SignersTold { finished: true, .. } => {
            ops.push(Op::Remove { table: &TIMERS, key: signers() });
        }
        What::SignersTold { finished: false, .. } => {
            set(recorded, signers(), TELL_SIGNERS, event.at.plus_millis(STEP_MS), ops);
        }
        What::Referred | What::Given { .. } | What::Reopened { .. } | What::FollowedUp { .. } => {}
    }
}

fn course(recorded: &Recorded<Event>, key: Vec<Value>, event: &course::Event, ops: &mut Vec<Op>) {
    use course::Event;
    match event {
        Event::Resumed { closes_at, .. } | Event::Reopened { closes_at, .. } => {
            set(recorded, key, "closes", *closes_at, ops);
        }
        Event::TakenDown { .. }
        | Event::Restored { .. }
        | Event::Paused { .. }
        | Event::Stopped { .. }
        | Event::Redirected { .. }
        | Event::DecisionDue { .. } => ops.push(Op::Remove { table: &TIMERS, key }),
        Event::RedirectProposed { .. }
        | Event::RedirectDeclined { .. }
        | Event::ElectorateFixed { .. }
        | Event::Classified { .. } => {}
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
        | Event::Listed { .. }
        | Event::SetAside { .. }
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
        | Event::Reopened { .. }
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
