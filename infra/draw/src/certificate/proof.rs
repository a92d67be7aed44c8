//! A proof by cases that no panel exceeds a bound, or that there is none.
//!
//! The steps are a tree, written down from its root, the lower case first. A *split* divides the panels into those that have at
//! most `at` of an orbit (or of a feature) and those that have more. A *leaf* has multipliers as a level has, of which an
//! orbit's own may be above 0 (it speaks of the most the case allows of the orbit) or below (of the least). They prove the
//! bound for their case where each orbit's weight is at least its coefficient times `times`, and the bound that follows is
//! less than `times` times one more than the bound to be proven, since sums over people are whole.
//!
//! That there is no panel at all is the same with no coefficients and a bound of -1.

use super::{
    Cut, Multipliers,
    check::{Flaw, Rules},
};
use crate::{instance::Quota, orbit::Orbit};

/// Most steps of a proof.
pub const MAX_STEPS: usize = 20_000;
/// Most steps times orbits: some seconds of arithmetic.
pub(crate) const MAX_WORK: usize = 400_000_000;

/// See above.
#[derive(Clone, Debug, Default, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Proof {
    /// From the root, lower cases first.
    pub steps: Vec<Step>,
}

/// A step of a proof.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
pub enum Step {
    /// At most `at` of an orbit, or more.
    Orbit {
        /// Which.
        orbit: u32,
        /// The most of the lower case.
        at: u32,
    },
    /// At most `at` of a feature, or more.
    Feature {
        /// Its number over all categories.
        feature: u32,
        /// The most of the lower case.
        at: u32,
    },
    /// The end of a case.
    Leaf {
        /// What the multipliers are counted in, at least 1.
        times: i64,
        /// Of the rows.
        multipliers: Multipliers,
        /// Of orbits, those that aren't 0.
        orbits: Vec<(u32, i64)>,
    },
}

/// Why a proof proves nothing.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Hole {
    /// More than `MAX_STEPS`.
    #[error("it has more than {MAX_STEPS} steps")]
    TooLong,
    /// It ends before all cases do, or goes on after.
    #[error("its cases don't end where its steps do")]
    Cases,
    /// A step names an orbit or a feature that isn't there, in rising order.
    #[error("step {0} names what isn't there")]
    Shape(usize),
    /// A leaf's multipliers don't prove its case.
    #[error("step {0} doesn't prove its case")]
    Leaf(usize),
    /// A leaf's multipliers are none.
    #[error("step {step}: {why}")]
    Multipliers {
        /// Which.
        step: usize,
        /// What is wrong.
        why: Box<Flaw>,
    },
}

/// Bounds of a case, and what they were before, so that one case after the other is looked at in the same place.
struct Cases {
    quotas: Vec<Quota>,
    /// Least and most of each orbit.
    orbits: Vec<(i128, i128)>,
    changed: Vec<Before>,
    /// Upper cases that are still to come, and how much had changed where they begin.
    open: Vec<(usize, usize)>,
}

enum Before {
    Quota(usize, Quota),
    Orbit(usize, (i128, i128)),
}

/// Checks that for every panel the coefficients of its people sum up to no more than `most`.
pub(crate) fn check(
    rules: &Rules,
    cuts: &[Cut],
    coefficients: &[i128],
    most: i64,
    proof: &Proof,
) -> Result<(), Hole> {
    if proof.steps.len() > MAX_STEPS || proof.steps.len().saturating_mul(coefficients.len()) > MAX_WORK {
        return Err(Hole::TooLong);
    }
    let most_of = |orbit: &Orbit| i128::from(rules.orbits.kinds[orbit.kind].households);
    let orbits = rules.orbits.orbits.iter().map(|orbit| (0, most_of(orbit))).collect();
    let quotas = rules.quotas.clone();
    let mut cases = Cases { quotas, orbits, changed: Vec::new(), open: Vec::new() };
    let mut ended = false;
    for (number, step) in proof.steps.iter().enumerate() {
        if ended {
            return Err(Hole::Cases);
        }
        if let Step::Leaf { times, multipliers, orbits } = step {
            let (mut weights, mut bound) = rules
                .weigh(multipliers, cuts, &cases.quotas)
                .map_err(|why| Hole::Multipliers { step: number, why: Box::new(why) })?;
            for (orbit, multiplier) in orbits {
                let multiplier = i128::from(*multiplier);
                let (least, most) = cases.orbits.get(*orbit as usize).ok_or(Hole::Shape(number))?;
                weights[*orbit as usize] += multiplier;
                bound += multiplier * if multiplier > 0 { most } else { least };
            }
            let times = i128::from(*times);
            let enough = weights.iter().zip(coefficients).all(|(weight, least)| *weight >= times * least);
            if times < 1 || !enough || bound >= times * (i128::from(most) + 1) {
                return Err(Hole::Leaf(number));
            }
            ended = !cases.next(&proof.steps);
        } else {
            cases.open.push((number, cases.changed.len()));
            cases.narrow(step, false).ok_or(Hole::Shape(number))?;
        }
    }
    if ended { Ok(()) } else { Err(Hole::Cases) }
}

impl Cases {
    /// Goes to the lower or the upper case of a split.
    fn narrow(&mut self, step: &Step, upper: bool) -> Option<()> {
        match step {
            Step::Orbit { orbit, at } => {
                let (number, at) = (*orbit as usize, i128::from(*at));
                let bounds = self.orbits.get_mut(number)?;
                self.changed.push(Before::Orbit(number, *bounds));
                if upper { bounds.0 = bounds.0.max(at + 1) } else { bounds.1 = bounds.1.min(at) }
            }
            Step::Feature { feature, at } => {
                let number = *feature as usize;
                let quota = self.quotas.get_mut(number)?;
                self.changed.push(Before::Quota(number, *quota));
                let more = at.saturating_add(1);
                if upper { quota.min = quota.min.max(more) } else { quota.max = quota.max.min(*at) }
            }
            Step::Leaf { .. } => {}
        }
        Some(())
    }

    /// Goes to the next case that is still to come, if there is one.
    fn next(&mut self, steps: &[Step]) -> bool {
        let Some((split, changed)) = self.open.pop() else { return false };
        for before in self.changed.drain(changed..).rev() {
            match before {
                Before::Quota(feature, quota) => self.quotas[feature] = quota,
                Before::Orbit(orbit, bounds) => self.orbits[orbit] = bounds,
            }
        }
        self.narrow(&steps[split], true).is_some()
    }
}
