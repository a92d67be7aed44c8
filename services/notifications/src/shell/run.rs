//! What runs beside the requests of an office: projections, the reaction to own events, letters that are due, mailings and
//! requests whose time is up.

use std::sync::Arc;

use futures_util::{StreamExt as _, stream};
use radslag_eventlog::Log;
use radslag_kernel::{AggregateId, Instant};
use radslag_readmodel::{Query, Value};
use radslag_runtime::{
    http::Health,
    keep::Keeper,
    reaction,
    serve::{Shutdown, Tasks},
    service::Failure,
    timer,
};

use crate::{
    projections::{lists, number},
    shell::{Office, hearing::Hearing, own::Reacting},
};

const DUE: Query = Query::new("deliveries due", lists::DELIVERIES_DUE);
const ATTEMPTING: Query = Query::new("deliveries attempting", lists::DELIVERIES_ATTEMPTING);
/// Letters looked at in one go.
const AT_ONCE: i64 = 64;
/// Letters on their way at once.
const SIDE_BY_SIDE: usize = 16;

/// Starts everything an office does beside answering.
pub fn start(office: &Arc<Office>, tasks: &mut Tasks, (health, shutdown): (&Health, &Shutdown)) {
    let keep = |name: &'static str| Keeper {
        name,
        tenant: office.tenant.id.clone(),
        health: health.clone(),
        shutdown: shutdown.clone(),
    };
    for (name, running) in ["deliveries", "subscriptions", "mailings"].into_iter().zip(office.projections()) {
        let running = running.clone();
        tasks.spawn(name, keep(name).run(move || follow(running.clone())));
    }
    let this = office.clone();
    tasks.spawn("own letters", keep("own letters").run(move || own(this.clone())));
    let this = office.clone();
    tasks.spawn("letters", keep("letters").run(move || letters(this.clone())));
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
    reaction::start_at_head(log, &office.heard).await?;
    let (name, tenant) = ("hearing of petitions", office.tenant.id.clone());
    let keeper = Keeper { name, tenant, health: health.clone(), shutdown: shutdown.clone() };
    let (hearing, log) = (Arc::new(hearing), log.clone());
    tasks.spawn(name, keeper.run(move || listening(log.clone(), hearing.clone())));
    Ok(())
}

async fn listening(log: Log, hearing: Arc<Hearing>) -> Result<(), Failure> {
    reaction::follow(&log, &hearing.office.heard, hearing.clone()).await
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

async fn letters(office: Arc<Office>) -> Result<(), Failure> {
    recover(&office).await?;
    let log = office.log.clone();
    timer::tick(&log, move |now| {
        let office = office.clone();
        async move { due(&office, now).await }
    })
    .await
}

/// What was being attempted when the process ended: nobody knows what became of it. Before anything else is attempted.
///
/// # Errors
/// `Stopped` if it is to come again; what is broken.
pub async fn recover(office: &Office) -> Result<(), Failure> {
    loop {
        office.deliveries.wait_for(office.log.watermark()).await?;
        let rows = office.deliveries.store.query(&ATTEMPTING, &[Value::Int(AT_ONCE)]).await?;
        if rows.is_empty() {
            return Ok(());
        }
        for row in &rows {
            office.recover(AggregateId::from_slice(row.bytes("delivery")?).unwrap_or_default()).await?;
        }
    }
}

/// Attempts letters that are due; how many.
///
/// # Errors
/// As `recover`.
pub async fn due(office: &Office, now: Instant) -> Result<usize, Failure> {
    let rows = office.deliveries.store.query(&DUE, &[number(now.millis()), Value::Int(AT_ONCE)]).await?;
    let ids = rows.iter().map(|row| Ok(AggregateId::from_slice(row.bytes("delivery")?).unwrap_or_default()));
    let ids: Vec<AggregateId> = ids.collect::<Result<_, Failure>>()?;
    let attempts = stream::iter(ids).map(|id| office.attempt(id)).buffer_unordered(SIDE_BY_SIDE);
    let outcomes: Vec<Result<(), Failure>> = attempts.collect().await;
    outcomes.into_iter().collect::<Result<(), Failure>>()?;
    if !rows.is_empty() {
        // Rows are no longer due once the tables have read what was just written.
        office.deliveries.wait_for(office.log.watermark()).await?;
    }
    Ok(rows.len())
}
