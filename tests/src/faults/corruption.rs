//! Row 6: bytes change in any file of a closed log: single bits of the last records and of anything else, pages of zeros,
//! cuts, inverted runs. What is ground state is noticed or unharmed; what is derived is made again with the same root; and
//! never is less served than there was, nor a hash that isn't the tree's.

use std::{
    collections::BTreeMap,
    fs,
    path::{Path, PathBuf},
    sync::{Arc, Mutex},
};

use anyhow::{Context as _, Result, bail, ensure};
use bytes::Bytes;
use radslag_eventlog::{Error, Log, frame::Head, segment::HEADER};
use radslag_evidence::tile::{Of, Tile};
use rand::{RngExt as _, rngs::StdRng};

use super::{
    child::{load, lock},
    home::Home,
    lab::Lab,
    ram::Ram,
    report::{Ran, Tally},
    told::Told,
    world::World,
};

const PAGE: usize = 4_096;
/// More than a whole tile of leaves.
const APPENDS: u64 = 560;

/// A closed log as it should be.
struct Whole {
    home: Home,
    world: World,
    /// What isn't on the simulated disk: index and secrets.
    files: BTreeMap<PathBuf, Vec<u8>>,
    told: Told,
    tiles: Vec<(Tile, Bytes)>,
    /// Where the bits of the last records stand.
    last: (PathBuf, std::ops::Range<usize>),
}

/// What came of a damage.
enum Came {
    Detected,
    Unharmed,
}

/// Damages, one at a time.
///
/// # Errors
/// If there is no log to damage.
pub fn run(lab: &Lab) -> Result<Ran> {
    let whole = Whole::new(lab)?;
    let (mut detected, mut unharmed) = (0_u64, 0_u64);
    let times = lab.times(110, 16_000);
    let mut tally: Tally = lab.trials(times, |rng, seed| {
        let (path, what, bytes) = whole.damage(seed, rng)?;
        let name = path.strip_prefix(&whole.home.folder).unwrap_or(&path).display().to_string();
        match whole.judge(&path, bytes).with_context(|| format!("{name}: {what}"))? {
            Came::Detected => detected += 1,
            Came::Unharmed => unharmed += 1,
        }
        Ok(whole.told.events.len() as u64)
    });
    tally.notes.push(format!("{detected} detected, {unharmed} made again or without effect"));
    Ok(Ran::Done(tally))
}

impl Whole {
    fn new(lab: &Lab) -> Result<Self> {
        let disk = Ram::default();
        let home = Home { segment_bytes: 64 << 10, ..Home::new(lab)? }.on(Arc::new(disk.clone()));
        let told = Mutex::new(Told::default());
        let log = home.open()?;
        load(&log, 1, APPENDS, &|line| {
            lock(&told).read(&line);
        })?;
        log.sign_checkpoint()?;
        lock(&told).signed(&log);
        let size = log.watermark();
        let tiles = tiles(&log, size)?;
        log.close();
        let (mut world, mut files) = (disk.world(), BTreeMap::new());
        for folder in ["index", "secrets"] {
            collect(&home.folder.join(folder), &mut files)?;
        }
        let last = last_records(&mut world)?;
        let told = lock(&told).clone();
        Ok(Self { home, world, files, told, tiles, last })
    }

    /// Which file, what is done to it, and what stands in it then.
    fn damage(&self, seed: u64, rng: &mut StdRng) -> Result<(PathBuf, String, Vec<u8>)> {
        if seed % 4 < 2 {
            // One bit after the other, in trials that follow one another.
            let (path, range) = &self.last;
            let bit = ((seed / 4 * 2 + seed % 4) % (range.len() as u64 * 8)) as usize;
            let (at, bit) = (range.start + bit / 8, bit % 8);
            let mut bytes = self.bytes(path);
            bytes[at] ^= 1 << bit;
            return Ok((path.clone(), format!("bit {bit} of byte {at}"), bytes));
        }
        let mut paths = self.world.names();
        paths.extend(self.files.keys().cloned());
        paths.retain(|path| !self.bytes(path).is_empty());
        let path = paths[(seed / 4) as usize % paths.len()].clone();
        let mut bytes = self.bytes(&path);
        let used = bytes.iter().rposition(|byte| *byte != 0).map_or(1, |at| at + 1);
        let at = rng.random_range(0..used);
        let what = match rng.random_range(0..4) {
            0 => {
                let page = at / PAGE * PAGE..(at / PAGE * PAGE + PAGE).min(bytes.len());
                bytes[page.clone()].fill(0);
                format!("zeros from {} to {}", page.start, page.end)
            }
            1 => {
                bytes.truncate(at);
                format!("cut at {at}")
            }
            2 => {
                let to = (at + 64).min(bytes.len());
                bytes[at..to].iter_mut().for_each(|byte| *byte ^= 0xff);
                format!("inverted from {at} to {to}")
            }
            _ => {
                let bit = rng.random_range(0..8);
                bytes[at] ^= 1 << bit;
                format!("bit {bit} of byte {at}")
            }
        };
        Ok((path, what, bytes))
    }

    fn bytes(&self, path: &Path) -> Vec<u8> {
        let named = self.world.names().iter().any(|name| name == path);
        let mut world = self.world.clone();
        if !named {
            return self.files.get(path).cloned().unwrap_or_default();
        }
        let number = world.open(path);
        world.inode(number).bytes().to_vec()
    }

    fn judge(&self, path: &Path, bytes: Vec<u8>) -> Result<Came> {
        let mut world = self.world.clone();
        self.put_back()?;
        if self.files.contains_key(path) {
            fs::write(path, &bytes)?;
        } else {
            let number = world.open(path);
            world.inode(number).replace(bytes);
        }
        let derived =
            ["tree", "index", "log/ACK"].iter().any(|name| path.starts_with(self.home.folder.join(name)));
        let home = self.home.clone().on(Arc::new(Ram::of(world)));
        let log = match home.open() {
            Ok(log) => log,
            Err(error) if derived => return Err(error).context("what can be made again stops the log"),
            Err(_) => return Ok(Came::Detected),
        };
        let judged = self.served(&log).and_then(|()| self.told.holds(&log));
        log.close();
        match judged {
            Ok(_) => Ok(Came::Unharmed),
            // The log itself says that something is wrong with it; an index or a tree would have been made again.
            Err(error) if !derived && error.chain().any(|cause| cause.is::<Error>()) => Ok(Came::Detected),
            Err(error) => Err(error),
        }
    }

    /// Each hash that is served is the tree's; where it isn't any more, that is said instead.
    fn served(&self, log: &Log) -> Result<()> {
        ensure!(log.watermark() >= self.told.events.len() as u64, "a shorter log is served");
        // A checkpoint that was cut off is signed again, within a second or now.
        log.sign_checkpoint()?;
        for (tile, due) in &self.tiles {
            match log.tile(*tile) {
                Ok(Some(bytes)) => ensure!(bytes == *due, "{tile:?} is served with other bytes"),
                Ok(None) => bail!("{tile:?} is not served"),
                Err(error) => return Err(error).context("reading a tile"),
            }
        }
        Ok(())
    }

    /// Index and secrets as they were.
    fn put_back(&self) -> Result<()> {
        for folder in ["index", "secrets"] {
            let folder = self.home.folder.join(folder);
            if folder.exists() {
                fs::remove_dir_all(&folder)?;
            }
        }
        for (path, bytes) in &self.files {
            fs::create_dir_all(path.parent().unwrap_or(path))?;
            fs::write(path, bytes)?;
        }
        Ok(())
    }
}

/// All tiles of hashes, as they are served.
fn tiles(log: &Log, size: u64) -> Result<Vec<(Tile, Bytes)>> {
    let hashes = Tile::all(size).filter(|tile| matches!(tile.of, Of::Hashes(_)));
    hashes.map(|tile| Ok((tile, log.tile(tile)?.context("a tile isn't served")?))).collect()
}

fn collect(folder: &Path, files: &mut BTreeMap<PathBuf, Vec<u8>>) -> Result<()> {
    for entry in fs::read_dir(folder)? {
        let path = entry?.path();
        if path.is_dir() {
            collect(&path, files)?;
        } else {
            files.insert(path.clone(), fs::read(path)?);
        }
    }
    Ok(())
}

/// The last two frames of the newest segment.
fn last_records(world: &mut World) -> Result<(PathBuf, std::ops::Range<usize>)> {
    let segment = |path: &PathBuf| path.extension().is_some_and(|ending| ending == "segment");
    let path = world.names().into_iter().filter(segment).max().context("no segment")?;
    let number = world.open(&path);
    let bytes = world.inode(number).bytes();
    let (mut at, mut before) = (HEADER as usize, HEADER as usize);
    let mut end = at;
    while let Some(head) = bytes.get(at..).and_then(Head::read).filter(|head| head.length > 0) {
        (before, end) = (if end == at { before } else { at }, at + head.length);
        at += head.padded();
    }
    Ok((path, before..end))
}
