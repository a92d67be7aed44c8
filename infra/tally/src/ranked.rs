//! Rankings, and the rules that count them: the same ballots by each, with what explains the result.
//!
//! A ballot places alternatives from 1 on, several in one place if they are even; those it doesn't name come below all that
//! it does, even among themselves.

pub mod ballot;
pub mod preflib;
pub mod profile;
pub mod recount;
pub mod runoff;
pub mod schulze;
pub mod scores;

pub use ballot::{Place, Refusal};
pub use profile::Profile;
pub use recount::{Count, Method, count};
