//! The keys of one log: reserved in memory, written with the events that first use them, destroyed on erasure.

use std::{
    collections::HashMap,
    path::Path,
    sync::{
        Arc, Mutex, MutexGuard, PoisonError,
        atomic::{AtomicU64, Ordering},
    },
};

use radslag_kernel::{EventId, KeyRef, Opened, Plain, id::LogId};
use radslag_proto::log::Sealed;

use crate::{
    Error, Key, Keyring, Ledger,
    cipher::{self, Place, Salted},
    disk::Disk,
    keyfile::KeyFile,
    slot::{Slot, about},
};

/// Keys kept open at most; when it is full it is emptied.
const CACHE: usize = 4_096;

/// The vault of one log.
pub struct Vault {
    log: LogId,
    keys: KeyFile,
    ring: Arc<Keyring>,
    ledger: Arc<Ledger>,
    next: AtomicU64,
    free: Arc<Mutex<Vec<u64>>>,
    cache: Mutex<HashMap<KeyRef, Key>>,
    /// Held while slots that already hold something are written again: erasure and rotation.
    rewrite: Mutex<()>,
}

/// A key that isn't in the file yet. Dropped unwritten, its slot is free again: it never held a key.
pub struct NewKey {
    /// The slot it will stand in.
    pub reference: KeyRef,
    key: Key,
    free: Arc<Mutex<Vec<u64>>>,
    written: bool,
}

impl NewKey {
    /// The key itself, to seal with before it is written.
    #[must_use]
    pub const fn key(&self) -> &Key {
        &self.key
    }
}

impl Drop for NewKey {
    fn drop(&mut self) {
        if !self.written {
            lock(&self.free).push(self.reference.0);
        }
    }
}

impl Vault {
    /// Opens the key file of a log and applies the ledger to it.
    ///
    /// # Errors
    /// `Closed` if the ledger knows of fewer erasures than the file has seen; `Damaged`, `Io`.
    pub fn open(
        disk: &dyn Disk,
        path: &Path,
        log: LogId,
        ring: Arc<Keyring>,
        ledger: Arc<Ledger>,
    ) -> Result<Self, Error> {
        let keys = KeyFile::open(disk, path, log)?;
        let vault = Self {
            log,
            next: AtomicU64::new(keys.highest()? + 1),
            keys,
            ring,
            ledger,
            free: Arc::default(),
            cache: Mutex::default(),
            rewrite: Mutex::default(),
        };
        vault.apply_ledger()?;
        Ok(vault)
    }

    fn apply_ledger(&self) -> Result<(), Error> {
        let erased: Vec<KeyRef> = self.ledger.of(self.log).slots.into_iter().collect();
        let seen = self.keys.erasures()?;
        if (erased.len() as u64) < seen {
            let why = format!("{seen} keys were erased but the erasure ledger knows of {}", erased.len());
            return Err(Error::Closed { path: self.keys.path().into(), why });
        }
        // A restored file may be shorter than the ledger: the slot is then made, erased. One that was half overwritten when the
        // disk failed does not check: whatever it held is to be destroyed.
        let next = self.next.load(Ordering::Acquire);
        let gone = |key: &KeyRef| key.0 < next && self.keys.read(*key).is_ok_and(|slot| slot == Slot::Erased);
        let open: Vec<KeyRef> = erased.into_iter().filter(|key| !gone(key)).collect();
        self.wipe(&open)
    }

    /// No key ref at or below this one is given out again.
    pub fn seen(&self, highest: KeyRef) {
        self.next.fetch_max(highest.0.saturating_add(1), Ordering::AcqRel);
    }

    /// A new key for a new subject. It is in the file only once `write` and `sync` are done.
    #[must_use]
    pub fn reserve(&self) -> NewKey {
        let slot = lock(&self.free).pop().unwrap_or_else(|| self.next.fetch_add(1, Ordering::AcqRel));
        NewKey { reference: KeyRef(slot), key: Key::random(), free: self.free.clone(), written: false }
    }

    /// Wraps a new key for its slot.
    ///
    /// # Errors
    /// `UnknownKek` if the keyring is empty.
    pub fn slot(&self, new: &NewKey) -> Result<(KeyRef, Slot), Error> {
        let kek = self.ring.current();
        let wrapped = self.ring.wrap(kek, &new.key, &about(self.log, new.reference.0))?;
        Ok((new.reference, Slot::Live { kek, wrapped }))
    }

    /// Marks a key as belonging to its slot for ever: call it when the frame that names it is about to be written.
    pub fn keep(&self, mut new: NewKey) {
        new.written = true;
        self.remember(new.reference, &new.key);
    }

    /// Writes slots, not yet synced.
    ///
    /// # Errors
    /// `Io`; nothing of it counts before `sync`.
    pub fn write(&self, slots: &mut [(KeyRef, Slot)]) -> Result<(), Error> {
        self.keys.write(slots)
    }

    /// Makes written slots survive a power cut.
    ///
    /// # Errors
    /// `Io`: after it the process must end.
    pub fn sync(&self) -> Result<(), Error> {
        self.keys.sync()
    }

    /// The key of a slot, `None` if it was erased.
    ///
    /// # Errors
    /// `Damaged` if the slot was never used or doesn't check: that is never "gone".
    pub fn key(&self, key: KeyRef) -> Result<Option<Key>, Error> {
        if let Some(known) = lock(&self.cache).get(&key) {
            return Ok(Some(known.clone()));
        }
        let found = self.read(key)?;
        if let Some(found) = &found {
            self.remember(key, found);
        }
        Ok(found)
    }

    /// Whether a slot holds a key, or held one that was erased.
    ///
    /// # Errors
    /// `Damaged`, `Io`.
    pub fn has(&self, key: KeyRef) -> Result<bool, Error> {
        Ok(self.raw(key)? != Slot::Unused)
    }

    /// The slot as it stands in the file.
    ///
    /// # Errors
    /// `Damaged`, `Io`.
    pub fn raw(&self, key: KeyRef) -> Result<Slot, Error> {
        self.keys.read(key)
    }

    /// Whether a key is known to be destroyed.
    #[must_use]
    pub fn is_erased(&self, key: KeyRef) -> bool {
        self.keys.read(key).is_ok_and(|slot| slot == Slot::Erased) && self.ledger.has(self.log, key)
    }

    fn read(&self, key: KeyRef) -> Result<Option<Key>, Error> {
        match self.keys.read(key)? {
            Slot::Unused => Err(self.keys.damaged(format!("slot {} was never used but is named", key.0))),
            Slot::Erased => Ok(None),
            Slot::Live { kek, wrapped } => {
                let opened = self.ring.unwrap(kek, &wrapped, &about(self.log, key.0))?;
                let broken = || self.keys.damaged(format!("slot {} does not unwrap", key.0));
                opened.ok_or_else(broken).map(Some)
            }
        }
    }

    /// Seals a value of an event under keys of this vault; new ones are looked up in `new` first.
    ///
    /// # Errors
    /// `Damaged` for a key that isn't there; `Closed` for one that was erased.
    pub fn seal(&self, event: EventId, plain: &Plain, new: &[NewKey]) -> Result<(Sealed, [u8; 32]), Error> {
        let mut keys = Vec::with_capacity(plain.under.len());
        for under in &plain.under {
            let key = match new.iter().find(|new| new.reference == *under) {
                Some(new) => Some(new.key.clone()),
                None => self.key(*under)?,
            };
            let why = || format!("the key in slot {} was erased, nothing can be sealed under it", under.0);
            let gone = || Error::Closed { path: self.keys.path().into(), why: why() };
            keys.push((under.0, key.ok_or_else(gone)?));
        }
        let keys: Vec<(u64, &Key)> = keys.iter().map(|(slot, key)| (*slot, key)).collect();
        let place = Place { log: self.log, event, field: plain.field };
        Ok(cipher::seal(place, &keys, &plain.value))
    }

    /// Opens a sealed field, with the salt of its commitment.
    ///
    /// # Errors
    /// `Damaged`, `Forged`, `Io`. An erased key is no error: `Gone`.
    pub fn open_salted(&self, event: EventId, sealed: &Sealed) -> Result<Opened<Salted>, Error> {
        let mut keys = Vec::with_capacity(sealed.keys.len());
        for key in &sealed.keys {
            match self.key(KeyRef(*key))? {
                Some(key) => keys.push(key),
                None => return Ok(Opened::Gone),
            }
        }
        let place = Place { log: self.log, event, field: sealed.field };
        cipher::open(place, &keys, sealed).map(Opened::Known)
    }

    /// Destroys keys: first in the ledger, then in the file. Durable when it returns. The `Erased` event is already.
    ///
    /// # Errors
    /// `Io`; where the disk is only full it can be done again, and writes every slot again: what reads back then may be what a
    /// failed sync left.
    pub fn erase(&self, keys: &[KeyRef], position: u64, millis: u64) -> Result<(), Error> {
        self.ledger.add(self.log, position, keys, millis)?;
        self.wipe(keys)
    }

    /// Notes in the ledger that it has every erasure below a position.
    ///
    /// # Errors
    /// `Io`.
    pub fn complete(&self, position: u64, millis: u64) -> Result<(), Error> {
        self.ledger.complete(self.log, position, millis)
    }

    /// Below which position the ledger has every erasure.
    #[must_use]
    pub fn complete_to(&self) -> u64 {
        self.ledger.complete_to(self.log)
    }

    fn wipe(&self, keys: &[KeyRef]) -> Result<(), Error> {
        let _rewriting = lock(&self.rewrite);
        let mut slots = Vec::new();
        for key in keys {
            slots.push((*key, Slot::Erased));
            self.seen(*key);
            lock(&self.cache).remove(key);
        }
        if slots.is_empty() {
            return Ok(());
        }
        self.keys.write(&mut slots)?;
        self.keys.write_header(self.ledger.count(self.log))?;
        self.keys.sync()
    }

    /// Wraps every key again with the keyring's current key; tells how many slots it has gone through.
    ///
    /// # Errors
    /// `Damaged`, `Io`; it can be run again.
    pub fn rotate(&self, progress: &dyn Fn(u64, u64)) -> Result<(), Error> {
        const CHUNK: u64 = 4_096;
        let (kek, end) = (self.ring.current(), self.next.load(Ordering::Acquire));
        let mut at = 1;
        while at < end {
            let upto = (at + CHUNK).min(end);
            let rewriting = lock(&self.rewrite);
            let mut slots = Vec::new();
            for number in at..upto {
                let Slot::Live { kek: old, wrapped } = self.keys.read(KeyRef(number))? else { continue };
                if old != kek {
                    let about = about(self.log, number);
                    let opened = self.ring.unwrap(old, &wrapped, &about)?;
                    let key =
                        opened.ok_or_else(|| self.keys.damaged(format!("slot {number} does not unwrap")))?;
                    slots.push((
                        KeyRef(number),
                        Slot::Live { kek, wrapped: self.ring.wrap(kek, &key, &about)? },
                    ));
                }
            }
            self.keys.write(&mut slots)?;
            self.keys.sync()?;
            drop(rewriting);
            at = upto;
            progress(at, end);
        }
        Ok(())
    }

    /// Whether any slot is still wrapped with this key-encryption key.
    ///
    /// # Errors
    /// `Damaged`, `Io`.
    pub fn names(&self, kek: u32) -> Result<bool, Error> {
        for number in 1..self.next.load(Ordering::Acquire) {
            if matches!(self.keys.read(KeyRef(number))?, Slot::Live { kek: named, .. } if named == kek) {
                return Ok(true);
            }
        }
        Ok(false)
    }

    fn remember(&self, reference: KeyRef, key: &Key) {
        let mut cache = lock(&self.cache);
        if cache.len() >= CACHE {
            cache.clear();
        }
        cache.insert(reference, key.clone());
    }
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
