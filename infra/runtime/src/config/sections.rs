//! The sections of the configuration, with their defaults. Units stand last in a name.

use std::net::{Ipv4Addr, SocketAddr};
use std::path::PathBuf;
use std::time::Duration;

use ipnet::IpNet;
use radslag_readmodel::view::READERS;
use serde::{Deserialize, Serialize};

use crate::scan::Clamd;

/// Where things are kept. What can be derived again is kept apart from what can't, and secrets from both.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Data {
    /// The folder under which the three others stand.
    pub dir: PathBuf,
    /// Logs, key files, checkpoints, blobs: backed up, moved and deleted together. Default: `<dir>/ground`.
    pub ground: Option<PathBuf>,
    /// Indexes and read tables: may be thrown away. Default: `<dir>/derived`.
    pub derived: Option<PathBuf>,
    /// Key-encryption keys, erasure ledgers, signing keys: outside data backups. Default: `<dir>/secrets`.
    pub secrets: Option<PathBuf>,
}

impl Default for Data {
    fn default() -> Self {
        Self { dir: "radslag-data".into(), ground: None, derived: None, secrets: None }
    }
}

impl Data {
    /// The folder of the ground state.
    #[must_use]
    pub fn ground_dir(&self) -> PathBuf {
        self.ground.clone().unwrap_or_else(|| self.dir.join("ground"))
    }

    /// The folder of what can be derived again.
    #[must_use]
    pub fn derived_dir(&self) -> PathBuf {
        self.derived.clone().unwrap_or_else(|| self.dir.join("derived"))
    }

    /// The folder of secrets.
    #[must_use]
    pub fn secrets_dir(&self) -> PathBuf {
        self.secrets.clone().unwrap_or_else(|| self.dir.join("secrets"))
    }
}

/// The HTTP server.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Http {
    /// Address and port; port 0 takes a free one, which is printed.
    pub listen: SocketAddr,
    /// How the world reaches us, for links in mails; without a slash at the end. Default: `http://<listen>`.
    pub public_url: Option<String>,
    /// Networks whose `X-Forwarded-For` and `X-Request-Id` are believed.
    pub trusted_proxies: Vec<IpNet>,
    /// Largest body of a request.
    pub body_limit_bytes: usize,
    /// Largest file that is taken in, on routes that end in `/import` or `/attachments`.
    pub file_limit_bytes: u64,
    /// How long such a file may take with its answer; then 503.
    pub file_timeout_ms: u64,
    /// How long the headers of a request may take; then the connection ends.
    pub header_timeout_ms: u64,
    /// How long the body of a request may take; then 408.
    pub body_timeout_ms: u64,
    /// How long an answer may take; then 503.
    pub timeout_ms: u64,
    /// How long requests under way may still take when the server stops.
    pub drain_ms: u64,
    /// Connections at once; further ones wait in the operating system's queue.
    pub max_connections: usize,
}

impl Default for Http {
    fn default() -> Self {
        Self {
            listen: SocketAddr::from((Ipv4Addr::LOCALHOST, 8080)),
            public_url: None,
            trusted_proxies: Vec::new(),
            body_limit_bytes: 256 * 1024,
            file_limit_bytes: 64 * 1024 * 1024,
            file_timeout_ms: 300_000,
            header_timeout_ms: 10_000,
            body_timeout_ms: 10_000,
            timeout_ms: 15_000,
            drain_ms: 20_000,
            max_connections: 10_000,
        }
    }
}

impl Http {
    /// What the names begin with under which logs are signed: the public address without its scheme, or `localhost`.
    #[must_use]
    pub fn installation(&self) -> String {
        let url = self.public_url.as_deref().unwrap_or("http://localhost");
        let name = url.split_once("://").map_or(url, |(_, name)| name);
        name.chars().map(|c| if c.is_whitespace() || c == '+' { '-' } else { c }).collect()
    }

    /// As configured, as a duration.
    #[must_use]
    pub const fn header_timeout(&self) -> Duration {
        Duration::from_millis(self.header_timeout_ms)
    }

    /// As configured, as a duration.
    #[must_use]
    pub const fn body_timeout(&self) -> Duration {
        Duration::from_millis(self.body_timeout_ms)
    }

    /// As configured, as a duration.
    #[must_use]
    pub const fn file_timeout(&self) -> Duration {
        Duration::from_millis(self.file_timeout_ms)
    }

    /// As configured, as a duration.
    #[must_use]
    pub const fn timeout(&self) -> Duration {
        Duration::from_millis(self.timeout_ms)
    }

    /// As configured, as a duration.
    #[must_use]
    pub const fn drain(&self) -> Duration {
        Duration::from_millis(self.drain_ms)
    }
}

/// How much one network (a /24, a /56) may hand in, over all of a tenant's pages; more is answered 429.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Limits {
    /// At once, after a pause.
    pub burst: u32,
    /// In the long run.
    pub per_minute: u32,
    /// Networks that many people share (schools, libraries): no signature from them is set aside for its rate.
    pub shared_networks: Vec<IpNet>,
}

impl Default for Limits {
    fn default() -> Self {
        let loopback = [
            IpNet::from(std::net::IpAddr::from([127, 0, 0, 1])),
            IpNet::from(std::net::IpAddr::V6(std::net::Ipv6Addr::LOCALHOST)),
        ];
        Self { burst: 60, per_minute: 120, shared_networks: loopback.into() }
    }
}

/// The read tables: SQLite files under the derived data, unless a Postgres is named.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Readmodel {
    /// A file with a Postgres URL in it, password included.
    pub postgres_url_file: Option<PathBuf>,
    /// Connections to Postgres at most.
    pub postgres_connections: usize,
}

impl Default for Readmodel {
    fn default() -> Self {
        Self { postgres_url_file: None, postgres_connections: 8 }
    }
}

/// Who reads the views that dashboards are made of, where the read tables are in Postgres.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Bi {
    /// The role that may read every tenant's views; with `_` and a tenant's id behind it, the one that reads that tenant's.
    pub readers: String,
    /// What `radslag bi roles` gives these roles: a statement that takes longer is ended.
    pub statement_timeout_ms: u64,
    /// The same: connections at once, each role for itself.
    pub connections: u32,
}

impl Default for Bi {
    fn default() -> Self {
        Self { readers: READERS.into(), statement_timeout_ms: 30_000, connections: 10 }
    }
}

/// How events travel: by tailing the logs, unless a NATS server is named.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Bus {
    /// `nats://host:4222`, without user or password.
    pub nats_url: Option<String>,
    /// A NATS credentials file.
    pub nats_credentials_file: Option<PathBuf>,
    /// TLS on which both sides show a certificate of the installation's own authority: that of `[internal]`.
    pub nats_tls: bool,
    /// Each tenant has an account of its own on the server, as `radslag bus accounts` writes them: this installation proves
    /// by `<secrets>/<tenant>/nats.seed` that it owns them.
    pub nats_accounts: bool,
}

/// Whose tokens are believed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Auth {
    /// The issuer's public keys as a JWK set (Ed25519, and P-256 if there is one). Where it is set, the local
    /// key isn't believed.
    pub jwks_file: Option<PathBuf>,
    /// The private key that `radslag token` signs with, made if missing. Default: `<secrets>/token.pem`.
    pub local_key_file: Option<PathBuf>,
    /// The `iss` a token must have.
    pub issuer: String,
    /// The `aud` a token must have.
    pub audience: String,
    /// How long somebody who used a one-time link to their mailbox sees what is theirs, before they need another link.
    pub session_minutes: u64,
}

impl Default for Auth {
    fn default() -> Self {
        Self {
            jwks_file: None,
            local_key_file: None,
            issuer: "radslag-local".into(),
            audience: "radslag".into(),
            session_minutes: 30,
        }
    }
}

/// Who looks at files that citizens attach. Without one no file is taken, unless a tenant says `scan = "none"`.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Attachments {
    /// Where clamd listens: `host:port`, or `unix:/path/of/its/socket`.
    pub clamd: Option<Clamd>,
}

/// What is logged, and how.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Telemetry {
    /// In the words of `tracing`: `info`, `info,radslag_eventlog=debug`.
    pub filter: String,
    /// `text` for people, `json` for machines.
    pub format: LogFormat,
}

impl Default for Telemetry {
    fn default() -> Self {
        Self { filter: "info".into(), format: LogFormat::Text }
    }
}

/// How a line of the log looks.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum LogFormat {
    /// For people.
    #[default]
    Text,
    /// One JSON object a line.
    Json,
}
