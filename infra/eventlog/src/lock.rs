//! One process at a time on a folder: an advisory lock on a file that names its holder.

use std::{
    fs::{self, File, OpenOptions, TryLockError},
    io::{Seek as _, Write as _},
    path::Path,
};

use crate::Error;

/// Held as long as it lives; the operating system lets go of it when the process ends, however it ends.
#[derive(Debug)]
pub struct FolderLock(#[expect(dead_code, reason = "held for its lock")] File);

impl FolderLock {
    /// Takes the folder.
    ///
    /// # Errors
    /// `InUse` naming the process that has it; `Io`.
    pub fn take(folder: &Path) -> Result<Self, Error> {
        let path = folder.join("LOCK");
        let opened = OpenOptions::new().read(true).write(true).create(true).truncate(false).open(&path);
        let mut file = opened.map_err(Error::io("opening", &path))?;
        match file.try_lock() {
            Ok(()) => {}
            Err(TryLockError::WouldBlock) => {
                let holder = fs::read_to_string(&path).unwrap_or_default();
                return Err(Error::InUse { path: folder.into(), holder: holder.trim().into() });
            }
            Err(TryLockError::Error(source)) => return Err(Error::io("locking", &path)(source)),
        }
        let written = file
            .set_len(0)
            .and_then(|()| file.rewind())
            .and_then(|()| writeln!(file, "{}", std::process::id()));
        written.map_err(Error::io("writing", &path))?;
        Ok(Self(file))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_second_taker_is_refused_and_told_who_has_it() {
        let folder = tempfile::tempdir().unwrap();
        let held = FolderLock::take(folder.path()).unwrap();
        let refused = FolderLock::take(folder.path()).unwrap_err().to_string();
        assert!(refused.ends_with(&format!("process {}", std::process::id())), "{refused}");
        drop(held);
        FolderLock::take(folder.path()).unwrap();
    }
}
