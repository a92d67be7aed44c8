//! Tokens already verified, by their hash: an Ed25519 verification costs more than a whole count read.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

use super::verify::Valid;

/// SHA-256 of a token: the token itself isn't kept.
pub(super) type TokenHash = [u8; 32];

/// Two generations of at most `half` tokens each. When the younger is full it becomes the older and the older is
/// dropped, so memory is bounded and a token in use stays.
pub(super) struct Cache {
    half: usize,
    generations: Mutex<[HashMap<TokenHash, Arc<Valid>>; 2]>,
}

impl Cache {
    pub(super) fn of(tokens: usize) -> Self {
        Self { half: (tokens / 2).max(1), generations: Mutex::default() }
    }

    pub(super) fn get(&self, hash: &TokenHash) -> Option<Arc<Valid>> {
        let mut generations = self.generations.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(valid) = generations[0].get(hash) {
            return Some(Arc::clone(valid));
        }
        let valid = generations[1].remove(hash)?;
        Self::put(&mut generations, self.half, *hash, Arc::clone(&valid));
        Some(valid)
    }

    pub(super) fn insert(&self, hash: TokenHash, valid: Arc<Valid>) {
        let mut generations = self.generations.lock().unwrap_or_else(PoisonError::into_inner);
        Self::put(&mut generations, self.half, hash, valid);
    }

    fn put(
        generations: &mut [HashMap<TokenHash, Arc<Valid>>; 2],
        half: usize,
        hash: TokenHash,
        valid: Arc<Valid>,
    ) {
        if generations[0].len() >= half {
            generations[1] = std::mem::take(&mut generations[0]);
        }
        generations[0].insert(hash, valid);
    }

    #[cfg(test)]
    pub(super) fn len(&self) -> usize {
        self.generations.lock().unwrap().iter().map(HashMap::len).sum()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn hash(number: u64) -> TokenHash {
        let mut hash = [0; 32];
        hash[..8].copy_from_slice(&number.to_le_bytes());
        hash
    }

    #[test]
    fn the_cache_is_bounded_and_keeps_what_is_used() {
        let cache = Cache::of(100);
        cache.insert(hash(0), Arc::default());
        for number in 1..10_000 {
            cache.insert(hash(number), Arc::default());
            assert!(cache.get(&hash(0)).is_some(), "{number}");
            assert!(cache.len() <= 100);
        }
        assert!(cache.get(&hash(1)).is_none());
    }
}
