//! A tenant's office as the service opens it, with one petition that can be signed.

use std::{path::Path, sync::Arc};

use anyhow::{Context as _, Result, anyhow};
use radslag_eventlog::{Clock, Writer};
use radslag_kernel::{AggregateId, Role};
use radslag_petitions::{
    petition::{Act, Contact, Content},
    policy::Length,
    shell::{
        Asked, Office, Wrong,
        petition::{Found, HandedIn, Proof, Staff},
    },
};
use radslag_readmodel::Backend;
use radslag_runtime::{
    Config,
    config::Tenant,
    execute::Undone,
    ground::{self, Folders},
};
use serde_json::json;

/// The tenant of every bench.
pub(crate) const TENANT: &str = "bench";
const MAILBOX: &str = "initiator@example.org";

/// A configuration with one tenant under the policy `open`, its data below a folder.
pub(crate) fn config(folder: &Path) -> Result<Config> {
    let tenant = json!({ "id": TENANT, "name": "Bench", "locale": "en-GB", "policy": "open" });
    let tenant: Tenant = serde_json::from_value(tenant).context("describing the tenant")?;
    let mut config = Config { tenants: vec![tenant], ..Config::default() };
    config.data.dir = folder.to_owned();
    config.http.listen = ([127, 0, 0, 1], 0).into();
    // The generator stands for a country, but comes from one address.
    (config.limits.burst, config.limits.per_minute) = (u32::MAX, u32::MAX);
    Ok(config)
}

/// The office, with its tables in SQLite or wherever else.
pub(crate) async fn office(
    config: &Config,
    writer: &Writer,
    backend: Option<Backend>,
) -> Result<Arc<Office>> {
    office_on(&ground(config)?, config, writer, backend).await
}

/// What the tenant's services share.
pub(crate) fn ground(config: &Config) -> Result<ground::Tenant> {
    let data = &config.data;
    let folders =
        Folders { ground: data.ground_dir(), derived: data.derived_dir(), secrets: data.secrets_dir() };
    Ok(ground::Tenant::open(&folders, TENANT, Arc::new(Clock::system(0)))?)
}

/// The office on a ground that is open.
pub(crate) async fn office_on(
    ground: &ground::Tenant,
    config: &Config,
    writer: &Writer,
    backend: Option<Backend>,
) -> Result<Arc<Office>> {
    let backend = backend.unwrap_or_else(|| Backend::Sqlite { dir: config.data.derived_dir() });
    let tenant = Arc::new(config.tenants.first().context("no tenant")?.clone());
    Ok(Office::open(tenant, ground, writer, &backend, config.limits.shared_networks.clone()).await?)
}

/// A petition that can be signed.
pub(crate) async fn petition(office: &Office) -> Result<AggregateId> {
    let (title, body) = ("A bench in every park".into(), "There is nowhere to sit.".into());
    petition_of(office, title, body, "a-bench-in-every-park".into()).await
}

/// Hands a petition in, confirms it and approves it: from then on it is open.
pub(crate) async fn petition_of(
    office: &Office,
    title: String,
    body: String,
    url_key: String,
) -> Result<AggregateId> {
    let handed = HandedIn {
        content: Content {
            title,
            body,
            background: String::new(),
            url_key,
            length: Length::Months(6),
            links: Vec::new(),
        },
        contact: Contact {
            public_name: "Ines Initiator".into(),
            party: None,
            name: "Ines Initiator".into(),
            mailbox: MAILBOX.into(),
            postcode: "21144".into(),
            language: "en".into(),
        },
        eid: None,
        registered: false,
        dialogue: None,
    };
    let (id, _) = office.hand_in(&Asked::by_system(), &handed).await.map_err(undone)?;
    let proof = Proof::Mailbox(office.tags(id).map_err(undone)?.mailbox(MAILBOX));
    let confirm = |proof| Act::ConfirmInitiator { proof };
    office.as_initiator(id, &Asked::by_system(), &proof, &confirm).await.map_err(undone)?;
    let staff =
        Staff { role: Role::Moderator, subject: "bench-moderator", ground: "part of the bench".into() };
    let approve = |by, _: &Found| Ok(Act::Approve { by, opens_on: None, url_key: None, taken: false });
    office.as_official(id, &Asked::by_system(), &staff, &approve).await.map_err(undone)?;
    Ok(id)
}

/// Why a command wasn't done.
pub(crate) fn undone(undone: Undone<Wrong>) -> anyhow::Error {
    match undone {
        Undone::Failed(failure) => failure.into(),
        other => anyhow!("the bench's petition can't be made: {other:?}"),
    }
}
