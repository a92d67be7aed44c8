//! How projections are kept: SQLite or Postgres behind the same table descriptions, checkpoint and rows in one transaction.

mod batch;
mod block;
pub mod cells;
mod checkpoint;
mod compare;
pub mod count;
mod ddl;
pub mod error;
#[cfg(feature = "fuzzing")]
pub mod fuzzing;
mod key;
mod name;
pub mod op;
mod postgres;
pub mod projection;
pub mod query;
pub mod rebuild;
mod record;
pub mod row;
mod schema;
mod sqlite;
pub mod store;
pub mod table;
mod varint;
pub mod view;
pub mod words;

pub use checkpoint::Checkpoint;
pub use compare::{Comparison, Difference, Place};
pub use count::{AsOf, Bucket, Count, Reached};
pub use error::{CellFault, ColumnFault, Error, Result, TableFault};
pub use op::{Cell, Op, Value};
pub use projection::Projection;
pub use query::Query;
pub use rebuild::{Generation, Options, Phase, Progress, Rebuild};
pub use row::Row;
pub use store::{Backend, Source, Store};
pub use table::{Column, CountBy, Kind, Table, Words, bytes, int, newest, sealed, text, words};
pub use view::{Audience, View};
pub use words::Search;
