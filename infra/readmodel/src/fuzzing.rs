//! What reads rows and temporary files, for tests that feed it anything.

use rusqlite::Connection;

use crate::{
    Kind, Result, Search, Value,
    block::{Block, Change, Growth},
    ddl::Dialect,
    error::sqlite,
    key,
    rebuild::payload,
    varint,
};

/// A number in seven bits a byte, the bytes it took, and its bytes when it is written again.
#[must_use]
pub fn varint(bytes: &[u8]) -> Option<(u64, usize, Vec<u8>)> {
    let (mut rest, mut again) = (bytes, Vec::new());
    let value = varint::take(&mut rest)?;
    varint::put(value, &mut again);
    Some((value, bytes.len() - rest.len(), again))
}

/// A signed number after it became an unsigned one and back.
#[must_use]
pub fn zigzag(value: i64) -> i64 {
    varint::unzigzag(varint::zigzag(value))
}

/// The key of a row and its bytes again.
#[must_use]
pub fn row_key(bytes: &[u8], kinds: &[Kind]) -> Option<(Vec<Value>, Vec<u8>)> {
    let (mut row, mut again) = (Vec::new(), Vec::new());
    key::decode(bytes, kinds.iter().copied(), &mut row)?;
    key::encode(&row, &mut again);
    Some((row, again))
}

/// The bytes of a row's key.
#[must_use]
pub fn row_key_of(row: &[Value]) -> Vec<u8> {
    let mut bytes = Vec::new();
    key::encode(row, &mut bytes);
    bytes
}

/// A change in a temporary file: its bytes when it is written again, and whether those read the same.
#[must_use]
pub fn change(bytes: &[u8]) -> Option<(Vec<u8>, bool)> {
    let change = payload::take(bytes)?;
    let mut again = Vec::new();
    payload::put(&change, &mut again);
    let same = payload::take(&again).as_ref() == Some(&change);
    Some((again, same))
}

/// What two changes make together, if they are additions to one column.
#[must_use]
pub fn combined(first: &[u8], second: &[u8]) -> Option<Vec<u8>> {
    let mut sum = Vec::new();
    payload::combine(first, second, &mut sum).then_some(sum)
}

/// One change of a count: position, milliseconds, change, count after it.
pub type Counted = (u64, u64, i64, i64);

/// The changes of a row of `count_block`, and the bytes of the blocks that hold the same changes.
#[must_use]
pub fn count_block(row: &[Value]) -> Option<(Vec<Counted>, Vec<Vec<u8>>)> {
    let block = Block::from_values(row)?;
    let mut counted = Vec::new();
    block.each(|tip, delta| counted.push((tip.position, tip.recorded_at, delta, tip.count)))?;
    let mut growth = Growth::default();
    for (position, recorded_at, delta, _) in &counted {
        let change =
            Change { origin: block.origin, position: *position, recorded_at: *recorded_at, delta: *delta };
        growth.push(change).ok()?;
    }
    Some((counted, growth.blocks.into_iter().map(|block| block.changes).collect()))
}

/// A block from a temporary file.
#[must_use]
pub fn piece(bytes: &[u8]) -> Option<Vec<Value>> {
    let mut block = None;
    payload::take_piece(bytes, 0, &mut block)?;
    block.map(|block| block.into_values(Vec::new()))
}

/// A database with nothing but a table of words.
pub struct Words(Connection);

impl Words {
    /// In memory.
    ///
    /// # Errors
    /// Of SQLite.
    pub fn new() -> Result<Self> {
        let made = Connection::open_in_memory().and_then(|database| {
            let tokens = crate::ddl::TOKENS;
            database.execute_batch(&format!(
                "CREATE VIRTUAL TABLE texts USING fts5(words, other, tokenize = \"{tokens}\")"
            ))?;
            Ok(database)
        });
        Ok(Self(made.map_err(sqlite("fuzzing"))?))
    }

    /// How many of these texts a search finds, asked as `Store::search` asks.
    ///
    /// # Errors
    /// If SQLite doesn't understand the search.
    pub fn found(&self, search: &Search, indexed: Option<&str>) -> Result<u64> {
        let expression = search.expression(Dialect::Sqlite, "words");
        let count = || {
            self.0.execute("DELETE FROM texts", [])?;
            self.0.execute("INSERT INTO texts (words) VALUES (?1)", [indexed])?;
            let sql = "SELECT count(*) FROM texts WHERE texts MATCH ?1";
            self.0.query_row(sql, [expression.as_str()], |row| row.get::<_, u32>(0))
        };
        Ok(count().map_err(sqlite("fuzzing"))?.into())
    }
}

/// As Postgres is asked.
#[must_use]
pub fn postgres(search: &Search) -> String {
    search.expression(Dialect::Postgres, "words")
}
