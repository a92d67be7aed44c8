//! A change as bytes, between the fold and the row it ends in. Lives in temporary files only, so its form may change.

use crate::{block::Block, op::Value, record::Change, varint};

const REMOVE: u8 = 0;
const ADD: u8 = 1;
const SET: u8 = 2;
const NULL: u8 = 0;
const INT: u8 = 1;
const TEXT: u8 = 2;
const BYTES: u8 = 3;

/// Appends a change; columns are fewer than 256 (`Schema::new`).
pub(crate) fn put(change: &Change, to: &mut Vec<u8>) {
    match change {
        Change::Remove => to.push(REMOVE),
        Change::Add(column, delta) => {
            to.extend([ADD, *column as u8]);
            varint::put(varint::zigzag(*delta), to);
        }
        Change::Set(cells) => {
            to.push(SET);
            varint::put(cells.len() as u64, to);
            for (column, value) in cells {
                to.push(*column as u8);
                put_value(value, to);
            }
        }
    }
}

fn put_value(value: &Value, to: &mut Vec<u8>) {
    match value {
        Value::Null => to.push(NULL),
        Value::Int(int) => {
            to.push(INT);
            varint::put(varint::zigzag(*int), to);
        }
        Value::Text(text) => {
            to.push(TEXT);
            varint::put_bytes(text.as_bytes(), to);
        }
        Value::Bytes(bytes) => {
            to.push(BYTES);
            varint::put_bytes(bytes, to);
        }
    }
}

/// The change; nothing if the bytes are none.
pub(crate) fn take(mut from: &[u8]) -> Option<Change> {
    let change = match byte(&mut from)? {
        REMOVE => Change::Remove,
        ADD => Change::Add(usize::from(byte(&mut from)?), varint::unzigzag(varint::take(&mut from)?)),
        SET => {
            let cells = varint::take(&mut from)?;
            let cell = |_| Some((usize::from(byte(&mut from)?), take_value(&mut from)?));
            Change::Set((0..cells).map(cell).collect::<Option<_>>()?)
        }
        _ => return None,
    };
    from.is_empty().then_some(change)
}

fn take_value(from: &mut &[u8]) -> Option<Value> {
    Some(match byte(from)? {
        NULL => Value::Null,
        INT => Value::Int(varint::unzigzag(varint::take(from)?)),
        TEXT => Value::Text(std::str::from_utf8(varint::take_bytes(from)?).ok()?.to_owned()),
        BYTES => Value::Bytes(varint::take_bytes(from)?.to_vec()),
        _ => return None,
    })
}

fn byte(from: &mut &[u8]) -> Option<u8> {
    let (byte, rest) = from.split_first()?;
    *from = rest;
    Some(*byte)
}

/// Two additions to one column as one: a hot counter is one record a run.
pub(crate) fn combine(first: &[u8], second: &[u8], to: &mut Vec<u8>) -> bool {
    if first.first() != Some(&ADD) || second.first() != Some(&ADD) {
        return false;
    }
    match (take(first), take(second)) {
        (Some(Change::Add(column, a)), Some(Change::Add(same, b))) if column == same => {
            to.clear();
            put(&Change::Add(column, a.wrapping_add(b)), to);
            true
        }
        _ => false,
    }
}

/// Appends a piece of a block: its head on the first, then changes.
pub(crate) fn put_piece(piece: &Block, first: bool, to: &mut Vec<u8>) {
    to.push(u8::from(first));
    varint::put(piece.n, to);
    if first {
        varint::put(u64::from(piece.origin), to);
        varint::put(piece.first_position, to);
        varint::put(piece.first_recorded_at, to);
        varint::put(varint::zigzag(piece.count_before), to);
    }
    to.extend_from_slice(&piece.changes);
}

/// Adds a piece to a block, which its first piece makes.
pub(crate) fn take_piece(mut from: &[u8], number: i64, block: &mut Option<Block>) -> Option<()> {
    let first = byte(&mut from)? == 1;
    let n = varint::take(&mut from)?;
    if first {
        let origin = u32::try_from(varint::take(&mut from)?).ok()?;
        let first_position = varint::take(&mut from)?;
        let first_recorded_at = varint::take(&mut from)?;
        let count_before = varint::unzigzag(varint::take(&mut from)?);
        let changes = Vec::with_capacity(from.len());
        let new = Block { number, origin, first_position, first_recorded_at, count_before, changes, n: 0 };
        *block = Some(new);
    }
    let block = block.as_mut()?;
    block.n = block.n.checked_add(n)?;
    block.changes.extend_from_slice(from);
    Some(())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn bytes(change: &Change) -> Vec<u8> {
        let mut bytes = Vec::new();
        put(change, &mut bytes);
        bytes
    }

    #[test]
    fn a_change_survives_its_bytes() {
        let cells = vec![
            (1, Value::Null),
            (2, Value::Int(-5)),
            (3, Value::Text("å".into())),
            (4, Value::Bytes(vec![0])),
        ];
        for change in [Change::Remove, Change::Add(7, i64::MIN), Change::Set(cells), Change::Set(vec![])] {
            assert_eq!(take(&bytes(&change)), Some(change));
        }
        assert_eq!(take(&[9]), None);
        assert_eq!(take(&[REMOVE, 0]), None);
    }

    #[test]
    fn only_additions_to_one_column_are_combined() {
        let mut sum = Vec::new();
        assert!(combine(&bytes(&Change::Add(1, 5)), &bytes(&Change::Add(1, -7)), &mut sum));
        assert_eq!(take(&sum), Some(Change::Add(1, -2)));
        assert!(!combine(&bytes(&Change::Add(1, 5)), &bytes(&Change::Add(2, 5)), &mut sum));
        assert!(!combine(&bytes(&Change::Remove), &bytes(&Change::Add(2, 5)), &mut sum));
    }
}
