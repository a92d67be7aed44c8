//! Raking (iterative proportional fitting): weights with which the respondents are to each margin as the population is.
//!
//! Of all weights that fit the margins and stay under the cap, these are nearest to equal ones, in relative entropy: each is
//! the product of a factor per category, or the cap where that product is more. Each step solves one category exactly under the
//! cap, so weights are capped and raked again until both hold, and what comes out doesn't depend on the way there.

use super::margins::Sample;

/// How far any category's share may be from the population's in the end.
pub const TOLERANCE: f64 = 1e-10;
/// Most rounds through all margins.
pub const MOST_ROUNDS: u32 = 1_000;

/// Weights, one for each respondent, that are 1 on average.
#[derive(Clone, Debug, PartialEq)]
pub struct Weights {
    /// In the order of the respondents.
    pub of: Vec<f64>,
    /// How many rounds it took.
    pub rounds: u32,
    /// How far the worst category's share still is from the population's.
    pub error: f64,
    /// How many respondents have the cap as their weight.
    pub capped: u64,
}

/// Why there are no weights.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
pub enum Failure {
    /// The cap isn't a number above 0.
    #[error("the cap is {0}")]
    Cap(f64),
    /// The respondents of a category can't be brought up to its share under the cap.
    #[error("{margin}, {category}: no cap below {least} can hold")]
    CapTooLow {
        /// Which margin.
        margin: String,
        /// Which category.
        category: String,
        /// Its share of the population times all respondents, divided by its own.
        least: f64,
    },
    /// After all rounds a margin doesn't fit: the margins contradict each other in what the respondents are, or the cap does.
    #[error("{margin}, {category}: still {error} from its share after {MOST_ROUNDS} rounds")]
    NotReached {
        /// The margin that is worst.
        margin: String,
        /// Its category that is.
        category: String,
        /// How far its share is from the population's.
        error: f64,
    },
}

/// Makes weights; none is above the cap, if there is one, in multiples of the average.
///
/// # Errors
/// See `Failure`.
pub fn rake(sample: &Sample, cap: Option<f64>) -> Result<Weights, Failure> {
    let cap = cap.unwrap_or(f64::INFINITY);
    if cap.is_nan() || cap <= 0.0 {
        return Err(Failure::Cap(cap));
    }
    let mut raking = Raking::new(sample, cap);
    raking.can_hold()?;
    let mut worst = (0, 0, f64::INFINITY);
    for rounds in 1..=MOST_ROUNDS {
        raking.round();
        worst = raking.worst();
        if worst.2 < TOLERANCE {
            return Ok(raking.weights(rounds, worst.2));
        }
        if !worst.2.is_finite() {
            break;
        }
    }
    let (margin, category) = raking.named(worst.0, worst.1);
    Err(Failure::NotReached { margin, category, error: worst.2 })
}

struct Raking<'a> {
    sample: &'a Sample,
    cap: f64,
    respondents: f64,
    /// Of each margin and category: the weight it is to have, and which kinds of respondents it has.
    wanted: Vec<Vec<(f64, Vec<u32>)>>,
    counts: Vec<f64>,
    /// Products of factors, by kind.
    products: Vec<f64>,
}

impl<'a> Raking<'a> {
    fn new(sample: &'a Sample, cap: f64) -> Self {
        let respondents = sample.respondents() as f64;
        let wanted = sample.margins.iter().enumerate().map(|(at, margin)| {
            let share = |population: f64| population / sample.population * respondents;
            let wanted = margin.categories.iter().map(|category| (share(category.population), Vec::new()));
            let mut wanted: Vec<(f64, Vec<u32>)> = wanted.collect();
            for (kind, categories) in (0..).zip(&sample.kinds) {
                wanted[categories[at] as usize].1.push(kind);
            }
            wanted
        });
        let counts = sample.counts.iter().map(|count| *count as f64).collect();
        let products = vec![1.0; sample.kinds.len()];
        Self { sample, cap, respondents, wanted: wanted.collect(), counts, products }
    }

    fn can_hold(&self) -> Result<(), Failure> {
        for (margin, wanted) in self.wanted.iter().enumerate() {
            for (category, (share, kinds)) in wanted.iter().enumerate().filter(|(_, (share, _))| *share > 0.0)
            {
                let own: f64 = kinds.iter().map(|kind| self.counts[*kind as usize]).sum();
                let least = share / own;
                if least > self.cap {
                    let (margin, category) = self.named(margin, category);
                    return Err(Failure::CapTooLow { margin, category, least });
                }
            }
        }
        Ok(())
    }

    fn round(&mut self) {
        for margin in 0..self.wanted.len() {
            for category in 0..self.wanted[margin].len() {
                let factor = self.factor(margin, category);
                for kind in &self.wanted[margin][category].1 {
                    self.products[*kind as usize] *= factor;
                }
            }
        }
    }

    /// By what a category's products are to be multiplied, so that what the cap leaves of them is what it is to have.
    fn factor(&self, margin: usize, category: usize) -> f64 {
        let (wanted, kinds) = &self.wanted[margin][category];
        let mut factor = 0.0;
        loop {
            let (mut capped, mut free) = (0.0, 0.0);
            for kind in kinds {
                let (product, count) = (self.products[*kind as usize], self.counts[*kind as usize]);
                if factor * product >= self.cap {
                    capped += count * self.cap;
                } else {
                    free += count * product;
                }
            }
            // It grows until nobody more comes under the cap, or everybody is.
            let next = if free > 0.0 { (wanted - capped) / free } else { factor };
            if next <= factor || next.is_nan() {
                return if factor > 0.0 { factor } else { 1.0 };
            }
            factor = next;
        }
    }

    fn weight(&self, kind: usize) -> f64 {
        self.products[kind].min(self.cap)
    }

    /// Which category is farthest from its share, and how far.
    fn worst(&self) -> (usize, usize, f64) {
        let mut worst = (0, 0, 0.0);
        for (margin, wanted) in self.wanted.iter().enumerate() {
            for (category, (share, kinds)) in wanted.iter().enumerate() {
                let weight = |kind: &u32| self.counts[*kind as usize] * self.weight(*kind as usize);
                let sum: f64 = kinds.iter().map(weight).sum();
                let error = (sum - share).abs() / self.respondents;
                if error > worst.2 || error.is_nan() {
                    worst = (margin, category, if error.is_nan() { f64::INFINITY } else { error });
                }
            }
        }
        worst
    }

    fn named(&self, margin: usize, category: usize) -> (String, String) {
        let margin = &self.sample.margins[margin];
        (margin.name.clone(), margin.categories[category].name.clone())
    }

    fn weights(&self, rounds: u32, error: f64) -> Weights {
        let of = self.sample.kind_of.iter().map(|kind| self.weight(*kind as usize)).collect();
        let at_cap = |kind: &usize| self.products[*kind] >= self.cap;
        let capped = (0..self.products.len()).filter(at_cap).map(|kind| self.sample.counts[kind]).sum();
        Weights { of, rounds, error, capped }
    }
}
