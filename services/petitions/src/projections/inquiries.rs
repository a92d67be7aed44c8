//! One row an inquiry, and one for each time a politician got one: their clock.

use radslag_kernel::{Instant, Recorded};
use radslag_readmodel::{
    Cell, Op, Table, Value, bytes, int as int_column, sealed as sealed_column, text as text_column,
};

use super::{id, int, key, number, sealed, text};
use crate::{
    event::Event,
    inquiry::{self, Received},
};

type Cells = Vec<(&'static str, Cell)>;

/// Inquiries. `listed`: 1 once it is answered in public. `words` and `answer` are sealed by the document's key.
pub static INQUIRIES: Table = Table {
    name: "inquiries",
    columns: &[
        bytes("inquiry"),
        int_column("version"),
        text_column("kind"),
        text_column("state"),
        int_column("listed"),
        text_column("register"),
        int_column("received_at"),
        text_column("review_by"),
        bytes("politician"),
        text_column("due"),
        int_column("due_at"),
        int_column("answered_at"),
        int_column("key_ref"),
        sealed_column(text_column("title")),
        sealed_column(text_column("words")),
        sealed_column(text_column("answer")),
    ],
    key: 1,
    sealed_by: Some("key_ref"),
    indexes: &[
        &["kind", "listed", "answered_at", "inquiry"],
        &["state", "received_at"],
        &["politician", "state", "due_at"],
        &["politician", "listed", "answered_at", "inquiry"],
    ],
    counts: &[],
};

/// Answers in public, one row a version; the newest stands in the inquiry's row too.
pub static ANSWERS: Table = Table {
    name: "inquiry_answers",
    columns: &[
        bytes("inquiry"),
        int_column("position"),
        int_column("at"),
        int_column("key_ref"),
        sealed_column(text_column("answer")),
    ],
    key: 2,
    sealed_by: Some("key_ref"),
    indexes: &[],
    counts: &[],
};

/// Who asked, under a key of their own: erasing a person leaves the question.
pub static ASKERS: Table = Table {
    name: "askers",
    columns: &[bytes("inquiry"), int_column("key_ref"), sealed_column(text_column("public_name"))],
    key: 1,
    sealed_by: Some("key_ref"),
    indexes: &[],
    counts: &[],
};

/// The clock of a politician for one inquiry. One who gets it twice begins again. Whether it still runs, or was stopped by
/// an answer, stands in the inquiry's row: it names who has it.
pub static ASSIGNMENTS: Table = Table {
    name: "assignments",
    columns: &[
        bytes("inquiry"),
        bytes("politician"),
        int_column("assigned_at"),
        int_column("due_at"),
        int_column("key_ref"),
        sealed_column(text_column("name")),
        sealed_column(text_column("party")),
    ],
    key: 2,
    sealed_by: Some("key_ref"),
    indexes: &[&["politician", "assigned_at"]],
    counts: &[],
};

/// The fold.
pub fn fold(recorded: &Recorded<Event>, ops: &mut Vec<Op>) {
    match &recorded.event {
        Event::Inquiry(event) => inquiry(recorded, event, ops),
        Event::Petition(_)
        | Event::Signature(_)
        | Event::Paper(_)
        | Event::Session(_)
        | Event::Register(_)
        | Event::List(_)
        | Event::Bulk(_)
        | Event::Objection(_)
        | Event::Moderation(_)
        | Event::Signing(_)
        | Event::Comment(_) => {}
    }
}

fn inquiry(recorded: &Recorded<Event>, event: &inquiry::Event, ops: &mut Vec<Op>) {
    use inquiry::Event;
    let own = || vec![id(recorded.aggregate)];
    let state = |word: &str| vec![("state", text(word))];
    let mut cells = match event {
        Event::Received(received) => {
            let name = received.contact.clone().map(|contact| contact.public_name);
            let cells = vec![("key_ref", key(received.keys.asker)), ("public_name", sealed(name))];
            ops.push(Op::Set { table: &ASKERS, key: own(), cells });
            handed_in(received)
        }
        Event::Confirmed { review_by, .. } => {
            [state("in_review"), vec![("review_by", text(review_by.to_string()))]].concat()
        }
        Event::Expired { .. } => state("expired"),
        Event::Accepted { .. } => state("accepted"),
        Event::Refused { .. } => state("refused"),
        Event::Assigned { at, to, due, due_at, record, name, party, .. } => {
            let cells = vec![
                ("assigned_at", int(at.millis())),
                ("due_at", int(due_at.millis())),
                ("key_ref", key(*record)),
                ("name", sealed(name.clone())),
                ("party", sealed(party.clone())),
            ];
            let politician = Value::Bytes(to.as_bytes().to_vec());
            let key = vec![id(recorded.aggregate), politician.clone()];
            ops.push(Op::Set { table: &ASSIGNMENTS, key, cells });
            let clock = vec![
                ("politician", Cell::Open(politician)),
                ("due", text(due.to_string())),
                ("due_at", int(due_at.millis())),
            ];
            [state("assigned"), clock].concat()
        }
        Event::Answered { at, public, key: under, text: answer, .. } => {
            if *public {
                let key_of_row = vec![id(recorded.aggregate), number(recorded.position)];
                let cells = vec![
                    ("at", int(at.millis())),
                    ("key_ref", key(*under)),
                    ("answer", sealed(answer.clone())),
                ];
                ops.push(Op::Set { table: &ANSWERS, key: key_of_row, cells });
            }
            answered(*at, *public, answer.clone())
        }
        Event::Reopened { at, clock: Some(clock), .. } => {
            let cells = vec![("assigned_at", int(at.millis())), ("due_at", int(clock.due_at.millis()))];
            let key = vec![id(recorded.aggregate), Value::Bytes(clock.to.as_bytes().to_vec())];
            ops.push(Op::Set { table: &ASSIGNMENTS, key, cells });
            let due = vec![("due", text(clock.due.to_string())), ("due_at", int(clock.due_at.millis()))];
            [state("assigned"), due].concat()
        }
        Event::Reopened { clock: None, .. } => state("accepted"),
        Event::Closed { .. } => state("closed"),
        Event::Withdrawn { .. } => state("withdrawn"),
        Event::Erased { .. } => Vec::new(),
    };
    cells.push(("version", int(recorded.version)));
    ops.push(Op::Set { table: &INQUIRIES, key: own(), cells });
}

/// A private answer stands in no row.
fn answered(at: Instant, public: bool, answer: radslag_kernel::Opened<String>) -> Cells {
    let mut cells = vec![
        ("state", text("answered")),
        ("answered_at", int(at.millis())),
        ("listed", int(u64::from(public))),
    ];
    if public {
        cells.push(("answer", sealed(answer)));
    }
    cells
}

fn handed_in(received: &Received) -> Cells {
    let asked =
        |view: fn(&inquiry::Asked) -> &String| sealed(received.asked.clone().map(|it| view(&it).clone()));
    vec![
        ("kind", text(received.kind.word())),
        ("state", text("received")),
        ("listed", int(0)),
        ("register", text(received.register.to_string())),
        ("received_at", int(received.at.millis())),
        ("key_ref", key(received.keys.document)),
        ("title", asked(|asked| &asked.title)),
        ("words", asked(|asked| &asked.text)),
    ]
}
