//! Real servers for tests: NATS with JetStream and PostgreSQL, each in a temporary folder, gone with the test; and a peer that
//! speaks for a virus scanner.
//!
//! Nothing here knows Rådslag. A missing binary is an error that says `cargo xtask setup`.

pub mod clamd;
mod guardian;
mod nats;
mod postgres;
mod tools;
mod wait;

pub use nats::Nats;
pub use postgres::{Fsync, Postgres};
pub use tools::{axe, chromium, nats_server, postgres_bin, workspace};
pub use wait::{eventually, until};
