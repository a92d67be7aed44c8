//! Changes of an input that are the same in every run.

/// A generator of numbers (splitmix64): the same seed gives the same ones.
pub struct Numbers(pub u64);

impl Numbers {
    /// The next.
    pub const fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }

    /// One below a number, which isn't 0.
    pub const fn below(&mut self, end: usize) -> usize {
        (self.next() % end as u64) as usize
    }
}

const ODD: [u8; 12] = [0, 1, b'\n', b' ', b'"', b'+', b'.', 0x7f, 0x80, 0xc3, 0xfe, 0xff];

/// One to four changes: bits flipped, bytes replaced, cut, doubled, taken from another input, numbers made extreme.
#[must_use]
pub fn mutated(input: &[u8], other: &[u8], numbers: &mut Numbers) -> Vec<u8> {
    let mut bytes = input.to_vec();
    for _ in 0..=numbers.below(4) {
        let at = numbers.below(bytes.len() + 1);
        let end = (at + 1 + numbers.below(16)).min(bytes.len());
        match numbers.below(8) {
            0 | 1 if at < bytes.len() => bytes[at] ^= 1 << numbers.below(8),
            2 if at < bytes.len() => bytes[at] = ODD[numbers.below(ODD.len())],
            3 => bytes.insert(at, ODD[numbers.below(ODD.len())]),
            4 => drop(bytes.drain(at..end)),
            5 => bytes[at..end].fill(if numbers.below(2) == 0 { 0 } else { 0xff }),
            6 => {
                let part = bytes[at..end].to_vec();
                bytes.splice(at..at, part);
            }
            _ => {
                let from = numbers.below(other.len() + 1);
                bytes.splice(at.., other[from..].iter().copied());
            }
        }
    }
    bytes
}
