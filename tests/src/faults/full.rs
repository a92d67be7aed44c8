//! Row 7a: a disk that is full, freed, full again, under load; then the process is killed and the log opened with room.

use std::{
    fs,
    sync::{Arc, Mutex},
};

use anyhow::{Context as _, Result, ensure};
use rand::{RngExt as _, rngs::StdRng};

use super::{
    child::{Child, Orders, lock},
    home::Home,
    lab::Lab,
    mount::Mount,
    report::Ran,
    told::Told,
};

/// Fillings of small disks.
///
/// # Errors
/// If nothing can be mounted here.
pub fn run(lab: &Lab) -> Result<Ran> {
    drop(Mount::tmpfs(&lab.folder()?.join("small"), "8m")?);
    lab.row(lab.times(2, 60), |rng, _| fill(lab, rng))
}

fn fill(lab: &Lab, rng: &mut StdRng) -> Result<u64> {
    let home = Home::new(lab)?;
    // The log alone on the small disk, the tree's hashes, or everything; without a tree there is no checkpoint, but a log.
    let small = Mount::tmpfs(&home.folder.join(["log", "log", "tree", "."][rng.random_range(0..4)]), "8m")?;
    let ballast = small.at.join("ballast");
    fs::write(&ballast, vec![1; rng.random_range(2 << 20..5 << 20)])?;
    let told = Arc::<Mutex<Told>>::default();
    let mut child = Child::start(lab, &Orders::load(&home.folder, rng.random()), &told)?;
    if !small.at.ends_with("tree") {
        full_and_freed(&mut child, &ballast, &told)?;
    } else {
        // What is derived may have no room: the log goes on without it.
        child.reach(4_000)?;
    }
    child.kill()?;
    small.resize("64m")?;
    let log = home.open().context("opening")?;
    let events = lock(&told).holds(&log)?;
    log.close();
    drop(small);
    fs::remove_dir_all(&home.folder)?;
    Ok(events)
}

fn full_and_freed(child: &mut Child, ballast: &std::path::Path, told: &Mutex<Told>) -> Result<()> {
    let reason = child.refused(1)?;
    let named = ["the disk is full", "No space left"].iter().any(|words| reason.contains(words));
    ensure!(named, "the reason is `{reason}`");
    let (before, refused) = (lock(told).events.len(), child.refusals());
    fs::remove_file(ballast)?;
    child.reach(before + 100).context("it doesn't go on when there is room")?;
    child.refused(refused + 8).map(drop)
}
