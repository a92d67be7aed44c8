//! Fills a new SQLite file: rows in key order in one transaction, indexes last, then made to last.

use std::{fs::File, path::Path, sync::Arc};

use rusqlite::{Connection, OpenFlags, Statement};
use tokio::sync::mpsc::UnboundedSender;

use crate::{
    ddl::{Dialect, META},
    error::{Result, io, sqlite},
    op::Value,
    rebuild::{Material, Phase, Progress, pour::Sink},
    schema::{Schema, TableId},
    sqlite::{
        Sqlite, blocking, connect,
        files::{self, Files},
        write,
    },
    store::Live,
};

/// Nobody reads the file yet and a crash throws it away, so nothing is journalled or synced until the end.
const FAST: &str = "PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF; PRAGMA locking_mode = EXCLUSIVE; \
                    PRAGMA cache_size = -65536; PRAGMA secure_delete = OFF;";

/// Builds the next generation.
pub(crate) async fn build(
    files: Files,
    material: Material,
    report: UnboundedSender<Progress>,
) -> Result<Live> {
    blocking(move || {
        let current = files.current()?;
        let generations = files.generations()?;
        for left_behind in generations.iter().filter(|generation| Some(**generation) != current) {
            files.remove(*left_behind)?;
        }
        let generation = generations.into_iter().max().unwrap_or(0) + 1;
        let path = files.path(generation);
        let schema = Arc::clone(&material.schema);
        let report = |progress| {
            let _ = report.send(progress);
        };
        if let Err(error) = fill(&path, material, report) {
            files::remove(&path)?;
            return Err(error);
        }
        let sqlite = Sqlite::open(schema, path, generation)?;
        sqlite.retire();
        Ok(Live::Sqlite(Arc::new(sqlite)))
    })
    .await
}

fn fill(path: &Path, material: Material, mut report: impl FnMut(Progress)) -> Result<()> {
    let doing = "build a generation";
    let connection = connect(path, OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_CREATE)?;
    connection.execute_batch(FAST).map_err(sqlite(doing))?;
    let (schema, checkpoint) = (Arc::clone(&material.schema), material.checkpoint);
    let source = material.source.clone();
    let run = |sql: &str| connection.execute_batch(sql).map_err(sqlite(doing));
    run("BEGIN")?;
    run(META)?;
    for shape in &schema.tables {
        run(&Dialect::Sqlite.table(shape))?;
    }
    let mut inserts = Inserts { schema: &schema, connection: &connection, statements: Vec::new() };
    inserts.statements.resize_with(schema.tables.len(), || None);
    material.pour(&mut inserts, &mut report)?;
    drop(inserts);
    let indexes: Vec<String> =
        schema.tables.iter().flat_map(|shape| Dialect::Sqlite.indexes(shape)).collect();
    for (done, index) in indexes.iter().enumerate() {
        report(Progress { phase: Phase::Indexes, done: done as u64, total: indexes.len() as u64 });
        run(index)?;
    }
    write::insert_meta(&connection, &schema, checkpoint, source.as_ref())?;
    run("COMMIT; PRAGMA analysis_limit = 1000; ANALYZE")?;
    report(Progress { phase: Phase::Saving, done: 0, total: 1 });
    connection.close().map_err(|(_, error)| sqlite(doing)(error))?;
    let file = File::open(path).map_err(io(path, "open"))?;
    file.sync_all().map_err(io(path, "sync"))?;
    path.parent().map_or(Ok(()), files::sync_dir).map_err(io(path, "sync the folder of"))?;
    report(Progress { phase: Phase::Saving, done: 1, total: 1 });
    Ok(())
}

/// Inserts, prepared once a table.
struct Inserts<'c> {
    schema: &'c Schema,
    connection: &'c Connection,
    statements: Vec<Option<Statement<'c>>>,
}

impl Sink for Inserts<'_> {
    fn row(&mut self, table: TableId, row: &[Value]) -> Result<()> {
        let statement = match &mut self.statements[table] {
            Some(statement) => statement,
            empty => {
                let sql = write::insert(&self.schema.tables[table]);
                empty.insert(self.connection.prepare(&sql).map_err(sqlite("prepare a row"))?)
            }
        };
        let mut insert = || {
            for (at, value) in row.iter().enumerate() {
                statement.raw_bind_parameter(at + 1, value)?;
            }
            statement.raw_execute()
        };
        insert().map_err(sqlite("insert a row")).map(|_| ())
    }
}
