//! The rules of the read tables, over real SQLite files and a real Postgres.

#![allow(clippy::unwrap_used, clippy::panic, reason = "a test that can't go on fails")]

mod counts;
mod erasure;
mod generations;
mod histories;
mod kit;
mod rules;
mod searches;
mod views;
