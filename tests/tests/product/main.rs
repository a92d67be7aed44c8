//! The product as its users meet it: the real binary, real HTTP, real mails, real files.

#![allow(clippy::unwrap_used, clippy::panic, reason = "a test fails by panicking")]

mod asking;
mod server;
mod surviving;
mod talking;
