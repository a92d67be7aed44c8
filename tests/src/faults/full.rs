//! Row 7a: a disk that is full, freed, full again, under load; then the process is killed and the log opened with room.

use std::{
    fs,
    io::Write as _,
    path::Path,
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

const PAGE: u64 = 4_096;

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
    // The log alone on the small disk, the tree's hashes, the secrets with the ledger, or everything.
    let part = ["log", "log", "tree", "secrets", "."][rng.random_range(0..5)];
    let small = Mount::tmpfs(&home.folder.join(part), if part == "secrets" { "128k" } else { "8m" })?;
    let ballast = small.at.join("ballast");
    if part == "secrets" {
        home.open()?.close();
        nearly_full(&ballast, rng.random_range(0..3))?;
    } else {
        fs::write(&ballast, vec![1; rng.random_range(2 << 20..5 << 20)])?;
    }
    let told = Arc::<Mutex<Told>>::default();
    let mut child = Child::start(lab, &Orders::load(&home.folder, rng.random()), &told)?;
    match part {
        // What is derived may have no room: the log goes on without it.
        "tree" => child.reach(4_000)?,
        // An erasure whose event is durable waits for room in the ledger, or for the next opening.
        "secrets" if rng.random() => drop(full(&mut child)?),
        "secrets" => drop(freed(&mut child, &ballast, &told)?),
        _all_that_is_written => {
            let events = freed(&mut child, &ballast, &told)?;
            child.refused(events)?;
        }
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

/// Waits for a full disk, and how that is said.
fn full(child: &mut Child) -> Result<()> {
    let reason = child.refused(0)?;
    let named = ["the disk is full", "No space left"].iter().any(|words| reason.contains(words));
    ensure!(named, "the reason is `{reason}`");
    Ok(())
}

/// Makes room once the disk is full, and waits until the log goes on; up to which event that is known.
fn freed(child: &mut Child, ballast: &Path, told: &Mutex<Told>) -> Result<usize> {
    full(child)?;
    let before = lock(told).events.len();
    fs::remove_file(ballast)?;
    child.reach(before + 100).context("it doesn't go on when there is room")?;
    Ok(before + 100)
}

/// Fills a disk but for so many pages.
fn nearly_full(ballast: &Path, pages: u64) -> Result<()> {
    let mut file = fs::File::create(ballast)?;
    let mut written = 0;
    while file.write_all(&[1; PAGE as usize]).is_ok() {
        written += PAGE;
    }
    Ok(file.set_len(written.saturating_sub(pages * PAGE))?)
}
