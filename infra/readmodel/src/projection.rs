//! What a projection is: a name, tables, and a pure fold from events to row operations.

use radslag_kernel::Recorded;

use crate::{op::Op, table::Table, view::View};

/// A projection over events of type `E`. `fold` is pure: no clock, no reads, no randomness.
pub struct Projection<E> {
    /// Lower case with underscores; names the SQLite file and the Postgres schema.
    pub name: &'static str,
    /// Raised when tables or fold change: the next start rebuilds.
    pub version: u32,
    /// Its tables. `count_block` and the tables of `CountBy` come by themselves.
    pub tables: &'static [&'static Table],
    /// What dashboards read of its tables, on Postgres. A change needs no new version: they are put in place at the next start.
    pub views: &'static [&'static View],
    /// The fold.
    pub fold: fn(&Recorded<E>, &mut Vec<Op>),
}
