//! Randomness from a seed, stated so that anybody can draw the same again in any language.
//!
//! **The seed.** Before the draw an office publishes `commitment = SHA-256(secret)` of 32 secret random bytes. After that a
//! value becomes public that nobody can choose (lottery numbers, a beacon): a text of at least one character, taken as its
//! UTF-8 bytes. Then `seed = SHA-256(secret ‖ public)`: neither the office nor whoever makes the public value alone decides
//! it. (A text can't begin with the byte 0x80 that SHA-256 pads with, so nobody gets the seed from the commitment alone.)
//!
//! **The numbers.** `block(n) = SHA-256(seed ‖ purpose ‖ n as 8 bytes, big-endian)` for n = 0, 1, 2, ..., where the purpose
//! is a short ASCII text. Each block is four numbers of 64 bits, big-endian. `below(m)` takes the next number that is less
//! than the largest multiple of m up to 2^64, modulo m: every value is equally likely. `shuffle` goes from the last element
//! to the second and swaps element i with element `below(i + 1)`.

use sha2::{Digest as _, Sha256};

/// Most bytes of a public value.
pub const MAX_PUBLIC: usize = 1_024;

/// What everything random in a draw follows from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Seed(pub [u8; 32]);

/// What an office may publish before the draw: it binds it to its secret and tells nothing about it.
#[must_use]
pub fn commitment(secret: &[u8; 32]) -> [u8; 32] {
    Sha256::digest(secret).into()
}

impl Seed {
    /// From the office's secret and what became public after its commitment; none without a public value, or with one of
    /// more than `MAX_PUBLIC` bytes.
    #[must_use]
    pub fn of(secret: &[u8; 32], public: &str) -> Option<Self> {
        let fits = !public.is_empty() && public.len() <= MAX_PUBLIC;
        fits.then(|| Self(Sha256::new().chain_update(secret).chain_update(public).finalize().into()))
    }
}

/// A source of choices. Tests walk through every choice instead of drawing one.
pub trait Choices {
    /// One of `0..bound`, each equally likely. The bound isn't 0.
    fn below(&mut self, bound: u64) -> u64;

    /// Whether the first of two happens, whose chances are as `yes` to `no`. Not both are 0, and their sum fits.
    fn happens(&mut self, yes: u64, no: u64) -> bool {
        self.below(yes + no) < yes
    }

    /// Puts the elements into a random order, each equally likely.
    fn shuffle<T>(&mut self, elements: &mut [T])
    where
        Self: Sized,
    {
        for last in (1..elements.len()).rev() {
            let other = self.below(last as u64 + 1);
            elements.swap(last, usize::try_from(other).unwrap_or_default());
        }
    }
}

/// The numbers of a seed for one purpose.
#[derive(Clone, Debug)]
pub struct Lot {
    start: Sha256,
    block: u64,
    numbers: [u64; 4],
    taken: usize,
}

impl Lot {
    /// Its first number comes next.
    #[must_use]
    pub fn new(seed: &Seed, purpose: &str) -> Self {
        let start = Sha256::new().chain_update(seed.0).chain_update(purpose);
        Self { start, block: 0, numbers: [0; 4], taken: 4 }
    }

    /// The next number.
    pub fn number(&mut self) -> u64 {
        if self.taken == self.numbers.len() {
            let hash: [u8; 32] = self.start.clone().chain_update(self.block.to_be_bytes()).finalize().into();
            for (number, bytes) in self.numbers.iter_mut().zip(hash.chunks_exact(8)) {
                *number = bytes.iter().fold(0, |number, byte| number << 8 | u64::from(*byte));
            }
            self.block += 1;
            self.taken = 0;
        }
        self.taken += 1;
        self.numbers[self.taken - 1]
    }
}

impl Choices for Lot {
    fn below(&mut self, bound: u64) -> u64 {
        // 2^64 modulo the bound: as many numbers at the end aren't a whole round.
        let beyond = (u64::MAX % bound + 1) % bound;
        loop {
            let number = self.number();
            if number <= u64::MAX - beyond {
                return number % bound;
            }
        }
    }
}
