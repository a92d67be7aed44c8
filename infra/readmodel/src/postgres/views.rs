//! Views beside the tables of a generation: made with it, and put in place of others when their description changed.

use std::time::Duration;

use deadpool_postgres::{GenericClient, Transaction};
use tokio_postgres::error::SqlState;

use crate::{
    error::{Error, Result, postgres},
    postgres::{Postgres, advisory},
    view::Made,
};

/// No reader waits longer for what is being replaced. Shorter than Postgres' `deadlock_timeout`, so that of a reader and
/// whoever replaces what it reads, it is never the reader that is told of a deadlock.
pub(crate) const WAIT: &str = "SET LOCAL lock_timeout = '200ms'";
/// Between two attempts.
const REST: Duration = Duration::from_millis(100);
/// How often it is tried: a reader's longest statement is over by then.
const ATTEMPTS: u32 = 300;

/// Makes the views in a schema that is on the search path, and lets its reader read them.
pub(crate) async fn make(client: &impl GenericClient, views: &Made, namespace: &str) -> Result<()> {
    if views.is_empty() {
        return Ok(());
    }
    let all = format!("{};\n{}", views.text(), views.grants(namespace));
    client.batch_execute(&all).await.map_err(postgres("make the views"))
}

/// Brings the views of tables that are there to what is described, in one transaction, and lets a reader in that came since.
/// Where a reader won't let go of them they stay as they are until the next start.
pub(crate) async fn settle(of: &Postgres) -> Result<()> {
    // Tables of another version are made again, and their views with them.
    if of.meta().await?.fresh(&of.schema).is_err() {
        return Ok(());
    }
    let replaced = patiently(async || replace(of).await).await?;
    if !replaced {
        tracing::warn!(
            schema = of.namespace,
            "views for dashboards are in use and stay as they were until the next start"
        );
    }
    admit(of).await
}

/// Does what waits for readers until it is done, or it has been tried for long enough.
pub(crate) async fn patiently(attempt: impl AsyncFn() -> Result<()>) -> Result<bool> {
    for _ in 0..ATTEMPTS {
        match attempt().await {
            Err(Error::Postgres { source, .. }) if source.code() == Some(&SqlState::LOCK_NOT_AVAILABLE) => {
                tokio::time::sleep(REST).await;
            }
            done => return done.map(|()| true),
        }
    }
    Ok(false)
}

async fn replace(of: &Postgres) -> Result<()> {
    let doing = "replace the views";
    let kept = of.query("views", "SELECT views FROM _meta WHERE one = 1", &[]).await?;
    let kept =
        kept.first().map(|row| row.opt_text("views")).transpose()?.flatten().unwrap_or_default().to_owned();
    if kept == of.views.text() {
        return Ok(());
    }
    let mut client = of.client().await?;
    let transaction = client.transaction().await.map_err(postgres(doing))?;
    let begin = format!("{WAIT}; {}; {}", advisory(&of.namespace), of.search_path("LOCAL"));
    transaction.batch_execute(&begin).await.map_err(postgres(doing))?;
    drop_all(&transaction, &of.namespace).await?;
    make(&transaction, &of.views, &of.namespace).await?;
    let update = "UPDATE _meta SET views = $1 WHERE one = 1";
    transaction.execute(update, &[&of.views.text()]).await.map_err(postgres(doing))?;
    transaction.commit().await.map_err(postgres(doing))
}

async fn drop_all(transaction: &Transaction<'_>, namespace: &str) -> Result<()> {
    let doing = "replace the views";
    let found = "SELECT viewname::text FROM pg_catalog.pg_views WHERE schemaname = $1";
    for row in transaction.query(found, &[&namespace]).await.map_err(postgres(doing))? {
        let view: String = row.try_get(0).map_err(postgres(doing))?;
        let drop = format!("DROP VIEW \"{namespace}\".\"{view}\"");
        transaction.batch_execute(&drop).await.map_err(postgres(doing))?;
    }
    Ok(())
}

/// Lets the reader in, if there is one that isn't yet.
async fn admit(of: &Postgres) -> Result<()> {
    if of.views.is_empty() {
        return Ok(());
    }
    let outside = "SELECT 1 FROM pg_catalog.pg_roles AS r, pg_catalog.pg_namespace AS n \
                   WHERE r.rolname = $1 AND n.nspname = $2 AND NOT has_schema_privilege(r.oid, n.oid, 'USAGE')";
    let client = of.client().await?;
    let found = client.query_opt(outside, &[&of.views.reader, &of.namespace]).await;
    if found.map_err(postgres("look for readers"))?.is_some() {
        let grants = of.views.grants(&of.namespace);
        client.batch_execute(&grants).await.map_err(postgres("let readers in"))?;
    }
    Ok(())
}
