//! How much weighting costs, and how far a random sample may be from the population it was drawn from.

use super::counts::Sums;

/// The quantile of the normal distribution that leaves 95 % between it and its negative.
const Z: f64 = 1.959_963_984_540_054;

/// How much larger the variance is than with equal weights (Kish 1965): n Σw² / (Σw)². Nothing without weights.
#[must_use]
pub fn design_effect(all: &Sums) -> Option<f64> {
    let effect = all.count as f64 * all.squares / (all.weight * all.weight);
    (all.weight > 0.0).then_some(effect)
}

/// How many answers with equal weights would be as precise: n divided by the design effect.
#[must_use]
pub fn effective_size(all: &Sums) -> Option<f64> {
    Some(all.count as f64 / design_effect(all)?)
}

/// That respondents were drawn at random from a population. Without it there is no margin of error: volunteers are no sample,
/// however many they are.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct RandomSample {
    population: u64,
}

/// 95 % margins of error of a share, each to both sides, between 0 and 1.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct MarginOfError {
    /// By the effective size: 1.96 √(p (1 − p) / (n / design effect) × (N − n) / (N − 1)).
    pub kish: f64,
    /// By linearisation of the weighted share: 1.96 √(n / (n − 1) × Σ w² (y − p)² / (Σw)² × (1 − n / N)).
    pub linearised: f64,
}

impl RandomSample {
    /// Of a population of this size; nothing of nobody.
    #[must_use]
    pub const fn of(population: u64) -> Option<Self> {
        if population == 0 { None } else { Some(Self { population }) }
    }

    /// Of a share of all who answered; nothing if fewer than two did, or more than there are.
    #[must_use]
    pub fn margin_of_error(&self, chosen: &Sums, all: &Sums) -> Option<MarginOfError> {
        let (n, population) = (all.count as f64, self.population as f64);
        if all.count < 2 || all.count > self.population {
            return None;
        }
        let share = chosen.share(all)?.weighted;
        let size = effective_size(all)?;
        let finite = if self.population > 1 { (population - n) / (population - 1.0) } else { 0.0 };
        let kish = share * (1.0 - share) / size * finite;
        // Σ w² (y − p)²: of those who chose it (1 − p)², of the others p².
        let others = all.squares - chosen.squares;
        let spread = chosen.squares * (1.0 - share) * (1.0 - share) + others * share * share;
        let linearised = n / (n - 1.0) * spread / (all.weight * all.weight) * (1.0 - n / population);
        let margin = |variance: f64| Z * variance.max(0.0).sqrt();
        Some(MarginOfError { kish: margin(kish), linearised: margin(linearised) })
    }
}
