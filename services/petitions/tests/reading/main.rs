//! What everybody reads, over HTTP: lists, search, history, feeds and what other sites embed.

#![allow(clippy::unwrap_used, clippy::panic, reason = "a test that can't go on fails")]

mod accessibility;
mod checking;
mod embedding;
mod history;
mod house;
mod lists;
mod pages;
