//! The log from outside: appending, reading, opening again after whatever happened.
#![allow(clippy::unwrap_used, clippy::panic, reason = "a test fails by panicking")]

mod appending;
mod copying;
mod crashes;
mod damage;
mod disks;
mod erasing;
mod home;
mod losing;
mod model;
mod proving;
mod reading;
