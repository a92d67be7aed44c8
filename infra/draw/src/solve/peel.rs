//! Splits shares into whole panels: takes off the mixture one panel after the other, each as often as the rest allows.
//!
//! What is left is always a number of panels (the *mass*, in units) and how many of each orbit they have together. A panel
//! may be taken off `t` units if the rest, of `t` units less, still has each row and each orbit within its bounds on
//! average. So for a step of a part `tau` of the mass an orbit that the rest has `q + f` times a panel (f its fraction) is
//! taken `q + 1` times only if `f >= tau` and `q` times only if `1 - f >= tau`, and a row's sum stays near a bound it is near:
//! all that is a programme of zeros and ones, and `tau` is halved until it has an answer. So no programme is larger than it
//! need be, and steps are long: a tenth to a half of what is left.
//!
//! Where whole panels stop before the mass is used up, some of what was taken off is put back, ten times as much as is left:
//! the rest is then mostly an even mixture again, and peeling goes on from there another way.

use super::{
    model::{ANY, Asked, Effort, Model, Unsolved},
    polytope::{Polytope, Row},
    swap::{Open, Range},
};

/// Nodes for one programme of zeros and ones, and for the last one before panels are put back.
const NODES: u64 = 300;
const LAST_NODES: u64 = 3_000;
/// Exchanges before branch and bound is asked.
const EXCHANGES: usize = 200;
/// The finest step.
const FINEST: f64 = 1e-6;
/// Parts closer than this are the same.
const SAME: f64 = 1e-9;
/// How often panels are put back without getting anywhere.
const TRIES: u32 = 6;

/// Panels with how often each was taken, and what could not be split.
#[derive(Clone, Debug)]
pub(crate) struct Peeled {
    /// Times taken, and how many of each orbit.
    pub(crate) panels: Vec<(i64, Vec<i64>)>,
    /// Units left: none where all was split.
    pub(crate) left: i64,
}

/// A mixture to be split.
pub(crate) struct Mixture<'a> {
    pub(crate) polytope: &'a Polytope,
    /// Of each orbit, over all units.
    pub(crate) totals: Vec<i64>,
    /// Units.
    pub(crate) mass: i64,
    /// Where whole panels stop with no more units left, nothing is put back for them.
    pub(crate) enough: i64,
}

impl Mixture<'_> {
    /// Splits it as far as it goes; panels that were taken off before may be put back.
    pub(crate) fn peel(
        mut self,
        mut panels: Vec<(i64, Vec<i64>)>,
        effort: &Effort,
        told: &mut dyn FnMut(i64),
    ) -> Result<Peeled, Unsolved> {
        let (mut tau, mut best, mut tries, mut back) = (0.5, i64::MAX, 0, 10);
        while self.mass > 0 {
            let finest = f64::max(1.0 / real(self.mass), FINEST);
            match self.step(f64::max(tau, finest), effort) {
                Err(Unsolved::Infeasible | Unsolved::Nodes | Unsolved::Numeric) if tau > finest => tau /= 2.0,
                Err(Unsolved::Infeasible | Unsolved::Nodes | Unsolved::Numeric) => {
                    if self.mass <= self.enough {
                        break;
                    }
                    tries = if self.mass < best / 2 { 0 } else { tries + 1 };
                    back = if tries == 0 { 10 } else { back * 2 };
                    best = best.min(self.mass);
                    if tries > TRIES || panels.is_empty() {
                        break;
                    }
                    self.put_back(self.mass.saturating_mul(back), &mut panels);
                    tau = 0.5;
                }
                Err(other) => return Err(other),
                Ok((times, panel)) => {
                    self.mass -= times;
                    self.totals.iter_mut().zip(&panel).for_each(|(total, count)| *total -= times * count);
                    match panels.iter_mut().find(|(_, known)| *known == panel) {
                        Some((taken, _)) => *taken += times,
                        None => panels.push((times, panel)),
                    }
                    tau = f64::min(tau * 2.0, 0.5);
                    told(self.mass);
                }
            }
        }
        panels.retain(|(times, _)| *times > 0);
        Ok(Peeled { panels, left: self.mass })
    }

    /// Puts back about so many units, of each panel its part.
    fn put_back(&mut self, units: i64, panels: &mut [(i64, Vec<i64>)]) {
        let taken: i64 = panels.iter().map(|(times, _)| times).sum();
        let mut open = units.min(taken - taken / 2);
        for (times, panel) in panels {
            let part = i128::from(*times) * i128::from(units.min(taken)) / i128::from(taken.max(1)) + 1;
            let part = i64::try_from(part).unwrap_or(i64::MAX).min(*times).min(open);
            *times -= part;
            open -= part;
            self.mass += part;
            self.totals.iter_mut().zip(panel).for_each(|(total, count)| *total += part * *count);
        }
    }

    /// A panel that a part `tau` of the mass may be taken of, and how many units of it.
    fn step(&self, tau: f64, effort: &Effort) -> Result<(i64, Vec<i64>), Unsolved> {
        if let Some(found) = self.swapped(tau) {
            return Ok(found);
        }
        let (mut model, mut panel) = (Model::maximise(), Vec::new());
        let mut columns = vec![None; self.totals.len()];
        for (orbit, total) in self.totals.iter().enumerate() {
            let (whole, part) = self.split(*total);
            let fraction = real(part) / real(self.mass);
            let (down, up) = (1.0 - fraction >= tau - SAME, fraction >= tau - SAME);
            panel.push(whole + i64::from(part > 0 && !down));
            if part > 0 && down && up {
                columns[orbit] = Some(model.whole(fraction, 0, 1));
            }
        }
        for row in self.polytope.rows.iter().filter(|row| row.entries.len() > 1) {
            let (low, high) = self.within(row, tau);
            let taken = self.polytope.sum(row, &panel);
            let open = row.entries.iter().filter_map(|(orbit, by)| columns[*orbit].map(|c| (c, real(*by))));
            let open: Vec<(usize, f64)> = open.collect();
            if open.is_empty() && !(low..=high).contains(&taken) {
                return Err(Unsolved::Infeasible);
            }
            let all: f64 = open.iter().map(|(_, by)| by.max(0.0)).sum();
            let none: f64 = open.iter().map(|(_, by)| by.min(0.0)).sum();
            let (low, high) = (real(low - taken), real(high - taken));
            let low = if low > none || low == high { low } else { f64::NEG_INFINITY };
            let high = if high < all || low == high { high } else { f64::INFINITY };
            if !open.is_empty() && (low.is_finite() || high.is_finite()) {
                model.row(&open, low, high);
            }
        }
        if columns.iter().any(Option::is_some) {
            let nodes = if tau <= FINEST { LAST_NODES } else { NODES };
            let solved = model.solve(Asked { nodes, gap: ANY }, effort)?;
            for (count, column) in panel.iter_mut().zip(&columns) {
                *count += column.map_or(0, |column| whole(solved.values[column]));
            }
        }
        let times = self.times(&panel);
        let sound = times > 0 && self.polytope.holds(&panel);
        if sound { Ok((times, panel)) } else { Err(Unsolved::Infeasible) }
    }

    /// The same by exchanges: mostly quicker, and where it finds nothing, that says nothing.
    fn swapped(&self, tau: f64) -> Option<(i64, Vec<i64>)> {
        let (mut panel, mut columns, mut wish, mut rows_of) =
            (Vec::new(), Vec::new(), Vec::new(), Vec::new());
        for (orbit, total) in self.totals.iter().enumerate() {
            let (whole, part) = self.split(*total);
            let fraction = real(part) / real(self.mass);
            let (down, up) = (1.0 - fraction >= tau - SAME, fraction >= tau - SAME);
            panel.push(whole + i64::from(part > 0 && !down));
            if part > 0 && down && up {
                columns.push(orbit);
                wish.push(fraction);
                rows_of.push(&self.polytope.rows_of[orbit][..]);
            }
        }
        let range = |row: &Row| {
            let (low, high) = if row.entries.len() > 1 { self.within(row, tau) } else { (row.low, row.high) };
            let taken = self.polytope.sum(row, &panel);
            Range { low: low - taken, high: high - taken }
        };
        let ranges: Vec<Range> = self.polytope.rows.iter().map(range).collect();
        // The seats are the first row.
        let ones = usize::try_from(ranges.first()?.low).ok()?;
        let found = Open { rows_of, wish, ranges, ones }.search(EXCHANGES)?;
        columns.iter().zip(found).for_each(|(orbit, one)| panel[*orbit] += i64::from(one));
        let times = self.times(&panel);
        (times > 0 && self.polytope.holds(&panel)).then_some((times, panel))
    }

    /// How often the mass goes into an orbit's total, and what is over.
    fn split(&self, total: i64) -> (i64, i64) {
        (total.div_euclid(self.mass), total.rem_euclid(self.mass))
    }

    /// What is between the rest and a row's bounds, in units.
    fn room(&self, row: &Row) -> (i64, i64) {
        let sum = self.polytope.sum(row, &self.totals);
        (sum - row.low * self.mass, row.high * self.mass - sum)
    }

    /// Between what a panel's row may be.
    fn within(&self, row: &Row, tau: f64) -> (i64, i64) {
        let (below, above) = self.room(row);
        let steps = |room: i64| whole((real(room) / (tau * real(self.mass)) + SAME).floor());
        ((row.high - steps(above)).max(row.low), (row.low + steps(below)).min(row.high))
    }

    /// How many units of a panel may be taken off.
    fn times(&self, panel: &[i64]) -> i64 {
        let mut times = self.mass;
        for (orbit, total) in self.totals.iter().enumerate() {
            let (whole, part) = self.split(*total);
            if part > 0 {
                times = times.min(if panel[orbit] > whole { part } else { self.mass - part });
            }
        }
        for row in self.polytope.rows.iter().filter(|row| row.entries.len() > 1) {
            let ((below, above), sum) = (self.room(row), self.polytope.sum(row, panel));
            if sum > row.low {
                times = times.min(below / (sum - row.low));
            }
            if sum < row.high {
                times = times.min(above / (row.high - sum));
            }
        }
        times
    }
}

#[expect(clippy::cast_precision_loss, reason = "below 2^53")]
fn real(number: i64) -> f64 {
    number as f64
}

#[expect(clippy::cast_possible_truncation, reason = "rounded, and a cast of a float saturates")]
fn whole(number: f64) -> i64 {
    number.round() as i64
}
