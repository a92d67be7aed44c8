//! Waves: what those who were asked did, and how many more have to be asked to fill a panel.
//!
//! A group's rate is its own, drawn towards everybody's by as many asked as `PRIOR`: of a group of three nobody can tell.
//! Free places, less those whom the open invitations are expected to fill, over the rate, rounded up, is the next wave.

use crate::{
    member::{Membership, Standing},
    strata::Strata,
};

/// How many of everybody a group's rate is mixed with.
const PRIOR: f64 = 20.0;

/// What came of asking somebody.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Came {
    /// They can still answer.
    Open,
    /// They said yes, whatever became of them since.
    Accepted,
    /// They said no, or nothing in time.
    Not,
}

/// Somebody who was asked.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Asked {
    came: Came,
    /// The place of their feature in each category; nothing where it isn't known any more.
    places: Vec<Option<u8>>,
}

impl Asked {
    /// Of a membership; nothing if nobody asked them.
    #[must_use]
    pub fn of(one: &Membership) -> Option<Self> {
        one.offer.filter(|offer| offer.expires_at.is_some())?;
        let came = match one.standing {
            Standing::Invited | Standing::Drawn => Came::Open,
            Standing::Declined | Standing::Expired => Came::Not,
            // Another has the place of who never took it.
            Standing::Replaced if !one.was_member => Came::Not,
            _ => Came::Accepted,
        };
        Some(Self { came, places: one.places.known().cloned().unwrap_or_default() })
    }
}

/// Of a group.
#[derive(Clone, Debug, PartialEq)]
pub struct Group {
    /// Its category.
    pub category: String,
    /// Its feature.
    pub feature: String,
    /// Who were asked.
    pub asked: u64,
    /// Who said yes.
    pub accepted: u64,
    /// Who have still to answer.
    pub open: u64,
    /// Which part is expected to say yes.
    pub rate: Option<f64>,
    /// How many of those still to answer.
    pub expected: f64,
}

/// What is to be expected.
#[derive(Clone, Debug, PartialEq)]
pub struct Expected {
    /// Which part said yes of those who answered, or had the time to.
    pub rate: Option<f64>,
    /// How many of those still to answer are expected to.
    pub expected: f64,
    /// The next wave.
    pub invite: u64,
    /// By category and feature.
    pub groups: Vec<Group>,
}

/// What is to be expected of those who were asked, with so many places free.
#[must_use]
pub fn expected(strata: &Strata, free: u32, asked: &[Asked]) -> Expected {
    let count = |came: Came, of: &dyn Fn(&Asked) -> bool| {
        asked.iter().filter(|one| one.came == came && of(one)).count() as u64
    };
    let all = &|_: &Asked| true;
    let (accepted, not, open) = (count(Came::Accepted, all), count(Came::Not, all), count(Came::Open, all));
    let rate = (accepted + not > 0).then(|| accepted as f64 / (accepted + not) as f64);
    let expected = open as f64 * rate.unwrap_or(0.0);
    let lacking = (f64::from(free) - expected).max(0.0);
    let invite = rate.filter(|rate| *rate > 0.0).map_or(0, |rate| (lacking / rate).ceil() as u64);
    let mut groups = Vec::new();
    for (at, category) in strata.categories.iter().enumerate() {
        for (feature, place) in category.features.iter().zip(0u8..) {
            let has = &|one: &Asked| one.places.get(at).copied().flatten() == Some(place);
            let (yes, no, open) = (count(Came::Accepted, has), count(Came::Not, has), count(Came::Open, has));
            let own = rate.map(|rate| (yes as f64 + PRIOR * rate) / ((yes + no) as f64 + PRIOR));
            groups.push(Group {
                category: category.key.clone(),
                feature: feature.key.clone(),
                asked: yes + no + open,
                accepted: yes,
                open,
                rate: own,
                expected: open as f64 * own.unwrap_or(0.0),
            });
        }
    }
    Expected { rate, expected, invite, groups }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::strata::tests::strata;

    fn asked(came: Came, many: usize, gender: u8) -> Vec<Asked> {
        vec![Asked { came, places: vec![Some(0), Some(gender)] }; many]
    }

    #[test]
    fn the_next_wave_fills_what_the_open_invitations_are_not_expected_to() {
        let all = [asked(Came::Accepted, 10, 0), asked(Came::Not, 30, 1), asked(Came::Open, 8, 1)].concat();
        // A quarter says yes: two of the eight; 20 places lack 18, of which 72 have to be asked.
        let found = expected(&strata(), 20, &all);
        assert_eq!((found.rate, found.expected, found.invite), (Some(0.25), 2.0, 72));
        assert_eq!(expected(&strata(), 2, &all).invite, 0);
        let none = expected(&strata(), 20, &asked(Came::Open, 8, 1));
        assert_eq!((none.rate, none.invite), (None, 0));
    }

    #[test]
    fn a_small_group_is_expected_to_do_as_everybody_does() {
        let all = [asked(Came::Accepted, 100, 0), asked(Came::Not, 100, 0), asked(Came::Not, 1, 1)].concat();
        let groups = expected(&strata(), 5, &all).groups;
        let rate = |feature: &str| groups.iter().find(|one| one.feature == feature).unwrap().rate.unwrap();
        assert!((rate("woman") - 0.5).abs() < 0.01, "{}", rate("woman"));
        assert!(rate("man") > 0.45 && rate("man") < 0.5, "{}", rate("man"));
        assert_eq!(groups.iter().map(|one| one.feature.as_str()).collect::<Vec<_>>().len(), 5);
    }
}
