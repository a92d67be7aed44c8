//! The demonstration: the petition systems of 2008, with made-up signers, so that they show what their slides showed, and on
//! demand with the made-up life of many people around it.
//!
//! It is made beside the folder it will stand in and moved there when it is whole, so an interrupted one is begun again.
//! History is made day by day on the tenant's own clock, which then runs on from where it ends.

mod figures;
mod history;
mod life;
mod people;
mod seed;
mod talk;
#[cfg(test)]
mod tests;

use std::{
    collections::BTreeSet,
    fs,
    path::Path,
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering},
    },
};

use anyhow::{Context as _, Result, anyhow, bail};
use radslag_kernel::{AggregateId, Date};
use radslag_petitions::shell::Office;
use radslag_runtime::{Config, clock, ground::Folders, house::House, office::Office as _, service::Failure};
use tokio::task::JoinSet;

use crate::{
    cli::DemoArgs, failure::Usage, open, print, progress::Bar, rebuild::catch_up, said::Said,
    settings::Settings,
};
use figures::Figures;
use history::History;
use life::{Crowd, Life};
use talk::Talk;

/// Of a thousand people, how many live where.
const SHARES: [(&str, u64); 4] = [("number10", 500), ("malmo", 250), ("ale", 150), ("svenljunga", 100)];
/// The hour in which what the slides show happens.
const SLIDES_AT: u8 = 9;

/// Runs `radslag demo`.
pub(crate) fn run(args: &DemoArgs, settings: &Settings, said: Said) -> Result<()> {
    settings.start_warnings()?;
    let config = settings.config();
    if config.data.dir.exists() {
        bail!(said.demo_is_there(&config.data.dir));
    }
    if config.tenants.iter().all(|tenant| share(&tenant.id) == 0) {
        return Err(Usage(said.nobody_to_fill().to_owned()).into());
    }
    let runtime = tokio::runtime::Runtime::new()?;
    let crowd = Crowd { people: args.people, seed: args.seed };
    let figures = runtime.block_on(make_whole(config, crowd, said))?;
    print::result(args.json, &figures, || {
        figures.iter().map(|of| of.text(said)).collect::<Vec<_>>().join("\n")
    })
}

/// Makes the demonstration as the slides show it, if its folder isn't there.
pub(crate) async fn make_if_missing(config: &Config, said: Said) -> Result<()> {
    if !config.data.dir.exists() {
        make_whole(config, Crowd { people: 0, seed: 0 }, said).await?;
    }
    Ok(())
}

async fn make_whole(config: &Config, crowd: Crowd, said: Said) -> Result<Vec<Figures>> {
    let folder = &config.data.dir;
    let making = folder.with_extension("making");
    if making.exists() {
        fs::remove_dir_all(&making).with_context(|| format!("{} can't be removed", making.display()))?;
    }
    print::note(&said.making_demo(folder));
    let figures = make(config, &making, crowd, said).await?;
    fs::rename(&making, folder).with_context(|| format!("{} can't be moved", making.display()))?;
    Ok(figures)
}

async fn make(config: &Config, folder: &Path, crowd: Crowd, said: Said) -> Result<Vec<Figures>> {
    let folders = Folders {
        ground: folder.join("ground"),
        derived: folder.join("derived"),
        secrets: folder.join("secrets"),
    };
    let house = House::at(folders.clone(), config)?;
    let shares: u64 = config.tenants.iter().map(|tenant| share(&tenant.id)).sum();
    let mut figures = Vec::new();
    for tenant in &config.tenants {
        let Some(seed) = seed::of(&tenant.id)? else { continue };
        let started = std::time::Instant::now();
        let tenant = Arc::new(tenant.clone());
        let office = open::petitions(&house, &tenant, config).await?;
        let people = crowd.people * share(&tenant.id) / shares.max(1);
        let life =
            if people > 0 { Some(Life::new(&tenant, &seed, Crowd { people, ..crowd })?) } else { None };
        let bar = Bar::new(&said.filling(&tenant.name));
        play(&office, History::new(&tenant, &seed)?, Talk::new(&seed), life, &bar).await?;
        drop(bar);
        for running in office.projections() {
            catch_up(running).await?;
        }
        figures.push(Figures::of(&office, started.elapsed()).await?);
        clock::keep(&clock::file(&folders, &tenant.id), office.log.clock_offset_ms());
        let log = office.log.clone();
        drop(office);
        tokio::task::spawn_blocking(move || log.close()).await?;
    }
    Ok(figures)
}

fn share(tenant: &str) -> u64 {
    SHARES.iter().find(|(id, _)| *id == tenant).map_or(0, |(_, share)| *share)
}

/// Does something that reads the tables, which are followed meanwhile and have read it all afterwards. Not all the time: a
/// batch of a day is written in a hundredth of what its hours take one by one.
async fn with_tables<T>(office: &Arc<Office>, work: impl Future<Output = Result<T>>) -> Result<T> {
    let mut followed = follow(office);
    let worked = async {
        let done = work.await?;
        for running in office.projections() {
            running.wait_for(office.log.watermark()).await?;
        }
        Ok(done)
    };
    let done = tokio::select! {
        done = worked => done,
        Some(ended) = followed.join_next() => Err(anyhow!("the read tables stopped: {ended:?}")),
    };
    followed.shutdown().await;
    done
}

fn follow(office: &Arc<Office>) -> JoinSet<Result<(), Failure>> {
    let mut tasks = JoinSet::new();
    let this = office.clone();
    tasks.spawn(async move {
        let counts = this.clone();
        this.petitions.follow_with(&move |events| counts.counts.take(events)).await
    });
    let others = office.projections().into_iter().filter(|running| !Arc::ptr_eq(running, &office.petitions));
    for running in others {
        let running = running.clone();
        tasks.spawn(async move { running.follow().await });
    }
    tasks
}

/// Plays what the slides show, and the life around it.
async fn play(
    office: &Arc<Office>,
    mut history: History,
    mut talk: Talk,
    mut life: Option<Life>,
    bar: &Bar,
) -> Result<()> {
    let mut dates: BTreeSet<Date> = history.dates().chain(talk.dates()).collect();
    dates.extend(life.iter().flat_map(Life::dates));
    let (total, count) = (history.acts() + life.as_ref().map_or(0, Life::acts), AtomicU64::new(0));
    let done = |more| bar.set(count.fetch_add(more, Ordering::Relaxed) + more, total);
    for date in dates {
        if let Some(life) = &mut life {
            let slides: Vec<AggregateId> = history.ids().to_vec();
            life.begin_day(office, date).await?;
            life.live(office, ((date, 0), (date, SLIDES_AT)), &slides, &done).await?;
        }
        office.log.set_clock(office.calendar.start_of(date).plus_hours(u64::from(SLIDES_AT)));
        talk.play(office, date).await?;
        history.play(office, date, &done).await?;
        if let Some(life) = &mut life {
            life.live(office, ((date, SLIDES_AT), (date, 24)), history.ids(), &done).await?;
        }
    }
    Ok(())
}
