//! One slot of a key file, 64 bytes, little endian:
//!
//! ```text
//!  0  u32  state: 0 never used, 1 live, 2 erased
//!  4  u32  number of the key-encryption key
//!  8  48   the key, wrapped by AES-256-SIV; associated data = log id, slot number (u64)
//! 56  u32  zero
//! 60  u32  CRC32C over log id, slot number and bytes 0 to 59
//! ```
//!
//! Ways to break: a slot copied to another number or log (CRC and associated data differ), a torn write (CRC), a slot
//! set back to zero (a key ref in the log names it: damage), an old live slot over an erased one (the ledger knows).

use radslag_kernel::id::LogId;

/// Bytes of a slot.
pub const SIZE: usize = 64;

/// What a slot holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Slot {
    /// All zeros.
    Unused,
    /// A key.
    Live {
        /// Number of the key-encryption key.
        kek: u32,
        /// The wrapped key.
        wrapped: [u8; 48],
    },
    /// The key was destroyed.
    Erased,
}

/// What the key is wrapped with as associated data.
#[must_use]
pub fn about(log: LogId, number: u64) -> [u8; 24] {
    let mut bytes = [0; 24];
    bytes[..16].copy_from_slice(log.as_bytes());
    bytes[16..].copy_from_slice(&number.to_le_bytes());
    bytes
}

impl Slot {
    /// As it stands in the file.
    #[must_use]
    pub fn encode(&self, log: LogId, number: u64) -> [u8; SIZE] {
        let mut bytes = [0; SIZE];
        match self {
            Self::Unused => return bytes,
            Self::Live { kek, wrapped } => {
                bytes[0] = 1;
                bytes[4..8].copy_from_slice(&kek.to_le_bytes());
                bytes[8..56].copy_from_slice(wrapped);
            }
            Self::Erased => bytes[0] = 2,
        }
        let sum = checksum(log, number, &bytes[..60]);
        bytes[60..].copy_from_slice(&sum.to_le_bytes());
        bytes
    }

    /// What stands in the file; `None` if it is damaged.
    #[must_use]
    pub fn decode(bytes: &[u8; SIZE], log: LogId, number: u64) -> Option<Self> {
        if bytes == &[0; SIZE] {
            return Some(Self::Unused);
        }
        let word = |at: usize| bytes[at..at + 4].try_into().map_or(0, u32::from_le_bytes);
        if word(60) != checksum(log, number, &bytes[..60]) || word(56) != 0 {
            return None;
        }
        match word(0) {
            1 => Some(Self::Live { kek: word(4), wrapped: bytes[8..56].try_into().ok()? }),
            2 => Some(Self::Erased),
            _ => None,
        }
    }
}

fn checksum(log: LogId, number: u64, bytes: &[u8]) -> u32 {
    crc32c::crc32c_append(crc32c::crc32c(&about(log, number)), bytes)
}

#[cfg(test)]
mod tests {
    use super::*;

    const LOG: LogId = LogId::from_bytes([5; 16]);

    #[test]
    fn a_slot_survives_its_bytes() {
        for slot in [Slot::Unused, Slot::Erased, Slot::Live { kek: 3, wrapped: [7; 48] }] {
            assert_eq!(Slot::decode(&slot.encode(LOG, 9), LOG, 9), Some(slot));
        }
    }

    #[test]
    fn every_flipped_bit_is_noticed() {
        let bytes = Slot::Live { kek: 3, wrapped: [7; 48] }.encode(LOG, 9);
        for bit in 0..SIZE * 8 {
            let mut broken = bytes;
            broken[bit / 8] ^= 1 << (bit % 8);
            assert_eq!(Slot::decode(&broken, LOG, 9), None, "bit {bit}");
        }
    }

    #[test]
    fn a_slot_in_another_place_is_damage() {
        let bytes = Slot::Erased.encode(LOG, 9);
        assert_eq!(Slot::decode(&bytes, LOG, 10), None);
        assert_eq!(Slot::decode(&bytes, LogId::from_bytes([6; 16]), 9), None);
    }
}
