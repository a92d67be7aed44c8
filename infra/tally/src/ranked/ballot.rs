//! One ranking, and when it is one.

/// Where a ballot places an alternative.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Place {
    /// From 1, the best.
    pub place: u16,
    /// Which, from 0.
    pub alternative: u16,
}

/// Why a ranking isn't one, named after the rule.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Refusal {
    /// It names an alternative that isn't there.
    #[error("there is no alternative {0}")]
    UnknownOption(u16),
    /// It names an alternative twice.
    #[error("alternative {0} is ranked twice")]
    RepeatedOption(u16),
    /// Two alternatives are in one place, where that isn't allowed.
    #[error("place {0} is given twice")]
    RepeatedPlace(u16),
    /// Nobody is in a place, and somebody in one behind it.
    #[error("place {0} is not given, but a later one is")]
    Gap(u16),
    /// There are more ballots than can be counted.
    #[error("there are more ballots than can be counted")]
    TooManyBallots,
}

/// Puts a ranking in order, best first, and checks it.
///
/// # Errors
/// In this order: `UnknownOption`, `RepeatedOption`, `Gap`, `RepeatedPlace`.
pub fn order(mut places: Vec<Place>, alternatives: usize, ties: bool) -> Result<Vec<Place>, Refusal> {
    if let Some(unknown) = places.iter().find(|one| usize::from(one.alternative) >= alternatives) {
        return Err(Refusal::UnknownOption(unknown.alternative));
    }
    places.sort_unstable_by_key(|one| one.alternative);
    if let Some(twice) = places.windows(2).find(|two| two[0].alternative == two[1].alternative) {
        return Err(Refusal::RepeatedOption(twice[0].alternative));
    }
    places.sort_unstable();
    let mut last = 0;
    for one in &places {
        if one.place > last + 1 {
            return Err(Refusal::Gap(last + 1));
        }
        last = last.max(one.place);
    }
    match places.windows(2).find(|two| two[0].place == two[1].place) {
        _ if places.first().is_some_and(|first| first.place == 0) => Err(Refusal::Gap(1)),
        Some(twice) if !ties => Err(Refusal::RepeatedPlace(twice[0].place)),
        _ => Ok(places),
    }
}

/// Those in each place, best first.
pub(super) fn places(ballot: &[Place]) -> impl DoubleEndedIterator<Item = &[Place]> {
    ballot.chunk_by(|a, b| a.place == b.place)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(places: &[(u16, u16)], ties: bool) -> Result<Vec<u16>, Refusal> {
        let places =
            places.iter().map(|(place, alternative)| Place { place: *place, alternative: *alternative });
        order(places.collect(), 4, ties).map(|order| order.iter().map(|one| one.alternative).collect())
    }

    #[test]
    fn gaps_and_repeats_are_refused() {
        assert_eq!(check(&[(2, 0), (1, 3)], false), Ok(vec![3, 0]));
        assert_eq!(check(&[], false), Ok(vec![]));
        assert_eq!(check(&[(1, 0), (3, 1)], false), Err(Refusal::Gap(2)));
        assert_eq!(check(&[(2, 0)], true), Err(Refusal::Gap(1)));
        assert_eq!(check(&[(0, 0)], true), Err(Refusal::Gap(1)));
        assert_eq!(check(&[(1, 0), (2, 0)], false), Err(Refusal::RepeatedOption(0)));
        assert_eq!(check(&[(1, 0), (1, 1)], false), Err(Refusal::RepeatedPlace(1)));
        assert_eq!(check(&[(1, 0), (1, 1), (2, 2)], true), Ok(vec![0, 1, 2]));
        assert_eq!(check(&[(1, 4)], false), Err(Refusal::UnknownOption(4)));
        // The first rule that is broken is the one that is told.
        assert_eq!(check(&[(1, 4), (5, 4)], false), Err(Refusal::UnknownOption(4)));
        assert_eq!(check(&[(1, 1), (3, 1)], false), Err(Refusal::RepeatedOption(1)));
        assert_eq!(check(&[(1, 1), (1, 2), (3, 3)], false), Err(Refusal::Gap(2)));
    }
}
