//! Participatory budgets: which projects are funded, and why each one is or isn't.
//!
//! All amounts are exact: whole numbers of the smallest unit of money, or fractions of them.

pub mod election;
pub mod form;
pub mod greedy;
pub mod rule;
pub mod shares;

pub use election::{Election, Project};
pub use rule::{Outcome, Rule, count};
pub use shares::{Measure, Shares};

/// An exact sum of money, in the unit of the election's costs.
pub type Amount = num_rational::BigRational;
