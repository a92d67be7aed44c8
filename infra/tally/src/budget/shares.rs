//! The Method of Equal Shares: every voter has the same share of the money, and a project is funded if its supporters can pay
//! for it out of theirs, each the same per point and nobody more than they have left; the cheapest per use comes first.
//!
//! Defined by Peters, Pierczyński and Skowron (2021); completions as on equalshares.net and in Pabulib. Amounts are exact.
//! Of projects that cost the same per use the one with the lower id comes first.

mod certain;
mod exact;
mod raise;

use num_rational::BigRational;
use num_traits::{ToPrimitive as _, Zero as _};

use super::{
    Amount,
    election::Election,
    greedy::{Order, Turn, greedy},
};

/// What a funded project is worth to a voter who supports it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Measure {
    /// Its points times its cost: dear projects count for more. What cities use.
    Cost,
    /// Its points: every project counts the same.
    Cardinality,
}

impl Measure {
    const fn of_a_point(self, cost: u64) -> u64 {
        match self {
            Self::Cost => cost,
            Self::Cardinality => 1,
        }
    }

    /// In which order the greedy completion goes: most use per cost first.
    const fn order(self) -> Order {
        match self {
            Self::Cost => Order::ByVotes,
            Self::Cardinality => Order::ByVotesPerCost,
        }
    }
}

/// Voters of one kind of ballot who support a project.
struct Supporter {
    group: u32,
    points: u32,
    voters: u64,
    /// Of all of them.
    all_points: u64,
}

/// Supporters by project.
struct Supporters {
    of: Vec<Vec<Supporter>>,
    /// Points of the project that has most.
    most_points: u128,
}

impl Supporters {
    fn new(election: &Election) -> Self {
        let mut of: Vec<Vec<Supporter>> = election.projects().iter().map(|_| Vec::new()).collect();
        for (group, one) in (0..).zip(election.groups()) {
            for (project, points) in &one.supports {
                let all_points = one.voters.saturating_mul(u64::from(*points));
                let supporter = Supporter { group, points: *points, voters: one.voters, all_points };
                of[*project as usize].push(supporter);
            }
        }
        let most_points = election.support().iter().map(|one| one.points).max().unwrap_or(0);
        Self { of, most_points }
    }

    fn of(&self, project: u32) -> &[Supporter] {
        &self.of[project as usize]
    }
}

/// What the rule came to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Shares {
    /// What each voter had.
    pub share: Amount,
    /// What was paid, in order.
    pub payments: Vec<Payment>,
    /// Projects whose supporters couldn't pay, and those excluded.
    pub unpaid: Vec<Unpaid>,
    /// What was then funded in the order of most use per cost out of what was left, and what wasn't, if that was asked for.
    pub completion: Option<Vec<Turn>>,
}

/// How a project was paid.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Payment {
    /// Which.
    pub project: u32,
    /// What each supporter paid per point, and nobody more.
    pub price: Amount,
    /// So many paid that.
    pub full: u64,
    /// So many paid less: all they had left.
    pub rest: u64,
    /// So many supporters had nothing left and paid nothing.
    pub nothing: u64,
}

/// Why a project wasn't paid.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Unpaid {
    /// Which.
    pub project: u32,
    /// A funded project that excludes it.
    pub excluded_by: Option<u32>,
    /// What its supporters had left together in the end. All else as it was, a cost of no more would have been enough.
    pub left: Amount,
    /// What was missing to its cost, if anything.
    pub missing: Amount,
    /// All else as it was, so many voters more would have been enough who had their whole share left; none if nobody had
    /// a share.
    pub supporters: Option<u64>,
}

/// Counts by Equal Shares. With `add1`, the share is raised: first it is budget / voters, then one more than that rounded
/// down to whole units, two more, and so on, and the last share stands whose projects the budget pays for, before the first
/// whose projects it doesn't. With `complete`, what is left of the budget is spent greedily.
#[must_use]
pub fn equal_shares(election: &Election, measure: Measure, add1: bool, complete: bool) -> Shares {
    let supporters = Supporters::new(election);
    // Where nobody voted, nobody has a share.
    let mut share = BigRational::new(election.budget().into(), election.voters().max(1).into());
    if add1 && let Some(raised) = raise::raised(election, &supporters, measure) {
        share = raised;
    }
    let run = exact::run(election, &supporters, measure, &share, false);
    let bought: Vec<u32> = run.payments.iter().map(|payment| payment.project).collect();
    let completion = complete.then(|| {
        let spent: u64 = bought.iter().map(|project| election.cost(*project)).sum();
        greedy(election, measure.order(), &bought, election.budget() - spent)
    });
    let mut paid = vec![false; election.projects().len()];
    bought.iter().for_each(|project| paid[*project as usize] = true);
    let others = (0..election.projects().len() as u32).filter(|project| !paid[*project as usize]);
    let unpaid = others.map(|project| {
        let left = supporters.of(project).iter().map(|one| &run.left[one.group as usize] * one.voters);
        let left = Amount::new(left.sum(), run.denominator.clone());
        let excluded_by = election.rivals(project).iter().copied().find(|rival| paid[*rival as usize]);
        let missing = (Amount::from_integer(election.cost(project).into()) - &left).max(Amount::zero());
        let supporters = (!share.is_zero()).then(|| (&missing / &share).ceil().to_integer().to_u64());
        Unpaid { project, excluded_by, left, missing, supporters: supporters.flatten() }
    });
    Shares { unpaid: unpaid.collect(), payments: run.payments, completion, share }
}
