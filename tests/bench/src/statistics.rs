//! Medians of runs and percentiles of latencies.

use serde::Serialize;

/// Latencies are kept as tenths of a microsecond.
pub(crate) const UNITS_PER_US: f64 = 10.0;

/// A figure over several runs.
#[derive(Clone, Copy, Debug, Default, Serialize)]
pub(crate) struct Spread {
    pub(crate) median: f64,
    pub(crate) min: f64,
    pub(crate) max: f64,
}

impl Spread {
    pub(crate) fn of(values: impl IntoIterator<Item = f64>) -> Self {
        let mut sorted: Vec<f64> = values.into_iter().collect();
        sorted.sort_unstable_by(f64::total_cmp);
        let (Some(min), Some(max)) = (sorted.first(), sorted.last()) else { return Self::default() };
        let middle = sorted.len() / 2;
        let median = if sorted.len() % 2 == 1 {
            sorted[middle]
        } else {
            f64::midpoint(sorted[middle - 1], sorted[middle])
        };
        Self { median, min: *min, max: *max }
    }
}

/// What one run of a load gave: how many, in how long, and each one's latency in ascending order.
#[derive(Clone, Debug, Default)]
pub(crate) struct Sample {
    pub(crate) events: u64,
    pub(crate) seconds: f64,
    latencies: Vec<u32>,
}

impl Sample {
    pub(crate) fn new(events: u64, seconds: f64, mut latencies: Vec<u32>) -> Self {
        latencies.sort_unstable();
        Self { events, seconds, latencies }
    }

    pub(crate) fn rate(&self) -> f64 {
        self.events as f64 / self.seconds.max(f64::EPSILON)
    }

    /// The latency in microseconds that a share of the events didn't exceed.
    pub(crate) fn percentile_us(&self, share: f64) -> f64 {
        percentile(&self.latencies, share).map_or(0.0, |units| f64::from(units) / UNITS_PER_US)
    }
}

/// The value a share of ascending values doesn't exceed (nearest rank).
pub(crate) fn percentile<T: Copy>(ascending: &[T], share: f64) -> Option<T> {
    let rank = (share * ascending.len() as f64).ceil() as usize;
    ascending.get(rank.saturating_sub(1).min(ascending.len().saturating_sub(1))).copied()
}

/// Tenths of a microsecond, at most seven minutes.
pub(crate) fn units(elapsed: std::time::Duration) -> u32 {
    u32::try_from(elapsed.as_nanos() / 100).unwrap_or(u32::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_median_stands_in_the_middle() {
        assert_eq!(Spread::of([3.0, 1.0, 2.0]).median, 2.0);
        let even = Spread::of([4.0, 1.0, 2.0, 3.0]);
        assert_eq!((even.median, even.min, even.max), (2.5, 1.0, 4.0));
        assert_eq!(Spread::of([]).median, 0.0);
    }

    #[test]
    fn a_percentile_is_a_value_that_was_seen() {
        let values: Vec<u32> = (1..=100).collect();
        assert_eq!(percentile(&values, 0.5), Some(50));
        assert_eq!(percentile(&values, 0.99), Some(99));
        assert_eq!(percentile(&values, 1.0), Some(100));
        assert_eq!(percentile(&values, 0.0), Some(1));
        assert_eq!(percentile::<u32>(&[], 0.5), None);
    }
}
