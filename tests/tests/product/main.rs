//! The product as its users meet it: the real binary, real HTTP, real mails, real files.

#![allow(clippy::unwrap_used, clippy::panic, reason = "a test fails by panicking")]

mod answering;
mod asking;
mod checking;
mod edges;
mod lifecycle;
mod moderating;
mod papering;
mod server;
mod surviving;
mod talking;
