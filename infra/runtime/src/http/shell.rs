//! Around every request: its id, its client, a bound on its time, what becomes of a panic, the words of problems,
//! security headers, one line in the log and one count in the metrics.

use std::panic::AssertUnwindSafe;
use std::time::Instant;

use axum::Router;
use axum::extract::{DefaultBodyLimit, MatchedPath, Request, State};
use axum::http::header::{
    ALLOW, CONTENT_LENGTH, CONTENT_SECURITY_POLICY, CONTENT_TYPE, HeaderName, REFERRER_POLICY,
    STRICT_TRANSPORT_SECURITY, X_CONTENT_TYPE_OPTIONS, X_FRAME_OPTIONS,
};
use axum::http::{HeaderMap, HeaderValue, Method, StatusCode};
use axum::middleware::{Next, from_fn_with_state};
use axum::response::{IntoResponse as _, Response};
use futures_util::FutureExt as _;
use std::time::Duration;
use tracing::Instrument as _;

use super::problem::{PROBLEM_JSON, of_status};
use super::{Client, Kit, Language, Peer, Problem};

const REQUEST_ID: HeaderName = HeaderName::from_static("x-request-id");

/// Names a request in its answer, in problems and in the log.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RequestId(pub String);

/// What the log and the metrics say of a request: never its path, query or client.
struct Facts {
    started: Instant,
    method: &'static str,
    route: Option<MatchedPath>,
    language: Language,
    id: RequestId,
}

impl Facts {
    /// How long the answer may take: longer where a file is taken in.
    fn time(&self, kit: &Kit) -> Duration {
        let file = self
            .route
            .as_ref()
            .is_some_and(|route| ["/import", "/attachments"].iter().any(|end| route.as_str().ends_with(end)));
        if file { kit.http().file_timeout() } else { kit.http().timeout() }
    }
}

pub(super) fn around(kit: &Kit, routes: Router) -> Router {
    let limit = kit.http().body_limit_bytes;
    routes.layer(DefaultBodyLimit::max(limit)).layer(from_fn_with_state(kit.clone(), shell))
}

async fn shell(State(kit): State<Kit>, mut request: Request, next: Next) -> Response {
    let in_flight = kit.metrics().began();
    let peer = request.extensions().get::<Peer>().map(|peer| peer.0.ip());
    let client = peer.map(|peer| Client::of(peer, request.headers(), kit.trusted_proxies()));
    let facts = Facts {
        started: Instant::now(),
        method: known(request.method()),
        route: request.extensions().get::<MatchedPath>().cloned(),
        language: Language::of(request.headers()).unwrap_or_default(),
        id: request_id(request.headers(), client.is_some_and(|client| client.proxied)),
    };
    if let Some(client) = client {
        request.extensions_mut().insert(client);
    }
    request.extensions_mut().insert(facts.id.clone());
    let span = tracing::info_span!("request", request_id = %facts.id.0);
    let answer = bounded(request, next, facts.time(&kit)).instrument(span.clone()).await;
    let mut answer = worded(&kit, answer, &facts);
    secure(&kit, answer.headers_mut());
    if let Ok(id) = HeaderValue::try_from(&facts.id.0) {
        answer.headers_mut().insert(REQUEST_ID, id);
    }
    drop(in_flight);
    span.in_scope(|| tell(&kit, &facts, answer.status()));
    answer
}

/// The answer, or a problem if it takes too long or panics. The panic's text isn't told: it may quote somebody.
async fn bounded(request: Request, next: Next, time: Duration) -> Response {
    let answer = AssertUnwindSafe(next.run(request)).catch_unwind();
    match tokio::time::timeout(time, answer).await {
        Ok(Ok(answer)) => answer,
        Ok(Err(_)) => {
            tracing::error!("a handler panicked");
            Problem::internal().into_response()
        }
        Err(_) => {
            let timeout_ms = u64::try_from(time.as_millis()).unwrap_or(u64::MAX);
            tracing::warn!(timeout_ms, "a handler took too long");
            let problem = Problem::new(StatusCode::SERVICE_UNAVAILABLE, "too-slow");
            problem.retry_after(Duration::from_secs(5)).into_response()
        }
    }
}

/// Problems get their words; errors of axum's own become problems.
fn worded(kit: &Kit, answer: Response, facts: &Facts) -> Response {
    let status = answer.status();
    if !(status.is_client_error() || status.is_server_error()) {
        return answer;
    }
    let said = |problem: &Problem| problem.answer(kit.catalogue(), facts.language, &facts.id.0);
    if let Some(problem) = answer.extensions().get::<Problem>() {
        let mut worded = said(problem);
        keep(answer.headers(), worded.headers_mut());
        return worded;
    }
    let kind = answer.headers().get(CONTENT_TYPE);
    let plain = kind.is_none_or(|kind| kind.as_bytes().starts_with(b"text/plain") || kind == PROBLEM_JSON);
    if !plain {
        // A page for people, made by the service.
        return answer;
    }
    let mut worded = said(&of_status(status));
    keep(answer.headers(), worded.headers_mut());
    worded
}

/// What a handler or axum said beside the body, such as `Allow`.
fn keep(from: &HeaderMap, to: &mut HeaderMap) {
    for (name, value) in from {
        if *name != CONTENT_LENGTH && !to.contains_key(name) {
            to.insert(name.clone(), value.clone());
        }
    }
    if let Some(allow) = from.get(ALLOW) {
        to.insert(ALLOW, allow.clone());
    }
}

/// A trusted proxy's id, if it is a short plain word; else one of our own.
fn request_id(headers: &HeaderMap, proxied: bool) -> RequestId {
    let plain = |text: &&str| {
        (1..=64).contains(&text.len())
            && text.bytes().all(|b| b.is_ascii_alphanumeric() || b"._-".contains(&b))
    };
    let given =
        headers.get(REQUEST_ID).filter(|_| proxied).and_then(|value| value.to_str().ok()).filter(plain);
    RequestId(given.map_or_else(|| format!("{:032x}", rand::random::<u128>()), Into::into))
}

/// No scripts, no frames, no guessing of types, no addresses to other sites. A handler's own policy stays, and then it
/// alone says who may frame the page.
fn secure(kit: &Kit, headers: &mut HeaderMap) {
    const POLICY: &str = "default-src 'none'; style-src 'self'; img-src 'self' data:; font-src 'self'; \
        form-action 'self'; base-uri 'none'; frame-ancestors 'none'";
    let own_policy = headers.contains_key(CONTENT_SECURITY_POLICY);
    let mut unless_there = |name: HeaderName, value: &'static str| {
        headers.entry(name).or_insert(HeaderValue::from_static(value));
    };
    unless_there(CONTENT_SECURITY_POLICY, POLICY);
    unless_there(X_CONTENT_TYPE_OPTIONS, "nosniff");
    unless_there(REFERRER_POLICY, "no-referrer");
    if !own_policy {
        unless_there(X_FRAME_OPTIONS, "DENY");
    }
    if kit.http().public_url.as_deref().is_some_and(|url| url.starts_with("https://")) {
        unless_there(STRICT_TRANSPORT_SECURITY, "max-age=31536000");
    }
}

fn tell(kit: &Kit, facts: &Facts, status: StatusCode) {
    let took = facts.started.elapsed();
    let route = facts.route.as_ref().map_or("none", MatchedPath::as_str);
    let status = status.as_u16();
    kit.metrics().answered(facts.method, route, status, took);
    let took_us = u64::try_from(took.as_micros()).unwrap_or(u64::MAX);
    // Ten thousand reads a second aren't worth a line each.
    if status < 400 && matches!(facts.method, "GET" | "HEAD") {
        tracing::debug!(target: "radslag_access", method = facts.method, route, status, took_us, "answered");
    } else {
        tracing::info!(target: "radslag_access", method = facts.method, route, status, took_us, "answered");
    }
}

/// Anything may be a method; only these are labels.
fn known(method: &Method) -> &'static str {
    const KNOWN: [&str; 7] = ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"];
    KNOWN.into_iter().find(|known| *known == method.as_str()).unwrap_or("other")
}
