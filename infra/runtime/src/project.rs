//! Runs a projection: follows the log from the tables' checkpoint, folds, writes rows and checkpoint together.

use std::sync::{Arc, mpsc};

use radslag_eventlog::{Log, Record};
use radslag_kernel::Recorded;
use radslag_readmodel::{Checkpoint, Comparison, Generation, Op, Projection, Store, rebuild::Options};
use tokio::sync::watch;

use crate::service::{Failure, Opens, Service, understand};

/// Bytes of events folded into one transaction, about.
const BATCH: usize = 1 << 20;
/// Bytes of events read at once by a rebuild.
const CHUNK: usize = 4 << 20;

/// A projection with its tables and the log it follows.
pub struct Running<S: Service> {
    /// The log.
    pub log: Log,
    /// The tables.
    pub store: Store,
    /// The fold.
    pub projection: Projection<S::Event>,
    /// The sealed fields the fold looks at.
    pub opens: Opens,
    reached: watch::Sender<u64>,
}

/// How far a rebuild is: reading the log, then whatever the tables report.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Progress {
    /// Events read, of so many.
    Events(u64, u64),
    /// What the read tables are doing.
    Tables(radslag_readmodel::Progress),
}

impl<S: Service> Running<S> {
    /// Around open tables.
    ///
    /// # Errors
    /// `Readmodel`.
    pub async fn new(
        log: Log,
        store: Store,
        projection: Projection<S::Event>,
        opens: Opens,
    ) -> Result<Arc<Self>, Failure> {
        let reached = watch::Sender::new(store.checkpoint().await?.next);
        Ok(Arc::new(Self { log, store, projection, opens, reached }))
    }

    /// Up to which position (exclusive) the tables have read.
    #[must_use]
    pub fn reached(&self) -> u64 {
        *self.reached.borrow()
    }

    /// Looks again how far the tables have read, after others were put in their place.
    ///
    /// # Errors
    /// `Readmodel`.
    pub async fn settle(&self) -> Result<(), Failure> {
        self.reached.send_replace(self.store.checkpoint().await?.next);
        Ok(())
    }

    /// Waits until the tables have read everything below a position.
    ///
    /// # Errors
    /// `Stopped`.
    pub async fn wait_for(&self, end: u64) -> Result<(), Failure> {
        let mut reached = self.reached.subscribe();
        reached.wait_for(|next| *next >= end).await.map(drop).map_err(|_| Failure::Stopped)
    }

    /// Follows the log until something fails; the caller starts it again.
    ///
    /// # Errors
    /// `Log`, `Vault`, `Malformed`, `Readmodel`.
    pub async fn follow(&self) -> Result<(), Failure> {
        self.follow_with(&|_| ()).await
    }

    /// The same, telling of every batch once the tables have it.
    ///
    /// # Errors
    /// As `follow`.
    pub async fn follow_with(&self, taken: &Taken<S::Event>) -> Result<(), Failure> {
        let mut from = self.store.checkpoint().await?;
        let mut follow = self.log.follow(from.next);
        while let Some(records) = follow.next(BATCH).await? {
            let Some(last) = records.last() else { continue };
            let to = Checkpoint { origin: last.origin, next: last.position() + 1 };
            let (events, ops) = self.fold_all(&records)?;
            self.store.apply(ops, from, to).await?;
            taken(&events);
            self.reached.send_replace(to.next);
            from = to;
        }
        Ok(())
    }

    fn fold_all(&self, records: &[Record]) -> Result<Batch<S::Event>, Failure> {
        let mut ops = Vec::with_capacity(records.len() * 2);
        let mut events = Vec::with_capacity(records.len());
        for record in records {
            let event = understand::<S>(record, self.log.vault(), self.opens)?;
            fold(&self.projection, &event, record, &mut ops);
            events.push(event);
        }
        Ok((events, ops))
    }

    /// Makes the tables again from the first event to the watermark; they aren't live yet.
    ///
    /// # Errors
    /// As `follow`.
    pub async fn rebuild(
        self: &Arc<Self>,
        options: Options,
        progress: Arc<dyn Fn(Progress) + Send + Sync>,
    ) -> Result<Generation, Failure> {
        let (this, told) = (self.clone(), progress.clone());
        let read = tokio::task::spawn_blocking(move || this.read_all(options, &*told)).await;
        let (rebuild, checkpoint) = read.map_err(|_| Failure::Stopped)??;
        Ok(rebuild.finish(checkpoint, &move |report| progress(Progress::Tables(report))).await?)
    }

    /// Makes the tables again and compares them with the live ones at the same position.
    ///
    /// # Errors
    /// As `follow`.
    pub async fn check(
        self: &Arc<Self>,
        options: Options,
        progress: Arc<dyn Fn(Progress) + Send + Sync>,
    ) -> Result<Comparison, Failure> {
        let rebuilt = self.rebuild(options, progress).await?;
        let compared = rebuilt.compare(&self.store).await?;
        rebuilt.discard().await?;
        Ok(compared)
    }

    fn read_all(
        &self,
        options: Options,
        progress: &dyn Fn(Progress),
    ) -> Result<(radslag_readmodel::Rebuild, Checkpoint), Failure> {
        let end = self.log.watermark();
        let mut rebuild = self.store.rebuild(options)?;
        let mut to = Checkpoint { origin: self.log.origin(), next: 0 };
        std::thread::scope(|scope| {
            let (ready, folded) = mpsc::sync_channel(2);
            scope.spawn(move || self.produce(end, &ready));
            for chunk in folded {
                let (reached, ops) = chunk?;
                ops.into_iter().try_for_each(|ops| rebuild.push(ops))?;
                to = reached;
                progress(Progress::Events(to.next.min(end), end));
            }
            Ok::<(), Failure>(())
        })?;
        Ok((rebuild, to))
    }

    /// Reads the log and folds it, two halves of a chunk side by side, in order.
    fn produce(&self, end: u64, ready: &mpsc::SyncSender<Result<Folded, Failure>>) {
        let mut next = 0;
        while next < end {
            let chunk = self.chunk(next);
            if let Ok((to, _)) = &chunk {
                next = to.next;
            }
            let failed = chunk.is_err();
            if ready.send(chunk).is_err() || failed {
                return;
            }
        }
    }

    fn chunk(&self, from: u64) -> Result<Folded, Failure> {
        let records = self.log.read(from, CHUNK)?;
        let last = records.last().ok_or(Failure::Stopped)?;
        let to = Checkpoint { origin: last.origin, next: last.position() + 1 };
        let (first, second) = records.split_at(records.len() / 2);
        let (first, second) = std::thread::scope(|scope| {
            let first = scope.spawn(|| self.fold_all(first).map(|(_, ops)| ops));
            let second = self.fold_all(second).map(|(_, ops)| ops);
            (first.join().unwrap_or(Err(Failure::Stopped)), second)
        });
        Ok((to, vec![first?, second?]))
    }
}

/// Told of events once the tables have them.
pub type Taken<E> = dyn Fn(&[Recorded<E>]) + Sync;

/// Events of a batch and what the fold makes of them.
type Batch<E> = (Vec<Recorded<E>>, Vec<Op>);

/// Operations of a chunk in order, and the checkpoint after it.
type Folded = (Checkpoint, Vec<Vec<Op>>);

fn fold<E>(projection: &Projection<E>, event: &Recorded<E>, record: &Record, ops: &mut Vec<Op>) {
    (projection.fold)(event, ops);
    ops.extend(record.erased().into_iter().map(|key| Op::Gone { key }));
}
