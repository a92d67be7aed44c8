//! What is read without going through streams: letters and what is due of them, subscriptions, mailings.

pub mod deliveries;
pub mod lists;
pub mod mailings;
pub mod subscriptions;
pub mod views;

#[cfg(test)]
mod tests;

use radslag_kernel::{AggregateId, ItemId, KeyRef, Opened};
use radslag_readmodel::{Cell, Projection, Value};

use crate::event::Event;

/// Letters on their way.
pub const DELIVERIES: Projection<Event> = Projection {
    name: "deliveries",
    version: 2,
    tables: &[&deliveries::DELIVERIES],
    views: views::OF_DELIVERIES,
    fold: deliveries::fold,
};

/// Who subscribes to what.
pub const SUBSCRIPTIONS: Projection<Event> = Projection {
    name: "subscriptions",
    version: 2,
    tables: &[&subscriptions::SUBSCRIPTIONS],
    views: views::OF_SUBSCRIPTIONS,
    fold: subscriptions::fold,
};

/// Letters to many.
pub const MAILINGS: Projection<Event> = Projection {
    name: "mailings",
    version: 1,
    tables: &[&mailings::MAILINGS],
    views: views::OF_MAILINGS,
    fold: mailings::fold,
};

pub(crate) fn id(id: AggregateId) -> Value {
    Value::Bytes(id.as_bytes().to_vec())
}

pub(crate) fn item(item: ItemId) -> Value {
    Value::Bytes(item.as_bytes().to_vec())
}

/// Positions, milliseconds and key refs are far below 2^63.
pub(crate) fn number(number: u64) -> Value {
    Value::Int(i64::try_from(number).unwrap_or(i64::MAX))
}

pub(crate) fn key(key: KeyRef) -> Cell {
    Cell::Open(number(key.0))
}

pub(crate) fn int(value: u64) -> Cell {
    Cell::Open(number(value))
}

pub(crate) fn text(value: impl Into<String>) -> Cell {
    Cell::Open(Value::Text(value.into()))
}

pub(crate) fn sealed(value: Opened<Value>) -> Cell {
    Cell::Sealed(value)
}
