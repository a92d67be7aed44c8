//! Writing to a schema: rows and checkpoint in one transaction.

use deadpool_postgres::{GenericClient, Transaction};
use tokio_postgres::types::ToSql;

use crate::{
    Checkpoint,
    batch::{Batch, Writes},
    ddl::{Dialect, list},
    error::{Result, postgres},
    op::{Op, Value},
    postgres::{
        Postgres, advisory,
        array::{Array, columns, unnest},
        value, views,
    },
    schema::{COUNT_BLOCK, Shape, ShapeColumn, TableId},
    store::{Meta, Source},
};

/// Rows a statement.
const ROWS: usize = 4096;

/// Makes the schema, its tables and views if they aren't there; whether it did.
pub(crate) async fn create(to: &Postgres) -> Result<bool> {
    let doing = "make the tables";
    let mut client = to.client().await?;
    let transaction = client.transaction().await.map_err(postgres(doing))?;
    transaction.batch_execute(&advisory(&to.namespace)).await.map_err(postgres(doing))?;
    if exists(&transaction, &to.namespace).await? {
        return Ok(false);
    }
    let mut all = vec![format!("CREATE SCHEMA \"{}\"", to.namespace), to.search_path("LOCAL")];
    all.extend(Dialect::Postgres.create(&to.schema));
    transaction.batch_execute(&all.join(";\n")).await.map_err(postgres(doing))?;
    views::make(&transaction, &to.views, &to.namespace).await?;
    insert_meta(&transaction, to, Checkpoint::default(), None).await?;
    transaction.commit().await.map_err(postgres(doing))?;
    Ok(true)
}

/// Whether the schema is there.
pub(crate) async fn exists(client: &impl GenericClient, namespace: &str) -> Result<bool> {
    let exists = "SELECT 1 FROM pg_catalog.pg_namespace WHERE nspname = $1";
    let found = client.query_opt(exists, &[&namespace]).await;
    Ok(found.map_err(postgres("look for the tables"))?.is_some())
}

/// Says whose tables these are.
pub(crate) async fn insert_meta(
    writing: &Transaction<'_>,
    of: &Postgres,
    at: Checkpoint,
    source: Option<&Source>,
) -> Result<()> {
    let (version, shape, views) = (i64::from(of.schema.version), of.schema.looks(), of.views.text());
    let (origin, next) = (i64::from(at.origin), at.next.cast_signed());
    let (said, read_at) =
        (source.map(|source| &source.said), source.map(|source| source.recorded_at.cast_signed()));
    let insert = "INSERT INTO _meta (one, version, shape, origin, next, source, read_at, views) \
                  VALUES (1, $1, $2, $3, $4, $5, $6, $7)";
    let done = writing.execute(insert, &[&version, &shape, &origin, &next, &said, &read_at, &views]).await;
    done.map_err(postgres("write the checkpoint")).map(|_| ())
}

/// Writes a batch.
pub(crate) async fn apply(
    store: &Postgres,
    ops: Vec<Op>,
    (from, to): (Checkpoint, Checkpoint),
    source: Option<Source>,
) -> Result<()> {
    let mut batch = Batch::new(&store.schema, ops)?;
    let schema = &store.schema;
    let doing = "write a batch";
    let mut client = store.client().await?;
    let transaction = client.transaction().await.map_err(postgres(doing))?;
    // The lock alone in its statement: what follows sees everything committed before it was granted.
    transaction.batch_execute(&advisory(&store.namespace)).await.map_err(postgres(doing))?;
    transaction.batch_execute(&store.search_path("LOCAL")).await.map_err(postgres(doing))?;
    let writing = Writing { store, transaction };
    writing.meta().await?.expect(schema, from)?;
    for table in 0..schema.count_block() {
        writing.load(table, &mut batch).await?;
    }
    writing.load_blocks(&mut batch).await?;
    batch.run()?;
    for table in schema.count_block() + 1..schema.tables.len() {
        writing.load(table, &mut batch).await?;
    }
    for (shape, writes) in schema.tables.iter().zip(batch.settle()) {
        writing.write(shape, &writes).await?;
    }
    let update = "UPDATE _meta SET origin = $1, next = $2, source = $3, read_at = $4 WHERE one = 1";
    let read_at = source.as_ref().map(|source| source.recorded_at.cast_signed());
    let mut values: Vec<Array<'_>> = vec![Box::new(i64::from(to.origin)), Box::new(to.next.cast_signed())];
    values.extend([Box::new(source.map(|source| source.said)) as Array<'_>, Box::new(read_at)]);
    writing.run(update, values).await?;
    writing.transaction.commit().await.map_err(postgres(doing))
}

struct Writing<'a> {
    store: &'a Postgres,
    transaction: Transaction<'a>,
}

impl Writing<'_> {
    async fn run(&self, sql: &str, values: Vec<Array<'_>>) -> Result<Vec<tokio_postgres::Row>> {
        let text = self.store.tagged(sql);
        let statement = self.transaction.prepare_cached(&text).await.map_err(postgres("prepare a batch"))?;
        let values: Vec<&(dyn ToSql + Sync)> = values.iter().map(|v| &**v as &(dyn ToSql + Sync)).collect();
        self.transaction.query(&statement, &values).await.map_err(postgres("write a batch"))
    }

    async fn meta(&self) -> Result<Meta> {
        let rows = self.run("SELECT version, shape, origin, next FROM _meta WHERE one = 1", vec![]).await?;
        let damaged = || self.store.schema.damaged("_meta");
        let row = value::values(rows.first().ok_or_else(damaged)?, "meta")?;
        let narrow = |int: i64| u32::try_from(int).map_err(|_| damaged());
        match &row[..] {
            [Value::Int(version), Value::Text(looks), Value::Int(origin), Value::Int(next)] => Ok(Meta {
                version: narrow(*version)?,
                looks: looks.clone(),
                checkpoint: Checkpoint { origin: narrow(*origin)?, next: next.cast_unsigned() },
            }),
            _ => Err(damaged()),
        }
    }

    /// Loads every row of a table that the operations touch.
    async fn load(&self, table: TableId, batch: &mut Batch<'_>) -> Result<()> {
        let shape = &self.store.schema.tables[table];
        let (all, name) = (shape.all("t."), &shape.name);
        let key = &shape.columns[..shape.key];
        let sql = format!("SELECT {all} FROM {} JOIN \"{name}\" t ON {}", given(key), joined(key));
        let mut found = Vec::new();
        for keys in batch.keys(table).chunks(ROWS) {
            found.extend(self.run(&sql, columns(key, keys)).await?);
        }
        if let Some(seal) = shape.seal.filter(|_| shape.has_seals() && batch.erases()) {
            let seal = shape.columns[seal].name;
            let sql = format!("SELECT {all} FROM \"{name}\" t WHERE t.\"{seal}\" = ANY($1::bigint[])");
            found.extend(self.run(&sql, vec![Box::new(batch.slots().to_vec())]).await?);
        }
        for row in found {
            batch.found(table, value::values(&row, "load")?);
        }
        Ok(())
    }

    async fn load_blocks(&self, batch: &mut Batch<'_>) -> Result<()> {
        let schema = &self.store.schema;
        let all = schema.tables[schema.count_block()].all("b.");
        let sql = format!(
            "SELECT {all} FROM unnest($1::bytea[]) AS k(aggregate) CROSS JOIN LATERAL (SELECT * FROM {COUNT_BLOCK} t \
             WHERE t.aggregate = k.aggregate ORDER BY t.block DESC LIMIT 1) b"
        );
        let of: Vec<Vec<u8>> = batch.aggregates().into_iter().map(<[u8]>::to_vec).collect();
        if of.is_empty() {
            return Ok(());
        }
        for row in self.run(&sql, vec![Box::new(of)]).await? {
            batch.found_block(&value::values(&row, "load")?)?;
        }
        Ok(())
    }

    async fn write(&self, shape: &Shape, writes: &Writes) -> Result<()> {
        let (name, key) = (&shape.name, &shape.columns[..shape.key]);
        let delete = format!("DELETE FROM \"{name}\" t USING {} WHERE {}", given(key), joined(key));
        let deletes: Vec<&[Value]> = writes.deletes.iter().map(|key| &key[..]).collect();
        for keys in deletes.chunks(ROWS) {
            self.run(&delete, columns(key, keys)).await?;
        }
        let (all, rows) = (shape.all(""), unnest(&shape.columns));
        let conflict = Dialect::on_conflict(shape);
        let upsert = format!("INSERT INTO \"{name}\" ({all}) SELECT * FROM {rows}{conflict}");
        let upserts: Vec<&[Value]> = writes.upserts.iter().map(|row| &row[..]).collect();
        for rows in upserts.chunks(ROWS) {
            self.run(&upsert, columns(&shape.columns, rows)).await?;
        }
        Ok(())
    }
}

fn given(key: &[ShapeColumn]) -> String {
    format!("{} AS k({})", unnest(key), list("", key.iter().map(|column| column.name)))
}

fn joined(key: &[ShapeColumn]) -> String {
    let equal = |column: &ShapeColumn| format!("t.\"{0}\" = k.\"{0}\"", column.name);
    key.iter().map(equal).collect::<Vec<_>>().join(" AND ")
}
