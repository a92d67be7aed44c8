//! A disk in memory: files with the bytes they are given.

use std::{
    collections::BTreeMap,
    io,
    path::{Path, PathBuf},
    sync::{Arc, Mutex, PoisonError},
};

use radslag_vault::disk::{Disk, File};

/// Files by path; one that isn't there is made empty.
#[derive(Default)]
pub(crate) struct Memory(Mutex<BTreeMap<PathBuf, Arc<Bytes>>>);

#[derive(Default)]
struct Bytes(Mutex<Vec<u8>>);

impl Memory {
    pub(crate) fn with(path: &str, bytes: &[u8]) -> Self {
        let file = Arc::new(Bytes(Mutex::new(bytes.to_vec())));
        Self(Mutex::new(BTreeMap::from([(path.into(), file)])))
    }

    pub(crate) fn read(&self, path: &str) -> Vec<u8> {
        let files = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        files.get(Path::new(path)).map(|file| file.lock().clone()).unwrap_or_default()
    }
}

impl Bytes {
    fn lock(&self) -> std::sync::MutexGuard<'_, Vec<u8>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Disk for Memory {
    fn open(&self, path: &Path) -> io::Result<Arc<dyn File>> {
        let mut files = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let file: Arc<Bytes> = files.entry(path.into()).or_default().clone();
        Ok(file)
    }

    fn list(&self, _: &Path) -> io::Result<Vec<PathBuf>> {
        Ok(self.0.lock().unwrap_or_else(PoisonError::into_inner).keys().cloned().collect())
    }

    fn remove(&self, path: &Path) -> io::Result<()> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).remove(path);
        Ok(())
    }

    fn sync_folder(&self, _: &Path) -> io::Result<()> {
        Ok(())
    }
}

impl File for Bytes {
    fn read_at(&self, into: &mut [u8], offset: u64) -> io::Result<usize> {
        let bytes = self.lock();
        let from = usize::try_from(offset).unwrap_or(usize::MAX).min(bytes.len());
        let count = into.len().min(bytes.len() - from);
        into[..count].copy_from_slice(&bytes[from..from + count]);
        Ok(count)
    }

    fn write_at(&self, written: &[u8], offset: u64) -> io::Result<()> {
        let mut bytes = self.lock();
        let from = usize::try_from(offset).unwrap_or(usize::MAX);
        let end = from.checked_add(written.len()).filter(|end| *end < 1 << 26);
        let end = end.ok_or(io::ErrorKind::FileTooLarge)?;
        let length = bytes.len().max(end);
        bytes.resize(length, 0);
        bytes[from..end].copy_from_slice(written);
        Ok(())
    }

    fn sync(&self) -> io::Result<()> {
        Ok(())
    }

    fn length(&self) -> io::Result<u64> {
        Ok(self.lock().len() as u64)
    }

    fn grow(&self, _: u64, to: u64) -> io::Result<()> {
        let mut bytes = self.lock();
        let to = usize::try_from(to).ok().filter(|to| *to < 1 << 26).ok_or(io::ErrorKind::StorageFull)?;
        let length = bytes.len().max(to);
        bytes.resize(length, 0);
        Ok(())
    }
}
