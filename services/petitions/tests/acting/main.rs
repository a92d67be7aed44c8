//! What initiators, supporters, signers and officials do around a petition, through the whole of the service in this
//! process: what is answered, what is mailed and what is kept.
#![allow(clippy::unwrap_used, clippy::panic, reason = "a test fails by panicking, in its helpers too")]

mod attachments;
mod coinitiators;
mod course;
#[allow(dead_code, reason = "some of it is for the tests of abuse")]
#[path = "../abuse/house.rs"]
mod house;
mod labels;
mod objections;
mod owning;
mod process;
mod rules;
mod supporters;
mod tenants;
mod votes;
mod withdrawals;

/// Where the tables stand.
pub(crate) const ON_POSTGRES: bool = false;
