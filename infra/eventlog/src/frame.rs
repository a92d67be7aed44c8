//! A frame: what one append wrote, all or nothing. It begins at a multiple of 8 bytes; integers are little endian.
//!
//! ```text
//!  0  u32  magic "RDFR"
//!  4  u32  length in bytes, from the magic to the checksum, at most 16 MiB
//!  8  u64  position of the first event
//! 16  u64  how many events of the log were durable when it was written
//! 24  u32  how many events follow
//! 28  u32  zero
//! 32  per event: entry, u32 length of the private part, private part
//!     u32  CRC32C over everything before it, seeded with log id and origin
//! ```
//! An *entry* is what the tree hashes and outsiders may read:
//! `format byte 1, u16 length, header (protobuf), u16 length, public payload, SHA-256 of the private part`,
//! at most 65,535 bytes; `leaf = SHA-256(0x00 + entry)`. A *private part* is 16 random bytes and a protobuf `Private`,
//! at most 1 MiB. Nothing is ever decoded and encoded again: what was hashed is what is stored.
//!
//! Ways to break: cut or torn (CRC), from another log or an earlier origin (seed), moved within the file (its position
//! is in it), a bit flipped anywhere (CRC).

use bytes::Bytes;
use radslag_evidence::tree::leaf;
use radslag_kernel::id::LogId;
use sha2::{Digest as _, Sha256};

/// First four bytes of a frame.
pub const MAGIC: u32 = u32::from_le_bytes(*b"RDFR");
/// Bytes before the first event.
pub const HEAD: usize = 32;
/// Most bytes of a frame.
pub const MAX: usize = 16 << 20;
/// Most bytes of an entry.
pub const MAX_ENTRY: usize = u16::MAX as usize;
/// Most bytes of a private part.
pub const MAX_PRIVATE: usize = 1 << 20;
const FORMAT: u8 = 1;

/// The checksum's seed: a frame of another log or origin never checks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Seed(u32);

impl Seed {
    /// Of a log and an origin.
    #[must_use]
    pub fn new(log: LogId, origin: u32) -> Self {
        Self(crc32c::crc32c_append(crc32c::crc32c(log.as_bytes()), &origin.to_le_bytes()))
    }
}

/// Appends frames to a buffer.
pub struct Builder<'a> {
    buffer: &'a mut Vec<u8>,
    start: usize,
    count: u32,
}

impl<'a> Builder<'a> {
    /// Begins a frame at the end of the buffer, which is at a multiple of 8.
    pub fn new(buffer: &'a mut Vec<u8>, first: u64, durable: u64) -> Self {
        let start = buffer.len();
        buffer.extend_from_slice(&MAGIC.to_le_bytes());
        buffer.extend_from_slice(&[0; 4]);
        buffer.extend_from_slice(&first.to_le_bytes());
        buffer.extend_from_slice(&durable.to_le_bytes());
        buffer.extend_from_slice(&[0; 8]);
        Self { buffer, start, count: 0 }
    }

    /// Adds an event and gives its leaf hash.
    pub fn event(&mut self, header: &[u8], public: &[u8], private: &[u8]) -> [u8; 32] {
        let at = self.buffer.len();
        self.buffer.push(FORMAT);
        for part in [header, public] {
            // Lengths are checked before anything is staged; an entry is at most 65,535 bytes.
            self.buffer.extend_from_slice(&(part.len() as u16).to_le_bytes());
            self.buffer.extend_from_slice(part);
        }
        self.buffer.extend_from_slice(&Sha256::digest(private));
        let leaf = leaf(&self.buffer[at..]);
        self.buffer.extend_from_slice(&(private.len() as u32).to_le_bytes());
        self.buffer.extend_from_slice(private);
        self.count += 1;
        leaf
    }

    /// Ends the frame: length, count, checksum, and zeros up to the next multiple of 8.
    pub fn end(self, seed: Seed) {
        let frame = &mut self.buffer[self.start..];
        let length = (frame.len() + 4) as u32;
        frame[4..8].copy_from_slice(&length.to_le_bytes());
        frame[24..28].copy_from_slice(&self.count.to_le_bytes());
        let sum = crc32c::crc32c_append(seed.0, frame);
        self.buffer.extend_from_slice(&sum.to_le_bytes());
        self.buffer.resize(self.buffer.len().next_multiple_of(8), 0);
    }
}

/// The fixed start of a frame.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Head {
    /// Bytes from magic to checksum.
    pub length: usize,
    /// Position of the first event.
    pub first: u64,
    /// Events durable when it was written.
    pub durable: u64,
    /// Events in it.
    pub count: u32,
}

impl Head {
    /// Reads it; `None` if no frame starts here. Says nothing of the frame's end.
    #[must_use]
    pub fn read(bytes: &[u8]) -> Option<Self> {
        let length = word(bytes, 4)? as usize;
        let head =
            Self { length, first: long(bytes, 8)?, durable: long(bytes, 16)?, count: word(bytes, 24)? };
        let plausible = word(bytes, 0)? == MAGIC
            && (HEAD + 4..=MAX).contains(&length)
            && head.count > 0
            && head.first.checked_add(u64::from(head.count)).is_some();
        plausible.then_some(head)
    }

    /// Bytes up to where the next frame may start.
    #[must_use]
    pub const fn padded(&self) -> usize {
        self.length.next_multiple_of(8)
    }

    /// The position after its last event.
    #[must_use]
    pub const fn end(&self) -> u64 {
        self.first.saturating_add(self.count as u64)
    }
}

/// A whole frame, checked.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Frame {
    /// Its fixed start.
    pub head: Head,
    bytes: Bytes,
}

impl Frame {
    /// Checks the frame that starts at the beginning of the bytes; `None` if it isn't whole.
    #[must_use]
    pub fn check(bytes: Bytes, seed: Seed) -> Option<Self> {
        let all: &[u8] = &bytes;
        let head = Head::read(all)?;
        let frame = all.get(..head.length)?;
        let (content, sum) = frame.split_last_chunk::<4>()?;
        let whole = crc32c::crc32c_append(seed.0, content) == u32::from_le_bytes(*sum)
            && Events { rest: &content[HEAD..], position: head.first }.count() == head.count as usize;
        whole.then_some(Self { head, bytes })
    }

    /// A part of it that isn't copied: it keeps the whole in memory.
    pub(crate) fn share(&self, part: &[u8]) -> Bytes {
        self.bytes.slice_ref(part)
    }

    /// Its events in order.
    #[must_use]
    pub fn events(&self) -> Events<'_> {
        let content = self.bytes.get(HEAD..self.head.length - 4).unwrap_or_default();
        Events { rest: content, position: self.head.first }
    }
}

/// The heads of all whole frames from an offset on, whatever stands between them.
pub(crate) fn whole_after(bytes: &Bytes, from: u64, seed: Seed) -> impl Iterator<Item = Head> + '_ {
    let magic = MAGIC.to_le_bytes();
    let starts = (from as usize..bytes.len()).step_by(8).filter(move |at| bytes[*at..].starts_with(&magic));
    starts.filter_map(move |at| Frame::check(bytes.slice(at..), seed)).map(|frame| frame.head)
}

/// An event as stored.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Stored<'a> {
    /// Where it stands in the log.
    pub position: u64,
    /// What the tree hashes.
    pub entry: &'a [u8],
    /// Protobuf `Header`.
    pub header: &'a [u8],
    /// The service's public payload.
    pub public: &'a [u8],
    /// 16 random bytes and protobuf `Private`.
    pub private: &'a [u8],
}

impl Stored<'_> {
    /// Its leaf of the tree.
    #[must_use]
    pub fn leaf(&self) -> [u8; 32] {
        leaf(self.entry)
    }
}

/// Events of a frame.
#[derive(Clone, Debug)]
pub struct Events<'a> {
    rest: &'a [u8],
    position: u64,
}

impl<'a> Iterator for Events<'a> {
    type Item = Stored<'a>;

    fn next(&mut self) -> Option<Stored<'a>> {
        let all = self.rest;
        let (header, public, length) = split_entry(all)?;
        let entry = &all[..length];
        let size = word(all, length)? as usize;
        let private = all.get(length + 4..(length + 4).checked_add(size)?)?;
        self.rest = &all[length + 4 + size..];
        self.position += 1;
        Some(Stored { position: self.position - 1, entry, header, public, private })
    }
}

/// Header, payload and length of the entry at the beginning of the bytes; `None` if there is none.
#[must_use]
pub fn split_entry(bytes: &[u8]) -> Option<(&[u8], &[u8], usize)> {
    if *bytes.first()? != FORMAT {
        return None;
    }
    let header = short(bytes, 1)? as usize;
    let public = short(bytes, 3 + header)? as usize;
    let length = 3 + header + 2 + public + 32;
    if length > MAX_ENTRY || bytes.len() < length {
        return None;
    }
    Some((&bytes[3..3 + header], &bytes[5 + header..5 + header + public], length))
}

/// Bytes an entry will have.
#[must_use]
pub const fn entry_size(header: usize, public: usize) -> usize {
    1 + 2 + header + 2 + public + 32
}

fn short(bytes: &[u8], at: usize) -> Option<u16> {
    Some(u16::from_le_bytes(*bytes.get(at..)?.first_chunk()?))
}

fn word(bytes: &[u8], at: usize) -> Option<u32> {
    Some(u32::from_le_bytes(*bytes.get(at..)?.first_chunk()?))
}

fn long(bytes: &[u8], at: usize) -> Option<u64> {
    Some(u64::from_le_bytes(*bytes.get(at..)?.first_chunk()?))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn seed() -> Seed {
        Seed::new(LogId::from_bytes([5; 16]), 0)
    }

    fn sample() -> Vec<u8> {
        let mut bytes = Vec::new();
        let mut frame = Builder::new(&mut bytes, 41, 40);
        frame.event(b"header", b"public", b"0123456789abcdefprivate");
        frame.event(b"h2", b"", b"");
        frame.end(seed());
        bytes
    }

    #[test]
    fn a_frame_survives_its_bytes() {
        let bytes = sample();
        let frame = Frame::check(Bytes::copy_from_slice(&bytes), seed()).unwrap();
        assert_eq!(frame.head, Head { length: frame.head.length, first: 41, durable: 40, count: 2 });
        let events: Vec<_> = frame.events().collect();
        assert_eq!((events[0].position, events[1].position), (41, 42));
        assert_eq!((events[0].header, events[0].public), (&b"header"[..], &b"public"[..]));
        assert_eq!(events[0].private, b"0123456789abcdefprivate");
        assert!(events[0].entry.ends_with(&Sha256::digest(events[0].private)));
        assert_eq!(bytes.len() % 8, 0);
    }

    #[test]
    fn every_flipped_bit_is_noticed() {
        let bytes = sample();
        let length = Head::read(&bytes).unwrap().length;
        for bit in 0..length * 8 {
            let mut broken = bytes.clone();
            broken[bit / 8] ^= 1 << (bit % 8);
            assert_eq!(Frame::check(Bytes::copy_from_slice(&broken), seed()), None, "bit {bit}");
        }
    }

    #[test]
    fn every_cut_is_noticed() {
        let bytes = sample();
        for end in 0..Head::read(&bytes).unwrap().length {
            assert_eq!(Frame::check(Bytes::copy_from_slice(&bytes[..end]), seed()), None, "cut at {end}");
        }
    }

    #[test]
    fn a_frame_of_another_log_or_origin_does_not_check() {
        let bytes = sample();
        assert_eq!(
            Frame::check(Bytes::copy_from_slice(&bytes), Seed::new(LogId::from_bytes([6; 16]), 0)),
            None
        );
        assert_eq!(
            Frame::check(Bytes::copy_from_slice(&bytes), Seed::new(LogId::from_bytes([5; 16]), 1)),
            None
        );
    }

    #[test]
    fn a_frame_at_the_end_of_all_positions_is_none() {
        let mut bytes = Vec::new();
        let mut frame = Builder::new(&mut bytes, u64::MAX, 0);
        frame.event(b"header", b"public", b"private");
        frame.end(seed());
        assert_eq!(Frame::check(Bytes::from(bytes), seed()), None);
    }

    #[test]
    fn the_leaf_is_the_hash_of_zero_and_the_entry() {
        let bytes = sample();
        let frame = Frame::check(Bytes::copy_from_slice(&bytes), seed()).unwrap();
        let entry = frame.events().next().unwrap().entry;
        assert_eq!(leaf(entry)[..], Sha256::digest([&[0], entry].concat())[..]);
    }
}
