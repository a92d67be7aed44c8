//! The best panel for given weights.

use super::{
    model::{Asked, Effort, Model, Unsolved},
    polytope::{Of, Polytope},
};

/// A panel and what its people's weights sum up to.
pub(crate) struct Best {
    pub(crate) panel: Vec<i64>,
    /// No panel is better.
    pub(crate) proven: bool,
}

/// The panel whose people have the largest weights, or one near it.
pub(crate) fn best(
    polytope: &Polytope,
    weights: &[f64],
    asked: Asked,
    effort: &Effort,
) -> Result<Best, Unsolved> {
    let mut model = Model::maximise();
    let columns: Vec<usize> =
        weights.iter().zip(&polytope.most).map(|(weight, most)| model.whole(*weight, 0, *most)).collect();
    for row in &polytope.rows {
        if matches!(row.of, Of::Kind(_)) && row.entries.len() == 1 {
            continue;
        }
        #[expect(clippy::cast_precision_loss, reason = "counts of people")]
        let real = |number: i64| number as f64;
        let entries: Vec<_> = row.entries.iter().map(|(orbit, by)| (columns[*orbit], real(*by))).collect();
        let low = if row.low > 0 || row.low == row.high { real(row.low) } else { f64::NEG_INFINITY };
        let feature = matches!(row.of, Of::Feature(_));
        let high = if feature && row.high >= polytope.seats { f64::INFINITY } else { real(row.high) };
        if entries.is_empty() && row.low > 0 {
            return Err(Unsolved::Infeasible);
        }
        if !entries.is_empty() && (low.is_finite() || high.is_finite()) {
            model.row(&entries, low, high);
        }
    }
    let solved = model.solve(asked, effort)?;
    #[expect(clippy::cast_possible_truncation, reason = "whole within rounding")]
    let panel: Vec<i64> = columns.iter().map(|column| solved.values[*column].round() as i64).collect();
    if !polytope.holds(&panel) {
        return Err(Unsolved::Numeric);
    }
    Ok(Best { panel, proven: solved.proven })
}
