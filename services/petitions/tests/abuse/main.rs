//! Abuse through the whole of the service, in this process: what is answered, what is written and what staff see.
#![allow(clippy::unwrap_used, clippy::panic, reason = "a test fails by panicking, in its helpers too")]

mod bulk;
mod house;
mod outside;
mod paper;
mod paper_files;
mod paper_persons;
mod staff;
