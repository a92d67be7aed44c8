//! One row a petition, from the moment it is handed in. Drafts have none: they are the citizen's own.

use radslag_kernel::{Opened, Recorded};
use radslag_readmodel::{
    Cell, Op, Table, Value, bytes, int as int_column, sealed as sealed_column, text as text_column,
};

use super::{id, int, key, sealed, signatures, text};
use crate::{
    event::Event,
    petition::{self, Content, Submitted, Threshold},
};

/// Petitions. `listed`: 0 not shown in lists, 1 active, 2 inactive.
pub static PETITIONS: Table = Table {
    name: "petitions",
    columns: &[
        bytes("petition"),
        int_column("version"),
        int_column("position"),
        text_column("state"),
        int_column("listed"),
        text_column("answer"),
        text_column("hearing"),
        text_column("policy"),
        int_column("policy_version"),
        text_column("register"),
        bytes("dialogue"),
        int_column("key_ref"),
        sealed_column(text_column("title")),
        sealed_column(text_column("body")),
        sealed_column(text_column("background")),
        sealed_column(text_column("url_key")),
        int_column("submitted_at"),
        text_column("review_by"),
        int_column("decided_position"),
        int_column("opens_at"),
        int_column("opened_at"),
        text_column("deadline"),
        int_column("closes_at"),
        int_column("closed_at"),
        int_column("signatures"),
        int_column("count_position"),
        int_column("answer_at"),
        int_column("debate_at"),
        int_column("answer_due_at"),
        int_column("debate_due_at"),
    ],
    key: 1,
    sealed_by: Some("key_ref"),
    indexes: &[
        &["listed", "opened_at", "petition"],
        &["listed", "closes_at", "petition"],
        &["listed", "signatures", "petition"],
        &["state", "submitted_at"],
        &["url_key"],
    ],
    counts: &[],
};

/// Who started it, under a key of their own: erasing a person leaves the petition.
pub static INITIATORS: Table = Table {
    name: "initiators",
    columns: &[bytes("petition"), int_column("key_ref"), sealed_column(text_column("public_name"))],
    key: 1,
    sealed_by: Some("key_ref"),
    indexes: &[],
    counts: &[],
};

type Cells = Vec<(&'static str, Cell)>;

/// The fold.
pub fn fold(recorded: &Recorded<Event>, ops: &mut Vec<Op>) {
    match &recorded.event {
        Event::Petition(event) => petition(recorded, event, ops),
        Event::Signature(event) => signatures::fold(recorded, event, ops),
        Event::Register(_) | Event::Comment(_) | Event::Inquiry(_) => {}
    }
}

fn petition(recorded: &Recorded<Event>, event: &petition::Event, ops: &mut Vec<Op>) {
    use petition::Event;
    let key_of_row = vec![id(recorded.aggregate)];
    let cells = match event {
        Event::Drafted { .. } => return,
        // A draft has no row, and none is made at its end.
        Event::Withdrawn { draft: Some(_), .. } | Event::Expired { draft: Some(_), .. } => return,
        Event::Submitted(submitted) => {
            let name = submitted.contact.clone().map(|contact| contact.public_name);
            let cells = vec![("key_ref", key(submitted.keys.initiator)), ("public_name", sealed(name))];
            ops.push(Op::Set { table: &INITIATORS, key: key_of_row.clone(), cells });
            handed_in(submitted)
        }
        Event::Opened { initiator_counts, .. } => {
            let delta = i64::from(*initiator_counts);
            let key = key_of_row.clone();
            ops.push(Op::Add { table: &PETITIONS, key, column: "signatures", delta });
            if *initiator_counts {
                signatures::count(recorded, 1, ops);
            }
            cells(event, recorded)
        }
        Event::InitiatorConfirmed { .. }
        | Event::Returned { .. }
        | Event::Resubmitted { .. }
        | Event::Rejected { .. }
        | Event::Hidden { .. }
        | Event::Approved { .. }
        | Event::CountingStarted { .. }
        | Event::Closed { .. }
        | Event::Withdrawn { draft: None, .. }
        | Event::Expired { draft: None, .. }
        | Event::ThresholdReached { .. }
        | Event::ThresholdLost { .. }
        | Event::Erased { .. } => cells(event, recorded),
    };
    let stamped = [("version", int(recorded.version)), ("position", int(recorded.position))];
    let cells = cells.into_iter().chain(stamped).collect();
    ops.push(Op::Set { table: &PETITIONS, key: key_of_row, cells });
}

fn handed_in(submitted: &Submitted) -> Cells {
    let dialogue = submitted.dialogue.map_or(Value::Null, id);
    let mut cells = vec![
        ("state", text("submitted")),
        ("listed", int(0)),
        ("answer", text("none")),
        ("hearing", text("none")),
        ("policy", text(&submitted.policy.id)),
        ("policy_version", int(u64::from(submitted.policy.version))),
        ("register", text(submitted.register.to_string())),
        ("dialogue", Cell::Open(dialogue)),
        ("key_ref", key(submitted.keys.document)),
        ("submitted_at", int(submitted.at.millis())),
        ("signatures", int(0)),
    ];
    cells.extend(texts(&submitted.content));
    cells
}

fn texts(content: &Opened<Content>) -> [(&'static str, Cell); 3] {
    let content = content.clone();
    [
        ("title", sealed(content.clone().map(|content| content.title))),
        ("body", sealed(content.clone().map(|content| content.body))),
        ("background", sealed(content.map(|content| content.background))),
    ]
}

/// What an event sets in the row of a petition that is there.
fn cells(event: &petition::Event, recorded: &Recorded<Event>) -> Cells {
    use petition::Event;
    let state = |word: &str, listed| vec![("state", text(word)), ("listed", int(listed))];
    let decided = ("decided_position", int(recorded.position));
    match event {
        Event::Drafted { .. } | Event::Submitted(_) | Event::Erased { .. } => Vec::new(),
        Event::InitiatorConfirmed { review_by, .. } => {
            vec![("state", text("in_review")), ("review_by", text(review_by.to_string()))]
        }
        Event::Resubmitted { review_by, content, .. } => {
            let mut cells = vec![("state", text("in_review")), ("review_by", text(review_by.to_string()))];
            cells.extend(texts(content));
            cells
        }
        Event::Returned { .. } => [state("returned", 0), vec![decided]].concat(),
        Event::Rejected { .. } => [state("rejected", 2), vec![decided]].concat(),
        Event::Hidden { .. } => [state("hidden", 0), vec![decided]].concat(),
        Event::Approved { opens_at, deadline, closes_at, url_key, .. } => vec![
            ("state", text("approved")),
            ("url_key", sealed(url_key.clone())),
            ("opens_at", int(opens_at.millis())),
            ("deadline", text(deadline.to_string())),
            ("closes_at", int(closes_at.millis())),
        ],
        Event::Opened { at, deadline, closes_at, answer_at, debate_at, url_key, .. } => vec![
            ("state", text("open")),
            ("listed", int(1)),
            ("url_key", sealed(url_key.clone())),
            ("opened_at", int(at.millis())),
            ("deadline", text(deadline.to_string())),
            ("closes_at", int(closes_at.millis())),
            ("answer_at", int(*answer_at)),
            ("debate_at", int(*debate_at)),
        ],
        Event::CountingStarted { closed_at, .. } => {
            [state("counting", 1), vec![("closed_at", int(closed_at.millis()))]].concat()
        }
        Event::Closed { closed_at, .. } => {
            [state("closed", 2), vec![("closed_at", int(closed_at.millis()))]].concat()
        }
        Event::Withdrawn { was_public, .. } => {
            let machines = vec![("answer", text("none")), ("hearing", text("none"))];
            [state("withdrawn", if *was_public { 2 } else { 0 }), machines].concat()
        }
        Event::Expired { .. } => state("expired", 0),
        Event::ThresholdReached { at, threshold: Threshold::Answer, .. } => {
            vec![("answer", text("due")), ("answer_due_at", int(at.millis()))]
        }
        Event::ThresholdReached { at, threshold: Threshold::Debate, .. } => {
            vec![("hearing", text("awaiting")), ("debate_due_at", int(at.millis()))]
        }
        Event::ThresholdLost { threshold: Threshold::Answer, .. } => {
            vec![("answer", text("none")), ("answer_due_at", Cell::Open(Value::Null))]
        }
        Event::ThresholdLost { threshold: Threshold::Debate, .. } => {
            vec![("hearing", text("none")), ("debate_due_at", Cell::Open(Value::Null))]
        }
    }
}
