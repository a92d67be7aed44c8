//! Verifying a log without its secrets: every frame, every hash, every stream's chain, every key slot that is named.
//! Only whether sealed fields open under their keys is left to `Log::verify`.

use radslag_vault::slot::Slot;
use sha2::{Digest as _, Sha256};

use super::{Reader, keys::Keys};
use crate::{
    Error, Record,
    frame::Stored,
    heads::{Head, HeadMap, StreamHash},
    segment::Segment,
};

/// What a verification found.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Findings {
    /// Events read.
    pub events: u64,
    /// Frames read.
    pub frames: u64,
    /// Streams they belong to.
    pub streams: u64,
    /// Sealed fields whose keys are there.
    pub sealed: u64,
    /// Sealed fields whose key was erased.
    pub erased: u64,
    /// Leaf hashes folded into one, as in `verify::Findings`.
    pub digest: [u8; 32],
}

impl Reader {
    /// Reads everything up to the watermark; tells how far it is (done, of). Takes some 50 bytes of memory a stream.
    ///
    /// # Errors
    /// The first thing that is wrong, with file and offset or position.
    pub fn verify(&self, progress: &dyn Fn(u64, u64)) -> Result<Findings, Error> {
        let mut check = Check {
            keys: self.keys()?,
            heads: HeadMap::default(),
            recorded_at: 0,
            found: Findings::default(),
        };
        let mut digest = Sha256::new();
        for frame in self.frames(0) {
            let (frame, segment) = frame?;
            for (stored, record) in frame.events().zip(self.decode(&frame, &segment)?) {
                check.event(&stored, &record, &segment)?;
                digest.update(stored.leaf());
            }
            check.found.frames += 1;
            if check.found.frames.is_multiple_of(1_024) {
                progress(check.found.events, self.end);
            }
        }
        progress(self.end, self.end);
        let streams = check.heads.len() as u64;
        Ok(Findings { streams, digest: digest.finalize().into(), ..check.found })
    }
}

struct Check {
    keys: Keys,
    heads: HeadMap,
    recorded_at: u64,
    found: Findings,
}

impl Check {
    fn event(&mut self, stored: &Stored<'_>, record: &Record, segment: &Segment) -> Result<(), Error> {
        let wrong = |why: &str| {
            let why = format!("the event at position {}: {why}", record.position());
            Err(Error::damaged(&segment.path, 0, why))
        };
        if record.position() != self.found.events {
            return wrong(&format!("position {} was due", self.found.events));
        }
        if !stored.entry.ends_with(&Sha256::digest(stored.private)) {
            return wrong("its private part isn't the one its entry commits to");
        }
        if record.header.recorded_at < self.recorded_at {
            return wrong("it was recorded before the one before it");
        }
        let head = Head { position: record.position(), version: record.private.version };
        let before = self.heads.insert(StreamHash::of(&record.private.stream), head);
        let previous = before.map(|head| head.position);
        if record.private.previous != previous
            || head.version != before.map_or(0, |before| before.version) + 1
        {
            return wrong("it isn't the next of its stream");
        }
        self.recorded_at = record.header.recorded_at;
        self.found.events += 1;
        self.keys_of(record)
    }

    fn keys_of(&mut self, record: &Record) -> Result<(), Error> {
        for sealed in &record.private.sealed {
            let mut gone = false;
            for key in &sealed.keys {
                let key = radslag_kernel::KeyRef(*key);
                match self.keys.slot(key)? {
                    Slot::Unused => return Err(self.keys.damaged(key, "was never used but is named")),
                    Slot::Live { .. } => {}
                    Slot::Erased => gone = true,
                }
            }
            *(if gone { &mut self.found.erased } else { &mut self.found.sealed }) += 1;
        }
        for key in record.erased() {
            if self.keys.slot(key)? != Slot::Erased {
                let why = format!("should be erased since position {} and isn't", record.position());
                return Err(self.keys.damaged(key, &why));
            }
        }
        Ok(())
    }
}
