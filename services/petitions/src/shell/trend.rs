//! What the last hour brought each petition, by the minute, in memory: nobody walks signatures to learn what is trending.

use std::{
    collections::{BTreeMap, HashMap},
    sync::{Mutex, MutexGuard, PoisonError},
};

use radslag_kernel::{AggregateId, Instant, Recorded};
use radslag_runtime::service::Failure;

use crate::{Event, shell::Office};

const MINUTE: u64 = 60_000;
const HOUR: u64 = 60 * MINUTE;

type Minutes = BTreeMap<u64, HashMap<AggregateId, i64>>;

/// Changes of counts in the last hour.
#[derive(Default)]
pub struct Trend(Mutex<Minutes>);

impl Trend {
    /// After the tables have taken events in.
    pub fn take(&self, events: &[Recorded<Event>]) {
        let mut minutes = self.minutes();
        for recorded in events {
            let Event::Signature(event) = &recorded.event else { continue };
            if event.delta() != 0 {
                add(&mut minutes, recorded.aggregate, recorded.recorded_at, event.delta().into());
            }
        }
        if let Some(newest) = minutes.keys().next_back().copied() {
            forget(&mut minutes, newest);
        }
    }

    /// Petitions by what the hour before `now` added, most first. What was taken back in it is taken off.
    #[must_use]
    pub fn most(&self, now: Instant, rows: usize) -> Vec<(AggregateId, i64)> {
        let mut minutes = self.minutes();
        let newest = now.millis() / MINUTE;
        forget(&mut minutes, newest);
        let mut added: HashMap<AggregateId, i64> = HashMap::new();
        for (petition, delta) in minutes.range(..=newest).flat_map(|(_, changes)| changes) {
            *added.entry(*petition).or_default() += delta;
        }
        drop(minutes);
        let mut added: Vec<_> = added.into_iter().filter(|(_, delta)| *delta > 0).collect();
        added.sort_unstable_by_key(|(petition, delta)| (std::cmp::Reverse(*delta), *petition));
        added.truncate(rows);
        added
    }

    fn minutes(&self) -> MutexGuard<'_, Minutes> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

fn add(minutes: &mut Minutes, petition: AggregateId, at: Instant, delta: i64) {
    *minutes.entry(at.millis() / MINUTE).or_default().entry(petition).or_default() += delta;
}

fn forget(minutes: &mut Minutes, newest: u64) {
    let kept = minutes.split_off(&(newest + 1).saturating_sub(HOUR / MINUTE));
    *minutes = kept;
}

impl Office {
    /// Fills the last hour from the count blocks of the petitions that changed in it.
    ///
    /// # Errors
    /// `Log`, `Readmodel`.
    pub async fn load_trend(&self) -> Result<(), Failure> {
        let now = self.log.now();
        let from = Instant::from_millis(now.millis().saturating_sub(HOUR) / MINUTE * MINUTE);
        let changed = self.counts.changed_since(self.first_since(from)?);
        let mut found = Minutes::new();
        for petition in changed {
            let until = now.plus_millis(1);
            for bucket in self.petitions.store.count_history(petition, MINUTE, from, until).await? {
                add(&mut found, petition, bucket.from, bucket.delta);
            }
        }
        *self.counts.trend.minutes() = found;
        Ok(())
    }

    /// The first position recorded at or after an instant, by halving.
    fn first_since(&self, from: Instant) -> Result<u64, Failure> {
        let (mut low, mut high) = (0, self.log.watermark());
        while low < high {
            let middle = u64::midpoint(low, high);
            let record = self.log.read_at(middle)?;
            let before = record.header.recorded_at < from.millis();
            (low, high) = if before { (middle + 1, high) } else { (low, middle) };
        }
        Ok(low)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn petition(byte: u8) -> AggregateId {
        AggregateId::from_bytes([byte; 16])
    }

    fn minute(minute: u64) -> Instant {
        Instant::from_millis(minute * MINUTE)
    }

    #[test]
    fn trending_is_what_the_last_hour_added() {
        let trend = Trend::default();
        for (of, at, delta) in [(1, 100, 1), (1, 101, 1), (2, 101, 5), (2, 130, -4), (3, 130, -1)] {
            add(&mut trend.minutes(), petition(of), minute(at), delta);
        }
        assert_eq!(trend.most(minute(131), 5), [(petition(1), 2), (petition(2), 1)]);
        assert_eq!(trend.most(minute(131), 1), [(petition(1), 2)]);
        // An hour after the minute 100 only what came later is left.
        assert_eq!(trend.most(minute(160), 5), [(petition(1), 1), (petition(2), 1)]);
        assert_eq!(trend.most(minute(400), 5), []);
    }
}
