//! `radslag bi`: who reads the views of which tenant, and what Grafana shows of them.

pub(crate) mod check;
pub(crate) mod grafana;

use std::{fs, path::Path};

use anyhow::{Context as _, Result};
use radslag_readmodel::view::roles::{self, Bounds};
use radslag_runtime::{Config, http::bi::Shown};
use serde::Serialize;
use tokio_postgres::{Client, NoTls};

use crate::{cli::bi::RolesArgs, print, said::Said, settings::Settings};

/// The views of every service.
pub(crate) fn views() -> Vec<Shown> {
    [radslag_petitions::http::views(), radslag_notifications::http::views()].concat()
}

/// Each service and projection that has views, once.
fn shown() -> Vec<(&'static str, &'static str)> {
    let mut places: Vec<_> = views().iter().map(|shown| (shown.service, shown.projection)).collect();
    places.dedup();
    places
}

/// Every role, the one of the installation first.
fn roles_of(config: &Config) -> Vec<(String, Option<&str>)> {
    let readers = &config.bi.readers;
    let of_tenants =
        config.tenants.iter().map(|tenant| (roles::role(readers, &tenant.id), Some(tenant.id.as_str())));
    std::iter::once((readers.clone(), None)).chain(of_tenants).collect()
}

#[derive(Serialize)]
struct Roles {
    roles: Vec<String>,
    /// Whether they were made, or are only told.
    made: bool,
    sql: String,
}

/// Prints or runs what makes the roles.
pub(crate) fn run(args: &RolesArgs, settings: &Settings, said: Said) -> Result<()> {
    let config = settings.config();
    let bounds =
        Bounds { statement_timeout_ms: config.bi.statement_timeout_ms, connections: config.bi.connections };
    let tenants: Vec<&str> = config.tenants.iter().map(|tenant| tenant.id.as_str()).collect();
    let sql = roles::statements(&config.bi.readers, bounds, &tenants, &shown())?;
    if let Some(file) = &args.run_as {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
        runtime.block_on(async {
            let client = connect(file).await?;
            client.batch_execute(&sql).await.context("the roles can't be made")
        })?;
    }
    let roles = roles_of(config).into_iter().map(|(role, _)| role).collect();
    let told = Roles { roles, made: args.run_as.is_some(), sql };
    print::result(
        args.json,
        &told,
        || if told.made { said.roles_made(&told.roles) } else { told.sql.clone() },
    )
}

/// A connection to the database whose URL stands in a file.
async fn connect(file: &Path) -> Result<Client> {
    let url = fs::read_to_string(file).with_context(|| format!("{} can't be read", file.display()))?;
    let (client, connection) = tokio_postgres::connect(url.trim(), NoTls)
        .await
        .with_context(|| format!("the database that {} names can't be reached", file.display()))?;
    tokio::spawn(connection);
    Ok(client)
}
