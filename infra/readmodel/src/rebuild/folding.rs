//! Operations in log order, on their way into the order of rows. What is here fits the memory it was given.

use std::{collections::HashMap, path::PathBuf, sync::Arc};

use crate::{
    batch::{out_of_order, resolve},
    block::{self, Block, Next, Tip},
    error::Result,
    key,
    op::{Op, Value},
    rebuild::{payload, sorter::Sorter},
    record::Change,
    schema::Schema,
    varint,
};

/// A destroyed slot and the number of the operation that said so.
pub(crate) type Gone = (i64, u64);

/// Operations of a rebuild.
pub(crate) struct Folding {
    pub(crate) schema: Arc<Schema>,
    pub(crate) sorter: Sorter,
    /// By time.
    pub(crate) gones: Vec<Gone>,
    sealed: Vec<bool>,
    number: u64,
    counters: HashMap<[u8; 16], Counter>,
    pending: usize,
    /// Bytes of pieces of blocks that may wait.
    patience: usize,
}

/// An aggregate's count while it grows.
#[derive(Default)]
struct Counter {
    tip: Option<Tip>,
    /// Number of the newest block, and how many changes it has.
    newest: Option<(i64, u64)>,
    /// What of the newest block hasn't gone to the sorter.
    piece: Option<Block>,
    /// Whether that is the block's beginning.
    first: bool,
}

impl Folding {
    pub(crate) fn new(schema: Arc<Schema>, dir: PathBuf, memory: usize) -> Self {
        let sorter = Sorter::new(dir, memory - memory / 8, payload::combine);
        let sealed = schema.tables.iter().map(|shape| shape.has_seals()).collect();
        let (gones, counters) = (Vec::new(), HashMap::new());
        Self { schema, sorter, gones, sealed, number: 0, counters, pending: 0, patience: memory / 16 }
    }

    /// The next operations of the log.
    pub(crate) fn push(&mut self, ops: Vec<Op>) -> Result<()> {
        for op in ops {
            self.number += 1;
            match op {
                Op::Gone { key } => {
                    self.gones.push((key.0.cast_signed(), self.number));
                    self.sorter.shrink(size_of::<Gone>());
                }
                Op::Count { of, origin, position, recorded_at, delta } => {
                    let delta = i64::from(delta);
                    self.count(*of.as_bytes(), block::Change { origin, position, recorded_at, delta })?;
                }
                row => self.change(row)?,
            }
        }
        Ok(())
    }

    /// A record: table and key; then the number (for tables with sealed columns, whose keys go at some number).
    fn change(&mut self, op: Op) -> Result<()> {
        let (table, key, change) = resolve(&self.schema, op)?;
        let number = self.sealed[table].then_some(self.number);
        let write_payload = |to: &mut Vec<u8>| {
            number.into_iter().for_each(|number| varint::put(number, to));
            payload::put(&change, to);
        };
        self.sorter.push(
            |to| {
                to.push(table as u8);
                key::encode(&key, to);
            },
            write_payload,
        )
    }

    fn count(&mut self, of: [u8; 16], change: block::Change) -> Result<()> {
        let counter = self.counters.entry(of).or_default();
        let late = |_| out_of_order(&self.schema, change);
        let (after, next) = block::step(counter.tip, counter.newest, change).map_err(late)?;
        let mut before = counter.tip;
        if let Next::Fresh(block) = next {
            if let Some(piece) = counter.piece.take() {
                self.pending -= piece.changes.len();
                put_piece(&mut self.sorter, &self.schema, of, &piece, counter.first)?;
            }
            before = None;
            counter.newest = Some((block.number, 0));
            counter.first = true;
            counter.piece = Some(block);
        }
        let number = counter.newest.map_or(0, |(number, _)| number);
        let piece = counter.piece.get_or_insert_with(|| continued(number));
        let length = piece.changes.len();
        block::put(before, after, change.delta, &mut piece.changes);
        piece.n += 1;
        self.pending += piece.changes.len() - length;
        counter.newest = counter.newest.map(|(number, n)| (number, n + 1));
        counter.tip = Some(after);
        if self.pending > self.patience { self.flush() } else { Ok(()) }
    }

    /// Sends all pieces of blocks to the sorter.
    pub(crate) fn flush(&mut self) -> Result<()> {
        for (of, counter) in &mut self.counters {
            if let Some(piece) = counter.piece.take() {
                put_piece(&mut self.sorter, &self.schema, *of, &piece, counter.first)?;
                counter.first = false;
            }
        }
        self.pending = 0;
        Ok(())
    }
}

/// The rest of a block whose beginning has gone to the sorter.
fn continued(number: i64) -> Block {
    let changes = Vec::new();
    Block { number, origin: 0, first_position: 0, first_recorded_at: 0, count_before: 0, changes, n: 0 }
}

fn put_piece(sorter: &mut Sorter, schema: &Schema, of: [u8; 16], piece: &Block, first: bool) -> Result<()> {
    let key = [Value::Bytes(of.to_vec()), Value::Int(piece.number)];
    sorter.push(
        |to| {
            to.push(schema.count_block() as u8);
            key::encode(&key, to);
        },
        |to| payload::put_piece(piece, first, to),
    )
}

/// One more row in a table of counts.
pub(crate) fn put_tally(sorter: &mut Sorter, key: &[u8], column: usize, rows: i64) -> Result<()> {
    sorter.push(|to| to.extend_from_slice(key), |to| payload::put(&Change::Add(column, rows), to))
}
