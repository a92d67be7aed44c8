//! Tiles (C2SP tlog-tiles): the tree and its entries as files of 256, whole ones the same for ever.
//!
//! `tile/<level>/<number>` has hashes: of leaves at level 0, of whole tiles one level below at the others.
//! `tile/entries/<number>` has entries, each after its length (u16, big endian). The last of each may be partial:
//! `.p/<width>`. A number is written in groups of three digits, all but the last after an `x`: `x001/x234/067`.

use std::fmt;

use crate::{
    checkpoint::decimal,
    tree::{Hash, node},
};

/// Hashes or entries of a whole tile.
pub const WIDTH: u64 = 256;
/// Levels of the tree between two levels of tiles.
pub const HEIGHT: u32 = 8;
/// Most levels of tiles.
pub const LEVELS: u8 = 8;

/// What a tile is of.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Of {
    /// Hashes, at a level.
    Hashes(u8),
    /// Entries.
    Entries,
}

/// A tile's name.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Tile {
    /// What it is of.
    pub of: Of,
    /// Which, from 0.
    pub number: u64,
    /// How many it has: 1 to 256.
    pub width: u16,
}

impl Tile {
    /// The tile as it is in a tree of a size; nothing if it is empty there.
    #[must_use]
    pub fn in_tree(of: Of, number: u64, size: u64) -> Option<Self> {
        let level = match of {
            Of::Hashes(level) => level,
            Of::Entries => 0,
        };
        let hashes = size.checked_shr(u32::from(level) * HEIGHT).unwrap_or(0);
        let width = hashes.saturating_sub(number.checked_mul(WIDTH)?).min(WIDTH);
        (width > 0).then_some(Self { of, number, width: width as u16 })
    }

    /// All tiles of a tree of a size, of entries first, then level by level.
    pub fn all(size: u64) -> impl Iterator<Item = Self> {
        let kinds = std::iter::once(Of::Entries).chain((0..LEVELS).map(Of::Hashes));
        kinds.flat_map(move |of| (0..).map_while(move |number| Self::in_tree(of, number, size)))
    }

    /// Reads a name: what follows `tile/`.
    #[must_use]
    pub fn parse(path: &str) -> Option<Self> {
        let (level, rest) = path.split_once('/')?;
        let of = match level {
            "entries" => Of::Entries,
            level => Of::Hashes(u8::try_from(decimal(level)?).ok().filter(|level| *level < 64)?),
        };
        let (number, width) = match rest.split_once(".p/") {
            Some((number, width)) => {
                (number, u16::try_from(decimal(width)?).ok().filter(|w| (1..256).contains(w))?)
            }
            None => (rest, WIDTH as u16),
        };
        let mut parsed = 0_u64;
        let mut groups = number.split('/').peekable();
        while let Some(group) = groups.next() {
            let digits = if groups.peek().is_some() { group.strip_prefix('x')? } else { group };
            if digits.len() != 3 || !digits.bytes().all(|byte| byte.is_ascii_digit()) {
                return None;
            }
            parsed = parsed.checked_mul(1000)?.checked_add(digits.parse().ok()?)?;
        }
        // One name each: no group of zeros before it.
        let tile = Self { of, number: parsed, width };
        (tile.to_string() == path).then_some(tile)
    }

    /// Whether it will never change.
    #[must_use]
    pub const fn is_whole(&self) -> bool {
        self.width as u64 == WIDTH
    }
}

impl fmt::Display for Tile {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.of {
            Of::Hashes(level) => write!(f, "{level}/")?,
            Of::Entries => f.write_str("entries/")?,
        }
        let mut groups = vec![self.number % 1000];
        let mut rest = self.number / 1000;
        while rest > 0 {
            groups.push(rest % 1000);
            rest /= 1000;
        }
        while let Some(group) = groups.pop() {
            if groups.is_empty() { write!(f, "{group:03}")? } else { write!(f, "x{group:03}/")? }
        }
        if self.is_whole() { Ok(()) } else { write!(f, ".p/{}", self.width) }
    }
}

/// The root over the hashes of a tile, or over a part of them whose number is a power of two.
#[must_use]
pub fn root(hashes: &[Hash]) -> Option<Hash> {
    if !hashes.len().is_power_of_two() {
        return None;
    }
    let mut level = hashes.to_vec();
    while level.len() > 1 {
        level = level.as_chunks::<2>().0.iter().map(|[left, right]| node(left, right)).collect();
    }
    level.first().copied()
}

/// Appends an entry to a bundle; an entry has at most 65,535 bytes.
pub fn bundle(into: &mut Vec<u8>, entry: &[u8]) {
    into.extend_from_slice(&(entry.len() as u16).to_be_bytes());
    into.extend_from_slice(entry);
}

/// The entries of a bundle; nothing if it is cut short.
#[must_use]
pub fn unbundle(mut bundle: &[u8]) -> Option<Vec<&[u8]>> {
    let mut entries = Vec::new();
    while !bundle.is_empty() {
        let (length, rest) = bundle.split_first_chunk()?;
        let (entry, rest) = rest.split_at_checked(usize::from(u16::from_be_bytes(*length)))?;
        entries.push(entry);
        bundle = rest;
    }
    Some(entries)
}
