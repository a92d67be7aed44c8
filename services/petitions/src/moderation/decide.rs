//! Locks so that two moderators don't collide, and notes that are only ever added.

use radslag_kernel::{Instant, KeyRef, Opened, SubjectId};

use crate::{
    moderation::{
        event::{Entry, Event},
        refusal::Refusal,
        state::State,
    },
    text,
};

/// How long a lock holds unless it is taken again: one that was forgotten keeps nobody out for longer.
pub const LOCK_MINUTES: u64 = 30;

/// What a moderator does.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Act {
    /// Takes the petition, or holds it longer.
    Lock,
    /// Takes it although another holds it.
    TakeOver {
        /// Why; noted.
        ground: String,
    },
    /// Gives it back.
    Release,
    /// Adds a note.
    Note {
        /// What.
        text: String,
    },
}

/// An act with who does it when.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Command {
    /// When.
    pub at: Instant,
    /// Who.
    pub by: SubjectId,
    /// The petition's record key.
    pub record: KeyRef,
    /// What.
    pub act: Act,
}

pub(super) fn decide(state: &State, command: Command) -> Result<Vec<Event>, Refusal> {
    let Command { at, by, record, act } = command;
    let entries = match act {
        Act::Lock if state.is_locked_for(by, at) => return Err(Refusal::LockedByAnother),
        Act::Lock => vec![locked(at)],
        Act::TakeOver { ground } => {
            if ground.trim().is_empty() {
                return Err(Refusal::GroundMissing);
            }
            let noted = state.is_locked_for(by, at).then(|| note(ground)).transpose()?;
            [locked(at)].into_iter().chain(noted).collect()
        }
        Act::Release => match state.lock(at) {
            Some(lock) if lock.by == by => vec![Entry::Released],
            Some(_) => return Err(Refusal::LockedByAnother),
            None => Vec::new(),
        },
        Act::Note { text } => vec![note(text)?],
    };
    Ok(entries.into_iter().map(|entry| Event { at, by, record, entry: Opened::Known(entry) }).collect())
}

fn locked(at: Instant) -> Entry {
    Entry::Locked { until: at.plus_millis(LOCK_MINUTES * 60_000) }
}

fn note(text: String) -> Result<Entry, Refusal> {
    text::required(&text, text::GROUND_MAX).map_err(Refusal::Note)?;
    Ok(Entry::Note { text })
}
