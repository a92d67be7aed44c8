//! What outsiders check a log with: its newest checkpoint, tiles, proofs and receipts, as C2SP tlog-tiles serves them.
//!
//! Everything here is public, of the public part of entries alone, and the same for everybody; tiles never change. A receipt
//! that is asked for before a checkpoint covers its entry is answered 202 with `Retry-After`, and a browser asks again itself.

use std::{collections::BTreeMap, sync::Arc};

use axum::{
    Json, Router,
    body::Body,
    extract::{Path, State},
    http::{HeaderName, HeaderValue, StatusCode, header},
    response::{IntoResponse, Response},
    routing::get,
};
use base64::{Engine as _, engine::general_purpose::STANDARD as BASE64};
use futures_util::stream;
use radslag_eventlog::Log;
use radslag_evidence::{Hash, tile::Tile};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, OpenApi, ToSchema};

use super::{Language, Position, Problem, QueryOf};

/// The logs that are served, by tenant and service.
pub type Logs = BTreeMap<(String, String), Log>;

const ANY_SITE: (HeaderName, HeaderValue) =
    (header::ACCESS_CONTROL_ALLOW_ORIGIN, HeaderValue::from_static("*"));
const TEXT: (HeaderName, HeaderValue) =
    (header::CONTENT_TYPE, HeaderValue::from_static("text/plain; charset=utf-8"));
const BYTES: (HeaderName, HeaderValue) =
    (header::CONTENT_TYPE, HeaderValue::from_static("application/octet-stream"));
const FOR_A_SECOND: (HeaderName, HeaderValue) =
    (header::CACHE_CONTROL, HeaderValue::from_static("public, max-age=1"));
const FOR_EVER: (HeaderName, HeaderValue) =
    (header::CACHE_CONTROL, HeaderValue::from_static("public, max-age=31536000, immutable"));
const FOR_NOBODY: (HeaderName, HeaderValue) = (header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
/// In a second a checkpoint covers what is new.
const IN_A_SECOND: [(HeaderName, HeaderValue); 2] = [
    (header::RETRY_AFTER, HeaderValue::from_static("1")),
    (HeaderName::from_static("refresh"), HeaderValue::from_static("1")),
];

/// Bytes of a long answer read at once.
const CHUNK: usize = 1 << 16;

/// The routes.
pub fn routes<S: Clone + Send + Sync + 'static>(logs: Logs) -> Router<S> {
    Router::new()
        .route("/{tenant}/log/{service}/checkpoint", get(checkpoint))
        .route("/{tenant}/log/{service}/checkpoints", get(checkpoints))
        .route("/{tenant}/log/{service}/keys", get(keys))
        .route("/{tenant}/log/{service}/origins", get(origins))
        .route("/{tenant}/log/{service}/origin/{origin}/checkpoints", get(checkpoints_of))
        .route("/{tenant}/log/{service}/origin/{origin}/keys", get(keys_of))
        .route("/{tenant}/log/{service}/tile/{*tile}", get(tile))
        .route("/{tenant}/log/{service}/proof/inclusion", get(inclusion))
        .route("/{tenant}/log/{service}/proof/consistency", get(consistency))
        .route("/{tenant}/log/{service}/receipt/{position}", get(receipt))
        .with_state(Arc::new(logs))
}

/// Their description.
#[must_use]
pub fn document() -> utoipa::openapi::OpenApi {
    #[derive(OpenApi)]
    #[openapi(paths(
        checkpoint,
        checkpoints,
        keys,
        origins,
        checkpoints_of,
        keys_of,
        tile,
        inclusion,
        consistency,
        receipt
    ))]
    struct Described;
    Described::openapi()
}

type Known = State<Arc<Logs>>;

fn log<'a>(logs: &'a Logs, tenant: &str, service: &str) -> Result<&'a Log, Problem> {
    logs.get(&(tenant.to_owned(), service.to_owned())).ok_or_else(Problem::not_found)
}

fn failed(error: &radslag_eventlog::Error) -> Problem {
    tracing::error!(%error, "a log's tree can't be read");
    Problem::internal()
}

/// The newest checkpoint (C2SP tlog-checkpoint).
#[utoipa::path(get, path = "/{tenant}/log/{service}/checkpoint", tag = "log", operation_id = "log_checkpoint",
    params(("tenant" = String, Path), ("service" = String, Path)),
    responses((status = 200, body = String, content_type = "text/plain")))]
async fn checkpoint(
    State(logs): Known,
    Path((tenant, service)): Path<(String, String)>,
) -> Result<Response, Problem> {
    let newest = log(&logs, &tenant, &service)?.checkpoint().ok_or_else(Problem::not_found)?;
    Ok(([TEXT, FOR_A_SECOND, ANY_SITE], newest.note.to_string()).into_response())
}

/// Every checkpoint of this origin, oldest first, a blank line after each. Where a loss was accepted there are older origins.
#[utoipa::path(get, path = "/{tenant}/log/{service}/checkpoints", tag = "log", operation_id = "log_checkpoints",
    params(("tenant" = String, Path), ("service" = String, Path)),
    responses((status = 200, body = String, content_type = "text/plain")))]
async fn checkpoints(
    State(logs): Known,
    Path((tenant, service)): Path<(String, String)>,
) -> Result<Response, Problem> {
    let log = log(&logs, &tenant, &service)?;
    Ok(chain(log, log.origin()))
}

/// Read as it is sent, however long it is.
fn chain(log: &Log, origin: u32) -> Response {
    let chunks = stream::try_unfold((log.clone(), 0), move |(log, from)| async move {
        let reading = log.clone();
        let read = tokio::task::spawn_blocking(move || reading.chain_of(origin, from, CHUNK)).await;
        let bytes = read.map_err(std::io::Error::other)?.map_err(std::io::Error::other)?;
        let next = from + bytes.len() as u64;
        Ok::<_, std::io::Error>((!bytes.is_empty()).then_some((bytes, (log, next))))
    });
    ([TEXT, FOR_A_SECOND, ANY_SITE], Body::from_stream(chunks)).into_response()
}

/// The keys that have ever signed its checkpoints, oldest first, one a line (C2SP signed-note verifier keys).
#[utoipa::path(get, path = "/{tenant}/log/{service}/keys", tag = "log", operation_id = "log_keys",
    params(("tenant" = String, Path), ("service" = String, Path)),
    responses((status = 200, body = String, content_type = "text/plain")))]
async fn keys(
    State(logs): Known,
    Path((tenant, service)): Path<(String, String)>,
) -> Result<Response, Problem> {
    Ok(lines(&log(&logs, &tenant, &service)?.verifiers()))
}

fn lines(all: &[impl std::fmt::Display]) -> Response {
    let lines: String = all.iter().map(|one| format!("{one}\n")).collect();
    ([TEXT, FOR_A_SECOND, ANY_SITE], lines).into_response()
}

/// The origins of which there are checkpoints, oldest first, a number a line; the last is the one that goes on.
#[utoipa::path(get, path = "/{tenant}/log/{service}/origins", tag = "log", operation_id = "log_origins",
    params(("tenant" = String, Path), ("service" = String, Path)),
    responses((status = 200, body = String, content_type = "text/plain")))]
async fn origins(
    State(logs): Known,
    Path((tenant, service)): Path<(String, String)>,
) -> Result<Response, Problem> {
    Ok(lines(&signed(log(&logs, &tenant, &service)?)?))
}

fn signed(log: &Log) -> Result<Vec<u32>, Problem> {
    log.signed_origins().map_err(|error| failed(&error))
}

/// One of them.
fn of_origin<'a>(
    logs: &'a Logs,
    (tenant, service, origin): &(String, String, String),
) -> Result<(&'a Log, u32), Problem> {
    let log = log(logs, tenant, service)?;
    let mut all = signed(log)?.into_iter();
    let known = all.find(|one| one.to_string() == *origin).ok_or_else(Problem::not_found)?;
    Ok((log, known))
}

/// Every checkpoint of an origin, oldest first, a blank line after each; also what it signed of entries that were lost.
#[utoipa::path(get, path = "/{tenant}/log/{service}/origin/{origin}/checkpoints", tag = "log",
    operation_id = "log_checkpoints_of",
    params(("tenant" = String, Path), ("service" = String, Path), ("origin" = u32, Path)),
    responses((status = 200, body = String, content_type = "text/plain")))]
async fn checkpoints_of(
    State(logs): Known,
    Path(names): Path<(String, String, String)>,
) -> Result<Response, Problem> {
    let (log, origin) = of_origin(&logs, &names)?;
    Ok(chain(log, origin))
}

/// The keys that have ever signed checkpoints of an origin, oldest first, one a line.
#[utoipa::path(get, path = "/{tenant}/log/{service}/origin/{origin}/keys", tag = "log", operation_id = "log_keys_of",
    params(("tenant" = String, Path), ("service" = String, Path), ("origin" = u32, Path)),
    responses((status = 200, body = String, content_type = "text/plain")))]
async fn keys_of(
    State(logs): Known,
    Path(names): Path<(String, String, String)>,
) -> Result<Response, Problem> {
    let (log, origin) = of_origin(&logs, &names)?;
    Ok(lines(&log.verifiers_of(origin).map_err(|error| failed(&error))?))
}

/// A tile of hashes or a bundle of entries (C2SP tlog-tiles).
#[utoipa::path(get, path = "/{tenant}/log/{service}/tile/{tile}", tag = "log", operation_id = "log_tile",
    params(("tenant" = String, Path), ("service" = String, Path), ("tile" = String, Path)),
    responses((status = 200, content_type = "application/octet-stream")))]
async fn tile(
    State(logs): Known,
    Path((tenant, service, path)): Path<(String, String, String)>,
) -> Result<Response, Problem> {
    let tile = Tile::parse(&path).ok_or_else(Problem::not_found)?;
    let log = log(&logs, &tenant, &service)?.clone();
    let read = tokio::task::spawn_blocking(move || log.tile(tile)).await;
    let bytes = read.map_err(|_| Problem::internal())?.map_err(|error| failed(&error))?;
    let bytes = bytes.ok_or_else(Problem::not_found)?;
    Ok(([BYTES, FOR_EVER, ANY_SITE], bytes).into_response())
}

/// Hashes of a proof in base64.
#[derive(Serialize, ToSchema)]
struct Proof {
    /// From the leaf's side up.
    hashes: Vec<String>,
}

fn proof(read: Result<Option<Vec<Hash>>, radslag_eventlog::Error>) -> Result<Response, Problem> {
    let hashes = read.map_err(|error| failed(&error))?.ok_or_else(Problem::not_found)?;
    let hashes = hashes.iter().map(|hash| BASE64.encode(hash)).collect();
    Ok(([FOR_EVER, ANY_SITE], Json(Proof { hashes })).into_response())
}

/// Which entry, in a tree of which size.
#[derive(Deserialize, IntoParams)]
struct Entry {
    index: u64,
    size: u64,
}

/// That an entry is in the tree of a size (RFC 6962, 2.1.1).
#[utoipa::path(get, path = "/{tenant}/log/{service}/proof/inclusion", tag = "log",
    params(("tenant" = String, Path), ("service" = String, Path), Entry),
    responses((status = 200, body = Proof)))]
async fn inclusion(
    State(logs): Known,
    Path((tenant, service)): Path<(String, String)>,
    QueryOf(Entry { index, size }): QueryOf<Entry>,
) -> Result<Response, Problem> {
    proof(log(&logs, &tenant, &service)?.inclusion(index, size))
}

/// Two sizes of the tree.
#[derive(Deserialize, IntoParams)]
struct Sizes {
    old: u64,
    new: u64,
}

/// That the tree of a size begins with that of another (RFC 6962, 2.1.2).
#[utoipa::path(get, path = "/{tenant}/log/{service}/proof/consistency", tag = "log",
    params(("tenant" = String, Path), ("service" = String, Path), Sizes),
    responses((status = 200, body = Proof)))]
async fn consistency(
    State(logs): Known,
    Path((tenant, service)): Path<(String, String)>,
    QueryOf(Sizes { old, new }): QueryOf<Sizes>,
) -> Result<Response, Problem> {
    proof(log(&logs, &tenant, &service)?.consistency(old, new))
}

/// A receipt of an entry (C2SP tlog-proof), the entry in it. `position` is `17`, or `0.17` for one of an origin.
///
/// Until a checkpoint covers the entry, within two seconds, the answer is 202 with `Retry-After`. 410 says that the entry of
/// that origin was lost, and that this was accepted: another one may stand at its position.
#[utoipa::path(get, path = "/{tenant}/log/{service}/receipt/{position}", tag = "log", operation_id = "log_receipt",
    params(("tenant" = String, Path), ("service" = String, Path), ("position" = String, Path)),
    responses((status = 200, body = String, content_type = "text/plain"),
        (status = 202, body = String, content_type = "text/plain",
            headers(("Retry-After" = u32, description = "seconds"))),
        (status = 410, description = "the entry was lost")))]
async fn receipt(
    State(logs): Known,
    language: Language,
    Path((tenant, service, place)): Path<(String, String, String)>,
) -> Result<Response, Problem> {
    let Position { origin, position } = place.parse().map_err(|_| Problem::not_found())?;
    let log = log(&logs, &tenant, &service)?.clone();
    let (origin, next) = (origin.unwrap_or_else(|| log.origin()), position.saturating_add(1));
    if log.holds(origin, next) < next {
        let over = origin < log.origin();
        return Err(if over { Problem::new(StatusCode::GONE, "entry-lost") } else { Problem::not_found() });
    }
    let is_signed = log.checkpoints().is_some();
    let read = tokio::task::spawn_blocking(move || log.receipt(position)).await;
    let receipt = read.map_err(|_| Problem::internal())?.map_err(|error| failed(&error))?;
    let Some(receipt) = receipt else {
        return if is_signed { Ok(soon(language)) } else { Err(Problem::not_found()) };
    };
    let name = format!("attachment; filename=\"{tenant}-{service}-{position}.tlog-proof\"");
    let name = HeaderValue::from_str(&name).map_err(|_| Problem::not_found())?;
    let named = (header::CONTENT_DISPOSITION, name);
    Ok(([TEXT, FOR_A_SECOND, ANY_SITE, named], receipt.to_string()).into_response())
}

/// No checkpoint covers the entry yet.
fn soon(language: Language) -> Response {
    let text = match language {
        Language::Swedish => "Kvittot görs just nu och finns här om någon sekund.\n",
        Language::English => "The receipt is being made and is here in a second.\n",
    };
    (StatusCode::ACCEPTED, [TEXT, FOR_NOBODY, ANY_SITE], IN_A_SECOND, text).into_response()
}
