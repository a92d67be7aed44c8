//! What operations make of one row: the only place that says so, for live batches and for rebuilds.

use crate::{
    op::Value,
    schema::{Schema, Shape, TableId, Tally},
    table::Kind,
    words,
};

/// A row's values, key first, or nothing where there is no row.
pub(crate) type Record = Option<Vec<Value>>;

/// An operation on a row, checked and resolved.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Change {
    Set(Vec<(usize, Value)>),
    Add(usize, i64),
    Remove,
}

/// Applies a change.
pub(crate) fn change(shape: &Shape, key: &[Value], record: &mut Record, change: Change) {
    match change {
        Change::Remove => *record = None,
        Change::Set(cells) => {
            let row = made(shape, key, record);
            for (at, value) in cells {
                row[at] = value;
            }
        }
        Change::Add(at, delta) => {
            let row = made(shape, key, record);
            let before = if let Value::Int(int) = row[at] { int } else { 0 };
            row[at] = Value::Int(before.wrapping_add(delta));
        }
    }
}

fn made<'a>(shape: &Shape, key: &[Value], record: &'a mut Record) -> &'a mut Vec<Value> {
    record.get_or_insert_with(|| {
        let mut row = Vec::with_capacity(shape.columns.len());
        row.extend_from_slice(key);
        row.resize(shape.columns.len(), Value::Null);
        row
    })
}

/// The slot that seals the row, if any does.
pub(crate) fn slot(shape: &Shape, record: &Record) -> Option<i64> {
    match record.as_ref()?.get(shape.seal?)? {
        Value::Int(slot) => Some(*slot),
        Value::Null | Value::Text(_) | Value::Bytes(_) => None,
    }
}

/// Blanks the sealed columns.
pub(crate) fn blank(shape: &Shape, record: &mut Record) {
    if let Some(row) = record {
        for (value, column) in row.iter_mut().zip(&shape.columns) {
            if column.sealed {
                *value = Value::Null;
            }
        }
    }
}

/// Makes the words of a row anew where their texts aren't what they were.
pub(crate) fn derive(shape: &Shape, before: &Record, after: &mut Record) {
    let Some(row) = after else { return };
    for (at, column) in shape.columns.iter().enumerate() {
        let Some(words) = &column.words else { continue };
        let shown =
            |row: &[Value]| words.only.is_none_or(|only| !matches!(row[only], Value::Null | Value::Int(0)));
        let is_same = |before: &Vec<Value>| {
            shown(before) == shown(row) && words.of.iter().all(|source| before[*source] == row[*source])
        };
        row[at] = match before.as_ref().filter(|before| is_same(before)) {
            Some(before) => before[at].clone(),
            None if shown(row) => made_of(words.of.iter().map(|source| &row[*source])),
            None => Value::Null,
        };
    }
}

fn made_of<'a>(texts: impl Iterator<Item = &'a Value>) -> Value {
    let texts =
        texts.filter_map(|value| if let Value::Text(text) = value { Some(text.as_str()) } else { None });
    words::index(texts).map_or(Value::Null, Value::Text)
}

/// Every row of a table of counts in which a row is counted: its table and its key.
pub(crate) fn counted(schema: &Schema, id: TableId, row: &[Value], mut see: impl FnMut(TableId, Vec<Value>)) {
    for tally in &schema.tables[id].counts {
        if tally.only.is_none_or(|only| row[only] == Value::Int(1)) {
            see(tally.into, tally_key(tally, row));
        }
    }
}

/// A key holds no null: in a group it counts as 0, "" or no bytes; the value counted is text, unknown is "".
fn tally_key(tally: &Tally, row: &[Value]) -> Vec<Value> {
    let mut key = Vec::with_capacity(tally.group.len() + 1);
    for (at, kind) in &tally.group {
        key.push(match (&row[*at], kind) {
            (Value::Null, Kind::Int) => Value::Int(0),
            (Value::Null, Kind::Text) => Value::Text(String::new()),
            (Value::Null, Kind::Bytes) => Value::Bytes(Vec::new()),
            (value, _) => value.clone(),
        });
    }
    key.push(Value::Text(match &row[tally.column] {
        Value::Null => String::new(),
        Value::Int(int) => int.to_string(),
        Value::Text(text) => text.clone(),
        Value::Bytes(bytes) => bytes.iter().map(|byte| format!("{byte:02x}")).collect(),
    }));
    key
}
