//! Writes down proofs by cases: that no panel exceeds a bound, or that there is none. What is written down here is checked in
//! `certificate::proof`, which knows nothing of this.

use crate::{
    certificate::{
        Multipliers,
        proof::{MAX_STEPS, Proof, Step},
    },
    solve::{
        model::{Effort, Model, OPTIMUM, Unsolved},
        polytope::{Of, Polytope},
    },
};

/// A number this near a whole one is it.
const WHOLE: f64 = 1e-6;
/// What a leaf's multipliers are counted in, coarse first.
const TIMES: [i64; 2] = [1 << 12, 1 << 26];

/// What came of it.
pub(crate) enum Outcome {
    /// A proof.
    Proven(Proof),
    /// A panel that exceeds the bound.
    Refuted(Vec<i64>),
    /// More cases than a proof may have, or numbers that rounding blurs.
    TooLong,
}

/// Proves that for every panel the coefficients sum up to no more than `most`.
pub(crate) fn prove(
    polytope: &Polytope,
    coefficients: &[i64],
    most: i64,
    effort: &Effort,
) -> Result<Outcome, Unsolved> {
    let bounds = polytope.most.iter().map(|most| (0, *most)).collect();
    let mut cases = vec![Case { polytope: polytope.clone(), bounds }];
    let mut steps = Vec::new();
    while let Some(case) = cases.pop() {
        if steps.len() + cases.len() > MAX_STEPS {
            return Ok(Outcome::TooLong);
        }
        let best = match case.best(coefficients, effort) {
            Ok((panel, value)) if value >= real(most) + 1.0 - WHOLE => Some(panel),
            Ok(_) | Err(Unsolved::Infeasible) => None,
            Err(other) => return Err(other),
        };
        if best.is_none()
            && let Some(leaf) = case.leaf(coefficients, most, effort)?
        {
            steps.push(leaf);
            continue;
        }
        let Some(panel) = best else { return Ok(Outcome::TooLong) };
        match case.split(&panel) {
            Some((step, lower, upper)) => {
                steps.push(step);
                cases.extend([upper, lower]);
            }
            None => {
                let panel: Vec<i64> = panel.iter().map(|count| whole(*count)).collect();
                let value: i64 = panel.iter().zip(coefficients).map(|(count, by)| count * by).sum();
                let refuted = value > most && polytope.holds(&panel);
                return Ok(if refuted { Outcome::Refuted(panel) } else { Outcome::TooLong });
            }
        }
    }
    Ok(Outcome::Proven(Proof { steps }))
}

/// The panels of a case: the same rows with narrower quotas, and bounds of orbits.
struct Case {
    polytope: Polytope,
    bounds: Vec<(i64, i64)>,
}

impl Case {
    /// The best panel if people could be divided, and its value.
    fn best(&self, coefficients: &[i64], effort: &Effort) -> Result<(Vec<f64>, f64), Unsolved> {
        if self.bounds.iter().any(|(low, high)| low > high)
            || self.polytope.rows.iter().any(|r| r.low > r.high)
        {
            return Err(Unsolved::Infeasible);
        }
        let mut model = Model::maximise();
        let bounds = self.bounds.iter().zip(coefficients);
        let columns: Vec<usize> =
            bounds.map(|((low, high), by)| model.real(real(*by), real(*low), real(*high))).collect();
        for row in &self.polytope.rows {
            let entries: Vec<_> =
                row.entries.iter().map(|(orbit, by)| (columns[*orbit], real(*by))).collect();
            if entries.is_empty() && row.low > 0 {
                return Err(Unsolved::Infeasible);
            }
            let single = matches!(row.of, Of::Kind(_)) && entries.len() == 1;
            if !entries.is_empty() && !single {
                let low = if matches!(row.of, Of::Cut(_)) { f64::NEG_INFINITY } else { real(row.low) };
                model.row(&entries, low, real(row.high));
            }
        }
        let solved = model.solve(OPTIMUM, effort)?;
        Ok((columns.iter().map(|column| solved.values[*column]).collect(), solved.objective))
    }

    /// Two cases that leave out what is between two whole numbers: of a feature if one is, else of an orbit.
    fn split(&self, panel: &[f64]) -> Option<(Step, Self, Self)> {
        let between = |value: f64| (value - value.round()).abs() > WHOLE;
        let sum = |row: usize| {
            self.polytope.rows[row].entries.iter().map(|(orbit, by)| panel[*orbit] * real(*by)).sum::<f64>()
        };
        let feature = (0..self.polytope.rows.len())
            .filter(|row| matches!(self.polytope.rows[*row].of, Of::Feature(_)) && between(sum(*row)))
            .max_by(|one, other| evenness(sum(*one)).total_cmp(&evenness(sum(*other))));
        let (mut lower, mut upper) = (self.clone(), self.clone());
        if let Some(row) = feature {
            let at = whole(sum(row).floor());
            lower.polytope.rows[row].high = at;
            upper.polytope.rows[row].low = at + 1;
            let Of::Feature(feature) = self.polytope.rows[row].of else { return None };
            return Some((Step::Feature { feature: number(feature)?, at: number(at)? }, lower, upper));
        }
        let orbit = (0..panel.len())
            .filter(|orbit| between(panel[*orbit]))
            .max_by(|one, other| evenness(panel[*one]).total_cmp(&evenness(panel[*other])))?;
        let at = whole(panel[orbit].floor());
        lower.bounds[orbit].1 = at;
        upper.bounds[orbit].0 = at + 1;
        Some((Step::Orbit { orbit: number(orbit)?, at: number(at)? }, lower, upper))
    }

    fn clone(&self) -> Self {
        Self { polytope: self.polytope.clone(), bounds: self.bounds.clone() }
    }

    /// Multipliers in whole numbers that prove the case.
    fn leaf(&self, coefficients: &[i64], most: i64, effort: &Effort) -> Result<Option<Step>, Unsolved> {
        let (rows, orbits) = match self.multipliers(coefficients, most, effort) {
            Ok(found) => found,
            Err(Unsolved::Stopped) => return Err(Unsolved::Stopped),
            Err(_) => return Ok(None),
        };
        for times in TIMES {
            let rounded = |values: &[f64]| values.iter().map(|value| whole(value * real(times))).collect();
            let (mut rows, orbits): (Vec<i64>, Vec<i64>) = (rounded(&rows), rounded(&orbits));
            let weight = |orbit: usize, rows: &[i64]| {
                self.polytope.rows_of[orbit].iter().map(|(row, by)| rows[*row] * by).sum::<i64>()
                    + orbits[orbit]
            };
            let short = (0..orbits.len()).map(|o| times * coefficients[o] - weight(o, &rows)).max();
            // The seats are the first row, and every orbit stands in it.
            rows[0] += short.unwrap_or_default().max(0);
            let side = |multiplier: i64, low: i64, high: i64| {
                i128::from(multiplier) * i128::from(if multiplier > 0 { high } else { low })
            };
            let of_rows: i128 =
                rows.iter().zip(&self.polytope.rows).map(|(m, r)| side(*m, r.low, r.high)).sum();
            let of_orbits: i128 = orbits.iter().zip(&self.bounds).map(|(m, b)| side(*m, b.0, b.1)).sum();
            if of_rows + of_orbits < i128::from(times) * i128::from(most + 1) {
                let multipliers = multipliers(&self.polytope, &rows);
                return Ok(Some(Step::Leaf { times, multipliers, orbits: sparse(&orbits) }));
            }
        }
        Ok(None)
    }

    /// Of rows and of orbits, those that give the least bound.
    fn multipliers(
        &self,
        coefficients: &[i64],
        most: i64,
        effort: &Effort,
    ) -> Result<(Vec<f64>, Vec<f64>), Unsolved> {
        let mut model = Model::minimise();
        let mut weights = vec![Vec::new(); coefficients.len()];
        let (mut of_rows, mut of_orbits, mut bound) = (Vec::new(), Vec::new(), Vec::new());
        let mut push = |model: &mut Model, low: i64, high: i64, below: bool| {
            let mut columns = vec![(model.real(real(high), 0.0, f64::INFINITY), high)];
            if below {
                columns.push((model.real(real(low), f64::NEG_INFINITY, 0.0), low));
            }
            bound.extend(columns.iter().map(|(column, at)| (*column, real(*at))));
            columns.into_iter().map(|(column, _)| column).collect::<Vec<_>>()
        };
        for row in &self.polytope.rows {
            let below = matches!(row.of, Of::Seats | Of::Feature(_));
            // Where more are asked for than there are seats, the minimum and the seats say so.
            let columns = push(&mut model, row.low, row.high.max(row.low), below);
            for (column, (orbit, by)) in columns.iter().flat_map(|c| row.entries.iter().map(move |e| (c, e)))
            {
                weights[*orbit].push((*column, real(*by)));
            }
            of_rows.push(columns);
        }
        for (orbit, (low, high)) in self.bounds.iter().enumerate() {
            let narrowed = *low > 0 || *high < self.polytope.most[orbit];
            let columns = if narrowed { push(&mut model, *low, *high, *low > 0) } else { Vec::new() };
            weights[orbit].extend(columns.iter().map(|column| (*column, 1.0)));
            of_orbits.push(columns);
        }
        for (weight, least) in weights.iter().zip(coefficients) {
            model.row(weight, real(*least), f64::INFINITY);
        }
        // Far enough below what is to be proven: without it nothing would stop a case without panels.
        let bound: Vec<_> = bound.into_iter().filter(|(_, at)| *at != 0.0).collect();
        model.row(&bound, real(most), f64::INFINITY);
        let solved = model.solve(OPTIMUM, effort)?;
        let sums = |columns: &[Vec<usize>]| {
            columns.iter().map(|columns| columns.iter().map(|c| solved.values[*c]).sum()).collect()
        };
        Ok((sums(&of_rows), sums(&of_orbits)))
    }
}

/// Multipliers of rows as a certificate has them.
pub(crate) fn multipliers(polytope: &Polytope, rows: &[i64]) -> Multipliers {
    let mut multipliers = Multipliers::default();
    for (row, by) in polytope.rows.iter().zip(rows) {
        match row.of {
            Of::Seats => multipliers.seats = *by,
            Of::Feature(_) => multipliers.features.push(*by),
            Of::Kind(kind) if *by != 0 => multipliers.kinds.extend(number(kind).map(|kind| (kind, *by))),
            Of::Cut(cut) if *by != 0 => multipliers.cuts.extend(number(cut).map(|cut| (cut, *by))),
            Of::Kind(_) | Of::Cut(_) => {}
        }
    }
    multipliers
}

/// Those that aren't 0.
pub(crate) fn sparse(all: &[i64]) -> Vec<(u32, i64)> {
    let some = all.iter().enumerate().filter(|(_, value)| **value != 0);
    some.filter_map(|(at, value)| Some((number(at)?, *value))).collect()
}

/// How far a number is from the nearest whole one.
fn evenness(value: f64) -> f64 {
    (value - value.round()).abs()
}

fn number<T: TryInto<u32>>(value: T) -> Option<u32> {
    value.try_into().ok()
}

#[expect(
    clippy::cast_precision_loss,
    reason = "counts, coefficients and what proofs count in are below 2^53"
)]
fn real(number: i64) -> f64 {
    number as f64
}

#[expect(clippy::cast_possible_truncation, reason = "rounded, and a cast of a float saturates")]
fn whole(number: f64) -> i64 {
    number.round() as i64
}
