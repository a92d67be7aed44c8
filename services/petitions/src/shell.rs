//! Around the pure core: loads, stamps time, keys, tags and ids, appends, and drives projections, timers and letters.
//! What it serves over HTTP stands in `http`.

pub mod answer;
pub mod attached;
pub mod bulk;
pub mod coinitiator;
pub mod comment;
pub mod counts;
pub mod disclosed;
pub mod figures;
pub mod inquiry;
pub mod letters;
pub mod links;
pub mod lists;
pub mod mine;
pub mod moderation;
pub mod objection;
pub mod office;
pub mod outcome;
pub mod paper;
pub mod past;
pub mod petition;
pub mod process;
pub mod rates;
pub mod react;
pub mod run;
pub mod service;
pub mod session;
pub mod signature;
pub mod signing;
pub mod supporters;
pub mod tagging;
mod telling;
pub mod texts;
pub mod trend;
pub mod watching;

pub use office::Office;
pub use outcome::Wrong;
pub use radslag_runtime::{
    acting::{settle, settled},
    asked::{Asked, Done},
};
pub use service::Petitions;
