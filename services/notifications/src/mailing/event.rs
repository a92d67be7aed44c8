//! What happened to a mailing.
#![allow(missing_docs)] // the fields of a variant: the variant says what they are

use radslag_kernel::{Happens, Instant, ItemId, KeyRef, Opened, SubjectId};

/// What it says, to whom.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Text {
    /// `newsletter`, or a petition's id.
    pub list: String,
    /// In Swedish.
    pub sv: Words,
    /// In English.
    pub en: Words,
}

/// In one language.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Words {
    /// One line.
    pub subject: String,
    /// Plain text; an empty line begins a paragraph.
    pub body: String,
}

/// How far it is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Progress {
    /// The last subscription it has gone through.
    pub after: ItemId,
    /// Letters planned so far.
    pub letters: u64,
}

/// What happened.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Event {
    /// Written, or changed: that ends a run.
    Drafted { at: Instant, by: SubjectId, key: KeyRef, revision: u32, text: Opened<Text> },
    /// It goes out.
    Started { at: Instant, by: SubjectId, revision: u32 },
    /// Letters were planned.
    Progressed { at: Instant, key: KeyRef, progress: Opened<Progress> },
    /// All were.
    Finished { at: Instant, key: KeyRef, letters: Opened<u64> },
    /// It was ended.
    Cancelled { at: Instant, by: SubjectId },
}

impl Happens for Event {
    fn at(&self) -> Instant {
        match self {
            Self::Drafted { at, .. }
            | Self::Started { at, .. }
            | Self::Progressed { at, .. }
            | Self::Finished { at, .. }
            | Self::Cancelled { at, .. } => *at,
        }
    }
}
