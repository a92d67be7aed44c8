//! How a command is asked, and what comes of it.

use radslag_eventlog::{Appended, Record};
use radslag_kernel::{Opened, id::CommandId};
use radslag_runtime::{
    http::Seen,
    service::{Failure, Loaded},
};
use radslag_vault::Vault;

use crate::{
    assisted, bulk, comment, inquiry, lists, moderation, objection, paper, petition, session, signature,
    signing,
};

/// What makes a command the same command, and what it expects.
#[derive(Clone, Copy, Debug)]
pub struct Asked {
    /// Its id.
    pub command: CommandId,
    /// Whether it can come again: it had an `Idempotency-Key`.
    pub repeatable: bool,
    /// HMAC of its body.
    pub digest: [u8; 32],
    /// The stream's version its sender has seen.
    pub if_match: Option<Seen>,
    /// W3C trace id; what a citizen does never keeps it.
    pub trace: Option<[u8; 16]>,
}

/// Why not: a rule, or the way it was asked.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Wrong {
    /// A rule of the petition.
    Petition(petition::Refusal),
    /// A rule of the signature.
    Signature(signature::Refusal),
    /// A rule of moderators' records.
    Moderation(moderation::Refusal),
    /// A rule of all signing.
    Signing(signing::Refusal),
    /// A rule of the lists.
    List(lists::Refusal),
    /// A rule of bulk invalidations.
    Bulk(bulk::Refusal),
    /// A rule of a comment.
    Comment(comment::Refusal),
    /// A rule of an inquiry.
    Inquiry(inquiry::Refusal),
    /// A rule of lists on paper.
    Paper(paper::Refusal),
    /// A rule of one-time links.
    Session(session::Refusal),
    /// A rule of acting for somebody.
    Assisted(assisted::Refusal),
    /// A rule of an objection.
    Objection(objection::Refusal),
    /// The same `Idempotency-Key` with another body.
    KeyReused,
    /// Somebody changed it since.
    VersionChanged,
    /// There is no such thing, or it isn't this person's to know.
    Unknown,
}

impl From<petition::Refusal> for Wrong {
    fn from(refusal: petition::Refusal) -> Self {
        match refusal {
            petition::Refusal::UnknownPetition => Self::Unknown,
            refusal => Self::Petition(refusal),
        }
    }
}

impl From<bulk::Refusal> for Wrong {
    fn from(refusal: bulk::Refusal) -> Self {
        match refusal {
            bulk::Refusal::UnknownBulk => Self::Unknown,
            refusal => Self::Bulk(refusal),
        }
    }
}

impl From<lists::Refusal> for Wrong {
    fn from(refusal: lists::Refusal) -> Self {
        match refusal {
            lists::Refusal::UnknownEntry => Self::Unknown,
            refusal => Self::List(refusal),
        }
    }
}

impl From<signature::Refusal> for Wrong {
    fn from(refusal: signature::Refusal) -> Self {
        match refusal {
            signature::Refusal::UnknownSignature => Self::Unknown,
            refusal => Self::Signature(refusal),
        }
    }
}

impl From<comment::Refusal> for Wrong {
    fn from(refusal: comment::Refusal) -> Self {
        match refusal {
            comment::Refusal::UnknownComment => Self::Unknown,
            refusal => Self::Comment(refusal),
        }
    }
}

impl From<inquiry::Refusal> for Wrong {
    fn from(refusal: inquiry::Refusal) -> Self {
        match refusal {
            inquiry::Refusal::UnknownInquiry | inquiry::Refusal::NotTheAsker => Self::Unknown,
            refusal => Self::Inquiry(refusal),
        }
    }
}

impl From<objection::Refusal> for Wrong {
    fn from(refusal: objection::Refusal) -> Self {
        match refusal {
            objection::Refusal::UnknownObjection => Self::Unknown,
            refusal => Self::Objection(refusal),
        }
    }
}

impl From<paper::Refusal> for Wrong {
    fn from(refusal: paper::Refusal) -> Self {
        match refusal {
            paper::Refusal::UnknownBatch => Self::Unknown,
            refusal => Self::Paper(refusal),
        }
    }
}

/// What a command wrote, now or the first time it came.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Done {
    /// Origin and position of its last event; nothing if nothing was to be written.
    pub at: Option<(u32, u64)>,
    /// The stream's version after it.
    pub version: u64,
    /// It had been done before.
    pub repeated: bool,
}

impl Done {
    /// Of a command: what it had done before, else what was appended, if anything was.
    pub(super) fn of(before: Option<Self>, appended: Option<&Appended>, version: u64) -> Self {
        let now = || appended.map_or(Self::nothing(version), |appended| Self::written(appended, version));
        before.unwrap_or_else(now)
    }

    pub(super) fn written(appended: &Appended, version: u64) -> Self {
        Self { at: Some((appended.origin, appended.end - 1)), version, repeated: false }
    }

    pub(super) const fn nothing(version: u64) -> Self {
        Self { at: None, version, repeated: false }
    }
}

impl Asked {
    /// A command of the service itself: what it does twice does nothing the second time.
    #[must_use]
    pub fn by_system() -> Self {
        let command = CommandId::from_bytes(rand::random());
        Self { command, repeatable: false, digest: [0; 32], if_match: None, trace: None }
    }

    /// Whether its sender has seen another version of a stream than it has. What was read before a loss was accepted is
    /// another one as soon as something was written since, however many events both have.
    #[must_use]
    pub fn saw_another<E>(&self, loaded: &Loaded<E>) -> bool {
        let life = loaded.records.last().map_or(0, |last| last.origin);
        self.if_match.is_some_and(|seen| seen.version != loaded.version || seen.origin < life)
    }

    /// Whether a stream shows that the command was done already.
    ///
    /// # Errors
    /// `KeyReused` inside, if it was done with another body. `Vault` if the keys are damaged.
    pub fn done_before(
        &self,
        records: &[Record],
        vault: &Vault,
    ) -> Result<Option<Result<Done, Wrong>>, Failure> {
        if !self.repeatable {
            return Ok(None);
        }
        let Some(last) = records.iter().rfind(|record| record.command() == Some(self.command)) else {
            return Ok(None);
        };
        let same = match last.open_digest(vault)? {
            Some(Opened::Known(digest)) => digest == self.digest,
            // Without a digest there is nothing to compare; with an erased one it is gone, and so is the command.
            None => true,
            Some(Opened::Gone) => return Ok(None),
        };
        let done =
            Done { at: Some((last.origin, last.position())), version: last.private.version, repeated: true };
        Ok(Some(if same { Ok(done) } else { Err(Wrong::KeyReused) }))
    }
}
