//! What answers come to: counts and shares, weighted and not, how sure they are, and tables from which nobody can be found out.
//!
//! Sums of weights are added up in the order of the answers, and raking goes through margins and categories in theirs. Only
//! additions, multiplications, divisions and square roots are used, which IEEE 754 rounds in one way: the same answers in the
//! same order give the same bits on every machine.

mod bounds;
mod columns;
pub mod counts;
mod linked;
pub mod margins;
pub mod percent;
pub mod precision;
pub mod publish;
pub mod raking;
mod secondary;
pub mod table;

pub use counts::{Counts, Sums, counts};
pub use margins::{Category, Margin, Sample};
pub use precision::{MarginOfError, RandomSample};
pub use publish::{Cell, Published, publish};
pub use raking::{Weights, rake};
pub use secondary::{PROTECTION, SMALL};
pub use table::Table;
