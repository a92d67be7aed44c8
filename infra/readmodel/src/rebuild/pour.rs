//! From sorted operations to final rows, in key order, table by table; the counts of those rows after them.

use std::{collections::HashMap, sync::Arc};

use crate::{
    block::Block,
    error::Result,
    key,
    op::Value,
    rebuild::{
        folding::{Folding, Gone, put_tally},
        merge::Merge,
        payload,
        sorter::Sorter,
    },
    record::{self, Record},
    schema::{Schema, TableId},
    varint,
};

/// What takes the rows.
pub(crate) trait Sink {
    /// The next row; tables and keys only rise.
    fn row(&mut self, table: TableId, row: &[Value]) -> Result<()>;
}

/// How many records are told of at once.
const STRIDE: u64 = 1 << 16;
/// What an entry of a hash map costs beside its key, about.
const ENTRY: usize = 64;

/// Counts of final rows, by table and key.
struct Tallies {
    sorter: Sorter,
    waiting: HashMap<Vec<u8>, i64>,
    bytes: usize,
    patience: usize,
}

/// The row that is being put together.
#[derive(Default)]
struct Making {
    /// Table and key, as they are sorted; empty before the first.
    sorted: Vec<u8>,
    key: Vec<Value>,
    record: Record,
    block: Option<Block>,
    /// Up to which operation the row knows of destroyed keys.
    settled: u64,
}

/// Pours everything into `sink`; `report` hears how many records are done.
pub(crate) fn pour(
    mut folding: Folding,
    dir: std::path::PathBuf,
    memory: usize,
    sink: &mut dyn Sink,
    report: &mut dyn FnMut(u64),
) -> Result<()> {
    folding.flush()?;
    let Folding { schema, sorter, mut gones, .. } = folding;
    gones.sort_unstable();
    let patience = memory / 16;
    let mut tallies = Tallies {
        sorter: Sorter::new(dir, patience, payload::combine),
        waiting: HashMap::new(),
        bytes: 0,
        patience,
    };
    run(&schema, sorter.finish()?, &gones, sink, Some(&mut tallies), report)?;
    tallies.flush(&schema)?;
    run(&schema, tallies.sorter.finish()?, &[], sink, None, &mut |_| {})
}

fn run(
    schema: &Arc<Schema>,
    mut merge: Merge,
    gones: &[Gone],
    sink: &mut dyn Sink,
    mut tallies: Option<&mut Tallies>,
    report: &mut dyn FnMut(u64),
) -> Result<()> {
    let mut making = Making::default();
    let mut done = 0;
    while merge.advance()? {
        if making.sorted != merge.key() {
            making.finish(schema, gones, sink, tallies.as_deref_mut())?;
            making.begin(schema, merge.key())?;
        }
        making.take(schema, gones, merge.payload())?;
        done += 1;
        if done % STRIDE == 0 {
            report(done);
        }
    }
    making.finish(schema, gones, sink, tallies)
}

impl Making {
    fn table(&self) -> TableId {
        self.sorted.first().map_or(0, |table| usize::from(*table))
    }

    fn begin(&mut self, schema: &Schema, sorted: &[u8]) -> Result<()> {
        self.sorted.clear();
        self.sorted.extend_from_slice(sorted);
        self.key.clear();
        self.record = None;
        self.block = None;
        self.settled = 0;
        let shape = &schema.tables[self.table()];
        let kinds = shape.columns[..shape.key].iter().map(|column| column.kind);
        let key = key::decode(sorted.get(1..).unwrap_or_default(), kinds, &mut self.key);
        key.ok_or_else(|| schema.damaged("a key in a temporary file"))
    }

    /// The row's next operation.
    fn take(&mut self, schema: &Schema, gones: &[Gone], mut from: &[u8]) -> Result<()> {
        let damaged = || schema.damaged("an operation in a temporary file");
        let table = self.table();
        let shape = &schema.tables[table];
        if table == schema.count_block() {
            let number = if let Some(Value::Int(number)) = self.key.get(1) { *number } else { 0 };
            return payload::take_piece(from, number, &mut self.block).ok_or_else(damaged);
        }
        if shape.has_seals() {
            let number = varint::take(&mut from).ok_or_else(damaged)?;
            self.settle(schema, gones, number);
        }
        let change = payload::take(from).ok_or_else(damaged)?;
        record::change(shape, &self.key, &mut self.record, change);
        Ok(())
    }

    /// Blanks what was destroyed since the row's last operation and before this one.
    fn settle(&mut self, schema: &Schema, gones: &[Gone], number: u64) {
        let shape = &schema.tables[self.table()];
        if let Some(slot) = record::slot(shape, &self.record).filter(|_| !gones.is_empty()) {
            let at = gones.partition_point(|gone| *gone < (slot, self.settled));
            if gones.get(at).is_some_and(|(gone, when)| *gone == slot && *when < number) {
                record::blank(shape, &mut self.record);
            }
        }
        self.settled = number;
    }

    /// Hands the row over.
    fn finish(
        &mut self,
        schema: &Schema,
        gones: &[Gone],
        sink: &mut dyn Sink,
        tallies: Option<&mut Tallies>,
    ) -> Result<()> {
        if self.sorted.is_empty() {
            return Ok(());
        }
        let table = self.table();
        if let (Some(block), Some(Value::Bytes(of))) = (self.block.take(), self.key.first()) {
            return sink.row(table, &block.into_values(of.clone()));
        }
        if schema.tables[table].has_seals() {
            self.settle(schema, gones, u64::MAX);
        }
        record::derive(&schema.tables[table], &None, &mut self.record);
        let Some(row) = &self.record else { return Ok(()) };
        sink.row(table, row)?;
        match tallies {
            Some(tallies) => tallies.count(schema, table, row),
            None => Ok(()),
        }
    }
}

impl Tallies {
    fn count(&mut self, schema: &Schema, table: TableId, row: &[Value]) -> Result<()> {
        record::counted(schema, table, row, |into, key| {
            let mut encoded = Vec::with_capacity(32);
            encoded.push(into as u8);
            key::encode(&key, &mut encoded);
            let length = encoded.len();
            *self.waiting.entry(encoded).or_insert_with(|| {
                self.bytes += length + ENTRY;
                0
            }) += 1;
        });
        if self.bytes > self.patience { self.flush(schema) } else { Ok(()) }
    }

    fn flush(&mut self, schema: &Schema) -> Result<()> {
        for (key, rows) in self.waiting.drain() {
            let table = key.first().map_or(0, |table| usize::from(*table));
            put_tally(&mut self.sorter, &key, schema.tables[table].columns.len() - 1, rows)?;
        }
        self.bytes = 0;
        Ok(())
    }
}
