//! Rankings, counted by each rule.

mod burlington;
mod laws;

use proptest::prelude::*;
use radslag_tally::ranked::{Place, Profile};

/// A ballot from the alternatives in each place.
pub(crate) fn ballot(places: &[&[u16]]) -> Vec<Place> {
    let places = (1..).zip(places);
    places.flat_map(|(place, all)| all.iter().map(move |one| Place { place, alternative: *one })).collect()
}

/// Ballots in which each alternative has one of few places, or none.
pub(crate) fn profiles() -> impl Strategy<Value = Profile> {
    (2..6_usize).prop_flat_map(|alternatives| {
        let ballot = proptest::collection::vec(proptest::option::of(0..4_u16), alternatives);
        let ballots = proptest::collection::vec((1..4_u64, ballot), 1..12);
        ballots.prop_map(move |ballots| {
            let mut profile = Profile::new(alternatives).unwrap();
            for (voters, places) in ballots {
                let mut used: Vec<u16> = places.iter().copied().flatten().collect();
                used.sort_unstable();
                used.dedup();
                let dense = |place: u16| used.iter().position(|one| *one == place).unwrap() as u16 + 1;
                let ranked = places.iter().enumerate().filter_map(|(at, place)| Some((at, (*place)?)));
                let ranked = ranked.map(|(at, place)| Place { place: dense(place), alternative: at as u16 });
                profile.add(voters, ranked.collect()).unwrap();
            }
            profile
        })
    })
}
