//! Key-encryption keys: 64 bytes each in a file of their own, kept apart from the data they protect.

use std::{
    collections::BTreeMap,
    fs,
    io::Write as _,
    os::unix::fs::OpenOptionsExt as _,
    path::{Path, PathBuf},
    sync::RwLock,
};

use aes_siv::{KeyInit as _, siv::Aes256Siv};
use zeroize::Zeroizing;

use crate::{Error, cipher::Key};

/// The key-encryption keys of a tenant, newest last. Files are named `kek-<number>.key`.
pub struct Keyring {
    folder: PathBuf,
    keys: RwLock<BTreeMap<u32, Zeroizing<[u8; 64]>>>,
}

impl Keyring {
    /// Opens the folder and makes a first key where there is none.
    ///
    /// # Errors
    /// `Io`, and `Damaged` for a key file that hasn't 64 bytes.
    pub fn open(folder: &Path) -> Result<Self, Error> {
        fs::create_dir_all(folder).map_err(Error::io("making", folder))?;
        let mut keys = BTreeMap::new();
        for entry in fs::read_dir(folder).map_err(Error::io("listing", folder))? {
            let path = entry.map_err(Error::io("listing", folder))?.path();
            if let Some(number) = number_of(&path) {
                keys.insert(number, read(&path)?);
            }
        }
        let ring = Self { folder: folder.into(), keys: RwLock::new(keys) };
        if ring.numbers().is_empty() {
            ring.add()?;
        }
        Ok(ring)
    }

    /// The numbers of the keys it has, ascending.
    #[must_use]
    pub fn numbers(&self) -> Vec<u32> {
        self.lock().keys().copied().collect()
    }

    /// The key that new slots are wrapped with.
    #[must_use]
    pub fn current(&self) -> u32 {
        self.lock().keys().next_back().copied().unwrap_or(0)
    }

    /// Makes a new key, which becomes the current one.
    ///
    /// # Errors
    /// `Io`.
    pub fn add(&self) -> Result<u32, Error> {
        let number = self.current() + 1;
        let key = Zeroizing::new(rand::random::<[u8; 64]>());
        let path = self.path(number);
        let mut options = fs::OpenOptions::new();
        let written = options.write(true).create_new(true).mode(0o600).open(&path).and_then(|mut file| {
            file.write_all(key.as_slice())?;
            file.sync_all()
        });
        written
            .and_then(|()| fs::File::open(&self.folder)?.sync_all())
            .map_err(Error::io("writing", path))?;
        self.keys.write().unwrap_or_else(std::sync::PoisonError::into_inner).insert(number, key);
        Ok(number)
    }

    /// Destroys a key for good: overwritten, synced, removed. The caller has seen to it that no slot names it.
    ///
    /// # Errors
    /// `Io`.
    pub fn destroy(&self, number: u32) -> Result<(), Error> {
        let path = self.path(number);
        let wiped = fs::OpenOptions::new().write(true).open(&path).and_then(|mut file| {
            file.write_all(&[0; 64])?;
            file.sync_all()
        });
        wiped
            .and_then(|()| fs::remove_file(&path))
            .and_then(|()| fs::File::open(&self.folder)?.sync_all())
            .map_err(Error::io("destroying", path))?;
        self.keys.write().unwrap_or_else(std::sync::PoisonError::into_inner).remove(&number);
        Ok(())
    }

    pub(crate) fn wrap(&self, number: u32, key: &Key, about: &[u8]) -> Result<[u8; 48], Error> {
        let wrapped = self.cipher(number)?.encrypt([about], key.bytes()).unwrap_or_default();
        wrapped.as_slice().try_into().map_err(|_| Error::UnknownKek(number))
    }

    /// `None` if the wrapped bytes or what they are about were changed.
    pub(crate) fn unwrap(&self, number: u32, wrapped: &[u8; 48], about: &[u8]) -> Result<Option<Key>, Error> {
        let plain = self.cipher(number)?.decrypt([about], wrapped).map(Zeroizing::new);
        Ok(plain.ok().and_then(|bytes| Key::from_slice(&bytes)))
    }

    fn cipher(&self, number: u32) -> Result<Aes256Siv, Error> {
        self.lock().get(&number).map(|key| Aes256Siv::new((&**key).into())).ok_or(Error::UnknownKek(number))
    }

    fn lock(&self) -> std::sync::RwLockReadGuard<'_, BTreeMap<u32, Zeroizing<[u8; 64]>>> {
        self.keys.read().unwrap_or_else(std::sync::PoisonError::into_inner)
    }

    fn path(&self, number: u32) -> PathBuf {
        self.folder.join(format!("kek-{number}.key"))
    }
}

fn number_of(path: &Path) -> Option<u32> {
    path.file_name()?.to_str()?.strip_prefix("kek-")?.strip_suffix(".key")?.parse().ok()
}

fn read(path: &Path) -> Result<Zeroizing<[u8; 64]>, Error> {
    let bytes = fs::read(path).map(Zeroizing::new).map_err(Error::io("reading", path))?;
    let key: [u8; 64] = bytes.as_slice().try_into().map_err(|_| Error::Damaged {
        path: path.into(),
        why: format!("a key-encryption key has 64 bytes, this has {}", bytes.len()),
    })?;
    Ok(Zeroizing::new(key))
}
