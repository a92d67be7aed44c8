//! The shell every service runs in: configuration, tokens and roles, the HTTP kit, serving, telemetry and limits.
//!
//! Nothing here knows a service. What executes commands and drives projections stands beside these modules.

pub mod acting;
pub mod asked;
pub mod auth;
pub mod blobs;
pub mod bus;
pub mod clock;
pub mod command;
pub mod config;
pub mod disclosed;
pub mod execute;
pub mod forms;
pub mod ground;
pub mod house;
pub mod http;
pub mod internal;
pub mod keep;
pub mod letters;
pub mod limits;
mod lineage;
pub mod office;
pub mod offices;
pub mod pages;
pub mod process;
pub mod project;
pub mod reaction;
pub mod roles;
mod said;
pub mod scan;
pub mod secret;
pub mod serve;
pub mod service;
pub mod signed;
pub mod telemetry;
pub mod timer;

pub use auth::{Principal, Verifier};
pub use config::Config;
pub use http::{Kit, Problem};
pub use roles::Roles;
