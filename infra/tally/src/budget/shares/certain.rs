//! Equal Shares for a whole range of shares at once, in numbers of 64 bits, as long as every decision is beyond doubt.
//!
//! As long as the same projects are bought in the same order, nobody has less of a larger share left, and no price is higher
//! with one. So two runs in step, with the lowest share rounded down and the highest rounded up, hold between them every
//! share's exact amounts. Where they don't tell which project is next, nothing is said: the range is halved, or the exact run
//! is asked. With a range of one share this is what keeps that exact run from being needed for each.

use std::{cmp::Reverse, collections::BinaryHeap};

use super::{Measure, Supporter, Supporters};
use crate::budget::election::Election;

/// No sum of money is larger, so that products with points fit in 128 bits.
const LARGEST: u128 = 1 << 62;

/// What a candidate costs, or lower: fractions of a price per use, rounded down, that make prices comparable.
type Key = u128;
/// Bits of them behind the point.
const BITS: u32 = 48;

/// What is known about a candidate's price.
#[derive(Clone, Copy)]
struct Known {
    lowest: Key,
    highest: Key,
    /// Points of all supporters, if each of them certainly pays the full part: then the price is cost / points.
    full: Option<u64>,
}

struct State<'a> {
    election: &'a Election,
    supporters: &'a Supporters,
    measure: Measure,
    /// Bits of money behind the point.
    bits: u32,
    /// What each group's voter has, at least and at most.
    money: Vec<(u64, u64)>,
    /// Of each project, prices per point to begin the search with.
    prices: Vec<(u64, u64)>,
    known: Vec<(Known, u32)>,
    queue: BinaryHeap<Reverse<(Key, u32)>>,
    gone: Vec<bool>,
    stage: u32,
}

/// The projects that are bought with every share from the lowest to the highest, in order; nothing if that isn't certain.
pub(super) fn run(
    election: &Election,
    supporters: &Supporters,
    measure: Measure,
    (lowest, highest): (u64, u64),
) -> Option<Vec<u32>> {
    let costs = election.projects().iter().map(|project| u128::from(project.cost)).max().unwrap_or(0);
    let largest = (u128::from(highest) * u128::from(election.voters())).max(costs).max(1);
    if largest.max(supporters.most_points) > LARGEST {
        return None;
    }
    let bits = (LARGEST / largest).ilog2();
    let projects = election.projects().len();
    let unknown = (Known { lowest: 0, highest: Key::MAX, full: None }, u32::MAX);
    let mut state = State {
        election,
        supporters,
        measure,
        bits,
        money: vec![(lowest << bits, highest << bits); election.groups().len()],
        prices: vec![(0, 0); projects],
        known: vec![unknown; projects],
        queue: BinaryHeap::with_capacity(projects),
        gone: vec![false; projects],
        stage: 0,
    };
    for project in (0..projects as u32).filter(|project| !supporters.of(*project).is_empty()) {
        state.look(project)?;
    }
    let mut bought = Vec::new();
    while let Some(project) = state.next()? {
        state.buy(project);
        bought.push(project);
    }
    Some(bought)
}

impl State<'_> {
    /// The next project, or that there is none; nothing if it isn't certain.
    fn next(&mut self) -> Option<Option<u32>> {
        let Some(first) = self.first()? else { return Some(None) };
        let (mut best, mut ties) = (first, Vec::new());
        // Whoever may cost as little is looked at.
        while self.queue.peek().is_some_and(|Reverse((key, _))| *key <= self.known[best as usize].0.highest) {
            let Some(other) = self.first()? else { break };
            if self.known[other as usize].0.lowest > self.known[best as usize].0.highest {
                self.queue.push(Reverse((self.known[other as usize].0.lowest, other)));
                break;
            }
            let wins = self.precedes(other, best)?;
            ties.push(if wins { std::mem::replace(&mut best, other) } else { other });
        }
        for other in ties {
            self.queue.push(Reverse((self.known[other as usize].0.lowest, other)));
        }
        Some(Some(best))
    }

    /// Takes the one with the lowest bound out of the queue, once that is today's.
    fn first(&mut self) -> Option<Option<u32>> {
        while let Some(Reverse((_, project))) = self.queue.pop() {
            if self.gone[project as usize] {
                continue;
            }
            if self.known[project as usize].1 == self.stage {
                return Some(Some(project));
            }
            self.look(project)?;
        }
        Some(None)
    }

    /// Whether one comes before another whose price may be the same.
    fn precedes(&self, a: u32, b: u32) -> Option<bool> {
        let ((x, _), (y, _)) = (self.known[a as usize], self.known[b as usize]);
        if let (Some(points_a), Some(points_b)) = (x.full, y.full) {
            let cost = |project: u32| self.election.cost(project);
            let per = |project: u32, points: u64| {
                u128::from(points) * u128::from(self.measure.of_a_point(cost(project)))
            };
            let (left, right) = (
                u128::from(cost(a)).checked_mul(per(b, points_b))?,
                u128::from(cost(b)).checked_mul(per(a, points_a))?,
            );
            return Some((left, self.election.rank(a)) < (right, self.election.rank(b)));
        }
        (x.highest < y.lowest).then_some(true).or((y.highest < x.lowest).then_some(false))
    }

    /// Finds out what a project costs now and puts it into the queue, unless its supporters certainly can't pay.
    fn look(&mut self, project: u32) -> Option<()> {
        let (supporters, cost) = (self.supporters.of(project), self.election.cost(project));
        let from = self.prices[project as usize];
        let Some(priced) = price(supporters, cost << self.bits, from, &self.money)? else { return Some(()) };
        self.prices[project as usize] = (priced.low, priced.high);
        let uses = u128::from(self.measure.of_a_point(cost));
        let known = Known {
            lowest: (u128::from(priced.low) << BITS) / uses,
            highest: (u128::from(priced.high) << BITS).div_ceil(uses),
            full: priced.full,
        };
        self.known[project as usize] = (known, self.stage);
        self.queue.push(Reverse((known.lowest, project)));
        Some(())
    }

    fn buy(&mut self, project: u32) {
        let (low, high) = self.prices[project as usize];
        for one in self.supporters.of(project) {
            let (least, most) = &mut self.money[one.group as usize];
            let points = u64::from(one.points);
            *least = least.saturating_sub(high.saturating_mul(points));
            *most = most.saturating_sub(low.saturating_mul(points));
        }
        self.gone[project as usize] = true;
        for rival in self.election.rivals(project) {
            self.gone[*rival as usize] = true;
        }
        self.stage += 1;
    }
}

/// Prices per point, in whole numbers.
struct Priced {
    /// No higher than the price of any share in the range.
    low: u64,
    /// No lower.
    high: u64,
    /// Points of all supporters, if each certainly pays the full part.
    full: Option<u64>,
}

/// What supporters pay at a price, and what they could.
#[derive(Default)]
struct Paid {
    /// Together they have so much.
    has: u64,
    paid: u64,
    /// Of those who have their full part.
    points: u64,
    poor: bool,
}

impl Paid {
    /// Nobody pays more than they have, and all together have less than fits.
    fn add(&mut self, has: u64, price: u64, one: &Supporter) {
        let part = price.saturating_mul(u64::from(one.points));
        let rich = has >= part;
        self.has += has * one.voters;
        self.paid += has.min(part) * one.voters;
        self.points += if rich { one.all_points } else { 0 };
        self.poor |= !rich;
    }
}

/// What a cost is per point with the highest and with the lowest share; the inner nothing if supporters can't pay it with any,
/// the outer one if that isn't certain. The search goes up from prices that are no higher.
#[allow(clippy::option_option, reason = "not to be had is one thing, and not certain another")]
fn price(
    supporters: &[Supporter],
    cost: u64,
    from: (u64, u64),
    money: &[(u64, u64)],
) -> Option<Option<Priced>> {
    let (mut low, mut high) = from;
    loop {
        let (mut least, mut most) = (Paid::default(), Paid::default());
        for one in supporters {
            let has = money[one.group as usize];
            least.add(has.0, high, one);
            most.add(has.1, low, one);
        }
        if most.has < cost {
            return Some(None);
        }
        if least.has < cost {
            return None;
        }
        if least.paid >= cost && most.paid >= cost {
            // The lowest whole price that is enough may be just above the exact one: what comes to more than the cost is, and so
            // is one that nobody pays in full, since a lower one then comes to as much.
            let low = low - u64::from(most.paid > cost || most.points == 0);
            return Some(Some(Priced { low, high, full: (!least.poor).then_some(least.points) }));
        }
        // From here the sums grow by at most so many points a step, so this doesn't go beyond the lowest prices.
        if least.paid < cost {
            high += (cost - least.paid).div_ceil(least.points);
        }
        if most.paid < cost {
            low += (cost - most.paid).div_ceil(most.points);
        }
    }
}
