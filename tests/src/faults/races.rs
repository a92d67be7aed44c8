//! Row 11: a hundred identical appends, signatures of one person, uses of one link at once: one is taken, ninety-nine are told
//! of it.

use std::sync::Arc;

use anyhow::{Context as _, Result, ensure};
use radslag_eventlog::AppendError;
use tokio::sync::Barrier;

use super::{
    home::{self, Home},
    lab::Lab,
    office::Town,
    report::Ran,
    told::Told,
};

/// How many ask.
pub const AT_ONCE: usize = 100;

/// Races, one after the other, on one log.
///
/// # Errors
/// No log.
pub fn run(lab: &Lab) -> Result<Ran> {
    let home = Home::new(lab)?;
    let log = home.open()?;
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(4).enable_all().build()?;
    let town = runtime.block_on(Town::new(lab))?;
    let mut told = Told::default();
    let mut tally = lab.trials(lab.times(20, 1_000), |_, seed| {
        runtime.block_on(town.sign(seed)).context("signing")?;
        runtime.block_on(town.open_link(seed)).context("opening a link")?;
        // One stream for all, or a new one: the version is 0 or what the race before left.
        let stream = if seed % 2 == 0 { "hot".to_owned() } else { format!("own-{seed}") };
        let version = log.version(&stream)?;
        let start = Arc::new(Barrier::new(AT_ONCE));
        let mut racers = Vec::new();
        for _ in 0..AT_ONCE {
            let writes = vec![home::write(&stream, version, vec![home::event(&log, "me")?])];
            let (log, start) = (log.clone(), start.clone());
            racers.push(runtime.spawn(async move {
                start.wait().await;
                log.append(home::request(writes, &[])).await
            }));
        }
        let mut taken = Vec::new();
        for racer in racers {
            match runtime.block_on(racer)? {
                Ok(appended) => taken.push(appended),
                Err(AppendError::Conflict { actual, .. }) => {
                    ensure!(actual == version + 1, "told of version {actual}, not {}", version + 1);
                }
                Err(other) => return Err(other.into()),
            }
        }
        ensure!(taken.len() == 1, "{} of {AT_ONCE} were taken", taken.len());
        taken.iter().for_each(|appended| told.take(appended));
        ensure!(log.read_stream(&stream)?.len() as u64 == version + 1, "the stream holds something else");
        Ok(3)
    });
    let held = told.holds(&log);
    log.close();
    if let Err(error) = held {
        tally.count(lab.seed, Err(error));
    }
    Ok(Ran::Done(tally))
}
