//! A disk in memory that keeps what isn't synced apart from what is. A power cut keeps a random part of the former, torn or
//! zeroed. A sync can be made to fail as it does on Linux: the new bytes are still shown, the old ones are held, and the next
//! sync says Ok. The files themselves stand in `world`.

use std::{
    fmt, io,
    path::{Path, PathBuf},
    str::FromStr,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

use anyhow::Result;
use radslag_vault::{Disk, disk::File};
use rand::rngs::StdRng;

use super::world::{SECTOR, World};

/// What fails: the nth sync or write of the files whose path ends so, or of a folder.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fault {
    /// Which operation.
    pub what: What,
    /// How the paths end, or a part of the last component.
    pub path: String,
    /// Which time, from 1.
    pub nth: u32,
}

/// An operation of a disk.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum What {
    /// A file's sync.
    Sync,
    /// A folder's.
    SyncFolder,
    /// A write: about half of it is done.
    Write,
}

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let what = match self.what {
            What::Sync => "sync",
            What::SyncFolder => "sync-folder",
            What::Write => "write",
        };
        write!(f, "{what}:{}:{}", self.path, self.nth)
    }
}

impl FromStr for Fault {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let wrong = || format!("`{text}` isn't operation:path:number");
        let mut parts = text.splitn(3, ':');
        let what = match parts.next() {
            Some("sync") => What::Sync,
            Some("sync-folder") => What::SyncFolder,
            Some("write") => What::Write,
            _ => return Err(wrong()),
        };
        let path = parts.next().ok_or_else(wrong)?.to_owned();
        let nth = parts.next().and_then(|number| number.parse().ok()).ok_or_else(wrong)?;
        Ok(Self { what, path, nth })
    }
}

/// The disk; clones are the same one.
#[derive(Clone, Default)]
pub struct Ram(Arc<Mutex<Held>>);

#[derive(Default)]
struct Held {
    world: World,
    fault: Option<(Fault, PathBuf)>,
    /// The disk has failed: whoever comes now waits for the process to end.
    failed: bool,
}

struct RamFile {
    disk: Ram,
    path: PathBuf,
    number: u64,
}

impl Ram {
    /// With files on it.
    #[must_use]
    pub fn of(world: World) -> Self {
        Self(Arc::new(Mutex::new(Held { world, ..Held::default() })))
    }

    /// One that fails, and keeps in a folder what it held then.
    #[must_use]
    pub fn failing(fault: Fault, keep: &Path) -> Self {
        let fault = Some((fault, keep.to_owned()));
        Self(Arc::new(Mutex::new(Held { fault, ..Held::default() })))
    }

    /// What is on it.
    #[must_use]
    pub fn world(&self) -> World {
        self.lock().world.clone()
    }

    /// What another finds after the power was cut now.
    #[must_use]
    pub fn power_cut(&self, rng: &mut StdRng) -> Self {
        Self::of(self.lock().world.after_power_cut(rng))
    }

    fn lock(&self) -> MutexGuard<'_, Held> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The disk for an operation; fails it if its time has come.
    fn enter(
        &self,
        what: What,
        path: &Path,
        failing: impl FnOnce(&mut World),
    ) -> io::Result<MutexGuard<'_, Held>> {
        let mut held = self.lock();
        if held.failed {
            drop(held);
            loop {
                std::thread::park();
            }
        }
        let Held { world, fault, failed } = &mut *held;
        let name = path.to_string_lossy();
        let Some((fault, keep)) = fault.as_mut().filter(|(f, _)| f.what == what && name.ends_with(&f.path))
        else {
            return Ok(held);
        };
        fault.nth = fault.nth.saturating_sub(1);
        if fault.nth > 0 {
            return Ok(held);
        }
        failing(world);
        *failed = true;
        world.save(keep)?;
        Err(io::Error::other("the simulated disk failed"))
    }
}

impl Disk for Ram {
    fn open(&self, path: &Path) -> io::Result<Arc<dyn File>> {
        let number = self.lock().world.open(path);
        Ok(Arc::new(RamFile { disk: self.clone(), path: path.into(), number }))
    }

    fn list(&self, folder: &Path) -> io::Result<Vec<PathBuf>> {
        Ok(self.lock().world.list(folder))
    }

    fn remove(&self, path: &Path) -> io::Result<()> {
        self.lock().world.remove(path);
        Ok(())
    }

    fn sync_folder(&self, folder: &Path) -> io::Result<()> {
        self.enter(What::SyncFolder, folder, |_| ())?.world.sync_names(folder);
        Ok(())
    }
}

impl File for RamFile {
    fn read_at(&self, into: &mut [u8], offset: u64) -> io::Result<usize> {
        Ok(self.disk.lock().world.inode(self.number).read(into, offset as usize))
    }

    fn write_at(&self, bytes: &[u8], offset: u64) -> io::Result<()> {
        // Up to the end of some sector: one is written whole or not at all.
        let end = (offset as usize + bytes.len() / 2) / SECTOR * SECTOR;
        let half = |world: &mut World| {
            let written = &bytes[..end.saturating_sub(offset as usize)];
            world.inode(self.number).write(written, offset as usize);
        };
        let mut held = self.disk.enter(What::Write, &self.path, half)?;
        held.world.inode(self.number).write(bytes, offset as usize);
        Ok(())
    }

    fn sync(&self) -> io::Result<()> {
        let forget = |world: &mut World| world.inode(self.number).forget();
        self.disk.enter(What::Sync, &self.path, forget)?.world.inode(self.number).sync();
        Ok(())
    }

    fn length(&self) -> io::Result<u64> {
        Ok(self.disk.lock().world.inode(self.number).length())
    }

    fn grow(&self, from: u64, to: u64) -> io::Result<()> {
        let zeros = vec![0; to.saturating_sub(from) as usize];
        self.disk.lock().world.inode(self.number).write(&zeros, from as usize);
        Ok(())
    }
}
