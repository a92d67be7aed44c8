//! Totals that fit their rows to the last unit, where rounding has them a little off.

use super::{
    model::{ANY, Asked, Effort, Model, Unsolved},
    polytope::Polytope,
};

const NODES: u64 = 5_000;

/// The totals of `mass` units, changed by as little as makes every row fit.
pub(crate) fn exact(
    polytope: &Polytope,
    totals: &[i64],
    mass: i64,
    effort: &Effort,
) -> Result<Vec<i64>, Unsolved> {
    let within = |(total, most): (&i64, &i64)| (*total).clamp(0, most.saturating_mul(mass));
    let mut totals: Vec<i64> = totals.iter().zip(&polytope.most).map(within).collect();
    let mut model = Model::minimise();
    let columns: Vec<(usize, usize)> = totals
        .iter()
        .zip(&polytope.most)
        .map(|(total, most)| (model.whole(1.0, 0, most * mass - total), model.whole(1.0, 0, *total)))
        .collect();
    let mut fits = true;
    for row in polytope.rows.iter().filter(|row| row.entries.len() > 1) {
        let sum = polytope.sum(row, &totals);
        let (low, high) = (row.low.saturating_mul(mass) - sum, row.high.saturating_mul(mass) - sum);
        fits &= low <= 0 && high >= 0;
        // A row far from its bounds stays so.
        let bound = |room: i64, open: f64| if room.abs() < mass / 1_000 { real(room) } else { open };
        let (low, high) = (bound(low, f64::NEG_INFINITY), bound(high, f64::INFINITY));
        if low.is_finite() || high.is_finite() {
            let entries = row.entries.iter().flat_map(|(orbit, by)| {
                let (up, down) = columns[*orbit];
                [(up, real(*by)), (down, -real(*by))]
            });
            model.row(&entries.collect::<Vec<_>>(), low, high);
        }
    }
    if !fits {
        let solved = model.solve(Asked { nodes: NODES, gap: ANY }, effort)?;
        #[expect(clippy::cast_possible_truncation, reason = "whole within rounding")]
        let units = |column: usize| solved.values[column].round() as i64;
        for (total, (up, down)) in totals.iter_mut().zip(&columns) {
            *total += units(*up) - units(*down);
        }
    }
    Ok(totals)
}

#[expect(clippy::cast_precision_loss, reason = "below 2^53")]
fn real(number: i64) -> f64 {
    number as f64
}
