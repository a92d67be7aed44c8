//! What stands beside the log for whoever checks it: the published figures, and what was sealed and is public now.

use axum::{
    Json,
    response::{IntoResponse, Response},
};
use radslag_kernel::AggregateId;
use radslag_runtime::{
    Problem,
    http::{Position, QueryOf},
};
use serde::Deserialize;
use utoipa::OpenApi as _;

use crate::{
    http::{asking::Reading, embed::ANY_SITE},
    shell::{
        disclosed::Disclosed,
        figures::{self, Figures},
    },
};

/// The description of what stands beside the log.
pub(super) fn document() -> utoipa::openapi::OpenApi {
    #[derive(utoipa::OpenApi)]
    #[openapi(paths(figures, disclosed))]
    struct Described;
    Described::openapi()
}

/// Which page.
#[derive(Clone, Debug, Default, Deserialize)]
pub(super) struct Page {
    after: Option<String>,
}

/// Every petition's state and count after so many events of the log: what a recount of its public part is compared with.
#[utoipa::path(get, path = "/{tenant}/log/petitions/figures", tag = "log", operation_id = "log_figures",
    params(("tenant" = String, Path), ("after" = Option<String>, Query)),
    responses((status = 200, body = Figures)))]
pub(super) async fn figures(
    Reading { office, .. }: Reading,
    QueryOf(Page { after }): QueryOf<Page>,
) -> Result<Response, Problem> {
    let after = after.map(|after| after.parse::<AggregateId>()).transpose();
    let after = after.map_err(|_| Problem::not_found())?;
    let page = figures::page(&office.petitions.store, after, figures::PAGE).await;
    let page = page.map_err(radslag_runtime::service::Failure::from)?;
    Ok(([ANY_SITE], Json(page)).into_response())
}

/// From which position on, or of which event alone.
#[derive(Clone, Debug, Default, Deserialize)]
pub(super) struct From {
    from: Option<u64>,
    at: Option<String>,
}

/// Texts that were sealed when they were written and are public now, with the salts of their commitments: from a position
/// on, or of the one event at `<origin>.<position>`, which is what an event's `dataref` asks for.
#[utoipa::path(get, path = "/{tenant}/log/petitions/disclosed", tag = "log", operation_id = "log_disclosed",
    params(("tenant" = String, Path), ("from" = Option<u64>, Query),
        ("at" = Option<String>, Query)),
    responses((status = 200, body = Disclosed)))]
pub(super) async fn disclosed(
    Reading { office, .. }: Reading,
    QueryOf(From { from, at }): QueryOf<From>,
) -> Result<Response, Problem> {
    let at = at.map(|at| at.parse::<Position>()).transpose().map_err(|_| Problem::not_found())?;
    if let Some(Position { origin, position }) = at {
        let log = &office.log;
        // What was lost, and what isn't there yet, was never said.
        if log.holds(origin.unwrap_or(log.origin()), position.saturating_add(1)) != position.saturating_add(1)
        {
            return Err(Problem::not_found());
        }
    }
    let read = tokio::task::spawn_blocking(move || match at {
        Some(at) => office.disclosed_at(at.position),
        None => office.disclosed(from.unwrap_or(0)),
    });
    let read = read.await;
    let told = read.map_err(|_| Problem::internal())??;
    Ok(([ANY_SITE], Json(told)).into_response())
}
