//! Why no panel fulfils the quotas: bounds that don't go together, of which none can be left out, with a proof by cases in
//! whole numbers; and the quotas nearest to those asked for that a panel fulfils.

use crate::{
    certificate::{
        check::Rules,
        proof::{self, Proof},
    },
    instance::{Feature, Instance, Quota},
    leximin::Failure,
    orbit::Orbits,
    solve::{
        Effort,
        model::{ANY, Asked, Model, OPTIMUM, Unsolved},
        polytope::{Of, Polytope},
        price,
        prove::{Outcome, prove},
    },
};

/// Nodes for whether a panel exists, and for the nearest quotas.
const NODES: u64 = 20_000;

/// A side of a quota.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Bound {
    /// Whose.
    pub feature: Feature,
    /// Which.
    pub side: Side,
}

/// Of a quota.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Side {
    /// The minimum.
    Least,
    /// The maximum.
    Most,
}

/// See above.
#[derive(Clone, Debug)]
pub struct Conflict {
    /// Can't all hold. None of them: there are more seats than households.
    pub bounds: Vec<Bound>,
    /// Whether any of them left out makes the others go together; else that was too hard to say.
    pub minimal: bool,
    /// Why they can't, if it could be written down.
    pub proof: Option<Proof>,
    /// Quotas to change, and to what: the fewest people more or less in all. None where no quotas help.
    pub relaxed: Vec<(Feature, Quota)>,
    /// Whether no smaller change is enough.
    pub smallest: bool,
}

impl Conflict {
    /// Whether the proof proves the conflict, in whole numbers.
    #[must_use]
    pub fn is_proven(&self, instance: &Instance) -> bool {
        let has = |feature, side| self.bounds.contains(&Bound { feature, side });
        let mut categories = instance.categories().to_vec();
        for (feature, quota) in instance.quotas() {
            let min = if has(feature, Side::Least) { quota.min } else { 0 };
            let max = if has(feature, Side::Most) { quota.max } else { instance.size().max(min) };
            categories[feature.category][feature.code] = Quota { min, max };
        }
        let (Ok(loose), Some(proof)) = (instance.with_quotas(instance.size(), categories), &self.proof)
        else {
            return false;
        };
        let orbits = Orbits::of(&loose);
        let nothing = vec![0; orbits.orbits.len()];
        proof::check(&Rules::of(&loose, &orbits), &[], &nothing, -1, proof).is_ok()
    }
}

/// The conflict, if there is one.
///
/// # Errors
/// `Stopped` or `Numeric` where neither a panel nor that there is none could be found.
pub fn conflict(instance: &Instance, effort: &Effort) -> Result<Option<Conflict>, Failure> {
    let orbits = Orbits::of(instance);
    let polytope = Polytope::of(instance, &orbits);
    if exists(&polytope, effort)? {
        return Ok(None);
    }
    let (mut bounds, mut minimal) = (Vec::new(), true);
    let features: Vec<(Feature, Quota)> = instance.quotas().collect();
    for (number, (feature, quota)) in features.iter().enumerate() {
        if quota.min > 0 {
            bounds.push((number, Bound { feature: *feature, side: Side::Least }));
        }
        if quota.max < instance.size() {
            bounds.push((number, Bound { feature: *feature, side: Side::Most }));
        }
    }
    let mut at = 0;
    while at < bounds.len() {
        let mut without = bounds.clone();
        without.remove(at);
        match exists(&under(&polytope, &without), effort) {
            Ok(false) => bounds = without,
            Ok(true) => at += 1,
            Err(Unsolved::Stopped) => return Err(Failure::Stopped),
            Err(_) => (at, minimal) = (at + 1, false),
        }
    }
    let nothing = vec![0; polytope.width()];
    let proof = match prove(&under(&polytope, &bounds), &nothing, -1, effort)? {
        Outcome::Proven(proof) => Some(proof),
        Outcome::TooLong | Outcome::Refuted(_) => None,
    };
    let (relaxed, smallest) = relaxed(&polytope, &features, effort)?;
    let bounds = bounds.into_iter().map(|(_, bound)| bound).collect();
    Ok(Some(Conflict { bounds, minimal, proof, relaxed, smallest }))
}

/// Whether a panel exists.
pub(crate) fn exists(polytope: &Polytope, effort: &Effort) -> Result<bool, Unsolved> {
    let nothing = vec![0.0; polytope.width()];
    match price::best(polytope, &nothing, Asked { nodes: NODES, gap: ANY }, effort) {
        Ok(_) => Ok(true),
        Err(Unsolved::Infeasible) => Ok(false),
        Err(other) => Err(other),
    }
}

/// The same with only these bounds of quotas.
fn under(polytope: &Polytope, bounds: &[(usize, Bound)]) -> Polytope {
    let mut loose = polytope.clone();
    let has = |number: usize, side| bounds.iter().any(|(of, bound)| *of == number && bound.side == side);
    for row in &mut loose.rows {
        if let Of::Feature(number) = row.of {
            row.low = if has(number, Side::Least) { row.low } else { 0 };
            row.high = if has(number, Side::Most) { row.high } else { polytope.seats };
        }
    }
    loose
}

/// The nearest quotas that a panel fulfils, where they differ, and whether none are nearer.
fn relaxed(
    polytope: &Polytope,
    features: &[(Feature, Quota)],
    effort: &Effort,
) -> Result<(Vec<(Feature, Quota)>, bool), Unsolved> {
    let mut model = Model::minimise();
    let columns: Vec<usize> = polytope.most.iter().map(|most| model.whole(0.0, 0, *most)).collect();
    for row in &polytope.rows {
        let entries: Vec<_> = row.entries.iter().map(|(orbit, by)| (columns[*orbit], real(*by))).collect();
        if matches!(row.of, Of::Feature(_)) {
            let more = model.whole(1.0, 0, row.low);
            let less = model.whole(1.0, 0, polytope.seats);
            model.row(&[&entries[..], &[(more, 1.0)]].concat(), real(row.low), f64::INFINITY);
            model.row(&[&entries[..], &[(less, -1.0)]].concat(), f64::NEG_INFINITY, real(row.high));
        } else if entries.len() > 1 || row.low > 0 {
            let low = if row.low == row.high { real(row.low) } else { f64::NEG_INFINITY };
            model.row(&entries, low, real(row.high));
        }
    }
    let solved = match model.solve(Asked { nodes: NODES, ..OPTIMUM }, effort) {
        Ok(solved) => solved,
        Err(Unsolved::Stopped) => return Err(Unsolved::Stopped),
        // More seats than households: quotas don't help.
        Err(_) => return Ok((Vec::new(), false)),
    };
    #[expect(clippy::cast_possible_truncation, reason = "whole within rounding")]
    let panel: Vec<i64> = columns.iter().map(|column| solved.values[*column].round() as i64).collect();
    let mut relaxed = Vec::new();
    for row in &polytope.rows {
        let Of::Feature(number) = row.of else { continue };
        let (feature, quota) = features[number];
        let count = u32::try_from(polytope.sum(row, &panel)).unwrap_or_default();
        if count < quota.min || count > quota.max {
            relaxed.push((feature, Quota { min: quota.min.min(count), max: quota.max.max(count) }));
        }
    }
    Ok((relaxed, solved.proven))
}

#[expect(clippy::cast_precision_loss, reason = "counts of people")]
fn real(number: i64) -> f64 {
    number as f64
}
