//! The service as a process of its own: a log and tables for each tenant, the routes, and what runs beside them.

use std::sync::Arc;

use radslag_eventlog::{Clock, FolderLock, Writer, log};
use radslag_readmodel::{Backend, rebuild::Options};
use radslag_runtime::{
    Config, Kit,
    ground::{Folders, Tenant},
    http::{Health, openapi, tlog},
    serve::{self, Shutdown, Tasks},
    service::{Failure, Service as _},
};

use crate::{
    http::{self, Api, Offices},
    shell::{Notifications, Office, means, owner::Owners, run},
};

/// Why the process ends before its time.
#[derive(Debug, thiserror::Error)]
#[error("the notifications service can't be served: {what}")]
pub struct ProcessError {
    what: &'static str,
    #[source]
    source: Box<dyn std::error::Error + Send + Sync>,
}

fn because<E: Into<Box<dyn std::error::Error + Send + Sync>>>(
    what: &'static str,
) -> impl Fn(E) -> ProcessError {
    move |source| ProcessError { what, source: source.into() }
}

/// Serves all tenants until it is told to stop. A process has a data folder of its own.
///
/// # Errors
/// What can't be opened or listened on.
pub async fn serve(config: &Config, backend: Backend, owners: Owners) -> Result<(), ProcessError> {
    let folders = folders(config);
    std::fs::create_dir_all(&folders.ground).map_err(because("its folder can't be made"))?;
    let _lock = FolderLock::take(&folders.ground).map_err(because("its folder is in use"))?;
    let writer = Writer::start().map_err(because("the log's threads can't be started"))?;
    let kit =
        Kit::open(config, &[http::PROBLEMS]).map_err(because("what its routes share can't be opened"))?;
    kit.roles().must_know(http::COMMANDS).map_err(because("the table of roles lacks a command"))?;
    let shutdown = Shutdown::at_signals(kit.health()).map_err(because("signals can't be heard"))?;
    let listener = serve::bind(&config.http).map_err(because("its address can't be listened on"))?;
    let address = listener.local_addr().map_err(because("it has no address"))?;
    let url = config.http.public_url.clone().unwrap_or_else(|| format!("http://{address}"));
    let mut tasks = Tasks::new(shutdown.clone(), kit.health().clone());
    let mut offices = Offices::new();
    for tenant in kit.tenants() {
        let means =
            means::of(config, &tenant.id, &url, owners.clone()).map_err(because("nothing can be sent"))?;
        let clock = Arc::new(Clock::system(tenant.clock_offset_ms.unwrap_or(0)));
        let opened = match Tenant::open(&folders, &tenant.id, clock) {
            Ok(ground) => {
                let ground = ground.of(&config.http.installation());
                Office::open(tenant.clone(), &ground, &writer, &backend, means).await
            }
            Err(failure) => Err(failure),
        };
        offices.insert(tenant.id.clone(), ready(opened, config, &kit, &tenant.id).await);
    }
    start(&offices, &kit, &mut tasks, &shutdown);
    let document = openapi::route(&http::document()).map_err(because("its description can't be written"))?;
    let routes = http::routes(Api::new(kit.clone(), offices.clone())).merge(document);
    let app = kit.wrap(routes.merge(tlog::routes(logs(&offices))));
    let served = serve::serve(listener, app, &config.http, shutdown).await;
    tasks.end(config.http.drain()).await;
    served.map_err(because("it stopped answering"))
}

fn folders(config: &Config) -> Folders {
    let data = &config.data;
    Folders { ground: data.ground_dir(), derived: data.derived_dir(), secrets: data.secrets_dir() }
}

/// Makes tables again that are of another version than the code, or have read what the log doesn't say (any more).
async fn fresh(office: &Office, config: &Config) -> Result<(), Failure> {
    let temporary = || Options::new(config.data.derived_dir().join("rebuild"));
    for running in office.projections() {
        if running.store.is_stale().await? || !running.holds().await? {
            tracing::warn!(
                tenant = office.tenant.id,
                projection = running.projection.name,
                "making read tables again"
            );
            running.rebuild(temporary(), Arc::new(|_| ())).await?.promote(&running.store).await?;
            running.settle().await?;
        }
    }
    Ok(())
}

/// An office with tables that are of its log. A tenant whose log is damaged stops alone, and `/readyz` says why.
///
/// # Errors
/// Why it can't serve.
pub async fn ready(
    opened: Result<Arc<Office>, Failure>,
    config: &Config,
    kit: &Kit,
    tenant: &str,
) -> Result<Arc<Office>, String> {
    let opened = match opened {
        Ok(office) => fresh(&office, config).await.map(|()| office),
        Err(failure) => Err(failure),
    };
    let told = opened.map_err(|failure| {
        let cause = std::error::Error::source(&failure).map(ToString::to_string).unwrap_or_default();
        tracing::error!(tenant, error = %failure, cause, "a tenant's letters can't be served");
        format!("{failure}: {cause}")
    });
    kit.health().set(format!("notifications of {tenant}"), told.as_ref().map(drop).map_err(Clone::clone));
    told
}

/// Starts what runs beside the requests of every office, and shows how far each is.
pub fn start(offices: &Offices, kit: &Kit, tasks: &mut Tasks, shutdown: &Shutdown) {
    for office in offices.values().flatten() {
        kit.metrics().watch(office.reach());
        watch(kit.health(), office);
        run::start(office, tasks, (kit.health(), shutdown));
    }
}

/// `/readyz` says when a log takes nothing, and why.
fn watch(health: &Health, office: &Arc<Office>) {
    let this = office.clone();
    health.check(format!("log of notifications of {}", office.tenant.id), move || match this.log.health() {
        log::Health::Open => Ok(()),
        log::Health::ReadOnly(reason, _) => Err(reason),
        log::Health::Damaged(error) => Err(error.to_string()),
    });
}

/// The logs that can be checked by anybody.
#[must_use]
pub fn logs(offices: &Offices) -> tlog::Logs {
    let served = offices.iter().filter_map(|(tenant, office)| Some((tenant, office.as_ref().ok()?)));
    served
        .map(|(tenant, office)| ((tenant.clone(), Notifications::NAME.into()), office.log.clone()))
        .collect()
}
