//! What the service answers over HTTP, for each tenant: JSON under `/api/v1/{tenant}`, pages without JavaScript under
//! `/{tenant}`, and the description at `/openapi.json`.

mod answer;
mod api;
mod asking;
#[cfg(test)]
mod contract;
mod dto;
mod embed;
mod events;
mod feeds;
mod history;
mod links;
mod listing;
mod lists;
mod officials;
mod pages;
mod petitions;
mod signatures;
mod similar;

pub use api::{Api, Offices, document, routes};

/// The words of this service's problems.
pub const PROBLEMS: &str = include_str!("http/problems.toml");

/// The commands that the table of roles must know.
pub const COMMANDS: &[&str] = &[
    "petitions.draft",
    "petitions.edit",
    "petitions.submit",
    "petitions.withdraw",
    "petitions.return",
    "petitions.reject",
    "petitions.hide",
    "petitions.approve",
    "petitions.sign",
    "petitions.withdraw-signature",
    "petitions.change-public-name",
    "petitions.invalidate",
    "petitions.restore-signature",
    "petitions.erase",
    "petitions.read-queue",
];
