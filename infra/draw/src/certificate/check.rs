//! Checks a certificate, and a lottery of equally likely panels against it, in whole numbers.

use crate::{
    certificate::{Certificate, Multipliers, UNIT, proof},
    instance::{Instance, Quota},
    lottery::Lottery,
    orbit::Orbits,
};

/// Weights and bounds of honest certificates are far below; beyond, products would not fit.
const LARGEST: u128 = 1 << 84;

/// What a certificate proves.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Proven {
    /// The optimal share of each orbit's people, in `UNIT`, rounded to the nearest.
    pub shares: Vec<u64>,
    /// How far anybody's could be above LEXIMIN's, at most, in `UNIT`, rounded up.
    pub gap: u64,
    /// How far above the least share anybody's least share can be, in `UNIT`, rounded up: the first level's own gap.
    pub least_gap: u64,
    /// The largest difference between a person's part of the panels and their optimal share, in `UNIT`, rounded up.
    pub deviation: u64,
}

/// Why a certificate or a lottery proves nothing. Levels, inequalities and panels are told by their numbers from 0.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Flaw {
    /// A list has another length than the instance asks for, or names what isn't there.
    #[error("{0} don't fit the instance")]
    Shape(&'static str),
    /// A kind's or an inequality's multiplier is below 0.
    #[error("a multiplier that may not be below 0 is")]
    Sign,
    /// A level gives somebody a weight below 0.
    #[error("level {0} gives somebody a weight below 0")]
    Weight(usize),
    /// A level fixes somebody without a weight.
    #[error("level {0} fixes somebody to whom it gives no weight")]
    Unweighted(usize),
    /// A panel of the mix breaks a rule.
    #[error("panel {0} of the mix breaks a rule")]
    Mix(usize),
    /// The weights don't sum up to `UNIT`.
    #[error("the weights of the mix sum up to something else than {UNIT}")]
    Unit,
    /// An inequality isn't proven.
    #[error("inequality {number} isn't proven: {why}")]
    Cut {
        /// Which.
        number: usize,
        /// What is wrong with its proof.
        why: proof::Hole,
    },
    /// A panel of the lottery breaks a rule.
    #[error("panel {0} of the lottery breaks a rule")]
    Panel(usize),
    /// Numbers beyond what any honest certificate has.
    #[error("its numbers are too large")]
    TooLarge,
}

/// What the certificate and the lottery prove about an instance.
///
/// # Errors
/// The first thing that proves nothing.
pub fn check(
    instance: &Instance,
    orbits: &Orbits,
    certificate: &Certificate,
    lottery: &Lottery,
) -> Result<Proven, Flaw> {
    let rules = Rules::of(instance, orbits);
    let width = orbits.orbits.len();
    if certificate.level_of.len() != width {
        return Err(Flaw::Shape("levels of orbits"));
    }
    if certificate.levels.len().saturating_mul(width) > proof::MAX_WORK {
        return Err(Flaw::TooLarge);
    }
    for (number, cut) in certificate.cuts.iter().enumerate() {
        let coefficients = dense(&cut.coefficients, width).ok_or(Flaw::Shape("coefficients"))?;
        proof::check(&rules, &certificate.cuts[..number], &coefficients, cut.most, &cut.proof)
            .map_err(|why| Flaw::Cut { number, why })?;
    }
    let totals = rules.totals(certificate)?;
    let (gap, least_gap) = gaps(&rules, certificate, &totals)?;
    let deviation = lottery.deviation(orbits, &totals, instance)?;
    let shares = totals.iter().zip(&orbits.orbits).map(|(total, orbit)| {
        let people = i128::from(orbit.people);
        u64::try_from((total + people / 2) / people).unwrap_or(u64::MAX)
    });
    Ok(Proven { shares: shares.collect(), gap, least_gap, deviation })
}

/// The rules of an instance, as they are checked.
pub(crate) struct Rules<'a> {
    seats: i128,
    pub(crate) quotas: Vec<Quota>,
    /// The number of the first feature of each category.
    first: Vec<usize>,
    pub(crate) orbits: &'a Orbits,
}

impl<'a> Rules<'a> {
    pub(crate) fn of(instance: &Instance, orbits: &'a Orbits) -> Self {
        let mut first = Vec::new();
        let mut features = 0;
        for quotas in instance.categories() {
            first.push(features);
            features += quotas.len();
        }
        // More than all seats is no limit.
        let most = |quota: Quota| Quota { max: quota.max.min(instance.size()), ..quota };
        let quotas = instance.quotas().map(|(_, quota)| most(quota)).collect();
        Self { seats: i128::from(instance.size()), quotas, first, orbits }
    }

    /// The numbers of an orbit's features over all categories.
    pub(crate) fn features(&self, orbit: usize) -> impl Iterator<Item = usize> {
        let codes = self.orbits.orbits[orbit].features.iter();
        self.first.iter().zip(codes).map(|(first, code)| first + usize::from(*code))
    }

    /// The weight of each orbit, and the bound, under quotas that may be narrower than the instance's.
    pub(crate) fn weigh(
        &self,
        multipliers: &Multipliers,
        cuts: &[super::Cut],
        quotas: &[Quota],
    ) -> Result<(Vec<i128>, i128), Flaw> {
        if multipliers.features.len() != quotas.len() {
            return Err(Flaw::Shape("multipliers of features"));
        }
        let kinds = dense(&multipliers.kinds, self.orbits.kinds.len()).ok_or(Flaw::Shape("kinds"))?;
        let of_cuts = dense(&multipliers.cuts, cuts.len()).ok_or(Flaw::Shape("inequalities"))?;
        if kinds.iter().chain(&of_cuts).any(|multiplier| *multiplier < 0) {
            return Err(Flaw::Sign);
        }
        let mut bound = i128::from(multipliers.seats) * self.seats;
        for (multiplier, quota) in multipliers.features.iter().zip(quotas) {
            let side = if *multiplier > 0 { quota.max } else { quota.min };
            bound += i128::from(*multiplier) * i128::from(side);
        }
        for (multiplier, kind) in kinds.iter().zip(&self.orbits.kinds) {
            bound += multiplier * i128::from(kind.households);
        }
        let weight = |orbit: usize| {
            let features: i128 = self.features(orbit).map(|f| i128::from(multipliers.features[f])).sum();
            i128::from(multipliers.seats) + features + kinds[self.orbits.orbits[orbit].kind]
        };
        let mut weights: Vec<i128> = (0..self.orbits.orbits.len()).map(weight).collect();
        for (multiplier, cut) in of_cuts.iter().zip(cuts).filter(|(multiplier, _)| **multiplier > 0) {
            let times = |number: i64| multiplier.checked_mul(i128::from(number)).ok_or(Flaw::TooLarge);
            bound = bound.checked_add(times(cut.most)?).ok_or(Flaw::TooLarge)?;
            for (orbit, coefficient) in &cut.coefficients {
                let weight = weights.get_mut(*orbit as usize).ok_or(Flaw::Shape("coefficients"))?;
                *weight = weight.checked_add(times(*coefficient)?).ok_or(Flaw::TooLarge)?;
            }
        }
        let large = weights.iter().any(|weight| weight.unsigned_abs() > LARGEST);
        if large || bound.unsigned_abs() > LARGEST { Err(Flaw::TooLarge) } else { Ok((weights, bound)) }
    }

    /// How many of each orbit all panels of the mix have, weighted.
    fn totals(&self, certificate: &Certificate) -> Result<Vec<i128>, Flaw> {
        let mut totals = vec![0; self.orbits.orbits.len()];
        let mut unit = 0u64;
        for (number, panel) in certificate.mix.iter().enumerate() {
            unit = unit.checked_add(panel.weight).ok_or(Flaw::Unit)?;
            if !self.holds(&panel.counts) {
                return Err(Flaw::Mix(number));
            }
            for (orbit, count) in &panel.counts {
                totals[*orbit as usize] += i128::from(panel.weight) * i128::from(*count);
            }
        }
        if unit == UNIT { Ok(totals) } else { Err(Flaw::Unit) }
    }

    /// Whether so many of each orbit are a panel.
    pub(crate) fn holds(&self, counts: &[(u32, u32)]) -> bool {
        let Some(counts) = dense_counts(counts, self.orbits.orbits.len()) else { return false };
        let mut features = vec![0u64; self.quotas.len()];
        let mut kinds = vec![0u64; self.orbits.kinds.len()];
        for (orbit, count) in counts.iter().enumerate().filter(|(_, count)| **count > 0) {
            self.features(orbit).for_each(|feature| features[feature] += count);
            kinds[self.orbits.orbits[orbit].kind] += count;
        }
        i128::from(counts.iter().sum::<u64>()) == self.seats
            && features
                .iter()
                .zip(&self.quotas)
                .all(|(count, quota)| (u64::from(quota.min)..=u64::from(quota.max)).contains(count))
            && kinds.iter().zip(&self.orbits.kinds).all(|(count, kind)| *count <= u64::from(kind.households))
    }
}

/// The largest gap over all levels, and the first level's own.
fn gaps(rules: &Rules, certificate: &Certificate, totals: &[i128]) -> Result<(u64, u64), Flaw> {
    let orbits = &rules.orbits.orbits;
    let people = |orbit: usize| i128::from(orbits[orbit].people);
    let (mut gap, mut least_gap) = (0, 0);
    if let Some(level) =
        certificate.level_of.iter().find(|level| **level as usize >= certificate.levels.len())
    {
        return Err(Flaw::Unweighted(*level as usize));
    }
    for (number, multipliers) in certificate.levels.iter().enumerate() {
        let (weights, bound) = rules.weigh(multipliers, &certificate.cuts, &rules.quotas)?;
        if weights.iter().any(|weight| *weight < 0) {
            return Err(Flaw::Weight(number));
        }
        let later = |orbit: &usize| certificate.level_of[*orbit] as usize >= number;
        let least = (0..orbits.len())
            .filter(later)
            .min_by(|one, other| (totals[*one] * people(*other)).cmp(&(totals[*other] * people(*one))));
        let Some(least) = least else { continue };
        // What the bound leaves over, times UNIT and the people of the orbit with the least share.
        let large = || Flaw::TooLarge;
        let unit = i128::from(UNIT);
        let mut over = bound.checked_mul(unit * people(least)).ok_or_else(large)?;
        for (orbit, weight) in weights.iter().enumerate() {
            let share =
                if later(&orbit) { totals[least] * people(orbit) } else { totals[orbit] * people(least) };
            over = over.checked_sub(weight.checked_mul(share).ok_or_else(large)?).ok_or_else(large)?;
        }
        let fixed = (0..orbits.len()).filter(|orbit| certificate.level_of[*orbit] as usize == number);
        let (mut own, mut weight_sum) = (0, 0);
        for orbit in (0..orbits.len()).filter(later) {
            weight_sum += weights[orbit] * people(orbit);
        }
        for orbit in fixed {
            if weights[orbit] == 0 {
                return Err(Flaw::Unweighted(number));
            }
            own = own.max(rounded_up(over, people(least) * weights[orbit] * people(orbit)));
        }
        if number == 0 {
            least_gap = rounded_up(over, weight_sum.max(1).saturating_mul(people(least)));
        }
        gap = gap.max(own);
    }
    Ok((gap, least_gap))
}

/// A quotient that isn't below 0, upwards.
pub(crate) fn rounded_up(part: i128, of: i128) -> u64 {
    let up = part.max(0) / of + i128::from(part.max(0) % of != 0);
    u64::try_from(up).unwrap_or(u64::MAX)
}

/// A list of numbers that aren't 0, in rising order, written out.
fn dense(sparse: &[(u32, i64)], width: usize) -> Option<Vec<i128>> {
    let mut all = vec![0; width];
    for (index, (at, number)) in sparse.iter().enumerate() {
        let rising = index == 0 || sparse[index - 1].0 < *at;
        let place = all.get_mut(*at as usize).filter(|_| rising)?;
        *place = i128::from(*number);
    }
    Some(all)
}

fn dense_counts(sparse: &[(u32, u32)], width: usize) -> Option<Vec<u64>> {
    let signed: Vec<(u32, i64)> = sparse.iter().map(|(at, count)| (*at, i64::from(*count))).collect();
    Some(dense(&signed, width)?.into_iter().map(|count| u64::try_from(count).unwrap_or(u64::MAX)).collect())
}
