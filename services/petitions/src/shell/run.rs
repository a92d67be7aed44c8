//! What runs beside the requests of an office: projections, reactions and timers, each started again if it fails.

use std::{sync::Arc, time::Duration};

use radslag_kernel::{AggregateId, Instant, ItemId};
use radslag_readmodel::Query;
use radslag_runtime::{
    http::Health,
    keep::Keeper,
    reaction,
    serve::{Shutdown, Tasks},
    service::Failure,
    timer,
};

use crate::{
    projections::{lists, number, timers},
    shell::{Office, bulk, paper, react::Counting, settle},
    signature,
};

const DUE: Query = lists::TIMERS_DUE;
/// Timers handled in one go.
const AT_ONCE: u64 = 256;
const DAY: Duration = Duration::from_secs(24 * 60 * 60);

/// Starts everything an office does beside answering.
pub fn start(office: &Arc<Office>, tasks: &mut Tasks, (health, shutdown): (&Health, &Shutdown)) {
    let tenant = office.tenant.id.clone();
    let keep = |name: &'static str| Keeper {
        name,
        tenant: tenant.clone(),
        health: health.clone(),
        shutdown: shutdown.clone(),
    };
    let this = office.clone();
    tasks.spawn("petitions", keep("petitions").run(move || petitions(this.clone())));
    let running = office.timers.clone();
    tasks.spawn("timers", keep("timers").run(move || followed(running.clone())));
    let running = office.persons.clone();
    tasks.spawn("persons", keep("persons").run(move || followed(running.clone())));
    let running = office.bulks.clone();
    tasks.spawn("bulks", keep("bulks").run(move || followed(running.clone())));
    let this = office.clone();
    tasks.spawn("bulk", keep("bulk").run(move || bulk::working(this.clone())));
    let this = office.clone();
    tasks.spawn("paper", keep("paper").run(move || paper::working(this.clone())));
    let running = office.comments.clone();
    tasks.spawn("comments", keep("comments").run(move || followed(running.clone())));
    let running = office.inquiries.clone();
    tasks.spawn("inquiries", keep("inquiries").run(move || followed(running.clone())));
    let running = office.objections.clone();
    tasks.spawn("objections", keep("objections").run(move || followed(running.clone())));
    let this = office.clone();
    tasks.spawn("reactions", keep("reactions").run(move || {
        let this = this.clone();
        async move { reaction::follow(&this.log, &this.reactions, Arc::new(Counting(this.clone()))).await }
    }));
    let this = office.clone();
    tasks.spawn("files", keep("files").run(move || sweeping(this.clone())));
    let this = office.clone();
    tasks.spawn("ticker", keep("ticker").run(move || ticking(this.clone())));
}

async fn petitions(office: Arc<Office>) -> Result<(), Failure> {
    let counts = office.clone();
    office.petitions.follow_with(&move |events| counts.counts.take(events)).await
}

async fn followed(running: Arc<radslag_runtime::project::Running<super::Petitions>>) -> Result<(), Failure> {
    running.follow().await
}

/// Now and every day: files that a crash left without an event.
async fn sweeping(office: Arc<Office>) -> Result<(), Failure> {
    loop {
        let this = office.clone();
        let swept = tokio::task::spawn_blocking(move || this.sweep_files()).await;
        let swept = swept.map_err(|_| Failure::Stopped)??;
        if swept > 0 {
            tracing::info!(
                tenant = office.tenant.id,
                files = swept,
                "files that no event names were removed"
            );
        }
        tokio::time::sleep(DAY).await;
    }
}

async fn ticking(office: Arc<Office>) -> Result<(), Failure> {
    let log = office.log.clone();
    timer::tick(&log, move |now| due(office.clone(), now)).await
}

/// Reacts to what was written and does what is due, until neither is left: for whoever lets time pass quickly.
/// The tables must be followed meanwhile.
///
/// # Errors
/// Whatever a reaction or a timer says.
pub async fn keep_up(office: &Arc<Office>) -> Result<(), Failure> {
    loop {
        let end = office.log.watermark();
        reaction::catch_up(&office.log, &office.reactions, &Counting(office.clone())).await?;
        office.timers.wait_for(end).await?;
        while due(office.clone(), office.now()).await? > 0 {}
        if office.log.watermark() == end {
            return Ok(());
        }
    }
}

/// Does what is due; how many things.
async fn due(office: Arc<Office>, now: Instant) -> Result<usize, Failure> {
    let values = [number(now.millis()), number(AT_ONCE)];
    let rows = office.timers.store.query(&DUE, &values).await?;
    for row in &rows {
        let petition = AggregateId::from_slice(row.bytes("petition")?).unwrap_or_default();
        let what = row.text("what")?;
        match ItemId::from_slice(row.bytes("item")?) {
            None if what == timers::INQUIRY_EXPIRES => {
                let expire = crate::inquiry::Act::Expire;
                settle(office.on_inquiry_by_system(petition, expire).await)?;
            }
            None if what == timers::TELL_SIGNERS => settle(office.tell_signers(petition).await)?,
            None => settle(office.lapse(petition).await)?,
            Some(_) if what == timers::NAMING_LAPSES => settle(office.lapse(petition).await)?,
            Some(item) if what == timers::COMMENT_EXPIRES => {
                let stream = office.stream_at(row.int("position")?.unsigned_abs())?;
                settle(office.on_comment_by_system(petition, &stream, item).await)?;
            }
            Some(item) if what == timers::SESSION_EXPIRES => {
                let stream = office.stream_at(row.int("position")?.unsigned_abs())?;
                settle(office.expire_link(&stream, item).await)?;
            }
            Some(item) => {
                let stream = office.stream_at(row.int("position")?.unsigned_abs())?;
                let act = signature::Act::Expire { item };
                settle(office.on_signature_by_system(petition, &stream, act).await)?;
            }
        }
    }
    if !rows.is_empty() {
        // The rows go when the tables have read what was just written; before that they would only be found again.
        office.timers.wait_for(office.log.watermark()).await?;
    }
    Ok(rows.len())
}
