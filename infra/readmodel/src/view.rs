//! Views for dashboards, described once beside the projections: their SQL, the column dictionary and the comments in the
//! database are all made of the description. Each reads the tables of one projection, so both change places together.
//!
//! Nothing personal stands in a view, and what not everybody may know is hidden by a `CASE` in a column, not by leaving rows
//! out: a reader's own conditions can be tried on rows before the view's. A view that has to leave rows out is `guarded`.

pub mod dictionary;
pub mod roles;
mod sql;

pub(crate) use sql::Made;

/// A text in both languages.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Both {
    /// Swedish.
    pub sv: &'static str,
    /// English.
    pub en: &'static str,
}

/// A text in Swedish and English.
#[must_use]
pub const fn both(sv: &'static str, en: &'static str) -> Both {
    Both { sv, en }
}

/// A view.
#[derive(Clone, Copy, Debug)]
pub struct View {
    /// `bi_` and lower case with underscores; no other view of any service has it.
    pub name: &'static str,
    /// What its rows are.
    pub title: Both,
    /// What to know before one counts with them.
    pub about: Both,
    /// What stands after FROM: tables of the projection, conditions too. `{today}` is the date where the tenant is.
    pub from: &'static str,
    /// What a row of `from` is in the view.
    pub rows: Rows,
    /// Its columns. `tenant` comes before them, `as_of_position` and `as_of` after.
    pub columns: &'static [Column],
    /// Its condition hides something, so it holds before any other is tried.
    pub guarded: bool,
    /// Indexes by what it shows.
    pub seeks: &'static [Seek],
}

/// What a row of the tables is in the view.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Rows {
    /// A row.
    Each,
    /// Numbers are summed over rows that are alike in everything else.
    Summed,
}

/// A column, or the few that show one thing.
#[derive(Clone, Copy, Debug)]
pub struct Column {
    /// Its name, or what theirs begin with.
    pub name: &'static str,
    /// What it shows, and how.
    pub shows: Shows,
    /// What it means.
    pub meaning: Both,
}

/// What is shown of an SQL expression over `from`, and how.
#[derive(Clone, Copy, Debug)]
pub enum Shows {
    /// An id: bytes, as hexadecimal digits.
    Id(&'static str),
    /// A text as it is.
    Text(&'static str),
    /// A number of something.
    Number(&'static str, Both),
    /// A condition.
    Truth(&'static str),
    /// A date that is kept as text.
    Date(&'static str),
    /// Milliseconds since 1970: `<name>_at`, the moment, and `<name>_on`, the date where the tenant is.
    Moment(&'static str),
    /// Hours since 1970: the same of its beginning.
    Hour(&'static str),
    /// Hours since 1970: the same of the day in which the hour begins where the tenant is, `<name>_at` being its beginning.
    Day(&'static str),
    /// A word that programs go by: `<name>`, and what people call it, `<name>_sv` and `<name>_en`.
    Word(&'static str, Words),
}

/// What people call words, in both languages: from the service's catalogue.
pub type Words = fn() -> Vec<Called>;

/// What people call a word.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Called {
    /// As it stands in the tables.
    pub word: String,
    /// In Swedish.
    pub sv: String,
    /// In English.
    pub en: String,
}

impl Called {
    /// A word with what people call it.
    pub fn new(word: impl Into<String>, sv: impl Into<String>, en: impl Into<String>) -> Self {
        Self { word: word.into(), sv: sv.into(), en: en.into() }
    }
}

/// An index by what a view shows of one table, so that a condition on it reads no more than it finds.
#[derive(Clone, Copy, Debug)]
pub struct Seek {
    /// The table.
    pub table: &'static str,
    /// What is shown, as in the view.
    pub by: &'static [Shows],
}

/// Whom a tenant's views are for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Audience {
    /// The IANA name of the zone in which its days begin.
    pub zone: String,
    /// What the names of the roles begin with that may read views: see `roles::role`.
    pub readers: String,
}

/// What roles' names begin with unless somebody configures another name.
pub const READERS: &str = "radslag_bi";

impl Default for Audience {
    fn default() -> Self {
        Self { zone: "UTC".into(), readers: READERS.into() }
    }
}

/// A column of an id.
#[must_use]
pub const fn id(name: &'static str, of: &'static str, meaning: Both) -> Column {
    Column { name, shows: Shows::Id(of), meaning }
}

/// A column of a text.
#[must_use]
pub const fn text(name: &'static str, of: &'static str, meaning: Both) -> Column {
    Column { name, shows: Shows::Text(of), meaning }
}

/// A column of a number of something.
#[must_use]
pub const fn number(name: &'static str, of: &'static str, unit: Both, meaning: Both) -> Column {
    Column { name, shows: Shows::Number(of, unit), meaning }
}

/// A column of a condition.
#[must_use]
pub const fn truth(name: &'static str, of: &'static str, meaning: Both) -> Column {
    Column { name, shows: Shows::Truth(of), meaning }
}

/// A column of a date.
#[must_use]
pub const fn date(name: &'static str, of: &'static str, meaning: Both) -> Column {
    Column { name, shows: Shows::Date(of), meaning }
}

/// Two columns of a moment.
#[must_use]
pub const fn moment(name: &'static str, of: &'static str, meaning: Both) -> Column {
    Column { name, shows: Shows::Moment(of), meaning }
}

/// Two columns of an hour.
#[must_use]
pub const fn hour(name: &'static str, of: &'static str, meaning: Both) -> Column {
    Column { name, shows: Shows::Hour(of), meaning }
}

/// Two columns of a day.
#[must_use]
pub const fn day(name: &'static str, of: &'static str, meaning: Both) -> Column {
    Column { name, shows: Shows::Day(of), meaning }
}

/// Three columns of a word.
#[must_use]
pub const fn word(name: &'static str, of: &'static str, words: Words, meaning: Both) -> Column {
    Column { name, shows: Shows::Word(of, words), meaning }
}
