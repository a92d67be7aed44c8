//! Row 9: people sign while the Postgres under the read tables is killed, hangs, or gets an older backup back. Afterwards the
//! tables are those that a rebuild makes.

use radslag_runtime::office::Office as _;
use std::{sync::Arc, time::Duration};

use anyhow::{Context as _, Result, ensure};
use radslag_kit::{Postgres, eventually, lasts};
use radslag_petitions::shell::Office;
use radslag_readmodel::{Audience, Backend, rebuild::Options};
use rand::{RngExt as _, rngs::StdRng};
use tokio::time::timeout;

use super::{
    lab::{Lab, Lost},
    office::Town,
    report::Ran,
};

/// What should come does within this; it is only there so that a broken rule fails instead of hanging.
const SOON: Duration = Duration::from_secs(60);
/// Between a failure and the next attempt, as whoever keeps a projection running rests.
const REST: Duration = Duration::from_millis(50);

/// Trials one after the other, each in a database of its own on one server.
///
/// # Errors
/// No server, no runtime.
pub fn run(lab: &Lab) -> Result<Ran> {
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build()?;
    let postgres = Postgres::start()?;
    lab.row(lab.times(2, 100), |rng, seed| runtime.block_on(trial(lab, &postgres, rng, seed)))
}

async fn trial(lab: &Lab, postgres: &Postgres, rng: &mut StdRng, seed: u64) -> Result<u64> {
    let database = postgres.database("faults")?;
    let manager = deadpool_postgres::Manager::new(database.parse()?, tokio_postgres::NoTls);
    let backend = Backend::Postgres {
        pool: deadpool_postgres::Pool::builder(manager).build()?,
        audience: Audience::default(),
    };
    let (folder, spare) = (lab.memory()?, lab.memory()?);
    let town = Town::on(lab, &folder, &backend).await?;
    let following: Vec<_> =
        town.office.projections().into_iter().map(|running| tokio::spawn(keep(running.clone()))).collect();
    let mut signed = Vec::new();
    for _ in 0..rng.random_range(2..6) {
        sign(&town, rng, seed, &mut signed).await?;
        fault(&town, postgres, rng, seed, &mut signed).await?;
    }
    sign(&town, rng, seed, &mut signed).await?;
    let held = holds(&town.office, &spare).await;
    following.iter().for_each(tokio::task::JoinHandle::abort);
    held?;
    // Else each backup would be of every trial before it.
    postgres.drop_database(&database)?;
    let gone = signed.iter().filter(|eid| !town.has_signed(eid).unwrap_or(false)).count() as u64;
    ensure!(gone == 0, Lost(gone));
    Ok(signed.len() as u64)
}

type Running = Arc<radslag_runtime::project::Running<radslag_petitions::shell::Petitions>>;

/// Follows, and follows again after whatever failed.
async fn keep(running: Running) {
    loop {
        let _ = running.follow().await;
        lasts(REST).await;
    }
}

/// Some more people sign; nobody needs the tables for it.
async fn sign(town: &Town, rng: &mut StdRng, seed: u64, signed: &mut Vec<String>) -> Result<()> {
    for _ in 0..rng.random_range(1..60) {
        let eid = format!("eid-{seed}-{}", signed.len());
        timeout(SOON, town.sign_once(&eid)).await.context("signing waits for the tables")??;
        signed.push(eid);
    }
    Ok(())
}

async fn fault(
    town: &Town,
    postgres: &Postgres,
    rng: &mut StdRng,
    seed: u64,
    signed: &mut Vec<String>,
) -> Result<()> {
    match rng.random_range(0..3) {
        0 => {
            // In the middle of whatever it is doing.
            lasts(Duration::from_millis(rng.random_range(0..20))).await;
            postgres.kill()?;
            sign(town, rng, seed, signed).await?;
            postgres.restart()
        }
        1 => {
            for _ in 0..rng.random_range(1..20) {
                postgres.stop()?;
                lasts(Duration::from_millis(rng.random_range(0..50))).await;
                postgres.cont()?;
                lasts(Duration::from_millis(5)).await;
            }
            Ok(())
        }
        _ => {
            let older = postgres.backup()?;
            sign(town, rng, seed, signed).await?;
            if rng.random_bool(0.5) {
                reached(&town.office).await?;
            }
            postgres.put_back(&older)
        }
    }
}

/// Waits until every table has read the whole log.
async fn reached(office: &Office) -> Result<()> {
    for running in office.projections() {
        let name = running.projection.name;
        timeout(SOON, running.wait_for(office.log.watermark())).await.context(name)??;
    }
    Ok(())
}

/// Every table has read the whole log, and is what a rebuild makes.
async fn holds(office: &Office, spare: &std::path::Path) -> Result<()> {
    let end = office.log.watermark();
    for running in office.projections() {
        let name = running.projection.name;
        // What was reached before an older backup came back may have to be reached again.
        let all = async || {
            let checkpoint = running.store.checkpoint().await;
            Ok(checkpoint.is_ok_and(|checkpoint| checkpoint.next >= end).then_some(()))
        };
        eventually(&format!("{name} to reach the end"), all).await?;
        let compared = running.check(Options::new(spare), Arc::new(|_| ())).await.context(name)?;
        ensure!(compared.total == 0, "{name}: {} of {} rows differ", compared.total, compared.rows);
    }
    Ok(())
}
