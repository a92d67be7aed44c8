//! A server on a free port with a few routes, and a client that sends bytes as they are.

use std::net::SocketAddr;
use std::sync::Arc;

use axum::extract::{FromRef, State};
use axum::response::Html;
use axum::routing::{get, post};
use axum::{Json, Router};
use radslag_kernel::{AggregateId, ItemId, Role};
use radslag_runtime::auth::{Grant, Issuer};
use radslag_runtime::config::{self, Config};
use radslag_runtime::http::{
    AtLeast, Client, FormBody, IdempotencyKey, IfMatch, JsonBody, Page, PathId, PathIds, Tenant,
};
use radslag_runtime::limits::Admitted;
use radslag_runtime::serve::{self, Shutdown};
use radslag_runtime::{Kit, Principal, Problem};
use serde::Deserialize;
use serde_json::{Value, json};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;
use tokio::sync::Notify;
use tokio::task::JoinHandle;

#[derive(Clone)]
pub(crate) struct AppState {
    kit: Kit,
    held: Arc<Held>,
}

impl FromRef<AppState> for Kit {
    fn from_ref(state: &AppState) -> Self {
        state.kit.clone()
    }
}

/// A request that waits until the test lets it go.
#[derive(Default)]
pub(crate) struct Held {
    pub(crate) arrived: Notify,
    pub(crate) go: Notify,
}

#[derive(Deserialize)]
struct Draft {
    title: String,
}

async fn draft(_: Tenant, _: Admitted, key: IdempotencyKey, JsonBody(draft): JsonBody<Draft>) -> Json<Value> {
    Json(json!({ "title": draft.title, "key": key.0 }))
}

async fn approve(
    State(kit): State<Kit>,
    principal: Principal,
    PathId(id): PathId<AggregateId>,
    version: IfMatch,
) -> Result<Json<Value>, Problem> {
    let role = kit.roles().permit(&principal, "petitions.approve")?;
    Ok(Json(json!({ "id": id.to_string(), "role": role.word(), "version": version.required()? })))
}

async fn signature(
    _: Tenant,
    PathIds(id, item): PathIds<AggregateId, ItemId>,
    page: Page,
    at: AtLeast,
) -> String {
    format!("{id} {item} {} {:?}", page.page, at.0)
}

fn routes() -> Router<AppState> {
    Router::new()
        .route("/{tenant}/petitions", post(draft))
        .route(
            "/{tenant}/petitions/{id}",
            get(async |_: Tenant, PathId(id): PathId<AggregateId>| id.to_string()),
        )
        .route("/{tenant}/petitions/{id}/approve", post(approve))
        .route("/{tenant}/petitions/{id}/signatures/{item}", get(signature))
        .route("/{tenant}/form", post(async |FormBody(draft): FormBody<Draft>| draft.title))
        .route("/panic", get(async || -> String { panic!("Anna Andersson, 199001011234") }))
        .route("/never", get(std::future::pending::<String>))
        .route("/client", get(async |client: Client| client.address.to_string()))
        .route("/page", get(async || (axum::http::StatusCode::GONE, Html("<h1>Gone</h1>"))))
        .route(
            "/held",
            get(async |State(state): State<AppState>| {
                state.held.arrived.notify_one();
                state.held.go.notified().await;
                "went"
            }),
        )
}

pub(crate) struct Bench {
    pub(crate) address: SocketAddr,
    pub(crate) kit: Kit,
    pub(crate) held: Arc<Held>,
    pub(crate) shutdown: Shutdown,
    pub(crate) server: JoinHandle<()>,
    issuer: Issuer,
    _folder: tempfile::TempDir,
}

pub(crate) fn bench() -> Bench {
    bench_with(|_| {})
}

pub(crate) fn bench_with(change: impl FnOnce(&mut Config)) -> Bench {
    let folder = tempfile::tempdir().unwrap();
    let tenant = r#"[{ id = "malmo", name = "Malmö stad" }, { id = "number10", name = "Number 10", locale = "en-GB" }]"#;
    let mut config = config::load(None, [("RADSLAG_TENANTS".to_owned(), tenant.to_owned())]).unwrap().config;
    config.data.dir = folder.path().into();
    config.http.listen = "127.0.0.1:0".parse().unwrap();
    change(&mut config);
    let kit = Kit::open(&config, &[]).unwrap();
    let issuer = Issuer::open(&config.auth, &config.data.secrets_dir()).unwrap();
    let (held, shutdown) = (Arc::<Held>::default(), Shutdown::default());
    shutdown.tell(kit.health());
    let state = AppState { kit: kit.clone(), held: Arc::clone(&held) };
    let app = kit.wrap(routes().with_state(state));
    let listener = serve::bind(&config.http).unwrap();
    let address = listener.local_addr().unwrap();
    let end = shutdown.clone();
    let server = tokio::spawn(async move { serve::serve(listener, app, &config.http, end).await.unwrap() });
    Bench { address, kit, held, shutdown, server, issuer, _folder: folder }
}

impl Bench {
    pub(crate) fn token(&self, tenant: &str, roles: &[Role]) -> String {
        let now = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH).unwrap().as_secs();
        let (tenant, roles) = (tenant.to_owned(), roles.to_vec());
        let grant = Grant { tenant, subject: "dev".into(), roles, name: None, assurance: None, valid_s: 600 };
        self.issuer.issue(&grant, now).unwrap()
    }

    pub(crate) async fn connect(&self) -> Wire {
        Wire(TcpStream::connect(self.address).await.unwrap())
    }

    /// Sends a request on a connection of its own: the first line, headers, a body.
    pub(crate) async fn send(&self, line: &str, headers: &[&str], body: &str) -> Answer {
        let mut wire = self.connect().await;
        wire.write(&request(line, headers, body)).await;
        wire.answer().await.unwrap()
    }

    pub(crate) async fn get(&self, path: &str) -> Answer {
        self.send(&format!("GET {path}"), &[], "").await
    }

    pub(crate) async fn post_json(&self, path: &str, body: &str) -> Answer {
        self.send(&format!("POST {path}"), &["content-type: application/json"], body).await
    }
}

pub(crate) fn request(line: &str, headers: &[&str], body: &str) -> String {
    let mut text = format!("{line} HTTP/1.1\r\nhost: test\r\ncontent-length: {}\r\n", body.len());
    for header in headers {
        text += header;
        text += "\r\n";
    }
    text + "\r\n" + body
}

pub(crate) struct Wire(TcpStream);

impl Wire {
    pub(crate) async fn write(&mut self, text: &str) {
        self.0.write_all(text.as_bytes()).await.unwrap();
    }

    /// Whether the server ended the connection without another byte.
    pub(crate) async fn is_closed(&mut self) -> bool {
        matches!(self.0.read(&mut [0]).await, Ok(0) | Err(_))
    }

    /// The head of the next answer, whatever length of body it announces; `None` if the connection ends before it.
    pub(crate) async fn answer_head(&mut self) -> Option<Answer> {
        let mut bytes = Vec::new();
        while !bytes.ends_with(b"\r\n\r\n") {
            bytes.push(self.0.read_u8().await.ok()?);
        }
        let text = String::from_utf8(bytes).unwrap();
        let mut lines = text.lines();
        let status = lines.next()?.split(' ').nth(1)?.parse().ok()?;
        let headers: Vec<(String, String)> = lines
            .filter_map(|line| line.split_once(": "))
            .map(|(name, value)| (name.to_owned(), value.to_owned()))
            .collect();
        Some(Answer { status, headers, body: String::new() })
    }

    /// The next answer; `None` if the connection ends before it.
    pub(crate) async fn answer(&mut self) -> Option<Answer> {
        let mut answer = self.answer_head().await?;
        let length = answer.header("content-length").map_or(0, |length| length.parse().unwrap());
        let mut body = vec![0; length];
        self.0.read_exact(&mut body).await.ok()?;
        answer.body = String::from_utf8(body).unwrap();
        Some(answer)
    }
}

#[derive(Debug)]
pub(crate) struct Answer {
    pub(crate) status: u16,
    pub(crate) headers: Vec<(String, String)>,
    pub(crate) body: String,
}

impl Answer {
    pub(crate) fn header(&self, name: &str) -> Option<&str> {
        self.headers.iter().find(|(known, _)| known == name).map(|(_, value)| value.as_str())
    }

    pub(crate) fn json(&self) -> Value {
        serde_json::from_str(&self.body).unwrap_or_else(|error| panic!("{error}: {}", self.body))
    }

    /// Status and code, after checking what every problem has.
    #[track_caller]
    pub(crate) fn problem(&self) -> (u16, String) {
        assert_eq!(self.header("content-type"), Some("application/problem+json"), "{self:?}");
        let json = self.json();
        assert_eq!(json["status"], self.status);
        assert_eq!(json["instance"].as_str(), self.header("x-request-id"));
        assert!(!json["title"].as_str().unwrap().is_empty());
        assert_eq!(self.header("x-content-type-options"), Some("nosniff"));
        (self.status, json["code"].as_str().unwrap().to_owned())
    }
}

#[track_caller]
pub(crate) fn assert_problem(answer: &Answer, status: u16, code: &str) {
    assert_eq!(answer.problem(), (status, code.to_owned()), "{answer:?}");
}
