//! Shares as people read them, rounded so that nothing can be computed from them that isn't shown anyway.

/// To how many tenths of a percentage point a share is rounded.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Step(pub u16);

impl Step {
    /// From the finest to the coarsest: a tenth, one, two, five and ten percentage points.
    pub const ALL: [Self; 5] = [Self(1), Self(10), Self(20), Self(50), Self(100)];
    /// One percentage point.
    pub const WHOLE: Self = Self(10);

    /// The nearest step, in tenths of a percentage point; of two as near the higher.
    #[must_use]
    pub fn round(self, share: f64) -> u16 {
        (self.number(share) * f64::from(self.0)) as u16
    }

    fn number(self, share: f64) -> f64 {
        (share * 1_000.0 / f64::from(self.0) + 0.5).floor()
    }

    /// How much less and how much more a share can be and still be rounded to the same.
    pub(super) fn slack(self, share: f64) -> (f64, f64) {
        let width = f64::from(self.0) / 1_000.0;
        let middle = self.number(share) * width;
        (share - (middle - width / 2.0), middle + width / 2.0 - share)
    }
}

/// Percentages of parts that sum to a hundred, in steps: by largest remainder, of equal ones the first.
#[must_use]
pub fn percentages(parts: &[u64], step: Step) -> Vec<u16> {
    let steps = 1_000 / u64::from(step.0.max(1));
    apportioned(parts, steps).iter().map(|number| *number as u16 * step.0).collect()
}

/// So many in proportion to parts, in whole numbers that sum to it: by largest remainder, of equal ones the first. Nobody where
/// there are no parts.
#[must_use]
pub fn apportioned(parts: &[u64], whole: u64) -> Vec<u64> {
    let all: u128 = parts.iter().map(|part| u128::from(*part)).sum();
    if all == 0 {
        return vec![0; parts.len()];
    }
    let product = |part: u64| u128::from(part) * u128::from(whole);
    let mut given: Vec<u64> = parts.iter().map(|part| (product(*part) / all) as u64).collect();
    let left = whole - given.iter().sum::<u64>();
    let mut order: Vec<usize> = (0..parts.len()).collect();
    order.sort_by_key(|at| std::cmp::Reverse(product(parts[*at]) % all));
    order.iter().take(left as usize).for_each(|at| given[*at] += 1);
    given
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn percentages_sum_to_a_hundred() {
        assert_eq!(percentages(&[1, 1, 1], Step::WHOLE), [340, 330, 330]);
        assert_eq!(percentages(&[1, 1, 1], Step(1)), [334, 333, 333]);
        assert_eq!(percentages(&[19, 0, 0, 0], Step::WHOLE), [1000, 0, 0, 0]);
        assert_eq!(percentages(&[0, 0], Step::WHOLE), [0, 0]);
        assert_eq!(percentages(&[u64::MAX, u64::MAX], Step(1)), [500, 500]);
    }

    #[test]
    fn what_is_apportioned_sums_to_the_whole() {
        assert_eq!(apportioned(&[120, 60, 20], 45), [27, 14, 4]);
        assert_eq!(apportioned(&[1, 1], 45), [23, 22]);
        assert_eq!((apportioned(&[0, 0], 45), apportioned(&[], 45)), (vec![0, 0], vec![]));
        assert_eq!(apportioned(&[u64::MAX, u64::MAX], u64::MAX), [u64::MAX / 2 + 1, u64::MAX / 2]);
    }

    #[test]
    fn a_share_is_rounded_to_the_nearest_step() {
        assert_eq!(Step::WHOLE.round(0.123), 120);
        assert_eq!(Step::WHOLE.round(0.125), 130);
        assert_eq!(Step(50).round(0.123), 100);
        assert_eq!(Step(1).round(1.0), 1000);
        let (less, more) = Step::WHOLE.slack(0.123);
        assert!((less - 0.008).abs() < 1e-12 && (more - 0.002).abs() < 1e-12);
    }
}
