//! Reading a whole log to see that it is what was written: every frame, every key it names, every stream's chain.

use radslag_kernel::Opened;

use crate::{Error, Log, Record, record};

/// What a verification found.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Findings {
    /// Events read.
    pub events: u64,
    /// Frames read.
    pub frames: u64,
    /// Sealed fields that opened.
    pub opened: u64,
    /// Sealed fields whose key was erased.
    pub erased: u64,
    /// Leaf hashes folded into one, so that two copies can be compared at a glance.
    pub digest: [u8; 32],
}

impl Log {
    /// Reads everything up to the watermark; tells how far it is (done, of).
    ///
    /// # Errors
    /// The first thing that is wrong, with file and offset or position.
    pub fn verify(&self, progress: &dyn Fn(u64, u64)) -> Result<Findings, Error> {
        use sha2::{Digest as _, Sha256};
        let end = self.watermark();
        let (mut found, mut digest, mut records) = (Findings::default(), Sha256::new(), Vec::new());
        for frame in self.frames(0) {
            let (frame, segment) = frame?;
            records.clear();
            record::decode_all(&frame, segment.identity.origin, &mut records)
                .map_err(|position| Error::not_a_record(&segment.path, position))?;
            for (stored, record) in frame.events().zip(&records) {
                if record.position() != found.events {
                    return Err(Error::not_a_record(&segment.path, found.events));
                }
                digest.update(stored.leaf());
                self.open_all(record, &mut found)?;
                found.events += 1;
            }
            found.frames += 1;
            if found.frames.is_multiple_of(1_024) {
                progress(found.events, end);
            }
        }
        progress(end, end);
        found.digest = digest.finalize().into();
        Ok(found)
    }

    fn open_all(&self, record: &Record, found: &mut Findings) -> Result<(), Error> {
        for sealed in &record.private.sealed {
            match self.vault().open_salted(record.id(), sealed)? {
                Opened::Known(_) => found.opened += 1,
                Opened::Gone => found.erased += 1,
            }
        }
        Ok(())
    }
}
