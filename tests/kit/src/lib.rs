//! Real servers for tests: NATS with JetStream, PostgreSQL and a mail server, each in a temporary folder, gone with the test;
//! and a peer that speaks for a virus scanner. And what pages are looked at with.
//!
//! Nothing here knows Rådslag. A missing binary is an error that says `cargo xtask setup`.

mod built;
pub mod clamd;
pub mod guardian;
pub mod html;
mod nats;
mod postgres;
mod smtp;
mod tools;
mod wait;

pub use built::binary;
pub use nats::Nats;
pub use postgres::{Fsync, Postgres};
pub use smtp::{Certified, Smtp, dkim_verifies};
pub use tools::{
    asyncapi_parser, axe, buf, chromium, nats_server, node, postgres_bin, python_packages, workspace,
};
pub use wait::{eventually, lasts, until, until_within};
