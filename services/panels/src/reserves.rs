//! Who comes next for a place that became free: the first in line of the same features; else the first with whom every quota holds
//! that can still hold; else nobody.

use crate::strata::{Places, Strata};

/// Somebody in line.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Next {
    /// The place of their feature in each category.
    pub places: Places,
}

/// The number in line of whoever gets the place. `leaver`: the features of who had it, if they are still known; `there`: of
/// everybody who has one.
#[must_use]
pub fn next(strata: &Strata, leaver: Option<&Places>, there: &[Places], line: &[Next]) -> Option<usize> {
    let same = |one: &Next| leaver.is_some_and(|leaver| *leaver == one.places);
    line.iter().position(same).or_else(|| line.iter().position(|one| fits(strata, there, &one.places)))
}

/// Whether a place given to somebody breaks no maximum, and fills a minimum if one isn't held.
fn fits(strata: &Strata, there: &[Places], new: &Places) -> bool {
    let mut categories = strata.categories.iter().enumerate();
    categories.all(|(at, category)| {
        let count =
            |feature: usize| there.iter().filter(|one| place(one, at) == Some(feature)).count() as u32;
        let own = place(new, at);
        let lacks = |feature: usize| category.features[feature].min.is_some_and(|min| count(feature) < min);
        let over = own.is_some_and(|own| {
            category.features.get(own).is_some_and(|one| one.max.is_some_and(|max| count(own) >= max))
        });
        let lacking = (0..category.features.len()).any(lacks);
        !over && (!lacking || own.is_some_and(|own| own < category.features.len() && lacks(own)))
    })
}

fn place(places: &Places, category: usize) -> Option<usize> {
    places.get(category).copied().flatten().map(usize::from)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::strata::tests::strata;

    fn quotas() -> Strata {
        let mut strata = strata();
        let genders = &mut strata.categories[1].features;
        (genders[0].min, genders[0].max) = (Some(2), Some(2));
        (genders[1].min, genders[1].max) = (Some(1), Some(2));
        strata
    }

    fn somebody(age: u8, gender: u8) -> Places {
        vec![Some(age), Some(gender)]
    }

    fn line(all: &[(u8, u8)]) -> Vec<Next> {
        all.iter().map(|(age, gender)| Next { places: somebody(*age, *gender) }).collect()
    }

    #[test]
    fn the_first_in_line_of_the_same_features_comes_next() {
        let there = [somebody(0, 0), somebody(1, 1)];
        let line = line(&[(0, 0), (2, 0), (1, 0)]);
        assert_eq!(next(&quotas(), Some(&somebody(1, 0)), &there, &line), Some(2));
    }

    #[test]
    fn where_nobody_is_alike_the_first_comes_with_whom_quotas_hold() {
        let there = [somebody(0, 0), somebody(1, 1)];
        // A second woman is needed: a man would leave the minimum open.
        assert_eq!(next(&quotas(), Some(&somebody(1, 0)), &there, &line(&[(0, 1), (2, 0)])), Some(1));
        let full = [somebody(0, 0), somebody(1, 0), somebody(1, 1)];
        assert_eq!(next(&quotas(), None, &full, &line(&[(0, 0), (2, 1)])), Some(1));
        assert_eq!(next(&quotas(), None, &full, &line(&[(0, 0)])), None);
        assert_eq!(next(&quotas(), None, &full, &[]), None);
    }
}
