//! A uniform lottery: `PANELS` panels, of which one is drawn, each as likely as the others, so that the last step is three
//! digits drawn in public.
//!
//! A panel is a list of places (see `orbit`), in rising order. Which people the places stand for is decided by the seed, after
//! the panels are published, so that the lottery can favour nobody whom it knows.

pub mod build;
mod seating;

use crate::{
    certificate::{
        UNIT,
        check::{Flaw, Rules, rounded_up},
    },
    instance::Instance,
    orbit::Orbits,
};

/// How many panels there are: three digits.
pub const PANELS: usize = 1_000;

/// Panels of places.
#[derive(Clone, Debug, Default, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[serde(transparent)]
pub struct Lottery {
    /// `PANELS` of them; each has its places in rising order.
    pub panels: Vec<Vec<u32>>,
}

impl Lottery {
    /// How many panels each place is on.
    #[must_use]
    pub fn counts(&self, places: usize) -> Vec<u32> {
        let mut counts = vec![0; places];
        for place in self.panels.iter().flatten() {
            if let Some(count) = counts.get_mut(*place as usize) {
                *count += 1;
            }
        }
        counts
    }

    /// The largest difference of a place's part of the panels from its orbit's share (a total over `UNIT`), in `UNIT`; on the
    /// way, that every panel keeps every rule.
    pub(crate) fn deviation(
        &self,
        orbits: &Orbits,
        totals: &[i128],
        instance: &Instance,
    ) -> Result<u64, Flaw> {
        if self.panels.len() != PANELS {
            return Err(Flaw::Shape("panels of the lottery"));
        }
        let rules = Rules::of(instance, orbits);
        let places: Vec<(usize, usize)> = orbits.households().collect();
        for (number, panel) in self.panels.iter().enumerate() {
            if !keeps(panel, &places, &rules) {
                return Err(Flaw::Panel(number));
            }
        }
        let mut largest = 0;
        for (count, (orbit, _)) in self.counts(places.len()).iter().zip(&places) {
            let people = i128::from(orbits.orbits[*orbit].people);
            let (panels, unit) = (PANELS as i128, i128::from(UNIT));
            let apart = (i128::from(*count) * unit * people - panels * totals[*orbit]).abs();
            largest = largest.max(rounded_up(apart, panels * people));
        }
        Ok(largest)
    }
}

/// Whether a panel keeps every rule, given the orbit and the household of each place.
fn keeps(panel: &[u32], places: &[(usize, usize)], rules: &Rules) -> bool {
    let rising = panel.windows(2).all(|pair| pair[0] < pair[1]);
    if !rising || panel.last().is_some_and(|last| *last as usize >= places.len()) {
        return false;
    }
    let mut households: Vec<usize> = panel.iter().map(|place| places[*place as usize].1).collect();
    households.dedup();
    let mut counts: Vec<(u32, u32)> = Vec::new();
    let mut orbits: Vec<usize> = panel.iter().map(|place| places[*place as usize].0).collect();
    orbits.sort_unstable();
    for same in orbits.chunk_by(|one, other| one == other) {
        let number = |value: usize| u32::try_from(value).unwrap_or(u32::MAX);
        counts.push((number(same[0]), number(same.len())));
    }
    households.len() == panel.len() && rules.holds(&counts)
}
