//! Row 5: `kill -9` again and again under load with small segments, and how long the log takes to open again.

use std::{
    sync::{Arc, Mutex},
    time::{Duration, Instant},
};

use anyhow::{Context as _, Result};
use rand::{RngExt as _, rngs::StdRng};

use super::{
    child::{Child, Orders, lock},
    home::Home,
    lab::Lab,
    report::Ran,
    told::Told,
};

/// A log is killed so many times, then a new one is begun.
const LIVES: u64 = 25;

/// Rounds of load and kill.
///
/// # Errors
/// None.
pub fn run(lab: &Lab) -> Result<Ran> {
    let mut killed = Killed::none(lab)?;
    let mut tally = lab.trials(lab.times(8, 1_000), |rng, _| {
        killed.lives += 1;
        if killed.lives % LIVES == 1 || killed.broken {
            std::fs::remove_dir_all(&killed.home.folder)?;
            (killed.home, killed.told) = (Home::at(lab.folder()?, &lab.writer), Arc::default());
        }
        killed.broken = true;
        let events = killed.round(lab, rng)?;
        killed.broken = false;
        Ok(events)
    });
    let rate = killed.appended as f64 / killed.under_load.as_secs_f64().max(0.001);
    killed.opened.sort_unstable();
    let at = |part: usize| killed.opened.get(killed.opened.len() * part / 100).copied().unwrap_or_default();
    let ms = |took: Duration| took.as_secs_f64() * 1_000.0;
    tally.notes.push(format!(
        "{rate:.0} appends/s when killed; opened again in {:.1} ms p50, {:.1} ms p99",
        ms(at(50)),
        ms(at(99))
    ));
    Ok(Ran::Done(tally))
}

struct Killed {
    home: Home,
    told: Arc<Mutex<Told>>,
    lives: u64,
    broken: bool,
    appended: usize,
    under_load: Duration,
    opened: Vec<Duration>,
}

impl Killed {
    fn none(lab: &Lab) -> Result<Self> {
        Ok(Self {
            home: Home::at(lab.folder()?, &lab.writer),
            told: Arc::default(),
            lives: 0,
            broken: false,
            appended: 0,
            under_load: Duration::ZERO,
            opened: Vec::new(),
        })
    }

    fn round(&mut self, lab: &Lab, rng: &mut StdRng) -> Result<u64> {
        let before = lock(&self.told).events.len();
        let mut child = Child::start(lab, &Orders::load(&self.home.folder, rng.random()), &self.told)?;
        child.reach(before + 1)?;
        let (began, first) = (Instant::now(), lock(&self.told).events.len());
        child.reach(first + rng.random_range(1..400))?;
        let took = began.elapsed();
        self.appended += lock(&self.told).events.len() - first;
        self.under_load += took;
        child.kill()?;
        let began = Instant::now();
        let log = self.home.open().context("opening")?;
        self.opened.push(began.elapsed());
        let events = lock(&self.told).clone().holds(&log)?;
        log.close();
        Ok(events - before as u64)
    }
}
