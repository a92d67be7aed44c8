//! The rules of draws, one by one, on instances small enough to try every panel.
#![allow(clippy::unwrap_used, clippy::panic, reason = "a test fails by panicking")]

use proptest::prelude::*;
use radslag_draw::{
    certificate::{ROUNDING, check},
    conflict::{Bound, Side, conflict},
    instance::{Feature, Instance, Person, Quota},
    leximin,
    lot::{Choices as _, Lot, Seed, commitment},
    orbit::Orbits,
    replace,
    solve::Effort,
    stratified::{self, Refusal, allocate, sample},
};

fn person(household: Option<u32>, features: &[u16]) -> Person {
    Person { household, features: features.to_vec() }
}

fn quota(min: u32, max: u32) -> Quota {
    Quota { min, max }
}

fn lot() -> Lot {
    Lot::new(&Seed([1; 32]), "test")
}

/// Whether any panel fulfils the quotas, each tried.
fn any(instance: &Instance) -> bool {
    (0u32..1 << instance.people()).filter(|set| set.count_ones() == instance.size()).any(|set| {
        let on: Vec<usize> = (0..instance.people()).filter(|person| set >> person & 1 == 1).collect();
        let mut households: Vec<u32> = on.iter().filter_map(|person| instance.household(*person)).collect();
        let all = households.len();
        households.sort_unstable();
        households.dedup();
        households.len() == all
            && instance.quotas().all(|(feature, quota)| {
                let has = |person: &&usize| {
                    usize::from(instance.features(**person)[feature.category]) == feature.code
                };
                (quota.min..=quota.max).contains(&u32::try_from(on.iter().filter(has).count()).unwrap())
            })
    })
}

fn instances() -> impl Strategy<Value = Instance> {
    let quotas = proptest::collection::vec((0u32..3, 0u32..4), 2..4);
    let person = (proptest::option::of(0u32..6), 0u16..2, 0u16..2);
    (1u32..6, quotas.clone(), quotas, proptest::collection::vec(person, 1..11)).prop_map(
        |(size, one, other, people)| {
            let quotas =
                |all: Vec<(u32, u32)>| all.into_iter().map(|(min, more)| quota(min, min + more)).collect();
            let people = people.into_iter().map(|(household, a, b)| person_of(household, a, b));
            Instance::new(size, vec![quotas(one), quotas(other)], people).unwrap()
        },
    )
}

fn person_of(household: Option<u32>, a: u16, b: u16) -> Person {
    person(household, &[a, b])
}

proptest! {
    #[test]
    fn a_lottery_is_proven_or_the_quotas_conflict_and_that_is_proven(instance in instances()) {
        let effort = Effort::new(Effort::USUAL, &|| true);
        if any(&instance) {
            let optimum = leximin::solve(&instance, &effort, &mut |_| {}).unwrap();
            let proven = check(&instance, &optimum.orbits, &optimum.certificate, &optimum.lottery).unwrap();
            prop_assert!(proven.gap <= ROUNDING, "gap {}", proven.gap);
            prop_assert!(conflict(&instance, &effort).unwrap().is_none());
        } else {
            prop_assert_eq!(leximin::solve(&instance, &effort, &mut |_| {}).unwrap_err(), leximin::Failure::Infeasible);
            let found = conflict(&instance, &effort).unwrap().unwrap();
            prop_assert!(found.minimal, "{found:?}");
            prop_assert!(found.is_proven(&instance), "{found:?}");
            let keep = |bounds: &[Bound]| {
                let has = |feature, side| bounds.contains(&Bound { feature, side });
                let mut categories = instance.categories().to_vec();
                for (feature, of) in instance.quotas() {
                    let min = if has(feature, Side::Least) { of.min } else { 0 };
                    let max = if has(feature, Side::Most) { of.max } else { instance.size().max(min) };
                    categories[feature.category][feature.code] = quota(min, max);
                }
                any(&instance.with_quotas(instance.size(), categories).unwrap())
            };
            prop_assert!(!keep(&found.bounds));
            for at in 0..found.bounds.len() {
                let mut fewer = found.bounds.clone();
                fewer.remove(at);
                prop_assert!(keep(&fewer), "a bound can be left out");
            }
            if !found.bounds.is_empty() && !found.relaxed.is_empty() {
                let mut categories = instance.categories().to_vec();
                for (feature, quota) in &found.relaxed {
                    categories[feature.category][feature.code] = *quota;
                }
                prop_assert!(any(&instance.with_quotas(instance.size(), categories).unwrap()));
            }
        }
    }
}

#[test]
fn the_conflict_and_the_smallest_relaxation_are_named() {
    let people = (0..6).map(|number| person(None, &[u16::from(number < 2)]));
    let instance = Instance::new(4, vec![vec![quota(0, 4), quota(3, 4)]], people).unwrap();
    let found = conflict(&instance, &Effort::new(Effort::USUAL, &|| true)).unwrap().unwrap();
    let feature = Feature { category: 0, code: 1 };
    assert_eq!(found.bounds, [Bound { feature, side: Side::Least }]);
    assert_eq!((found.relaxed, found.smallest), (vec![(feature, quota(2, 4))], true));
}

/// Counted apart from this program with any SHA-256.
#[test]
fn a_seed_is_the_hash_of_the_secret_and_the_public_value() {
    let hex = |bytes: [u8; 32]| radslag_draw::bundle::hex(&bytes);
    assert_eq!(hex(commitment(&[7; 32])), "4bb06f8e4e3a7715d201d573d0aa423762e55dabd61a2c02278fa56cc6d294e0");
    let seed = Seed::of(&[7; 32], "17 4 22 9 31").unwrap();
    assert_eq!(hex(seed.0), "be10f0684067eb2f87cf8df6c117d131d3d0f28e0fe221c6901afa61c0fc0e76");
    assert_eq!(Lot::new(&seed, "panel").below(1_000), 209);
    assert!(Seed::of(&[7; 32], "").is_none());
}

#[test]
fn seats_follow_the_largest_remainders() {
    assert_eq!(allocate(&[610, 270, 120], 10, &mut lot()), [6, 3, 1]);
    assert_eq!(allocate(&[53_000, 24_000, 23_000], 7, &mut lot()), [4, 2, 1]);
    assert_eq!(allocate(&[5, 0, 5], 10, &mut lot()), [5, 0, 5]);
    let tied = allocate(&[1, 1, 1], 2, &mut lot());
    assert_eq!(tied.iter().sum::<u32>(), 2);
    assert_eq!(allocate(&[], 0, &mut lot()), [0u32; 0]);
}

#[test]
fn a_sample_takes_one_of_each_household_and_reserves_come_next() {
    let people = (0..60u32).map(|number| person(Some(number / 2), &[u16::from(number % 2 == 0)]));
    let instance = Instance::new(20, vec![vec![quota(0, 20), quota(0, 20)]], people).unwrap();
    let orbits = Orbits::of(&instance);
    let drawn = sample(&instance, &orbits, &Seed([3; 32]), 6).unwrap();
    assert_eq!((&drawn.seats[..], drawn.panel.len(), drawn.reserves.len()), (&[10, 10][..], 20, 6));
    let house: Vec<usize> = orbits.households().map(|(_, household)| household).collect();
    let mut houses: Vec<usize> =
        drawn.panel.iter().chain(&drawn.reserves).map(|place| house[*place as usize]).collect();
    houses.sort_unstable();
    houses.dedup();
    assert_eq!(houses.len(), 26);
    assert_eq!(sample(&instance, &orbits, &Seed([3; 32]), 6).unwrap(), drawn);
}

/// Four seats and four households, in some of which both strata live: many an order leaves a seat empty.
#[test]
fn a_sample_that_can_be_filled_does_not_fail_for_the_seed_that_came() {
    let people = [(0, 0), (0, 0), (1, 0), (1, 1), (2, 1), (2, 1), (3, 1), (3, 1)];
    let people = people.map(|(household, stratum)| person(Some(household), &[stratum]));
    let instance = Instance::new(4, vec![vec![quota(0, 4), quota(0, 4)]], people).unwrap();
    for seed in 0..100 {
        let drawn = sample(&instance, &Orbits::of(&instance), &Seed([seed; 32]), 0).unwrap();
        assert_eq!(drawn.panel.len(), 4);
    }
}

#[test]
fn a_sample_larger_than_its_households_is_refused() {
    let people = (0..4).map(|_| person(Some(1), &[0]));
    let instance = Instance::new(2, vec![vec![quota(0, 2)]], people).unwrap();
    let refused = sample(&instance, &Orbits::of(&instance), &Seed([3; 32]), 0).unwrap_err();
    assert_eq!(refused, Refusal::Households { stratum: 0, lacking: 1 });
    let instance = Instance::new(9, vec![vec![quota(0, 9)]], [person(None, &[0])]).unwrap();
    let refused = sample(&instance, &Orbits::of(&instance), &Seed([3; 32]), 0).unwrap_err();
    assert_eq!(refused, stratified::Refusal::Seats { seats: 9, people: 1 });
}

#[test]
fn a_free_seat_is_drawn_given_who_has_accepted() {
    let features = [0, 0, 0, 1, 1, 1];
    let people = features.iter().enumerate().map(|(n, f)| person((n == 0 || n == 4).then_some(9), &[*f]));
    let instance = Instance::new(3, vec![vec![quota(1, 2), quota(1, 2)]], people).unwrap();
    let rest = replace::rest(&instance, &[0, 1], &[2, 3, 4, 5]).unwrap();
    assert_eq!(rest.people, [2, 3, 5], "4 lives with 0");
    assert_eq!(rest.instance.categories(), [[quota(0, 0), quota(1, 2)]]);
    let optimum = leximin::solve(&rest.instance, &Effort::new(Effort::USUAL, &|| true), &mut |_| {}).unwrap();
    let proven = check(&rest.instance, &optimum.orbits, &optimum.certificate, &optimum.lottery).unwrap();
    assert_eq!(proven.shares, [0, 500_000_000_000]);
}

#[test]
fn a_replacement_that_cannot_be_is_refused() {
    let people = (0..4).map(|_| person(None, &[0]));
    let instance = Instance::new(2, vec![vec![quota(0, 1)]], people).unwrap();
    let refused = |accepted: &[usize], candidates: &[usize]| {
        replace::rest(&instance, accepted, candidates).unwrap_err()
    };
    assert_eq!(refused(&[0], &[]), replace::Refusal::EmptyReserve);
    assert_eq!(refused(&[0], &[0]), replace::Refusal::Twice(0));
    assert_eq!(refused(&[7], &[0]), replace::Refusal::Unknown(7));
    assert_eq!(refused(&[0, 1], &[2]), replace::Refusal::NoSeatFree);
    let three = instance.with_quotas(3, vec![vec![quota(0, 1)]]).unwrap();
    let too_many = replace::rest(&three, &[0, 1], &[2]).unwrap_err();
    assert_eq!(too_many, replace::Refusal::TooMany(Feature { category: 0, code: 0 }));
}
