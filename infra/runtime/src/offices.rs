//! The offices of a service, of all tenants: made ready, carried to the bus, watched, and shown to whoever checks logs. One
//! whose log is damaged stops alone.

use std::{collections::BTreeMap, error::Error as _, path::PathBuf, sync::Arc, time::Duration};

use radslag_eventlog::{Log, log};
use radslag_readmodel::rebuild::Options;

use crate::{
    Config, Kit, Problem,
    bus::Bus,
    http::tlog::Logs,
    office::Office,
    process::{ProcessError, because},
    serve::{Shutdown, Tasks},
    service::{Failure, Service as _},
};

/// The file by which `radslag clock accept` tells a running process that a tenant's clock is right.
pub const CLOCK_ACCEPTED: &str = "clock-accept";
/// How often a process looks for it.
const LOOK_EVERY: Duration = Duration::from_secs(1);
/// When a tenant that can't be served is asked for again.
const AWAY: Duration = Duration::from_secs(60);

/// By tenant; why, where one can't serve.
pub type Offices<O> = BTreeMap<String, Result<Arc<O>, String>>;

/// The office of a tenant.
///
/// # Errors
/// 404 where there is none, 503 where its log is damaged.
pub fn of<'a, O>(offices: &'a Offices<O>, tenant: &str) -> Result<&'a Arc<O>, Problem> {
    match offices.get(tenant) {
        Some(Ok(office)) => Ok(office),
        Some(Err(_)) => Err(Problem::unavailable(AWAY)),
        None => Err(Problem::not_found()),
    }
}

/// An office with tables that are of its log, which takes nothing before the bus was compared with it. `/readyz` says why
/// it can't serve, or takes nothing.
///
/// # Errors
/// Why it can't serve.
pub async fn ready<O: Office>(
    opened: Result<Arc<O>, Failure>,
    config: &Config,
    kit: &Kit,
    tenant: &str,
) -> Result<Arc<O>, String> {
    let opened = match opened {
        Ok(office) => fresh(&*office, config).await.map(|()| office),
        Err(failure) => Err(failure),
    };
    let name = format!("{} of {tenant}", O::Service::NAME);
    match opened {
        Ok(office) => {
            if config.bus.nats_url.is_some() {
                office.log.hold("the bus hasn't been compared with the log yet");
            }
            kit.metrics().watch(office.reach());
            let log = office.log.clone();
            kit.health().check(format!("log of {name}"), move || match log.health() {
                log::Health::Open => Ok(()),
                log::Health::ReadOnly(reason, _) => Err(reason),
                log::Health::Damaged(error) => Err(error.to_string()),
            });
            Ok(office)
        }
        Err(failure) => {
            let cause = failure.source().map(ToString::to_string).unwrap_or_default();
            tracing::error!(tenant, service = O::Service::NAME, error = %failure, cause, "a tenant can't be served");
            let reason = format!("{failure}: {cause}");
            kit.health().set(name, Err(reason.clone()));
            Err(reason)
        }
    }
}

/// Makes tables again that are of another version than the code, or have read what the log doesn't say (any more).
///
/// # Errors
/// `Readmodel`, `Log`, `Vault`, `Malformed`.
pub async fn fresh<O: Office>(office: &O, config: &Config) -> Result<(), Failure> {
    let options = || Options::new(config.data.derived_dir().join("rebuild"));
    for running in office.projections() {
        if running.store.is_stale().await? || !running.holds().await? {
            tracing::warn!(
                tenant = office.tenant.id,
                service = O::Service::NAME,
                projection = running.projection.name,
                "making read tables again"
            );
            running.rebuild(options(), Arc::new(|_| ())).await?.promote(&running.store).await?;
            running.settle().await?;
        }
    }
    office.remember().await
}

/// Carries every log to the bus. First of all, since nothing is written before the two were compared.
///
/// # Errors
/// If the bus can't be used as configured.
pub async fn relay<O: Office>(
    offices: &Offices<O>,
    bus: &Bus,
    (tasks, shutdown): (&mut Tasks, &Shutdown),
) -> Result<(), ProcessError> {
    for office in offices.values().flatten() {
        let of = (office.tenant.id.as_str(), O::Service::NAME);
        let relayed = bus.relay(&office.log, of, (tasks, shutdown)).await;
        relayed.map_err(because("its events can't be carried to the bus"))?;
    }
    Ok(())
}

/// The logs that can be checked by anybody.
#[must_use]
pub fn logs<O: Office>(offices: &Offices<O>) -> Logs {
    let served = offices.iter().filter_map(|(tenant, office)| Some((tenant, office.as_ref().ok()?)));
    served.map(|(tenant, office)| ((tenant.clone(), O::Service::NAME.into()), office.log.clone())).collect()
}

/// Looks whether somebody has accepted a tenant's clock as it is, and tells all its logs of this process.
pub fn watch_clocks(logs: &Logs, config: &Config, (tasks, shutdown): (&mut Tasks, &Shutdown)) {
    let mut tenants: BTreeMap<&str, Vec<Log>> = BTreeMap::new();
    for ((tenant, _), log) in logs {
        tenants.entry(tenant).or_default().push(log.clone());
    }
    for (tenant, logs) in tenants {
        let marker = config.data.ground_dir().join(tenant).join(CLOCK_ACCEPTED);
        let (tenant, end) = (tenant.to_owned(), shutdown.clone());
        tasks.spawn("clock", async move {
            tokio::select! {
                () = end.begun() => {}
                () = accept_clock(&tenant, &marker, &logs) => {}
            }
        });
    }
}

async fn accept_clock(tenant: &str, marker: &PathBuf, logs: &[Log]) {
    let mut ticker = tokio::time::interval(LOOK_EVERY);
    loop {
        ticker.tick().await;
        if std::fs::remove_file(marker).is_ok() {
            logs.iter().for_each(Log::accept_clock);
            tracing::warn!(tenant, "the clock was accepted as it is");
        }
    }
}
