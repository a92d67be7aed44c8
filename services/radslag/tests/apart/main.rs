//! Petitions and notifications apart: each a process with a folder of its own, NATS between them, a real mail server behind.
#![allow(clippy::unwrap_used, clippy::panic, reason = "a test fails by panicking")]

mod home;
mod killed;
mod letters;
mod waiting;
