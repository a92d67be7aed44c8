//! The LEXIMIN shares over the orbits, level by level, as if a panel could have a fraction of a person.
//!
//! A level raises the least share of the people not fixed yet as far as it goes while those fixed keep theirs. It is solved
//! from its dual side: find multipliers for the rows so that every orbit's *weight* (the sum of its rows' multipliers) is
//! not negative, the weights of the people not fixed sum up to their number, and the bound that follows is least. That
//! bound is the level, and whoever has a positive weight can't have more: they are fixed. So one programme gives the level,
//! whom it fixes, and the proof; when all are fixed, the shares are known.

use super::{
    model::{Effort, Model, OPTIMUM, Unsolved},
    polytope::{Of, Polytope},
};

/// A weight below is taken for none, where the mean is 1: rounding. Who is fixed a level too late loses nothing.
const NO_WEIGHT: f64 = 1e-3;
/// What is fixed keeps all but this part of its share, where rounding alone made a level impossible.
const GIVE: f64 = 1e-9;

/// One level.
#[derive(Clone, Debug)]
pub(crate) struct Level {
    /// Of each row; below 0 it is a multiplier of its lower bound.
    pub(crate) multipliers: Vec<f64>,
    /// The share of whom it fixes.
    pub(crate) share: f64,
    /// The orbits it fixes.
    pub(crate) fixed: Vec<usize>,
}

/// All levels, lowest first. `Infeasible` where no panel exists even in fractions.
pub(crate) fn levels(
    polytope: &Polytope,
    effort: &Effort,
    told: &mut dyn FnMut(usize),
) -> Result<Vec<Level>, Unsolved> {
    let mut shares = vec![None; polytope.width()];
    let mut levels = Vec::new();
    while shares.iter().any(Option::is_none) {
        let level = match next(polytope, &shares, effort) {
            Err(Unsolved::Unbounded) if levels.is_empty() => return Err(Unsolved::Infeasible),
            Err(Unsolved::Unbounded) => {
                let less: Vec<_> =
                    shares.iter().map(|share| share.map(|share| share * (1.0 - GIVE))).collect();
                next(polytope, &less, effort)?
            }
            other => other?,
        };
        if level.fixed.is_empty() {
            return Err(Unsolved::Numeric);
        }
        level.fixed.iter().for_each(|orbit| shares[*orbit] = Some(level.share));
        told(level.fixed.len());
        levels.push(level);
    }
    Ok(levels)
}

/// The next level above what is fixed.
fn next(polytope: &Polytope, shares: &[Option<f64>], effort: &Effort) -> Result<Level, Unsolved> {
    let mut model = Model::minimise();
    let free: i64 =
        (0..shares.len()).filter(|orbit| shares[*orbit].is_none()).map(|o| polytope.people[o]).sum();
    #[expect(clippy::cast_precision_loss, reason = "at most a million people")]
    let free = free as f64;
    let columns = columns(polytope, shares, free, &mut model);
    let mut sum = Vec::new();
    let mut weights = vec![Vec::new(); polytope.width()];
    for (column, row, free_people) in &columns {
        if *free_people != 0.0 {
            sum.push((*column, free_people / free));
        }
        for (orbit, by) in &polytope.rows[*row].entries {
            weights[*orbit].push((*column, real(*by)));
        }
    }
    model.row(&sum, 1.0, 1.0);
    weights.iter().for_each(|weight| model.row(weight, 0.0, f64::INFINITY));
    let solved = model.solve(OPTIMUM, effort)?;
    let mut multipliers = vec![0.0; polytope.rows.len()];
    columns.iter().for_each(|(column, row, _)| multipliers[*row] += solved.values[*column]);
    let share = solved.objective;
    if share > 1.0 - GIVE {
        return Ok(certain(polytope, shares));
    }
    let weight =
        |orbit: usize| weights[orbit].iter().map(|(column, by)| solved.values[*column] * by).sum::<f64>();
    let fixed = (0..shares.len()).filter(|o| shares[*o].is_none() && weight(*o) > NO_WEIGHT).collect();
    Ok(Level { multipliers, share, fixed })
}

/// One or two columns for each row that can bind: column, row, and the coefficients of people who are not fixed.
fn columns(
    polytope: &Polytope,
    shares: &[Option<f64>],
    free: f64,
    model: &mut Model,
) -> Vec<(usize, usize, f64)> {
    let mut columns = Vec::new();
    for (number, row) in polytope.rows.iter().enumerate() {
        let (mut free_people, mut fixed) = (0.0, 0.0);
        for (orbit, by) in &row.entries {
            let people = real(by * polytope.people[*orbit]);
            match shares[*orbit] {
                Some(share) => fixed += people * share,
                None => free_people += people,
            }
        }
        let mut push = |bound: i64, low: f64, high: f64| {
            columns.push((model.real((real(bound) - fixed) / free, low, high), number, free_people));
        };
        if row.low == row.high {
            push(row.low, f64::NEG_INFINITY, f64::INFINITY);
            continue;
        }
        if !matches!(row.of, Of::Feature(_)) || row.high < polytope.seats {
            push(row.high, 0.0, f64::INFINITY);
        }
        if matches!(row.of, Of::Feature(_)) && row.low > 0 {
            push(row.low, f64::NEG_INFINITY, 0.0);
        }
    }
    columns
}

/// The last level where all who are left are on every panel: nobody's share can be above 1.
fn certain(polytope: &Polytope, shares: &[Option<f64>]) -> Level {
    let left = |row: &super::polytope::Row| row.entries.iter().any(|(orbit, _)| shares[*orbit].is_none());
    let one = |row: &super::polytope::Row| f64::from(matches!(row.of, Of::Kind(_)) && left(row));
    Level {
        multipliers: polytope.rows.iter().map(one).collect(),
        share: 1.0,
        fixed: (0..shares.len()).filter(|orbit| shares[*orbit].is_none()).collect(),
    }
}

#[expect(clippy::cast_precision_loss, reason = "counts of people and seats")]
fn real(number: i64) -> f64 {
    number as f64
}
