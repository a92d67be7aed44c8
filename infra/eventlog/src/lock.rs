//! One process at a time on a folder: an advisory lock on a file that names its holder.

use std::{
    fs::{self, File, OpenOptions, TryLockError},
    io::{Seek as _, Write as _},
    os::unix::fs::MetadataExt as _,
    path::Path,
};

use crate::Error;

/// Held as long as it lives; the operating system lets go of it when the process ends, however it ends.
#[derive(Debug)]
pub struct FolderLock(File);

impl Drop for FolderLock {
    /// Said, not left to closing the file: a child that is just being started has it too, until it runs its own program.
    fn drop(&mut self) {
        let _ = self.0.unlock();
    }
}

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

/// The process that has a folder, without taking it even for a moment; `None` if nobody has, or if it can't be told.
#[must_use]
pub fn holder(folder: &Path) -> Option<u32> {
    let path = folder.join("LOCK");
    let process: u32 = fs::read_to_string(&path).ok()?.trim().parse().ok()?;
    let inode = fs::metadata(&path).ok()?.ino().to_string();
    // A line is `<n>: FLOCK ADVISORY WRITE <process> <major>:<minor>:<inode> 0 EOF`.
    let locks = fs::read_to_string("/proc/locks").ok()?;
    let held = locks.lines().any(|line| {
        let words: Vec<&str> = line.split_whitespace().collect();
        words.get(4) == Some(&process.to_string().as_str())
            && words.get(5).and_then(|file| file.rsplit(':').next()) == Some(&inode)
    });
    held.then_some(process)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_let_go_of_is_free_even_while_a_starting_child_has_its_file() {
        let folder = tempfile::tempdir().unwrap();
        let held = FolderLock::take(folder.path()).unwrap();
        let inherited = held.0.try_clone().unwrap();
        drop(held);
        FolderLock::take(folder.path()).unwrap();
        drop(inherited);
    }

    #[test]
    fn a_second_taker_is_refused_and_told_who_has_it() {
        let folder = tempfile::tempdir().unwrap();
        assert_eq!(holder(folder.path()), None);
        let held = FolderLock::take(folder.path()).unwrap();
        assert_eq!(holder(folder.path()), Some(std::process::id()));
        let refused = FolderLock::take(folder.path()).unwrap_err().to_string();
        assert!(refused.ends_with(&format!("process {}", std::process::id())), "{refused}");
        drop(held);
        assert_eq!(holder(folder.path()), None);
        FolderLock::take(folder.path()).unwrap();
    }
}
