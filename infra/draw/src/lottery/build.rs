//! Makes the equally likely panels from an optimal mixture.
//!
//! Each panel of the mixture stands in the lottery as often as its weight allows whole times. What is left of the weights is rounded by
//! orbit, up or down to whole people, so that the quotas still can hold, and that is split into whole panels as before. Where
//! that works, everybody is on their optimal share of the panels, rounded up or down: less than one panel off. Where it
//! doesn't, the last few panels are those that come nearest. Either way the largest deviation is counted and published.

use super::{Lottery, PANELS, seating};
use crate::{
    certificate::UNIT,
    orbit::Orbits,
    solve::{
        Effort,
        model::{ANY, Asked, Model, Unsolved},
        peel::{Mixture, Peeled},
        polytope::Polytope,
        price,
    },
};

/// Nodes for rounding, and for each of the last panels where nothing better is found.
const NODES: u64 = 3_000;

/// The lottery of a mixture: weights that sum up to `UNIT`, and how many of each orbit.
pub(crate) fn build(
    polytope: &Polytope,
    orbits: &Orbits,
    mix: &[(u64, Vec<i64>)],
    effort: &Effort,
) -> Result<Lottery, Unsolved> {
    let panels = i64::try_from(PANELS).unwrap_or(i64::MAX);
    let unit = i128::from(UNIT);
    let often =
        |weight: u64| i64::try_from(i128::from(weight) * i128::from(panels) / unit).unwrap_or_default();
    let taken: Vec<(i64, Vec<i64>)> =
        mix.iter().map(|(weight, panel)| (often(*weight), panel.clone())).collect();
    let mass = panels - taken.iter().map(|(times, _)| times).sum::<i64>();
    let mut rest = vec![0i128; polytope.width()];
    for ((weight, panel), (times, _)) in mix.iter().zip(&taken) {
        let left = i128::from(*weight) * i128::from(panels) - i128::from(*times) * unit;
        rest.iter_mut().zip(panel).for_each(|(rest, count)| *rest += left * i128::from(*count));
    }
    let totals = rounded(polytope, &rest, mass, effort)?;
    let whole = Mixture { polytope, totals, mass, enough: 0 };
    let mut peeled = whole.peel(taken, effort, &mut |_| {})?;
    if peeled.left > 0 {
        nearest(polytope, mix, &mut peeled, effort)?;
    }
    let each = peeled.panels.iter().flat_map(|(times, panel)| (0..*times).map(move |_| panel.as_slice()));
    Ok(Lottery { panels: seating::seat(orbits, &each.collect::<Vec<_>>()) })
}

/// Rounds what each orbit has left to whole people, so that `mass` panels can have them.
fn rounded(polytope: &Polytope, rest: &[i128], mass: i64, effort: &Effort) -> Result<Vec<i64>, Unsolved> {
    let unit = i128::from(UNIT);
    let split =
        |rest: &i128| (i64::try_from(rest.div_euclid(unit)).unwrap_or_default(), rest.rem_euclid(unit));
    let mut totals: Vec<i64> = rest.iter().map(|rest| split(rest).0).collect();
    let mut model = Model::maximise();
    let columns: Vec<Option<usize>> = rest
        .iter()
        .map(|rest| {
            #[expect(clippy::cast_precision_loss, reason = "a part of one")]
            let part = split(rest).1 as f64 / UNIT as f64;
            (part > 0.0).then(|| model.whole(part - 0.5, 0, 1))
        })
        .collect();
    for row in polytope.rows.iter().filter(|row| row.entries.len() > 1) {
        let open = row.entries.iter().filter_map(|(orbit, by)| columns[*orbit].map(|c| (c, real(*by))));
        let open: Vec<(usize, f64)> = open.collect();
        let sum = polytope.sum(row, &totals);
        let (low, high) = (real(row.low * mass - sum), real(row.high * mass - sum));
        if !open.is_empty() {
            model.row(&open, low, high);
        }
    }
    if columns.iter().all(Option::is_none) {
        return Ok(totals);
    }
    match model.solve(Asked { nodes: NODES, gap: ANY }, effort) {
        Ok(solved) => {
            for (total, column) in totals.iter_mut().zip(&columns) {
                *total += i64::from(column.is_some_and(|column| solved.values[column] > 0.5));
            }
        }
        Err(Unsolved::Stopped) => return Err(Unsolved::Stopped),
        // Rounded each by itself; the last panels then come as near as they can.
        Err(_) => totals
            .iter_mut()
            .zip(rest)
            .for_each(|(total, rest)| *total += i64::from(split(rest).1 * 2 > unit)),
    }
    Ok(totals)
}

/// The last panels, each for those who lack most.
fn nearest(
    polytope: &Polytope,
    mix: &[(u64, Vec<i64>)],
    peeled: &mut Peeled,
    effort: &Effort,
) -> Result<(), Unsolved> {
    #[expect(clippy::cast_precision_loss, reason = "a weight of UNIT")]
    let part = |weight: u64| weight as f64 / UNIT as f64 * real(i64::try_from(PANELS).unwrap_or_default());
    let mut lacking = vec![0.0; polytope.width()];
    for (weight, panel) in mix {
        lacking.iter_mut().zip(panel).for_each(|(lacking, count)| *lacking += part(*weight) * real(*count));
    }
    for (times, panel) in &peeled.panels {
        lacking.iter_mut().zip(panel).for_each(|(lacking, count)| *lacking -= real(times * count));
    }
    while peeled.left > 0 {
        let weights: Vec<f64> =
            lacking.iter().zip(&polytope.people).map(|(lacking, people)| lacking / real(*people)).collect();
        let best = price::best(polytope, &weights, Asked { nodes: NODES, gap: 0.0 }, effort);
        let panel = match (best, peeled.panels.first()) {
            (Ok(best), _) => best.panel,
            (Err(Unsolved::Nodes | Unsolved::Numeric), Some((_, known))) => known.clone(),
            (Err(other), _) => return Err(other),
        };
        lacking.iter_mut().zip(&panel).for_each(|(lacking, count)| *lacking -= real(*count));
        peeled.panels.push((1, panel));
        peeled.left -= 1;
    }
    Ok(())
}

#[expect(clippy::cast_precision_loss, reason = "counts of people")]
fn real(number: i64) -> f64 {
    number as f64
}
