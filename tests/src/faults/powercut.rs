//! Row 4: a power cut for real. The log is on ext4 in a file; while a child writes, the file is copied, and the copy mounted.
//!
//! A power cut leaves the disk as it was at one moment, a copy takes a while: the child is stopped meanwhile, wherever it is.

use std::{
    fs,
    path::Path,
    process::Command,
    sync::{Arc, Mutex},
};

use anyhow::{Context as _, Result, ensure};
use rand::RngExt as _;

use super::{
    child::{Child, Orders, lock},
    home::Home,
    lab::Lab,
    mount::{Mount, image},
    report::Ran,
    told::Told,
};

const BYTES: u64 = 96 << 20;
/// Copies taken of one log.
const CUTS: u64 = 4;

/// Cuts, several to a log.
///
/// # Errors
/// If nothing can be mounted here.
pub fn run(lab: &Lab) -> Result<Ran> {
    let folder = lab.folder()?;
    let (first, at) = (folder.join("image"), folder.join("mounted"));
    image(&first, BYTES)?;
    drop(Mount::looped(&first, &at)?);
    let logs = lab.times(1, 50);
    let mut cuts = 0;
    let mut tally = lab.trials(logs, |rng, _| {
        fs::remove_file(&first)?;
        image(&first, BYTES)?;
        let _mounted = Mount::looped(&first, &at)?;
        let told = Arc::<Mutex<Told>>::default();
        let mut orders = Orders::load(&at, rng.random());
        orders.segment_bytes = 512 << 10;
        let mut child = Child::start(lab, &orders, &told)?;
        child.reach(1)?;
        let mut events = 0;
        for _ in 0..CUTS {
            let before = lock(&told).events.len();
            child.reach(before + rng.random_range(1..600))?;
            events += cut(lab, &child, &first, &told).with_context(|| format!("cut {cuts}"))?;
            cuts += 1;
        }
        child.kill()?;
        Ok(events)
    });
    tally.notes.push(format!("{cuts} cuts"));
    Ok(Ran::Done(tally))
}

fn cut(lab: &Lab, child: &Child, image: &Path, told: &Mutex<Told>) -> Result<u64> {
    let folder = lab.folder()?;
    let (copy, at) = (folder.join("image"), folder.join("mounted"));
    signal(child, "STOP")?;
    radslag_kit::until("the child to stand still", || stopped(child.id()))?;
    let told = lock(told).clone();
    let copied = Command::new("cp").arg("--sparse=always").arg(image).arg(&copy).status();
    signal(child, "CONT")?;
    ensure!(copied?.success(), "the image could not be copied");
    let events = {
        let _mounted = Mount::looped(&copy, &at)?;
        let log = Home::at(at, &lab.writer).open().context("opening")?;
        let events = told.holds(&log);
        log.close();
        events?
    };
    fs::remove_dir_all(&folder)?;
    Ok(events)
}

fn signal(child: &Child, name: &str) -> Result<()> {
    let sent = Command::new("/bin/sh").args(["-c", &format!("kill -{name} {}", child.id())]).status()?;
    ensure!(sent.success(), "signal {name} could not be sent");
    Ok(())
}

/// Whether every thread stands still: none is within a sync any more.
fn stopped(id: u32) -> Result<Option<()>> {
    for task in fs::read_dir(format!("/proc/{id}/task"))? {
        let stat = fs::read_to_string(task?.path().join("stat"))?;
        if !stat.rsplit(") ").next().is_some_and(|rest| rest.starts_with('T')) {
            return Ok(None);
        }
    }
    Ok(Some(()))
}
