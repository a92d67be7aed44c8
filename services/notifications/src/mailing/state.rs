//! Where a mailing stands.

use radslag_kernel::{Instant, KeyRef, Opened, SubjectId};

use crate::mailing::event::{Event, Progress, Text};

/// Where it stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Standing {
    /// Being written.
    Draft,
    /// Going out.
    Running {
        /// Since when.
        since: Instant,
        /// How far.
        progress: Progress,
    },
    /// All letters were planned.
    Sent,
    /// Ended by an official.
    Cancelled,
}

impl Standing {
    /// In answers and tables.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::Draft => "draft",
            Self::Running { .. } => "running",
            Self::Sent => "sent",
            Self::Cancelled => "cancelled",
        }
    }
}

/// A mailing.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Mailing {
    /// What its text is sealed under.
    pub key: KeyRef,
    /// What it says.
    pub text: Opened<Text>,
    /// How often it was written, from 1: a letter belongs to one.
    pub revision: u32,
    /// Who wrote the text as it is.
    pub written_by: SubjectId,
    /// Where it stands.
    pub standing: Standing,
    /// Letters planned in all.
    pub letters: u64,
}

/// A mailing, if there is one.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct State(pub Option<Mailing>);

impl State {
    pub(super) fn evolve(&mut self, event: &Event) {
        let letters = self.0.as_ref().map_or(0, |mailing| mailing.letters);
        match (event, &mut self.0) {
            (Event::Drafted { by, key, revision, text, .. }, _) => {
                self.0 = Some(Mailing {
                    key: *key,
                    text: text.clone(),
                    revision: *revision,
                    written_by: *by,
                    standing: Standing::Draft,
                    letters,
                });
            }
            (Event::Started { at, .. }, Some(mailing)) => {
                mailing.standing = Standing::Running { since: *at, progress: Progress::default() };
            }
            (Event::Progressed { progress, .. }, Some(mailing)) => {
                if let (Standing::Running { since, progress: before }, Opened::Known(progress)) =
                    (mailing.standing, progress)
                {
                    mailing.letters += progress.letters - before.letters.min(progress.letters);
                    mailing.standing = Standing::Running { since, progress: *progress };
                }
            }
            (Event::Finished { .. }, Some(mailing)) => mailing.standing = Standing::Sent,
            (Event::Cancelled { .. }, Some(mailing)) => mailing.standing = Standing::Cancelled,
            (
                Event::Started { .. }
                | Event::Progressed { .. }
                | Event::Finished { .. }
                | Event::Cancelled { .. },
                None,
            ) => {}
        }
    }
}
