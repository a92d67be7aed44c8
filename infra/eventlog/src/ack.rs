//! The `ACK` file: up to which position replies have gone out. 16 bytes: position (u64, little endian), CRC32C, zeros.
//! It is rewritten without a sync before the replies; one that doesn't check counts as absent.

use std::{path::Path, sync::Arc};

use radslag_vault::disk::{Disk, File};

use crate::Error;

/// The open file.
pub struct Ack(Arc<dyn File>);

impl Ack {
    /// Opens it, making an empty one where there is none.
    ///
    /// # Errors
    /// `Io`.
    pub fn open(disk: &dyn Disk, path: &Path) -> Result<Self, Error> {
        disk.open(path).map(Self).map_err(Error::io("opening", path))
    }

    /// How many events were acknowledged, as far as it tells.
    #[must_use]
    pub fn read(&self) -> Option<u64> {
        let mut bytes = [0; 16];
        let read = self.0.read_at(&mut bytes, 0).ok()?;
        let sum = u32::from_le_bytes(*bytes[8..].first_chunk()?);
        (read == 16 && sum == crc32c::crc32c(&bytes[..8]))
            .then(|| u64::from_le_bytes(*bytes.first_chunk().unwrap_or(&[0; 8])))
    }

    /// Says that replies for everything below a position may go out.
    ///
    /// # Errors
    /// Of the disk.
    pub fn write(&self, end: u64) -> std::io::Result<()> {
        let mut bytes = [0; 16];
        bytes[..8].copy_from_slice(&end.to_le_bytes());
        let sum = crc32c::crc32c(&bytes[..8]);
        bytes[8..12].copy_from_slice(&sum.to_le_bytes());
        self.0.write_at(&bytes, 0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_damaged_or_missing_ack_counts_as_absent() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("ACK");
        let ack = Ack::open(&radslag_vault::RealDisk, &path).unwrap();
        assert_eq!(ack.read(), None);
        ack.write(77).unwrap();
        assert_eq!(ack.read(), Some(77));
        std::fs::write(&path, [1; 16]).unwrap();
        assert_eq!(ack.read(), None);
    }
}
