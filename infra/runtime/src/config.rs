//! Configuration: one small struct a concern, from one TOML file and the environment. Secrets are named by file.
//!
//! `[http] listen = "..."` in the file is `RADSLAG_HTTP__LISTEN=...` in the environment, which wins. A key nobody
//! knows is refused with the nearest known name and its line; so is a variable with `__` in its name.

mod load;
mod mail;
mod print;
mod sections;
mod tenant;

pub use load::{ConfigError, Loaded, Origin, load};
pub use mail::{Internal, Mail, SmtpTls};
pub use sections::{Attachments, Auth, Bi, Bus, Data, Http, Limits, LogFormat, Readmodel, Telemetry};
pub use tenant::{Attaching, Integration, Offer, Politician, Scan, Tenant};

use serde::{Deserialize, Serialize};

/// Everything that can be configured, by concern.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Config {
    /// Where things are kept.
    pub data: Data,
    /// The HTTP server.
    pub http: Http,
    /// How much one network may do.
    pub limits: Limits,
    /// The read tables.
    pub readmodel: Readmodel,
    /// Who reads the views that dashboards are made of.
    pub bi: Bi,
    /// How events travel.
    pub bus: Bus,
    /// Outgoing mail.
    pub mail: Mail,
    /// Calls between services.
    pub internal: Internal,
    /// Whose tokens are believed.
    pub auth: Auth,
    /// Who looks at files that citizens attach.
    pub attachments: Attachments,
    /// What is logged, and how.
    pub telemetry: Telemetry,
    /// The organisations served.
    pub tenants: Vec<Tenant>,
}
