//! Who holds a petition, and its notes.

use radslag_kernel::{Instant, Opened, SubjectId};

use crate::moderation::event::{Entry, Event};

/// A moderator at work on it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Lock {
    /// Who.
    pub by: SubjectId,
    /// It ends by itself.
    pub until: Instant,
}

/// A private note.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Note {
    /// When.
    pub at: Instant,
    /// Who.
    pub by: SubjectId,
    /// As typed.
    pub text: String,
}

/// Of one petition.
#[derive(Clone, Debug, PartialEq, Eq, Default)]
pub struct State {
    lock: Option<Lock>,
    /// Oldest first.
    pub notes: Vec<Note>,
}

impl State {
    /// Who holds it at a moment.
    #[must_use]
    pub fn lock(&self, at: Instant) -> Option<Lock> {
        self.lock.filter(|lock| at < lock.until)
    }

    /// Whether somebody else than this one holds it.
    #[must_use]
    pub fn is_locked_for(&self, by: SubjectId, at: Instant) -> bool {
        self.lock(at).is_some_and(|lock| lock.by != by)
    }

    pub(super) fn take(&mut self, event: &Event) {
        let Opened::Known(entry) = &event.entry else { return };
        match entry {
            Entry::Locked { until } => self.lock = Some(Lock { by: event.by, until: *until }),
            Entry::Released => self.lock = None,
            Entry::Note { text } => {
                self.notes.push(Note { at: event.at, by: event.by, text: text.clone() });
            }
        }
    }
}
