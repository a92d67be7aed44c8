//! Random histories: a plain model, SQLite, Postgres, and rebuilds of both agree on every row of every table.

use std::collections::BTreeMap;

use proptest::prelude::*;
use radslag_kernel::{KeyRef, Opened};
use radslag_readmodel::{Cell, Op, Search, Store, Value, words::index};

use crate::kit::{
    Both, PETITIONS, SIGNATURES, at, count, dump, found_petitions, found_signatures, gone, known, open,
    options, set, signature, words,
};

fn key() -> impl Strategy<Value = Vec<Value>> {
    (0u8..3, -2i64..3).prop_map(|(petition, number)| signature(petition, number))
}

fn cell() -> impl Strategy<Value = (&'static str, Cell)> {
    prop_oneof![
        (1i64..5).prop_map(|slot| ("slot", open(slot))),
        Just(("slot", Cell::Open(Value::Null))),
        (0i64..3).prop_map(|state| ("state", open(state))),
        (0i64..3).prop_map(|counts| ("counts", open(counts))),
        prop_oneof!["[ab]", "", "å\0"].prop_map(|area| ("area", known(words(&area)))),
        Just(("area", Cell::Sealed(Opened::Gone))),
        any::<[u8; 2]>().prop_map(|name| ("name", known(Value::Bytes(name.to_vec())))),
    ]
}

fn op() -> impl Strategy<Value = Op> {
    prop_oneof![
        6 => (key(), proptest::collection::vec(cell(), 0..4)).prop_map(|(key, cells)| set(key, cells)),
        2 => (key(), -3i64..4).prop_map(|(key, delta)| Op::Add { table: &SIGNATURES, key, column: "visits", delta }),
        1 => key().prop_map(|key| Op::Remove { table: &SIGNATURES, key }),
        2 => (1u64..5).prop_map(gone),
        1 => ("[a\0-]{0,2}", -2i64..3).prop_map(|(key, delta)| {
            Op::Add { table: &PETITIONS, key: vec![words(&key)], column: "signatures", delta }
        }),
        1 => ("[a\0-]{0,2}", prop_oneof![".{0,3}", "[bå]( [bå]){0,2}"]).prop_map(|(key, title)| {
            Op::Set { table: &PETITIONS, key: vec![words(&key)], cells: vec![("title", Cell::Open(words(&title)))] }
        }),
        3 => (0u8..2, -2i32..3).prop_map(|(of, delta)| count(of, 0, 0, delta)),
    ]
}

/// Batches; counts are given positions and instants that rise.
fn history() -> impl Strategy<Value = Vec<Vec<Op>>> {
    proptest::collection::vec(proptest::collection::vec(op(), 0..40), 1..8).prop_map(|mut batches| {
        let mut now = 0;
        for op in batches.iter_mut().flatten() {
            if let Op::Count { origin, position, recorded_at, .. } = op {
                now += 1;
                (*origin, *position, *recorded_at) = (now / 40, u64::from(now) / 2, u64::from(now) * 100);
            }
        }
        batches
    })
}

/// The rows of both tables, said in the plainest way.
#[derive(Default)]
struct Model {
    tables: [BTreeMap<Vec<Value>, Vec<Value>>; 2],
}

impl Model {
    fn row(&mut self, table: usize, key: Vec<Value>, nulls: usize) -> &mut Vec<Value> {
        let clean = |value| {
            if let Value::Text(text) = value { words(&text.replace('\0', "\u{fffd}")) } else { value }
        };
        let key: Vec<Value> = key.into_iter().map(clean).collect();
        self.tables[table].entry(key.clone()).or_insert_with(|| [key, vec![Value::Null; nulls]].concat())
    }

    fn apply(&mut self, op: &Op) {
        match op.clone() {
            Op::Set { table, key, cells } => {
                let nulls = table.columns.len() - table.key;
                let row = self.row(usize::from(table.name == "petitions"), key, nulls);
                for (name, cell) in cells {
                    let at = table.columns.iter().position(|column| column.name == name).unwrap();
                    row[at] = match cell {
                        Cell::Open(value) | Cell::Sealed(Opened::Known(value)) => match value {
                            Value::Text(text) => words(&text.replace('\0', "\u{fffd}")),
                            other => other,
                        },
                        Cell::Sealed(Opened::Gone) => Value::Null,
                    };
                }
            }
            Op::Add { table, key, column, delta } => {
                let nulls = table.columns.len() - table.key;
                let row = self.row(usize::from(table.name == "petitions"), key, nulls);
                let at = table.columns.iter().position(|c| c.name == column).unwrap();
                let before = if let Value::Int(int) = row[at] { int } else { 0 };
                row[at] = Value::Int(before + delta);
            }
            Op::Remove { key, .. } => drop(self.tables[0].remove(&key)),
            Op::Gone { key: KeyRef(slot) } => {
                for row in self.tables[0].values_mut().filter(|row| row[2] == Value::Int(slot as i64)) {
                    row[6] = Value::Null;
                    row[7] = Value::Null;
                }
            }
            Op::Count { .. } => {}
        }
    }

    /// The rows, and their words: of signatures the area's, of petitions the title's while there are signatures.
    fn rows(&self, table: usize) -> Vec<Vec<Value>> {
        let mut rows: Vec<Vec<Value>> = self.tables[table].values().cloned().collect();
        for row in &mut rows {
            let counts = !matches!(row[1], Value::Null | Value::Int(0));
            let (source, shown) = if table == 0 { (6, true) } else { (2, counts) };
            let made = match &row[source] {
                Value::Text(text) if shown => index([text.as_str()]),
                _ => None,
            };
            *row.last_mut().unwrap() = made.map_or(Value::Null, Value::Text);
        }
        rows
    }

    /// Keys of the rows with a word that begins so.
    fn found(&self, table: usize, begun: &str, key: usize) -> Vec<Vec<Value>> {
        let holds = |row: &Vec<Value>| matches!(row.last(), Some(Value::Text(words)) if words.split(' ').any(|word| word.starts_with(begun)));
        self.rows(table).into_iter().filter(holds).map(|row| row[..key].to_vec()).collect()
    }

    /// `areas`: where `counts` is 1, by petition and area.
    fn areas(&self) -> Vec<Vec<Value>> {
        let mut areas: BTreeMap<Vec<Value>, i64> = BTreeMap::new();
        for row in self.tables[0].values().filter(|row| row[4] == Value::Int(1)) {
            let area = if row[6] == Value::Null { words("") } else { row[6].clone() };
            *areas.entry(vec![row[0].clone(), area]).or_default() += 1;
        }
        areas.into_iter().map(|(key, rows)| [key, vec![Value::Int(rows)]].concat()).collect()
    }
}

/// Both databases find what the model finds.
async fn found(store: &Store, model: &Model) {
    for word in ["b", "å", "q"] {
        assert_eq!(found_signatures(store, &Search::all(word)).await, model.found(0, word, 2), "{word}");
        let petitions = found_petitions(store, &Search::all(word), i64::MIN).await;
        let keys: Vec<_> = petitions.into_iter().map(|row| row[..1].to_vec()).collect();
        assert_eq!(keys, model.found(1, word, 1), "{word}");
    }
}

async fn agree(history: Vec<Vec<Op>>, memory: usize) {
    let both = Both::new();
    let mut model = Model::default();
    history.iter().flatten().for_each(|op| model.apply(op));
    let mut dumps = Vec::new();
    for store in both.stores().await {
        for (number, batch) in history.iter().enumerate() {
            store.apply(batch.clone(), at(number as u64), at(number as u64 + 1)).await.unwrap();
        }
        let end = at(history.len() as u64);
        let mut rebuild = store.rebuild(options(memory)).unwrap();
        history.iter().for_each(|batch| rebuild.push(batch.clone()).unwrap());
        let rebuilt = rebuild.finish(end, &|_| {}).await.unwrap();
        assert_eq!(rebuilt.compare(&store).await.unwrap().differences, []);
        dumps.push(dump(&store).await);
        found(&store, &model).await;
        rebuilt.promote(&store).await.unwrap();
        dumps.push(dump(&store).await);
        found(&store, &model).await;
        // The same in one batch.
        let whole = store.rebuild(options(1 << 20)).unwrap().finish(at(0), &|_| {}).await.unwrap();
        whole.apply(history.concat(), at(0), end).await.unwrap();
        assert_eq!(whole.compare(&store).await.unwrap().differences, []);
        whole.discard().await.unwrap();
    }
    assert_eq!(dumps[0][0].1, model.rows(0));
    assert_eq!(dumps[0][1].1, model.rows(1));
    assert_eq!(dumps[0][2].1, model.areas());
    for other in &dumps[1..] {
        assert_eq!(&dumps[0], other);
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 32, max_shrink_iters: 200, failure_persistence: None, ..ProptestConfig::default() })]
    #[test]
    fn live_is_rebuilt_is_the_model_on_both(history in history(), memory in prop_oneof![Just(256usize), Just(4096), Just(1 << 20)]) {
        let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().worker_threads(2).build().unwrap();
        runtime.block_on(agree(history, memory));
    }
}
