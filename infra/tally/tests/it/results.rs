//! Counts, weights and tables.

mod attack;
mod counting;
mod weights;
