//! What holds of every outcome, and what its accounts promise.

use num_rational::BigRational;
use num_traits::{ToPrimitive as _, Zero as _};
use proptest::prelude::*;
use radslag_tally::budget::{
    Measure, Rule, count,
    greedy::{Order, Passed, Turn, greedy},
    rule::{Account, Course},
    shares::{Shares, equal_shares},
};

use super::{Made, election, made};

fn paid(shares: &Shares, project: u32) -> bool {
    shares.payments.iter().any(|payment| payment.project == project)
}

proptest! {
    #[test]
    fn nothing_is_spent_that_isnt_there(made in made(3), add1: bool, complete: bool, comparison: bool) {
        let election = made.election();
        for measure in [Measure::Cost, Measure::Cardinality] {
            let outcome = count(&election, Rule::EqualShares { measure, add1, complete, comparison });
            prop_assert!(outcome.cost <= election.budget());
            for project in &outcome.funded {
                prop_assert!(election.rivals(*project).iter().all(|rival| !outcome.funded.contains(rival)));
            }
            for project in 0..made.costs.len() as u32 {
                let account = outcome.account(project).unwrap();
                let funded = match account {
                    Account::Turn(turn) => turn.result.is_ok(),
                    Account::Paid(_) => true,
                    Account::Unpaid(_, turn) => turn.is_some_and(|turn| turn.result.is_ok()),
                };
                prop_assert_eq!(funded, outcome.funded.contains(&project));
            }
        }
    }

    #[test]
    fn payments_add_up_to_costs(made in made(1)) {
        let election = made.election();
        let shares = equal_shares(&election, Measure::Cost, true, false);
        let mut total = BigRational::zero();
        for payment in &shares.payments {
            let supporters = election.support()[payment.project as usize].voters;
            prop_assert_eq!(payment.full + payment.rest + payment.nothing, supporters);
            let full = &payment.price * BigRational::from_integer(payment.full.into());
            let cost = BigRational::from_integer(election.cost(payment.project).into());
            prop_assert!(full <= cost && (payment.rest > 0 || full == cost));
            prop_assert!(payment.price <= shares.share);
            total += cost;
        }
        prop_assert!(total <= &shares.share * BigRational::from_integer(election.voters().into()));
    }

    #[test]
    fn what_is_said_to_be_enough_is_enough(made in made(1)) {
        let election = made.election();
        // With the share that was decisive, whatever it was raised to.
        for measure in [Measure::Cost, Measure::Cardinality] {
            let shares = equal_shares(&election, measure, false, false);
            for unpaid in shares.unpaid.iter().filter(|unpaid| unpaid.excluded_by.is_none()) {
                let at = unpaid.project as usize;
                let enough = unpaid.left.floor().to_integer().to_u64().unwrap();
                if enough > 0 {
                    let mut cheaper = made.clone();
                    cheaper.costs[at] = enough;
                    prop_assert!(paid(&equal_shares(&cheaper.election(), measure, false, false), unpaid.project));
                }
                // Voters who support nothing have their whole share left.
                let Some(supporters) = unpaid.supporters else { continue };
                let mut idle = made.ballots.iter().filter(|ballot| ballot.is_empty()).count() as u64;
                let mut more = made.clone();
                for ballot in more.ballots.iter_mut().filter(|ballot| ballot.is_empty()).take(supporters as usize) {
                    ballot.push((unpaid.project, 1));
                    idle -= 1;
                }
                let added = made.ballots.iter().filter(|ballot| ballot.is_empty()).count() as u64 - idle;
                if added == supporters {
                    prop_assert!(paid(&equal_shares(&more.election(), measure, false, false), unpaid.project));
                }
            }
        }
    }

    #[test]
    fn greedys_points_are_enough_and_one_less_is_not(made in made(2)) {
        let election = made.election();
        for order in [Order::ByVotes, Order::ByVotesPerCost] {
            for turn in greedy(&election, order, &[], made.budget) {
                match turn.result {
                    Err(Passed::TooDear { points: Some(points) }) => {
                        let now = election.support()[turn.project as usize].points;
                        prop_assert!(points > now);
                        prop_assert!(with_points(&made, order, turn.project, points - now));
                        prop_assert!(!with_points(&made, order, turn.project, points - now - 1));
                    }
                    Err(Passed::TooDear { points: None }) => prop_assert!(election.cost(turn.project) > made.budget),
                    _ => {}
                }
            }
        }
    }
}

/// Whether a project is funded if one more voter gives it so many points.
fn with_points(made: &Made, order: Order, project: u32, points: u128) -> bool {
    let mut made = made.clone();
    let points = u32::try_from(points).unwrap();
    made.ballots.push(if points == 0 { vec![] } else { vec![(project, points)] });
    Turn::funded(&greedy(&made.election(), order, &[], made.budget)).contains(&project)
}

#[test]
fn a_tie_goes_to_the_lower_id() {
    let both = election(10, &[10, 10], &[(1, &[(0, 1), (1, 1)])]);
    for measure in [Measure::Cost, Measure::Cardinality] {
        assert!(paid(&equal_shares(&both, measure, false, false), 0));
    }
    assert_eq!(Turn::funded(&greedy(&both, Order::ByVotes, &[], 10)), [0]);
}

#[test]
fn the_share_is_raised_however_small_the_unit_is() {
    // Alone with a budget of a thousand million: three shares matter, none of those between.
    let costs = [400_000_000, 500_000_000, 600_000_000];
    let made = election(1_000_000_000, &costs, &[(1, &[(0, 1)]), (1, &[(1, 1)]), (1, &[(2, 1)])]);
    let shares = equal_shares(&made, Measure::Cost, true, false);
    assert_eq!(shares.payments.iter().map(|payment| payment.project).collect::<Vec<_>>(), [0, 1]);
    assert_eq!(shares.share, BigRational::from_integer(599_999_999.into()));
}

#[test]
fn projects_that_stay_even_while_the_share_rises_dont_take_a_step_each() {
    // Two voters are poorer by the first project, in the same way; what they then support stays even for ever.
    let costs = [1_000_000_000, 700_000_000, 700_000_000, 9_000_000_000_000];
    let ballots: [(u64, &[(u32, u32)]); 4] =
        [(1, &[(0, 1), (1, 1)]), (1, &[(0, 1), (2, 1)]), (1, &[(1, 1)]), (1, &[(2, 1), (3, 1)])];
    let made = election(5_000_000_000, &costs, &ballots);
    let shares = equal_shares(&made, Measure::Cost, true, false);
    assert_eq!(shares.payments.iter().map(|payment| payment.project).collect::<Vec<_>>(), [0, 1, 2]);
}

#[test]
fn where_nobody_votes_nothing_is_funded() {
    let nobody = election(100, &[10], &[]);
    let rule =
        |complete| Rule::EqualShares { measure: Measure::Cost, add1: true, complete, comparison: true };
    assert!(count(&nobody, rule(false)).funded.is_empty());
    assert!(count(&nobody, rule(true)).funded.is_empty());
    assert!(matches!(count(&nobody, rule(true)).course, Course::EqualShares(_)));
}
