//! Panels to test with.

use radslag_kernel::{AggregateId, Instant, ItemId, KeyRef, Opened, SubjectId};

use super::{
    draw::{self, Chosen, Made, Terms},
    event::{Answer, Wanted},
    import::{self, Columns},
    state::Recruiting,
    *,
};
use crate::{form::tests::ale, questions::Question, strata::tests::strata};

pub(crate) const KEYS: Keys = Keys { document: KeyRef(11), record: KeyRef(12), tags: KeyRef(13) };
pub(crate) const LEADER: SubjectId = SubjectId::from_bytes([71; 16]);
pub(crate) const OTHER: SubjectId = SubjectId::from_bytes([72; 16]);
pub(crate) const THIRD: SubjectId = SubjectId::from_bytes([73; 16]);
pub(crate) const REGISTER: ItemId = ItemId::from_bytes([31; 16]);
pub(crate) const DRAW: ItemId = ItemId::from_bytes([41; 16]);
const DAY_MS: u64 = 86_400_000;

/// Noon of a day of autumn 2008.
pub(crate) fn day(day: u64) -> Instant {
    Instant::from_millis(1_220_270_400_000 + day * DAY_MS)
}

pub(crate) fn by(id: SubjectId) -> By {
    By { id, ground: "planted ground".into() }
}

pub(crate) fn texts() -> Texts {
    let (name, purpose) = ("Planted panel".into(), "Planted purpose".into());
    Texts { name, purpose, promises: "Planted promise".into() }
}

pub(crate) fn planned() -> Event {
    Event::Planned { at: day(0), by: LEADER, dialogue: None, keys: KEYS, texts: texts().into() }
}

pub(crate) fn answered(question: Question) -> Event {
    let answer = Answer { text: "Planted answer".into(), undecided_by: String::new() };
    Event::Answered { at: day(1), by: LEADER, document: KEYS.document, question, answer: answer.into() }
}

pub(crate) fn all_answered() -> Vec<Event> {
    Question::ALL.iter().map(|question| answered(*question)).collect()
}

pub(crate) fn form_set() -> Event {
    Event::FormSet { at: day(1), by: LEADER, document: KEYS.document, version: 1, form: ale().into() }
}

pub(crate) fn strata_set() -> Event {
    Event::StrataSet { at: day(1), by: LEADER, document: KEYS.document, version: 1, strata: strata().into() }
}

pub(crate) const ENROLS: Recruiting = Recruiting { invites: false, enrols: true, drawn: false };
pub(crate) const INVITES: Recruiting = Recruiting { invites: true, enrols: false, drawn: false };
pub(crate) const DRAWS: Recruiting = Recruiting { invites: false, enrols: true, drawn: true };

pub(crate) fn decided(recruiting: Recruiting) -> Event {
    Event::Decided {
        at: day(2),
        by: LEADER,
        document: KEYS.document,
        record: KEYS.record,
        size: 45,
        recruiting,
        term_months: 24,
        replacement: Replacement::Automatic,
        who: Opened::Known("Planted board".into()),
        ground: Opened::Known("planted ground".into()),
    }
}

pub(crate) fn moved(on: u64, to: Phase, resumed: bool) -> Event {
    let ground = Opened::Known("planted ground".into());
    Event::Moved { at: day(on), by: LEADER, record: KEYS.record, to, resumed, ground }
}

pub(crate) fn ended(on: u64) -> Event {
    let reason = Opened::Known("Planted reason".into());
    Event::Ended { at: day(on), by: LEADER, document: KEYS.document, reason }
}

pub(crate) fn term(number: u32, on: u64) -> Event {
    Event::TermBegun {
        at: day(on),
        by: LEADER,
        record: KEYS.record,
        term: number,
        ends_at: day(on + 700),
        renew_by: (number > 1).then_some(day(on + 30)),
        ground: Opened::Known("planted ground".into()),
    }
}

pub(crate) fn of_import(on: u64, what: import::What) -> Event {
    Event::Import(import::Event { at: day(on), by: LEADER, import: REGISTER, what })
}

pub(crate) fn begun(kind: import::Kind) -> Event {
    let known = ["person_number", "name", "gender"].map(str::to_owned).into();
    let columns = Opened::Known(Columns { known, others: vec!["planted column".into()] });
    of_import(
        1,
        import::What::Begun { kind, key: KeyRef(31), record: KEYS.record, columns, deadline: day(2) },
    )
}

pub(crate) fn completed() -> Event {
    let hash = vec![7; 32];
    of_import(1, import::What::Completed { parts: 2, rows: 300, refused: 1, hash, keep_until: day(91) })
}

pub(crate) fn terms(kind: draw::Kind) -> Terms {
    Terms {
        kind,
        algorithm: "stratified/1".into(),
        input_hash: [1; 32],
        secret: Opened::Known([2; 32]),
        commitment: [3; 32],
        quotas: Opened::Known("{\"planted\":1}".into()),
        source: Opened::Known("Planted lottery of the day".into()),
        places: 20,
        reserves: 5,
        candidates: 300,
        frame: (kind == draw::Kind::Invitation).then_some(REGISTER),
        as_of: 17,
        order: Opened::Known(if kind == draw::Kind::Invitation {
            Vec::new()
        } else {
            vec![ItemId::from_bytes([51; 16]), ItemId::from_bytes([52; 16])]
        }),
        reply_days: 14,
    }
}

pub(crate) fn of_draw(on: u64, by: SubjectId, what: draw::What) -> Event {
    Event::Draw(draw::Event { at: day(on), by, draw: DRAW, what })
}

pub(crate) fn committed(kind: draw::Kind) -> Event {
    of_draw(
        5,
        LEADER,
        draw::What::Committed { document: KEYS.document, record: KEYS.record, number: 1, terms: terms(kind) },
    )
}

pub(crate) fn made(by: SubjectId) -> Made {
    let members = vec![ItemId::from_bytes([51; 16])];
    Made {
        by,
        value: Opened::Known("planted 4 8 15".into()),
        bundle_hash: [4; 32],
        chosen: 3,
        reserved: 1,
        panels: 1_000,
        lottery: 481,
        result: Opened::Known(Chosen {
            rows: vec![7, 4],
            members,
            reserves: vec![ItemId::from_bytes([52; 16])],
        }),
    }
}

pub(crate) fn drawn() -> Event {
    of_draw(
        6,
        OTHER,
        draw::What::Made { document: KEYS.document, record: KEYS.record, secret: [2; 32], made: made(OTHER) },
    )
}

/// Up to recruiting.
pub(crate) fn recruiting(how: Recruiting) -> Vec<Event> {
    let mut history = vec![planned()];
    history.extend(all_answered());
    history.extend([form_set(), decided(how), moved(3, Phase::Recruiting, false)]);
    history
}

pub(crate) fn every_event() -> Vec<Event> {
    let record = KEYS.record;
    let (document, ground) = (KEYS.document, || Opened::Known("planted ground".to_owned()));
    let dialogue = Some(AggregateId::from_bytes([9; 16]));
    let wanted = Wanted { sv: "Planted önskan".into(), en: "Planted wish".into() };
    let undecided = Answer { text: String::new(), undecided_by: "Planted board".into() };
    let question = Question::Promise;
    let told = |about| Event::Told { at: day(9), about, from: 3, upto: 19, finished: true };
    vec![
        planned(),
        Event::Planned { at: day(0), by: LEADER, dialogue, keys: KEYS, texts: texts().into() },
        Event::Changed { at: day(1), by: LEADER, document, texts: texts().into() },
        answered(Question::Finding),
        Event::Answered { at: day(1), by: LEADER, document, question, answer: undecided.into() },
        form_set(),
        strata_set(),
        decided(INVITES),
        moved(3, Phase::Recruiting, false),
        moved(4, Phase::Active, false),
        moved(5, Phase::Resting, false),
        moved(6, Phase::Active, true),
        ended(7),
        Event::WantedSet { at: day(8), by: LEADER, document, wanted: wanted.into() },
        term(1, 4),
        term(2, 700),
        Event::TermSettled { at: day(740), by: LEADER, record: KEYS.record, ground: ground() },
        told(Told::Reminder(DRAW)),
        told(Told::Meeting(AggregateId::from_bytes([61; 16]))),
        told(Told::Term),
        Event::Erased { at: day(99), by: LEADER, keys: vec![KEYS.document, KEYS.record, KEYS.tags] },
        begun(import::Kind::Register),
        begun(import::Kind::Volunteers),
        completed(),
        of_import(2, import::What::Progressed { done: 20, taken: 19 }),
        of_import(2, import::What::Cancelled { key: KeyRef(31), record, ground: ground() }),
        of_import(2, import::What::Destroyed { key: KeyRef(31), record, ground: ground() }),
        committed(draw::Kind::Invitation),
        committed(draw::Kind::Sortition),
        committed(draw::Kind::Replacement),
        drawn(),
        of_draw(6, LEADER, draw::What::Progressed { done: 2, passed: 1 }),
        of_draw(6, LEADER, draw::What::Finished { invited: 2, reserved: 1, passed: 1 }),
        of_draw(6, LEADER, draw::What::Cancelled { record, ground: ground() }),
        of_draw(7, THIRD, draw::What::Objected { record, ground: ground() }),
        of_draw(8, THIRD, draw::What::ObjectionDecided { document, upheld: true, ground: ground() }),
    ]
}
