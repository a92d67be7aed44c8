//! Two officials destroy what a line says that is no signature: one that isn't taken or isn't counted, or any of a batch that
//! was undone. A line that became a signature is erased as one.

use radslag_kernel::{Instant, KeyRef, Opened, SubjectId};

use crate::paper::{
    event::Event,
    import,
    refusal::Refusal,
    sheet::Sheet,
    state::{Batch, Phase},
};

/// Who destroys it, and why.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Erasing {
    /// Who.
    pub by: SubjectId,
    /// The other official.
    pub second: SubjectId,
    /// The first started or signed the petition.
    pub conflict: bool,
    /// Why.
    pub ground: String,
    /// What that is sealed under.
    pub record: KeyRef,
}

impl Sheet {
    /// Erases the line with a number in its batch.
    ///
    /// # Errors
    /// The first rule it breaks.
    pub fn erase(&self, batch: &Batch, number: u32, asked: Erasing, at: Instant) -> Result<Event, Refusal> {
        let Erasing { by, second, conflict, ground, record } = asked;
        if conflict {
            return Err(Refusal::ConflictOfInterest);
        }
        let line = self.lines.iter().find(|line| line.number == number).ok_or(Refusal::UnknownLine)?;
        if ground.trim().is_empty() {
            return Err(Refusal::GroundMissing);
        }
        if by == second {
            return Err(Refusal::SamePersonTwice);
        }
        // What waits of a file says the same, under another key, until all of it is lines.
        import::none(batch)?;
        if line.waits() && batch.phase != Phase::Undone {
            return Err(Refusal::LineWaits);
        }
        if line.key == KeyRef::default() {
            return Err(Refusal::AlreadyErased);
        }
        let (item, keys, ground) = (line.item, vec![line.key], Opened::Known(ground));
        Ok(Event::Erased { at, item, by, second, keys, record, ground })
    }
}
