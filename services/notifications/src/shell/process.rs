//! The service in a process: a log and tables for each tenant, the routes, what runs beside them, and whom it asks and hears
//! of: services in the same process by their logs, others over the bus and by calls.

use std::{collections::BTreeMap, sync::Arc, time::Duration};

use radslag_proto::letters;
use radslag_runtime::{
    Config,
    http::Health,
    internal::{Caller, Certified},
    letters::READY,
    process::{Process, ProcessError, Says, because},
    service::Failure,
};

use crate::{
    http::{self, Api, Offices},
    shell::{
        Office,
        asking::{Remote, Within},
        hearing::Hearing,
        listening, means,
        owner::Owners,
        run,
    },
};

/// What is known of its routes before it is mounted.
pub const SAYS: Says = Says { problems: http::PROBLEMS, commands: http::COMMANDS };
/// How often it looks whether an owner is there.
const LOOK_EVERY: Duration = Duration::from_secs(2);

/// Serves all tenants by itself, until it is told to stop.
///
/// # Errors
/// What can't be opened or listened on.
pub async fn serve(config: &Config) -> Result<(), ProcessError> {
    let mut process = Process::start(config, &[SAYS])?;
    if !process.has_database().await {
        return process.end().await;
    }
    mount(&mut process).await?;
    process.serve().await
}

/// Opens every tenant's office, and has the process answer for them. Services whose letters it writes are mounted before it.
///
/// # Errors
/// What can't be opened.
pub async fn mount(process: &mut Process<'_>) -> Result<Offices, ProcessError> {
    let owners = owners(process)?;
    let mut means = BTreeMap::new();
    for tenant in process.kit.tenants() {
        let of = means::of(process.config, &tenant.id, &process.url, owners.clone());
        means.insert(tenant.id.clone(), of.map_err(because("nothing can be sent"))?);
    }
    let (writer, backend) = (process.house.writer.clone(), process.house.backend.clone());
    let offices = process
        .offices(|tenant, ground| {
            let (means, writer, backend) = (means.remove(&tenant.id), &writer, &backend);
            async move {
                let means = means.ok_or_else(|| Failure::NotServed(tenant.id.clone()))?;
                Office::open(tenant, &ground, writer, backend, means).await
            }
        })
        .await?;
    hear(process, &offices).await?;
    let (health, end) = (process.kit.health().clone(), process.shutdown.clone());
    for office in offices.values().flatten() {
        run::start(office, &mut process.tasks, (&health, &end));
    }
    let api = Api::of(process.kit.clone(), offices.clone(), ());
    process.shows(http::views());
    process.mount(http::routes(api), Some(http::document()));
    Ok(offices)
}

/// Who is asked what events lead to: services of this process by a call, others over TLS as configured. `/readyz` says who
/// doesn't answer.
fn owners(process: &mut Process<'_>) -> Result<Owners, ProcessError> {
    let mut owners = Owners::default();
    for (service, _) in letters::SERVICES {
        if let Some(owner) = process.owners.get(service) {
            owners = owners.with(service, Arc::new(Within(owner.clone())));
        } else if let Some(url) = process.config.internal.url_of(service) {
            owners = owners.with(service, Arc::new(remote(process, service, url)?));
        }
    }
    Ok(owners)
}

fn remote(process: &mut Process<'_>, service: &str, url: &str) -> Result<Remote, ProcessError> {
    let certified = Certified::open(&process.config.internal);
    let certified = certified.map_err(because("its certificate can't be used"))?;
    let caller = || Caller::new(certified.clone(), url).map_err(because("the address of another service"));
    let (asked, name, health) = (caller()?, format!("{service} at {url}"), process.kit.health().clone());
    health.set(name.clone(), Err("not asked yet".into()));
    let end = process.shutdown.clone();
    process.tasks.spawn("owner", async move {
        tokio::select! {
            () = end.begun() => {}
            () = looking(&asked, &name, &health) => {}
        }
    });
    Ok(Remote(caller()?))
}

/// Has every office hear of the services that can be asked, from before anything is written on.
async fn hear(process: &mut Process<'_>, offices: &Offices) -> Result<(), ProcessError> {
    let (health, end) = (process.kit.health().clone(), process.shutdown.clone());
    for office in offices.values().flatten() {
        for (service, types) in letters::SERVICES {
            let tasks = &mut process.tasks;
            if process.owners.contains_key(service) {
                let of = (office.tenant.id.clone(), (*service).to_owned());
                // One that can't be served now has no log to hear of.
                let Some(log) = process.logs.get(&of) else { continue };
                let hearing = Hearing { office: office.clone(), service, types };
                let heard = run::listen(hearing, log, tasks, (&health, &end)).await;
                heard.map_err(because("another service's log can't be heard of"))?;
            } else if process.config.internal.url_of(service).is_some() {
                let heard =
                    listening::listen(office, (service, types), &process.bus, (tasks, &health, &end)).await;
                heard.map_err(because("another service can't be heard of"))?;
            }
        }
    }
    Ok(())
}

async fn looking(owner: &Caller, name: &str, health: &Health) {
    loop {
        let answer = owner.call(READY, Vec::new()).await;
        health.set(name, answer.map(drop).map_err(|error| error.to_string()));
        tokio::time::sleep(LOOK_EVERY).await;
    }
}
