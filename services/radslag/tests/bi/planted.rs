//! Names are planted in every sealed column of every table, and looked for in every column of every view.

use std::collections::BTreeSet;

use radslag_kernel::Opened;
use radslag_notifications::projections as letters;
use radslag_petitions::projections as petitions;
use radslag_readmodel::{Cell, Checkpoint, Column, Kind, Op, Projection, Table, Value};

use crate::database::{Database, read, shown};

/// Where what was sealed may be seen: in public alone, but for what says nothing of a person. `view.column <- table.column`.
const IN_PUBLIC: [&str; 3] = [
    "bi_answers.committee <- answer_parts.committee",
    "bi_inquiries.title <- inquiries.title",
    "bi_petitions.title <- petitions.title",
];
/// Words of programs and names of lists.
const ALWAYS: [&str; 13] = [
    "bi_letters_daily.state <- deliveries.state",
    "bi_letters_daily.state_en <- deliveries.state",
    "bi_letters_daily.state_sv <- deliveries.state",
    "bi_letters_daily.template <- deliveries.template",
    "bi_letters_daily.template_en <- deliveries.template",
    "bi_letters_daily.template_sv <- deliveries.template",
    "bi_letters_hourly.state <- deliveries.state",
    "bi_letters_hourly.state_en <- deliveries.state",
    "bi_letters_hourly.state_sv <- deliveries.state",
    "bi_letters_hourly.template <- deliveries.template",
    "bi_letters_hourly.template_en <- deliveries.template",
    "bi_letters_hourly.template_sv <- deliveries.template",
    "bi_subscribers.list <- subscriptions.list",
];

/// Rows in which every number is 1, and so all is public, and rows in which it is 0.
const PUBLIC: [i64; 2] = [1, 0];
const STATES: [&str; 4] = ["confirmed", "in_review", "assigned", "closed"];

fn value(table: &Table, column: &Column, state: usize, flag: i64) -> Value {
    let planted = || format!("PLANTED {}.{} {flag}", table.name, column.name);
    match (column.kind, column.sealed) {
        (Kind::Text, true) => Value::Text(planted()),
        (Kind::Bytes, true) => Value::Bytes(planted().into_bytes()),
        (Kind::Bytes, false) => {
            Value::Bytes(vec![u8::try_from(state).unwrap() * 2 + u8::try_from(flag).unwrap(); 16])
        }
        (Kind::Int, _) => Value::Int(flag),
        (Kind::Text, false) => Value::Text(
            match column.name {
                "state" => STATES[state],
                "answer" => "due",
                // Whatever is a date is one.
                _ => "2024-02-29",
            }
            .into(),
        ),
    }
}

fn row(table: &'static Table, state: usize, flag: i64) -> Op {
    let key = table.columns[..table.key].iter().map(|column| value(table, column, state, flag)).collect();
    let cells = table.columns[table.key..].iter().filter(|column| column.words.is_none()).map(|column| {
        let value = value(table, column, state, flag);
        (column.name, if column.sealed { Cell::Sealed(Opened::Known(value)) } else { Cell::Open(value) })
    });
    Op::Set { table, key, cells: cells.collect() }
}

async fn plant<E>(database: &Database, service: &str, projection: &Projection<E>) {
    let store = database.store(service, projection).await;
    let tables = projection.tables.iter().flat_map(|table| {
        (0..STATES.len()).flat_map(move |state| PUBLIC.map(|flag| row(table, state, flag)))
    });
    store.apply(tables.collect(), Checkpoint::default(), Checkpoint { origin: 0, next: 1 }).await.unwrap();
}

#[tokio::test]
async fn no_view_shows_what_is_of_a_person() {
    use petitions::{BULKS, COMMENTS, INQUIRIES, OBJECTIONS, PERSONS, PETITIONS, TIMERS};
    let database = Database::new();
    for projection in [&PETITIONS, &BULKS, &COMMENTS, &INQUIRIES, &OBJECTIONS, &PERSONS, &TIMERS] {
        plant(&database, "petitions", projection).await;
    }
    for projection in [&letters::DELIVERIES, &letters::SUBSCRIPTIONS, &letters::MAILINGS] {
        plant(&database, "notifications", projection).await;
    }
    let client = database.looking().await;
    let (mut found, mut hidden) = (BTreeSet::new(), BTreeSet::new());
    let mut empty = Vec::new();
    for one in shown() {
        let view = one.view.name;
        let (columns, rows) = read(&client, &format!("SELECT * FROM {view}")).await;
        if rows.is_empty() {
            empty.push(view);
        }
        for (column, cell) in rows.iter().flat_map(|row| columns.iter().zip(row)) {
            let Some(cell) = cell else { continue };
            // Bytes that were planted would be seen as their digits.
            assert!(!cell.contains("504c414e544544"), "{view}.{column} shows {cell}");
            let Some((_, planted)) = cell.split_once("PLANTED ") else { continue };
            let (source, flag) = planted.split_once(' ').unwrap();
            let place = format!("{view}.{column} <- {source}");
            if flag == "1" {
                found.insert(place)
            } else {
                hidden.insert(place)
            };
        }
    }
    let expected: BTreeSet<String> =
        IN_PUBLIC.iter().chain(&ALWAYS).map(|place| (*place).to_owned()).collect();
    assert_eq!(found, expected);
    assert_eq!(hidden, ALWAYS.iter().map(|place| (*place).to_owned()).collect());
    // Areas of one signature each are all hidden.
    assert_eq!(empty, ["bi_signatures_by_area"]);
}
