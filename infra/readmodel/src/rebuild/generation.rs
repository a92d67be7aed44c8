//! A generation that isn't live: it can be caught up, compared with the live one, and take its place.

use std::sync::Arc;

use crate::{
    Checkpoint, Comparison,
    compare::compare,
    error::{Error, Result},
    op::Op,
    postgres::{Postgres, build},
    schema::Schema,
    sqlite::blocking,
    store::{Live, Place, Store},
};

/// A rebuilt generation. Dropped, a SQLite file is deleted; in Postgres call `discard`, or the next rebuild does.
pub struct Generation {
    pub(crate) schema: Arc<Schema>,
    pub(crate) place: Place,
    pub(crate) live: Live,
}

impl Generation {
    /// Catches up with what was written to the log since.
    ///
    /// # Errors
    /// As `Store::apply`.
    pub async fn apply(&self, ops: Vec<Op>, from: Checkpoint, to: Checkpoint) -> Result<()> {
        self.live.clone().apply(ops, (from, to), None).await
    }

    /// How far it has read the log.
    ///
    /// # Errors
    /// If the database fails.
    pub async fn checkpoint(&self) -> Result<Checkpoint> {
        Ok(self.live.clone().meta().await?.checkpoint)
    }

    /// Compares every row with the live one, while the live one is paused.
    ///
    /// # Errors
    /// `Apart` unless both stand at the same checkpoint; `Stale` if the live one has other tables.
    pub async fn compare(&self, store: &Store) -> Result<Comparison> {
        let _paused = store.pause().await;
        compare(&self.schema, self.live.clone(), store.live()).await
    }

    /// Becomes the live one; the old one is deleted when its last reader is done.
    ///
    /// # Errors
    /// If the database fails: the old one is live still.
    pub async fn promote(self, store: &Store) -> Result<()> {
        let paused = store.pause().await;
        match (self.place, self.live) {
            (Place::Sqlite(files), Live::Sqlite(next)) => {
                let (pointer, generation) = (files, Arc::clone(&next));
                blocking(move || pointer.set_current(generation.number())).await?;
                next.keep();
                if let Live::Sqlite(old) = store.swap(Live::Sqlite(next)) {
                    old.retire();
                    // Deleting a large file takes a while.
                    blocking(move || {
                        drop(old);
                        Ok(())
                    })
                    .await?;
                }
                Ok(())
            }
            (Place::Postgres { pool, namespace, views }, Live::Postgres(next)) => {
                build::promote(&pool, &namespace, &next.namespace).await?;
                let live = Postgres::new(Arc::clone(&self.schema), pool.clone(), namespace.clone(), views);
                store.swap(Live::Postgres(Arc::new(live)));
                // Batches go on while somebody still reads the old one.
                drop(paused);
                build::discard(&pool, &namespace).await
            }
            _ => Err(Error::Worker),
        }
    }

    /// Deletes it.
    ///
    /// # Errors
    /// If the database fails.
    pub async fn discard(self) -> Result<()> {
        match self.place {
            Place::Sqlite(_) => Ok(()),
            Place::Postgres { pool, namespace, .. } => build::discard(&pool, &namespace).await,
        }
    }
}
