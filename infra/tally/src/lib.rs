//! What answers and ballots come to, as pure functions: no I/O, no clock, no randomness, and no other crate of ours.
//!
//! ```text
//! question   what can be asked, what an answer may be, and by which rule one is refused
//! results    counts and shares, weights (margins, raking), how sure figures are (precision), and tables by background or by
//!            another question (table) of which only is shown what tells nothing of anybody (publish):
//!              secondary hides cells, bounds says what can be found out of one, columns rounds weighted shares, linked finds
//!              tables that tell of each other, percent rounds
//! ranked     rankings counted by plurality, approval, instant run-off and Schulze; PrefLib files
//! budget     participatory budgets: an election, how ballots are filled in (form), greedy, Equal Shares (shares), the rules by
//!            name with each project's account (rule)
//! pabulib    `.pb` files, in and out
//! code       personal codes with a check symbol
//! ```
//!
//! Counts and money are exact: whole numbers and fractions. Weights are floating-point numbers that are added up in a stated
//! order, so that a recount gives the same bits. Every rule states how it breaks ties. What comes out of a count is data from
//! which a reader can be told why: turns and payments, rounds, pairs. Bad input is refused by name; nothing here panics.

pub mod budget;
pub mod code;
pub mod pabulib;
pub mod question;
pub mod ranked;
pub mod results;
