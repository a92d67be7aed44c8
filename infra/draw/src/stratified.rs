//! A stratified random sample: each stratum has seats in proportion to its people, by largest remainder, and within it
//! everybody is equally likely. The instance has one category, the strata; quotas play no part.
//!
//! One lot, for the purpose `sample`, decides: first ties between equal remainders (the strata with that remainder are shuffled, the
//! first of them get one more, for the seats and then for the reserves), then the order of all places (see `orbit`, whose
//! own lot isn't needed: any order of all places is equally likely). In this order each place takes a seat of its stratum
//! while one is free and nobody of its household has one. Where that leaves a seat empty, because housemates have the others, all
//! places are shuffled again, up to `MOST_ORDERS` times: so what was announced doesn't fail for the public value that came.
//! Whoever comes next are reserves, in the same proportion: as many as asked for, or fewer where households are used up.
//! So people of larger households are a little less likely, by the chance that a housemate comes first.

use crate::{
    instance::Instance,
    lot::{Choices, Lot, Seed},
    orbit::Orbits,
};

/// The purpose of its lot.
pub const PURPOSE: &str = "sample";
/// Orders that are tried.
pub const MOST_ORDERS: usize = 100;

/// Places, in the order drawn.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Sample {
    /// Seats of each stratum.
    pub seats: Vec<u32>,
    /// On the panel.
    pub panel: Vec<u32>,
    /// Those who come next.
    pub reserves: Vec<u32>,
}

/// Why there is no sample.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Refusal {
    /// Strata are one category.
    #[error("a stratified sample has one category, its strata")]
    Categories,
    /// More seats than people.
    #[error("{seats} seats are more than {people} people")]
    Seats {
        /// Asked for.
        seats: u32,
        /// There are.
        people: u32,
    },
    /// One from each household leaves seats of a stratum empty.
    #[error("stratum {stratum} has {lacking} seats more than can be filled with one of each household")]
    Households {
        /// Its code.
        stratum: usize,
        /// Seats left empty.
        lacking: u32,
    },
}

/// Seats in proportion to people, by largest remainder.
#[must_use]
pub fn allocate(people: &[u32], seats: u32, lot: &mut impl Choices) -> Vec<u32> {
    let all: u64 = people.iter().map(|people| u64::from(*people)).sum();
    let shares = |people: &u32| (u64::from(*people) * u64::from(seats)).checked_div(all).unwrap_or_default();
    let remainder = |people: u32| (u64::from(people) * u64::from(seats)).checked_rem(all).unwrap_or_default();
    let mut given: Vec<u32> =
        people.iter().map(|people| u32::try_from(shares(people)).unwrap_or(u32::MAX)).collect();
    let mut open = if all == 0 { 0 } else { seats - given.iter().sum::<u32>() };
    let mut order: Vec<usize> = (0..people.len()).collect();
    order.sort_by_key(|stratum| std::cmp::Reverse(remainder(people[*stratum])));
    for equal in order.chunk_by_mut(|one, other| remainder(people[*one]) == remainder(people[*other])) {
        let number = u32::try_from(equal.len()).unwrap_or(u32::MAX);
        if open < number && open > 0 {
            for last in (1..equal.len()).rev() {
                equal.swap(last, usize::try_from(lot.below(last as u64 + 1)).unwrap_or_default());
            }
        }
        let more = open.min(number);
        equal.iter().take(more as usize).for_each(|stratum| given[*stratum] += 1);
        open -= more;
    }
    given
}

/// Draws it.
///
/// # Errors
/// See `Refusal`.
pub fn sample(instance: &Instance, orbits: &Orbits, seed: &Seed, reserves: u32) -> Result<Sample, Refusal> {
    let [strata] = instance.categories() else { return Err(Refusal::Categories) };
    let mut people = vec![0; strata.len()];
    orbits.orbits.iter().for_each(|orbit| people[usize::from(orbit.features[0])] += orbit.people);
    let (seats, all) = (instance.size(), people.iter().sum());
    if seats > all {
        return Err(Refusal::Seats { seats, people: all });
    }
    let mut lot = Lot::new(seed, PURPOSE);
    let seats = allocate(&people, seats, &mut lot);
    let mut reserved = allocate(&people, reserves, &mut lot);
    let places: Vec<(usize, usize)> = orbits
        .households()
        .map(|(orbit, house)| (usize::from(orbits.orbits[orbit].features[0]), house))
        .collect();
    let households = places.last().map_or(0, |(_, household)| household + 1);
    let (mut order, mut open): (Vec<u32>, _) = ((0..all).collect(), seats.clone());
    for _ in 0..MOST_ORDERS {
        lot.shuffle(&mut order);
        let mut taken = vec![false; households];
        open.clone_from(&seats);
        let panel = take(&order, &places, &mut open, &mut taken);
        if open.iter().all(|open| *open == 0) {
            let reserves = take(&order, &places, &mut reserved, &mut taken);
            return Ok(Sample { seats, panel, reserves });
        }
    }
    let stratum = open.iter().position(|open| *open > 0).unwrap_or_default();
    Err(Refusal::Households { stratum, lacking: open.get(stratum).copied().unwrap_or_default() })
}

/// The places, in order, that find their stratum open and nobody of their household taken.
fn take(order: &[u32], places: &[(usize, usize)], open: &mut [u32], taken: &mut [bool]) -> Vec<u32> {
    let mut those = Vec::new();
    for place in order {
        let (stratum, household) = places[*place as usize];
        if open[stratum] > 0 && !taken[household] {
            open[stratum] -= 1;
            taken[household] = true;
            those.push(*place);
        }
    }
    those
}
