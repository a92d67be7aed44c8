//! How a command is asked, and what comes of it. What makes a repeated one the same stands in the events it wrote and
//! nowhere else: whoever loads the stream sees it.

use radslag_eventlog::{Appended, Log, Record};
use radslag_kernel::{EventId, Opened, id::CommandId};
use radslag_vault::Vault;

use crate::{
    execute::{Stop, Undone},
    http::Seen,
    service::{Failure, Loaded, Service, load},
};

/// What makes a command the same command, and what it expects.
#[derive(Clone, Copy, Debug)]
pub struct Asked {
    /// Its id.
    pub command: CommandId,
    /// Whether it can come again: it had an `Idempotency-Key`, or follows from an event.
    pub repeatable: bool,
    /// HMAC of its body.
    pub digest: [u8; 32],
    /// The stream's version its sender has seen.
    pub if_match: Option<Seen>,
    /// The event that led to it, if one did.
    pub cause: Option<EventId>,
    /// W3C trace id; what a citizen does never keeps it.
    pub trace: Option<[u8; 16]>,
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
    /// Now.
    #[must_use]
    pub fn written(appended: &Appended, version: u64) -> Self {
        Self { at: Some((appended.origin, appended.end - 1)), version, repeated: false }
    }

    /// There was nothing to write.
    #[must_use]
    pub const fn nothing(version: u64) -> Self {
        Self { at: None, version, repeated: false }
    }
}

impl Asked {
    /// A command of the service itself: what it does twice does nothing the second time.
    #[must_use]
    pub fn by_system() -> Self {
        let command = CommandId::from_bytes(rand::random());
        Self { command, repeatable: false, digest: [0; 32], if_match: None, cause: None, trace: None }
    }

    /// A command of a reaction to an event: the same one however often the event is met.
    #[must_use]
    pub const fn because(command: CommandId, cause: EventId) -> Self {
        Self { command, repeatable: true, digest: [0; 32], if_match: None, cause: Some(cause), trace: None }
    }

    /// Loads the stream that the command is about, and goes on if it is to be decided.
    ///
    /// # Errors
    /// As `begin`; `Log`, `Vault`, `Malformed`.
    pub fn load<S: Service, R>(&self, log: &Log, stream: &str) -> Result<Loaded<S::Event>, Stop<R>> {
        let loaded = load::<S>(log, stream)?;
        self.begin(&loaded, log.vault())?;
        Ok(loaded)
    }

    /// Goes on if a loaded stream doesn't show that the command was done, and is what its sender has seen.
    ///
    /// # Errors
    /// `Done` if it was done before, `KeyReused` if with another body, `VersionChanged`; `Vault` if the keys are damaged.
    pub fn begin<E, R>(&self, loaded: &Loaded<E>, vault: &Vault) -> Result<(), Stop<R>> {
        if let Some(last) = self.last_of(&loaded.records) {
            let same = match last.open_digest(vault).map_err(Failure::from)? {
                Some(Opened::Known(digest)) => Some(digest == self.digest),
                // Without a digest there is nothing to compare; with an erased one it is gone, and so is the command.
                None => Some(true),
                Some(Opened::Gone) => None,
            };
            let at = Some((last.origin, last.position()));
            match same {
                Some(true) => {
                    let version = last.private.version;
                    return Err(Stop::Done(Done { at, version, repeated: true }));
                }
                Some(false) => return Err(Stop::Undone(Undone::KeyReused)),
                None => {}
            }
        }
        if self.saw_another(loaded) { Err(Stop::Undone(Undone::VersionChanged)) } else { Ok(()) }
    }

    /// The last event it wrote.
    fn last_of<'a>(&self, records: &'a [Record]) -> Option<&'a Record> {
        let wrote = |record: &&Record| record.command() == Some(self.command);
        records.iter().rfind(wrote).filter(|_| self.repeatable)
    }

    /// Whether its sender has seen another version of a stream than it has. What was read before a loss was accepted is
    /// another one as soon as something was written since, however many events both have.
    fn saw_another<E>(&self, loaded: &Loaded<E>) -> bool {
        let life = loaded.records.last().map_or(0, |last| last.origin);
        self.if_match.is_some_and(|seen| seen.version != loaded.version || seen.origin < life)
    }
}
