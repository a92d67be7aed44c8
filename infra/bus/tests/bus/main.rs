//! The bus on real logs and a real NATS server: one suite for both roads, and what may happen to a stream.

#![allow(clippy::unwrap_used, clippy::panic, reason = "a test")]

mod accounts;
mod conformance;
mod consuming;
mod deploy;
mod faults;
mod format;

mod road;
mod rollback;
mod world;
