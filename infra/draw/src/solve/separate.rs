//! Whether shares can be had from whole panels at all: the lottery that comes nearest, or an inequality that they break.
//!
//! Column generation: the people who get least of what they should, given the panels known so far, get weights; the best
//! panel for these weights is one more. Where no panel is better than those known and somebody still lacks something, the
//! weights are an inequality that every panel keeps and the shares don't.

use super::{
    model::{Asked, Effort, Growing, Model, OPTIMUM, Unsolved},
    polytope::Polytope,
    price,
};

/// Nobody lacks more of a share: rounding.
const ENOUGH: f64 = 1e-10;
/// A panel has to be better by so much, as weights are 1 in the mean.
const BETTER: f64 = 1e-7;
const NODES: u64 = 20_000;
/// Most panels added.
const ROUNDS: usize = 3_000;

/// What was found.
pub(crate) enum Separated {
    /// Panels with their part of the lottery: of the shares, or as near them as was found.
    Mix(Vec<(f64, Vec<i64>)>),
    /// Coefficients that no panel sums up to more than this of, while the shares do.
    Cut(Vec<i64>, i64),
}

/// Starts from panels that are known; at least one is.
pub(crate) fn separate(
    polytope: &Polytope,
    seats: &[f64],
    mut pool: Vec<Vec<i64>>,
    effort: &Effort,
) -> Result<Separated, Unsolved> {
    let mut master = Master::of(polytope, seats, &pool, effort)?;
    for _ in 0..ROUNDS {
        let (weights, most, lacking) = master.weights();
        if lacking <= ENOUGH {
            break;
        }
        let value =
            |panel: &[i64]| panel.iter().zip(&weights).map(|(count, by)| real(*count) * by).sum::<f64>();
        let quick = Asked { nodes: NODES, gap: if lacking > 1e-7 { 0.02 } else { 0.0 } };
        let mut found = price::best(polytope, &weights, quick, effort);
        if found.as_ref().is_ok_and(|best| !best.proven && value(&best.panel) <= most + BETTER) {
            found = price::best(polytope, &weights, Asked { nodes: NODES, gap: 0.0 }, effort);
        }
        match found {
            Ok(best) if value(&best.panel) > most + BETTER => {
                master = master.push(&best.panel, effort)?;
                pool.push(best.panel);
            }
            Ok(best) if best.proven => {
                if let Some((coefficients, most)) = whole(polytope, &weights, seats, effort)? {
                    return Ok(Separated::Cut(coefficients, most));
                }
                break;
            }
            Ok(_) | Err(Unsolved::Nodes | Unsolved::Numeric) => break,
            Err(other) => return Err(other),
        }
    }
    Ok(Separated::Mix(nearest(polytope, seats, &pool, effort)?))
}

/// The weights that show who lacks most, as a programme with a row for each panel.
struct Master {
    growing: Growing,
    width: usize,
    people: f64,
}

impl Master {
    fn of(polytope: &Polytope, seats: &[f64], pool: &[Vec<i64>], effort: &Effort) -> Result<Self, Unsolved> {
        let mut model = Model::maximise();
        let people: f64 = polytope.people.iter().map(|people| real(*people)).sum();
        seats.iter().for_each(|seats| {
            model.real(*seats, 0.0, f64::INFINITY);
        });
        let bound = model.real(-1.0, 0.0, f64::INFINITY);
        let mean: Vec<_> =
            polytope.people.iter().enumerate().map(|(at, of)| (at, real(*of) / people)).collect();
        model.row(&mean, 1.0, 1.0);
        pool.iter().for_each(|panel| model.row(&row(panel, bound), f64::NEG_INFINITY, 0.0));
        Ok(Self { growing: model.grow(effort)?, width: seats.len(), people })
    }

    fn push(self, panel: &[i64], effort: &Effort) -> Result<Self, Unsolved> {
        let Self { growing, width, people } = self;
        let growing = growing.at_most(&row(panel, width), 0.0, effort)?;
        Ok(Self { growing, width, people })
    }

    /// Weights, the most that a known panel has of them, and how much of a share somebody lacks.
    fn weights(&self) -> (Vec<f64>, f64, f64) {
        let mut solved = self.growing.solved();
        let most = solved.values.pop().unwrap_or_default();
        (solved.values, most, solved.objective / self.people)
    }
}

fn row(panel: &[i64], bound: usize) -> Vec<(usize, f64)> {
    let counts = panel.iter().enumerate().filter(|(_, count)| **count > 0);
    counts.map(|(orbit, count)| (orbit, real(*count))).chain([(bound, -1.0)]).collect()
}

/// The lottery of known panels in which nobody lacks more than need be.
pub(crate) fn nearest(
    polytope: &Polytope,
    seats: &[f64],
    pool: &[Vec<i64>],
    effort: &Effort,
) -> Result<Vec<(f64, Vec<i64>)>, Unsolved> {
    let mut model = Model::minimise();
    let lacking = model.real(1.0, 0.0, f64::INFINITY);
    let parts: Vec<usize> = pool.iter().map(|_| model.real(0.0, 0.0, 1.0)).collect();
    model.row(&parts.iter().map(|part| (*part, 1.0)).collect::<Vec<_>>(), 1.0, 1.0);
    for (orbit, seats) in seats.iter().enumerate() {
        let mut entries: Vec<_> = parts
            .iter()
            .zip(pool)
            .filter(|(_, panel)| panel[orbit] > 0)
            .map(|(part, panel)| (*part, real(panel[orbit])))
            .collect();
        entries.push((lacking, real(polytope.people[orbit])));
        model.row(&entries, *seats, f64::INFINITY);
    }
    let solved = model.solve(OPTIMUM, effort)?;
    let parts = parts.iter().map(|part| solved.values[*part].max(0.0));
    Ok(parts.zip(pool).filter(|(part, _)| *part > 0.0).map(|(part, panel)| (part, panel.clone())).collect())
}

/// The inequality of weights in whole numbers, small ones if it can be; none where the shares keep it.
fn whole(
    polytope: &Polytope,
    weights: &[f64],
    seats: &[f64],
    effort: &Effort,
) -> Result<Option<(Vec<i64>, i64)>, Unsolved> {
    let largest = weights.iter().copied().fold(0.0, f64::max);
    let small = (1..=24u32).map(f64::from).find(|times| {
        weights.iter().all(|weight| {
            let scaled = weight / largest * times;
            (scaled - scaled.round()).abs() < 1e-6
        })
    });
    for times in small.into_iter().chain([1e4, 1e7]) {
        #[expect(clippy::cast_possible_truncation, reason = "at most the factor")]
        let coefficients: Vec<i64> =
            weights.iter().map(|weight| (weight / largest * times).round() as i64).collect();
        let as_weights: Vec<f64> = coefficients.iter().map(|coefficient| real(*coefficient)).collect();
        let best = price::best(polytope, &as_weights, Asked { nodes: NODES, gap: 0.0 }, effort)?;
        let most: i64 = best.panel.iter().zip(&coefficients).map(|(count, by)| count * by).sum();
        let shares: f64 = seats.iter().zip(&as_weights).map(|(seats, by)| seats * by).sum();
        if best.proven && shares > real(most) + 1e-7 * times {
            return Ok(Some((coefficients, most)));
        }
    }
    Ok(None)
}

#[expect(clippy::cast_precision_loss, reason = "counts of people, and small coefficients")]
fn real(number: i64) -> f64 {
    number as f64
}
