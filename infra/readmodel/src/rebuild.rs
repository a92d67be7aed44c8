//! Rebuilding a projection from its whole log: a new generation beside the live one, in bounded memory.

mod folding;
mod generation;
mod merge;
pub(crate) mod payload;
pub(crate) mod pour;
mod sorter;

use std::{path::PathBuf, sync::Arc};

use tokio::sync::mpsc;

use crate::{
    Checkpoint,
    error::{Result, io},
    op::Op,
    postgres::build as postgres_build,
    schema::Schema,
    sqlite::build as sqlite_build,
    store::{Place, Source, Store},
};
use folding::Folding;
pub use generation::Generation;

/// How a rebuild may use the machine.
#[derive(Clone, Debug)]
pub struct Options {
    /// Bytes of memory for operations, about; the database's own caches come on top.
    pub memory: usize,
    /// Where operations go that don't fit: unlinked files, so that a crash leaves nothing of anybody's.
    pub temporary: PathBuf,
}

impl Options {
    /// 256 MiB of memory, and this folder.
    #[must_use]
    pub fn new(temporary: impl Into<PathBuf>) -> Self {
        Self { memory: 256 << 20, temporary: temporary.into() }
    }
}

/// What a rebuild is doing.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Phase {
    /// Operations become rows; counted in operations.
    Rows,
    /// Indexes are made; counted in indexes.
    Indexes,
    /// The generation is made to last.
    Saving,
}

/// How far a rebuild is in a phase.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Progress {
    /// The phase.
    pub phase: Phase,
    /// Of `total`.
    pub done: u64,
    /// 1 or more.
    pub total: u64,
}

/// A rebuild that is reading the log.
pub struct Rebuild {
    schema: Arc<Schema>,
    place: Place,
    options: Options,
    folding: Folding,
    source: Option<Source>,
}

/// Everything a database needs to fill a generation.
pub(crate) struct Material {
    pub(crate) schema: Arc<Schema>,
    pub(crate) checkpoint: Checkpoint,
    pub(crate) source: Option<Source>,
    folding: Folding,
    options: Options,
}

impl Material {
    /// Pours all rows, in order.
    pub(crate) fn pour(self, sink: &mut dyn pour::Sink, report: &mut dyn FnMut(Progress)) -> Result<()> {
        let total = self.folding.sorter.pushed.max(1);
        let mut tell = |done: u64| report(Progress { phase: Phase::Rows, done: done.min(total), total });
        pour::pour(self.folding, self.options.temporary, self.options.memory, sink, &mut tell)?;
        tell(total);
        Ok(())
    }
}

impl Store {
    /// Begins a rebuild; one at a time for a store.
    ///
    /// # Errors
    /// If the temporary folder can't be made.
    pub fn rebuild(&self, options: Options) -> Result<Rebuild> {
        std::fs::create_dir_all(&options.temporary).map_err(io(&options.temporary, "create"))?;
        let (schema, place) = (Arc::clone(&self.schema), self.place.clone());
        let folding = Folding::new(Arc::clone(&schema), options.temporary.clone(), options.memory);
        Ok(Rebuild { schema, place, options, folding, source: None })
    }
}

impl Rebuild {
    /// The next operations, in the order of the log. Computes, and writes temporary files: not for an async thread.
    ///
    /// # Errors
    /// A fold's broken rule, or a full disk. The rebuild can't go on then.
    pub fn push(&mut self, ops: Vec<Op>) -> Result<()> {
        self.folding.push(ops)
    }

    /// What was read: see `Store::source`.
    #[must_use]
    pub fn of(self, source: Option<Source>) -> Self {
        Self { source, ..self }
    }

    /// Makes the generation, which holds the log up to `checkpoint`. It isn't live yet.
    ///
    /// # Errors
    /// If the database fails or a disk is full. Nothing is left behind then.
    pub async fn finish(
        self,
        checkpoint: Checkpoint,
        progress: &(dyn Fn(Progress) + Sync),
    ) -> Result<Generation> {
        let Self { schema, place, options, folding, source } = self;
        let material = Material { schema: Arc::clone(&schema), checkpoint, source, folding, options };
        let (report, mut reports) = mpsc::unbounded_channel();
        let building = async {
            match &place {
                Place::Sqlite(files) => sqlite_build::build(files.clone(), material, report).await,
                Place::Postgres { pool, namespace, views } => {
                    postgres_build::build(pool, (namespace, views), material, report).await
                }
            }
        };
        let listening = async {
            while let Some(report) = reports.recv().await {
                progress(report);
            }
        };
        let (live, ()) = tokio::join!(building, listening);
        Ok(Generation { schema, place: place.clone(), live: live? })
    }
}
