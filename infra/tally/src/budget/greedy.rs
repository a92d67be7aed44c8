//! The greedy rules: projects in an order, each funded if what is left pays for it.

use std::cmp::Ordering;

use super::election::{Election, Supported};

/// In which order projects have their turn. Ties go to the lower id.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Order {
    /// Most points first: votes, where a ballot gives each project one.
    ByVotes,
    /// Most points per unit of cost first.
    ByVotesPerCost,
}

/// A project's turn.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Turn {
    /// Whose.
    pub project: u32,
    /// Money left when it came.
    pub left: u64,
    /// What came of it: funded, or passed over.
    pub result: Result<(), Passed>,
}

/// Why a project was passed over.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Passed {
    /// It costs more than was left. All else as it was, a cost of no more than was left would have been enough.
    TooDear {
        /// The fewest points with which it would have had its turn while there was money for it; none if it costs more
        /// than there ever was.
        points: Option<u128>,
    },
    /// Nobody supports it.
    Unsupported,
    /// This project, which excludes it, was funded before.
    Excluded(u32),
}

/// Turns of all projects that aren't funded already, with so much money.
#[must_use]
pub fn greedy(election: &Election, order: Order, already: &[u32], money: u64) -> Vec<Turn> {
    let support = election.support();
    let mut funded = vec![false; election.projects().len()];
    already.iter().for_each(|project| funded[*project as usize] = true);
    let queue = (0..funded.len() as u32).filter(|project| !funded[*project as usize]);
    let mut queue: Vec<u32> = queue.collect();
    queue.sort_by(|a, b| before(election, &support, order, *a, *b));
    let mut turns: Vec<Turn> = Vec::with_capacity(queue.len());
    let mut left = money;
    for project in queue {
        let cost = election.cost(project);
        let rival = election.rivals(project).iter().find(|rival| funded[**rival as usize]);
        let result = match rival {
            _ if support[project as usize].voters == 0 => Err(Passed::Unsupported),
            Some(rival) => Err(Passed::Excluded(*rival)),
            None if cost > left => {
                let points = enough(election, &support, order, project, &turns);
                Err(Passed::TooDear { points })
            }
            None => Ok(()),
        };
        funded[project as usize] = result.is_ok();
        turns.push(Turn { project, left, result });
        left -= if funded[project as usize] { cost } else { 0 };
    }
    turns
}

impl Turn {
    /// What was funded, in order.
    #[must_use]
    pub fn funded(turns: &[Self]) -> Vec<u32> {
        turns.iter().filter(|turn| turn.result.is_ok()).map(|turn| turn.project).collect()
    }
}

fn before(election: &Election, support: &[Supported], order: Order, a: u32, b: u32) -> Ordering {
    let points = |project: u32| support[project as usize].points;
    let by_order = match order {
        Order::ByVotes => points(b).cmp(&points(a)),
        Order::ByVotesPerCost => {
            product(points(b), election.cost(a)).cmp(&product(points(a), election.cost(b)))
        }
    };
    by_order.then(election.rank(a).cmp(&election.rank(b)))
}

/// A product as its upper and lower part.
const fn product(a: u128, b: u64) -> (u128, u64) {
    let low = (a & u64::MAX as u128) * b as u128;
    ((a >> 64) * b as u128 + (low >> 64), low as u64)
}

/// The fewest points for a turn with enough money: no rival is funded yet, so only the order matters.
fn enough(
    election: &Election,
    support: &[Supported],
    order: Order,
    project: u32,
    turns: &[Turn],
) -> Option<u128> {
    let cost = election.cost(project);
    // What is left only falls, and the later the turn, the fewer points it takes.
    let last = turns.partition_point(|turn| turn.left >= cost).checked_sub(1)?;
    let other = turns[last].project;
    let points = support[other as usize].points;
    let wins_tie = election.rank(project) < election.rank(other);
    match order {
        Order::ByVotes => points.checked_add(u128::from(!wins_tie)),
        Order::ByVotesPerCost => {
            let (cost, dear) = (u128::from(cost), u128::from(election.cost(other)));
            let product = points.checked_mul(cost)?;
            let even = product % dear == 0;
            Some(product / dear + u128::from(!(even && wins_tie)))
        }
    }
}
