//! The rules beside their definitions.

use proptest::prelude::*;
use radslag_tally::ranked::{
    Place, Profile,
    runoff::{Runoff, runoff},
    schulze::{Schulze, schulze},
    scores::{Scores, approval, plurality},
};

use super::{ballot, profiles};

/// The place of an alternative; behind all others where a ballot doesn't name it.
fn place(ballot: &[Place], alternative: usize) -> u16 {
    let named = ballot.iter().find(|one| usize::from(one.alternative) == alternative);
    named.map_or(u16::MAX, |one| one.place)
}

/// The strongest path by trying all that pass nobody twice.
fn strongest(
    prefer: &dyn Fn(usize, usize) -> u64,
    all: usize,
    from: usize,
    to: usize,
    seen: &mut Vec<usize>,
) -> u64 {
    let mut best = 0;
    for next in (0..all).filter(|next| *next != from) {
        let won = prefer(from, next);
        if won <= prefer(next, from) || seen.contains(&next) {
            continue;
        }
        let rest = if next == to {
            u64::MAX
        } else {
            seen.push(next);
            let rest = strongest(prefer, all, next, to, seen);
            seen.pop();
            rest
        };
        best = best.max(won.min(rest));
    }
    best
}

proptest! {
    #[test]
    fn schulze_is_what_its_definition_says(profile in profiles()) {
        let all = profile.alternatives();
        let prefer = |one: usize, other: usize| -> u64 {
            let above = |ballot: &[Place]| place(ballot, one) < place(ballot, other);
            profile.ballots().filter(|(_, ballot)| above(ballot)).map(|(voters, _)| voters).sum()
        };
        let Schulze { prefer: counted, paths, order, winners } = schulze(&profile);
        for one in 0..all {
            for other in (0..all).filter(|other| *other != one) {
                prop_assert_eq!(counted.get(one, other), prefer(one, other));
                prop_assert_eq!(paths.get(one, other), strongest(&prefer, all, one, other, &mut vec![one]));
            }
        }
        let unbeaten = |one: &usize| (0..all).all(|other| other == *one || paths.get(*one, other) >= paths.get(other, *one));
        let expected: Vec<u16> = (0..all).filter(unbeaten).map(|one| one as u16).collect();
        prop_assert!(!winners.is_empty());
        prop_assert_eq!(&winners, &expected);
        prop_assert_eq!(&order[0], &expected);
        prop_assert_eq!(order.concat().len(), all);
    }

    #[test]
    fn every_ballot_is_counted_once_in_every_round(profile in profiles()) {
        let Runoff { rounds, winner } = runoff(&profile);
        for (at, round) in rounds.iter().enumerate() {
            let votes: u64 = round.votes.iter().flatten().sum();
            prop_assert_eq!(votes + round.exhausted, profile.voters());
            prop_assert_eq!(round.votes.iter().flatten().count(), profile.alternatives() - at);
            if let Some(out) = round.out {
                let least = round.votes.iter().flatten().min();
                prop_assert_eq!(round.votes[usize::from(out)].as_ref(), least);
                prop_assert!(round.tied.is_empty() || round.tied.contains(&out));
            }
        }
        let last = rounds.last().unwrap();
        let votes: u64 = last.votes.iter().flatten().sum();
        prop_assert_eq!(winner.is_some(), votes > 0);
        if let Some(winner) = winner {
            prop_assert!(last.votes[usize::from(winner)].unwrap() * 2 > votes);
        }
    }

    #[test]
    fn votes_are_first_places_and_approvals_those_above_another(profile in profiles()) {
        let all = profile.alternatives();
        let count = |approves: &dyn Fn(&[Place], usize) -> bool| -> (Vec<u64>, u64) {
            let of = |one| profile.ballots().filter(|(_, ballot)| approves(ballot, one)).map(|(voters, _)| voters).sum();
            let none = |ballot: &[Place]| (0..all).all(|one| !approves(ballot, one));
            ((0..all).map(of).collect(), profile.ballots().filter(|(_, ballot)| none(ballot)).map(|(voters, _)| voters).sum())
        };
        let first = |ballot: &[Place], one: usize| {
            place(ballot, one) == 1 && (0..all).all(|other| other == one || place(ballot, other) > 1)
        };
        let above = |ballot: &[Place], one: usize| (0..all).any(|other| place(ballot, one) < place(ballot, other));
        let scores = |scores: Scores| (scores.votes, scores.none);
        prop_assert_eq!(scores(plurality(&profile)), count(&first));
        prop_assert_eq!(scores(approval(&profile)), count(&above));
    }
}

fn profile(alternatives: usize, ballots: &[(u64, &[&[u16]])]) -> Profile {
    let mut profile = Profile::new(alternatives).unwrap();
    ballots.iter().for_each(|(voters, places)| profile.add(*voters, ballot(places)).unwrap());
    profile
}

#[test]
fn of_those_with_fewest_votes_the_one_with_fewer_before_goes_out() {
    // After 3 is out, 1 and 2 are even with 4; 2 had 3 before.
    let profile = profile(4, &[(5, &[&[0]]), (4, &[&[1]]), (3, &[&[2]]), (1, &[&[3], &[2]])]);
    let rounds = runoff(&profile).rounds;
    assert_eq!((rounds[0].out, rounds[0].tied.len()), (Some(3), 0));
    assert_eq!((rounds[1].out, rounds[1].tied.as_slice()), (Some(2), &[1, 2][..]));
}

#[test]
fn of_those_even_in_every_round_the_last_in_the_list_goes_out() {
    let profile = profile(3, &[(1, &[&[0]]), (1, &[&[1]]), (1, &[&[2]])]);
    let Runoff { rounds, winner } = runoff(&profile);
    assert_eq!(rounds.iter().map(|round| round.out).collect::<Vec<_>>(), [Some(2), Some(1), None]);
    assert_eq!(winner, Some(0));
}

#[test]
fn a_ballot_counts_for_nobody_while_several_share_its_best_place() {
    let profile = profile(4, &[(4, &[&[0]]), (3, &[&[1]]), (2, &[&[2, 3], &[1]]), (1, &[&[2], &[1]])]);
    let rounds = runoff(&profile).rounds;
    assert_eq!((rounds[0].exhausted, rounds[0].votes[2]), (2, Some(1)));
    // 3 is out with no votes: 2 alone is left in that place.
    assert_eq!((rounds[1].exhausted, rounds[1].votes[2]), (0, Some(3)));
}

#[test]
fn nobody_wins_without_votes() {
    let empty = profile(3, &[(2, &[])]);
    assert_eq!((runoff(&empty).winner, plurality(&empty).winners()), (None, vec![]));
    assert_eq!(schulze(&empty).winners, [0, 1, 2]);
}
