//! Bulk invalidations and what each changed in a petition, as everybody is told.

use radslag_kernel::{KeyRef, Opened, Recorded, Role};
use radslag_readmodel::{
    Op, Table, Value, bytes, int as int_column, sealed as sealed_column, text as text_column,
};

use super::{id, int, key, number, sealed, text};
use crate::{
    bulk::{self, Correction, Phase},
    event::Event,
};

/// Bulk invalidations, without their conditions.
pub static BULKS: Table = Table {
    name: "bulks",
    columns: &[
        bytes("bulk"),
        text_column("state"),
        int_column("matched"),
        int_column("struck"),
        int_column("restored"),
        int_column("skipped"),
        int_column("prepared_at"),
        int_column("started_at"),
        int_column("ended_at"),
    ],
    key: 1,
    sealed_by: None,
    indexes: &[&["state"], &["prepared_at"]],
    counts: &[],
};

/// Public notices. `kind`: `struck_out` or `restored`; `against`: 1 of votes against.
pub static CORRECTIONS: Table = Table {
    name: "corrections",
    columns: &[
        bytes("petition"),
        bytes("bulk"),
        text_column("kind"),
        int_column("against"),
        int_column("at"),
        text_column("role"),
        int_column("number"),
        int_column("before"),
        int_column("after"),
        int_column("count_position"),
        int_column("position"),
        int_column("key_ref"),
        sealed_column(text_column("notice")),
    ],
    key: 4,
    sealed_by: Some("key_ref"),
    indexes: &[&["position"]],
    counts: &[],
};

/// The fold.
pub fn fold(recorded: &Recorded<Event>, ops: &mut Vec<Op>) {
    match &recorded.event {
        Event::Bulk(event) => of(recorded, event, ops),
        Event::Petition(_)
        | Event::Signature(_)
        | Event::Paper(_)
        | Event::Session(_)
        | Event::List(_)
        | Event::Register(_)
        | Event::Moderation(_)
        | Event::Signing(_)
        | Event::Comment(_)
        | Event::Inquiry(_)
        | Event::Objection(_) => {}
    }
}

fn of(recorded: &Recorded<Event>, event: &bulk::Event, ops: &mut Vec<Op>) {
    use bulk::Event;
    let row = || vec![id(recorded.aggregate)];
    let at = |column| (column, int(event.at().millis()));
    let stands = |phase: Phase| ("state", text(phase.word()));
    let cells = match event {
        Event::Prepared(prepared) => vec![
            stands(Phase::Prepared),
            ("matched", int(prepared.matched)),
            ("struck", int(0)),
            ("restored", int(0)),
            ("skipped", int(0)),
            at("prepared_at"),
        ],
        Event::Started { matched, .. } => {
            vec![stands(Phase::Running), ("matched", int(*matched)), at("started_at")]
        }
        Event::Progressed { undoing, numbers, skipped, .. } => {
            let column = if *undoing { "restored" } else { "struck" };
            let number = numbers.iter().map(|(_, number)| *number).sum();
            ops.push(add(row(), column, number));
            ops.push(add(row(), "skipped", *skipped));
            return;
        }
        Event::Cancelled { was_running: true, .. } => vec![stands(Phase::Cancelling)],
        Event::Cancelled { was_running: false, .. } => vec![stands(Phase::Dropped), at("ended_at")],
        Event::Finished { role, key, notice, corrections, .. } => {
            let notice = Notice { kind: "struck_out", role: *role, key: *key, text: notice };
            ops.extend(corrections.iter().map(|one| told(recorded, one, &notice)));
            vec![stands(Phase::Finished), at("ended_at")]
        }
        Event::UndoStarted { .. } => vec![stands(Phase::Undoing)],
        Event::Undone { role, key, notice, corrections, .. } => {
            let notice = Notice { kind: "restored", role: *role, key: *key, text: notice };
            ops.extend(corrections.iter().map(|one| told(recorded, one, &notice)));
            vec![stands(Phase::Undone), at("ended_at")]
        }
    };
    ops.push(Op::Set { table: &BULKS, key: row(), cells });
}

fn add(key: Vec<Value>, column: &'static str, number: u64) -> Op {
    Op::Add { table: &BULKS, key, column, delta: i64::try_from(number).unwrap_or(i64::MAX) }
}

struct Notice<'a> {
    kind: &'static str,
    role: Role,
    key: KeyRef,
    text: &'a Opened<String>,
}

fn told(recorded: &Recorded<Event>, correction: &Correction, notice: &Notice<'_>) -> Op {
    let cells = vec![
        ("at", int(recorded.occurred_at.millis())),
        ("role", text(notice.role.word())),
        ("number", int(correction.number)),
        ("before", int(correction.before)),
        ("after", int(correction.after)),
        ("count_position", int(correction.position)),
        ("position", int(recorded.position)),
        ("key_ref", key(notice.key)),
        ("notice", sealed(notice.text.clone())),
    ];
    let (side, kind) = (correction.side, Value::Text(notice.kind.to_owned()));
    let row = vec![id(side.petition), id(recorded.aggregate), kind, number(u64::from(side.against))];
    Op::Set { table: &CORRECTIONS, key: row, cells }
}
