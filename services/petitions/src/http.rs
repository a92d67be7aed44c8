//! What the service answers over HTTP, for each tenant: JSON under `/api/v1/{tenant}`, pages without JavaScript under
//! `/{tenant}`, and the description at `/openapi.json`.

mod answer;
mod api;
mod asking;
mod comments;
#[cfg(test)]
mod contract;
mod dto;
mod inquiries;
mod links;
mod lists;
mod officials;
mod pages;
mod petitions;
mod politicians;
mod signatures;

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
    "petitions.comment",
    "petitions.withdraw-comment",
    "petitions.report-comment",
    "petitions.moderate-comment",
    "petitions.restore-comment",
    "petitions.ask",
    "petitions.withdraw-inquiry",
    "petitions.moderate-inquiry",
    "petitions.assign-inquiry",
    "petitions.answer-inquiry",
    "petitions.close-inquiry",
];
