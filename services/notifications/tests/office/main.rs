//! The service as a whole: real log, real tables, a real mail server, and a process that dies.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, missing_docs, reason = "tests")]
#![allow(unreachable_pub, reason = "one binary")]

mod http;
mod killed;
mod letters;
mod owning;
mod process;
mod smtp;
mod subscriptions;
mod world;
