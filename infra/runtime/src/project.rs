//! Runs a projection: follows the log from the tables' checkpoint, folds, writes rows and checkpoint together.

use std::sync::{Arc, mpsc};

use radslag_eventlog::{Chunk, Log, Record, loss::is_of_the_log};
use radslag_kernel::{EventId, Recorded};
use radslag_readmodel::{Checkpoint, Comparison, Generation, Op, Projection, Store, rebuild::Options};
use tokio::sync::watch;

use crate::http::Reached;
use crate::lineage::Lineage;
use crate::service::{Failure, Opens, Service, understand};

/// Bytes of events folded into one transaction, about.
const BATCH: usize = 1 << 20;
/// Bytes of events read at once by a rebuild.
const CHUNK: usize = 1 << 20;

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

    /// Its name, and how far it has read whenever that is asked: for `/metrics`.
    #[must_use]
    pub fn reach(self: &Arc<Self>) -> (&'static str, Reached) {
        let this = self.clone();
        (self.projection.name, Box::new(move || this.reached()))
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

    /// Whether the tables have read only what the log still says. If not, somebody has accepted a loss, or put an older or
    /// another log in its place: they must be made again.
    ///
    /// # Errors
    /// `Log`, `Readmodel`.
    pub async fn holds(&self) -> Result<bool, Failure> {
        let Checkpoint { origin, next } = self.store.checkpoint().await?;
        if self.log.holds(origin, next) < next {
            return Ok(false);
        }
        if next == 0 {
            return Ok(true);
        }
        let lineage = self.store.source().await?.as_deref().and_then(Lineage::parse);
        lineage.map_or(Ok(false), |lineage| Ok(lineage.is_of(&self.log, next)?))
    }

    /// Follows the log until something fails; the caller starts it again.
    ///
    /// # Errors
    /// `Log`, `Vault`, `Malformed`, `Readmodel`, `Overtaken`.
    pub async fn follow(&self) -> Result<(), Failure> {
        self.follow_with(&|_| ()).await
    }

    /// The same, telling of every batch once the tables have it.
    ///
    /// # Errors
    /// As `follow`.
    pub async fn follow_with(&self, taken: &Taken<S::Event>) -> Result<(), Failure> {
        let mut from = self.store.checkpoint().await?;
        if !self.holds().await? {
            return Err(Failure::Overtaken { origin: from.origin, next: from.next });
        }
        let mut follow = self.log.follow(from.next);
        while let Some(records) = follow.next(BATCH).await? {
            let Some(last) = records.last() else { continue };
            let to = Checkpoint { origin: last.origin, next: last.position() + 1 };
            let (events, ops) = self.fold_all(&records)?;
            let source = Lineage::of(&self.log, last)?.source(last);
            self.store.apply_of(ops, from, to, source).await?;
            taken(&events);
            self.reached.send_replace(to.next);
            from = to;
        }
        Ok(())
    }

    fn fold_all(&self, records: &[Record]) -> Result<Batch<S::Event>, Failure> {
        let mut ops = Vec::with_capacity(records.len() * 2);
        let mut events = Vec::with_capacity(records.len());
        // The log's own events mean nothing to a service.
        for record in records.iter().filter(|record| !is_of_the_log(&record.header.r#type)) {
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
        let last = checkpoint.next.checked_sub(1).map(|last| self.log.read_at(last)).transpose()?;
        let source = last.map(|last| Ok::<_, Failure>(Lineage::of(&self.log, &last)?.source(&last)));
        let rebuild = rebuild.of(source.transpose()?);
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
            let workers = std::thread::available_parallelism().map_or(1, usize::from);
            let (mut deal, mut folded) = (Vec::new(), Vec::new());
            for _ in 0..workers {
                let (dealt, todo) = mpsc::sync_channel(1);
                let (done, next) = mpsc::sync_channel(1);
                scope.spawn(move || self.fold_dealt(&todo, &done));
                deal.push(dealt);
                folded.push(next);
            }
            scope.spawn(move || self.deal(&deal));
            // Chunks were dealt in turn, so they come back in order; the first that doesn't come is the end.
            for next in folded.iter().cycle() {
                let Ok(chunk) = next.recv() else { break };
                let (reached, ops) = chunk?;
                rebuild.push(ops)?;
                to = reached;
                progress(Progress::Events(to.next.min(end), end));
            }
            Ok::<(), Failure>(())
        })?;
        Ok((rebuild, to))
    }

    /// Reads the log up to its watermark and deals it out in turn.
    fn deal(&self, workers: &[mpsc::SyncSender<Read>]) {
        let mut frames = self.log.frames(0);
        for worker in workers.iter().cycle() {
            let chunk = frames.chunk(CHUNK);
            let last = chunk.as_ref().map_or(true, Chunk::is_empty);
            if matches!(&chunk, Ok(chunk) if chunk.is_empty()) || worker.send(chunk).is_err() || last {
                return;
            }
        }
    }

    fn fold_dealt(&self, todo: &mpsc::Receiver<Read>, done: &mpsc::SyncSender<Result<Folded, Failure>>) {
        for chunk in todo {
            if done.send(self.fold_chunk(chunk)).is_err() {
                return;
            }
        }
    }

    fn fold_chunk(&self, chunk: Read) -> Result<Folded, Failure> {
        let records = chunk?.decode()?;
        let last = records.last().ok_or(Failure::Stopped)?;
        let to = Checkpoint { origin: last.origin, next: last.position() + 1 };
        Ok((to, self.fold_all(&records)?.1))
    }
}

/// The position and id of the last event that tables have read, as `Store::source` tells it.
#[must_use]
pub fn last_read(source: &str) -> Option<(u64, EventId)> {
    Lineage::parse(source)?.last()
}

/// Told of events once the tables have them.
pub type Taken<E> = dyn Fn(&[Recorded<E>]) + Sync;

/// Events of a batch and what the fold makes of them.
type Batch<E> = (Vec<Recorded<E>>, Vec<Op>);

/// A part of the log as read, or why it couldn't be.
type Read = Result<Chunk, radslag_eventlog::Error>;

/// Operations of a chunk in order, and the checkpoint after it.
type Folded = (Checkpoint, Vec<Op>);

fn fold<E>(projection: &Projection<E>, event: &Recorded<E>, record: &Record, ops: &mut Vec<Op>) {
    (projection.fold)(event, ops);
    ops.extend(record.erased().into_iter().map(|key| Op::Gone { key }));
}
