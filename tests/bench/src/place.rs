//! Where a bench works: a folder on a real disk, gone afterwards.

use std::{
    env, fs,
    path::{Path, PathBuf},
};

use anyhow::{Context as _, Result, ensure};
use tempfile::TempDir;

/// A folder for one process of the bench; each measurement gets a fresh one inside it.
pub(crate) struct Place {
    folder: TempDir,
}

impl Place {
    /// In a given folder, or else in `target/` of the current one.
    pub(crate) fn new(given: Option<&Path>) -> Result<Self> {
        let here = env::current_dir().context("asking for the current folder")?;
        let target = here.join("target");
        let default = if target.is_dir() { target } else { here };
        let parent = given.map_or(default, PathBuf::from);
        fs::create_dir_all(&parent).with_context(|| format!("making {}", parent.display()))?;
        ensure!(
            !crate::machine::in_memory(&parent),
            "{} is in memory, where a sync costs nothing: choose a folder on a disk with --dir",
            parent.display()
        );
        let folder = tempfile::Builder::new().prefix("radslag-bench-").tempdir_in(&parent)?;
        Ok(Self { folder })
    }

    pub(crate) fn path(&self) -> &Path {
        self.folder.path()
    }

    /// A fresh folder. What was there before is on the disk or gone when this returns, so that it costs nobody later.
    pub(crate) fn fresh(&self) -> Result<TempDir> {
        let folder = tempfile::Builder::new().tempdir_in(self.path())?;
        rustix::fs::syncfs(fs::File::open(folder.path())?).context("syncing the file system")?;
        Ok(folder)
    }
}

/// Asks the kernel to forget what it cached of every file below a folder, so that opening it is as good as cold.
pub(crate) fn forget(folder: &Path) -> Result<()> {
    for entry in fs::read_dir(folder)?.flatten() {
        let path = entry.path();
        if path.is_dir() {
            forget(&path)?;
        } else if path.is_file() {
            let file = fs::File::open(&path)?;
            file.sync_all()?;
            rustix::fs::fadvise(&file, 0, None, rustix::fs::Advice::DontNeed)?;
        }
    }
    Ok(())
}

/// Bytes allocated below a folder, in MiB.
pub(crate) fn size_mib(folder: &Path) -> Result<u64> {
    Ok(bytes(folder)? >> 20)
}

fn bytes(folder: &Path) -> Result<u64> {
    let mut sum = 0;
    for entry in fs::read_dir(folder)?.flatten() {
        let data = entry.metadata()?;
        sum += if data.is_dir() {
            bytes(&entry.path())?
        } else {
            std::os::unix::fs::MetadataExt::blocks(&data) * 512
        };
    }
    Ok(sum)
}
