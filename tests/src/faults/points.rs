//! Row 2: a child dies at each named point of writing and opening; then the log is opened and compared with what it said.

use std::{
    fs,
    os::unix::fs::FileExt as _,
    path::Path,
    sync::{Arc, Mutex},
};

use anyhow::{Context as _, Result, ensure};
use radslag_eventlog::crash::Point;
use rand::{RngExt as _, rngs::StdRng};

use super::{
    child::{Child, Orders, lock},
    home::Home,
    lab::Lab,
    report::{Ran, Tally},
    told::Told,
};

/// A child that comes to its point too seldom ends after so many appends.
const MOST: u64 = 20_000;
/// Small, so that segments are sealed, indexed and merged.
const SEGMENT: u64 = 8 << 10;

/// Every point, at several hits.
///
/// # Errors
/// None.
pub fn run(lab: &Lab) -> Result<Ran> {
    let points = Point::ALL.len() as u64;
    let mut tally: Tally = lab.trials(lab.times(points, 20 * points), |rng, seed| {
        let point = Point::ALL[(seed % Point::ALL.len() as u64) as usize];
        die_at(lab, rng, point).with_context(|| format!("{point:?}"))
    });
    tally.notes.push(format!("{points} points"));
    Ok(Ran::Done(tally))
}

/// Points that are passed once when a log is made, or once when it is opened.
const fn once(point: Point) -> bool {
    matches!(point, Point::VerifiersWritten | Point::Cut)
}

/// Points of opening, which need something to be opened.
const fn opening(point: Point) -> bool {
    matches!(point, Point::WrittenAgain | Point::Cut)
}

fn die_at(lab: &Lab, rng: &mut StdRng, point: Point) -> Result<u64> {
    // The smallest segment grows only where more than that is wanted of it.
    let segment_bytes = if point == Point::Grown { 8 << 20 } else { SEGMENT };
    let home = Home { segment_bytes, ..Home::new(lab)? };
    let told = Arc::new(Mutex::new(Told::default()));
    if opening(point) {
        let hit = rng.random_range(5..60);
        fire(lab, &home, rng.random(), (Point::Durable, hit), &told)?;
        if point == Point::Cut {
            tear(&home.folder)?;
        }
    }
    let seldom = matches!(point, Point::HalfMerged | Point::Merged | Point::Grown);
    let hit = match point {
        _ if once(point) || point == Point::WrittenAgain => 1,
        _ if seldom => rng.random_range(1..3),
        _ => rng.random_range(1..12),
    };
    fire(lab, &home, rng.random(), (point, hit), &told)?;
    // A second life under load, killed: what recovery left is gone on from.
    let before = lock(&told).events.len();
    let mut orders = Orders::load(&home.folder, rng.random());
    orders.segment_bytes = segment_bytes;
    let mut child = Child::start(lab, &orders, &told)?;
    child.reach(before + 40)?;
    child.kill()?;
    let log = home.open().context("opening")?;
    let events = lock(&told).holds(&log)?;
    log.close();
    fs::remove_dir_all(&home.folder)?;
    Ok(events)
}

/// Lets a child die at a point, and sees that it did.
fn fire(
    lab: &Lab,
    home: &Home,
    seed: u64,
    (point, hit): (Point, u32),
    told: &Arc<Mutex<Told>>,
) -> Result<()> {
    let mut orders = Orders::load(&home.folder, seed);
    orders.segment_bytes = home.segment_bytes;
    (orders.point, orders.hit, orders.most) = (Some(format!("{point:?}")), hit, MOST);
    let left = Child::start(lab, &orders, told)?.left()?;
    ensure!(
        left.said.contains(&format!("died at {point:?}")),
        "it never came to hit {hit}: {} {}",
        left.status,
        left.said
    );
    Ok(())
}

/// Half a frame after the last whole one.
fn tear(folder: &Path) -> Result<()> {
    let listed = fs::read_dir(folder.join("log/segments"))?;
    let newest = listed.flatten().map(|entry| entry.path()).max().context("no segment")?;
    let bytes = fs::read(&newest)?;
    let end = bytes.iter().rposition(|byte| *byte != 0).map_or(4_096, |at| at + 1);
    let file = fs::OpenOptions::new().write(true).open(&newest)?;
    file.write_all_at(&bytes[4_096..4_096 + 40], end.next_multiple_of(8).max(4_096) as u64)?;
    Ok(())
}
