//! What is shipped to run Rådslag with: the page's blocks are run as they stand, units, configurations and the compose file
//! are read by the programs they are for.
#![allow(clippy::unwrap_used, clippy::panic, clippy::print_stderr, reason = "a test fails by panicking")]

mod apart;
mod containers;
mod files;
mod machine;
mod one;
mod page;
mod units;
