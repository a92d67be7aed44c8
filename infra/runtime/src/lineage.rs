//! What tables were made from, so that they are never taken for those of another log, or of another story of the same one.
//!
//! A position says how far they have read, not what. Beside it stands the root over the first events, as far as they were
//! signed then, and the id of the last event that was read: `<next position> <events> <root in hex> <event id>`. Events that
//! came after the signed ones are named by the last one alone, which is enough: no other log has an event of that id there.

use std::fmt;

use radslag_eventlog::{Error, Log, Record};
use radslag_evidence::{Hash, tree};
use radslag_kernel::{EventId, id::unhex};
use radslag_readmodel::Source;

/// What was read of a log, up to some position.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Lineage {
    next: u64,
    size: u64,
    root: Hash,
    last: EventId,
}

impl Lineage {
    /// Of nothing.
    pub(crate) const NONE: Self =
        Self { next: 0, size: 0, root: [0; 32], last: EventId::from_bytes([0; 16]) };

    /// Of a log, up to an event of it.
    pub(crate) fn of(log: &Log, last: &Record) -> Result<Self, Error> {
        let next = last.position() + 1;
        let (size, root) = match log.checkpoint() {
            Some(signed) if signed.checkpoint.size <= next => {
                (signed.checkpoint.size, signed.checkpoint.root)
            }
            Some(_) => log.root(next)?.map_or((0, tree::empty()), |root| (next, root)),
            None => (0, tree::empty()),
        };
        Ok(Self { next, size, root, last: last.id() })
    }

    /// The last event that was read, and its position.
    pub(crate) fn last(&self) -> Option<(u64, EventId)> {
        Some((self.next.checked_sub(1)?, self.last))
    }

    /// Whether a log that is long enough says the same up to a position.
    pub(crate) fn is_of(&self, log: &Log, next: u64) -> Result<bool, Error> {
        let Some((last, id)) = self.last().filter(|_| self.next == next) else { return Ok(false) };
        if log.read_at(last)?.id() != id {
            return Ok(false);
        }
        if self.size == 0 {
            return Ok(true);
        }
        let signed = |log: &Log| log.checkpoint().map_or(0, |signed| signed.checkpoint.size);
        // In a life that has just begun nothing was signed yet. On a full disk that waits, and the last event decides.
        if signed(log) < self.size && log.sign_checkpoint().is_err() {
            return Ok(true);
        }
        Ok(log.root(self.size)?.is_none_or(|root| root == self.root))
    }

    /// How far a log that is long enough says the same, as far as that is known: all of it, what was signed of it, or nothing.
    /// What was noted at another position says nothing of this one.
    pub(crate) fn shared(&self, log: &Log, next: u64) -> Result<u64, Error> {
        if next == 0 || self.next != next || self.is_of(log, next)? {
            return Ok(next);
        }
        let root = if self.size == 0 { None } else { log.root(self.size)? };
        Ok(if root == Some(self.root) { self.size } else { 0 })
    }

    /// As tables keep it.
    pub(crate) fn source(&self, last: &Record) -> Source {
        Source { said: self.to_string(), recorded_at: last.header.recorded_at }
    }

    /// As it was written.
    pub(crate) fn parse(text: &str) -> Option<Self> {
        let mut words = text.split(' ');
        let (next, size) = (words.next()?.parse().ok()?, words.next()?.parse().ok()?);
        let (root, last) = (unhex(words.next()?)?, words.next()?.parse().ok()?);
        let parsed = Self { next, size, root, last };
        words.next().is_none().then_some(parsed)
    }
}

impl fmt::Display for Lineage {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {} ", self.next, self.size)?;
        self.root.iter().try_for_each(|byte| write!(f, "{byte:02x}"))?;
        write!(f, " {}", self.last)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_lineage_is_read_as_it_was_written_and_nothing_else_is() {
        let lineage = Lineage { next: 18, size: 17, root: [0xab; 32], last: EventId::from_bytes([7; 16]) };
        let text = lineage.to_string();
        assert_eq!(Lineage::parse(&text), Some(lineage));
        for other in
            ["", "17", &text[1..], &text[..text.len() - 1], &format!("{text} 1"), &text.replace("ab", "zz")]
        {
            let read = Lineage::parse(other);
            assert_ne!(read, Some(lineage), "{other}");
        }
    }
}
