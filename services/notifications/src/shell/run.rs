//! What runs beside the requests of an office: projections, the reaction to own events, letters that are due, mailings and
//! requests whose time is up.

use std::sync::Arc;

use radslag_eventlog::Log;
use radslag_runtime::{
    http::Health,
    keep::Keeper,
    office::Office as _,
    reaction,
    serve::{Shutdown, Tasks},
    service::Failure,
    timer,
};

use crate::shell::{Office, hearing::Hearing, own::Reacting, sending};

/// Starts everything an office does beside answering.
pub fn start(office: &Arc<Office>, tasks: &mut Tasks, (health, shutdown): (&Health, &Shutdown)) {
    let keep = |name: &'static str| Keeper {
        name,
        tenant: office.tenant.id.clone(),
        health: health.clone(),
        shutdown: shutdown.clone(),
    };
    for running in office.projections() {
        let name = running.projection.name;
        let running = running.clone();
        tasks.spawn(name, keep(name).run(move || follow(running.clone())));
    }
    let this = office.clone();
    tasks.spawn("own letters", keep("own letters").run(move || own(this.clone())));
    let this = office.clone();
    tasks.spawn("letters", keep("letters").run(move || sending::send(this.clone())));
    let this = office.clone();
    tasks.spawn("mailing", keep("mailing").run(move || mailings(this.clone())));
    let this = office.clone();
    tasks.spawn("bounces", keep("bounces").run(move || bounces(this.clone())));
}

/// Listens to another service in this process. What its log held before somebody listened for the first time leads to no
/// letters.
///
/// # Errors
/// `Log`, `Readmodel`.
pub async fn listen(
    hearing: Hearing,
    log: &Log,
    tasks: &mut Tasks,
    (health, shutdown): (&Health, &Shutdown),
) -> Result<(), Failure> {
    let office = hearing.office.clone();
    let Some(heard) = office.heard.get(hearing.service) else { return Ok(()) };
    reaction::start_at_head(log, heard).await?;
    let (name, tenant) = ("hearing of another service", office.tenant.id.clone());
    let keeper = Keeper { name, tenant, health: health.clone(), shutdown: shutdown.clone() };
    let (hearing, log) = (Arc::new(hearing), log.clone());
    tasks.spawn(name, keeper.run(move || listening(log.clone(), hearing.clone())));
    Ok(())
}

async fn listening(log: Log, hearing: Arc<Hearing>) -> Result<(), Failure> {
    let office = hearing.office.clone();
    let heard = office.heard.get(hearing.service).ok_or(Failure::Stopped)?;
    reaction::follow(&log, heard, hearing).await
}

async fn follow(
    running: Arc<radslag_runtime::project::Running<super::Notifications>>,
) -> Result<(), Failure> {
    running.follow().await
}

async fn own(office: Arc<Office>) -> Result<(), Failure> {
    reaction::follow(&office.log, &office.own, Arc::new(Reacting(office.clone()))).await
}

async fn mailings(office: Arc<Office>) -> Result<(), Failure> {
    let log = office.log.clone();
    timer::tick(&log, move |_| {
        let office = office.clone();
        async move { Ok(office.expire().await? + office.step_mailings().await?) }
    })
    .await
}

async fn bounces(office: Arc<Office>) -> Result<(), Failure> {
    let log = office.log.clone();
    timer::tick(&log, move |_| {
        let office = office.clone();
        async move { Ok(office.take_bounces().await? + office.take_again().await?) }
    })
    .await
}
