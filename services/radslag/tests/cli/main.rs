//! The binary from outside: what its commands print, how they end, and what they never print.
#![allow(clippy::unwrap_used, clippy::panic, reason = "a test fails by panicking")]

mod asyncapi;
mod bus;
mod consumers;
mod damage;
mod demo;
mod draw;
mod evidence;
mod home;
mod hostile;
mod integrating;
mod keys;
mod lives;
mod log;
mod losing;
mod settings;
mod silence;
mod tally;
mod token;
