//! Makes read tables again from the log, or compares them with it.

use std::sync::Arc;

use anyhow::{Result, bail};
use radslag_petitions::shell::{Office, Petitions};
use radslag_readmodel::{Phase, rebuild::Options};
use radslag_runtime::{
    Config,
    project::{Progress, Running},
    service::Failure,
};
use serde::Serialize;

use crate::{
    cli::RebuildArgs, failure::Usage, open::House, print, progress::Bar, said::Said, settings::Settings,
};

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
        let office = house.office(&Arc::new(tenant.clone()), config).await?;
        for running in office.projections() {
            if args.projection.as_ref().is_none_or(|wanted| wanted == running.projection.name) {
                rebuilt.push(one(&office, running, args.check, config, said).await?);
            }
        }
    }
    if !known || (rebuilt.is_empty() && args.projection.is_some()) {
        let (tenant, projection) = (args.tenant.clone(), args.projection.clone());
        return Err(Usage(said.nothing_to_rebuild(tenant.as_deref(), projection.as_deref())).into());
    }
    Ok(rebuilt)
}

async fn one(
    office: &Office,
    running: &Arc<Running<Petitions>>,
    check: bool,
    config: &Config,
    said: Said,
) -> Result<Rebuilt> {
    let started = std::time::Instant::now();
    let (tenant, projection) = (office.tenant.id.clone(), running.projection.name);
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
    let events = office.log.watermark();
    Ok(Rebuilt { tenant, projection, events, compared, milliseconds: started.elapsed().as_millis() })
}

/// Folds until the tables have read the whole log.
pub(crate) async fn catch_up(running: &Running<Petitions>) -> Result<(), Failure> {
    let end = running.log.watermark();
    tokio::select! {
        followed = running.follow() => followed,
        reached = running.wait_for(end) => reached,
    }
}

fn options(config: &Config) -> Options {
    Options::new(config.data.derived_dir().join("rebuild"))
}
