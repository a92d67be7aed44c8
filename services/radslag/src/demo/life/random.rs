//! Numbers that look random and are the same at every start, whatever library is linked: SplitMix64.

/// A sequence of them.
pub(crate) struct Random(u64);

impl Random {
    /// From a seed, and a name that keeps two sequences apart.
    pub(crate) fn new(seed: u64, name: &str) -> Self {
        let mixed =
            name.bytes().fold(seed, |mixed, byte| mixed.wrapping_mul(0x0100_0000_01b3) ^ u64::from(byte));
        Self(mixed)
    }

    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ (mixed >> 31)
    }

    /// One below a number; 0 below 0.
    pub(crate) fn below(&mut self, end: u64) -> u64 {
        let wide = u128::from(self.next()) * u128::from(end);
        u64::try_from(wide >> 64).unwrap_or(0)
    }

    /// Whether something happens that does so many times in a thousand.
    pub(crate) fn chance(&mut self, per_mille: u64) -> bool {
        self.below(1_000) < per_mille
    }

    /// One of several; the first if there are none.
    pub(crate) fn index(&mut self, length: usize) -> usize {
        usize::try_from(self.below(length as u64)).unwrap_or(0)
    }

    /// One of several, each as often as its weight says.
    pub(crate) fn weighted(&mut self, weights: &[u64]) -> usize {
        let mut rest = self.below(weights.iter().sum());
        for (at, weight) in weights.iter().enumerate() {
            if rest < *weight {
                return at;
            }
            rest -= weight;
        }
        0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_seed_gives_the_same_numbers_for_ever() {
        let mut random = Random::new(2008, "malmo");
        let numbers: Vec<u64> = (0..6).map(|_| random.below(1_000)).collect();
        assert_eq!(numbers, [325, 58, 693, 859, 318, 696]);
    }

    #[test]
    fn another_name_gives_others() {
        let numbers = |name| {
            let mut random = Random::new(2008, name);
            (0..6).map(|_| random.below(1_000)).collect::<Vec<_>>()
        };
        assert_ne!(numbers("malmo"), numbers("ale"));
    }

    #[test]
    fn a_weight_of_nothing_is_never_picked() {
        let mut random = Random::new(1, "");
        assert!((0..1_000).all(|_| random.weighted(&[3, 0, 1]) != 1));
        assert_eq!((random.weighted(&[]), random.below(0)), (0, 0));
    }
}
