//! The service as a process of its own, and the parts of that which one process for all services does too: a log and tables
//! for each tenant, what runs beside them, the routes, and what other services are answered.

use std::{path::Path, sync::Arc, time::Duration};

use axum::Router;
use radslag_eventlog::log;
use radslag_readmodel::rebuild::Options;
use radslag_runtime::{
    Config, Kit,
    bus::Bus,
    http::{bi, openapi, tlog},
    internal::{self, Certified},
    letters::{self, Counted},
    process::{Process, ProcessError, because},
    serve::{Shutdown, Tasks},
    service::{Failure, Service as _},
};
use tokio::net::TcpListener;

use crate::{
    http::{self, Api, Offices},
    shell::{Office, Petitions, letters::owner::Owner, run},
};

/// Serves all tenants until it is told to stop.
///
/// # Errors
/// What can't be opened or listened on.
pub async fn serve(config: &Config) -> Result<(), ProcessError> {
    let mut process = Process::start(config, &[http::PROBLEMS], http::COMMANDS)?;
    if !process.has_database().await {
        return process.end().await;
    }
    let (kit, mut offices) = (process.kit.clone(), Offices::new());
    for tenant in kit.tenants() {
        let opened = match process.ground(tenant) {
            Ok(ground) => {
                let shared = config.limits.shared_networks.clone();
                Office::open(tenant.clone(), &ground, &process.writer, &process.backend, shared).await
            }
            Err(failure) => Err(failure),
        };
        offices.insert(tenant.id.clone(), ready(opened, config, &kit, &tenant.id).await);
    }
    relay(&offices, &process.bus, (&mut process.tasks, &process.shutdown)).await?;
    start(&offices, config, &kit, (&mut process.tasks, &process.shutdown));
    answer_others(&mut process, &offices).await?;
    let api = Api::new(kit, offices.clone()).map_err(because("a page can't be read"))?;
    let routes = http::routes(api.ending_with(process.shutdown.clone()));
    let document = http::document().merge_from(http::figures_document());
    let document = document.merge_from(tlog::document()).merge_from(bi::document());
    let document = openapi::route(&document).map_err(because("its description can't be written"))?;
    let routes = routes.merge(document).merge(bi::routes(&http::views(), &process.backend));
    process.serve(routes.merge(tlog::routes(logs(&offices)))).await
}

/// Answers other services, if it is configured to: whom letters go to is asked here and nowhere else.
async fn answer_others(process: &mut Process<'_>, offices: &Offices) -> Result<(), ProcessError> {
    let Some(address) = process.config.internal.listen else { return Ok(()) };
    let certified = Certified::open(&process.config.internal);
    let certified = certified.map_err(because("its certificate can't be used"))?;
    let listener = TcpListener::bind(address).await;
    let listener = listener.map_err(because("`internal.listen` can't be listened on"))?;
    let owner = Arc::new(Owner::new(offices.values().flatten(), &process.url));
    let app: Router = letters::routes(Counted::new(owner, process.kit.metrics()));
    let end = process.shutdown.clone();
    process.tasks.spawn("internal", async move { internal::serve(listener, &certified, app, end).await });
    Ok(())
}

/// An office with tables that are of its log, which takes nothing before the bus was compared with it. A tenant whose log is
/// damaged stops alone, and `/readyz` says why.
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
        tracing::error!(tenant, error = %failure, cause, "a tenant can't be served");
        format!("{failure}: {cause}")
    });
    let name = format!("petitions of {tenant}");
    match &told {
        Ok(office) => {
            if config.bus.nats_url.is_some() {
                office.log.hold("the bus hasn't been compared with the log yet");
            }
            kit.metrics().watch(office.reach());
            let this = office.clone();
            kit.health().check(format!("log of {name}"), move || match this.log.health() {
                log::Health::Open => Ok(()),
                log::Health::ReadOnly(reason, _) => Err(reason),
                log::Health::Damaged(error) => Err(error.to_string()),
            });
        }
        Err(reason) => kit.health().set(name, Err(reason.clone())),
    }
    told
}

/// Makes tables again that are of another version than the code, or have read what the log doesn't say (any more).
///
/// # Errors
/// `Readmodel`, `Log`, `Vault`, `Malformed`.
pub async fn fresh(office: &Office, config: &Config) -> Result<(), Failure> {
    let options = || Options::new(config.data.derived_dir().join("rebuild"));
    for running in office.projections() {
        if running.store.is_stale().await? || !running.holds().await? {
            tracing::warn!(
                tenant = office.tenant.id,
                projection = running.projection.name,
                "making read tables again"
            );
            running.rebuild(options(), Arc::new(|_| ())).await?.promote(&running.store).await?;
            running.settle().await?;
        }
    }
    office.load_counts().await
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
        let relayed = bus.relay(&office.log, (&office.tenant.id, Petitions::NAME), (tasks, shutdown)).await;
        relayed.map_err(because("its events can't be carried to the bus"))?;
    }
    Ok(())
}

/// Starts what runs beside the requests of every office.
pub fn start(offices: &Offices, config: &Config, kit: &Kit, (tasks, shutdown): (&mut Tasks, &Shutdown)) {
    for office in offices.values().flatten() {
        run::start(office, tasks, (kit.health(), shutdown));
        let (this, ground, end) = (office.clone(), config.data.ground_dir(), shutdown.clone());
        tasks.spawn("clock", async move {
            tokio::select! {
                () = end.begun() => {}
                () = accept_clock(&this, &ground) => {}
            }
        });
    }
}

/// Looks every second whether somebody has accepted the clock as it is.
async fn accept_clock(office: &Office, ground: &Path) {
    let file = ground.join(&office.tenant.id).join("clock-accept");
    let mut ticker = tokio::time::interval(Duration::from_secs(1));
    loop {
        ticker.tick().await;
        if std::fs::remove_file(&file).is_ok() {
            office.log.accept_clock();
            tracing::warn!(tenant = office.tenant.id, "the clock was accepted as it is");
        }
    }
}

/// The logs that can be checked by anybody.
#[must_use]
pub fn logs(offices: &Offices) -> tlog::Logs {
    let served = offices.iter().filter_map(|(tenant, office)| Some((tenant, office.as_ref().ok()?)));
    served.map(|(tenant, office)| ((tenant.clone(), Petitions::NAME.into()), office.log.clone())).collect()
}
