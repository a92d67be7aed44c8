//! The files of a disk in memory, as the page cache shows them and as the disk holds them.
//!
//! What a power cut may leave of what wasn't synced: of each sector any of the states it had; a piece of one that was empty
//! may be torn or read as zeros; one that held something is written whole or not at all, as disks promise. A file's length is
//! anything between. A name that was made or removed may be there or not until its folder is synced.

use std::{
    collections::BTreeMap,
    fs,
    io::{self, Read as _},
    path::{Path, PathBuf},
};

use rand::{RngExt as _, rngs::StdRng};

/// What a disk writes whole or not at all.
pub const SECTOR: usize = 512;

/// All files.
#[derive(Clone, Default)]
pub struct World {
    inodes: Vec<Inode>,
    /// As they are seen.
    names: BTreeMap<PathBuf, u64>,
    /// As they are on the disk.
    held: BTreeMap<PathBuf, u64>,
}

/// One file.
#[derive(Clone, Default)]
pub struct Inode {
    now: Vec<u8>,
    held: Vec<u8>,
    pending: Vec<(usize, Vec<u8>)>,
}

impl Inode {
    /// Reads as much as is there.
    pub fn read(&self, into: &mut [u8], offset: usize) -> usize {
        let there = self.now.get(offset..).unwrap_or_default();
        let length = there.len().min(into.len());
        into[..length].copy_from_slice(&there[..length]);
        length
    }

    /// Writes, not yet to the disk.
    pub fn write(&mut self, bytes: &[u8], offset: usize) {
        put(&mut self.now, bytes, offset);
        self.pending.push((offset, bytes.to_vec()));
    }

    /// Writes everything to the disk.
    pub fn sync(&mut self) {
        for (offset, bytes) in self.pending.drain(..) {
            put(&mut self.held, &bytes, offset);
        }
    }

    /// A sync that fails: what was to be written is shown and never will be.
    pub fn forget(&mut self) {
        self.pending.clear();
    }

    /// As it is seen.
    #[must_use]
    pub fn length(&self) -> u64 {
        self.now.len() as u64
    }

    /// Its bytes as they are seen.
    #[must_use]
    pub fn bytes(&self) -> &[u8] {
        &self.now
    }

    /// Replaces all of it, on the disk too.
    pub fn replace(&mut self, bytes: Vec<u8>) {
        *self = Self { now: bytes.clone(), held: bytes, pending: vec![] };
    }

    fn after_power_cut(&self, rng: &mut StdRng) -> Self {
        let mut disk = self.held.clone();
        // All of it, nothing of it, or each sector as it happens.
        let mood = rng.random_range(0..4);
        let longest = self.now.len().max(disk.len());
        let limit = if mood == 1 { longest } else { rng.random_range(disk.len()..=longest) };
        for (sector, writes) in self.sectors() {
            let kept = match mood {
                0 => 0,
                1 => writes.len(),
                _ => rng.random_range(0..=writes.len()),
            };
            let Some((last, before)) = writes[..kept].split_last() else { continue };
            for (offset, bytes) in before {
                put(&mut disk, bytes, *offset);
            }
            let (offset, bytes) = *last;
            let there = disk.get(sector * SECTOR..).unwrap_or_default();
            let was_empty = there.iter().take(SECTOR).all(|byte| *byte == 0);
            match rng.random_range(0..4) {
                0 if was_empty && mood != 1 => put(&mut disk, &vec![0; bytes.len()], offset),
                1 if was_empty && mood != 1 => {
                    put(&mut disk, &bytes[..rng.random_range(0..=bytes.len())], offset);
                }
                _ => put(&mut disk, bytes, offset),
            }
        }
        disk.resize(limit.max(self.held.len()), 0);
        Self { now: disk.clone(), held: disk, pending: vec![] }
    }

    /// What is to be written, by sector.
    fn sectors(&self) -> BTreeMap<usize, Vec<(usize, &[u8])>> {
        let mut sectors: BTreeMap<usize, Vec<(usize, &[u8])>> = BTreeMap::new();
        for (offset, bytes) in &self.pending {
            let (mut at, mut rest) = (*offset, bytes.as_slice());
            while !rest.is_empty() {
                let (piece, after) = rest.split_at(rest.len().min(SECTOR - at % SECTOR));
                sectors.entry(at / SECTOR).or_default().push((at, piece));
                (at, rest) = (at + piece.len(), after);
            }
        }
        sectors
    }
}

fn put(into: &mut Vec<u8>, bytes: &[u8], offset: usize) {
    if into.len() < offset + bytes.len() {
        into.resize(offset + bytes.len(), 0);
    }
    into[offset..offset + bytes.len()].copy_from_slice(bytes);
}

impl World {
    /// The number of the file of a name, made if it isn't there.
    pub fn open(&mut self, path: &Path) -> u64 {
        if let Some(number) = self.names.get(path) {
            return *number;
        }
        let number = self.inodes.len() as u64;
        self.inodes.push(Inode::default());
        self.names.insert(path.into(), number);
        number
    }

    /// A file by its number.
    pub fn inode(&mut self, number: u64) -> &mut Inode {
        &mut self.inodes[number as usize]
    }

    /// Names and files as they are seen.
    #[must_use]
    pub fn names(&self) -> Vec<PathBuf> {
        self.names.keys().cloned().collect()
    }

    /// The names of a folder.
    #[must_use]
    pub fn list(&self, folder: &Path) -> Vec<PathBuf> {
        self.names.keys().filter(|path| path.parent() == Some(folder)).cloned().collect()
    }

    /// Removes a name.
    pub fn remove(&mut self, path: &Path) {
        self.names.remove(path);
    }

    /// Writes the names of a folder to the disk.
    pub fn sync_names(&mut self, folder: &Path) {
        self.held.retain(|path, _| path.parent() != Some(folder));
        let own = self.names.iter().filter(|(path, _)| path.parent() == Some(folder));
        self.held.extend(own.map(|(path, number)| (path.clone(), *number)));
    }

    /// What stands on the disk when the power comes back.
    #[must_use]
    pub fn after_power_cut(&self, rng: &mut StdRng) -> Self {
        let mut names = BTreeMap::new();
        for path in self.names.keys().chain(self.held.keys()) {
            let (now, held) = (self.names.get(path), self.held.get(path));
            let kept = if rng.random() { now } else { held };
            names.extend(kept.map(|number| (path.clone(), *number)));
        }
        let inodes = self.inodes.iter().map(|inode| inode.after_power_cut(rng)).collect();
        Self { inodes, held: names.clone(), names }
    }

    /// Keeps all of it in a folder.
    ///
    /// # Errors
    /// Of the file system.
    pub fn save(&self, folder: &Path) -> io::Result<()> {
        fs::create_dir_all(folder)?;
        for (kind, names) in [("names", &self.names), ("held", &self.held)] {
            let lines: String =
                names.iter().map(|(path, number)| format!("{number} {}\n", path.display())).collect();
            fs::write(folder.join(kind), lines)?;
        }
        for (number, inode) in self.inodes.iter().enumerate() {
            fs::write(folder.join(format!("{number}.now")), &inode.now)?;
            fs::write(folder.join(format!("{number}.held")), &inode.held)?;
            let mut pending = Vec::new();
            for (offset, bytes) in &inode.pending {
                pending.extend_from_slice(&offset.to_le_bytes());
                pending.extend_from_slice(&bytes.len().to_le_bytes());
                pending.extend_from_slice(bytes);
            }
            fs::write(folder.join(format!("{number}.pending")), pending)?;
        }
        fs::write(folder.join("whole"), "")
    }

    /// What was kept.
    ///
    /// # Errors
    /// Of the file system; if it wasn't kept whole.
    pub fn load(folder: &Path) -> io::Result<Self> {
        fs::read(folder.join("whole"))?;
        let names = |kind: &str| -> io::Result<BTreeMap<PathBuf, u64>> {
            let text = fs::read_to_string(folder.join(kind))?;
            let line = |line: &str| {
                line.split_once(' ').and_then(|(number, path)| Some((path.into(), number.parse().ok()?)))
            };
            Ok(text.lines().filter_map(line).collect())
        };
        let mut world = Self { inodes: vec![], names: names("names")?, held: names("held")? };
        while let Ok(now) = fs::read(folder.join(format!("{}.now", world.inodes.len()))) {
            let number = world.inodes.len();
            let held = fs::read(folder.join(format!("{number}.held")))?;
            let mut file = fs::File::open(folder.join(format!("{number}.pending")))?;
            let (mut pending, mut head) = (Vec::new(), [0; 16]);
            while file.read_exact(&mut head).is_ok() {
                let word =
                    |at: usize| head[at..].first_chunk().map_or(0, |bytes| usize::from_le_bytes(*bytes));
                let mut bytes = vec![0; word(8)];
                file.read_exact(&mut bytes)?;
                pending.push((word(0), bytes));
            }
            world.inodes.push(Inode { now, held, pending });
        }
        Ok(world)
    }
}

#[cfg(test)]
mod tests {
    use rand::SeedableRng as _;

    use super::*;

    #[test]
    fn what_is_synced_stays_and_what_is_not_may_go() {
        let mut world = World::default();
        let path = Path::new("/a/b");
        let number = world.open(path);
        world.inode(number).write(&[1; 600], 0);
        world.inode(number).sync();
        world.inode(number).write(&[2; 600], 600);
        let mut lengths = std::collections::BTreeSet::new();
        let mut names = std::collections::BTreeSet::new();
        for seed in 0..200 {
            let mut cut = world.after_power_cut(&mut StdRng::seed_from_u64(seed));
            let inode = cut.inode(number).clone();
            assert_eq!(inode.bytes()[..600], [1; 600]);
            lengths.insert(inode.length());
            names.insert(cut.names().len());
        }
        assert!(
            lengths.len() > 1 && lengths.iter().all(|length| (600..=1_200).contains(length)),
            "{lengths:?}"
        );
        assert_eq!(names, [0, 1].into(), "its folder was never synced");
        world.sync_names(Path::new("/a"));
        let cut = world.after_power_cut(&mut StdRng::seed_from_u64(1));
        assert_eq!(cut.names(), [path]);
    }

    #[test]
    fn a_failed_sync_shows_the_new_and_holds_the_old() {
        let mut world = World::default();
        let number = world.open(Path::new("/a"));
        world.inode(number).write(b"old", 0);
        world.inode(number).sync();
        world.inode(number).write(b"new", 0);
        world.inode(number).forget();
        world.inode(number).sync();
        assert_eq!(world.inode(number).bytes(), b"new");
        let folder = tempfile::tempdir().unwrap();
        world.save(folder.path()).unwrap();
        let mut cut = World::load(folder.path()).unwrap().after_power_cut(&mut StdRng::seed_from_u64(3));
        assert_eq!(cut.inode(number).bytes(), b"old");
    }
}
