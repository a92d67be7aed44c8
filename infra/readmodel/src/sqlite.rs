//! One SQLite file: one writing connection, a few reading ones, never used from an async thread.

pub(crate) mod build;
pub(crate) mod files;
mod write;

use std::{
    path::{Path, PathBuf},
    sync::{
        Arc, Mutex, MutexGuard, PoisonError,
        atomic::{AtomicBool, Ordering},
    },
    time::Duration,
};

use rusqlite::{
    Connection, OpenFlags, ToSql,
    config::DbConfig,
    types::{ToSqlOutput, ValueRef},
};
use tokio::sync::Semaphore;

use crate::{
    Checkpoint,
    ddl::Dialect,
    error::{ColumnFault, Error, Result, sqlite},
    op::{Op, Value},
    query::{self, Query},
    row::Row,
    schema::{Schema, TableId},
    store::{Meta, Source},
};

/// Reads at the same time; more wait.
const READERS: usize = 4;
/// Statements a connection keeps prepared.
const STATEMENTS: usize = 128;
const BUSY: Duration = Duration::from_secs(5);

/// An open generation. Its file is deleted when the last user of a retired one is done.
pub(crate) struct Sqlite {
    schema: Arc<Schema>,
    path: PathBuf,
    /// Closed before the writer, which empties and deletes the WAL if it is the last.
    readers: Mutex<Vec<Connection>>,
    writer: Mutex<Option<Connection>>,
    permits: Semaphore,
    /// An erasure's WAL couldn't be truncated yet: the next batch tries again.
    truncate_due: AtomicBool,
    retired: AtomicBool,
    number: u64,
}

impl Sqlite {
    /// Opens a file, making an empty store if it isn't there.
    pub(crate) fn open(schema: Arc<Schema>, path: PathBuf, number: u64) -> Result<Self> {
        let mut writer = connect(&path, OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_CREATE)?;
        let pragmas = "PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL; PRAGMA secure_delete = ON; \
                       PRAGMA cache_size = -32768; PRAGMA journal_size_limit = 67108864;";
        writer.execute_batch(pragmas).map_err(sqlite("open"))?;
        write::create(&mut writer, &schema)?;
        let opened = Self::to_read(schema, path, number);
        *lock(&opened.writer) = Some(writer);
        Ok(opened)
    }

    /// One that somebody else writes.
    pub(crate) fn to_read(schema: Arc<Schema>, path: PathBuf, number: u64) -> Self {
        Self {
            schema,
            path,
            writer: Mutex::default(),
            readers: Mutex::default(),
            permits: Semaphore::new(READERS),
            truncate_due: AtomicBool::new(false),
            retired: AtomicBool::new(false),
            number,
        }
    }

    /// Nobody opens it again: deleted when its last user is done.
    pub(crate) fn retire(&self) {
        self.retired.store(true, Ordering::Release);
    }

    /// Becomes the live one: not deleted.
    pub(crate) fn keep(&self) {
        self.retired.store(false, Ordering::Release);
    }

    /// Which generation it is.
    pub(crate) fn number(&self) -> u64 {
        self.number
    }

    /// Writes a batch.
    pub(crate) async fn apply(
        self: Arc<Self>,
        ops: Vec<Op>,
        moved: (Checkpoint, Checkpoint),
        source: Option<Source>,
    ) -> Result<()> {
        blocking(move || {
            let mut writer = lock(&self.writer);
            let writer = writer.as_mut().ok_or(Error::Worker)?;
            if write::apply(writer, &self.schema, ops, moved, source.as_ref())? {
                self.truncate_due.store(true, Ordering::Release);
            }
            if self.truncate_due.load(Ordering::Acquire) {
                let done = write::truncate(writer)?;
                self.truncate_due.store(!done, Ordering::Release);
            }
            Ok(())
        })
        .await
    }

    /// Who and how far.
    pub(crate) async fn meta(self: Arc<Self>) -> Result<Meta> {
        self.read(|_, connection| write::meta(connection)).await
    }

    /// What they have read.
    pub(crate) async fn source(self: Arc<Self>) -> Result<Option<String>> {
        self.read(|_, connection| write::source(connection)).await
    }

    /// All rows of an answer.
    pub(crate) async fn query(self: Arc<Self>, query: Query, values: Vec<Value>) -> Result<Vec<Row>> {
        self.read(move |_, connection| rows(connection, query.name, query.sql, &values)).await
    }

    /// All rows of an answer to a statement made for it.
    pub(crate) async fn query_text(
        self: Arc<Self>,
        name: &'static str,
        sql: String,
        values: Vec<Value>,
    ) -> Result<Vec<Row>> {
        self.read(move |_, connection| rows(connection, name, &sql, &values)).await
    }

    /// All rows of each answer, in one snapshot.
    pub(crate) async fn query_all(self: Arc<Self>, asked: Vec<(Query, Vec<Value>)>) -> Result<Vec<Vec<Row>>> {
        self.read(move |_, connection| {
            let snapshot = connection.unchecked_transaction().map_err(sqlite("begin a read"))?;
            asked.iter().map(|(query, values)| rows(&snapshot, query.name, query.sql, values)).collect()
        })
        .await
    }

    /// Rows in key order.
    pub(crate) async fn page(
        self: Arc<Self>,
        table: TableId,
        after: Option<Vec<Value>>,
        limit: usize,
    ) -> Result<Vec<Vec<Value>>> {
        self.read(move |schema, connection| {
            let sql = Dialect::Sqlite.page(&schema.tables[table], after.is_some());
            let mut values = after.unwrap_or_default();
            values.push(Value::Int(limit as i64));
            let mut statement = connection.prepare_cached(&sql).map_err(sqlite("page"))?;
            let mut found = statement.query(rusqlite::params_from_iter(&values)).map_err(sqlite("page"))?;
            let mut all = Vec::new();
            while let Some(row) = found.next().map_err(sqlite("page"))? {
                all.push(values_of(row, schema.tables[table].columns.len(), "page", &[])?);
            }
            Ok(all)
        })
        .await
    }

    /// Runs a read on a connection of the pool.
    async fn read<T: Send + 'static>(
        self: Arc<Self>,
        read: impl FnOnce(&Schema, &Connection) -> Result<T> + Send + 'static,
    ) -> Result<T> {
        let this = Arc::clone(&self);
        let _permit = this.permits.acquire().await.map_err(|_| Error::Worker)?;
        blocking(move || {
            let free = lock(&self.readers).pop();
            let connection = match free {
                Some(connection) => connection,
                None => connect(&self.path, OpenFlags::SQLITE_OPEN_READ_ONLY)?,
            };
            let answer = read(&self.schema, &connection);
            lock(&self.readers).push(connection);
            answer
        })
        .await
    }
}

impl Drop for Sqlite {
    fn drop(&mut self) {
        if self.retired.load(Ordering::Acquire) {
            lock(&self.readers).clear();
            lock(&self.writer).take();
            if let Err(error) = files::remove(&self.path) {
                tracing::warn!(path = %self.path.display(), %error, "an old generation could not be deleted");
            }
        }
    }
}

/// Runs off the async threads.
pub(crate) async fn blocking<T: Send + 'static>(
    work: impl FnOnce() -> Result<T> + Send + 'static,
) -> Result<T> {
    tokio::task::spawn_blocking(work).await.map_err(|_| Error::Worker)?
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

pub(crate) fn connect(path: &Path, flags: OpenFlags) -> Result<Connection> {
    let connection =
        Connection::open_with_flags(path, flags | OpenFlags::SQLITE_OPEN_NO_MUTEX).map_err(sqlite("open"))?;
    connection.busy_timeout(BUSY).map_err(sqlite("open"))?;
    // A plan depends on the statement alone, never on what is bound to it: it isn't made again for each value.
    let stable = DbConfig::SQLITE_DBCONFIG_ENABLE_QPSG;
    connection.set_db_config(stable, true).map_err(sqlite("open"))?;
    connection.set_prepared_statement_cache_capacity(STATEMENTS);
    Ok(connection)
}

fn rows(connection: &Connection, name: &'static str, sql: &str, values: &[Value]) -> Result<Vec<Row>> {
    let mut statement =
        connection.prepare_cached(&query::for_sqlite(sql)).map_err(sqlite("prepare a query"))?;
    let columns: Arc<[String]> = statement.column_names().map(str::to_owned).collect();
    let mut found = statement.query(rusqlite::params_from_iter(values)).map_err(sqlite("query"))?;
    let mut all = Vec::new();
    while let Some(row) = found.next().map_err(sqlite("query"))? {
        let values = values_of(row, columns.len(), name, &columns)?;
        all.push(Row { query: name, columns: Arc::clone(&columns), values });
    }
    Ok(all)
}

/// The values of a row; a real number is none.
pub(crate) fn values_of(
    row: &rusqlite::Row<'_>,
    columns: usize,
    query: &'static str,
    names: &[String],
) -> Result<Vec<Value>> {
    let value = |at: usize| match row.get_ref(at).map_err(sqlite("read a row"))? {
        ValueRef::Null => Ok(Value::Null),
        ValueRef::Integer(int) => Ok(Value::Int(int)),
        ValueRef::Text(text) => Ok(Value::Text(String::from_utf8_lossy(text).into_owned())),
        ValueRef::Blob(bytes) => Ok(Value::Bytes(bytes.to_vec())),
        ValueRef::Real(_) => {
            let column = names.get(at).cloned().unwrap_or_default();
            Err(Error::Column { query, column, fault: ColumnFault::Kind })
        }
    };
    (0..columns).map(value).collect()
}

impl ToSql for Value {
    fn to_sql(&self) -> rusqlite::Result<ToSqlOutput<'_>> {
        Ok(ToSqlOutput::Borrowed(match self {
            Self::Null => ValueRef::Null,
            Self::Int(int) => ValueRef::Integer(*int),
            Self::Text(text) => ValueRef::Text(text.as_bytes()),
            Self::Bytes(bytes) => ValueRef::Blob(bytes),
        }))
    }
}
