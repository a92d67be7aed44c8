//! What runs beside the requests of an office: its tables, and what is due.

use std::sync::Arc;

use radslag_runtime::{
    http::Health,
    keep::Keeper,
    office::Office as _,
    serve::{Shutdown, Tasks},
    service::Failure,
    timer,
};

use crate::shell::Office;

/// Starts everything an office does beside answering.
pub fn start(office: &Arc<Office>, tasks: &mut Tasks, (health, shutdown): (&Health, &Shutdown)) {
    let keep = |name: &'static str| Keeper {
        name,
        tenant: office.tenant.id.clone(),
        health: health.clone(),
        shutdown: shutdown.clone(),
    };
    for running in office.projections() {
        let (name, running) = (running.projection.name, running.clone());
        tasks.spawn(
            name,
            keep(name).run(move || {
                let running = running.clone();
                async move { running.follow().await }
            }),
        );
    }
    let this = office.clone();
    tasks.spawn("deadlines", keep("deadlines").run(move || due(this.clone())));
    let this = office.clone();
    tasks.spawn("draws", keep("draws").run(move || carrying(this.clone())));
}

/// What time brings about.
async fn due(office: Arc<Office>) -> Result<(), Failure> {
    let log = office.log.clone();
    timer::tick(&log, move |now| {
        let office = office.clone();
        async move {
            Ok(office.expire().await? + office.end_imports(now).await? + office.settle_terms(now).await?)
        }
    })
    .await
}

/// What follows from draws and lists, for ever.
///
/// # Errors
/// What is broken; whoever called it does so again.
pub async fn carrying(office: Arc<Office>) -> Result<(), Failure> {
    let log = office.log.clone();
    timer::tick(&log, move |_| {
        let office = office.clone();
        async move {
            Ok(office.carry().await? + office.take_in().await? + office.tell().await? + office.fill().await?)
        }
    })
    .await
}
