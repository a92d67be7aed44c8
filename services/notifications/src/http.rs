//! What the service answers over HTTP, for each tenant: JSON under `/api/v1/{tenant}/notifications`, the pages behind the
//! links of letters under `/{tenant}/notifications`.

mod answer;
mod api;
mod asking;
mod bounces;
#[cfg(test)]
mod contract;
mod deliveries;
mod mailings;
mod pages;
mod subscriptions;
mod wordings;

pub use api::{Api, Offices, document, routes};

/// The words of this service's problems.
pub const PROBLEMS: &str = include_str!("http/problems.toml");

/// The commands that the table of roles must know.
pub const COMMANDS: &[&str] = &[
    "notifications.read-deliveries",
    "notifications.edit-templates",
    "notifications.write-mailing",
    "notifications.start-mailing",
    "notifications.take-bounces",
];
