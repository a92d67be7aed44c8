//! Tables described once, for SQLite and for Postgres.

/// What a column holds. There are no others: times are milliseconds, ids are bytes, truth is 0 or 1.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// 64-bit signed.
    Int,
    /// UTF-8.
    Text,
    /// Bytes.
    Bytes,
}

/// One column.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Column {
    /// Lower case with underscores.
    pub name: &'static str,
    /// What it holds.
    pub kind: Kind,
    /// Holds an opened sealed value: the engine blanks it (null) when the key named in `Table::sealed_by` goes.
    pub sealed: bool,
    /// Made by the engine of other columns, for `Store::search`.
    pub words: Option<&'static Words>,
    /// Tells which row is newer: `newest`.
    pub newest: bool,
}

/// Texts whose words can be searched. The engine keeps them: a fold never sets such a column.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Words {
    /// Text columns of the same table. If one is sealed, so are its words: they go with its key.
    pub of: &'static [&'static str],
    /// Only while this integer column isn't 0: no index holds a text that isn't public.
    pub only: Option<&'static str>,
}

/// One table. All columns outside the key may be null.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Table {
    /// Lower case with underscores, unique within the service.
    pub name: &'static str,
    /// The first `key` columns are the primary key.
    pub columns: &'static [Column],
    /// How many leading columns make the key.
    pub key: usize,
    /// The integer column whose slot number seals the sealed columns of a row; needed if there are any.
    pub sealed_by: Option<&'static str>,
    /// Further indexes, each a list of column names.
    pub indexes: &'static [&'static [&'static str]],
    /// Counts that the engine keeps of this table's rows.
    pub counts: &'static [CountBy],
}

/// A count of rows kept by the engine from row changes, its own blanking included:
/// one row per (group, value) in table `into` with columns `<group...>, value, rows`; value null counts as unknown ("").
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct CountBy {
    /// Name of the table it makes.
    pub into: &'static str,
    /// Columns to group by; of sealed ones only texts: what is gone counts as unknown ("").
    pub group: &'static [&'static str],
    /// The column counted over; may be sealed.
    pub column: &'static str,
    /// Only rows where this integer column is 1.
    pub only: Option<&'static str>,
}

/// An integer column.
#[must_use]
pub const fn int(name: &'static str) -> Column {
    Column { name, kind: Kind::Int, sealed: false, words: None, newest: false }
}

/// A text column.
#[must_use]
pub const fn text(name: &'static str) -> Column {
    Column { name, kind: Kind::Text, sealed: false, words: None, newest: false }
}

/// A bytes column.
#[must_use]
pub const fn bytes(name: &'static str) -> Column {
    Column { name, kind: Kind::Bytes, sealed: false, words: None, newest: false }
}

/// The same column, holding an opened sealed value.
#[must_use]
pub const fn sealed(column: Column) -> Column {
    Column { sealed: true, ..column }
}

/// An integer column by which a search knows newer rows from older ones, in a table with words: a row has it from the first,
/// no other row has the same, and it never changes.
#[must_use]
pub const fn newest(name: &'static str) -> Column {
    Column { newest: true, ..int(name) }
}

/// The words of text columns. The first such column of a table weighs most when rows are ranked.
#[must_use]
pub const fn words(name: &'static str, words: &'static Words) -> Column {
    Column { name, kind: Kind::Text, sealed: false, words: Some(words), newest: false }
}
