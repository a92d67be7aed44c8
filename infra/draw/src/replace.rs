//! Who takes the seats of those who left or declined: the same draw once more, for the seats still free, given who has
//! accepted. Their features count towards the quotas and their households are closed, so a seat is filled from where the panel now
//! lacks somebody.

use std::collections::BTreeSet;

use crate::instance::{Feature, Instance, Quota};

/// The draw of the seats still free.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Rest {
    /// Candidates who share no household with anybody accepted, and what is left of the quotas.
    pub instance: Instance,
    /// The number of each of them in the first draw.
    pub people: Vec<usize>,
}

/// Why nobody can be drawn.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Refusal {
    /// Nobody of this number.
    #[error("there is no person {0}")]
    Unknown(usize),
    /// Named twice, or accepted and a candidate.
    #[error("person {0} is named twice")]
    Twice(usize),
    /// Everybody needed has accepted.
    #[error("no seat is free")]
    NoSeatFree,
    /// Nobody is left to draw from.
    #[error("the reserve is empty")]
    EmptyReserve,
    /// More have accepted than the quota allows.
    #[error("more have accepted than the quota of {0:?} allows")]
    TooMany(Feature),
}

/// What is left to draw.
///
/// # Errors
/// See `Refusal`.
pub fn rest(instance: &Instance, accepted: &[usize], candidates: &[usize]) -> Result<Rest, Refusal> {
    let mut named = BTreeSet::new();
    for person in accepted.iter().chain(candidates) {
        if *person >= instance.people() {
            return Err(Refusal::Unknown(*person));
        }
        if !named.insert(*person) {
            return Err(Refusal::Twice(*person));
        }
    }
    let there = u32::try_from(accepted.len()).unwrap_or(u32::MAX);
    let size = instance.size().checked_sub(there).filter(|free| *free > 0).ok_or(Refusal::NoSeatFree)?;
    let mut categories = instance.categories().to_vec();
    for (feature, quota) in instance.quotas() {
        let has =
            |person: &&usize| usize::from(instance.features(**person)[feature.category]) == feature.code;
        let count = u32::try_from(accepted.iter().filter(has).count()).unwrap_or(u32::MAX);
        let max = quota.max.checked_sub(count).ok_or(Refusal::TooMany(feature))?;
        categories[feature.category][feature.code] = Quota { min: quota.min.saturating_sub(count), max };
    }
    let closed: BTreeSet<u32> = accepted.iter().filter_map(|person| instance.household(*person)).collect();
    let open = |person: &usize| instance.household(*person).is_none_or(|house| !closed.contains(&house));
    let people: Vec<usize> = candidates.iter().copied().filter(open).collect();
    if people.is_empty() {
        return Err(Refusal::EmptyReserve);
    }
    let rows = people.iter().map(|person| instance.person(*person));
    match Instance::new(size, categories, rows) {
        Ok(instance) => Ok(Rest { instance, people }),
        // Rows, codes and quotas were in order before.
        Err(_) => Err(Refusal::EmptyReserve),
    }
}
