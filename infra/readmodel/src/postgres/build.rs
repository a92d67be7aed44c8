//! Fills a new schema by COPY, and swaps schemas by renaming. All of a build is one transaction: a crash leaves nothing.
//!
//! Generations that aren't live are called `<schema>#<number>`. Whoever reads one when another takes its place reads it to the
//! end: it is deleted once nobody does.

use std::sync::Arc;

use bytes::{BufMut as _, Bytes, BytesMut};
use deadpool_postgres::{Client, Pool, Transaction};
use futures_util::{SinkExt as _, future};
use tokio::sync::mpsc::{self, UnboundedSender};

use crate::{
    ddl::{Dialect, META},
    error::{Error, Result, postgres},
    op::Value,
    postgres::{
        Postgres, advisory, places,
        views::{self, WAIT},
        write,
    },
    rebuild::{Material, Phase, Progress, pour::Sink},
    schema::{Schema, TableId},
    sqlite::blocking,
    store::Live,
    view::Made,
};

const CHUNK: usize = 256 << 10;
/// Chunks on their way.
const WAITING: usize = 8;
const HEADER: &[u8] = b"PGCOPY\n\xff\r\n\0\0\0\0\0\0\0\0\0";

/// Builds the next generation.
pub(crate) async fn build(
    pool: &Pool,
    (namespace, views): (&str, &Arc<Made>),
    material: Material,
    report: UnboundedSender<Progress>,
) -> Result<Live> {
    let doing = "build a generation";
    discard(pool, namespace).await?;
    let (schema, checkpoint) = (Arc::clone(&material.schema), material.checkpoint);
    let source = material.source.clone();
    let mut client: Client = pool.get().await.map_err(Error::Connect)?;
    let name = next(namespace, &others(&client, namespace).await?);
    let generation = Postgres::new(Arc::clone(&schema), pool.clone(), name, Arc::clone(views));
    let transaction = client.transaction().await.map_err(postgres(doing))?;
    let mut all =
        vec![format!("CREATE SCHEMA \"{}\"", generation.namespace), generation.search_path("LOCAL")];
    all.push(META.to_owned());
    all.extend(schema.tables.iter().map(|shape| Dialect::Postgres.table(shape)));
    transaction.batch_execute(&all.join(";\n")).await.map_err(postgres(doing))?;
    let (send, chunks) = mpsc::channel(WAITING);
    let rows = report.clone();
    let pouring = blocking(move || {
        let mut copies = Copies { send, table: None, chunk: BytesMut::new() };
        material.pour(&mut copies, &mut |progress| {
            let _ = rows.send(progress);
        })?;
        copies.flush()
    });
    let (poured, copied) = future::join(pouring, copy(&transaction, &schema, chunks)).await;
    // If the database failed, the other side only noticed that nobody listens.
    copied?;
    poured?;
    let indexes = schema.tables.iter().flat_map(|shape| Dialect::Postgres.indexes(shape));
    let indexes: Vec<String> = indexes.chain(Dialect::Postgres.seeks(&schema)).collect();
    for (done, index) in indexes.iter().enumerate() {
        let _ =
            report.send(Progress { phase: Phase::Indexes, done: done as u64, total: indexes.len() as u64 });
        transaction.batch_execute(index).await.map_err(postgres(doing))?;
    }
    let _ = report.send(Progress { phase: Phase::Saving, done: 0, total: 1 });
    for shape in &schema.tables {
        let analyze = format!("ANALYZE \"{}\"", shape.name);
        transaction.batch_execute(&analyze).await.map_err(postgres(doing))?;
    }
    views::make(&transaction, views, &generation.namespace).await?;
    write::insert_meta(&transaction, &generation, checkpoint, source.as_ref()).await?;
    transaction.commit().await.map_err(postgres(doing))?;
    let _ = report.send(Progress { phase: Phase::Saving, done: 1, total: 1 });
    Ok(Live::Postgres(Arc::new(generation)))
}

/// Sends chunks into the table each belongs to.
async fn copy(
    transaction: &Transaction<'_>,
    schema: &Schema,
    mut chunks: mpsc::Receiver<(TableId, Bytes)>,
) -> Result<()> {
    let doing = "copy rows";
    let mut next = chunks.recv().await;
    while let Some((table, chunk)) = next.take() {
        let shape = &schema.tables[table];
        let sql = format!("COPY \"{}\" ({}) FROM STDIN (FORMAT binary)", shape.name, shape.all(""));
        let sink = transaction.copy_in::<_, Bytes>(&sql).await.map_err(postgres(doing))?;
        let mut sink = std::pin::pin!(sink);
        sink.feed(Bytes::from_static(HEADER)).await.map_err(postgres(doing))?;
        sink.feed(chunk).await.map_err(postgres(doing))?;
        loop {
            match chunks.recv().await {
                Some((same, chunk)) if same == table => sink.feed(chunk).await.map_err(postgres(doing))?,
                other => {
                    next = other;
                    break;
                }
            }
        }
        sink.feed(Bytes::from_static(&[0xff, 0xff])).await.map_err(postgres(doing))?;
        sink.finish().await.map_err(postgres(doing))?;
    }
    Ok(())
}

/// Rows as COPY's binary format, in chunks.
struct Copies {
    send: mpsc::Sender<(TableId, Bytes)>,
    table: Option<TableId>,
    chunk: BytesMut,
}

impl Copies {
    fn flush(&mut self) -> Result<()> {
        match self.table {
            Some(table) if !self.chunk.is_empty() => {
                let chunk = self.chunk.split().freeze();
                self.send.blocking_send((table, chunk)).map_err(|_| Error::Worker)
            }
            _ => Ok(()),
        }
    }
}

impl Sink for Copies {
    fn row(&mut self, table: TableId, row: &[Value]) -> Result<()> {
        if self.table != Some(table) || self.chunk.len() >= CHUNK {
            self.flush()?;
            self.table = Some(table);
            self.chunk.reserve(CHUNK + CHUNK / 8);
        }
        self.chunk.put_i16(row.len() as i16);
        for value in row {
            match value {
                Value::Null => self.chunk.put_i32(-1),
                Value::Int(int) => {
                    self.chunk.put_i32(8);
                    self.chunk.put_i64(*int);
                }
                Value::Text(text) => self.field(text.as_bytes())?,
                Value::Bytes(bytes) => self.field(bytes)?,
            }
        }
        Ok(())
    }
}

impl Copies {
    fn field(&mut self, bytes: &[u8]) -> Result<()> {
        let too_long = |_| Error::Worker;
        self.chunk.put_i32(i32::try_from(bytes.len()).map_err(too_long)?);
        self.chunk.put_slice(bytes);
        Ok(())
    }
}

/// Puts a generation in the place of the live one, in one transaction; no batch is under way meanwhile.
pub(crate) async fn promote(pool: &Pool, namespace: &str, generation: &str) -> Result<()> {
    let doing = "promote a generation";
    let mut client: Client = pool.get().await.map_err(Error::Connect)?;
    let old = next(namespace, &others(&client, namespace).await?);
    let transaction = client.transaction().await.map_err(postgres(doing))?;
    let swap = format!(
        "{}; {}; ALTER SCHEMA \"{namespace}\" RENAME TO \"{old}\"; \
         ALTER SCHEMA \"{generation}\" RENAME TO \"{namespace}\"",
        advisory(namespace),
        places(namespace, "")
    );
    transaction.batch_execute(&swap).await.map_err(postgres(doing))?;
    transaction.commit().await.map_err(postgres(doing))
}

/// Deletes every generation that isn't live, each once nobody reads it. One that somebody doesn't let go of is left to the
/// next rebuild.
pub(crate) async fn discard(pool: &Pool, namespace: &str) -> Result<()> {
    let client: Client = pool.get().await.map_err(Error::Connect)?;
    for other in others(&client, namespace).await? {
        let drop = format!("BEGIN; {WAIT}; DROP SCHEMA \"{other}\" CASCADE; COMMIT");
        let dropped = views::patiently(async || {
            let dropped = client.batch_execute(&drop).await;
            if dropped.is_err() {
                client.batch_execute("ROLLBACK").await.map_err(postgres("delete an old generation"))?;
            }
            dropped.map_err(postgres("delete an old generation"))
        });
        if !dropped.await? {
            tracing::warn!(
                schema = other,
                "an old generation is being read and stays until the next rebuild"
            );
        }
    }
    Ok(())
}

/// The generations of a store that aren't live.
async fn others(client: &Client, namespace: &str) -> Result<Vec<String>> {
    let sql =
        "SELECT nspname::text FROM pg_catalog.pg_namespace WHERE starts_with(nspname, $1) ORDER BY nspname";
    let rows = client.query(sql, &[&format!("{namespace}#")]).await;
    let rows = rows.map_err(postgres("look for old generations"))?;
    rows.iter().map(|row| row.try_get(0).map_err(postgres("look for old generations"))).collect()
}

/// A name that none of them has.
fn next(namespace: &str, others: &[String]) -> String {
    let numbers = others.iter().filter_map(|name| name.rsplit_once('#')?.1.parse::<u64>().ok());
    format!("{namespace}#{}", numbers.max().unwrap_or(0) + 1)
}
