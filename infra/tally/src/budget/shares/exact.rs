//! Equal Shares with one share for all, in exact fractions, and how far the share can grow before anything may change.
//!
//! Each amount is a value at the share and a slope: how much it grows per unit that the share grows. Whatever decides, which
//! project comes next and who pays all they have left, is a comparison of two such amounts; where they would cross, the
//! outcome may change, so all shares below the first crossing have the same outcome. (After the idea of "Streamlining Equal
//! Shares", arXiv 2502.11797, for the rule as cities use it.) Amounts have one denominator, which grows as projects are paid.

use std::{cmp::Ordering, collections::VecDeque};

use num_bigint::BigInt;
use num_integer::Integer as _;
use num_rational::BigRational;
use num_traits::{One as _, Signed as _, Zero as _};

use super::{Measure, Payment, Supporters};
use crate::budget::election::Election;

/// What came of it.
pub(super) struct Run {
    /// In order.
    pub(super) payments: Vec<Payment>,
    /// What a voter of each group has left, times the denominator.
    pub(super) left: Vec<BigInt>,
    pub(super) denominator: BigInt,
    /// With so much more, but no less, the outcome may be another; none if it never is.
    pub(super) change: Option<BigInt>,
}

/// A value and its slope, times the common denominator.
#[derive(Clone)]
struct Line {
    at: BigInt,
    slope: BigInt,
}

/// What a candidate costs its supporters.
struct Price {
    project: u32,
    /// Paid together by those who can pay their part.
    paid: Line,
    /// Of those.
    points: BigInt,
    /// What `paid` is divided by to be the price of what is compared: denominator, points, and use per point.
    per: BigInt,
    /// After how many purchases this was found out.
    stage: usize,
}

struct State<'a> {
    election: &'a Election,
    supporters: &'a Supporters,
    measure: Measure,
    denominator: BigInt,
    money: Vec<Line>,
    /// In the order of what they cost when that was last found out.
    candidates: VecDeque<Price>,
    stage: usize,
    follow: bool,
    change: Option<BigInt>,
}

/// Runs the rule with a share. How far it may grow is found out only where `follow` says so.
pub(super) fn run(
    election: &Election,
    supporters: &Supporters,
    measure: Measure,
    share: &BigRational,
    follow: bool,
) -> Run {
    let denominator = share.denom().clone();
    let each = Line { at: share.numer().clone(), slope: denominator.clone() };
    let mut state = State {
        election,
        supporters,
        measure,
        denominator,
        money: vec![each; election.groups().len()],
        candidates: VecDeque::new(),
        stage: 0,
        follow,
        change: None,
    };
    let all = (0..election.projects().len() as u32).filter(|project| !supporters.of(*project).is_empty());
    all.for_each(|project| state.look(project));
    let mut payments = Vec::new();
    while let Some(price) = state.next() {
        payments.push(state.buy(price));
    }
    let left = state.money.into_iter().map(|money| money.at).collect();
    Run { payments, left, denominator: state.denominator, change: state.change }
}

impl State<'_> {
    /// The cheapest candidate; of equal ones that of the lowest id. Prices only rise while money is spent, so one that was
    /// dearer before needs no look.
    fn next(&mut self) -> Option<Price> {
        loop {
            let first = self.candidates.pop_front()?;
            if first.stage == self.stage {
                self.cheapest_until(&first);
                return Some(first);
            }
            self.look(first.project);
        }
    }

    /// Finds out what a project costs its supporters, and puts it among the candidates if they can pay.
    fn look(&mut self, project: u32) {
        let Some(price) = self.price(project) else { return };
        let rank = |price: &Price| self.election.rank(price.project);
        let at = self.candidates.partition_point(|other| {
            (&other.paid.at * &price.per, rank(other)) < (&price.paid.at * &other.per, rank(&price))
        });
        self.candidates.insert(at, price);
    }

    fn cheapest_until(&mut self, chosen: &Price) {
        if self.follow {
            for at in 0..self.candidates.len() {
                let other = &self.candidates[at];
                let (a, b) = (chosen.paid.times(&other.per), other.paid.times(&chosen.per));
                self.holds_until(&(a.at - b.at), &(a.slope - b.slope));
            }
        }
    }

    /// What decides by a difference not being above 0 holds up to where it is.
    fn holds_until(&mut self, difference: &BigInt, slope: &BigInt) {
        if self.follow && slope.is_positive() {
            let steps = (-difference).div_ceil(slope).max(BigInt::one());
            if self.change.as_ref().is_none_or(|change| steps < *change) {
                self.change = Some(steps);
            }
        }
    }

    /// If its supporters can pay: those who have less than their part pay all they have.
    fn price(&mut self, project: u32) -> Option<Price> {
        let (supporters, cost) = (self.supporters.of(project), self.election.cost(project));
        let mut paid = Line { at: &self.denominator * cost, slope: BigInt::zero() };
        let mut behind = Line { at: BigInt::zero(), slope: BigInt::zero() };
        let mut points = BigInt::zero();
        for one in supporters {
            let money = &self.money[one.group as usize];
            behind.at += &money.at * one.voters;
            behind.slope += &money.slope * one.voters;
            points += one.all_points;
        }
        if behind.at < paid.at {
            self.holds_until(&(behind.at - paid.at), &behind.slope);
            return None;
        }
        let mut poor = vec![false; supporters.len()];
        loop {
            let before = points.clone();
            for (poor, one) in poor.iter_mut().zip(supporters).filter(|(poor, _)| !**poor) {
                let money = &self.money[one.group as usize];
                if money.times(&points).is_less(&paid.times(&one.points.into())) {
                    *poor = true;
                    paid.at -= &money.at * one.voters;
                    paid.slope -= &money.slope * one.voters;
                    points -= one.all_points;
                }
            }
            if points == before {
                break;
            }
        }
        if self.follow && self.change.as_ref().is_none_or(|change| !change.is_one()) {
            for (poor, one) in poor.iter().zip(supporters) {
                let has = self.money[one.group as usize].times(&points);
                let part = paid.times(&one.points.into());
                let (less, more) = if *poor { (has, part) } else { (part, has) };
                self.holds_until(&(less.at - more.at), &(less.slope - more.slope));
            }
        }
        let per = &self.denominator * &points * self.measure.of_a_point(cost);
        Some(Price { project, paid, points, per, stage: self.stage })
    }

    fn buy(&mut self, Price { project, paid, points, .. }: Price) -> Payment {
        let price = BigRational::new(paid.at, &self.denominator * &points);
        let slope = BigRational::new(paid.slope, &self.denominator * &points);
        let denominator = self.denominator.lcm(&price.denom().lcm(slope.denom()));
        let factor = &denominator / &self.denominator;
        if !factor.is_one() {
            self.money.iter_mut().for_each(|money| *money = money.times(&factor));
        }
        let per_point = Line {
            at: price.numer() * (&denominator / price.denom()),
            slope: slope.numer() * (&denominator / slope.denom()),
        };
        let (mut full, mut rest, mut nothing) = (0, 0, 0);
        for one in self.supporters.of(project) {
            let (money, part) = (&mut self.money[one.group as usize], per_point.times(&one.points.into()));
            let kind = match money.at.cmp(&part.at) {
                _ if money.at.is_zero() => &mut nothing,
                Ordering::Less => &mut rest,
                _ => &mut full,
            };
            *kind += one.voters;
            if money.is_less(&part) {
                *money = Line { at: BigInt::zero(), slope: BigInt::zero() };
            } else {
                money.at -= part.at;
                money.slope -= part.slope;
            }
        }
        self.denominator = denominator;
        let rivals = self.election.rivals(project);
        self.candidates.retain(|price| !rivals.contains(&price.project));
        self.stage += 1;
        Payment { project, price, full, rest, nothing }
    }
}

impl Line {
    /// Right behind the share: of equal values the one that grows slower is less.
    fn is_less(&self, other: &Self) -> bool {
        (&self.at, &self.slope) < (&other.at, &other.slope)
    }

    fn times(&self, factor: &BigInt) -> Self {
        Self { at: &self.at * factor, slope: &self.slope * factor }
    }
}
