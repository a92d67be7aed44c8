//! A tenant's clock: the wall clock plus an offset (the demo starts in 2008), watched for jumps.

use std::{
    sync::{
        Mutex, PoisonError,
        atomic::{AtomicI64, Ordering},
    },
    time::{SystemTime, UNIX_EPOCH},
};

use radslag_kernel::Instant;

/// A jump of the wall clock against the monotonic clock that nobody may overlook, in milliseconds.
pub const JUMP_MS: u64 = 60_000;

/// Where time comes from: (wall clock in milliseconds since 1970, monotonic clock in milliseconds).
pub type Source = Box<dyn Fn() -> (u64, u64) + Send + Sync>;

/// The clock of one tenant.
pub struct Clock {
    source: Source,
    offset_ms: AtomicI64,
    /// Wall minus monotonic when the clock was last believed.
    believed: Mutex<i128>,
}

impl Clock {
    /// The system's clock, so many milliseconds later (or earlier).
    #[must_use]
    pub fn system(offset_ms: i64) -> Self {
        let start = std::time::Instant::now();
        let wall =
            || SystemTime::now().duration_since(UNIX_EPOCH).map_or(0, |since| since.as_millis() as u64);
        Self::of(Box::new(move || (wall(), start.elapsed().as_millis() as u64)), offset_ms)
    }

    /// A clock of any source.
    #[must_use]
    pub fn of(source: Source, offset_ms: i64) -> Self {
        let (wall, monotonic) = source();
        let believed = i128::from(wall) - i128::from(monotonic);
        Self { source, offset_ms: AtomicI64::new(offset_ms), believed: Mutex::new(believed) }
    }

    /// The tenant's time.
    #[must_use]
    pub fn now(&self) -> Instant {
        let (wall, _) = (self.source)();
        Instant::from_millis(wall.saturating_add_signed(self.offset_ms.load(Ordering::Relaxed)))
    }

    /// How far the tenant's time is from the wall clock, in milliseconds.
    #[must_use]
    pub fn offset_ms(&self) -> i64 {
        self.offset_ms.load(Ordering::Relaxed)
    }

    /// Sets the tenant's time, from where it runs on: for demonstrations.
    pub fn set(&self, to: Instant) {
        let (wall, _) = (self.source)();
        let offset = i128::from(to.millis()) - i128::from(wall);
        self.offset_ms.store(i64::try_from(offset).unwrap_or(0), Ordering::Relaxed);
    }

    /// By how many milliseconds the wall clock has jumped since it was last believed, if by more than a minute.
    #[must_use]
    pub fn jumped(&self) -> Option<i64> {
        let (wall, monotonic) = (self.source)();
        let believed = self.believed.lock().unwrap_or_else(PoisonError::into_inner);
        let jump = i128::from(wall) - i128::from(monotonic) - *believed;
        (jump.unsigned_abs() > u128::from(JUMP_MS)).then(|| i64::try_from(jump).unwrap_or(i64::MAX))
    }

    /// Somebody has looked: the clock is believed as it is now.
    pub fn accept(&self) {
        let (wall, monotonic) = (self.source)();
        *self.believed.lock().unwrap_or_else(PoisonError::into_inner) =
            i128::from(wall) - i128::from(monotonic);
    }
}

#[cfg(test)]
mod tests {
    use std::sync::{Arc, atomic::AtomicU64};

    use super::*;

    fn clock(offset: i64) -> (Clock, Arc<AtomicU64>, Arc<AtomicU64>) {
        let (wall, monotonic) = (Arc::new(AtomicU64::new(1_000_000)), Arc::new(AtomicU64::new(0)));
        let (w, m) = (wall.clone(), monotonic.clone());
        let source = Box::new(move || (w.load(Ordering::SeqCst), m.load(Ordering::SeqCst)));
        (Clock::of(source, offset), wall, monotonic)
    }

    #[test]
    fn an_offset_moves_the_tenants_time_and_it_runs_on() {
        let (clock, wall, _) = clock(-400_000);
        assert_eq!(clock.now().millis(), 600_000);
        wall.fetch_add(5, Ordering::SeqCst);
        assert_eq!(clock.now().millis(), 600_005);
    }

    #[test]
    fn a_jump_of_more_than_a_minute_is_noticed_either_way_until_it_is_accepted() {
        let (clock, wall, monotonic) = clock(0);
        monotonic.fetch_add(100_000, Ordering::SeqCst);
        wall.fetch_add(160_000, Ordering::SeqCst);
        assert_eq!(clock.jumped(), None);
        wall.fetch_add(1, Ordering::SeqCst);
        assert_eq!(clock.jumped(), Some(60_001));
        clock.accept();
        assert_eq!(clock.jumped(), None);
        wall.fetch_sub(60_001, Ordering::SeqCst);
        assert_eq!(clock.jumped(), Some(-60_001));
    }
}
