//! The live tables of one projection of one (tenant, service), whichever database keeps them.

use std::{path::PathBuf, sync::Arc, sync::PoisonError, sync::RwLock};

use tokio::sync::{Mutex, MutexGuard};

use crate::{
    Checkpoint, Projection,
    ddl::Dialect,
    error::{Error, Result, io},
    name,
    op::{Op, Value},
    postgres::Postgres,
    query::Query,
    row::Row,
    schema::{Schema, TableId},
    sqlite::{Sqlite, blocking, files::Files},
    view::{Audience, Made},
    words::Search,
};

/// Which database keeps the tables.
#[derive(Clone, Debug)]
pub enum Backend {
    /// Files `<dir>/<tenant>/<service>/<projection>.<generation>.db`.
    Sqlite {
        /// Where the tenants' folders are; made if it isn't there.
        dir: PathBuf,
    },
    /// A schema `<tenant>_<service>_<projection>` each.
    Postgres {
        /// Shared by all stores; the role may create schemas.
        pool: deadpool_postgres::Pool,
        /// Whom views are for.
        audience: Audience,
    },
}

/// What tables have read, as whoever reads says it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Source {
    /// In the reader's own words.
    pub said: String,
    /// When the last event was recorded, in milliseconds.
    pub recorded_at: u64,
}

/// The live tables. Cheap to share in an `Arc`; every method takes `&self`.
pub struct Store {
    pub(crate) schema: Arc<Schema>,
    pub(crate) place: Place,
    live: RwLock<Live>,
    /// Held by a batch, a comparison and a promotion: one at a time.
    writing: Mutex<()>,
}

/// Where generations of a store are.
#[derive(Clone)]
pub(crate) enum Place {
    Sqlite(Files),
    Postgres { pool: deadpool_postgres::Pool, namespace: String, views: Arc<Made> },
}

/// One generation, open.
#[derive(Clone)]
pub(crate) enum Live {
    Sqlite(Arc<Sqlite>),
    Postgres(Arc<Postgres>),
}

/// The row of `_meta`.
#[derive(Debug)]
pub(crate) struct Meta {
    pub(crate) version: u32,
    pub(crate) looks: String,
    pub(crate) checkpoint: Checkpoint,
}

impl Meta {
    /// Refuses tables of another version or look.
    pub(crate) fn fresh(&self, schema: &Schema) -> Result<()> {
        if self.version == schema.version && self.looks == schema.looks() {
            return Ok(());
        }
        let (projection, found, wanted) = (schema.projection, self.version, schema.version);
        Err(Error::Stale { projection, found, wanted })
    }

    /// Refuses another checkpoint too.
    pub(crate) fn expect(&self, schema: &Schema, expected: Checkpoint) -> Result<()> {
        self.fresh(schema)?;
        if self.checkpoint == expected {
            return Ok(());
        }
        Err(Error::CheckpointMoved { projection: schema.projection, expected, found: self.checkpoint })
    }
}

impl Store {
    /// Opens the live tables, making empty ones at checkpoint 0/0 if there are none.
    ///
    /// Tables of another version open too, so that they can be rebuilt and replaced: see `is_stale`.
    ///
    /// # Errors
    /// If a name or a table's description breaks a rule, or the database fails.
    pub async fn open<E>(
        backend: &Backend,
        tenant: &str,
        service: &str,
        projection: &Projection<E>,
    ) -> Result<Self> {
        let schema = Arc::new(Schema::of(projection)?);
        let (tenant, service) = (name::place("tenant", tenant)?, name::place("service", service)?);
        let place = Place::of(backend, (&tenant, &service), projection)?;
        let live = place.open(&schema).await?;
        Ok(Self { schema, place, live: RwLock::new(live), writing: Mutex::new(()) })
    }

    /// Opens the live tables only to be read, also beside a server that writes them; `None` if there are none.
    ///
    /// # Errors
    /// As `open`.
    pub async fn open_to_read<E>(
        backend: &Backend,
        tenant: &str,
        service: &str,
        projection: &Projection<E>,
    ) -> Result<Option<Self>> {
        let schema = Arc::new(Schema::of(projection)?);
        let (tenant, service) = (name::place("tenant", tenant)?, name::place("service", service)?);
        let place = Place::of(backend, (&tenant, &service), projection)?;
        let live = match &place {
            Place::Sqlite(files) => {
                let Some(generation) = files.current()? else { return Ok(None) };
                Live::Sqlite(Arc::new(Sqlite::to_read(schema.clone(), files.path(generation), generation)))
            }
            Place::Postgres { pool, namespace, views } => {
                let (namespace, views) = (namespace.clone(), Arc::clone(views));
                let postgres = Postgres::new(Arc::clone(&schema), pool.clone(), namespace, views);
                if !postgres.exists().await? {
                    return Ok(None);
                }
                Live::Postgres(Arc::new(postgres))
            }
        };
        Ok(Some(Self { schema, place, live: RwLock::new(live), writing: Mutex::new(()) }))
    }

    /// Writes what a batch of operations makes of the rows, and moves the checkpoint, in one transaction.
    ///
    /// # Errors
    /// `CheckpointMoved` if it doesn't stand at `from`; `Stale`; a fold's broken rule. Then nothing is written.
    pub async fn apply(&self, ops: Vec<Op>, from: Checkpoint, to: Checkpoint) -> Result<()> {
        let _writing = self.writing.lock().await;
        self.live().apply(ops, (from, to), None).await
    }

    /// The same, keeping what they have then read.
    ///
    /// # Errors
    /// As `apply`.
    pub async fn apply_of(
        &self,
        ops: Vec<Op>,
        from: Checkpoint,
        to: Checkpoint,
        source: Source,
    ) -> Result<()> {
        let _writing = self.writing.lock().await;
        self.live().apply(ops, (from, to), Some(source)).await
    }

    /// What the tables have read, as whoever wrote them last said; nothing if they didn't.
    ///
    /// # Errors
    /// `Stale`; if the database fails.
    pub async fn source(&self) -> Result<Option<String>> {
        self.live().meta().await?.fresh(&self.schema)?;
        self.live().source().await
    }

    /// How far the tables have read the log.
    ///
    /// # Errors
    /// If the database fails.
    pub async fn checkpoint(&self) -> Result<Checkpoint> {
        Ok(self.live().meta().await?.checkpoint)
    }

    /// Whether the kept tables are of another version than the code, or look different: only a rebuild helps.
    ///
    /// # Errors
    /// If the database fails.
    pub async fn is_stale(&self) -> Result<bool> {
        Ok(self.live().meta().await?.fresh(&self.schema).is_err())
    }

    /// All rows of a query's answer.
    ///
    /// # Errors
    /// If the database fails, or answers with something that is neither integer, text nor bytes.
    pub async fn query(&self, query: &Query, values: &[Value]) -> Result<Vec<Row>> {
        self.live().query(*query, values.to_vec()).await
    }

    /// The rows of each query, all as of one checkpoint: what two of them say of one list agrees.
    ///
    /// # Errors
    /// As `query`.
    pub async fn query_all<const N: usize>(&self, asked: [(&Query, Vec<Value>); N]) -> Result<[Vec<Row>; N]> {
        let asked = asked.into_iter().map(|(query, values)| (*query, values)).collect();
        let answers = self.live().query_all(asked).await?;
        Ok(<[Vec<Row>; N]>::try_from(answers).unwrap_or_else(|_| std::array::from_fn(|_| Vec::new())))
    }

    /// The same query for many values: the rows of each, in order, all as of one checkpoint.
    ///
    /// # Errors
    /// As `query`.
    pub async fn query_each(&self, query: &Query, values: Vec<Vec<Value>>) -> Result<Vec<Vec<Row>>> {
        self.live().query_all(values.into_iter().map(|values| (*query, values)).collect()).await
    }

    /// All rows of a query that reads `words_<table>($1)`: the table's columns and `relevance`, of the rows in which the
    /// search finds something. `values` begin at `$2`. Nothing to look for finds nothing.
    ///
    /// # Errors
    /// As `query`.
    pub async fn search(&self, query: &Query, search: &Search, values: &[Value]) -> Result<Vec<Row>> {
        if search.is_empty() {
            return Ok(Vec::new());
        }
        let live = self.live();
        let dialect = live.dialect();
        let (sql, first) = dialect
            .with_words(&self.schema, query.sql, search.is_ranked())
            .ok_or(Error::NoWords { query: query.name })?;
        let expression = Value::Text(search.expression(dialect, first));
        let values = std::iter::once(expression).chain(values.iter().cloned()).collect();
        live.query_text(query.name, sql, values).await
    }

    pub(crate) fn live(&self) -> Live {
        self.live.read().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// Puts another generation in the place of the live one.
    pub(crate) fn swap(&self, next: Live) -> Live {
        std::mem::replace(&mut *self.live.write().unwrap_or_else(PoisonError::into_inner), next)
    }

    /// No batch is written while this is held.
    pub(crate) async fn pause(&self) -> MutexGuard<'_, ()> {
        self.writing.lock().await
    }
}

impl Place {
    fn of<E>(backend: &Backend, (tenant, service): (&str, &str), projection: &Projection<E>) -> Result<Self> {
        Ok(match backend {
            Backend::Sqlite { dir } => {
                Self::Sqlite(Files { dir: dir.join(tenant).join(service), projection: projection.name })
            }
            Backend::Postgres { pool, audience } => {
                let namespace = name::schema(tenant, service, projection.name)?;
                let views = Arc::new(Made::new(projection.views, tenant, audience));
                Self::Postgres { pool: pool.clone(), namespace, views }
            }
        })
    }

    async fn open(&self, schema: &Arc<Schema>) -> Result<Live> {
        match self {
            Self::Sqlite(files) => {
                let (files, schema) = (files.clone(), Arc::clone(schema));
                blocking(move || open_sqlite(&files, schema)).await
            }
            Self::Postgres { pool, namespace, views } => {
                let (schema, views) = (Arc::clone(schema), Arc::clone(views));
                let postgres = Postgres::new(schema, pool.clone(), namespace.clone(), views);
                postgres.create().await?;
                Ok(Live::Postgres(Arc::new(postgres)))
            }
        }
    }
}

fn open_sqlite(files: &Files, schema: Arc<Schema>) -> Result<Live> {
    std::fs::create_dir_all(&files.dir).map_err(io(&files.dir, "create"))?;
    let generation = match files.current()? {
        Some(generation) => generation,
        None => {
            let generation = files.generations()?.into_iter().max().unwrap_or(0) + 1;
            drop(Sqlite::open(Arc::clone(&schema), files.path(generation), generation)?);
            files.set_current(generation)?;
            generation
        }
    };
    Ok(Live::Sqlite(Arc::new(Sqlite::open(schema, files.path(generation), generation)?)))
}

impl Live {
    pub(crate) async fn apply(
        self,
        ops: Vec<Op>,
        moved: (Checkpoint, Checkpoint),
        source: Option<Source>,
    ) -> Result<()> {
        match self {
            Self::Sqlite(sqlite) => sqlite.apply(ops, moved, source).await,
            Self::Postgres(postgres) => postgres.apply(ops, moved, source).await,
        }
    }

    async fn source(self) -> Result<Option<String>> {
        match self {
            Self::Sqlite(sqlite) => sqlite.source().await,
            Self::Postgres(postgres) => postgres.source().await,
        }
    }

    pub(crate) async fn meta(self) -> Result<Meta> {
        match self {
            Self::Sqlite(sqlite) => sqlite.meta().await,
            Self::Postgres(postgres) => postgres.meta().await,
        }
    }

    pub(crate) async fn query(self, query: Query, values: Vec<Value>) -> Result<Vec<Row>> {
        match self {
            Self::Sqlite(sqlite) => sqlite.query(query, values).await,
            Self::Postgres(postgres) => postgres.query(query.name, query.sql, &values).await,
        }
    }

    /// An answer to each, in order.
    async fn query_all(self, asked: Vec<(Query, Vec<Value>)>) -> Result<Vec<Vec<Row>>> {
        match self {
            Self::Sqlite(sqlite) => sqlite.query_all(asked).await,
            Self::Postgres(postgres) => postgres.query_all(&asked).await,
        }
    }

    const fn dialect(&self) -> Dialect {
        match self {
            Self::Sqlite(_) => Dialect::Sqlite,
            Self::Postgres(_) => Dialect::Postgres,
        }
    }

    async fn query_text(self, name: &'static str, sql: String, values: Vec<Value>) -> Result<Vec<Row>> {
        match self {
            Self::Sqlite(sqlite) => sqlite.query_text(name, sql, values).await,
            Self::Postgres(postgres) => postgres.query(name, &sql, &values).await,
        }
    }

    /// Rows of a table in key order, after a key.
    pub(crate) async fn page(
        self,
        table: TableId,
        after: Option<Vec<Value>>,
        limit: usize,
    ) -> Result<Vec<Vec<Value>>> {
        match self {
            Self::Sqlite(sqlite) => sqlite.page(table, after, limit).await,
            Self::Postgres(postgres) => postgres.page(table, after, limit).await,
        }
    }
}
