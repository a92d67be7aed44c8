//! The service as a process of its own: a log and tables for each tenant, the routes, what runs beside them, and whom it
//! asks and hears of.

use std::{sync::Arc, time::Duration};

use radslag_eventlog::log;
use radslag_readmodel::rebuild::Options;
use radslag_runtime::{
    Config, Kit,
    bus::Bus,
    http::{Health, bi, openapi, tlog},
    internal::{Caller, Certified},
    letters::READY,
    process::{Process, ProcessError, because},
    serve::{Shutdown, Tasks},
    service::{Failure, Service as _},
};

use crate::{
    http::{self, Api, Offices},
    shell::{Notifications, Office, asking::Remote, listening, means, owner::Owners, run},
};

/// How often it looks whether an owner is there.
const LOOK_EVERY: Duration = Duration::from_secs(2);

/// Serves all tenants until it is told to stop. A process has a data folder of its own.
///
/// # Errors
/// What can't be opened or listened on.
pub async fn serve(config: &Config) -> Result<(), ProcessError> {
    let mut process = Process::start(config, &[http::PROBLEMS], http::COMMANDS)?;
    let owners = owners(&mut process)?;
    if !process.has_database().await {
        return process.end().await;
    }
    let (kit, mut offices) = (process.kit.clone(), Offices::new());
    for tenant in kit.tenants() {
        let means = means::of(config, &tenant.id, &process.url, owners.clone());
        let means = means.map_err(because("nothing can be sent"))?;
        let opened = match process.ground(tenant) {
            Ok(ground) => {
                Office::open(tenant.clone(), &ground, &process.writer, &process.backend, means).await
            }
            Err(failure) => Err(failure),
        };
        offices.insert(tenant.id.clone(), ready(opened, config, &kit, &tenant.id).await);
    }
    relay(&offices, &process.bus, (&mut process.tasks, &process.shutdown)).await?;
    start(&offices, &kit, &mut process.tasks, &process.shutdown);
    if config.internal.petitions_url.is_some() {
        let Process { bus, tasks, shutdown, .. } = &mut process;
        for office in offices.values().flatten() {
            let heard = listening::listen(office, bus, (tasks, kit.health(), shutdown)).await;
            heard.map_err(because("petitions can't be heard of"))?;
        }
    }
    let document = http::document().merge_from(bi::document());
    let document = openapi::route(&document).map_err(because("its description can't be written"))?;
    let routes = http::routes(Api::new(kit, offices.clone())).merge(document);
    let routes = routes.merge(bi::routes(&http::views(), &process.backend));
    process.serve(routes.merge(tlog::routes(logs(&offices)))).await
}

/// Who is asked over TLS, as configured; `/readyz` says who doesn't answer.
fn owners(process: &mut Process<'_>) -> Result<Owners, ProcessError> {
    let Some(url) = &process.config.internal.petitions_url else { return Ok(Owners::default()) };
    let certified = Certified::open(&process.config.internal);
    let certified = certified.map_err(because("its certificate can't be used"))?;
    let caller = || Caller::new(certified.clone(), url).map_err(because("`internal.petitions_url`"));
    let (asked, name, health) = (caller()?, format!("petitions at {url}"), process.kit.health().clone());
    health.set(name.clone(), Err("not asked yet".into()));
    let end = process.shutdown.clone();
    process.tasks.spawn("owner", async move {
        tokio::select! {
            () = end.begun() => {}
            () = looking(&asked, &name, &health) => {}
        }
    });
    Ok(Owners::default().with("petitions", Arc::new(Remote(caller()?))))
}

async fn looking(owner: &Caller, name: &str, health: &Health) {
    loop {
        let answer = owner.call(READY, Vec::new()).await;
        health.set(name, answer.map(drop).map_err(|error| error.to_string()));
        tokio::time::sleep(LOOK_EVERY).await;
    }
}

/// Carries every log to the bus. First of all, since nothing is written before the two were compared.
///
/// # Errors
/// If the bus can't be used as configured.
pub async fn relay(
    offices: &Offices,
    bus: &Bus,
    (tasks, shutdown): (&mut Tasks, &Shutdown),
) -> Result<(), ProcessError> {
    for office in offices.values().flatten() {
        if bus.is_remote() {
            office.log.hold("the bus hasn't been compared with the log yet");
        }
        let relayed =
            bus.relay(&office.log, (&office.tenant.id, Notifications::NAME), (tasks, shutdown)).await;
        relayed.map_err(because("its events can't be carried to the bus"))?;
    }
    Ok(())
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
