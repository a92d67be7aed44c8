//! Timers: one ticker a log, which asks a projection what is due by the log's clock and does it. Late is no harm: what
//! is recorded as closing time is the deadline.

use std::{future::Future, time::Duration};

use radslag_eventlog::Log;
use radslag_kernel::Instant;

use crate::service::Failure;

/// How often it looks.
const TICK: Duration = Duration::from_millis(500);

/// Does what is due, for ever: `due` gets the time and says how many things it did; while it finds some it is asked again
/// at once.
///
/// # Errors
/// Whatever `due` says; the caller starts it again.
pub async fn tick<F>(log: &Log, due: impl Fn(Instant) -> F) -> Result<(), Failure>
where
    F: Future<Output = Result<usize, Failure>>,
{
    let mut ticker = tokio::time::interval(TICK);
    ticker.set_missed_tick_behavior(tokio::time::MissedTickBehavior::Delay);
    loop {
        ticker.tick().await;
        while due(log.now()).await? > 0 {}
    }
}
