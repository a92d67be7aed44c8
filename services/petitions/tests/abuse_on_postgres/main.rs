//! The same tests as `tests/abuse`, with the tables in PostgreSQL: one server, a database for each test.

#![allow(clippy::unwrap_used, clippy::panic, reason = "a test that can't go on fails")]

#[path = "../abuse/assisted.rs"]
mod assisted;
#[path = "../abuse/bulk.rs"]
mod bulk;
#[allow(dead_code, reason = "some of it is for the tests of who acts")]
#[path = "../abuse/house.rs"]
mod house;
#[path = "../abuse/inquiries.rs"]
mod inquiries;
#[path = "../abuse/links.rs"]
mod links;
#[path = "../abuse/losing.rs"]
mod losing;
#[path = "../abuse/outside.rs"]
mod outside;
#[path = "../abuse/paper.rs"]
mod paper;
#[path = "../abuse/paper_files.rs"]
mod paper_files;
#[path = "../abuse/paper_persons.rs"]
mod paper_persons;
#[path = "../abuse/receipts.rs"]
mod receipts;
#[path = "../abuse/staff.rs"]
mod staff;

/// Where the tables stand.
pub(crate) const ON_POSTGRES: bool = true;
