//! The little that logs and key files ask of a disk, so that a test can put a worse one in its place.

use std::{
    fs, io,
    os::unix::fs::{FileExt as _, OpenOptionsExt as _},
    path::{Path, PathBuf},
    sync::Arc,
};

/// A file that is read and written at offsets.
pub trait File: Send + Sync {
    /// Reads as much as is there, up to the length of `into`.
    ///
    /// # Errors
    /// What the disk says.
    fn read_at(&self, into: &mut [u8], offset: u64) -> io::Result<usize>;
    /// Writes all of it.
    ///
    /// # Errors
    /// What the disk says; part of it may be written.
    fn write_at(&self, bytes: &[u8], offset: u64) -> io::Result<()>;
    /// Makes everything written so far survive a power cut.
    ///
    /// # Errors
    /// After one, nothing unsynced can be trusted, not even what reads back: the process must end.
    fn sync(&self) -> io::Result<()>;
    /// Its length in bytes.
    ///
    /// # Errors
    /// What the disk says.
    fn length(&self) -> io::Result<u64>;
    /// Grows it to a length with blocks really reserved, reading as zeros.
    ///
    /// # Errors
    /// `StorageFull` when there is no room: the length may then be anything in between.
    fn grow(&self, from: u64, to: u64) -> io::Result<()>;
}

/// Where files are.
pub trait Disk: Send + Sync {
    /// Opens a file for reading and writing, making it if it isn't there.
    ///
    /// # Errors
    /// What the disk says.
    fn open(&self, path: &Path) -> io::Result<Arc<dyn File>>;
    /// The files of a folder.
    ///
    /// # Errors
    /// What the disk says.
    fn list(&self, folder: &Path) -> io::Result<Vec<PathBuf>>;
    /// Removes a file.
    ///
    /// # Errors
    /// What the disk says.
    fn remove(&self, path: &Path) -> io::Result<()>;
    /// Makes the names in a folder survive a power cut.
    ///
    /// # Errors
    /// What the disk says.
    fn sync_folder(&self, folder: &Path) -> io::Result<()>;
}

/// The operating system's disk.
#[derive(Clone, Copy, Debug, Default)]
pub struct RealDisk;

impl Disk for RealDisk {
    fn open(&self, path: &Path) -> io::Result<Arc<dyn File>> {
        let mut options = fs::OpenOptions::new();
        let file = options.read(true).write(true).create(true).truncate(false).mode(0o600).open(path)?;
        Ok(Arc::new(file))
    }

    fn list(&self, folder: &Path) -> io::Result<Vec<PathBuf>> {
        fs::read_dir(folder)?.map(|entry| entry.map(|e| e.path())).collect()
    }

    fn remove(&self, path: &Path) -> io::Result<()> {
        fs::remove_file(path)
    }

    fn sync_folder(&self, folder: &Path) -> io::Result<()> {
        fs::File::open(folder)?.sync_all()
    }
}

impl File for fs::File {
    fn read_at(&self, into: &mut [u8], offset: u64) -> io::Result<usize> {
        let mut done = 0;
        while done < into.len() {
            match std::os::unix::fs::FileExt::read_at(self, &mut into[done..], offset + done as u64) {
                Ok(0) => break,
                Ok(n) => done += n,
                Err(e) if e.kind() == io::ErrorKind::Interrupted => {}
                Err(e) => return Err(e),
            }
        }
        Ok(done)
    }

    fn write_at(&self, bytes: &[u8], offset: u64) -> io::Result<()> {
        self.write_all_at(bytes, offset)
    }

    fn sync(&self) -> io::Result<()> {
        self.sync_data()
    }

    fn length(&self) -> io::Result<u64> {
        Ok(self.metadata()?.len())
    }

    fn grow(&self, from: u64, to: u64) -> io::Result<()> {
        let zeros = vec![0; usize::try_from(to.saturating_sub(from)).unwrap_or(usize::MAX).min(1 << 20)];
        let mut at = from;
        while at < to {
            let n = usize::try_from(to - at).unwrap_or(zeros.len()).min(zeros.len());
            self.write_all_at(&zeros[..n], at)?;
            at += n as u64;
        }
        Ok(())
    }
}
