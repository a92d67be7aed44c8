//! One row a petition, from the moment it is handed in. Drafts have none: they are the citizen's own.

use radslag_kernel::{KeyRef, Opened, Recorded};
use radslag_readmodel::{
    Cell, CountBy, Op, Table, Value, Words, bytes, int as int_column, newest, sealed as sealed_column,
    text as text_column, words,
};

use super::{answers, hearings, id, int, key, papers, sealed, signatures, text};
use crate::{
    event::Event,
    petition::{
        self, Contact, Content, Fate, InitiatorTags, Submitted, Threshold,
        coinitiator::event::Event as Coinitiator,
        course::{self, Classes},
        support,
    },
};

/// Petitions. `listed`: 0 not shown in lists, 1 active, 2 inactive, 3 removed after it
/// was public.
pub static PETITIONS: Table = Table {
    name: "petitions",
    columns: &[
        bytes("petition"),
        int_column("version"),
        int_column("position"),
        // The position of its first event.
        newest("handed_in"),
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
        // Votes against; nothing where none are taken.
        int_column("against"),
        int_column("count_position"),
        int_column("answer_at"),
        int_column("debate_at"),
        int_column("answer_due_at"),
        int_column("debate_due_at"),
        text_column("decide_by"),
        // What lists are narrowed by: public names, empty before anybody said; topics stand between commas.
        text_column("area"),
        text_column("committee"),
        text_column("topics"),
        // What lists sort by: known from the first event on, so that no row is lost between two pages.
        int_column("sort_start"),
        int_column("sort_end"),
        words("title_words", &Words { of: &["title"], only: Some("listed") }),
        words("text_words", &Words { of: &["body", "background"], only: Some("listed") }),
    ],
    key: 1,
    sealed_by: Some("key_ref"),
    indexes: &[
        // What narrows a list stands in them, so that a numbered page is found without reading rows.
        &["listed", "sort_start", "petition", "policy", "state", "answer", "area", "committee", "topics"],
        &["listed", "sort_end", "petition", "policy", "state", "answer", "area", "committee", "topics"],
        &["listed", "signatures", "petition", "policy", "state", "answer", "area", "committee", "topics"],
        &["listed", "state", "sort_start", "petition", "policy", "answer", "area", "committee", "topics"],
        &["listed", "state", "sort_end", "petition", "policy", "answer", "area", "committee", "topics"],
        &["listed", "state", "signatures", "petition", "policy", "answer", "area", "committee", "topics"],
        // Those of one class, where a list is narrowed to few. The rest of it keeps the planner from walking another one.
        &["listed", "policy", "answer", "area", "committee", "topics", "state", "sort_end", "petition"],
        &["state", "submitted_at", "petition"],
        &["url_key"],
        &["answer"],
        &["decide_by"],
    ],
    counts: &[
        CountBy { into: "petition_totals", group: &["listed", "policy"], column: "state", only: None },
        CountBy {
            into: "petition_classes",
            group: &["listed", "policy", "answer", "area", "committee", "topics"],
            column: "state",
            only: None,
        },
    ],
};

/// Who started it, under a key of their own: erasing a person leaves the petition. `tags` is the petition's tag key, and
/// `mailbox` a tag under it.
pub static INITIATORS: Table = Table {
    name: "initiators",
    columns: &[
        bytes("petition"),
        int_column("key_ref"),
        sealed_column(text_column("public_name")),
        sealed_column(text_column("party")),
        int_column("tags"),
        sealed_column(bytes("mailbox")),
    ],
    key: 1,
    sealed_by: Some("key_ref"),
    indexes: &[],
    counts: &[],
};

/// When reviews began and ended. `decided`: 0 it began to wait, 1 it was decided.
pub static REVIEWS: Table = Table {
    name: "reviews",
    columns: &[bytes("petition"), int_column("position"), int_column("at"), int_column("decided")],
    key: 2,
    sealed_by: None,
    indexes: &[&["at"]],
    counts: &[],
};

/// What an event says of a review: it began (`false`) or was decided.
const fn reviewed(event: &petition::Event) -> Option<bool> {
    use petition::Event;
    match event {
        Event::InitiatorConfirmed { .. }
        | Event::Resubmitted { .. }
        | Event::Support(support::Event::Completed { .. })
        | Event::Course(course::Event::Restored { .. }) => Some(false),
        Event::Returned { .. }
        | Event::Rejected { lapsed: false, .. }
        | Event::Hidden { .. }
        | Event::Approved { .. } => Some(true),
        Event::Drafted { .. }
        | Event::Submitted(_)
        | Event::Rejected { lapsed: true, .. }
        | Event::Opened { .. }
        | Event::CountingStarted { .. }
        | Event::Closed { .. }
        | Event::Withdrawn { .. }
        | Event::Expired { .. }
        | Event::ThresholdReached { .. }
        | Event::ThresholdLost { .. }
        | Event::Answer(_)
        | Event::Hearing(_)
        | Event::Course(_)
        | Event::Support(_)
        | Event::Coinitiator(_)
        | Event::Attachment(_)
        | Event::Erased { .. } => None,
    }
}

type Cells = Vec<(&'static str, Cell)>;

/// The fold.
pub fn fold(recorded: &Recorded<Event>, ops: &mut Vec<Op>) {
    match &recorded.event {
        Event::Petition(event) => petition(recorded, event, ops),
        Event::Signature(event) => signatures::fold(recorded, event, ops),
        Event::Paper(event) => papers::fold(recorded, event, ops),
        Event::Register(_)
        | Event::Moderation(_)
        | Event::Signing(_)
        | Event::List(_)
        | Event::Bulk(_)
        | Event::Comment(_)
        | Event::Session(_)
        | Event::Inquiry(_)
        | Event::Objection(_) => {}
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
            let mut cells = initiator(submitted.keys.initiator, &submitted.contact, &submitted.tags);
            cells.push(("tags", key(submitted.keys.tags)));
            ops.push(Op::Set { table: &INITIATORS, key: key_of_row.clone(), cells });
            let mut cells = handed_in(submitted);
            cells.push(("handed_in", int(recorded.position)));
            cells
        }
        Event::Opened { initiator_counts, .. } => {
            let delta = i64::from(*initiator_counts);
            let key = key_of_row.clone();
            ops.push(Op::Add { table: &PETITIONS, key, column: "signatures", delta });
            if *initiator_counts {
                signatures::count(recorded, recorded.aggregate, 1, ops);
            }
            cells(event, recorded)
        }
        Event::Answer(answer) => {
            answers::fold(recorded, answer, ops);
            cells(event, recorded)
        }
        Event::Hearing(hearing) => {
            hearings::fold(recorded, hearing, ops);
            cells(event, recorded)
        }
        Event::Coinitiator(coinitiator) => {
            if let Coinitiator::TakenOver { key, contact, compared, .. } = &**coinitiator {
                let cells = initiator(*key, contact, compared);
                ops.push(Op::Set { table: &INITIATORS, key: key_of_row.clone(), cells });
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
        | Event::Course(_)
        | Event::Support(_)
        | Event::Attachment(_)
        | Event::ThresholdReached { .. }
        | Event::ThresholdLost { .. }
        | Event::Erased { .. } => cells(event, recorded),
    };
    if let Some(decided) = reviewed(event) {
        let cells = vec![("at", int(recorded.occurred_at.millis())), ("decided", int(u64::from(decided)))];
        let key = vec![id(recorded.aggregate), super::number(recorded.position)];
        ops.push(Op::Set { table: &REVIEWS, key, cells });
    }
    let stamped = [("version", int(recorded.version)), ("position", int(recorded.position))];
    let cells = cells.into_iter().chain(stamped).collect();
    ops.push(Op::Set { table: &PETITIONS, key: key_of_row, cells });
}

fn initiator(under: KeyRef, contact: &Opened<Contact>, tags: &Opened<InitiatorTags>) -> Cells {
    let of = |tags: InitiatorTags| tags.mailbox.map_or(Value::Null, |tag| Value::Bytes(tag.0.to_vec()));
    let party = contact.clone().map(|contact| contact.party.unwrap_or_default());
    vec![
        ("key_ref", key(under)),
        ("public_name", sealed(contact.clone().map(|contact| contact.public_name))),
        ("party", sealed(party)),
        ("mailbox", Cell::Sealed(tags.clone().map(of))),
    ]
}

fn handed_in(submitted: &Submitted) -> Cells {
    let dialogue = submitted.dialogue.map_or(Value::Null, id);
    let against = if submitted.policy.votes_against { int(0) } else { Cell::Open(Value::Null) };
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
        ("sort_start", int(submitted.at.millis())),
        ("sort_end", int(submitted.at.millis())),
        ("signatures", int(0)),
        ("against", against),
    ];
    cells.extend(classified(&Classes::default()));
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

fn classified(classes: &Classes) -> Cells {
    let topics: String = classes.topics.iter().map(|topic| format!("{topic},")).collect();
    let topics = if topics.is_empty() { topics } else { format!(",{topics}") };
    vec![("area", text(&classes.area)), ("committee", text(&classes.committee)), ("topics", text(topics))]
}

fn state(word: &str, listed: u64) -> Cells {
    vec![("state", text(word)), ("listed", int(listed))]
}

/// What an event sets in the row of a petition that is there.
fn cells(event: &petition::Event, recorded: &Recorded<Event>) -> Cells {
    use petition::Event;
    let decided = ("decided_position", int(recorded.position));
    match event {
        Event::Drafted { .. }
        | Event::Submitted(_)
        | Event::Coinitiator(_)
        | Event::Attachment(_)
        | Event::Erased { .. } => Vec::new(),
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
            ("sort_end", int(closes_at.millis())),
        ],
        Event::Opened { at, deadline, closes_at, answer_at, debate_at, url_key, .. } => vec![
            ("state", text("open")),
            ("listed", int(1)),
            ("url_key", sealed(url_key.clone())),
            ("opened_at", int(at.millis())),
            ("sort_start", int(at.millis())),
            ("deadline", text(deadline.to_string())),
            ("closes_at", int(closes_at.millis())),
            ("sort_end", int(closes_at.millis())),
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
        Event::Course(event) => course(event, recorded),
        Event::Support(event) => support(event),
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
        Event::Answer(event) => vec![("answer", text(event.stands.word()))],
        Event::Hearing(event) => vec![("hearing", text(event.stands.word()))],
    }
}

/// The same of what officials and the tenant did to its course.
fn course(event: &course::Event, recorded: &Recorded<Event>) -> Cells {
    use course::Event;
    let decided = ("decided_position", int(recorded.position));
    match event {
        Event::TakenDown { fate, was_public, .. } => {
            let cells = match fate {
                Fate::Rejected => state("rejected", 2),
                Fate::Hidden => state("hidden", 0),
                Fate::Removed => state("removed", if *was_public { 3 } else { 0 }),
            };
            [cells, vec![decided]].concat()
        }
        Event::Restored { review_by, .. } => {
            [state("in_review", 0), vec![("review_by", text(review_by.to_string()))]].concat()
        }
        Event::Reopened { .. } => state("open", 1),
        Event::Paused { .. } => state("paused", 1),
        Event::Resumed { deadline, closes_at, .. } => {
            let moved = vec![
                ("deadline", text(deadline.to_string())),
                ("closes_at", int(closes_at.millis())),
                ("sort_end", int(closes_at.millis())),
            ];
            [state("open", 1), moved].concat()
        }
        Event::Stopped { .. } => state("stopped", 0),
        Event::Redirected { .. } => state("redirected", 0),
        Event::RedirectProposed { .. } | Event::RedirectDeclined { .. } => Vec::new(),
        Event::DecisionDue { at, decide_by } => {
            let due = vec![
                ("answer", text("due")),
                ("answer_due_at", int(at.millis())),
                ("closed_at", int(at.millis())),
                ("decide_by", text(decide_by.to_string())),
            ];
            [state("closed", 2), due].concat()
        }
        Event::ElectorateFixed { answer_at, .. } => vec![("answer_at", int(*answer_at))],
        Event::Classified { classes, .. } => classified(classes),
    }
}

/// The same of its supporters: who and how many they are stands in the petition alone.
fn support(event: &support::Event) -> Cells {
    use support::Event;
    match event {
        Event::Sought { .. } | Event::Struck { back_until: Some(_), .. } => state("gathering_supporters", 0),
        Event::Completed { review_by, .. } => {
            [state("in_review", 0), vec![("review_by", text(review_by.to_string()))]].concat()
        }
        Event::Asked { .. }
        | Event::Joined { .. }
        | Event::Struck { back_until: None, .. }
        | Event::Erased { .. } => Vec::new(),
    }
}
