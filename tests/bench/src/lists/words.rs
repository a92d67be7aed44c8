//! Made-up words, a few of them very frequent and most of them rare, as in any language.

use rand::RngExt as _;

const WORDS: f64 = 20_000.0;
const SYLLABLES: [&str; 24] = [
    "ba", "ce", "di", "fo", "gu", "hy", "jå", "kä", "lö", "ma", "ne", "pi", "ro", "su", "ty", "vå", "bra",
    "kle", "spi", "tro", "sko", "gat", "par", "vid",
];

/// The word of a rank, the first being the most frequent.
pub(crate) fn word(rank: u64) -> String {
    let (mut word, mut rest) = (String::new(), rank + 24);
    while rest > 0 {
        word += SYLLABLES[(rest % 24) as usize];
        rest /= 24;
    }
    word
}

/// Some words, each rank as often as it would be read.
pub(crate) fn text(random: &mut impl rand::Rng, words: usize) -> String {
    let one = |_| word((WORDS.powf(random.random::<f64>()) - 1.0) as u64);
    (0..words).map(one).collect::<Vec<_>>().join(" ")
}
