//! Makes read tables again from the log, or compares them with it.

use std::sync::Arc;

use anyhow::{Result, bail};
use radslag_notifications::shell::{Notifications, means, owner::Owners};
use radslag_panels::shell::Panels;
use radslag_petitions::shell::Petitions;
use radslag_readmodel::{Phase, rebuild::Options};
use radslag_runtime::{
    Config,
    house::House,
    office::Office as _,
    project::{Progress, Running},
    service::{Failure, Service},
};
use serde::Serialize;

use crate::{cli::RebuildArgs, failure::Usage, open, print, progress::Bar, said::Said, settings::Settings};

/// What became of one projection.
#[derive(Serialize)]
struct Rebuilt {
    tenant: String,
    projection: &'static str,
    events: u64,
    /// With `--check`: rows compared and rows that differ.
    #[serde(skip_serializing_if = "Option::is_none")]
    compared: Option<(u64, u64)>,
    milliseconds: u128,
}

/// Runs `radslag rebuild`.
pub(crate) fn run(args: &RebuildArgs, settings: &Settings, said: Said) -> Result<()> {
    settings.start_warnings()?;
    let runtime = tokio::runtime::Runtime::new()?;
    let rebuilt = runtime.block_on(all(args, settings.config(), said))?;
    let differ: u64 = rebuilt.iter().filter_map(|one| one.compared).map(|(_, differ)| differ).sum();
    print::result(args.json, &rebuilt, || rebuilt.iter().map(line).collect())?;
    if differ > 0 {
        bail!(said.tables_differ(differ));
    }
    Ok(())
}

fn line(one: &Rebuilt) -> String {
    let compared = match one.compared {
        Some((rows, differ)) => format!(", {rows} rows compared, {differ} differ"),
        None => String::new(),
    };
    format!("{} {}: {} events in {} ms{compared}\n", one.tenant, one.projection, one.events, one.milliseconds)
}

async fn all(args: &RebuildArgs, config: &Config, said: Said) -> Result<Vec<Rebuilt>> {
    let house = House::open(config)?;
    let mut rebuilt = Vec::new();
    let mut known = false;
    for tenant in &config.tenants {
        if args.tenant.as_ref().is_some_and(|wanted| *wanted != tenant.id) {
            continue;
        }
        known = true;
        let tenant = Arc::new(tenant.clone());
        let ground = house.folders.ground.join(&tenant.id);
        // A service that is served elsewhere has no log here.
        let has = |service: &str| {
            args.service.as_ref().is_none_or(|wanted| wanted == service) && ground.join(service).is_dir()
        };
        let making = Making { args, tenant: &tenant.id, config, said };
        if has(Petitions::NAME) {
            let office = open::petitions(&house, &tenant, config).await?;
            making.all(office.projections(), &mut rebuilt).await?;
        }
        if has(Panels::NAME) {
            let office = open::panels(&house, &tenant).await?;
            making.all(office.projections(), &mut rebuilt).await?;
        }
        if has(Notifications::NAME) {
            let means = means::of(config, &tenant.id, "", Owners::default())?;
            let office = open::letters(&house, &tenant, means).await?;
            making.all(office.projections(), &mut rebuilt).await?;
        }
    }
    let is_named = args.service.is_some() || args.projection.is_some();
    if !known || (rebuilt.is_empty() && is_named) {
        let (tenant, projection) = (args.tenant.clone(), args.projection.clone());
        return Err(Usage(said.nothing_to_rebuild(tenant.as_deref(), projection.as_deref())).into());
    }
    Ok(rebuilt)
}

/// What is made again, and how.
struct Making<'a> {
    args: &'a RebuildArgs,
    tenant: &'a str,
    config: &'a Config,
    said: Said,
}

impl Making<'_> {
    async fn all<'a, S: Service>(
        &self,
        projections: impl IntoIterator<Item = &'a Arc<Running<S>>>,
        rebuilt: &mut Vec<Rebuilt>,
    ) -> Result<()> {
        for running in projections {
            if self.args.projection.as_ref().is_none_or(|wanted| wanted == running.projection.name) {
                rebuilt.push(one(self.tenant, running, self.args.check, self.config, self.said).await?);
            }
        }
        Ok(())
    }
}

async fn one<S: Service>(
    tenant: &str,
    running: &Arc<Running<S>>,
    check: bool,
    config: &Config,
    said: Said,
) -> Result<Rebuilt> {
    let started = std::time::Instant::now();
    let (tenant, projection) = (tenant.to_owned(), running.projection.name);
    let bar = Bar::new(&said.rebuilding(&tenant, projection));
    let progress = Arc::new(move |progress: Progress| match progress {
        Progress::Events(done, of) => bar.set(done, of),
        Progress::Tables(report) if report.phase == Phase::Rows => bar.set(report.done, report.total),
        Progress::Tables(_) => {}
    });
    let compared = if check {
        // Live tables are compared where they stand: first they read what they haven't.
        catch_up(running).await?;
        let compared = running.check(options(config), progress).await?;
        Some((compared.rows, compared.total))
    } else {
        running.rebuild(options(config), progress).await?.promote(&running.store).await?;
        None
    };
    let events = running.log.watermark();
    Ok(Rebuilt { tenant, projection, events, compared, milliseconds: started.elapsed().as_millis() })
}

/// Folds until the tables have read the whole log.
pub(crate) async fn catch_up<S: Service>(running: &Running<S>) -> Result<(), Failure> {
    let end = running.log.watermark();
    tokio::select! {
        followed = running.follow() => followed,
        reached = running.wait_for(end) => reached,
    }
}

fn options(config: &Config) -> Options {
    Options::new(config.data.derived_dir().join("rebuild"))
}
