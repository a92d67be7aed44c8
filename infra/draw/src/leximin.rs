//! LEXIMIN: the lottery over panels in which the least share is as large as it can be, then the next, and so on (Flanigan,
//! Gölz, Gupta, Hennig and Procaccia, "Fair algorithms for selecting citizens' assemblies", Nature 596, 2021).
//!
//! Shares are found as if people could be divided (`levels`), then split into whole panels (`peel`). Where they can't be,
//! either a lottery of the same shares is found panel by panel, or an inequality that whole panels keep and the shares don't
//! (`separate`); with it, shares are found anew. So it ends with shares that a lottery has and no lottery betters.

use crate::{
    certificate::{Certificate, Cut, UNIT, Weighted, proof::Proof},
    conflict::exists,
    instance::Instance,
    lottery::{Lottery, build},
    orbit::Orbits,
    solve::{
        Effort,
        exact::exact,
        levels::{Level, levels},
        model::Unsolved,
        peel::Mixture,
        polytope::{Of, Polytope, Row},
        prove::{Outcome, multipliers, prove, sparse},
        separate::{Separated, nearest, separate},
    },
};

/// Inequalities found at most before the lottery is published that comes nearest.
const MAX_CUTS: usize = 400;
/// Where no more of `UNIT` than this can't be split, it is given to a panel that is there.
const ENOUGH: i64 = 100;
/// What multipliers of levels are counted in, where weights are 1 in the mean.
const TIMES: f64 = 4_294_967_296.0;

/// A lottery with its proof.
#[derive(Clone, Debug)]
pub struct Optimum {
    /// Who is interchangeable with whom.
    pub orbits: Orbits,
    /// The uniform lottery.
    pub lottery: Lottery,
    /// Why its shares are LEXIMIN's.
    pub certificate: Certificate,
}

/// Why there is no lottery.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Failure {
    /// No panel fulfils the quotas: ask `conflict` which don't go together.
    #[error("no panel fulfils the quotas")]
    Infeasible,
    /// The effort allowed wasn't enough, or somebody stopped it.
    #[error("it took longer than it was allowed to")]
    Stopped,
    /// The solver lost its way in floating point.
    #[error("the solver failed: its numbers are too far apart")]
    Numeric,
}

/// How far it is, for people who wait.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Progress {
    /// So many orbits have their share, of so many.
    Shares(usize, usize),
    /// This part of the shares, of a thousand, is split into panels.
    Panels(usize),
}

/// Finds it.
///
/// # Errors
/// See `Failure`.
pub fn solve(
    instance: &Instance,
    effort: &Effort,
    told: &mut dyn FnMut(Progress),
) -> Result<Optimum, Failure> {
    let orbits = Orbits::of(instance);
    let polytope = Polytope::of(instance, &orbits);
    match find(orbits, polytope.clone(), effort, told) {
        // Where nothing can be had, its numbers are as far apart as can be.
        Err(Failure::Numeric) if !exists(&polytope, effort)? => Err(Failure::Infeasible),
        found => found,
    }
}

fn find(
    orbits: Orbits,
    mut polytope: Polytope,
    effort: &Effort,
    told: &mut dyn FnMut(Progress),
) -> Result<Optimum, Failure> {
    let mut cuts = Vec::new();
    let mut pool: Vec<Vec<i64>> = Vec::new();
    loop {
        let found = shares(&polytope, effort, told)?;
        let split = split(&polytope, &found.totals, effort, told)?;
        pool.extend(split.panels.iter().map(|(_, panel)| panel.clone()));
        let mix = if split.left == 0 {
            split.panels
        } else {
            match nearer(&mut polytope, &found.totals, &mut pool, &mut cuts, effort)? {
                Some(mix) => mix,
                None => continue,
            }
        };
        let lottery = build::build(&polytope, &orbits, &mix, effort)?;
        let certificate = Certificate {
            levels: found.levels.iter().map(|level| counted(&polytope, level)).collect(),
            level_of: found.level_of,
            cuts,
            mix: mix.iter().map(|(weight, panel)| weighted(*weight, panel)).collect(),
        };
        return Ok(Optimum { orbits, lottery, certificate });
    }
}

/// Panels with their weights of `UNIT`.
type Mix = Vec<(u64, Vec<i64>)>;

/// What the levels say.
struct Shares {
    levels: Vec<Level>,
    level_of: Vec<u32>,
    /// How many of each orbit a panel has in the mean, in `UNIT`.
    totals: Vec<i64>,
}

fn shares(polytope: &Polytope, effort: &Effort, told: &mut dyn FnMut(Progress)) -> Result<Shares, Failure> {
    let (mut fixed, width) = (0, polytope.width());
    let levels = levels(polytope, effort, &mut |more| {
        fixed += more;
        told(Progress::Shares(fixed, width));
    })?;
    let (mut level_of, mut totals) = (vec![0; width], vec![0; width]);
    for (number, level) in levels.iter().enumerate() {
        for orbit in &level.fixed {
            level_of[*orbit] = u32::try_from(number).unwrap_or(u32::MAX);
            #[expect(
                clippy::cast_precision_loss,
                clippy::cast_possible_truncation,
                reason = "seats times UNIT"
            )]
            let total =
                (level.share.clamp(0.0, 1.0) * polytope.people[*orbit] as f64 * UNIT as f64).round() as i64;
            totals[*orbit] = total;
        }
    }
    Ok(Shares { levels, level_of, totals })
}

/// Panels with their weights, and what is left of `UNIT`.
struct Split {
    panels: Mix,
    left: i64,
}

fn split(
    polytope: &Polytope,
    totals: &[i64],
    effort: &Effort,
    told: &mut dyn FnMut(Progress),
) -> Result<Split, Failure> {
    let unit = i64::try_from(UNIT).unwrap_or(i64::MAX);
    let totals = exact(polytope, totals, unit, effort)?;
    let mixture = Mixture { polytope, totals, mass: unit, enough: ENOUGH };
    let mut peeled = mixture.peel(Vec::new(), effort, &mut |left| {
        told(Progress::Panels(usize::try_from((unit - left) / (unit / 1_000)).unwrap_or_default()));
    })?;
    let left = if peeled.left <= ENOUGH { std::mem::take(&mut peeled.left) } else { 0 };
    if let Some((weight, _)) = peeled.panels.iter_mut().max_by_key(|(weight, _)| *weight) {
        *weight += left;
    }
    let panels =
        peeled.panels.into_iter().map(|(weight, panel)| (u64::try_from(weight).unwrap_or_default(), panel));
    Ok(Split { panels: panels.collect(), left: peeled.left })
}

/// Where panels couldn't be peeled off to the end: the lottery that comes nearest, or nothing, and one inequality more.
fn nearer(
    polytope: &mut Polytope,
    totals: &[i64],
    pool: &mut Vec<Vec<i64>>,
    cuts: &mut Vec<Cut>,
    effort: &Effort,
) -> Result<Option<Mix>, Failure> {
    pool.retain(|panel| polytope.holds(panel));
    pool.sort_unstable();
    pool.dedup();
    if pool.is_empty() {
        let nothing = vec![0.0; polytope.width()];
        pool.push(crate::solve::price::best(polytope, &nothing, crate::solve::model::OPTIMUM, effort)?.panel);
    }
    #[expect(clippy::cast_precision_loss, reason = "seats times UNIT")]
    let seats: Vec<f64> = totals.iter().map(|total| *total as f64 / UNIT as f64).collect();
    if let Separated::Cut(coefficients, most) = match separate(polytope, &seats, pool.clone(), effort)? {
        Separated::Mix(mix) => return Ok(Some(whole(mix))),
        cut @ Separated::Cut(..) => cut,
    } && cuts.len() < MAX_CUTS
    {
        match prove(polytope, &coefficients, most, effort)? {
            Outcome::Proven(proof) => {
                add(polytope, cuts, coefficients, most, proof);
                return Ok(None);
            }
            Outcome::Refuted(panel) => pool.push(panel),
            Outcome::TooLong => {}
        }
    }
    Ok(Some(whole(nearest(polytope, &seats, pool, effort)?)))
}

fn add(polytope: &mut Polytope, cuts: &mut Vec<Cut>, coefficients: Vec<i64>, most: i64, proof: Proof) {
    let entries = coefficients.iter().copied().enumerate().filter(|(_, by)| *by != 0).collect();
    polytope.push(Row { of: Of::Cut(cuts.len()), entries, low: 0, high: most });
    cuts.push(Cut { coefficients: sparse(&coefficients), most, proof });
}

/// Parts in whole `UNIT`s.
fn whole(mix: Vec<(f64, Vec<i64>)>) -> Mix {
    let all: f64 = mix.iter().map(|(part, _)| part).sum();
    #[expect(
        clippy::cast_precision_loss,
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "parts of UNIT"
    )]
    let part = |part: f64| (part / all * UNIT as f64).floor() as u64;
    let mut whole: Vec<_> = mix.into_iter().map(|(weight, panel)| (part(weight), panel)).collect();
    let sum: u64 = whole.iter().map(|(weight, _)| weight).sum();
    if let Some((weight, _)) = whole.iter_mut().max_by_key(|(weight, _)| *weight) {
        *weight += UNIT.saturating_sub(sum);
    }
    whole.retain(|(weight, _)| *weight > 0);
    whole
}

/// A level's multipliers in whole numbers that leave no weight below 0.
fn counted(polytope: &Polytope, level: &Level) -> crate::certificate::Multipliers {
    #[expect(clippy::cast_possible_truncation, reason = "a cast of a float saturates")]
    let mut rows: Vec<i64> = level.multipliers.iter().map(|by| (by * TIMES).round() as i64).collect();
    let weight = |orbit: usize| polytope.rows_of[orbit].iter().map(|(row, by)| rows[*row] * by).sum::<i64>();
    let lowest = (0..polytope.width()).map(weight).min().unwrap_or_default();
    // The seats are the first row. All weights rise by what the lowest lacks, and the bound by as much as the shares' sum.
    rows[0] -= lowest.min(0);
    multipliers(polytope, &rows)
}

fn weighted(weight: u64, panel: &[i64]) -> Weighted {
    let counts = panel.iter().enumerate().filter(|(_, count)| **count > 0);
    let number = |value: usize| u32::try_from(value).unwrap_or(u32::MAX);
    let counts = counts.map(|(orbit, count)| (number(orbit), u32::try_from(*count).unwrap_or(u32::MAX)));
    Weighted { weight, counts: counts.collect() }
}

impl From<Unsolved> for Failure {
    fn from(unsolved: Unsolved) -> Self {
        match unsolved {
            Unsolved::Infeasible => Self::Infeasible,
            Unsolved::Stopped | Unsolved::Nodes => Self::Stopped,
            Unsolved::Unbounded | Unsolved::Numeric => Self::Numeric,
        }
    }
}
