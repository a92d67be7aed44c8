//! Abuse through the whole of the service, in this process: what is answered, what is written and what staff see.
#![allow(clippy::unwrap_used, clippy::panic, reason = "a test fails by panicking, in its helpers too")]

mod assisted;
mod bulk;
#[allow(dead_code, reason = "some of it is for the tests of who acts")]
mod house;
mod inquiries;
mod links;
mod losing;
mod outside;
mod paper;
mod paper_files;
mod paper_persons;
mod receipts;
mod staff;

/// Where the tables stand; `tests/abuse_on_postgres` runs the same tests.
pub(crate) const ON_POSTGRES: bool = false;
