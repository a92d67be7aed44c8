//! Everything that can go wrong, typed. No error prints its source: whoever logs it walks the chain.

use std::path::PathBuf;

use crate::Checkpoint;

/// The result of everything in this crate.
pub type Result<T> = std::result::Result<T, Error>;

/// Why a projection couldn't be kept or read.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// A tenant, service, projection, table or column has a name that can't name a file or a schema.
    #[error("{what} {name:?} is not a name: {rule}")]
    Name {
        /// What it would have named.
        what: &'static str,
        /// As given.
        name: String,
        /// What a name is.
        rule: &'static str,
    },
    /// A table's description contradicts itself.
    #[error("table {projection}.{table}: {fault}")]
    Table {
        /// The projection.
        projection: &'static str,
        /// The table.
        table: String,
        /// What is wrong.
        fault: TableFault,
    },
    /// A fold named a table that its projection doesn't have.
    #[error("{projection} has no table {table}")]
    UnknownTable {
        /// The projection.
        projection: &'static str,
        /// The table.
        table: &'static str,
    },
    /// A fold gave a key of the wrong length or kinds, or one with a null.
    #[error("{projection}.{table}: the key doesn't fit the table")]
    Key {
        /// The projection.
        projection: &'static str,
        /// The table.
        table: String,
    },
    /// A fold put something in a column that may not stand there.
    #[error("{projection}.{table}.{column}: {fault}")]
    Cell {
        /// The projection.
        projection: &'static str,
        /// The table.
        table: String,
        /// The column.
        column: String,
        /// Which rule it broke.
        fault: CellFault,
    },
    /// A change of a count came after one with a higher position.
    #[error("{projection}: a count changes at {origin}/{position}, before its newest change")]
    CountOutOfOrder {
        /// The projection.
        projection: &'static str,
        /// The life of the log.
        origin: u32,
        /// The position of the late change.
        position: u64,
    },
    /// Somebody else moved the checkpoint: nothing was written.
    #[error("{projection}: the checkpoint is {found}, not {expected}; nothing was written")]
    CheckpointMoved {
        /// The projection.
        projection: &'static str,
        /// What the caller had read.
        expected: Checkpoint,
        /// What stands there.
        found: Checkpoint,
    },
    /// The kept tables are of another version: a rebuild makes them anew.
    #[error("{projection}: the kept tables are of version {found}, not {wanted}, or look different: rebuild")]
    Stale {
        /// The projection.
        projection: &'static str,
        /// Version of the kept tables.
        found: u32,
        /// Version of the code.
        wanted: u32,
    },
    /// Two stores can be compared only at the same checkpoint.
    #[error("{projection}: one side stands at {left}, the other at {right}")]
    Apart {
        /// The projection.
        projection: &'static str,
        /// Of one.
        left: Checkpoint,
        /// Of the other.
        right: Checkpoint,
    },
    /// Something kept can't be what this crate wrote.
    #[error("{projection}: damaged: {what}")]
    Damaged {
        /// The projection.
        projection: &'static str,
        /// What can't be.
        what: &'static str,
    },
    /// A query's answer doesn't have that column in that form.
    #[error("query {query}, column {column}: {fault}")]
    Column {
        /// The query's name.
        query: &'static str,
        /// The column.
        column: String,
        /// What is wrong.
        fault: ColumnFault,
    },
    /// A query that was to search names no `words_<table>($1)`.
    #[error("query {query} searches no table's words")]
    NoWords {
        /// The query's name.
        query: &'static str,
    },
    /// SQLite failed.
    #[error("SQLite failed to {doing}")]
    Sqlite {
        /// At what.
        doing: &'static str,
        /// Why.
        #[source]
        source: rusqlite::Error,
    },
    /// Postgres failed.
    #[error("Postgres failed to {doing}")]
    Postgres {
        /// At what.
        doing: &'static str,
        /// Why.
        #[source]
        source: tokio_postgres::Error,
    },
    /// No connection to Postgres.
    #[error("no connection to Postgres")]
    Connect(#[source] deadpool_postgres::PoolError),
    /// The connection string or the pool's settings are wrong.
    #[error("the settings of the Postgres pool are wrong: {0}")]
    Settings(String),
    /// A file failed.
    #[error("{}: failed to {doing}", path.display())]
    Io {
        /// Which.
        path: PathBuf,
        /// At what.
        doing: &'static str,
        /// Why.
        #[source]
        source: std::io::Error,
    },
    /// A worker ended before its work did: the process is shutting down, or a bug.
    #[error("a worker of the read tables ended early")]
    Worker,
}

/// What is wrong with a table's description.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum TableFault {
    /// No key, or more key columns than columns.
    #[error("the key is empty or longer than the table")]
    Key,
    /// A key column is sealed.
    #[error("a key column is sealed")]
    SealedKey,
    /// Two columns or two tables of one name.
    #[error("a name stands twice")]
    Twice,
    /// An index, a count or `sealed_by` names a column that isn't there.
    #[error("a column that isn't there is named")]
    NoColumn,
    /// There are sealed columns but no open integer column named in `sealed_by`.
    #[error("sealed columns need an open integer column in sealed_by")]
    NoSeal,
    /// A count groups by a sealed column that isn't text.
    #[error("a count groups by a sealed column that isn't text")]
    SealedGroup,
    /// A count's `only` isn't an open integer column.
    #[error("a count's only must be an open integer column")]
    Only,
    /// A words column is a key, or is made of what isn't text, or depends on what isn't an open integer.
    #[error("words are made of text columns, while an open integer column isn't 0, and are no key")]
    Words,
    /// More tables or columns than fit a byte.
    #[error("too many tables or columns")]
    TooMany,
}

/// Which rule a fold broke.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum CellFault {
    /// The table has no such column.
    #[error("no such column")]
    NoColumn,
    /// Key columns are set by the key alone.
    #[error("a key column is never set")]
    KeyColumn,
    /// Words are kept by the engine.
    #[error("a words column is never set")]
    Derived,
    /// An opened sealed value may stand in a sealed column only.
    #[error("a sealed value in a column that isn't sealed")]
    SealedInOpen,
    /// A sealed column takes opened sealed values only.
    #[error("an open value in a sealed column")]
    OpenInSealed,
    /// The value is of another kind than the column.
    #[error("a value of another kind")]
    Kind,
    /// Only open integer columns can be added to.
    #[error("only an open integer column can be added to")]
    NotAddable,
}

/// What is wrong with a column of an answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ColumnFault {
    /// The query returns no such column.
    #[error("not in the answer")]
    Absent,
    /// It is null, but was asked for as given.
    #[error("null")]
    Null,
    /// It is of another kind, or of a type that is neither integer, text nor bytes.
    #[error("of another kind")]
    Kind,
}

pub(crate) fn sqlite(doing: &'static str) -> impl FnOnce(rusqlite::Error) -> Error {
    move |source| Error::Sqlite { doing, source }
}

pub(crate) fn postgres(doing: &'static str) -> impl FnOnce(tokio_postgres::Error) -> Error {
    move |source| Error::Postgres { doing, source }
}

pub(crate) fn io(path: &std::path::Path, doing: &'static str) -> impl FnOnce(std::io::Error) -> Error {
    move |source| Error::Io { path: path.to_path_buf(), doing, source }
}
