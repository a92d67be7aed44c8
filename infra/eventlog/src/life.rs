//! The lives of a log: which positions were written in which, what of an older one still holds, and whether the present
//! one takes anything yet.

use crate::{
    Log,
    log::{read, write},
};

impl Log {
    /// Every life of which something is left, oldest first: its origin number and its first position.
    #[must_use]
    pub fn origins(&self) -> Vec<(u32, u64)> {
        let segments = read(&self.0.segments);
        let mut origins: Vec<_> =
            segments.iter().map(|segment| (segment.identity.origin, segment.identity.first)).collect();
        origins.dedup_by_key(|(origin, _)| *origin);
        origins
    }

    /// The position at which the present life began: 0 unless a loss was accepted.
    #[must_use]
    pub fn begins(&self) -> u64 {
        self.origins().last().map_or(0, |(_, first)| *first)
    }

    /// How far what somebody has read of a life is still what the log says: `next` if all of it is, or the position at which
    /// a later life goes on otherwise, or the end of the log if it was read further than that.
    #[must_use]
    pub fn holds(&self, origin: u32, next: u64) -> u64 {
        let later = self.origins().into_iter().find(|(later, _)| *later > origin);
        // A life that this log hasn't begun may have gone on from anywhere: nothing of it is known to hold.
        if origin > self.origin() {
            return 0;
        }
        next.min(later.map_or_else(|| self.watermark(), |(_, first)| first))
    }

    /// Takes nothing from now on, whoever asks, until it is released: `reason` is told to all of them.
    pub fn hold(&self, reason: impl Into<String>) {
        *write(&self.0.held) = Some(reason.into());
    }

    /// Takes appends again, as far as disk and clock allow it.
    pub fn release(&self) {
        *write(&self.0.held) = None;
    }

    /// Whether it is held.
    #[must_use]
    pub fn is_held(&self) -> bool {
        read(&self.0.held).is_some()
    }
}
