//! What the service answers over HTTP, for each tenant: JSON under `/api/v1/{tenant}/panels`, and pages for people under
//! `/{tenant}/panels`.

mod answer;
mod api;
mod draws;
mod dto;
mod imports;
mod leading;
mod meetings;
mod member_office;
mod members;
mod officials;
mod pages;
mod panels;
mod representing;

pub use api::{Api, Offices, Own, document, routes, state};

/// The words of this service's problems.
pub const PROBLEMS: &str = include_str!("http/problems.toml");

/// The commands that the table of roles must know.
pub const COMMANDS: &[&str] = &[
    "panels.plan",
    "panels.decide",
    "panels.lead",
    "panels.read",
    "panels.import",
    "panels.draw",
    "panels.members",
    "panels.meet",
    "panels.erase",
];
