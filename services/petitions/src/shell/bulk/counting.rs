//! Bulk invalidations that are counted beside the request that asked: a count looks at every page that may be meant, and
//! of a large petition that takes longer than a request may. Nothing is changed meanwhile and nothing kept: what a restart
//! interrupts is asked again with the same key.

use std::{
    collections::BTreeMap,
    sync::{Arc, Mutex, PoisonError},
    time::Duration,
};

use radslag_kernel::AggregateId;
use radslag_runtime::execute::Undone;
use tokio::sync::oneshot;

use crate::shell::Wrong;

/// A request waits so long itself; most counts are done by then.
const WAIT: Duration = Duration::from_secs(2);
/// Counts whose refusal nobody asked for yet.
const KEPT: usize = 1_000;

/// The counts under way, and why others came to nothing.
pub struct Counting {
    all: Mutex<BTreeMap<AggregateId, Option<Wrong>>>,
    wait: Duration,
}

impl Default for Counting {
    fn default() -> Self {
        Self { all: Mutex::default(), wait: WAIT }
    }
}

/// What came of one within the wait.
pub enum Soon<T> {
    /// It is done.
    Done(T),
    /// It goes on.
    Later,
}

impl Counting {
    /// Runs a count to its end, whatever becomes of who asked. One that is under way isn't begun again.
    ///
    /// # Errors
    /// What the count says, if it says so soon.
    pub async fn run<T: Send + 'static>(
        self: &Arc<Self>,
        bulk: AggregateId,
        count: impl Future<Output = Result<T, Undone<Wrong>>> + Send + 'static,
    ) -> Result<Soon<T>, Undone<Wrong>> {
        if !self.begin(bulk) {
            return Ok(Soon::Later);
        }
        let (told, answer) = oneshot::channel();
        let this = self.clone();
        tokio::spawn(async move {
            let done = count.await;
            let refused = match &done {
                Ok(_) => None,
                Err(Undone::Refused(wrong)) => Some(*wrong),
                Err(Undone::KeyReused | Undone::VersionChanged | Undone::Busy | Undone::ReadOnly(_)) => None,
                Err(Undone::Failed(failure)) => {
                    tracing::error!(%bulk, error = %failure, "a bulk invalidation can't be counted");
                    None
                }
            };
            // Who waited hears it; otherwise it is kept for who asks.
            let unheard = told.send(done).is_err();
            this.end(bulk, refused.filter(|_| unheard));
        });
        match tokio::time::timeout(self.wait, answer).await {
            Ok(Ok(done)) => done.map(Soon::Done),
            Ok(Err(_)) | Err(_) => Ok(Soon::Later),
        }
    }

    /// Whether it is being counted; why it came to nothing, if it did since somebody asked.
    #[must_use]
    pub fn of(&self, bulk: AggregateId) -> Option<Option<Wrong>> {
        self.all().get(&bulk).copied()
    }

    fn begin(&self, bulk: AggregateId) -> bool {
        let mut all = self.all();
        let under_way = all.get(&bulk) == Some(&None);
        all.insert(bulk, None);
        !under_way
    }

    fn end(&self, bulk: AggregateId, refused: Option<Wrong>) {
        let mut all = self.all();
        all.remove(&bulk);
        if refused.is_some() && all.len() < KEPT {
            all.insert(bulk, refused);
        }
    }

    fn all(&self) -> std::sync::MutexGuard<'_, BTreeMap<AggregateId, Option<Wrong>>> {
        self.all.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::bulk::Refusal;

    const BULK: AggregateId = AggregateId::from_bytes([7; 16]);

    #[tokio::test]
    async fn a_count_that_takes_long_goes_on_beside_the_request_and_once() {
        let counting = Arc::new(Counting { wait: Duration::ZERO, ..Counting::default() });
        let (go, gone) = oneshot::channel::<()>();
        let slow = async move {
            let _ = gone.await;
            Err::<u8, _>(Undone::Refused(Refusal::ConflictOfInterest.into()))
        };
        assert!(matches!(counting.run(BULK, slow).await, Ok(Soon::Later)));
        assert_eq!(counting.of(BULK), Some(None));
        let again = counting.run(BULK, async { Ok(1) }).await;
        assert!(matches!(again, Ok(Soon::Later)), "it isn't begun twice");
        go.send(()).unwrap();
        while counting.of(BULK) == Some(None) {
            tokio::task::yield_now().await;
        }
        assert_eq!(counting.of(BULK), Some(Some(Refusal::ConflictOfInterest.into())));
        // Asked again, it is counted again.
        assert!(counting.run(BULK, async { Ok(2) }).await.is_ok());
        while counting.of(BULK).is_some() {
            tokio::task::yield_now().await;
        }
    }

    #[tokio::test]
    async fn who_waited_hears_why_not_and_nothing_is_kept() {
        let counting = Arc::new(Counting::default());
        let refused = async { Err::<u8, _>(Undone::Refused(Refusal::NothingMatches.into())) };
        assert!(matches!(counting.run(BULK, refused).await, Err(Undone::Refused(_))));
        while counting.of(BULK).is_some() {
            tokio::task::yield_now().await;
        }
    }
}
