//! A blocked Bloom filter over stream hashes: one cache line a question, 12 bits a stream, about 0.5 % false alarms.

use crate::heads::StreamHash;

const LINE: usize = 64;
const BITS_PER_KEY: usize = 12;
const PROBES: u32 = 7;

/// Says "not here" for certain, or "maybe".
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Filter(Vec<u8>);

impl Filter {
    /// For so many streams.
    #[must_use]
    pub(crate) fn with_room_for(streams: usize) -> Self {
        Self(vec![0; (streams * BITS_PER_KEY / 8).div_ceil(LINE).max(1) * LINE])
    }

    /// From its bytes; `None` if they can't be a filter.
    #[must_use]
    pub(crate) fn from_bytes(bytes: Vec<u8>) -> Option<Self> {
        (!bytes.is_empty() && bytes.len().is_multiple_of(LINE)).then_some(Self(bytes))
    }

    /// Its bytes.
    #[must_use]
    pub(crate) fn as_bytes(&self) -> &[u8] {
        &self.0
    }

    /// Takes a stream in.
    pub(crate) fn insert(&mut self, stream: &StreamHash) {
        let (line, bits) = self.place(stream);
        for bit in bits {
            self.0[line + bit / 8] |= 1 << (bit % 8);
        }
    }

    /// Whether the stream may have been taken in.
    #[must_use]
    pub(crate) fn maybe(&self, stream: &StreamHash) -> bool {
        let (line, mut bits) = self.place(stream);
        bits.all(|bit| self.0[line + bit / 8] & (1 << (bit % 8)) != 0)
    }

    fn place(&self, stream: &StreamHash) -> (usize, impl Iterator<Item = usize> + use<>) {
        let value = u128::from_le_bytes(stream.0);
        let lines = (self.0.len() / LINE) as u128;
        let line = (((value >> 64) * lines) >> 64) as usize * LINE;
        (line, (0..PROBES).map(move |probe| (value >> (probe * 9)) as usize % (LINE * 8)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_taken_in_is_always_found_and_others_rarely() {
        let stream = |n: u32| StreamHash::of(&format!("stream-{n}"));
        let mut filter = Filter::with_room_for(10_000);
        (0..10_000).for_each(|n| filter.insert(&stream(n)));
        assert!((0..10_000).all(|n| filter.maybe(&stream(n))));
        let alarms = (10_000..110_000).filter(|n| filter.maybe(&stream(*n))).count();
        assert!(alarms < 1_500, "{alarms} of 100,000");
    }
}
