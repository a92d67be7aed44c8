//! Candidates as the library for draws knows them: who has which features and lives with whom; strata for a sample, quotas for a
//! panel. Who number 17 is stands beside it.

use std::collections::BTreeMap;

use radslag_draw::{
    bundle::{Category, Method, Named},
    instance::{Instance, Invalid, Person, Quota},
};

use crate::strata::{Places, Strata};

/// Stands for a feature that isn't known.
const UNKNOWN: &str = "-";

/// Somebody to draw from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Candidate {
    /// The place of their feature in each category.
    pub places: Places,
    /// The same for all who live together.
    pub household: Option<u32>,
}

/// What is drawn from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Drawable {
    /// How.
    pub method: Method,
    /// As they are published.
    pub categories: Vec<Category>,
    /// In the order of the candidates.
    pub instance: Instance,
}

/// Gives numbers to households, by whatever names them.
#[derive(Default)]
pub struct Households<T>(BTreeMap<T, u32>);

impl<T: Ord> Households<T> {
    /// The number of one.
    pub fn number(&mut self, of: T) -> u32 {
        let next = u32::try_from(self.0.len()).unwrap_or(u32::MAX);
        *self.0.entry(of).or_insert(next)
    }
}

/// Everybody with the same features is a stratum, and has seats in proportion.
///
/// # Errors
/// More strata, people or seats than can be drawn with.
pub fn in_strata(strata: &Strata, candidates: &[Candidate], seats: u32) -> Result<Drawable, Invalid> {
    let mut known: BTreeMap<&Places, u16> = BTreeMap::new();
    for candidate in candidates {
        let next = u16::try_from(known.len()).map_err(|_| Invalid::TooManyPeople)?;
        known.entry(&candidate.places).or_insert(next);
    }
    // By their features, so that the order of the register tells nothing.
    known.values_mut().zip(0..).for_each(|(code, place)| *code = place);
    let name = |places: &Places| {
        let named = strata.categories.iter().zip(places).map(|(category, place)| {
            let feature = place.and_then(|place| category.features.get(usize::from(place)));
            feature.map_or(UNKNOWN, |feature| feature.key.as_str())
        });
        named.collect::<Vec<_>>().join(", ")
    };
    let features = known.keys().map(|places| Named { name: name(places), min: 0, max: seats });
    let keys: Vec<&str> = strata.categories.iter().map(|category| category.key.as_str()).collect();
    let category = Category { name: keys.join(", "), features: features.collect() };
    let people = candidates.iter().map(|candidate| Person {
        household: candidate.household,
        features: vec![known.get(&candidate.places).copied().unwrap_or_default()],
    });
    let quotas = vec![Quota { min: 0, max: seats }; category.features.len()];
    let instance = Instance::new(seats, vec![quotas], people)?;
    Ok(Drawable { method: Method::Stratified, categories: vec![category], instance })
}

/// Each category with its quotas; a feature without has none.
///
/// # Errors
/// More people or seats than can be drawn with.
pub fn under_quotas(strata: &Strata, candidates: &[Candidate], seats: u32) -> Result<Drawable, Invalid> {
    let category = |(at, category): (usize, &crate::strata::Category)| {
        let named = category.features.iter().map(|feature| Named {
            name: feature.key.clone(),
            min: feature.min.unwrap_or(0),
            max: feature.max.unwrap_or(seats),
        });
        let mut features: Vec<Named> = named.collect();
        if candidates.iter().any(|candidate| candidate.places.get(at).copied().flatten().is_none()) {
            features.push(Named { name: UNKNOWN.into(), min: 0, max: seats });
        }
        Category { name: category.key.clone(), features }
    };
    let categories: Vec<Category> = strata.categories.iter().enumerate().map(category).collect();
    let code = |(at, category): (usize, &crate::strata::Category), candidate: &Candidate| {
        let place = candidate.places.get(at).copied().flatten().map(usize::from);
        place.unwrap_or(category.features.len()) as u16
    };
    let people = candidates.iter().map(|candidate| Person {
        household: candidate.household,
        features: strata.categories.iter().enumerate().map(|one| code(one, candidate)).collect(),
    });
    let quota = |named: &Named| Quota { min: named.min, max: named.max };
    let quotas = categories.iter().map(|category| category.features.iter().map(quota).collect()).collect();
    let instance = Instance::new(seats, quotas, people)?;
    Ok(Drawable { method: Method::Leximin, categories, instance })
}

impl Drawable {
    /// The quotas as they were left for the seats still free.
    #[must_use]
    pub fn left(self, instance: Instance) -> Self {
        let mut categories = self.categories;
        for (feature, quota) in instance.quotas() {
            let named = &mut categories[feature.category].features[feature.code];
            (named.min, named.max) = (quota.min, quota.max);
        }
        Self { method: self.method, categories, instance }
    }
}

/// Whether members are drawn under quotas: some feature has one.
#[must_use]
pub fn has_quotas(strata: &Strata) -> bool {
    let mut features = strata.categories.iter().flat_map(|category| &category.features);
    features.any(|feature| feature.min.is_some() || feature.max.is_some())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::strata::tests::strata;

    fn candidate(age: Option<u8>, gender: Option<u8>) -> Candidate {
        Candidate { places: vec![age, gender], household: None }
    }

    #[test]
    fn a_stratum_is_everybody_with_the_same_features_in_an_order_that_tells_nothing() {
        let all = [candidate(Some(2), Some(1)), candidate(Some(0), Some(1)), candidate(Some(2), Some(1))];
        let drawable = in_strata(&strata(), &all, 2).unwrap();
        let names: Vec<_> = drawable.categories[0].features.iter().map(|one| one.name.as_str()).collect();
        assert_eq!(names, ["18_30, man", "71_and_over, man"]);
        assert_eq!((drawable.instance.features(0), drawable.instance.features(1)), (&[1][..], &[0][..]));
        let backwards: Vec<_> = all.iter().rev().cloned().collect();
        assert_eq!(in_strata(&strata(), &backwards, 2).unwrap().categories, drawable.categories);
    }

    #[test]
    fn a_feature_without_a_quota_has_none_and_an_unknown_one_keeps_nobody_out() {
        let mut strata = strata();
        assert!(!has_quotas(&strata));
        (strata.categories[1].features[0].min, strata.categories[1].features[0].max) = (Some(1), Some(1));
        assert!(has_quotas(&strata));
        let drawable =
            under_quotas(&strata, &[candidate(Some(0), Some(0)), candidate(None, Some(1))], 2).unwrap();
        let quotas = |at: usize| {
            let features = &drawable.categories[at].features;
            features.iter().map(|one| (one.name.as_str(), one.min, one.max)).collect::<Vec<_>>()
        };
        assert_eq!(quotas(0), [("18_30", 0, 2), ("31_70", 0, 2), ("71_and_over", 0, 2), ("-", 0, 2)]);
        assert_eq!(quotas(1), [("woman", 1, 1), ("man", 0, 2)]);
        assert_eq!(drawable.instance.features(1), [3, 1]);
    }

    #[test]
    fn who_lives_together_has_one_number() {
        let mut households = Households::default();
        assert_eq!(["a", "b", "a"].map(|name| households.number(name)), [0, 1, 0]);
    }
}
