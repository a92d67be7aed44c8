//! The newest event of each stream: of the active segment in memory, of sealed ones in the index.

use std::{
    collections::HashMap,
    hash::{BuildHasherDefault, Hasher},
    sync::Arc,
};

use sha2::{Digest as _, Sha256};

/// The first 128 bits of a stream name's SHA-256. Names are made of random ids and HMACs; what is found is compared with
/// the name in the record, so a collision is noticed, not served.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct StreamHash(pub [u8; 16]);

impl StreamHash {
    /// Of a stream's name.
    #[must_use]
    pub fn of(stream: &str) -> Self {
        let mut hash = [0; 16];
        hash.copy_from_slice(&Sha256::digest(stream)[..16]);
        Self(hash)
    }
}

impl std::hash::Hash for StreamHash {
    fn hash<H: Hasher>(&self, state: &mut H) {
        state.write_u64(u64::from_le_bytes(*self.0.first_chunk().unwrap_or(&[0; 8])));
    }
}

/// Hashes are uniform already.
#[derive(Default)]
pub struct AsItIs(u64);

impl Hasher for AsItIs {
    fn finish(&self) -> u64 {
        self.0
    }
    fn write(&mut self, bytes: &[u8]) {
        for byte in bytes {
            self.0 = self.0.rotate_left(8) ^ u64::from(*byte);
        }
    }
    fn write_u64(&mut self, value: u64) {
        self.0 = value;
    }
}

/// A stream's newest event.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Head {
    /// Its position.
    pub position: u64,
    /// The stream's version after it.
    pub version: u64,
}

/// Newest events by stream.
pub type HeadMap = HashMap<StreamHash, Head, BuildHasherDefault<AsItIs>>;

/// What isn't in the index yet.
#[derive(Default)]
pub struct Heads {
    /// Of the active segment, durable events only.
    pub active: HeadMap,
    /// Of sealed segments whose run isn't written yet, oldest first.
    pub sealing: Vec<Arc<HeadMap>>,
}

impl Heads {
    /// The newest event of a stream among them.
    #[must_use]
    pub fn get(&self, stream: &StreamHash) -> Option<Head> {
        let sealed = || self.sealing.iter().rev().find_map(|map| map.get(stream));
        self.active.get(stream).or_else(sealed).copied()
    }
}
