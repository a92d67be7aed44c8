//! Schulze's method with winning votes (Schulze 2011): who wins every comparison of strongest paths.

use super::{ballot::places, profile::Profile};

/// What came of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Schulze {
    /// How many ballots place one above another.
    pub prefer: Square,
    /// How strong the strongest path is from one to another: the fewest votes of a win on it.
    pub paths: Square,
    /// From the best; several in one place if neither beats the other.
    pub order: Vec<Vec<u16>>,
    /// Who isn't beaten by anybody. Of several, which is rare, the rule doesn't choose; neither do we.
    pub winners: Vec<u16>,
}

/// A number for each pair.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Square {
    side: usize,
    cells: Vec<u64>,
}

impl Square {
    fn new(side: usize) -> Self {
        Self { side, cells: vec![0; side * side] }
    }

    /// Of one over another.
    #[must_use]
    pub fn get(&self, one: usize, other: usize) -> u64 {
        self.cells[one * self.side + other]
    }

    fn at(&mut self, one: usize, other: usize) -> &mut u64 {
        &mut self.cells[one * self.side + other]
    }
}

/// How many ballots place one above another.
#[must_use]
pub fn prefer(profile: &Profile) -> Square {
    let all = profile.alternatives();
    let mut prefer = Square::new(all);
    let mut below = vec![true; all];
    for (voters, ballot) in profile.ballots() {
        below.fill(true);
        for place in places(ballot) {
            place.iter().for_each(|one| below[usize::from(one.alternative)] = false);
            for one in place {
                let row = &mut prefer.cells[usize::from(one.alternative) * all..][..all];
                for (count, below) in row.iter_mut().zip(&below) {
                    *count += if *below { voters } else { 0 };
                }
            }
        }
    }
    prefer
}

/// Counts.
#[must_use]
pub fn schulze(profile: &Profile) -> Schulze {
    let (all, prefer) = (profile.alternatives(), prefer(profile));
    let mut paths = Square::new(all);
    for one in 0..all {
        for other in (0..all).filter(|other| *other != one) {
            let (won, lost) = (prefer.get(one, other), prefer.get(other, one));
            *paths.at(one, other) = if won > lost { won } else { 0 };
        }
    }
    for over in 0..all {
        for one in (0..all).filter(|one| *one != over) {
            let first = paths.get(one, over);
            for other in (0..all).filter(|other| *other != over && *other != one) {
                let through = first.min(paths.get(over, other));
                let known = paths.at(one, other);
                *known = through.max(*known);
            }
        }
    }
    let beaten_by =
        |one: usize| (0..all).filter(|other| paths.get(*other, one) > paths.get(one, *other)).count();
    let beaten: Vec<usize> = (0..all).map(beaten_by).collect();
    let winners = (0..all).filter(|one| beaten[*one] == 0).map(|one| one as u16).collect();
    Schulze { order: order(&paths, all), winners, paths, prefer }
}

/// Layer by layer: those whom nobody of the rest beats. Beating is transitive, so no layer is empty.
fn order(paths: &Square, all: usize) -> Vec<Vec<u16>> {
    let mut rest: Vec<usize> = (0..all).collect();
    let mut order = Vec::new();
    while !rest.is_empty() {
        let beaten = |one: &usize| rest.iter().any(|other| paths.get(*other, *one) > paths.get(*one, *other));
        let (worse, layer): (Vec<usize>, Vec<usize>) = rest.iter().copied().partition(beaten);
        if layer.is_empty() {
            break;
        }
        order.push(layer.into_iter().map(|one| one as u16).collect());
        rest = worse;
    }
    order
}
