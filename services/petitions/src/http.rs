//! What the service answers over HTTP, for each tenant: JSON under `/api/v1/{tenant}`, pages without JavaScript under
//! `/{tenant}`, and the description at `/openapi.json`.

mod abuse;
mod answer;
mod answers;
mod api;
mod asking;
mod assisted;
mod assists;
mod attachments;
mod bulk;
mod coinitiators;
mod comment_office;
mod comments;
mod committees;
#[cfg(test)]
mod contract;
mod counts;
mod dto;
mod embed;
mod events;
mod feeds;
mod figures;
mod history;
mod inquiries;
mod inquiring;
mod inquiry_office;
mod lifecycle;
mod links;
mod listing;
mod lists;
mod mine;
mod moderation;
mod objections;
mod officials;
mod pages;
mod paper;
mod paper_files;
mod papers;
mod petitions;
mod politicians;
mod sessions;
mod signatures;
mod similar;
mod supporters;

pub use api::{Api, Offices, routes, state};

/// The description of everything it answers.
#[must_use]
pub fn document() -> utoipa::openapi::OpenApi {
    api::document().merge_from(figures::document())
}

use radslag_runtime::{
    http::bi::{self, Shown},
    service::Service as _,
};

use crate::{
    projections::{BULKS, COMMENTS, INQUIRIES, OBJECTIONS, PETITIONS},
    shell::Petitions,
};

/// The views that dashboards read.
#[must_use]
pub fn views() -> Vec<Shown> {
    let all = [&PETITIONS, &BULKS, &COMMENTS, &INQUIRIES, &OBJECTIONS];
    all.into_iter().flat_map(|projection| bi::of(Petitions::NAME, projection)).collect()
}

/// The words of this service's problems.
pub const PROBLEMS: &str = include_str!("http/problems.toml");

/// The commands that the table of roles must know.
pub const COMMANDS: &[&str] = &[
    "petitions.draft",
    "petitions.edit",
    "petitions.attach",
    "petitions.submit",
    "petitions.withdraw",
    "petitions.return",
    "petitions.reject",
    "petitions.hide",
    "petitions.approve",
    "petitions.sign",
    "petitions.withdraw-signature",
    "petitions.change-public-name",
    "petitions.suspect",
    "petitions.read-suspected",
    "petitions.read-origins",
    "petitions.keep-lists",
    "petitions.bulk-invalidate",
    "petitions.invalidate",
    "petitions.restore-signature",
    "petitions.erase",
    "petitions.read-queue",
    "petitions.moderate",
    "petitions.hand-over",
    "petitions.receive",
    "petitions.ask-initiator",
    "petitions.answer",
    "petitions.reopen-answer",
    "petitions.follow-up",
    "petitions.decide-withdrawal",
    "petitions.hearing",
    "petitions.read-package",
    "petitions.support",
    "petitions.redirect",
    "petitions.fix-electorate",
    "petitions.classify",
    "petitions.take-down",
    "petitions.remove",
    "petitions.restore",
    "petitions.pause",
    "petitions.close-early",
    "petitions.object",
    "petitions.decide-objection",
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
    "petitions.reopen-inquiry",
    "petitions.close-inquiry",
    "petitions.paper",
    "petitions.check-paper",
    "petitions.assist",
    "petitions.read-assisted",
];
