//! Row operations: what a fold makes of an event. They add up, so a rebuild can combine them before it writes a row.

use radslag_kernel::{AggregateId, KeyRef, Opened};

use crate::table::Table;

/// A value in a row.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Value {
    /// Not known, or not given.
    Null,
    /// For `Kind::Int`.
    Int(i64),
    /// For `Kind::Text`.
    Text(String),
    /// For `Kind::Bytes`.
    Bytes(Vec<u8>),
}

/// What a fold puts in a column.
#[derive(Clone, Debug, PartialEq)]
pub enum Cell {
    /// An open value: never into a sealed column.
    Open(Value),
    /// An opened sealed value or `Gone`: only into a sealed column.
    Sealed(Opened<Value>),
}

/// One operation on one row, or on one counter.
#[derive(Clone, Debug, PartialEq)]
pub enum Op {
    /// Sets columns of the row with this key; makes the row if it isn't there (other columns null).
    Set {
        /// The row's table.
        table: &'static Table,
        /// The row's key, one value a key column.
        key: Vec<Value>,
        /// Column and content; never a key column.
        cells: Vec<(&'static str, Cell)>,
    },
    /// Adds to an integer column (null counts as 0); makes the row if it isn't there.
    Add {
        /// The row's table.
        table: &'static Table,
        /// The row's key, one value a key column.
        key: Vec<Value>,
        /// An unsealed integer column.
        column: &'static str,
        /// May be negative; wraps at the ends of 64 bits, so that sums can be combined in any order.
        delta: i64,
    },
    /// Removes the row; nothing happens if it isn't there.
    Remove {
        /// The row's table.
        table: &'static Table,
        /// The row's key, one value a key column.
        key: Vec<Value>,
    },
    /// The count of an aggregate changes: kept in `count_block`, exact for every past position and instant.
    Count {
        /// Whose count.
        of: AggregateId,
        /// The life of the log in which the event stands.
        origin: u32,
        /// The event's position.
        position: u64,
        /// Milliseconds; an instant earlier than the one before counts as that one.
        recorded_at: u64,
        /// By how much.
        delta: i32,
    },
    /// A key was destroyed: every sealed column it seals is blanked. Emitted by the shell, never by a fold.
    Gone {
        /// The slot.
        key: KeyRef,
    },
}
