//! Writing to a SQLite file: rows and checkpoint in one transaction.

use rusqlite::{
    Connection, OptionalExtension as _, Transaction, TransactionBehavior, params, params_from_iter,
};

use crate::{
    Checkpoint,
    batch::{Batch, Writes},
    ddl::Dialect,
    error::{Result, sqlite},
    op::{Op, Value},
    schema::{COUNT_BLOCK, Schema, Shape, TableId},
    sqlite::values_of,
    store::{Meta, Source},
};

/// Makes the tables if the file is new.
pub(crate) fn create(connection: &mut Connection, schema: &Schema) -> Result<()> {
    let doing = "make the tables";
    let new = connection.transaction_with_behavior(TransactionBehavior::Immediate).map_err(sqlite(doing))?;
    let exists = "SELECT 1 FROM sqlite_schema WHERE name = '_meta'";
    if new.query_row(exists, [], |_| Ok(())).optional().map_err(sqlite(doing))?.is_some() {
        return Ok(());
    }
    for statement in Dialect::Sqlite.create(schema) {
        new.execute_batch(&statement).map_err(sqlite(doing))?;
    }
    insert_meta(&new, schema, Checkpoint::default(), None)?;
    new.commit().map_err(sqlite(doing))
}

/// Says whose tables these are.
pub(crate) fn insert_meta(
    connection: &Connection,
    schema: &Schema,
    at: Checkpoint,
    source: Option<&Source>,
) -> Result<()> {
    let (said, read_at) = told(source);
    let values = params![schema.version, schema.looks(), at.origin, at.next.cast_signed(), said, read_at];
    let insert = "INSERT INTO _meta (one, version, shape, origin, next, source, read_at) VALUES (1, ?1, ?2, ?3, ?4, ?5, ?6)";
    connection.execute(insert, values).map_err(sqlite("write the checkpoint")).map(|_| ())
}

/// Who and how far.
pub(crate) fn meta(connection: &Connection) -> Result<Meta> {
    let mut statement = connection
        .prepare_cached("SELECT version, shape, origin, next FROM _meta WHERE one = 1")
        .map_err(sqlite("read the checkpoint"))?;
    let read = statement.query_row([], |row| {
        let checkpoint = Checkpoint { origin: row.get(2)?, next: row.get::<_, i64>(3)?.cast_unsigned() };
        Ok(Meta { version: row.get(0)?, looks: row.get(1)?, checkpoint })
    });
    read.map_err(sqlite("read the checkpoint"))
}

/// What they have read.
pub(crate) fn source(connection: &Connection) -> Result<Option<String>> {
    let read = connection.query_row("SELECT source FROM _meta WHERE one = 1", [], |row| row.get(0));
    read.map_err(sqlite("read the checkpoint"))
}

fn told(source: Option<&Source>) -> (Option<&String>, Option<i64>) {
    (source.map(|source| &source.said), source.map(|source| source.recorded_at.cast_signed()))
}

/// Writes a batch; whether it erased anything.
pub(crate) fn apply(
    connection: &mut Connection,
    schema: &Schema,
    ops: Vec<Op>,
    (from, to): (Checkpoint, Checkpoint),
    source: Option<&Source>,
) -> Result<bool> {
    let mut batch = Batch::new(schema, ops)?;
    let erases = batch.erases();
    let (doing, (said, read_at)) = ("write a batch", told(source));
    let writing =
        connection.transaction_with_behavior(TransactionBehavior::Immediate).map_err(sqlite(doing))?;
    meta(&writing)?.expect(schema, from)?;
    load(&writing, schema, &mut batch)?;
    batch.run()?;
    for table in schema.count_block() + 1..schema.tables.len() {
        load_keys(&writing, schema, table, &mut batch)?;
    }
    for (shape, writes) in schema.tables.iter().zip(batch.settle()) {
        write(&writing, shape, &writes)?;
    }
    writing
        .prepare_cached("UPDATE _meta SET origin = ?1, next = ?2, source = ?3, read_at = ?4 WHERE one = 1")
        .and_then(|mut update| update.execute(params![to.origin, to.next.cast_signed(), said, read_at]))
        .map_err(sqlite("write the checkpoint"))?;
    writing.commit().map_err(sqlite(doing))?;
    Ok(erases)
}

/// Loads every row that the operations touch.
fn load(writing: &Transaction<'_>, schema: &Schema, batch: &mut Batch<'_>) -> Result<()> {
    for (table, shape) in schema.tables[..schema.count_block()].iter().enumerate() {
        load_keys(writing, schema, table, batch)?;
        if let Some(seal) = shape.seal.filter(|_| shape.has_seals() && batch.erases()) {
            let (all, name, seal) = (shape.all(""), &shape.name, shape.columns[seal].name);
            let sql = format!("SELECT {all} FROM \"{name}\" WHERE \"{seal}\" = ?1");
            let slots: Vec<Vec<Value>> = batch.slots().iter().map(|slot| vec![Value::Int(*slot)]).collect();
            let slots: Vec<&[Value]> = slots.iter().map(|slot| &slot[..]).collect();
            for row in select(writing, &sql, shape, &slots)? {
                batch.found(table, row);
            }
        }
    }
    let shape = &schema.tables[schema.count_block()];
    let all = shape.all("");
    let sql = format!("SELECT {all} FROM {COUNT_BLOCK} WHERE aggregate = ?1 ORDER BY block DESC LIMIT 1");
    let of: Vec<Vec<Value>> =
        batch.aggregates().into_iter().map(|of| vec![Value::Bytes(of.to_vec())]).collect();
    let of: Vec<&[Value]> = of.iter().map(|of| &of[..]).collect();
    for row in select(writing, &sql, shape, &of)? {
        batch.found_block(&row)?;
    }
    Ok(())
}

fn load_keys(
    writing: &Transaction<'_>,
    schema: &Schema,
    table: TableId,
    batch: &mut Batch<'_>,
) -> Result<()> {
    let shape = &schema.tables[table];
    let sql = format!("SELECT {} FROM \"{}\" WHERE {}", shape.all(""), shape.name, by_key(shape));
    let found = select(writing, &sql, shape, &batch.keys(table))?;
    found.into_iter().for_each(|row| batch.found(table, row));
    Ok(())
}

fn by_key(shape: &Shape) -> String {
    let equal =
        |(at, column): (usize, &crate::schema::ShapeColumn)| format!("\"{}\" = ?{}", column.name, at + 1);
    shape.columns[..shape.key].iter().enumerate().map(equal).collect::<Vec<_>>().join(" AND ")
}

fn select(writing: &Transaction<'_>, sql: &str, shape: &Shape, of: &[&[Value]]) -> Result<Vec<Vec<Value>>> {
    let mut all = Vec::new();
    if of.is_empty() {
        return Ok(all);
    }
    let mut statement = writing.prepare_cached(sql).map_err(sqlite("load rows"))?;
    for values in of {
        let mut rows = statement.query(params_from_iter(values.iter())).map_err(sqlite("load rows"))?;
        while let Some(row) = rows.next().map_err(sqlite("load rows"))? {
            all.push(values_of(row, shape.columns.len(), "load", &[])?);
        }
    }
    Ok(all)
}

/// An insert of one row.
pub(crate) fn insert(shape: &Shape) -> String {
    let given: Vec<String> = (1..=shape.columns.len()).map(|number| format!("?{number}")).collect();
    format!("INSERT INTO \"{}\" ({}) VALUES ({})", shape.name, shape.all(""), given.join(", "))
}

fn write(writing: &Transaction<'_>, shape: &Shape, writes: &Writes) -> Result<()> {
    let run = |sql: String, rows: &[Vec<Value>]| {
        if rows.is_empty() {
            return Ok(());
        }
        let mut statement = writing.prepare_cached(&sql)?;
        rows.iter().try_for_each(|row| statement.execute(params_from_iter(row)).map(|_| ()))
    };
    run(format!("DELETE FROM \"{}\" WHERE {}", shape.name, by_key(shape)), &writes.deletes)
        .map_err(sqlite("delete rows"))?;
    run(insert(shape) + &Dialect::on_conflict(shape), &writes.upserts).map_err(sqlite("write rows"))
}

/// Empties the WAL, so that nothing erased is left in it; false if a reader held on to it.
pub(crate) fn truncate(connection: &Connection) -> Result<bool> {
    let busy: i64 = connection
        .query_row("PRAGMA wal_checkpoint(TRUNCATE)", [], |row| row.get(0))
        .map_err(sqlite("empty the log of an erasure"))?;
    if busy != 0 {
        tracing::warn!("the log of an erasure is still being read; the next batch empties it");
    }
    Ok(busy == 0)
}
