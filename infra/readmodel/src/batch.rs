//! A live batch: what many operations make of few rows, in memory, between one load and one write.

use std::collections::{BTreeMap, HashMap};

use crate::{
    block::{self, Block, Growth},
    error::{Error, Result},
    key,
    op::{Op, Value},
    record::{self, Change, Record},
    schema::{Schema, TableId, without_nul},
};

/// A row that the batch touches.
struct Touched {
    key: Vec<Value>,
    before: Record,
    after: Record,
}

/// The touched rows of one table.
#[derive(Default)]
struct Rows {
    by_key: HashMap<Vec<u8>, usize>,
    rows: Vec<Touched>,
    /// Rows that hold, or held, a slot: looked through when its key goes.
    by_slot: HashMap<i64, Vec<usize>>,
}

enum Step {
    Row { table: TableId, row: usize, change: Change },
    Count { of: Vec<u8>, change: block::Change },
    Gone { slot: i64 },
}

/// Operations, checked, with the rows they touch. Load, `run`, load the counts, `settle`, write.
pub(crate) struct Batch<'s> {
    schema: &'s Schema,
    steps: Vec<Step>,
    tables: Vec<Rows>,
    counters: BTreeMap<Vec<u8>, Growth>,
    tallied: HashMap<(TableId, usize), i64>,
    slots: Vec<i64>,
}

/// What to write to one table.
#[derive(Debug, Default, PartialEq)]
pub(crate) struct Writes {
    /// Whole rows, in key order.
    pub(crate) upserts: Vec<Vec<Value>>,
    /// Keys, in order.
    pub(crate) deletes: Vec<Vec<Value>>,
}

impl<'s> Batch<'s> {
    /// Checks every operation before anything is read.
    pub(crate) fn new(schema: &'s Schema, ops: Vec<Op>) -> Result<Self> {
        let tables = schema.tables.iter().map(|_| Rows::default()).collect();
        let (counters, tallied) = (BTreeMap::new(), HashMap::new());
        let mut batch =
            Self { schema, steps: Vec::with_capacity(ops.len()), tables, counters, tallied, slots: vec![] };
        for op in ops {
            let step = batch.step(op)?;
            batch.steps.push(step);
        }
        batch.slots.sort_unstable();
        batch.slots.dedup();
        Ok(batch)
    }

    fn step(&mut self, op: Op) -> Result<Step> {
        Ok(match op {
            Op::Count { of, origin, position, recorded_at, delta } => {
                let of = of.as_bytes().to_vec();
                self.counters.entry(of.clone()).or_default();
                let change = block::Change { origin, position, recorded_at, delta: i64::from(delta) };
                Step::Count { of, change }
            }
            Op::Gone { key } => {
                self.slots.push(key.0.cast_signed());
                Step::Gone { slot: key.0.cast_signed() }
            }
            row => {
                let (table, key, change) = resolve(self.schema, row)?;
                let row = self.touch(table, key);
                Step::Row { table, row, change }
            }
        })
    }

    fn touch(&mut self, table: TableId, key: Vec<Value>) -> usize {
        let mut encoded = Vec::with_capacity(24);
        key::encode(&key, &mut encoded);
        let Rows { by_key, rows, .. } = &mut self.tables[table];
        *by_key.entry(encoded).or_insert_with(|| {
            rows.push(Touched { key, before: None, after: None });
            rows.len() - 1
        })
    }

    /// Whether an erasure is among the operations.
    pub(crate) fn erases(&self) -> bool {
        !self.slots.is_empty()
    }

    /// The destroyed slots whose rows must be loaded too, of every table with sealed columns.
    pub(crate) fn slots(&self) -> &[i64] {
        &self.slots
    }

    /// The keys to load from a table.
    pub(crate) fn keys(&self, table: TableId) -> Vec<&[Value]> {
        self.tables[table].rows.iter().map(|row| &row.key[..]).collect()
    }

    /// The aggregates whose newest block is to be loaded.
    pub(crate) fn aggregates(&self) -> Vec<&[u8]> {
        self.counters.keys().map(|of| &of[..]).collect()
    }

    /// A row that was asked for, or that holds a destroyed slot.
    pub(crate) fn found(&mut self, table: TableId, row: Vec<Value>) {
        let key = row[..self.schema.tables[table].key].to_vec();
        let at = self.touch(table, key);
        let touched = &mut self.tables[table].rows[at];
        touched.before = Some(row.clone());
        touched.after = Some(row);
    }

    /// The newest block of an aggregate.
    pub(crate) fn found_block(&mut self, row: &[Value]) -> Result<()> {
        let damaged = || self.schema.damaged("a count_block row");
        let Some((Value::Bytes(of), rest)) = row.split_first() else { return Err(damaged()) };
        let growth = Block::from_values(rest).and_then(Growth::from).ok_or_else(damaged)?;
        self.counters.insert(of.clone(), growth);
        Ok(())
    }

    /// Applies the operations in their order, and finds which counts they change.
    pub(crate) fn run(&mut self) -> Result<()> {
        if self.erases() {
            for table in 0..self.schema.count_block() {
                (0..self.tables[table].rows.len()).for_each(|row| self.note_slot(table, row));
            }
        }
        for step in std::mem::take(&mut self.steps) {
            match step {
                Step::Row { table, row, change } => {
                    let touched = &mut self.tables[table].rows[row];
                    record::change(&self.schema.tables[table], &touched.key, &mut touched.after, change);
                    if self.erases() {
                        self.note_slot(table, row);
                    }
                }
                Step::Count { of, change } => self.count(of, change)?,
                Step::Gone { slot } => self.blank(slot),
            }
        }
        for (rows, shape) in self.tables.iter_mut().zip(&self.schema.tables) {
            if shape.words().is_empty() {
                continue;
            }
            for row in &mut rows.rows {
                record::derive(shape, &row.before, &mut row.after);
            }
        }
        self.tally();
        Ok(())
    }

    fn note_slot(&mut self, table: TableId, row: usize) {
        let rows = &mut self.tables[table];
        if let Some(slot) = record::slot(&self.schema.tables[table], &rows.rows[row].after) {
            let holders = rows.by_slot.entry(slot).or_default();
            if holders.last() != Some(&row) {
                holders.push(row);
            }
        }
    }

    fn blank(&mut self, slot: i64) {
        for (rows, shape) in self.tables.iter_mut().zip(&self.schema.tables) {
            for row in rows.by_slot.get(&slot).into_iter().flatten() {
                let record = &mut rows.rows[*row].after;
                if record::slot(shape, record) == Some(slot) {
                    record::blank(shape, record);
                }
            }
        }
    }

    fn count(&mut self, of: Vec<u8>, change: block::Change) -> Result<()> {
        let late = |_| out_of_order(self.schema, change);
        self.counters.entry(of).or_default().push(change).map_err(late)
    }

    fn tally(&mut self) {
        let mut changes: Vec<(TableId, Vec<Value>, i64)> = Vec::new();
        for (id, rows) in self.tables.iter().enumerate() {
            for row in rows.rows.iter().filter(|row| row.before != row.after) {
                for (record, delta) in [(&row.before, -1), (&row.after, 1)] {
                    let record = record.iter();
                    record.for_each(|row| {
                        record::counted(self.schema, id, row, |into, key| changes.push((into, key, delta)));
                    });
                }
            }
        }
        for (into, key, delta) in changes {
            let row = self.touch(into, key);
            *self.tallied.entry((into, row)).or_default() += delta;
        }
    }

    /// Brings the counts to their new values, after their rows were loaded, and says what to write, per table.
    pub(crate) fn settle(mut self) -> Vec<Writes> {
        for ((table, row), delta) in std::mem::take(&mut self.tallied) {
            let (shape, touched) = (&self.schema.tables[table], &mut self.tables[table].rows[row]);
            let rows = shape.columns.len() - 1;
            record::change(shape, &touched.key, &mut touched.after, Change::Add(rows, delta));
            if touched.after.as_ref().is_some_and(|row| row[rows] == Value::Int(0)) {
                touched.after = None;
            }
        }
        let mut writes: Vec<Writes> = self.tables.into_iter().map(written).collect();
        for (of, growth) in self.counters {
            let blocks = growth.blocks.into_iter().map(|block| block.into_values(of.clone()));
            writes[self.schema.count_block()].upserts.extend(blocks);
        }
        writes
    }
}

fn written(rows: Rows) -> Writes {
    let mut writes = Writes::default();
    for Touched { key, before, after } in rows.rows {
        match (before, after) {
            (before, Some(after)) if before.as_ref() != Some(&after) => writes.upserts.push(after),
            (Some(_), None) => writes.deletes.push(key),
            _ => {}
        }
    }
    writes.upserts.sort_unstable();
    writes.deletes.sort_unstable();
    writes
}

/// Checks and resolves an operation on a row.
pub(crate) fn resolve(schema: &Schema, op: Op) -> Result<(TableId, Vec<Value>, Change)> {
    let (table, key, change) = match op {
        Op::Set { table, key, cells } => {
            let id = schema.table(table)?;
            let cells = cells.into_iter().map(|(name, cell)| schema.cell(id, name, cell));
            (id, key, Change::Set(cells.collect::<Result<_>>()?))
        }
        Op::Add { table, key, column, delta } => {
            let id = schema.table(table)?;
            (id, key, Change::Add(schema.addable(id, column)?, delta))
        }
        Op::Remove { table, key } => (schema.table(table)?, key, Change::Remove),
        Op::Count { .. } | Op::Gone { .. } => return Err(schema.damaged("an operation on no row")),
    };
    schema.check_key(table, &key)?;
    Ok((table, key.into_iter().map(without_nul).collect(), change))
}

pub(crate) fn out_of_order(schema: &Schema, change: block::Change) -> Error {
    let (projection, origin, position) = (schema.projection, change.origin, change.position);
    Error::CountOutOfOrder { projection, origin, position }
}
