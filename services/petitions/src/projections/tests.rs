//! The folds: what stands in rows after which event, and what never does.

use radslag_kernel::{Opened, Recorded};
use radslag_readmodel::{Backend, Cell, Op, Projection, Query, Search, Store, Table, Value};

use super::*;
use crate::{
    event::Event,
    petition::samples as p,
    signature::{Event as Signature, Outcome, samples as s},
    wire::tests::every_event,
};

const ALL: [&Projection<Event>; 7] =
    [&PETITIONS, &TIMERS, &PERSONS, &BULKS, &COMMENTS, &INQUIRIES, &OBJECTIONS];

fn folded(projection: &Projection<Event>, event: Event) -> Vec<Op> {
    let mut ops = Vec::new();
    (projection.fold)(&p::recorded(event), &mut ops);
    ops
}

fn cell<'a>(ops: &'a [Op], table: &Table, column: &str) -> Option<&'a Cell> {
    ops.iter().find_map(|op| match op {
        Op::Set { table: in_table, cells, .. } if in_table.name == table.name => {
            cells.iter().find(|(name, _)| *name == column).map(|(_, cell)| cell)
        }
        _ => None,
    })
}

#[test]
fn every_cell_fits_its_column_and_sealed_values_stand_in_sealed_ones() {
    for projection in ALL {
        for event in every_event() {
            for op in folded(projection, event) {
                let Op::Set { table, key, cells } = op else { continue };
                assert_eq!(key.len(), table.key, "{}", table.name);
                for (name, cell) in cells {
                    let column = table.columns.iter().find(|column| column.name == name);
                    let column = column.unwrap_or_else(|| panic!("{}.{name}", table.name));
                    assert_eq!(column.sealed, matches!(cell, Cell::Sealed(_)), "{}.{name}", table.name);
                }
            }
        }
    }
}

#[test]
fn described_indexes_and_keys_name_columns() {
    for table in ALL.iter().flat_map(|projection| projection.tables) {
        let has = |name: &str| table.columns.iter().any(|column| column.name == name);
        assert!(table.indexes.iter().flat_map(|index| index.iter()).all(|name| has(name)), "{}", table.name);
        assert_eq!(
            table.sealed_by.is_some(),
            table.columns.iter().any(|column| column.sealed),
            "{}",
            table.name
        );
        assert!(table.sealed_by.is_none_or(has), "{}", table.name);
    }
}

#[test]
fn a_draft_has_no_row() {
    for event in every_event() {
        let draft = matches!(
            &event,
            Event::Petition(
                crate::petition::Event::Drafted { .. }
                    | crate::petition::Event::Expired { draft: Some(_), .. }
            )
        );
        if draft {
            assert_eq!(folded(&PETITIONS, event), []);
        }
    }
}

#[test]
fn the_count_follows_what_is_counted() {
    for event in every_event() {
        let Event::Signature(signature) = &event else { continue };
        let delta = signature.delta() + signature.delta_against();
        let counted: Vec<_> = folded(&PETITIONS, event)
            .into_iter()
            .filter_map(|op| if let Op::Count { delta, .. } = op { Some(delta) } else { None })
            .collect();
        assert_eq!(counted, if delta == 0 { vec![] } else { vec![delta] });
    }
}

#[test]
fn rows_do_not_depend_on_the_outcome_of_a_submission() {
    for outcome in Outcome::ALL {
        for projection in ALL {
            let first = folded(projection, Event::Signature(s::submitted(Outcome::New, true)));
            assert_eq!(folded(projection, Event::Signature(s::submitted(outcome, false))), first);
        }
    }
}

#[test]
fn an_initiator_who_counts_is_counted_from_the_opening() {
    let mut event = p::opened(p::noon("2008-10-16"));
    if let crate::petition::Event::Opened { initiator_counts, .. } = &mut event {
        *initiator_counts = true;
    }
    let ops = folded(&PETITIONS, Event::Petition(event));
    assert!(ops.iter().any(|op| matches!(op, Op::Count { delta: 1, .. })));
    assert_eq!(cell(&ops, &petitions::PETITIONS, "state"), Some(&text("open")));
}

#[test]
fn a_confirmed_request_removes_its_timer() {
    let timers = |event| folded(&TIMERS, Event::Signature(event));
    let set = timers(s::submitted(Outcome::New, true));
    assert_eq!(cell(&set, &timers::TIMERS, "due_at"), Some(&int(s::hour(25).millis())));
    let gone = timers(Signature::Expired { at: s::hour(25), item: s::item(1) });
    assert!(matches!(gone.as_slice(), [Op::Remove { .. }]));
}

#[test]
fn a_part_has_a_timer_while_it_waits_for_a_receipt_or_a_reply() {
    use crate::petition::{
        Answer,
        answer::{Told, What, samples as a},
    };
    let timers = |event| folded(&TIMERS, Event::Petition(event));
    let row = |part: u32| {
        vec![
            id(p::recorded(Event::Petition(p::confirmed())).aggregate),
            Value::Bytes(part.to_be_bytes().to_vec()),
        ]
    };
    let on = "2008-11-20";
    for waits in [a::sent(on, 2, "Board", "2008-11-27"), a::asked()] {
        assert!(matches!(timers(waits).as_slice(), [Op::Set { .. }]));
    }
    let gone = |parts: &[u32]| {
        parts.iter().map(|part| Op::Remove { table: &timers::TIMERS, key: row(*part) }).collect::<Vec<_>>()
    };
    for over in [
        What::Refused,
        What::Overdue,
        What::Received { answer_by: None, case: a::known("x") },
        What::ReplyMissing { answer_by: None },
    ] {
        assert_eq!(timers(a::event(on, 2, Answer::InProcess, over)), gone(&[2]));
    }
    let granted = What::WithdrawalGranted { parts: vec![1, 2] };
    let ops = timers(a::event(on, 0, Answer::None, granted));
    assert_eq!(ops[..2], gone(&[1, 2]));
    assert!(matches!(ops[2..], [Op::Set { .. }]), "signers are told");
    let told = |finished| What::SignersTold { about: Told::Granted, from: 0, upto: 9, finished };
    assert!(matches!(timers(a::event(on, 0, Answer::None, told(false)))[..], [Op::Set { .. }]));
    assert!(matches!(timers(a::event(on, 0, Answer::None, told(true)))[..], [Op::Remove { .. }]));
    let part = radslag_kernel::ItemId::from_slice(&2_u32.to_be_bytes());
    assert_eq!(part, None, "the ticker takes it for a timer of the petition");
}

#[test]
fn an_old_version_of_an_answer_keeps_its_row() {
    use crate::petition::answer::{Outcome, samples as a};
    let rows = |version| {
        folded(&PETITIONS, Event::Petition(a::given("2008-12-01", version, Outcome::Noted)))
            .into_iter()
            .find_map(|op| match op {
                Op::Set { table, key, .. } if table.name == "answers" => Some(key),
                _ => None,
            })
            .unwrap()
    };
    assert_ne!(rows(1), rows(2));
}

#[test]
fn the_initiators_reply_is_erased_with_the_initiator() {
    use crate::petition::{
        Answer,
        answer::{What, samples as a},
    };
    let replied = What::Replied { answer_by: None, initiator: p::KEYS.initiator, reply: a::known("Planted") };
    let ops = folded(&PETITIONS, Event::Petition(a::event("2008-11-20", 1, Answer::InProcess, replied)));
    assert_eq!(cell(&ops, &answers::REPLIES, "key_ref"), Some(&key(p::KEYS.initiator)));
    assert_eq!(cell(&ops, &answers::REPLIES, "reply"), Some(&sealed(Opened::Known("Planted".into()))));
}

#[test]
fn an_unknown_area_is_unknown_and_a_known_one_is_sealed() {
    let recorded = |event: Event| -> Recorded<Event> { p::recorded(event) };
    let mut submission = s::submission(1, Outcome::New, false);
    let area = |submission: &crate::signature::Submission| {
        let mut ops = Vec::new();
        petitions::fold(
            &recorded(Event::Signature(Signature::Signed(Box::new(submission.clone())))),
            &mut ops,
        );
        cell(&ops, &signatures::SIGNATURES, "area").cloned()
    };
    assert_eq!(area(&submission), Some(sealed(Opened::Known("Möllevången".into()))));
    submission.public.area = Opened::Known(String::new());
    assert_eq!(area(&submission), Some(Cell::Sealed(Opened::Known(Value::Null))));
}

#[test]
fn queries_keep_to_what_both_databases_know() {
    for query in lists::ALL {
        let (name, sql) = (query.name(), query.sql());
        assert!(sql.starts_with("-- ") && sql.trim_end().ends_with(';'), "{name}");
        for word in ["ILIKE", "ifnull", "strftime", "::", "NULLS", "?"] {
            assert!(!sql.contains(word), "{name} has {word}");
        }
    }
}

/// Tables of a handful of rows, which may be read as a whole: kept counts of states, policies and classes, bulk runs.
const SMALL: &[&str] = &["petition_totals", "petition_classes", "bulks", "corrections"];
/// Queries that may walk a petition's signatures: only a policy with a window asks, whose dates no other table keeps.
const WALKS: &[&str] = &["count_since"];

/// What SQLite does for a query, a line a step.
async fn plan(store: &Store, sql: &str) -> Vec<String> {
    let explain: &'static str = format!("EXPLAIN QUERY PLAN {sql}").leak();
    let query = Query::new("plan", explain);
    let values: Vec<Value> =
        (1..13).take_while(|n| sql.contains(&format!("${n}"))).map(|_| Value::Int(1)).collect();
    let rows = if sql.contains("words_petitions") {
        store.search(&query, &Search::all("bench"), &values[1..]).await
    } else {
        store.query(&query, &values).await
    };
    rows.unwrap().iter().map(|row| row.text("detail").unwrap().to_owned()).collect()
}

/// The steps that read every row of a table, or every signature of a petition. What a search or a page found is no table;
/// a walk along an index in the order that is asked for stops at the limit.
fn slow<'a>(sql: &str, steps: &'a [String]) -> Vec<&'a String> {
    let stops = sql.contains("LIMIT") && !steps.iter().any(|step| step == "USE TEMP B-TREE FOR ORDER BY");
    let is_slow = |step: &&String| {
        let scans = step.strip_prefix("SCAN ").is_some_and(|rest| {
            let table = rest.split(' ').next().unwrap_or_default();
            let inner = table.starts_with("(subquery") || ["x", "s", "m", "ranked"].contains(&table);
            !SMALL.contains(&table) && !inner && !rest.contains("VIRTUAL TABLE INDEX")
        });
        let of_petition = step.contains("signatures USING PRIMARY KEY (petition=?)")
            || step.ends_with("(petition=? AND counted=?)");
        scans || (of_petition && !stops)
    };
    steps.iter().filter(is_slow).collect()
}

#[tokio::test]
async fn every_query_finds_its_rows_by_an_index() {
    let dir = tempfile::tempdir().unwrap();
    let backend = Backend::Sqlite { dir: dir.path().to_owned() };
    let mut stores = Vec::new();
    for projection in ALL {
        stores.push(Store::open(&backend, "malmo", "petitions", projection).await.unwrap());
    }
    let mut plans = String::new();
    for query in lists::ALL {
        let (name, sql) = (query.name(), query.sql());
        let store = &stores[store_of(name)];
        let steps = plan(store, sql).await;
        assert!(WALKS.contains(&name) || slow(sql, &steps).is_empty(), "{name}: {steps:#?}");
        plans.push_str(&format!("{name}\n  {}\n", steps.join("\n  ")));
    }
    expect_test::expect_file!["../../fixtures/plans.txt"].assert_eq(&plans);
}

fn store_of(name: &str) -> usize {
    match name {
        "timers_due" => 1,
        "same_person" | "beaten_on_paper" | "paper_by_eid" | "top_networks" | "top_domains" | "of_domain" => {
            2
        }
        name if name.starts_with("assisted") => 2,
        "bulks" | "bulks_at_work" | "corrections" | "corrections_of" => 3,
        "objections" => 6,
        name if name.starts_with("comment") => 4,
        name if name.starts_with("inquir") || name == "politicians_clocks" => 5,
        _ => 0,
    }
}

/// A value of each parameter's type, as PostgreSQL infers it.
fn values_of(server: &radslag_kit::Postgres, schema: &str, sql: &str) -> Vec<Value> {
    let prepare = format!(
        "SET search_path = {schema}; PREPARE q AS {sql} \
         SELECT unnest(parameter_types)::text FROM pg_prepared_statements WHERE name = 'q';"
    );
    let told = server.sql(&prepare).unwrap();
    let types = told.lines().filter(|line| !["SET", "PREPARE"].contains(line));
    types
        .map(|kind| match kind {
            "bigint" | "integer" => Value::Int(1),
            "text" => Value::Text("x".into()),
            "bytea" => Value::Bytes(vec![0; 16]),
            other => panic!("a parameter is of {other}: {sql}"),
        })
        .collect()
}

#[tokio::test]
async fn every_query_runs_on_postgres() {
    let server = radslag_kit::Postgres::shared().unwrap();
    let backend = Backend::postgres(&server.connection(), 4).unwrap();
    let mut stores = Vec::new();
    for projection in ALL {
        let store = Store::open(&backend, "malmo", "petitions", projection).await.unwrap();
        stores.push((store, format!("malmo_petitions_{}", projection.name)));
    }
    for query in lists::ALL {
        let (name, sql) = (query.name(), query.sql());
        let (store, schema) = &stores[store_of(name)];
        let rows = if sql.contains("words_petitions") {
            let text = || Value::Text(String::new());
            let int = || Value::Int(1);
            let classes = vec![text(), text(), text(), text()];
            let listed = vec![int(), text(), text(), int(), int()];
            let values = match name {
                "search" => [listed, vec![int()], classes].concat(),
                "search_after" => [listed, vec![int(), Value::Bytes(vec![0; 16])], classes].concat(),
                _ => vec![int(), Value::Bytes(vec![0; 16]), int()],
            };
            store.search(query, &Search::all("bench"), &values).await
        } else {
            store.query(query, &values_of(server, schema, sql)).await
        };
        assert!(rows.is_ok(), "{name}: {rows:?}");
    }
}

#[tokio::test]
async fn a_walk_over_all_rows_is_seen() {
    let dir = tempfile::tempdir().unwrap();
    let backend = Backend::Sqlite { dir: dir.path().to_owned() };
    let store = Store::open(&backend, "malmo", "petitions", &PETITIONS).await.unwrap();
    for sql in [
        "SELECT COUNT(*) AS total FROM signatures WHERE petition = $1 AND counted = 1",
        "SELECT item FROM signatures WHERE petition = $1 AND method = 'eid'",
        "SELECT petition FROM petitions WHERE hearing = 'held'",
        "SELECT COUNT(*) AS total FROM petitions",
    ] {
        let steps = plan(&store, sql).await;
        assert_ne!(slow(sql, &steps), Vec::<&String>::new(), "{sql}: {steps:?}");
    }
}

#[test]
fn a_comments_row_does_not_depend_on_the_outcome_of_its_submission() {
    use crate::comment::{Outcome, samples};
    let submitted = |outcome, mail| {
        let submission = samples::submission(1, outcome, mail);
        Event::Comment(crate::comment::Event::Submitted(Box::new(submission)))
    };
    for projection in ALL {
        let first = folded(projection, submitted(Outcome::New, true));
        for outcome in Outcome::ALL {
            assert_eq!(folded(projection, submitted(outcome, false)), first);
        }
    }
}

#[test]
fn the_number_of_shown_comments_follows_what_is_counted() {
    for event in every_event() {
        let Event::Comment(comment) = &event else { continue };
        let delta = comment.delta();
        let ops = folded(&COMMENTS, event);
        let shown = cell(&ops, &comments::COMMENTS, "shown").cloned();
        match delta {
            1 => assert_eq!(shown, Some(int(1))),
            -1 => assert_eq!(shown, Some(int(0))),
            _ => {}
        }
    }
}

#[test]
fn a_private_answer_stands_in_no_row() {
    for event in crate::inquiry::samples::every_event() {
        let crate::inquiry::Event::Answered { .. } = &event else { continue };
        let mut private = event.clone();
        if let crate::inquiry::Event::Answered { public, .. } = &mut private {
            *public = false;
        }
        let answer = |event| {
            let ops = folded(&INQUIRIES, Event::Inquiry(event));
            let listed = cell(&ops, &inquiries::INQUIRIES, "listed").cloned();
            (listed, cell(&ops, &inquiries::INQUIRIES, "answer").is_some())
        };
        assert_eq!(answer(event), (Some(int(1)), true));
        assert_eq!(answer(private), (Some(int(0)), false));
    }
}

#[test]
fn every_word_in_the_tables_that_views_show_is_called_something_in_both_languages() {
    let words = crate::catalogue::Catalogue::shipped();
    let shown = [
        ("petitions", "state", &words.state),
        ("petitions", "answer", &words.answer),
        ("petitions", "hearing", &words.hearing),
        ("signatures", "state", &words.signature),
        ("signatures", "method", &words.method),
        ("answer_parts", "state", &words.part),
        ("answers", "outcome", &words.outcome),
        ("papers", "state", &words.paper),
        ("bulks", "state", &words.bulk),
        ("corrections", "kind", &words.correction),
        ("comments", "state", &words.comment),
        ("inquiries", "state", &words.inquiry),
        ("inquiries", "kind", &words.kind),
        ("objections", "about", &words.objection),
        ("objections", "outcome", &words.verdict),
    ];
    let mut seen = std::collections::BTreeSet::new();
    for op in ALL
        .iter()
        .flat_map(|projection| every_event().into_iter().flat_map(|event| folded(projection, event)))
    {
        let Op::Set { table, key, cells } = op else { continue };
        let keys = table.columns.iter().zip(key).map(|(column, value)| (column.name, value));
        let open = cells.into_iter().filter_map(|(name, cell)| match cell {
            Cell::Open(value) => Some((name, value)),
            Cell::Sealed(_) => None,
        });
        for (column, value) in keys.chain(open) {
            let Some((.., labels)) = shown.iter().find(|(of, name, _)| (*of, *name) == (table.name, column))
            else {
                continue;
            };
            let Value::Text(word) = value else { panic!("{}.{column}", table.name) };
            let label = labels.get(&word).unwrap_or_else(|| panic!("{}.{column}: {word}", table.name));
            assert!(!label.sv.is_empty() && !label.en.is_empty());
            seen.insert((table.name, column));
        }
    }
    assert_eq!(seen.len(), shown.len(), "{seen:?}");
}
