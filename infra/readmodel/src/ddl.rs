//! The statements both databases need, generated from a table's shape.

use std::fmt::Write as _;

use crate::{
    schema::{Schema, Shape, ShapeColumn},
    table::Kind,
    words::SEARCHED,
};

/// FTS5 tables beside a table with words: of all its words columns, and of the first alone.
const WORDS: &str = "words";
const FIRST: &str = "first";

/// Which database.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Dialect {
    Sqlite,
    Postgres,
}

/// One row: whose tables these are, how far they have read, and what: `source` is the reader's own word for that, `read_at`
/// when the last event of it was recorded, in milliseconds. `views`: the statements of the views beside them.
pub(crate) const META: &str = "CREATE TABLE _meta (one BIGINT PRIMARY KEY, version BIGINT NOT NULL, \
     shape TEXT NOT NULL, origin BIGINT NOT NULL, next BIGINT NOT NULL, source TEXT, read_at BIGINT, views TEXT)";

/// A list of quoted columns, each after `prefix`.
pub(crate) fn list<'a>(prefix: &str, columns: impl IntoIterator<Item = &'a str>) -> String {
    let quoted: Vec<String> = columns.into_iter().map(|name| format!("{prefix}\"{name}\"")).collect();
    quoted.join(", ")
}

impl Shape {
    /// All columns, quoted, each after `prefix`.
    pub(crate) fn all(&self, prefix: &str) -> String {
        list(prefix, self.columns.iter().map(|column| column.name))
    }

    /// The key columns, quoted.
    pub(crate) fn keys(&self) -> String {
        list("", self.columns[..self.key].iter().map(|column| column.name))
    }
}

impl Dialect {
    fn kind(self, kind: Kind) -> &'static str {
        match (self, kind) {
            (Self::Sqlite, Kind::Int) => "INTEGER",
            (Self::Sqlite, Kind::Text) => "TEXT",
            (Self::Sqlite, Kind::Bytes) => "BLOB",
            (Self::Postgres, Kind::Int) => "bigint",
            (Self::Postgres, Kind::Text) => "text COLLATE \"C\"",
            (Self::Postgres, Kind::Bytes) => "bytea",
        }
    }

    /// An array of a kind, to cast a parameter to.
    pub(crate) fn array(kind: Kind) -> &'static str {
        match kind {
            Kind::Int => "bigint[]",
            Kind::Text => "text[]",
            Kind::Bytes => "bytea[]",
        }
    }

    /// The table; on Postgres without its key, which `key` adds (after a COPY, or at once).
    pub(crate) fn table(self, shape: &Shape) -> String {
        let mut sql = format!("CREATE TABLE \"{}\" (", shape.name);
        for (at, column) in shape.columns.iter().enumerate() {
            let numbers_rows = self == Self::Sqlite && column.newest;
            let not_null = match (at < shape.key, numbers_rows) {
                (true, _) => " NOT NULL",
                (false, true) => " PRIMARY KEY",
                (false, false) => "",
            };
            let comma = if at == 0 { "" } else { ", " };
            let _ = write!(sql, "{comma}\"{}\" {}{not_null}", column.name, self.kind(column.kind));
        }
        match self {
            Self::Postgres => sql.push(')'),
            // Blocks are too long for the leaves of a clustered table.
            Self::Sqlite => {
                // Words are found by the number of a row.
                let plain = shape.name == crate::schema::COUNT_BLOCK || !shape.words().is_empty();
                let rowid = if plain { "" } else { "WITHOUT ROWID, " };
                let key = if shape.newest().is_some() { "UNIQUE" } else { "PRIMARY KEY" };
                let _ = write!(sql, ", {key} ({})) {rowid}STRICT", shape.keys());
            }
        }
        sql
    }

    /// The key and the indexes, each a statement: after the rows of a rebuild.
    pub(crate) fn indexes(self, shape: &Shape) -> Vec<String> {
        let mut all = Vec::new();
        if self == Self::Postgres {
            all.push(format!("ALTER TABLE \"{}\" ADD PRIMARY KEY ({})", shape.name, shape.keys()));
            // Postgres would keep samples of what people wrote, beyond its erasure.
            let unsampled = |c: &ShapeColumn| {
                format!("ALTER TABLE \"{}\" ALTER COLUMN \"{}\" SET STATISTICS 0", shape.name, c.name)
            };
            all.extend(shape.columns.iter().filter(|column| column.sealed).map(unsampled));
        }
        let seal = shape.seal.filter(|_| shape.has_seals()).map(|column| vec![column]);
        let seal = seal.filter(|seal| !shape.indexes.iter().any(|index| index.first() == seal.first()));
        for (number, columns) in shape.indexes.iter().chain(&seal).enumerate() {
            let columns = list("", columns.iter().map(|column| shape.columns[*column].name));
            let name = format!("_{}_{number}", shape.name);
            all.push(format!("CREATE INDEX \"{name}\" ON \"{}\" ({columns})", shape.name));
        }
        if !shape.words().is_empty() {
            all.extend(match self {
                Self::Sqlite => fts(shape),
                Self::Postgres => gin(shape),
            });
        }
        all
    }

    /// A SELECT of all columns of the newest rows in which a search, parameter 1, finds something, and of which a condition
    /// holds; and `relevance`: more is better. Ranking costs what it ranks, so no more than `SEARCHED` are.
    fn searched(self, shape: &Shape, condition: &str, ranked: bool) -> String {
        let name = &shape.name;
        match self {
            Self::Sqlite => {
                let suffix = if ranked || shape.words().len() == 1 { WORDS } else { FIRST };
                let words = format!("\"_{name}_{suffix}\"");
                let weights: Vec<&str> =
                    (0..shape.words().len()).map(|at| if at == 0 { "8.0" } else { "1.0" }).collect();
                let rank = format!("bm25({words}, {}) * -1000000000", weights.join(", "));
                let rank = if ranked { &*rank } else { "0" };
                format!(
                    "(WITH m AS MATERIALIZED (SELECT {words}.rowid AS id, CAST({rank} AS INTEGER) AS relevance FROM {words} \
                     CROSS JOIN \"{name}\" AS t ON t.rowid = {words}.rowid WHERE {words} MATCH ?1 AND ({condition}) \
                     ORDER BY {words}.rowid DESC LIMIT {SEARCHED}) \
                     SELECT t.*, m.relevance FROM m CROSS JOIN \"{name}\" AS t ON t.rowid = m.id)"
                )
            }
            Self::Postgres => {
                let vector = vector(shape);
                let rank = format!("ts_rank({vector}, to_tsquery('simple', $1)) * 1000000000");
                let rank = if ranked { &*rank } else { "0" };
                let order = shape.newest().map_or_else(|| shape.keys(), |newest| format!("\"{newest}\""));
                format!(
                    "(SELECT m.*, CAST({rank} AS bigint) AS relevance FROM (SELECT * FROM \"{name}\" \
                     WHERE {vector} @@ to_tsquery('simple', $1) AND ({condition}) \
                     ORDER BY {order} DESC LIMIT {SEARCHED}) AS m)"
                )
            }
        }
    }

    /// A query with `words_<table>($1, <condition>)` made into what that stands for. The condition reads columns of the
    /// table; `ranked`: whether their relevance is wanted.
    pub(crate) fn with_words(
        self,
        schema: &Schema,
        sql: &str,
        ranked: bool,
    ) -> Option<(String, &'static str)> {
        let shapes = schema.tables.iter().filter_map(|shape| Some((shape, *shape.words().first()?)));
        for (shape, first) in shapes {
            let call = format!("words_{}($1", shape.name);
            let Some((before, rest)) = sql.split_once(&call) else { continue };
            let (condition, after) = rest.split_at(closing(rest)?);
            let condition = condition.strip_prefix(',').map_or("1 = 1", str::trim);
            let searched = self.searched(shape, condition, ranked);
            return Some((format!("{before}{searched}{}", after.strip_prefix(')')?), first));
        }
        None
    }

    /// Everything an empty store needs except the row of `_meta`.
    pub(crate) fn create(self, schema: &Schema) -> Vec<String> {
        let tables = schema.tables.iter();
        let tables = tables.flat_map(|shape| std::iter::once(self.table(shape)).chain(self.indexes(shape)));
        std::iter::once(META.to_owned()).chain(tables).chain(self.seeks(schema)).collect()
    }

    /// The indexes by which views find rows: of what they show, so on Postgres alone, which has views.
    pub(crate) fn seeks(self, schema: &Schema) -> Vec<String> {
        match self {
            Self::Sqlite => Vec::new(),
            Self::Postgres => schema.seeks(),
        }
    }

    fn parameter(self, number: usize) -> String {
        match self {
            Self::Sqlite => format!("?{number}"),
            Self::Postgres => format!("${number}"),
        }
    }

    /// A page of rows in key order; after a key, or from the first. The last parameter is how many.
    pub(crate) fn page(self, shape: &Shape, after: bool) -> String {
        let given: Vec<_> = (1..=shape.key).map(|number| self.parameter(number)).collect();
        let after =
            if after { format!(" WHERE ({}) > ({})", shape.keys(), given.join(", ")) } else { String::new() };
        let limit = self.parameter(if after.is_empty() { 1 } else { shape.key + 1 });
        let (all, name, keys) = (shape.all(""), &shape.name, shape.keys());
        format!("SELECT {all} FROM \"{name}\"{after} ORDER BY {keys} LIMIT {limit}")
    }

    /// What a conflicting insert does instead.
    pub(crate) fn on_conflict(shape: &Shape) -> String {
        let rest = &shape.columns[shape.key..];
        if rest.is_empty() {
            return format!(" ON CONFLICT ({}) DO NOTHING", shape.keys());
        }
        let set: Vec<_> = rest.iter().map(|c| format!("\"{0}\" = excluded.\"{0}\"", c.name)).collect();
        format!(" ON CONFLICT ({}) DO UPDATE SET {}", shape.keys(), set.join(", "))
    }
}

/// Where the parenthesis ends that began before a text.
fn closing(text: &str) -> Option<usize> {
    let mut open = 1_u32;
    text.char_indices().find_map(|(at, letter)| {
        open = match letter {
            '(' => open + 1,
            ')' => open - 1,
            _ => open,
        };
        (open == 0).then_some(at)
    })
}

/// FTS5 beside the table, which keeps the words themselves; triggers hold both together, whoever writes. The first column
/// stands in one of its own as well: what resembles a title needn't pass every text that has its words.
fn fts(shape: &Shape) -> Vec<String> {
    let words = shape.words();
    let first = (words.len() > 1).then(|| fts_of(shape, FIRST, &words[..1]));
    fts_of(shape, WORDS, &words).into_iter().chain(first.into_iter().flatten()).collect()
}

/// How FTS5 takes words apart that `words` has taken apart already: a mark belongs to its word, as with us.
pub(crate) const TOKENS: &str = "unicode61 remove_diacritics 0 categories 'L* N* M* Co'";

fn fts_of(shape: &Shape, suffix: &str, words: &[&str]) -> Vec<String> {
    let columns = |prefix| list(prefix, words.iter().copied());
    let (name, old, new, columns) = (&shape.name, columns("old."), columns("new."), columns(""));
    let fts = format!("\"_{name}_{suffix}\"");
    let delete = format!("INSERT INTO {fts} ({fts}, rowid, {columns}) VALUES ('delete', old.rowid, {old});");
    let insert = format!("INSERT INTO {fts} (rowid, {columns}) VALUES (new.rowid, {new});");
    let differ = words.iter().map(|c| format!("old.\"{c}\" IS NOT new.\"{c}\"")).collect::<Vec<_>>();
    vec![
        format!(
            "CREATE VIRTUAL TABLE {fts} USING fts5({columns}, content='{name}', content_rowid='rowid', \
             tokenize=\"{TOKENS}\")"
        ),
        format!("INSERT INTO {fts} ({fts}, rank) VALUES ('secure-delete', 1)"),
        format!("INSERT INTO {fts} ({fts}) VALUES ('rebuild')"),
        format!("CREATE TRIGGER \"_{name}_{suffix}_made\" AFTER INSERT ON \"{name}\" BEGIN {insert} END"),
        format!("CREATE TRIGGER \"_{name}_{suffix}_gone\" AFTER DELETE ON \"{name}\" BEGIN {delete} END"),
        format!(
            "CREATE TRIGGER \"_{name}_{suffix}_changed\" AFTER UPDATE ON \"{name}\" WHEN {} BEGIN {delete} {insert} END",
            differ.join(" OR ")
        ),
    ]
}

/// The words as Postgres searches them: the first column weighs most.
fn vector(shape: &Shape) -> String {
    let part = |(at, name): (usize, &&str)| {
        let weight = if at == 0 { 'A' } else { 'D' };
        format!("setweight(to_tsvector('simple'::regconfig, coalesce(\"{name}\", '')), '{weight}')")
    };
    format!("({})", shape.words().iter().enumerate().map(part).collect::<Vec<_>>().join(" || "))
}

fn gin(shape: &Shape) -> Vec<String> {
    let name = format!("\"_{}_words\"", shape.name);
    let create = format!("CREATE INDEX {name} ON \"{}\" USING gin ({})", shape.name, vector(shape));
    // As for the columns: no samples of what people wrote.
    vec![create, format!("ALTER INDEX {name} ALTER COLUMN 1 SET STATISTICS 0")]
}

impl Schema {
    /// What the tables look like: kept in `_meta`, so that a change without a new version is seen.
    pub(crate) fn looks(&self) -> String {
        [Dialect::Sqlite.create(self), self.seeks()].concat().join(";\n")
    }

    fn seeks(&self) -> Vec<String> {
        let seeks = self.views.iter().flat_map(|view| view.seeks);
        seeks.enumerate().map(|(number, seek)| seek.index(number)).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{CountBy, Table, bytes, int, sealed, text};

    static SIGNATURES: Table = Table {
        name: "signatures",
        columns: &[bytes("petition"), int("number"), int("slot"), sealed(text("area"))],
        key: 2,
        sealed_by: Some("slot"),
        indexes: &[&["number"]],
        counts: &[CountBy { into: "areas", group: &["petition"], column: "area", only: None }],
    };

    #[test]
    fn ddl_is_generated_for_both() {
        let schema = Schema::new("p", 1, const { &[&SIGNATURES] }, &[]).unwrap();
        let sqlite = Dialect::Sqlite.table(&schema.tables[0]);
        assert_eq!(
            sqlite,
            "CREATE TABLE \"signatures\" (\"petition\" BLOB NOT NULL, \"number\" INTEGER NOT NULL, \"slot\" INTEGER, \
             \"area\" TEXT, PRIMARY KEY (\"petition\", \"number\")) WITHOUT ROWID, STRICT"
        );
        let postgres = Dialect::Postgres.table(&schema.tables[2]);
        assert_eq!(
            postgres,
            "CREATE TABLE \"areas\" (\"petition\" bytea NOT NULL, \"value\" text COLLATE \"C\" NOT NULL, \"rows\" bigint)"
        );
        assert_eq!(
            Dialect::Postgres.indexes(&schema.tables[0]),
            [
                "ALTER TABLE \"signatures\" ADD PRIMARY KEY (\"petition\", \"number\")",
                "ALTER TABLE \"signatures\" ALTER COLUMN \"area\" SET STATISTICS 0",
                "CREATE INDEX \"_signatures_0\" ON \"signatures\" (\"number\")",
                "CREATE INDEX \"_signatures_1\" ON \"signatures\" (\"slot\")",
            ]
        );
    }
}
