//! A problem (RFC 9457): what every refusal and failure looks like from outside.

use std::time::Duration;

use axum::body::Body;
use axum::http::header::{CACHE_CONTROL, CONTENT_LANGUAGE, CONTENT_TYPE, RETRY_AFTER, VARY};
use axum::http::{HeaderMap, HeaderName, HeaderValue, StatusCode};
use axum::response::{IntoResponse, Response};
use serde_json::{Map, Value};

use super::{Catalogue, Language};

/// `application/problem+json`
pub(super) const PROBLEM_JSON: HeaderValue = HeaderValue::from_static("application/problem+json");

/// What went wrong, by a stable code. The words come from the catalogue when the answer is sent: the shell knows
/// the language and the request's id.
#[derive(Clone, Debug)]
pub struct Problem(Box<Inner>);

#[derive(Clone, Debug)]
struct Inner {
    status: StatusCode,
    code: &'static str,
    detail: Option<String>,
    field: Option<String>,
    pointer: Option<String>,
    values: Vec<(&'static str, String)>,
    members: Map<String, Value>,
    headers: HeaderMap,
}

impl Problem {
    /// Of a status and a code of the catalogue.
    #[must_use]
    pub fn new(status: StatusCode, code: &'static str) -> Self {
        Self(Box::new(Inner {
            status,
            code,
            detail: None,
            field: None,
            pointer: None,
            values: Vec::new(),
            members: Map::new(),
            headers: HeaderMap::new(),
        }))
    }

    /// `404 not-found`: the same for an unknown path, tenant and id.
    #[must_use]
    pub fn not_found() -> Self {
        Self::new(StatusCode::NOT_FOUND, "not-found")
    }

    /// `403 not-permitted`
    #[must_use]
    pub fn not_permitted() -> Self {
        Self::new(StatusCode::FORBIDDEN, "not-permitted")
    }

    /// `412 version-changed`
    #[must_use]
    pub fn version_changed() -> Self {
        Self::new(StatusCode::PRECONDITION_FAILED, "version-changed")
    }

    /// `422 invalid`, of one field of the request.
    #[must_use]
    pub fn invalid(pointer: impl Into<String>, detail: impl Into<String>) -> Self {
        Self::new(StatusCode::UNPROCESSABLE_ENTITY, "invalid").pointer(pointer).detail(detail)
    }

    /// `500 internal`. Why stands in the log, never here.
    #[must_use]
    pub fn internal() -> Self {
        Self::new(StatusCode::INTERNAL_SERVER_ERROR, "internal")
    }

    /// `503 unavailable`, to be tried again.
    #[must_use]
    pub fn unavailable(retry_after: Duration) -> Self {
        Self::new(StatusCode::SERVICE_UNAVAILABLE, "unavailable").retry_after(retry_after)
    }

    /// What happened this time, in words that replace the catalogue's.
    #[must_use]
    pub fn detail(mut self, text: impl Into<String>) -> Self {
        self.0.detail = Some(text.into());
        self
    }

    /// Which parameter or header.
    #[must_use]
    pub fn field(mut self, name: impl Into<String>) -> Self {
        self.0.field = Some(name.into());
        self
    }

    /// Which part of the body, as a JSON pointer (RFC 6901).
    #[must_use]
    pub fn pointer(mut self, pointer: impl Into<String>) -> Self {
        self.0.pointer = Some(pointer.into());
        self
    }

    /// A value for `{name}` in the catalogue's words; also a member of the problem.
    #[must_use]
    pub fn value(mut self, name: &'static str, value: impl Into<Value>) -> Self {
        let value = value.into();
        let text = value.as_str().map_or_else(|| value.to_string(), Into::into);
        self.0.values.push((name, text));
        self.member(name, value)
    }

    /// A further member of the problem.
    #[must_use]
    pub fn member(mut self, name: &'static str, value: impl Into<Value>) -> Self {
        self.0.members.insert(name.into(), value.into());
        self
    }

    /// A header of the answer.
    #[must_use]
    pub fn header(mut self, name: HeaderName, value: HeaderValue) -> Self {
        self.0.headers.append(name, value);
        self
    }

    /// When to try again: `Retry-After`, rounded up to a second.
    #[must_use]
    pub fn retry_after(self, wait: Duration) -> Self {
        let seconds = wait.as_millis().div_ceil(1000).max(1);
        let seconds = u64::try_from(seconds).unwrap_or(u64::MAX);
        self.header(RETRY_AFTER, HeaderValue::from(seconds)).value("retry_after_s", seconds)
    }

    /// Its HTTP status.
    #[must_use]
    pub fn status(&self) -> StatusCode {
        self.0.status
    }

    /// Its stable code.
    #[must_use]
    pub fn code(&self) -> &'static str {
        self.0.code
    }

    /// As JSON, in a language.
    #[must_use]
    pub fn to_json(
        &self,
        catalogue: Option<&Catalogue>,
        language: Language,
        instance: Option<&str>,
    ) -> Value {
        let entry = catalogue.and_then(|catalogue| catalogue.entry(self.0.code));
        let fallback = || self.0.status.canonical_reason().unwrap_or("Error").to_owned();
        let values = &self.0.values;
        let mut json = self.0.members.clone();
        let mut put = |name: &str, text: Option<String>| {
            if let Some(text) = text {
                json.insert(name.into(), text.into());
            }
        };
        put("type", Some(format!("urn:radslag:problem:{}", self.0.code)));
        put("code", Some(self.0.code.into()));
        put("title", Some(entry.map_or_else(fallback, |entry| entry.title.fill(language, values))));
        let detail =
            || entry.and_then(|entry| entry.detail.as_ref()).map(|words| words.fill(language, values));
        put("detail", self.0.detail.clone().or_else(detail));
        put("field", self.0.field.clone());
        put("pointer", self.0.pointer.clone());
        put("hint", entry.and_then(|entry| entry.hint.as_ref()).map(|words| words.fill(language, values)));
        put("instance", instance.map(Into::into));
        json.insert("status".into(), self.0.status.as_u16().into());
        Value::Object(json)
    }

    /// The answer, with all its words.
    pub(super) fn answer(&self, catalogue: &Catalogue, language: Language, instance: &str) -> Response {
        let body = self.to_json(Some(catalogue), language, Some(instance)).to_string();
        let mut response = self.framed(body);
        let headers = response.headers_mut();
        headers.insert(CONTENT_LANGUAGE, HeaderValue::from_static(language.tag()));
        headers.append(VARY, HeaderValue::from_static("accept-language"));
        response
    }

    fn framed(&self, body: String) -> Response {
        let mut response = Response::new(Body::from(body));
        *response.status_mut() = self.0.status;
        response.headers_mut().clone_from(&self.0.headers);
        response.headers_mut().insert(CONTENT_TYPE, PROBLEM_JSON);
        response.headers_mut().insert(CACHE_CONTROL, HeaderValue::from_static("no-store"));
        response
    }
}

/// In English and without words from the catalogue; [`super::Kit::wrap`]'s shell says it again with both.
impl IntoResponse for Problem {
    fn into_response(self) -> Response {
        let body = self.to_json(None, Language::English, None).to_string();
        let mut response = self.framed(body);
        response.extensions_mut().insert(self);
        response
    }
}

impl From<crate::roles::NotPermitted> for Problem {
    fn from(_: crate::roles::NotPermitted) -> Self {
        Self::not_permitted()
    }
}

/// What an answer that isn't a problem yet (axum's own rejections) becomes.
pub(super) fn of_status(status: StatusCode) -> Problem {
    let code = match status {
        StatusCode::UNAUTHORIZED => "token-invalid",
        StatusCode::FORBIDDEN => "not-permitted",
        StatusCode::NOT_FOUND => "not-found",
        StatusCode::METHOD_NOT_ALLOWED => "method-not-allowed",
        StatusCode::NOT_ACCEPTABLE => "not-acceptable",
        StatusCode::REQUEST_TIMEOUT => "request-timeout",
        StatusCode::CONFLICT => "conflict",
        StatusCode::GONE => "gone",
        StatusCode::PRECONDITION_FAILED => "version-changed",
        StatusCode::PAYLOAD_TOO_LARGE => "body-too-large",
        StatusCode::UNSUPPORTED_MEDIA_TYPE => "wrong-content-type",
        StatusCode::UNPROCESSABLE_ENTITY => "invalid",
        StatusCode::PRECONDITION_REQUIRED => "if-match-missing",
        StatusCode::TOO_MANY_REQUESTS => "too-many-requests",
        StatusCode::REQUEST_HEADER_FIELDS_TOO_LARGE => "headers-too-large",
        StatusCode::SERVICE_UNAVAILABLE => "unavailable",
        other if other.is_server_error() => "internal",
        _ => "bad-request",
    };
    Problem::new(status, code)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_status_has_a_problem_with_words() {
        let catalogue = Catalogue::shipped().unwrap();
        for status in 400..600 {
            let problem = of_status(StatusCode::from_u16(status).unwrap());
            assert!(catalogue.entry(problem.code()).is_some(), "{status}");
        }
    }

    #[test]
    fn a_problem_has_its_words_values_and_place() {
        let catalogue = Catalogue::shipped().unwrap();
        let problem = Problem::unavailable(Duration::from_millis(1500)).field("x").pointer("/a/0");
        let json = problem.to_json(Some(&catalogue), Language::Swedish, Some("abc"));
        let expected = serde_json::json!({
            "type": "urn:radslag:problem:unavailable", "code": "unavailable", "status": 503,
            "title": "Går inte just nu", "hint": "Försök igen om 2 sekunder.", "retry_after_s": 2,
            "field": "x", "pointer": "/a/0", "instance": "abc",
        });
        assert_eq!(json, expected);
    }
}
