//! The rules by name, the comparison step, and one project's account out of what a rule came to.

use std::cmp::Ordering;

use super::{
    election::Election,
    greedy::{Order, Passed, Turn, greedy},
    shares::{Measure, Payment, Shares, Unpaid, equal_shares},
};

/// How projects are chosen.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Rule {
    /// In an order, each that what is left pays for.
    Greedy(Order),
    /// Equal Shares.
    EqualShares {
        /// What a project is worth to a voter.
        measure: Measure,
        /// Whether the share is raised while the budget pays for what it buys.
        add1: bool,
        /// Whether what is then left is spent greedily: most use per cost first.
        complete: bool,
        /// Whether greedy by votes is taken instead, if more voters prefer it.
        comparison: bool,
    },
}

/// What a rule came to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Outcome {
    /// What was funded, in order.
    pub funded: Vec<u32>,
    /// What that costs.
    pub cost: u64,
    /// How it came to that.
    pub course: Course,
    /// The comparison step, where the rule has one.
    pub comparison: Option<Comparison>,
}

/// How it came to what was funded.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Course {
    /// Turns.
    Greedy(Vec<Turn>),
    /// Payments.
    EqualShares(Shares),
}

/// How many voters support more of the projects that one rule funds than of those that the other does. Greedy by votes is taken
/// only if more prefer it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Comparison {
    /// More of those of Equal Shares.
    pub prefer_shares: u64,
    /// More of those of greedy by votes.
    pub prefer_greedy: u64,
}

/// Why a project was funded, or wasn't.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Account<'a> {
    /// It had its turn.
    Turn(&'a Turn),
    /// Its supporters paid.
    Paid(&'a Payment),
    /// Its supporters couldn't pay; its turn among those that what was left was spent on, if there was such.
    Unpaid(&'a Unpaid, Option<&'a Turn>),
}

/// Counts the ballots by a rule.
#[must_use]
pub fn count(election: &Election, rule: Rule) -> Outcome {
    match rule {
        Rule::Greedy(order) => by_greedy(election, order),
        Rule::EqualShares { measure, add1, complete, comparison } => {
            let shares = by_shares(election, equal_shares(election, measure, add1, complete));
            if !comparison {
                return shares;
            }
            let greedy = by_greedy(election, Order::ByVotes);
            let compared = compare(election, &shares.funded, &greedy.funded);
            let chosen = if compared.prefer_greedy > compared.prefer_shares { greedy } else { shares };
            Outcome { comparison: Some(compared), ..chosen }
        }
    }
}

fn by_greedy(election: &Election, order: Order) -> Outcome {
    let turns = greedy(election, order, &[], election.budget());
    outcome(election, Turn::funded(&turns), Course::Greedy(turns))
}

fn by_shares(election: &Election, shares: Shares) -> Outcome {
    let mut funded: Vec<u32> = shares.payments.iter().map(|payment| payment.project).collect();
    funded.extend(shares.completion.iter().flat_map(|turns| Turn::funded(turns)));
    outcome(election, funded, Course::EqualShares(shares))
}

fn outcome(election: &Election, funded: Vec<u32>, course: Course) -> Outcome {
    let cost = funded.iter().map(|project| election.cost(*project)).sum();
    Outcome { funded, cost, course, comparison: None }
}

/// Which of two choices more voters prefer: the one with more projects that they support.
#[must_use]
pub fn compare(election: &Election, shares: &[u32], greedy: &[u32]) -> Comparison {
    // One more for each project of the one, one less for each of the other.
    let mut sign = vec![0_i64; election.projects().len()];
    shares.iter().for_each(|project| sign[*project as usize] += 1);
    greedy.iter().for_each(|project| sign[*project as usize] -= 1);
    let mut compared = Comparison { prefer_shares: 0, prefer_greedy: 0 };
    for group in election.groups() {
        let difference: i64 = group.supports.iter().map(|(project, _)| sign[*project as usize]).sum();
        match difference.cmp(&0) {
            Ordering::Greater => compared.prefer_shares += group.voters,
            Ordering::Less => compared.prefer_greedy += group.voters,
            Ordering::Equal => {}
        }
    }
    compared
}

impl Outcome {
    /// Why a project was funded, or wasn't; none for one that isn't in the election.
    #[must_use]
    pub fn account(&self, project: u32) -> Option<Account<'_>> {
        let turn = |turns: &'_ [Turn]| turns.iter().position(|turn| turn.project == project);
        match &self.course {
            Course::Greedy(turns) => turn(turns).map(|at| Account::Turn(&turns[at])),
            Course::EqualShares(shares) => {
                let paid = shares.payments.iter().find(|payment| payment.project == project);
                let completion = || {
                    let turns = shares.completion.as_deref()?;
                    turn(turns).map(|at| &turns[at])
                };
                paid.map(Account::Paid).or_else(|| {
                    let unpaid = shares.unpaid.iter().find(|unpaid| unpaid.project == project)?;
                    Some(Account::Unpaid(unpaid, completion()))
                })
            }
        }
    }
}

impl Turn {
    /// Whether it was funded, or why not.
    #[must_use]
    pub const fn passed(&self) -> Option<&Passed> {
        match &self.result {
            Ok(()) => None,
            Err(passed) => Some(passed),
        }
    }
}
