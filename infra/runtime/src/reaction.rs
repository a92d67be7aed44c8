//! A reaction: something done because of events, once each, with a checkpoint of its own. Never during a rebuild.

use std::sync::Arc;

use radslag_eventlog::{Log, Record};
use radslag_readmodel::{Checkpoint, Projection, Source, Store};

use crate::{
    lineage::Lineage,
    service::{Failure, Service},
};

/// Bytes of events handed over at once, about.
const BATCH: usize = 256 << 10;

/// The tables of a reaction: none, only a checkpoint.
#[must_use]
pub const fn checkpoint_only<S: Service>(name: &'static str) -> Projection<S::Event> {
    Projection { name, version: 1, tables: &[], views: &[], fold: |_, _| () }
}

/// Follows the log and reacts. `react` is done with a batch before the checkpoint moves, so after a crash it may see the
/// batch again: its effects are named after their cause, so that the second time does nothing.
///
/// # Errors
/// Whatever reading, the checkpoint or `react` says; the caller starts it again.
pub async fn follow(log: &Log, store: &Store, react: Arc<dyn React>) -> Result<(), Failure> {
    let mut from = begin(log, store).await?;
    let mut follow = log.follow(from.next);
    while let Some(records) = follow.next(BATCH).await? {
        let Some(last) = records.last() else { continue };
        let to = Checkpoint { origin: last.origin, next: last.position() + 1 };
        react.react(&records).await?;
        store.apply_of(Vec::new(), from, to, Lineage::of(log, last)?.source(last)).await?;
        from = to;
    }
    Ok(())
}

/// Where it goes on. After a loss was accepted, or in another story of the log, what comes where the stories part is news.
async fn begin(log: &Log, store: &Store) -> Result<Checkpoint, Failure> {
    let from = store.checkpoint().await?;
    let read = store.source().await?.as_deref().and_then(Lineage::parse);
    let held = match (log.holds(from.origin, from.next), read) {
        (held, Some(read)) if held == from.next => read.shared(log, held)?,
        // Lost since, or written by a version that kept no lineage.
        (held, _) => held,
    };
    if held == from.next {
        return Ok(from);
    }
    let back = Checkpoint { origin: from.origin.min(log.origin()), next: held };
    tracing::warn!(log = %log.id(), from = from.next, to = held, "reacting anew to what came after a loss, or to another log");
    move_to(log, store, from, back).await?;
    Ok(back)
}

async fn move_to(log: &Log, store: &Store, from: Checkpoint, to: Checkpoint) -> Result<(), Failure> {
    let last = to.next.checked_sub(1).map(|last| log.read_at(last)).transpose()?;
    let source = match last {
        Some(last) => Lineage::of(log, &last)?.source(&last),
        None => Source { said: Lineage::NONE.to_string(), recorded_at: 0 },
    };
    Ok(store.apply_of(Vec::new(), from, to, source).await?)
}

/// Reacts to what the log holds by now, and no further.
///
/// # Errors
/// As `follow`.
pub async fn catch_up(log: &Log, store: &Store, react: &dyn React) -> Result<(), Failure> {
    let (mut from, end) = (begin(log, store).await?, log.watermark());
    let mut frames = log.frames(from.next);
    while from.next < end {
        let mut records = frames.chunk(BATCH)?.decode()?;
        // A frame may begin before the checkpoint.
        records.retain(|record| record.position() >= from.next);
        let Some(last) = records.last() else { break };
        let to = Checkpoint { origin: last.origin, next: last.position() + 1 };
        react.react(&records).await?;
        store.apply_of(Vec::new(), from, to, Lineage::of(log, last)?.source(last)).await?;
        from = to;
    }
    Ok(())
}

/// A reaction starts at the head of the log: what was before it came into being is not its business, and in another log that
/// took this one's place nothing is.
///
/// # Errors
/// `Log`, `Readmodel`.
pub async fn start_at_head(log: &Log, store: &Store) -> Result<(), Failure> {
    let (from, next) = (begin(log, store).await?, log.watermark());
    if from.next == 0 && next > 0 {
        move_to(log, store, from, Checkpoint { origin: log.origin(), next }).await?;
    }
    Ok(())
}

/// What is done because of events.
pub trait React: Send + Sync {
    /// Reacts to a batch, in order.
    fn react<'a>(
        &'a self,
        records: &'a [Record],
    ) -> std::pin::Pin<Box<dyn Future<Output = Result<(), Failure>> + Send + 'a>>;
}
