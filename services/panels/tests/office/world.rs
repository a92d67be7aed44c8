//! An office of panels in a temporary folder, and its routes as people and programs use them.

use std::sync::Arc;

use axum::{
    Router,
    body::Body,
    http::{HeaderMap, Request},
};
use http_body_util::BodyExt as _;
use radslag_eventlog::{Clock, Writer};
use radslag_kernel::Role;
use radslag_panels::{
    http::{COMMANDS, Offices, PROBLEMS, routes, state},
    shell::{Office, run},
};
use radslag_readmodel::Backend;
use radslag_runtime::{
    Config, Kit,
    auth::{Grant, Issuer},
    config,
    ground::{Folders, Tenant},
};
use serde_json::Value;
use tower::ServiceExt as _;

pub type Somebody = Option<(&'static str, Role)>;

pub const LEADER: Somebody = Some(("lena", Role::PanelLeader));
pub const OFFICIAL: Somebody = Some(("eva", Role::Official));
pub const DPO: Somebody = Some(("dora", Role::DataProtectionOfficer));
pub const AUDITOR: Somebody = Some(("rut", Role::Auditor));

pub struct World {
    pub office: Arc<Office>,
    app: Router,
    issuer: Issuer,
    _folder: tempfile::TempDir,
}

impl World {
    pub async fn open() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let at = |name: &str| folder.path().join(name);
        let tenant: config::Tenant = toml::from_str("id = \"tyreso\"\nname = \"Tyresö kommun\"").unwrap();
        let folders = Folders { ground: at("ground"), derived: at("derived"), secrets: at("secrets") };
        let ground = Tenant::open(&folders, "tyreso", Arc::new(Clock::system(0))).unwrap();
        let backend = Backend::Sqlite { dir: at("derived") };
        let writer = Writer::start().unwrap();
        let office = Office::open(Arc::new(tenant), &ground, &writer, &backend).await.unwrap();
        let running = office.panels.clone();
        tokio::spawn(async move { running.follow().await });
        let carrying = office.clone();
        tokio::spawn(async move { run::carrying(carrying).await });
        let mut config: Config =
            toml::from_str("[[tenants]]\nid = \"tyreso\"\nname = \"Tyresö kommun\"").unwrap();
        config.data.dir = at("data");
        std::fs::create_dir_all(config.data.secrets_dir()).unwrap();
        let kit = Kit::open(&config, &[PROBLEMS]).unwrap();
        kit.roles().must_know(COMMANDS).unwrap();
        let issuer = Issuer::open(&config.auth, &config.data.secrets_dir()).unwrap();
        let offices = Offices::from([("tyreso".into(), Ok(office.clone()))]);
        let app = kit.wrap(routes(state(kit.clone(), offices).unwrap()));
        Self { office, app, issuer, _folder: folder }
    }

    /// Until the tables have read what the log holds.
    pub async fn read_up(&self) {
        self.office.panels.wait_for(self.office.log.watermark()).await.unwrap();
    }

    /// As somebody in a role; nobody where there is none.
    pub async fn ask(&self, who: Somebody, method: &str, path: &str, body: &Value) -> (u16, Value) {
        let body = if body.is_null() { String::new() } else { body.to_string() };
        let (status, bytes) = self.sent(who, method, path, ("application/json", body.into_bytes())).await;
        let text = String::from_utf8_lossy(&bytes).into_owned();
        (status, serde_json::from_str(&text).unwrap_or(Value::String(text)))
    }

    /// Sends a file.
    pub async fn send(&self, who: Somebody, path: &str, kind: &str, file: &[u8]) -> (u16, Value) {
        let (status, bytes) = self.sent(who, "POST", path, (kind, file.to_vec())).await;
        (status, serde_json::from_slice(&bytes).unwrap_or(Value::Null))
    }

    /// What anybody gets, as it is.
    pub async fn get(&self, path: &str) -> Vec<u8> {
        self.sent(None, "GET", path, ("application/json", Vec::new())).await.1
    }

    async fn sent(
        &self,
        who: Somebody,
        method: &str,
        path: &str,
        (kind, body): (&str, Vec<u8>),
    ) -> (u16, Vec<u8>) {
        let uri = format!("/api/v1/tyreso{path}");
        let mut request = Request::builder().method(method).uri(uri).header("content-type", kind);
        if let Some((subject, role)) = who {
            let now = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH).unwrap().as_secs();
            let (tenant, subject) = ("tyreso".into(), subject.into());
            let grant =
                Grant { tenant, subject, roles: vec![role], name: None, assurance: None, valid_s: 600 };
            let token = self.issuer.issue(&grant, now).unwrap();
            request = request.header("authorization", format!("Bearer {token}"));
        }
        let answer = self.app.clone().oneshot(request.body(Body::from(body)).unwrap()).await.unwrap();
        let status = answer.status().as_u16();
        (status, answer.into_body().collect().await.unwrap().to_bytes().to_vec())
    }

    /// A page, as a browser asks for it.
    pub async fn page(&self, path: &str) -> Page {
        self.browse(Request::get(path).header("accept", "text/html").body(Body::empty()).unwrap()).await
    }

    /// A form, as a browser sends it.
    pub async fn post(&self, path: &str, fields: &[(&str, &str)]) -> Page {
        let encoded = |text: &str| -> String { text.bytes().map(|byte| format!("%{byte:02X}")).collect() };
        let pairs = fields.iter().map(|(name, value)| format!("{name}={}", encoded(value)));
        let body = pairs.collect::<Vec<_>>().join("&");
        let request = Request::post(path)
            .header("accept", "text/html")
            .header("content-type", "application/x-www-form-urlencoded");
        self.browse(request.body(Body::from(body)).unwrap()).await
    }

    async fn browse(&self, request: Request<Body>) -> Page {
        self.read_up().await;
        let answer = self.app.clone().oneshot(request).await.unwrap();
        let (status, headers) = (answer.status().as_u16(), answer.headers().clone());
        let bytes = answer.into_body().collect().await.unwrap().to_bytes();
        Page { status, headers, html: String::from_utf8(bytes.to_vec()).unwrap() }
    }
}

/// A page that came.
pub struct Page {
    pub status: u16,
    pub headers: HeaderMap,
    pub html: String,
}

impl Page {
    #[track_caller]
    pub fn has(&self, text: &str) {
        assert!(self.html.contains(text), "{text:?} isn't in {}", self.html);
    }

    #[track_caller]
    pub fn lacks(&self, text: &str) {
        assert!(!self.html.contains(text), "{text:?} is in {}", self.html);
    }
}
