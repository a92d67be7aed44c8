//! The same tests as `tests/reading`, with the tables in PostgreSQL: one server, a database for each test.

#![allow(clippy::unwrap_used, clippy::panic, reason = "a test that can't go on fails")]

#[path = "../reading/embedding.rs"]
mod embedding;
#[path = "../reading/forms.rs"]
mod forms;
#[path = "../reading/history.rs"]
mod history;
#[path = "../reading/house.rs"]
mod house;
#[path = "../reading/lists.rs"]
mod lists;
#[path = "../reading/own.rs"]
mod own;
#[path = "../reading/pages.rs"]
mod pages;
#[path = "../reading/texts.rs"]
mod texts;

/// Where the tables stand.
pub(crate) const ON_POSTGRES: bool = true;
