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

use radslag_runtime::{
    http::bi::{self, Shown},
    service::Service as _,
};

use crate::{
    projections::{DELIVERIES, MAILINGS, SUBSCRIPTIONS},
    shell::Notifications,
};

/// The views that dashboards read.
#[must_use]
pub fn views() -> Vec<Shown> {
    let all = [&DELIVERIES, &SUBSCRIPTIONS, &MAILINGS];
    all.into_iter().flat_map(|projection| bi::of(Notifications::NAME, projection)).collect()
}

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
