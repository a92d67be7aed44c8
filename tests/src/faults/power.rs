//! Row 3: the power is cut under load on a simulated disk, again and again, also while the log is being opened.

use std::sync::Mutex;

use anyhow::{Context as _, Result, bail};
use radslag_eventlog::Log;
use rand::{RngExt as _, rngs::StdRng};

use super::{
    child::{load, lock},
    home::Home,
    lab::Lab,
    ram::Ram,
    report::Ran,
    told::Told,
};

/// Many lives of many logs.
///
/// # Errors
/// None.
pub fn run(lab: &Lab) -> Result<Ran> {
    lab.row(lab.times(6, 400), |rng, _| lives(lab, rng))
}

fn lives(lab: &Lab, rng: &mut StdRng) -> Result<u64> {
    let mut home = Home::new(lab)?;
    home.segment_bytes = 1 << rng.random_range(13..17);
    let told = Mutex::new(Told::default());
    let mut disk = Ram::default();
    for life in 0..rng.random_range(2..6) {
        home = home.on(std::sync::Arc::new(disk.clone()));
        let log = home.open().with_context(|| format!("opening for life {life}"))?;
        lock(&told).clone().holds(&log).with_context(|| format!("life {life}"))?;
        disk = cut_under_load(&home, &log, rng, (&disk, &told))?;
        log.close();
        if rng.random_range(0..3) == 0 {
            disk = disk.power_cut(rng);
        }
        if rng.random_range(0..3) == 0 {
            // Cut once more just after the log was opened: what opening wrote again may be gone.
            let log = home.clone().on(std::sync::Arc::new(disk.clone())).open().context("opening")?;
            disk = disk.power_cut(rng);
            log.close();
        }
        if rng.random() {
            std::fs::remove_dir_all(home.folder.join("index"))?;
        }
    }
    let home = home.on(std::sync::Arc::new(disk));
    let log = home.open().context("opening at last")?;
    let events = lock(&told).holds(&log)?;
    log.close();
    std::fs::remove_dir_all(&home.folder)?;
    Ok(events)
}

/// Cuts the power at some moment; what was acknowledged by then is what counts.
fn cut_under_load(
    home: &Home,
    log: &Log,
    rng: &mut StdRng,
    (disk, told): (&Ram, &Mutex<Told>),
) -> Result<Ram> {
    let ledger = home.folder.join("secrets/erasures.ledger");
    let (seed, appends) = (rng.random(), rng.random_range(1..400));
    let at = rng.random_range(0..appends);
    let cut = Mutex::new((0, None));
    let say = |line: String| {
        let mut cut = cut.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
        let (said, world) = &mut *cut;
        // What is said after the cut is said by nobody.
        if world.is_some() {
            return;
        }
        if *said == at {
            // The ledger is on another disk, which is synced: what it knew at the cut is read after.
            let known = disk.world();
            *world = std::fs::metadata(&ledger).ok().map(|ledger| (known, ledger.len()));
            return;
        }
        *said += 1;
        lock(told).read(&line);
    };
    load(log, seed, appends, &say)?;
    let cut = cut.into_inner().unwrap_or_else(std::sync::PoisonError::into_inner);
    let world = match cut.1 {
        Some((world, known)) => {
            std::fs::OpenOptions::new().write(true).open(&ledger)?.set_len(known)?;
            world
        }
        None => disk.world(),
    };
    let after = Ram::of(world).power_cut(rng);
    if after.world().names().is_empty() {
        bail!("nothing at all is left");
    }
    Ok(after)
}
