//! Bodies of requests, read within a limit and a time, and told exactly where they are wrong.

use axum::body::{Body, BodyDataStream, Bytes};
use axum::extract::{FromRef, FromRequest, OptionalFromRequest, Request};
use axum::http::header::{CONNECTION, CONTENT_LENGTH, CONTENT_TYPE};
use axum::http::{HeaderMap, HeaderValue, StatusCode};
use futures_util::StreamExt as _;
use serde::de::DeserializeOwned;

use super::{Kit, Problem};
use crate::said::Said;

/// A JSON body of a type. Keys the type doesn't know are refused, whether or not it says so itself.
#[derive(Clone, Copy, Debug)]
pub struct JsonBody<T>(pub T);

impl<S, T> FromRequest<S> for JsonBody<T>
where
    S: Send + Sync,
    Kit: FromRef<S>,
    T: DeserializeOwned,
{
    type Rejection = Problem;

    async fn from_request(request: Request, state: &S) -> Result<Self, Problem> {
        let kit = Kit::from_ref(state);
        expect_type(request.headers(), "application/json", |kind| {
            kind == "application/json" || (kind.starts_with("application/") && kind.ends_with("+json"))
        })?;
        let bytes = read(&kit, request).await?;
        parse(&bytes).map(Self)
    }
}

/// A body that may be left out, as `Option<JsonBody<_>>`: it is, where nothing says what it is.
impl<S, T> OptionalFromRequest<S> for JsonBody<T>
where
    S: Send + Sync,
    Kit: FromRef<S>,
    T: DeserializeOwned,
{
    type Rejection = Problem;

    async fn from_request(request: Request, state: &S) -> Result<Option<Self>, Problem> {
        if !request.headers().contains_key(CONTENT_TYPE) {
            return Ok(None);
        }
        <Self as FromRequest<S>>::from_request(request, state).await.map(Some)
    }
}

/// A form as browsers send it.
#[derive(Clone, Copy, Debug)]
pub struct FormBody<T>(pub T);

impl<S, T> FromRequest<S> for FormBody<T>
where
    S: Send + Sync,
    Kit: FromRef<S>,
    T: DeserializeOwned,
{
    type Rejection = Problem;

    async fn from_request(request: Request, state: &S) -> Result<Self, Problem> {
        const FORM: &str = "application/x-www-form-urlencoded";
        let kit = Kit::from_ref(state);
        expect_type(request.headers(), FORM, |kind| kind == FORM)?;
        let (parts, body) = request.into_parts();
        let method = parts.method.clone();
        let bytes = read(&kit, Request::from_parts(parts, body)).await?;
        let mut form = Request::new(Body::from(bytes));
        *form.method_mut() = method;
        form.headers_mut().insert(CONTENT_TYPE, HeaderValue::from_static(FORM));
        let parsed = axum::extract::Form::<T>::from_request(form, &()).await;
        parsed.map(|form| Self(form.0)).map_err(|_| Problem::new(StatusCode::BAD_REQUEST, "bad-form"))
    }
}

/// A CSV file, read piece by piece within the limit of files; memory holds one piece.
pub struct FileBody {
    pieces: BodyDataStream,
    left: u64,
    kit: Kit,
}

impl<S> FromRequest<S> for FileBody
where
    S: Send + Sync,
    Kit: FromRef<S>,
{
    type Rejection = Problem;

    async fn from_request(request: Request, state: &S) -> Result<Self, Problem> {
        expect_type(request.headers(), "text/csv", |kind| kind == "text/csv")?;
        Self::of(request, Kit::from_ref(state))
    }
}

impl FileBody {
    pub(super) fn of(request: Request, kit: Kit) -> Result<Self, Problem> {
        let left = kit.http().file_limit_bytes;
        expect_length(request.headers(), left)?;
        Ok(Self { pieces: request.into_body().into_data_stream(), left, kit })
    }

    /// The next piece; `None` at the end.
    ///
    /// # Errors
    /// 413 over the limit, 408 if none comes for as long as a body may take, 400 if it breaks off.
    pub async fn piece(&mut self) -> Result<Option<Bytes>, Problem> {
        let next = tokio::time::timeout(self.kit.http().body_timeout(), self.pieces.next());
        let Some(piece) = next.await.map_err(|_| slow())? else { return Ok(None) };
        let piece = piece.map_err(|_| Problem::new(StatusCode::BAD_REQUEST, "bad-request"))?;
        let limit = self.kit.http().file_limit_bytes;
        self.left = self.left.checked_sub(piece.len() as u64).ok_or_else(|| too_large(limit))?;
        Ok(Some(piece))
    }
}

fn expect_length(headers: &HeaderMap, limit: u64) -> Result<(), Problem> {
    let declared = headers.get(CONTENT_LENGTH).and_then(|value| value.to_str().ok());
    let length = declared.and_then(|length| length.parse::<u64>().ok());
    if length.is_some_and(|length| length > limit) { Err(too_large(limit)) } else { Ok(()) }
}

fn slow() -> Problem {
    Problem::new(StatusCode::REQUEST_TIMEOUT, "request-timeout").header(CONNECTION, CLOSE)
}

pub(super) fn expect_type(
    headers: &HeaderMap,
    expected: &'static str,
    fits: impl Fn(&str) -> bool,
) -> Result<(), Problem> {
    let kind = headers.get(CONTENT_TYPE).and_then(|value| value.to_str().ok()).unwrap_or_default();
    let kind = kind.split(';').next().unwrap_or_default().trim().to_ascii_lowercase();
    if fits(&kind) {
        return Ok(());
    }
    Err(Problem::new(StatusCode::UNSUPPORTED_MEDIA_TYPE, "wrong-content-type").value("expected", expected))
}

async fn read(kit: &Kit, request: Request) -> Result<Vec<u8>, Problem> {
    let limit = kit.http().body_limit_bytes;
    expect_length(request.headers(), limit as u64)?;
    let whole = collect(request.into_body(), limit);
    tokio::time::timeout(kit.http().body_timeout(), whole).await.map_err(|_| slow())?
}

const CLOSE: HeaderValue = HeaderValue::from_static("close");

async fn collect(body: Body, limit: usize) -> Result<Vec<u8>, Problem> {
    let mut bytes = Vec::new();
    let mut stream = body.into_data_stream();
    while let Some(chunk) = stream.next().await {
        // A body that breaks off has nobody left to answer.
        let chunk = chunk.map_err(|_| Problem::new(StatusCode::BAD_REQUEST, "bad-request"))?;
        if bytes.len() + chunk.len() > limit {
            return Err(too_large(limit as u64));
        }
        bytes.extend_from_slice(&chunk);
    }
    Ok(bytes)
}

fn too_large(limit: u64) -> Problem {
    // What is still on its way isn't read, so the connection can't be used again.
    Problem::new(StatusCode::PAYLOAD_TOO_LARGE, "body-too-large")
        .value("limit_bytes", limit)
        .header(CONNECTION, CLOSE)
}

/// Says where: line and column if it isn't JSON, the pointer if it is JSON of another shape.
fn parse<T: DeserializeOwned>(bytes: &[u8]) -> Result<T, Problem> {
    let bad = |detail: String| Problem::new(StatusCode::BAD_REQUEST, "bad-json").detail(detail);
    if bytes.iter().all(u8::is_ascii_whitespace) {
        return Err(bad("The body is empty.".into()));
    }
    let mut unknown = None;
    let mut track = serde_path_to_error::Track::new();
    let mut reader = serde_json::Deserializer::from_slice(bytes);
    let tracked = serde_path_to_error::Deserializer::new(&mut reader, &mut track);
    let parsed = serde_ignored::deserialize(tracked, |path| {
        unknown.get_or_insert_with(|| format!("/{}", path.to_string().replace('.', "/")));
    });
    let value: T = parsed.map_err(|error| told(&error, pointer(&track.path())))?;
    reader.end().map_err(|error| told(&error, String::new()))?;
    match unknown {
        Some(pointer) => Err(bad("This key isn't known here.".into()).pointer(pointer)),
        None => Ok(value),
    }
}

fn told(error: &serde_json::Error, pointer: String) -> Problem {
    let (line, column) = (error.line(), error.column());
    let what = if error.is_data() { Said::of(&error.to_string()).sentence() } else { syntax(error) };
    let problem = Problem::new(StatusCode::BAD_REQUEST, "bad-json")
        .detail(format!("Line {line}, column {column}: {what}."))
        .member("line", line)
        .member("column", column);
    if pointer.is_empty() { problem } else { problem.pointer(pointer) }
}

fn syntax(error: &serde_json::Error) -> String {
    let text = error.to_string();
    text.split(" at line ").next().unwrap_or_default().to_owned()
}

fn pointer(path: &serde_path_to_error::Path) -> String {
    use serde_path_to_error::Segment;
    let mut pointer = String::new();
    for segment in path {
        let part = match segment {
            Segment::Map { key } => key.replace('~', "~0").replace('/', "~1"),
            Segment::Seq { index } => index.to_string(),
            Segment::Enum { .. } | Segment::Unknown => continue,
        };
        pointer.push('/');
        pointer.push_str(&part);
    }
    pointer
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::http::Language;
    use expect_test::{Expect, expect};
    use serde::Deserialize;

    #[derive(Debug, Deserialize)]
    #[expect(dead_code, reason = "only read by serde")]
    struct Draft {
        title: String,
        links: Vec<Link>,
    }

    #[derive(Debug, Deserialize)]
    #[expect(dead_code, reason = "only read by serde")]
    struct Link {
        clicks: u32,
    }

    #[track_caller]
    fn refused(json: &str, expected: Expect) {
        let json = parse::<Draft>(json.as_bytes()).unwrap_err().to_json(None, Language::English, None);
        let place = json.get("pointer").map_or("-", |pointer| pointer.as_str().unwrap());
        expected.assert_eq(&format!("{place} {}", json["detail"].as_str().unwrap()));
    }

    #[test]
    fn what_is_not_json_is_told_with_line_and_column() {
        refused("{\n  \"title\": oops", expect!["/title Line 2, column 12: expected value."]);
        refused("{", expect!["- Line 1, column 1: EOF while parsing an object."]);
        refused(" \n", expect!["- The body is empty."]);
        refused(r#"{"title": "a", "links": []} {}"#, expect!["- Line 1, column 29: trailing characters."]);
        refused(&"[".repeat(100_000), expect!["/0 Line 1, column 1: expected a string, found sequence."]);
    }

    #[test]
    fn json_of_another_shape_is_told_with_its_pointer_and_without_its_values() {
        refused(
            r#"{"title": "a", "links": [{"clicks": 1}, {"clicks": "s3cret"}]}"#,
            expect!["/links/1/clicks Line 1, column 59: expected a whole number from 0, found string."],
        );
        refused(r#"{"title": "a"}"#, expect!["- Line 1, column 14: `links` is missing."]);
        refused(r#"["a"]"#, expect!["- Line 1, column 5: expected a set of keys, found 1."]);
        refused(
            r#"{"title": "a", "title": "b", "links": []}"#,
            expect!["- Line 1, column 22: `title` is there twice."],
        );
    }

    #[test]
    fn a_key_nobody_knows_is_refused_wherever_it_stands() {
        refused(
            r#"{"title": "a", "links": [], "titel": "s3cret"}"#,
            expect!["/titel This key isn't known here."],
        );
        refused(
            r#"{"title": "a", "links": [{"clicks": 1, "deep": 2}]}"#,
            expect!["/links/0/deep This key isn't known here."],
        );
    }

    #[test]
    fn json_as_expected_is_taken() {
        assert!(parse::<Draft>(br#" {"title": "a", "links": [{"clicks": 1}]} "#).is_ok());
    }
}
