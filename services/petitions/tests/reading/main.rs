//! What everybody reads, over HTTP: lists, search, history, feeds and what other sites embed.

#![allow(clippy::unwrap_used, clippy::panic, reason = "a test that can't go on fails")]

mod accessibility;
mod attaching;
mod checking;
mod embedding;
mod figures;
mod forms;
mod history;
mod house;
mod lists;
mod own;
mod pages;
mod texts;

/// Where the tables stand; `tests/reading_on_postgres` runs the same tests.
pub(crate) const ON_POSTGRES: bool = false;
