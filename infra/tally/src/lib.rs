//! What answers and ballots come to.

pub mod budget;
pub mod code;
pub mod pabulib;
pub mod question;
pub mod ranked;
pub mod results;
