//! A reaction: something done because of events, once each, with a checkpoint of its own. Never during a rebuild.

use std::sync::Arc;

use radslag_eventlog::{Log, Record};
use radslag_readmodel::{Checkpoint, Projection, Store};

use crate::service::{Failure, Service};

/// Bytes of events handed over at once, about.
const BATCH: usize = 256 << 10;

/// The tables of a reaction: none, only a checkpoint.
#[must_use]
pub const fn checkpoint_only<S: Service>(name: &'static str) -> Projection<S::Event> {
    Projection { name, version: 1, tables: &[], fold: |_, _| () }
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
        store.apply(Vec::new(), from, to).await?;
        from = to;
    }
    Ok(())
}

/// Where it goes on. After a loss was accepted, what comes where the lost events were is news.
async fn begin(log: &Log, store: &Store) -> Result<Checkpoint, Failure> {
    let from = store.checkpoint().await?;
    let held = log.holds(from.origin, from.next);
    if held == from.next {
        return Ok(from);
    }
    let back = Checkpoint { origin: from.origin.min(log.origin()), next: held };
    tracing::warn!(log = %log.id(), from = from.next, to = held, "reacting anew to what came after a loss");
    store.apply(Vec::new(), from, back).await?;
    Ok(back)
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
        store.apply(Vec::new(), from, to).await?;
        from = to;
    }
    Ok(())
}

/// A reaction starts at the head of the log: what was before it came into being is not its business.
///
/// # Errors
/// `Readmodel`.
pub async fn start_at_head(log: &Log, store: &Store) -> Result<(), Failure> {
    let (from, next) = (store.checkpoint().await?, log.watermark());
    if from == Checkpoint::default() && next > 0 {
        store.apply(Vec::new(), from, Checkpoint { origin: log.origin(), next }).await?;
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
