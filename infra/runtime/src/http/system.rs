//! `/livez`, `/readyz` and `/metrics`.

use axum::extract::State;
use axum::http::header::{CACHE_CONTROL, CONTENT_TYPE};
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use axum::{Json, Router};
use serde_json::json;

use super::metrics::OPEN_METRICS;
use super::{Kit, Problem};

const NEVER_KEPT: (axum::http::HeaderName, &str) = (CACHE_CONTROL, "no-store");

pub(super) fn routes() -> Router<Kit> {
    Router::new()
        .route("/livez", get(async || ([NEVER_KEPT], Json(json!({ "live": true })))))
        .route("/readyz", get(ready))
        .route("/metrics", get(metrics))
}

async fn ready(State(kit): State<Kit>) -> Result<Response, Problem> {
    kit.health().ready()?;
    Ok(([NEVER_KEPT], Json(json!({ "ready": true }))).into_response())
}

async fn metrics(State(kit): State<Kit>) -> Result<Response, Problem> {
    let text = kit.metrics().text().map_err(|_| Problem::internal())?;
    Ok(([NEVER_KEPT, (CONTENT_TYPE, OPEN_METRICS)], text).into_response())
}
