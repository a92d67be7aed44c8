//! One schema in Postgres. Connections are shared by all stores; each use says which schema it means.
//!
//! Writers and promotions of one store exclude each other by an advisory lock, taken before any table's name is
//! resolved: a rename between two statements can't lead a batch into another generation.

pub(crate) mod array;
pub(crate) mod build;
pub(crate) mod value;
pub(crate) mod views;
pub(crate) mod write;

use std::sync::Arc;

use deadpool_postgres::{Client, GenericClient, Manager, ManagerConfig, Pool, RecyclingMethod};
use futures_util::future;
use tokio_postgres::{IsolationLevel, NoTls, Statement, types::ToSql};

use crate::{
    Checkpoint,
    ddl::Dialect,
    error::{Error, Result, postgres},
    op::{Op, Value},
    query::Query,
    row::Row,
    schema::{Schema, TableId},
    store::{Backend, Meta, Source},
    view::{Audience, Made},
};

/// One generation.
pub(crate) struct Postgres {
    pub(crate) schema: Arc<Schema>,
    pub(crate) pool: Pool,
    pub(crate) namespace: String,
    pub(crate) views: Arc<Made>,
    /// Begins each statement's text, so that a connection never takes one schema's prepared statement for another's.
    tag: String,
}

impl Backend {
    /// Postgres, by a connection string (`host=... user=...` or `postgres://...`) and at most so many connections.
    ///
    /// # Errors
    /// If the string isn't one.
    pub fn postgres(connection: &str, connections: usize) -> Result<Self> {
        let settings = connection.parse().map_err(postgres("read the connection string"))?;
        let manager = ManagerConfig { recycling_method: RecyclingMethod::Fast };
        let manager = Manager::from_config(settings, NoTls, manager);
        let pool = Pool::builder(manager).max_size(connections).build();
        let pool = pool.map_err(|error| Error::Settings(error.to_string()))?;
        Ok(Self::Postgres { pool, audience: Audience::default() })
    }

    /// With views for roles whose names begin so.
    #[must_use]
    pub fn read_by(mut self, readers: &str) -> Self {
        if let Self::Postgres { audience, .. } = &mut self {
            readers.clone_into(&mut audience.readers);
        }
        self
    }

    /// For a tenant whose days begin in a zone, by its IANA name.
    #[must_use]
    pub fn in_zone(&self, zone: &str) -> Self {
        let mut here = self.clone();
        if let Self::Postgres { audience, .. } = &mut here {
            zone.clone_into(&mut audience.zone);
        }
        here
    }

    /// Whether the database is there: a server may be started later than what needs it.
    ///
    /// # Errors
    /// Why it isn't.
    pub async fn answers(&self) -> Result<()> {
        let Self::Postgres { pool, .. } = self else { return Ok(()) };
        let client = pool.get().await.map_err(Error::Connect)?;
        client.simple_query("SELECT 1").await.map_err(postgres("ask the database"))?;
        Ok(())
    }
}

/// The lock of a store, whichever generation is written.
pub(crate) fn advisory(namespace: &str) -> String {
    format!("SELECT pg_advisory_xact_lock({})", lock_of(namespace, 0))
}

/// The lock under which generations change places: readers of one moment share it.
pub(crate) fn places(namespace: &str, share: &str) -> String {
    format!("SELECT pg_advisory_xact_lock{share}({})", lock_of(namespace, 1))
}

fn lock_of(namespace: &str, which: u8) -> String {
    let store = namespace.split('#').next().unwrap_or(namespace);
    format!("hashtextextended('radslag/{store}', {which})")
}

impl Postgres {
    pub(crate) fn new(schema: Arc<Schema>, pool: Pool, namespace: String, views: Arc<Made>) -> Self {
        let tag = format!("/* {namespace} {} */ ", schema.version);
        Self { schema, pool, namespace, views, tag }
    }

    pub(crate) async fn client(&self) -> Result<Client> {
        self.pool.get().await.map_err(Error::Connect)
    }

    /// Makes the schema, its tables and views if they aren't there, and views that are described otherwise by now.
    pub(crate) async fn create(&self) -> Result<()> {
        if write::create(self).await? { Ok(()) } else { views::settle(self).await }
    }

    /// Whether its tables are there.
    pub(crate) async fn exists(&self) -> Result<bool> {
        let client = self.client().await?;
        write::exists(&client, &self.namespace).await
    }

    /// Writes a batch.
    pub(crate) async fn apply(
        &self,
        ops: Vec<Op>,
        moved: (Checkpoint, Checkpoint),
        source: Option<Source>,
    ) -> Result<()> {
        write::apply(self, ops, moved, source).await
    }

    /// What they have read.
    pub(crate) async fn source(&self) -> Result<Option<String>> {
        let rows = self.query("source", "SELECT source FROM _meta WHERE one = 1", &[]).await?;
        let row = rows.first().ok_or_else(|| self.schema.damaged("_meta is empty"))?;
        Ok(row.opt_text("source")?.map(str::to_owned))
    }

    pub(crate) fn search_path(&self, scope: &str) -> String {
        format!("SET {scope} search_path TO \"{}\"", self.namespace)
    }

    /// The text under which a statement is prepared.
    pub(crate) fn tagged(&self, sql: &str) -> String {
        format!("{}{sql}", self.tag)
    }

    /// Who and how far.
    pub(crate) async fn meta(&self) -> Result<Meta> {
        let rows =
            self.query("meta", "SELECT version, shape, origin, next FROM _meta WHERE one = 1", &[]).await?;
        let row = rows.first().ok_or_else(|| self.schema.damaged("_meta is empty"))?;
        let narrow = |int: i64| u32::try_from(int).map_err(|_| self.schema.damaged("a number in _meta"));
        let checkpoint =
            Checkpoint { origin: narrow(row.int("origin")?)?, next: row.int("next")?.cast_unsigned() };
        Ok(Meta { version: narrow(row.int("version")?)?, looks: row.text("shape")?.to_owned(), checkpoint })
    }

    /// All rows of an answer.
    pub(crate) async fn query(&self, name: &'static str, sql: &str, values: &[Value]) -> Result<Vec<Row>> {
        let client = self.client().await?;
        let path = self.search_path("");
        // Both are on their way before either is answered, in this order.
        let (path, rows) =
            future::join(client.batch_execute(&path), self.rows(&client, name, sql, values)).await;
        path.map_err(postgres("choose the schema"))?;
        rows
    }

    /// All rows of each answer, in one snapshot; each is on its way without waiting for the one before.
    pub(crate) async fn query_all(&self, asked: &[(Query, Vec<Value>)]) -> Result<Vec<Vec<Row>>> {
        let mut client = self.client().await?;
        let snapshot = client.build_transaction().isolation_level(IsolationLevel::RepeatableRead);
        let snapshot = snapshot.read_only(true).start().await.map_err(postgres("begin a read"))?;
        let begin = format!("{}; {}", places(&self.namespace, "_shared"), self.search_path("LOCAL"));
        let all = asked.iter().map(|(query, values)| self.rows(&snapshot, query.name, query.sql, values));
        let (begun, rows) = future::join(snapshot.batch_execute(&begin), future::try_join_all(all)).await;
        begun.map_err(postgres("begin a read"))?;
        rows
    }

    async fn rows(
        &self,
        client: &impl GenericClient,
        name: &'static str,
        sql: &str,
        values: &[Value],
    ) -> Result<Vec<Row>> {
        let types: Vec<_> = values.iter().map(value::kind).collect();
        let statement = client.prepare_typed_cached(&self.tagged(sql), &types).await;
        let statement: Statement = statement.map_err(postgres("prepare a query"))?;
        let values: Vec<&(dyn ToSql + Sync)> = values.iter().map(|v| v as &(dyn ToSql + Sync)).collect();
        let rows = client.query(&statement, &values).await.map_err(postgres("query"))?;
        let columns: Arc<[String]> = statement.columns().iter().map(|c| c.name().to_owned()).collect();
        let row = |row: &tokio_postgres::Row| {
            let values = value::values(row, name)?;
            Ok(Row { query: name, columns: Arc::clone(&columns), values })
        };
        rows.iter().map(row).collect()
    }

    /// Rows in key order.
    pub(crate) async fn page(
        &self,
        table: TableId,
        after: Option<Vec<Value>>,
        limit: usize,
    ) -> Result<Vec<Vec<Value>>> {
        let sql = Dialect::Postgres.page(&self.schema.tables[table], after.is_some());
        let client = self.client().await?;
        client.batch_execute(&self.search_path("")).await.map_err(postgres("choose the schema"))?;
        let mut values = after.unwrap_or_default();
        values.push(Value::Int(limit as i64));
        let types: Vec<_> = values.iter().map(value::kind).collect();
        let values: Vec<&(dyn ToSql + Sync)> = values.iter().map(|v| v as &(dyn ToSql + Sync)).collect();
        let prepared = client.prepare_typed_cached(&self.tagged(&sql), &types).await;
        let rows =
            client.query(&prepared.map_err(postgres("page"))?, &values).await.map_err(postgres("page"))?;
        rows.iter().map(|row| value::values(row, "page")).collect()
    }
}
