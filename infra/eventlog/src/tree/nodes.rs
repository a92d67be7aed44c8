//! The tree's hashes on disk: a file a level of tiles, in which hash `n` stands at byte `32 * n`.
//!
//! Level 0 has the leaves, each level above has the roots over whole tiles of the one below; what lies between is
//! computed. So a tile is 8 KiB of a file, and any node is one read of at most 4 KiB.

use std::{
    fs,
    path::{Path, PathBuf},
    sync::Arc,
};

use radslag_evidence::{
    Hash, Nodes, Tree,
    tile::{self, HEIGHT, LEVELS},
};
use radslag_vault::{Disk, disk::File};

use crate::Error;

const HASH: u64 = 32;

/// The files, lowest level first.
pub(crate) struct Kept {
    folder: PathBuf,
    levels: Vec<(PathBuf, Arc<dyn File>)>,
}

impl Kept {
    /// Opens them, making them where there are none.
    pub(crate) fn open(disk: &dyn Disk, folder: &Path) -> Result<Self, Error> {
        fs::create_dir_all(folder).map_err(Error::io("making", folder))?;
        let open = |level: u8| {
            let path = folder.join(level.to_string());
            let file = disk.open(&path).map_err(Error::io("opening", &path))?;
            Ok((path, file))
        };
        let levels = (0..LEVELS).map(open).collect::<Result<_, Error>>()?;
        disk.sync_folder(folder).map_err(Error::io("syncing", folder))?;
        Ok(Self { folder: folder.into(), levels })
    }

    pub(crate) fn folder(&self) -> &Path {
        &self.folder
    }

    /// Whether there are as many hashes as a tree of a size has.
    pub(crate) fn holds(&self, size: u64) -> Result<bool, Error> {
        let mut hashes = size;
        for (path, file) in &self.levels {
            if file.length().map_err(Error::io("reading", path))? < hashes * HASH {
                return Ok(false);
            }
            hashes >>= HEIGHT;
        }
        Ok(true)
    }

    /// Adds leaves to a tree and to the files. After an error the tree is as it was.
    pub(crate) fn append(&self, tree: &mut Tree, leaves: &[Hash]) -> Result<(), Error> {
        let mut grown = tree.clone();
        let mut fresh: Vec<Vec<u8>> = vec![Vec::new(); self.levels.len()];
        fresh[0] = leaves.as_flattened().to_vec();
        for leaf in leaves {
            grown.push(*leaf, |height, root| {
                if height % HEIGHT == 0 {
                    fresh[(height / HEIGHT) as usize].extend_from_slice(&root);
                }
            });
        }
        let mut before = tree.size();
        for (bytes, (path, file)) in fresh.iter().zip(&self.levels) {
            if !bytes.is_empty() {
                file.write_at(bytes, before * HASH).map_err(Error::io("writing", path))?;
            }
            before >>= HEIGHT;
        }
        *tree = grown;
        Ok(())
    }

    /// Makes all of them survive a power cut: a checkpoint never vouches for hashes that may be lost.
    pub(crate) fn sync(&self) -> Result<(), Error> {
        self.levels.iter().try_for_each(|(path, file)| file.sync().map_err(Error::io("syncing", path)))
    }

    /// Hashes of a level, from one on.
    pub(crate) fn hashes(&self, level: u8, from: u64, count: usize) -> Result<Vec<Hash>, Error> {
        let (path, file) = &self.levels[usize::from(level)];
        let mut hashes = vec![[0; 32]; count];
        let bytes = hashes.as_flattened_mut();
        let read = file.read_at(bytes, from * HASH).map_err(Error::io("reading", path))?;
        if read < bytes.len() {
            let why = format!("{count} hashes should stand here");
            return Err(Error::damaged(path, from * HASH, why));
        }
        Ok(hashes)
    }
}

impl Nodes for Kept {
    type Error = Error;

    fn node(&self, height: u32, index: u64) -> Result<Hash, Error> {
        let (level, above) = (height / HEIGHT, height % HEIGHT);
        let hashes = self.hashes(level as u8, index << above, 1 << above)?;
        tile::root(&hashes).ok_or_else(|| Error::NotALog(self.folder.clone()))
    }
}
