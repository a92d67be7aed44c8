//! Instant run-off: whoever has fewest votes goes out, one at a time, until somebody has more than half.
//!
//! In each round a ballot is a vote for the best of those still in. It counts for nobody if it names none of them, and while
//! several of them share its best place. **Ties**: of several with the fewest votes the one goes out that had fewer in the
//! round before, or in the one before that, and so on; of those that were even in every round, the one that is last in the
//! list of alternatives.

use super::{
    ballot::{Place, places},
    profile::Profile,
};

/// What came of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Runoff {
    /// In order.
    pub rounds: Vec<Round>,
    /// Who had more than half of the votes of the last round; nobody if no ballot was a vote then.
    pub winner: Option<u16>,
}

/// A round.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Round {
    /// By alternative; none for those that are out.
    pub votes: Vec<Option<u64>>,
    /// Ballots that count for nobody in it.
    pub exhausted: u64,
    /// Who goes out after it; nobody after the last.
    pub out: Option<u16>,
    /// Who had as few votes, if `out` was found by the rule for ties; `out` among them.
    pub tied: Vec<u16>,
}

/// Counts.
#[must_use]
pub fn runoff(profile: &Profile) -> Runoff {
    let mut is_in = vec![true; profile.alternatives()];
    let mut rounds: Vec<Round> = Vec::new();
    loop {
        let mut round = vote(profile, &is_in);
        let votes = round.votes.iter().enumerate();
        let standing: Vec<(u16, u64)> =
            votes.filter_map(|(at, votes)| Some((at as u16, (*votes)?))).collect();
        let all: u64 = standing.iter().map(|(_, votes)| votes).sum();
        let ahead = standing.iter().find(|(_, votes)| *votes > all / 2).map(|(alternative, _)| *alternative);
        if all == 0 || ahead.is_some() {
            rounds.push(round);
            return Runoff { rounds, winner: ahead };
        }
        let fewest = standing.iter().map(|(_, votes)| *votes).min();
        let last =
            standing.iter().filter(|(_, votes)| Some(*votes) == fewest).map(|(alternative, _)| *alternative);
        let last: Vec<u16> = last.collect();
        let out = goes_out(&last, &rounds);
        if let Some(out) = out {
            is_in[usize::from(out)] = false;
        }
        round.out = out;
        round.tied = if last.len() > 1 { last } else { Vec::new() };
        rounds.push(round);
    }
}

fn vote(profile: &Profile, is_in: &[bool]) -> Round {
    let votes = is_in.iter().map(|is_in| is_in.then_some(0)).collect();
    let mut round = Round { votes, exhausted: 0, out: None, tied: Vec::new() };
    for (voters, ballot) in profile.ballots() {
        match best(ballot, is_in).and_then(|best| round.votes[usize::from(best)].as_mut()) {
            Some(votes) => *votes += voters,
            None => round.exhausted += voters,
        }
    }
    round
}

/// The best of those still in, if it is one.
fn best(ballot: &[Place], is_in: &[bool]) -> Option<u16> {
    let standing = |place: &[Place]| {
        let mut standing = place.iter().filter(|one| is_in[usize::from(one.alternative)]);
        standing.next().map(|first| (first.alternative, standing.next().is_none()))
    };
    let (best, alone) = places(ballot).find_map(standing)?;
    alone.then_some(best)
}

fn goes_out(last: &[u16], earlier: &[Round]) -> Option<u16> {
    let mut last = last.to_vec();
    for round in earlier.iter().rev() {
        let votes = |alternative: u16| round.votes[usize::from(alternative)];
        let fewest = last.iter().map(|alternative| votes(*alternative)).min();
        last.retain(|alternative| Some(votes(*alternative)) == fewest);
    }
    last.last().copied()
}
