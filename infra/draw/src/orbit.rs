//! People who are interchangeable, and their places.
//!
//! People of the same features who live in households of the same make-up have the same share in a fair lottery, so the
//! optimisation knows only how many of them a panel has. A **kind** is all households whose members have the same features;
//! an **orbit** is the people of a kind with the same features. From a household comes at most one person, so of a kind at
//! most as many as it has households.
//!
//! **Places** stand for people before the lot has decided who is who. Kinds are in the order of their members' features
//! (each member's codes in order, members in that order, compared as lists); who lives alone is a household of one. Places
//! are numbered kind by kind, household by household, member by member. Putting people into places: the households of a
//! kind, ordered by their first row, are shuffled; then in each the members, ordered by features and then by row, are
//! shuffled among those of the same features. All of this with one lot for the purpose `places`, kind by kind.

use std::{collections::BTreeMap, ops::Range};

use crate::{
    instance::Instance,
    lot::{Choices as _, Lot, Seed},
};

/// The purpose of the lot that puts people into places.
pub const PURPOSE: &str = "places";

/// Households whose members have the same features.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Kind {
    /// How many there are.
    pub households: u32,
    /// Its orbits.
    pub orbits: Range<usize>,
    /// The place of the first member of the first household.
    pub first_place: usize,
    /// The orbit of each member of a household.
    pub members: Vec<usize>,
}

/// People of a kind with the same features.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Orbit {
    /// Number of the kind.
    pub kind: usize,
    /// A code for each category.
    pub features: Vec<u16>,
    /// How many of a household they are.
    pub each: u32,
    /// How many they are.
    pub people: u32,
}

/// All people of an instance by kind and orbit.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Orbits {
    /// In order.
    pub kinds: Vec<Kind>,
    /// In order, kind by kind.
    pub orbits: Vec<Orbit>,
    /// Kind by kind: each household's members, by features and row; households by first row.
    people: Vec<Vec<Vec<u32>>>,
}

impl Orbits {
    /// Sorts the people.
    #[must_use]
    pub fn of(instance: &Instance) -> Self {
        let mut by_kind: BTreeMap<Vec<&[u16]>, Vec<Vec<u32>>> = BTreeMap::new();
        for mut members in living_together(instance) {
            members.sort_by_key(|member| (instance.features(*member as usize), *member));
            let key = members.iter().map(|member| instance.features(*member as usize)).collect();
            by_kind.entry(key).or_default().push(members);
        }
        let mut sorted = Self { kinds: Vec::new(), orbits: Vec::new(), people: Vec::new() };
        let mut first_place = 0;
        for (features, mut households) in by_kind {
            households.sort_by_key(|members| members.iter().min().copied());
            let number = u32::try_from(households.len()).unwrap_or(u32::MAX);
            let first = sorted.orbits.len();
            let mut members = Vec::new();
            for (index, codes) in features.iter().enumerate() {
                if index == 0 || features[index - 1] != *codes {
                    let (kind, features) = (sorted.kinds.len(), codes.to_vec());
                    sorted.orbits.push(Orbit { kind, features, each: 0, people: 0 });
                }
                let orbit = sorted.orbits.len() - 1;
                sorted.orbits[orbit].each += 1;
                sorted.orbits[orbit].people += number;
                members.push(orbit);
            }
            let places = households.len() * members.len();
            let orbits = first..sorted.orbits.len();
            sorted.kinds.push(Kind { households: number, orbits, first_place, members });
            sorted.people.push(households);
            first_place += places;
        }
        sorted
    }

    /// The person at each place once the seed is known.
    #[must_use]
    pub fn seated(&self, seed: &Seed) -> Vec<u32> {
        let mut lot = Lot::new(seed, PURPOSE);
        let mut seated = Vec::new();
        for (kind, households) in self.kinds.iter().zip(&self.people) {
            let mut households: Vec<&Vec<u32>> = households.iter().collect();
            lot.shuffle(&mut households);
            for members in households {
                let mut members = members.clone();
                let mut rest = &mut members[..];
                for same in kind.members.chunk_by(|one, other| one == other) {
                    let (now, later) = rest.split_at_mut(same.len());
                    lot.shuffle(now);
                    rest = later;
                }
                seated.extend(members);
            }
        }
        seated
    }

    /// The row of each person as a bundle numbers them.
    #[must_use]
    pub fn rows(&self) -> Vec<u32> {
        self.people.iter().flatten().flatten().copied().collect()
    }

    /// The orbit and the household of each place; households are numbered from 0 as places are.
    pub fn households(&self) -> impl Iterator<Item = (usize, usize)> {
        let mut first = 0;
        self.kinds.iter().flat_map(move |kind| {
            let before = first;
            first += kind.households as usize;
            let households = before..first;
            households.flat_map(move |household| kind.members.iter().map(move |orbit| (*orbit, household)))
        })
    }
}

/// The members of each household, alone ones too.
fn living_together(instance: &Instance) -> Vec<Vec<u32>> {
    let mut together: BTreeMap<u32, Vec<u32>> = BTreeMap::new();
    let mut households = Vec::new();
    for person in 0..instance.people() {
        let number = u32::try_from(person).unwrap_or(u32::MAX);
        match instance.household(person) {
            Some(household) => together.entry(household).or_default().push(number),
            None => households.push(vec![number]),
        }
    }
    households.extend(together.into_values());
    households
}
