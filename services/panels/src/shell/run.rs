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
    tasks.spawn("submissions", keep("submissions").run(move || expiring(this.clone())));
}

async fn expiring(office: Arc<Office>) -> Result<(), Failure> {
    let log = office.log.clone();
    timer::tick(&log, move |_| {
        let office = office.clone();
        async move { office.expire().await }
    })
    .await
}
