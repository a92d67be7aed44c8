//! Files beside a log: too large for its frames, sealed by whoever puts them here, each under a random name in the folder of
//! what it belongs to. One is written and synced before the event that names it, so no event is without its file; a file
//! without an event is what a crash in between left, and goes after a day.

use std::{
    fs, io,
    io::Write as _,
    ops::Range,
    os::unix::fs::OpenOptionsExt as _,
    path::{Path, PathBuf},
    time::SystemTime,
};

use radslag_kernel::{AggregateId, id::unhex};

/// A file's name: 16 random bytes.
pub type Name = [u8; 16];

/// The files of one log.
#[derive(Clone, Debug)]
pub struct Blobs {
    folder: PathBuf,
}

impl Blobs {
    /// In a folder, which is made with the first file.
    #[must_use]
    pub const fn at(folder: PathBuf) -> Self {
        Self { folder }
    }

    fn of(&self, owner: AggregateId) -> PathBuf {
        self.folder.join(owner.to_string())
    }

    fn path(&self, owner: AggregateId, name: &Name) -> PathBuf {
        self.of(owner).join(format!("{:032x}", u128::from_be_bytes(*name)))
    }

    /// Writes a file that isn't there yet. When this returns it survives a power cut.
    ///
    /// # Errors
    /// What the disk says; what was written of it goes after a day.
    pub fn put(&self, owner: AggregateId, name: &Name, bytes: &[u8]) -> io::Result<()> {
        let folder = self.of(owner);
        fs::create_dir_all(&folder)?;
        let path = self.path(owner, name);
        let mut file = fs::OpenOptions::new().write(true).create_new(true).mode(0o600).open(path)?;
        file.write_all(bytes)?;
        file.sync_all()?;
        let above = self.folder.parent().unwrap_or(&self.folder);
        [folder.as_path(), &self.folder, above].into_iter().try_for_each(sync)
    }

    /// What a file holds; `None` if it isn't there.
    ///
    /// # Errors
    /// What the disk says.
    pub fn get(&self, owner: AggregateId, name: &Name) -> io::Result<Option<Vec<u8>>> {
        there(fs::read(self.path(owner, name)))
    }

    /// Removes a file, if it is there.
    ///
    /// # Errors
    /// What the disk says.
    pub fn remove(&self, owner: AggregateId, name: &Name) -> io::Result<()> {
        there(fs::remove_file(self.path(owner, name))).map(|_| ())
    }

    /// Everything that has files.
    ///
    /// # Errors
    /// What the disk says.
    pub fn owners(&self) -> io::Result<Vec<AggregateId>> {
        let names = names(&self.folder)?;
        Ok(names.iter().filter_map(|(name, _)| name.parse().ok()).collect())
    }

    /// What something has here that was written then.
    ///
    /// # Errors
    /// What the disk says.
    pub fn written(&self, owner: AggregateId, when: &Range<SystemTime>) -> io::Result<Vec<Name>> {
        let found = names(&self.of(owner))?.into_iter().filter(|(_, written)| when.contains(written));
        Ok(found.filter_map(|(name, _)| unhex(&name)).collect())
    }
}

fn sync(folder: &Path) -> io::Result<()> {
    fs::File::open(folder)?.sync_all()
}

fn there<T>(done: io::Result<T>) -> io::Result<Option<T>> {
    match done {
        Ok(value) => Ok(Some(value)),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
        Err(error) => Err(error),
    }
}

/// The names in a folder, with when each was written last.
fn names(folder: &Path) -> io::Result<Vec<(String, SystemTime)>> {
    let mut found = Vec::new();
    for entry in there(fs::read_dir(folder))?.into_iter().flatten() {
        let entry = entry?;
        if let Ok(name) = entry.file_name().into_string() {
            found.push((name, entry.metadata()?.modified()?));
        }
    }
    Ok(found)
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;

    #[test]
    fn a_file_is_there_until_it_is_removed_and_is_never_written_twice() {
        let folder = tempfile::tempdir().unwrap();
        let blobs = Blobs::at(folder.path().join("blobs"));
        let (owner, name) = (AggregateId::from_bytes([1; 16]), [2; 16]);
        assert_eq!((blobs.get(owner, &name).unwrap(), blobs.owners().unwrap()), (None, vec![]));
        blobs.put(owner, &name, b"sealed").unwrap();
        assert_eq!(blobs.get(owner, &name).unwrap().as_deref(), Some(b"sealed".as_slice()));
        assert!(blobs.put(owner, &name, b"other").is_err());
        assert_eq!(blobs.owners().unwrap(), [owner]);
        blobs.remove(owner, &name).unwrap();
        blobs.remove(owner, &name).unwrap();
        assert_eq!(blobs.get(owner, &name).unwrap(), None);
    }

    #[test]
    fn what_is_old_is_told_from_what_was_just_written_and_from_what_is_older_still() {
        let folder = tempfile::tempdir().unwrap();
        let blobs = Blobs::at(folder.path().join("blobs"));
        let (owner, day) = (AggregateId::from_bytes([1; 16]), Duration::from_secs(86_400));
        let now = SystemTime::now();
        for (name, days) in [([2; 16], 1), ([3; 16], 0), ([4; 16], 9)] {
            blobs.put(owner, &name, b"sealed").unwrap();
            let file = fs::File::options().write(true).open(blobs.path(owner, &name)).unwrap();
            file.set_modified(now - day * days).unwrap();
        }
        assert_eq!(blobs.written(owner, &(now - 2 * day..now)).unwrap(), [[2; 16]]);
    }
}
