//! The rules word by word, slow and with fractions throughout, and ours beside them.

use num_rational::BigRational;
use num_traits::Zero as _;
use proptest::prelude::*;
use radslag_tally::budget::{
    Election, Measure,
    greedy::{Order, Turn, greedy},
    shares::equal_shares,
};

use super::{Made, made};

fn whole(number: u64) -> BigRational {
    BigRational::from_integer(number.into())
}

/// Equal Shares with one share: each project in turn for the lowest price per use of those that can be paid.
fn one_share(election: &Election, measure: Measure, share: &BigRational) -> Vec<u32> {
    let mut money: Vec<BigRational> = election.groups().iter().map(|_| share.clone()).collect();
    let mut bought: Vec<u32> = Vec::new();
    loop {
        let free = |project: &u32| {
            !bought.contains(project) && !election.rivals(*project).iter().any(|rival| bought.contains(rival))
        };
        let candidates = (0..election.projects().len() as u32).filter(free);
        let priced = candidates.filter_map(|project| {
            let price = price(election, &money, project)?;
            let used = if measure == Measure::Cost { whole(election.cost(project)) } else { whole(1) };
            Some((&price / used, election.projects()[project as usize].id.clone(), project, price))
        });
        let Some((_, _, project, price)) = priced.min() else { return bought };
        for (money, group) in money.iter_mut().zip(election.groups()) {
            for (_, points) in group.supports.iter().filter(|(supported, _)| *supported == project) {
                let part = &price * whole(u64::from(*points));
                *money = if *money < part { BigRational::zero() } else { &*money - part };
            }
        }
        bought.push(project);
    }
}

/// The lowest price per point with which supporters pay the cost: each possible set of those who can pay in full is tried.
fn price(election: &Election, money: &[BigRational], project: u32) -> Option<BigRational> {
    let mut supporters = Vec::new();
    for (money, group) in money.iter().zip(election.groups()) {
        for (_, points) in group.supports.iter().filter(|(supported, _)| *supported == project) {
            supporters.push((
                money / whole(u64::from(*points)),
                money.clone(),
                whole(u64::from(*points)),
                group.voters,
            ));
        }
    }
    supporters.sort();
    let cost = whole(election.cost(project));
    (0..supporters.len()).find_map(|poor| {
        let (poor, rich) = supporters.split_at(poor);
        let paid: BigRational = poor.iter().map(|(_, money, _, voters)| money * whole(*voters)).sum();
        let points: BigRational = rich.iter().map(|(.., points, voters)| points * whole(*voters)).sum();
        let price = (&cost - paid) / points;
        (price <= rich[0].0).then_some(price)
    })
}

fn cost(election: &Election, bought: &[u32]) -> u64 {
    bought.iter().map(|project| election.cost(*project)).sum()
}

/// add1 as Pabulib has it, one by one, until everybody could pay everything.
fn add1(election: &Election, measure: Measure) -> Vec<u32> {
    let share = BigRational::new(election.budget().into(), election.voters().into());
    let mut last = one_share(election, measure, &share);
    let first = election.budget() / election.voters() + 1;
    let most: u64 = election.projects().iter().map(|project| project.cost).sum();
    for share in first..=most.max(first) {
        let next = one_share(election, measure, &whole(share));
        if cost(election, &next) > election.budget() {
            break;
        }
        last = next;
    }
    last
}

fn bought(election: &Election, measure: Measure, add1: bool) -> Vec<u32> {
    let shares = equal_shares(election, measure, add1, false);
    shares.payments.iter().map(|payment| payment.project).collect()
}

fn sorted(mut projects: Vec<u32>) -> Vec<u32> {
    projects.sort_unstable();
    projects
}

fn agree(made: &Made) -> Result<(), TestCaseError> {
    let election = made.election();
    let share = BigRational::new(election.budget().into(), election.voters().into());
    for measure in [Measure::Cost, Measure::Cardinality] {
        prop_assert_eq!(bought(&election, measure, false), one_share(&election, measure, &share));
        prop_assert_eq!(sorted(bought(&election, measure, true)), sorted(add1(&election, measure)));
    }
    Ok(())
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(400))]

    #[test]
    fn equal_shares_is_what_its_definition_says(made in made(1)) {
        agree(&made)?;
    }

    #[test]
    fn equal_shares_with_points_is_what_its_definition_says(made in made(4)) {
        agree(&made)?;
    }

    #[test]
    fn greedy_goes_by_points_and_points_per_cost(made in made(3)) {
        let election = made.election();
        let points = |project: u32| -> u64 {
            let of = |ballot: &Vec<(u32, u32)>| ballot.iter().filter(|(one, _)| *one == project).map(|(_, points)| u64::from(*points)).sum::<u64>();
            made.ballots.iter().map(of).sum()
        };
        for order in [Order::ByVotes, Order::ByVotesPerCost] {
            let worth = |project: u32| match order {
                Order::ByVotes => whole(points(project)),
                Order::ByVotesPerCost => BigRational::new(points(project).into(), election.cost(project).into()),
            };
            let mut queue: Vec<u32> = (0..made.costs.len() as u32).collect();
            queue.sort_by_key(|project| (-worth(*project), *project));
            let (mut left, mut funded) = (made.budget, Vec::new());
            for project in queue {
                let excluded = election.rivals(project).iter().any(|rival| funded.contains(rival));
                if points(project) > 0 && !excluded && election.cost(project) <= left {
                    left -= election.cost(project);
                    funded.push(project);
                }
            }
            prop_assert_eq!(Turn::funded(&greedy(&election, order, &[], made.budget)), funded);
        }
    }
}

/// All that its supporter has is just the dear one's cost, whose price is no whole number: neither is cheaper, and the lower id
/// comes first.
#[test]
fn a_price_that_takes_all_is_not_taken_for_a_higher_one() {
    let made =
        Made { budget: 12, costs: vec![22, 12], ballots: vec![vec![(0, 3), (1, 3)]], excluded: vec![] };
    let shares = equal_shares(&made.election(), Measure::Cost, true, false);
    assert_eq!((shares.share, shares.payments[0].project), (whole(21), 1));
}
