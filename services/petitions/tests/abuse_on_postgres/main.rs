//! The same tests as `tests/abuse`, with the tables in PostgreSQL: one server, a database for each test.

#![allow(clippy::unwrap_used, clippy::panic, reason = "a test that can't go on fails")]

#[path = "../abuse/bulk.rs"]
mod bulk;
#[path = "../abuse/house.rs"]
mod house;
#[path = "../abuse/inquiries.rs"]
mod inquiries;
#[path = "../abuse/outside.rs"]
mod outside;
#[path = "../abuse/paper.rs"]
mod paper;
#[path = "../abuse/staff.rs"]
mod staff;

/// Where the tables stand.
pub(crate) const ON_POSTGRES: bool = true;
