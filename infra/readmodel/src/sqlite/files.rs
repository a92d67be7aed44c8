//! The files of one projection: `<projection>.<generation>.db`, and `<projection>.CURRENT`, which says which one is live.
//! A database is never renamed: renaming over an open WAL database corrupts it.

use std::{
    fs::{self, File},
    io::Write as _,
    path::{Path, PathBuf},
};

use crate::error::{Result, io};

/// Where they are.
#[derive(Clone, Debug)]
pub(crate) struct Files {
    pub(crate) dir: PathBuf,
    pub(crate) projection: &'static str,
}

impl Files {
    /// The database of a generation.
    pub(crate) fn path(&self, generation: u64) -> PathBuf {
        self.dir.join(format!("{}.{generation}.db", self.projection))
    }

    fn pointer(&self) -> PathBuf {
        self.dir.join(format!("{}.CURRENT", self.projection))
    }

    /// The live generation, if there ever was one.
    pub(crate) fn current(&self) -> Result<Option<u64>> {
        let path = self.pointer();
        match fs::read_to_string(&path) {
            Ok(text) => Ok(text.trim().parse().ok().filter(|generation| self.path(*generation).exists())),
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => Ok(None),
            Err(error) => Err(io(&path, "read which generation is current")(error)),
        }
    }

    /// Makes a generation the live one: all readers that open from now on see it, after a power cut too.
    pub(crate) fn set_current(&self, generation: u64) -> Result<()> {
        let (path, temporary) = (self.pointer(), self.dir.join(format!("{}.CURRENT.new", self.projection)));
        let write = || {
            let mut file = File::create(&temporary)?;
            writeln!(file, "{generation}")?;
            file.sync_all()?;
            fs::rename(&temporary, &path)?;
            sync_dir(&self.dir)
        };
        write().map_err(io(&path, "replace which generation is current"))
    }

    /// Every generation that has a file.
    pub(crate) fn generations(&self) -> Result<Vec<u64>> {
        let mut found = Vec::new();
        let entries = fs::read_dir(&self.dir).map_err(io(&self.dir, "list"))?;
        for entry in entries {
            let name = entry.map_err(io(&self.dir, "list"))?.file_name();
            let number: Option<u64> = name.to_str().and_then(|name| {
                name.strip_prefix(self.projection)?.strip_prefix('.')?.strip_suffix(".db")?.parse().ok()
            });
            found.extend(number);
        }
        Ok(found)
    }

    /// Deletes a database with its WAL.
    pub(crate) fn remove(&self, generation: u64) -> Result<()> {
        remove(&self.path(generation))
    }
}

/// Deletes a database with what SQLite keeps beside it. What isn't there is no error.
pub(crate) fn remove(path: &Path) -> Result<()> {
    for suffix in ["", "-wal", "-shm", "-journal"] {
        let mut name = path.as_os_str().to_owned();
        name.push(suffix);
        match fs::remove_file(&name) {
            Err(error) if error.kind() != std::io::ErrorKind::NotFound => {
                return Err(io(Path::new(&name), "delete")(error));
            }
            Ok(()) | Err(_) => {}
        }
    }
    Ok(())
}

/// Makes what was created or renamed in a folder last.
pub(crate) fn sync_dir(dir: &Path) -> std::io::Result<()> {
    File::open(dir)?.sync_all()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_pointer_is_replaced_and_a_pointer_to_nothing_is_none() {
        let dir = tempfile::tempdir().unwrap();
        let files = Files { dir: dir.path().to_owned(), projection: "lists" };
        assert_eq!(files.current().unwrap(), None);
        files.set_current(1).unwrap();
        assert_eq!(files.current().unwrap(), None, "its file isn't there");
        fs::write(files.path(2), "").unwrap();
        fs::write(dir.path().join("lists_more.3.db"), "").unwrap();
        files.set_current(2).unwrap();
        assert_eq!(files.current().unwrap(), Some(2));
        assert_eq!(files.generations().unwrap(), [2]);
        files.remove(2).unwrap();
        files.remove(2).unwrap();
        assert_eq!(files.current().unwrap(), None);
    }
}
