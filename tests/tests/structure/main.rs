//! The rules of ARCHITECTURE.md about the code itself, held by reading it. Each check is shown to be able to fail.

#![allow(clippy::unwrap_used, clippy::panic, reason = "a test")]

mod arrows;
mod bans;
mod finding;
mod headers;
mod lexer;
mod lock;
mod matches;
mod purity;
mod sizes;
mod source;
