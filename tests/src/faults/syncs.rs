//! Row 7b: a sync or a write fails in a child, on a simulated disk that then behaves as Linux does. The process must end; it
//! is started again over what the page cache shows, writes on, and then the power is cut.

use std::{
    fs,
    sync::{Arc, Mutex},
};

use anyhow::{Context as _, Result, ensure};
use rand::{RngExt as _, rngs::StdRng};

use super::{
    child::{Child, Orders, load, lock},
    home::Home,
    lab::Lab,
    ram::{Fault, Ram, What},
    report::Ran,
    told::Told,
    world::World,
};

/// What fails, and at most at which time.
const FAULTS: [(What, &str, u32); 10] = [
    (What::Sync, ".segment", 60),
    (What::SyncFolder, "log/segments", 6),
    (What::Sync, "log/checkpoints.0", 6),
    (What::Sync, "log/keys", 40),
    (What::Sync, "log/keys.0", 1),
    (What::Sync, "tree/0", 6),
    (What::Write, ".segment", 60),
    (What::Write, "log/keys", 40),
    (What::Write, "log/checkpoints.0", 6),
    (What::Write, "log/ACK", 60),
];

/// Each fault, at several times.
///
/// # Errors
/// None.
pub fn run(lab: &Lab) -> Result<Ran> {
    lab.row(lab.times(FAULTS.len() as u64, 400), |rng, seed| {
        let at = (seed % FAULTS.len() as u64) as usize;
        let (what, path, most) = FAULTS[at];
        let fault = Fault { what, path: path.into(), nth: rng.random_range(1..=most) };
        let named = fault.to_string();
        fail(lab, rng, fault).context(named)
    })
}

fn fail(lab: &Lab, rng: &mut StdRng, fault: Fault) -> Result<u64> {
    let home = Home { segment_bytes: 8 << 10, ..Home::new(lab)? };
    let told = Arc::<Mutex<Told>>::default();
    let mut orders = Orders::load(&home.folder, rng.random());
    (orders.segment_bytes, orders.most, orders.fault) = (home.segment_bytes, 20_000, Some(fault));
    let left = Child::start(lab, &orders, &told)?.left()?;
    ensure!(!left.status.success(), "nothing failed, or the process went on");
    let world = World::load(&home.folder.join("disk")).context("nothing failed")?;
    let mut disk = Ram::of(world);
    if rng.random_range(0..4) == 0 {
        disk = disk.power_cut(rng);
    }
    // Several lives without and with a cut: what only the page cache had must be written again or be gone.
    for life in 0..rng.random_range(1..4) {
        let home = home.clone().on(Arc::new(disk.clone()));
        let log = home.open().with_context(|| format!("opening for life {life}"))?;
        lock(&told).clone().holds(&log).with_context(|| format!("life {life}"))?;
        let appends = [0, 1, 30, 200][rng.random_range(0..4)];
        load(&log, rng.random(), appends, &|line| {
            lock(&told).read(&line);
        })?;
        disk = if rng.random() { disk.power_cut(rng) } else { Ram::of(disk.world()) };
        log.close();
    }
    let home = home.on(Arc::new(disk.power_cut(rng)));
    let log = home.open().context("opening after the cut")?;
    let events = lock(&told).holds(&log)?;
    log.close();
    fs::remove_dir_all(&home.folder)?;
    Ok(events)
}
