//! Why a lottery is LEXIMIN, so that whole numbers alone show it: no solver, no rounding.
//!
//! **Multipliers.** Give each row of the rules a whole number: the seats any, a feature any (above 0 it speaks of the quota's
//! maximum, below of its minimum), a kind of households and an inequality none below 0. An orbit's *weight* is the sum over
//! the rows it stands in; the *bound* is the sum over all rows of multiplier times seats, quota, number of households, or the
//! inequality's bound. For every panel the weights of its people sum up to no more than the bound: that is one line of
//! arithmetic, row by row.
//!
//! **A level** has multipliers that leave no weight below 0, and fixes some orbits of positive weight. The mean over the
//! panels of any lottery keeps the sum of weight times share within the bound. So if all who were fixed at earlier levels have
//! at least their share and all others at least the level's, nobody who is fixed here can have more than the level and what the
//! bound leaves over, divided by the orbit's weight and number. The largest such excess over all levels is the **gap**: at 0 the
//! shares are the LEXIMIN shares (that people of an orbit have the same share loses nothing: the mean of a lottery over all
//! exchanges of interchangeable people is at least as good).
//!
//! **The shares** are those of a lottery that stands here, the *mix*: panels by orbit with whole weights that sum up to `UNIT`.
//! So they can be reached, since they are.
//!
//! **Inequalities** are needed where fractions of people would do better than people. Each has whole coefficients and a bound, and a
//! proof by cases (`proof`) from the rows and the inequalities before it.
//!
//! What the certificate claims is no more than what is counted here. Where the solver stopped before the optimum, or
//! couldn't prove an inequality, the gap says so.

pub(crate) mod check;
pub mod proof;

pub use check::{Flaw, Proven, check};

/// What the weights of a mix sum up to, and what shares, gaps and deviations are counted in.
pub const UNIT: u64 = 1_000_000_000_000;
/// A gap up to this is rounding of the solver: the lottery is called LEXIMIN. One in a hundred thousand.
pub const ROUNDING: u64 = UNIT / 100_000;

/// A whole number for each row.
#[derive(Clone, Debug, Default, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Multipliers {
    /// Of the seats.
    pub seats: i64,
    /// Of each feature, in order over all categories.
    pub features: Vec<i64>,
    /// Of kinds of households, those that aren't 0.
    pub kinds: Vec<(u32, i64)>,
    /// Of inequalities, those that aren't 0.
    pub cuts: Vec<(u32, i64)>,
}

/// An inequality: for every panel the coefficients of its people sum up to no more than `most`.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Cut {
    /// Of orbits, those that aren't 0.
    pub coefficients: Vec<(u32, i64)>,
    /// The bound.
    pub most: i64,
    /// Why.
    pub proof: proof::Proof,
}

/// A panel by orbit.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Weighted {
    /// Of `UNIT`.
    pub weight: u64,
    /// Orbits, and how many people of each.
    pub counts: Vec<(u32, u32)>,
}

/// See above.
#[derive(Clone, Debug, Default, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Certificate {
    /// Lowest first.
    pub levels: Vec<Multipliers>,
    /// The level that fixes each orbit.
    pub level_of: Vec<u32>,
    /// Each proven from those before.
    pub cuts: Vec<Cut>,
    /// The lottery whose shares are the claim.
    pub mix: Vec<Weighted>,
}
