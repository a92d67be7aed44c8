//! Values and cells as folds write them.

use radslag_kernel::{AggregateId, ItemId, KeyRef, Opened};

use crate::op::{Cell, Value};

/// Of a petition, panel or poll.
#[must_use]
pub fn id(id: AggregateId) -> Value {
    Value::Bytes(id.as_bytes().to_vec())
}

/// Of a signature, answer or member.
#[must_use]
pub fn item(item: ItemId) -> Value {
    Value::Bytes(item.as_bytes().to_vec())
}

/// Positions, milliseconds and key refs are far below 2^63.
#[must_use]
pub fn number(number: u64) -> Value {
    Value::Int(i64::try_from(number).unwrap_or(i64::MAX))
}

/// Of a column that names what seals its row.
#[must_use]
pub fn key(key: KeyRef) -> Cell {
    Cell::Open(number(key.0))
}

/// A number that everybody may know.
#[must_use]
pub fn int(value: u64) -> Cell {
    Cell::Open(number(value))
}

/// A text that everybody may know.
#[must_use]
pub fn text(value: impl Into<String>) -> Cell {
    Cell::Open(Value::Text(value.into()))
}

/// What was sealed.
#[must_use]
pub const fn sealed(value: Opened<Value>) -> Cell {
    Cell::Sealed(value)
}

/// A text that was sealed.
#[must_use]
pub fn sealed_text(value: Opened<String>) -> Cell {
    Cell::Sealed(value.map(Value::Text))
}

/// Nothing, or nothing any more.
#[must_use]
pub const fn nothing() -> Cell {
    Cell::Open(Value::Null)
}
