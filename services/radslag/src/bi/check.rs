//! `radslag bi check`: what the roles that read views may do in the database as it is, compared with what they should.

use std::collections::BTreeSet;

use anyhow::{Context as _, Result};
use radslag_runtime::Config;
use serde::Serialize;
use tokio_postgres::Client;

use super::{connect, roles_of, views};
use crate::{
    cli::bi::CheckArgs,
    failure::{AlreadySaid, Usage},
    print,
    said::Said,
    settings::Settings,
};

/// What a role may do, and what is wrong with that.
#[derive(Debug, Serialize)]
pub(crate) struct Found {
    pub(crate) role: String,
    /// Views it reads, as it should.
    pub(crate) views: usize,
    pub(crate) wrong: Vec<Wrong>,
}

/// What isn't as it should be.
#[derive(Debug, Serialize)]
#[serde(rename_all = "kebab-case", tag = "what", content = "which")]
pub(crate) enum Wrong {
    /// There is no such role.
    NoRole,
    /// It may do what a reader doesn't need: its attributes.
    Powers(Vec<String>),
    /// Nothing ends its statements.
    NoTimeout,
    /// It can make things in the database: temporary tables, or schemas.
    Makes,
    /// These views it should read and can't, or they aren't made yet.
    Missing(Vec<String>),
    /// These it can read or write and shouldn't.
    Beyond(Vec<String>),
}

const ROLE: &str = "SELECT r.rolname, array_remove(ARRAY[CASE WHEN rolsuper THEN 'SUPERUSER' END, \
     CASE WHEN rolcreaterole THEN 'CREATEROLE' END, CASE WHEN rolcreatedb THEN 'CREATEDB' END, \
     CASE WHEN rolreplication THEN 'REPLICATION' END, CASE WHEN rolbypassrls THEN 'BYPASSRLS' END], NULL) AS powers, \
     EXISTS (SELECT FROM pg_catalog.pg_db_role_setting AS s, unnest(s.setconfig) AS set \
         WHERE s.setrole = r.oid AND set LIKE 'statement_timeout=%') AS bounded, \
     has_database_privilege(r.oid, current_database(), 'CREATE, TEMPORARY') AS makes \
     FROM pg_catalog.pg_roles AS r WHERE r.rolname = $1";
/// Of a generation that another has replaced, the name without its number.
const TOUCHED: &str = "SELECT DISTINCT split_part(n.nspname, '#', 1) || '.' || c.relname \
     FROM pg_catalog.pg_class AS c JOIN pg_catalog.pg_namespace AS n ON n.oid = c.relnamespace, pg_catalog.pg_roles AS r \
     WHERE r.rolname = $1 AND c.relkind IN ('r', 'v', 'm', 'p', 'f', 'S') AND n.nspname NOT IN ('pg_catalog', 'information_schema') \
     AND n.nspname !~ '^pg_(toast|temp)' AND has_schema_privilege(r.oid, n.oid, 'USAGE') \
     AND CASE c.relkind WHEN 'S' THEN has_sequence_privilege(r.oid, c.oid, 'USAGE, SELECT, UPDATE') \
         ELSE has_table_privilege(r.oid, c.oid, 'SELECT, INSERT, UPDATE, DELETE, TRUNCATE, REFERENCES, TRIGGER') END";

/// Compares and tells.
pub(crate) fn run(args: &CheckArgs, settings: &Settings, said: Said) -> Result<()> {
    let config = settings.config();
    let Some(file) = &config.readmodel.postgres_url_file else {
        return Err(Usage(said.no_views().to_owned()).into());
    };
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    let found = runtime.block_on(async { all(&connect(file).await?, config).await })?;
    print::result(args.json, &found, || found.iter().map(|one| said.reader(one)).collect())?;
    if found.iter().all(|one| one.wrong.is_empty()) { Ok(()) } else { Err(AlreadySaid.into()) }
}

async fn all(client: &Client, config: &Config) -> Result<Vec<Found>> {
    let mut found = Vec::new();
    for (role, tenant) in roles_of(config) {
        let tenants = config.tenants.iter().map(|tenant| tenant.id.as_str());
        let own: Vec<&str> = tenants.filter(|id| tenant.is_none_or(|tenant| tenant == *id)).collect();
        found.push(one(client, role, &own).await?);
    }
    Ok(found)
}

async fn one(client: &Client, role: String, tenants: &[&str]) -> Result<Found> {
    let asked = "the rights of a role can't be read";
    let Some(row) = client.query_opt(ROLE, &[&role]).await.context(asked)? else {
        return Ok(Found { role, views: 0, wrong: vec![Wrong::NoRole] });
    };
    let powers: Vec<String> = row.try_get("powers").context(asked)?;
    let (bounded, makes): (bool, bool) =
        (row.try_get("bounded").context(asked)?, row.try_get("makes").context(asked)?);
    let touched = client.query(TOUCHED, &[&role]).await.context(asked)?;
    let touched =
        touched.iter().map(|row| row.try_get(0)).collect::<Result<BTreeSet<String>, _>>().context(asked)?;
    let views = views();
    let expected: BTreeSet<String> = tenants
        .iter()
        .flat_map(|tenant| {
            views
                .iter()
                .map(move |one| format!("{tenant}_{}_{}.{}", one.service, one.projection, one.view.name))
        })
        .collect();
    let missing: Vec<String> = expected.difference(&touched).cloned().collect();
    let beyond: Vec<String> = touched.difference(&expected).cloned().collect();
    let wrong = [
        (!powers.is_empty()).then_some(Wrong::Powers(powers)),
        (!bounded).then_some(Wrong::NoTimeout),
        makes.then_some(Wrong::Makes),
        (!missing.is_empty()).then_some(Wrong::Missing(missing)),
        (!beyond.is_empty()).then_some(Wrong::Beyond(beyond)),
    ];
    let views = expected.intersection(&touched).count();
    Ok(Found { role, views, wrong: wrong.into_iter().flatten().collect() })
}
