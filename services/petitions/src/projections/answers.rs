//! What committees have of a petition and what they answered; replies and requests of its initiator; what came of it.

use radslag_kernel::{KeyRef, Opened, Recorded};
use radslag_readmodel::{
    Cell, Op, Table, Value, bytes, int as int_column, sealed as sealed_column, text as text_column,
};

use super::{id, int, key, number, sealed, text};
use crate::{
    event::Event as Any,
    petition::answer::{Event, Stage, What},
};

/// A committee's part. `overdue`: 1 while no receipt came in time; `reply_missing`: 1 once a reply stayed away.
pub static PARTS: Table = Table {
    name: "answer_parts",
    columns: &[
        bytes("petition"),
        int_column("part"),
        int_column("key_ref"),
        text_column("state"),
        sealed_column(text_column("committee")),
        sealed_column(text_column("package")),
        sealed_column(text_column("case_number")),
        sealed_column(text_column("reason")),
        sealed_column(text_column("question")),
        int_column("signatures"),
        int_column("sent_at"),
        int_column("overdue_at"),
        int_column("overdue"),
        int_column("received_at"),
        text_column("answer_by"),
        text_column("reply_by"),
        int_column("reply_missing"),
        text_column("reopened"),
    ],
    key: 2,
    sealed_by: Some("key_ref"),
    indexes: &[&["state", "overdue_at"]],
    counts: &[],
};

/// An answer, each version for itself.
pub static ANSWERS: Table = Table {
    name: "answers",
    columns: &[
        bytes("petition"),
        int_column("part"),
        int_column("version"),
        int_column("key_ref"),
        text_column("outcome"),
        sealed_column(text_column("text")),
        sealed_column(text_column("link")),
        int_column("given_at"),
    ],
    key: 3,
    sealed_by: Some("key_ref"),
    indexes: &[],
    counts: &[],
};

/// What the initiator replied, under their own key.
pub static REPLIES: Table = Table {
    name: "answer_replies",
    columns: &[
        bytes("petition"),
        int_column("position"),
        int_column("key_ref"),
        int_column("part"),
        sealed_column(text_column("reply")),
        int_column("replied_at"),
    ],
    key: 2,
    sealed_by: Some("key_ref"),
    indexes: &[],
    counts: &[],
};

/// What came of it.
pub static FOLLOW_UPS: Table = Table {
    name: "follow_ups",
    columns: &[
        bytes("petition"),
        int_column("number"),
        int_column("key_ref"),
        text_column("on_date"),
        sealed_column(text_column("text")),
        int_column("told_at"),
    ],
    key: 2,
    sealed_by: Some("key_ref"),
    indexes: &[],
    counts: &[],
};

/// The initiator's last request to have it back: `requested`, `granted` or `declined`.
pub static WITHDRAWALS: Table = Table {
    name: "withdrawals",
    columns: &[
        bytes("petition"),
        int_column("key_ref"),
        text_column("state"),
        sealed_column(text_column("reason")),
        sealed_column(text_column("ground")),
        int_column("requested_at"),
        int_column("decided_at"),
    ],
    key: 1,
    sealed_by: Some("key_ref"),
    indexes: &[&["state", "requested_at"]],
    counts: &[],
};

type Cells = Vec<(&'static str, Cell)>;

/// The fold of an answer's event; the petition's own row is its word, which `petitions` sets.
pub fn fold(recorded: &Recorded<Any>, event: &Event, ops: &mut Vec<Op>) {
    let at = int(event.at.millis());
    let petition = || id(recorded.aggregate);
    let mut set = |table: &'static Table, row: Vec<Value>, under: KeyRef, cells: Cells| {
        let cells = [("key_ref", key(under))].into_iter().chain(cells).collect();
        ops.push(Op::Set { table, key: row, cells });
    };
    match &event.what {
        What::Given { version, outcome, text: answer, link } => {
            let row = vec![petition(), number(event.part.into()), number((*version).into())];
            let cells = vec![
                ("outcome", text(outcome.word())),
                ("text", sealed(answer.clone())),
                ("link", sealed(link.clone())),
                ("given_at", at),
            ];
            set(&ANSWERS, row, event.record, cells);
        }
        What::Replied { initiator, reply, .. } => {
            let row = vec![petition(), number(recorded.position)];
            let part = int(event.part.into());
            set(
                &REPLIES,
                row,
                *initiator,
                vec![("part", part), ("reply", sealed(reply.clone())), ("replied_at", at)],
            );
        }
        What::FollowedUp { number: told, on, text: came } => {
            let row = vec![petition(), number((*told).into())];
            let cells =
                vec![("on_date", text(on.to_string())), ("text", sealed(came.clone())), ("told_at", at)];
            set(&FOLLOW_UPS, row, event.record, cells);
            return;
        }
        What::WithdrawalRequested { .. } => {
            let none = Opened::Known(Value::Null);
            let cells = vec![
                ("state", text("requested")),
                ("reason", sealed(event.ground.clone())),
                ("ground", Cell::Sealed(none)),
                ("requested_at", at),
                ("decided_at", Cell::Open(Value::Null)),
            ];
            return set(&WITHDRAWALS, vec![petition()], event.record, cells);
        }
        What::WithdrawalGranted { parts } => {
            set(&WITHDRAWALS, vec![petition()], event.record, decided("granted", event));
            for part in parts {
                let row = vec![petition(), number((*part).into())];
                set(&PARTS, row, event.record, vec![("state", text("withdrawn")), ("overdue", int(0))]);
            }
            return;
        }
        What::WithdrawalDeclined => {
            return set(&WITHDRAWALS, vec![petition()], event.record, decided("declined", event));
        }
        What::SignersTold { .. } => return,
        What::Sent { .. }
        | What::Received { .. }
        | What::Refused
        | What::Overdue
        | What::Referred
        | What::Asked { .. }
        | What::ReplyMissing { .. }
        | What::Reopened { .. } => {}
    }
    set(&PARTS, vec![petition(), number(event.part.into())], event.record, part(event));
}

fn decided(state: &str, event: &Event) -> Cells {
    let at = int(event.at.millis());
    vec![("state", text(state)), ("ground", sealed(event.ground.clone())), ("decided_at", at)]
}

/// What an event sets in the row of a part.
fn part(event: &Event) -> Cells {
    let state = |word: &str| ("state", text(word));
    let date = |date: &Option<radslag_kernel::Date>| {
        ("answer_by", Cell::Open(date.map_or(Value::Null, |date| Value::Text(date.to_string()))))
    };
    let at = || int(event.at.millis());
    match &event.what {
        What::Sent { count, overdue_at, answer_by, committee, package, .. } => vec![
            state("handed_over"),
            ("committee", sealed(committee.clone())),
            ("package", sealed(package.clone())),
            ("signatures", int(*count)),
            ("sent_at", at()),
            ("overdue_at", int(overdue_at.millis())),
            ("overdue", int(0)),
            ("reply_missing", int(0)),
            date(answer_by),
        ],
        What::Received { answer_by, case } => vec![
            state(Stage::InProcess.word()),
            ("case_number", sealed(case.clone())),
            ("received_at", at()),
            ("overdue", int(0)),
            date(answer_by),
        ],
        What::Refused => {
            vec![state(Stage::Refused.word()), ("reason", sealed(event.ground.clone())), ("overdue", int(0))]
        }
        What::Overdue => vec![("overdue", int(1))],
        What::Referred => vec![state(Stage::Referred.word())],
        What::Asked { reply_by, question, .. } => vec![
            state("awaiting_initiator"),
            ("question", sealed(question.clone())),
            ("reply_by", text(reply_by.to_string())),
            ("reply_missing", int(0)),
        ],
        What::Replied { answer_by, .. } => vec![state(Stage::InProcess.word()), date(answer_by)],
        What::ReplyMissing { answer_by } => {
            vec![state(Stage::InProcess.word()), ("reply_missing", int(1)), date(answer_by)]
        }
        What::Given { .. } => vec![state(Stage::Answered.word())],
        What::Reopened { why, answer_by } => {
            vec![state(Stage::InProcess.word()), ("reopened", text(why.word())), date(answer_by)]
        }
        What::FollowedUp { .. }
        | What::WithdrawalRequested { .. }
        | What::WithdrawalGranted { .. }
        | What::SignersTold { .. }
        | What::WithdrawalDeclined => Vec::new(),
    }
}
