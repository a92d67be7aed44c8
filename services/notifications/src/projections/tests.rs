//! The folds: what stands in rows after which event, and that every query finds its rows.

use radslag_kernel::Opened;
use radslag_kernel::{Actor, AggregateId, EventId, Happens as _, Recorded};
use radslag_readmodel::{Backend, Cell, Op, Store, Value};

use super::*;
use crate::{
    delivery::{self, Move, Reason, samples as d},
    event::Event,
    letter::Class,
    wire::tests::every_event,
};

const ALL: [&Projection<Event>; 3] = [&DELIVERIES, &SUBSCRIPTIONS, &MAILINGS];

fn recorded(event: Event) -> Recorded<Event> {
    Recorded {
        position: 7,
        origin: 0,
        id: EventId::from_bytes([1; 16]),
        aggregate: AggregateId::from_bytes([2; 16]),
        item: event.item(),
        occurred_at: event.at(),
        recorded_at: event.at(),
        actor: Actor::SYSTEM,
        version: 1,
        event,
    }
}

fn folded(projection: &Projection<Event>, event: Event) -> Vec<Op> {
    let mut ops = Vec::new();
    (projection.fold)(&recorded(event), &mut ops);
    ops
}

fn cell(ops: &[Op], column: &str) -> Option<Cell> {
    ops.iter().find_map(|op| match op {
        Op::Set { cells, .. } => cells.iter().find(|(name, _)| *name == column).map(|(_, cell)| cell.clone()),
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
fn a_letter_is_due_while_it_is_planned_and_at_no_other_time() {
    let after = |event| {
        let ops = folded(&DELIVERIES, Event::Delivery(event));
        (cell(&ops, "state"), cell(&ops, "due_at"))
    };
    let row = |state: &str, due_at: Option<u64>| {
        let due_at = due_at.map_or(Value::Null, |minutes| number(d::minute(minutes).millis()));
        let sealed = |value| Some(Cell::Sealed(Opened::Known(value)));
        (sealed(Value::Text(state.into())), sealed(due_at))
    };
    assert_eq!(after(d::planned(Class::Mass)), row("planned", Some(0)));
    assert_eq!(after(d::attempting(1, 1)), row("attempting", None));
    assert_eq!(after(d::moved(1, Move::InDoubt { again_at: Some(d::minute(4)) })), row("planned", Some(4)));
    assert_eq!(after(d::moved(1, Move::InDoubt { again_at: None })), row("in-doubt", None));
    assert_eq!(after(d::moved(1, Move::Skipped { reason: Reason::Silent })), row("silent", None));
    let gone = Event::Delivery(delivery::Event::Erased { at: d::minute(1), key: d::KEY });
    assert_eq!(folded(&DELIVERIES, gone), []);
}

#[tokio::test]
async fn every_query_is_understood_and_begins_with_what_it_asks() {
    let folder = tempfile::tempdir().unwrap();
    let backend = Backend::Sqlite { dir: folder.path().to_owned() };
    for query in lists::ALL {
        let (name, sql) = (query.name(), query.sql());
        assert!(sql.starts_with("-- "), "{name}");
        let projection = ALL.into_iter().find(|projection| {
            let counts = projection.tables.iter().flat_map(|table| table.counts).map(|count| count.into);
            let tables = projection.tables.iter().map(|table| table.name);
            tables.chain(counts).any(|table| sql.contains(&format!("FROM {table}\n")))
        });
        let projection = projection.unwrap_or_else(|| panic!("{name} reads no table"));
        let store = Store::open(&backend, "malmo", "notifications", projection).await.unwrap();
        let values = (1..9).filter(|n| sql.contains(&format!("${n}"))).count();
        store.query(query, &vec![Value::Int(0); values]).await.unwrap();
    }
}
