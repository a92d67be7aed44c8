//! The rules that add up votes: plurality and approval.

use super::{ballot::places, profile::Profile};

/// Votes of each alternative.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Scores {
    /// By alternative.
    pub votes: Vec<u64>,
    /// Ballots that are a vote for nobody.
    pub none: u64,
}

impl Scores {
    /// Who has most; several if they are even, nobody if nobody has a vote.
    #[must_use]
    pub fn winners(&self) -> Vec<u16> {
        let most = self.votes.iter().copied().max().filter(|most| *most > 0);
        let winner = |(at, votes): (usize, &u64)| (Some(*votes) == most).then_some(at as u16);
        self.votes.iter().enumerate().filter_map(winner).collect()
    }
}

/// Each ballot is a vote for the alternative in its first place; for nobody if there are several.
#[must_use]
pub fn plurality(profile: &Profile) -> Scores {
    let mut scores = Scores { votes: vec![0; profile.alternatives()], none: 0 };
    for (voters, ballot) in profile.ballots() {
        match places(ballot).next() {
            Some([only]) => scores.votes[usize::from(only.alternative)] += voters,
            _ => scores.none += voters,
        }
    }
    scores
}

/// Each ballot is a vote for every alternative that it places above another: all it names, or, if it names all, all but those
/// in the last place.
#[must_use]
pub fn approval(profile: &Profile) -> Scores {
    let mut scores = Scores { votes: vec![0; profile.alternatives()], none: 0 };
    for (voters, ballot) in profile.ballots() {
        let all = ballot.len() == profile.alternatives();
        let last = ballot.last().map(|last| last.place).filter(|_| all);
        let approved = ballot.iter().filter(|one| Some(one.place) != last);
        let mut some = false;
        for one in approved {
            scores.votes[usize::from(one.alternative)] += voters;
            some = true;
        }
        scores.none += if some { 0 } else { voters };
    }
    scores
}
