//! A folder with a signed log in it, and events to put there.

use std::{path::PathBuf, sync::Arc};

use radslag_eventlog::{
    Append, AppendError, Appended, Clock, Context, Error, Guard, Log, NewEvent, Options, Signing, Write,
    Writer,
};
use radslag_kernel::{Actor, AggregateId, Encoded, KeyRef, Plain};
use radslag_vault::{Disk, Keyring, Ledger, NewKey, RealDisk};

use super::lab::Lab;

const NAME: &str = "radslag.example/malmo/petitions";

/// Where a log is and how it is opened.
#[derive(Clone)]
pub struct Home {
    /// Holds `log`, `index`, `tree` and `secrets`.
    pub folder: PathBuf,
    /// The tenant's clock.
    pub clock: Arc<Clock>,
    /// The disk of segments, keys, tree and checkpoints.
    pub disk: Arc<dyn Disk>,
    /// Most bytes of a segment.
    pub segment_bytes: u64,
    /// Threads for it.
    pub writer: Writer,
}

impl Home {
    /// In a folder, on the real disk.
    #[must_use]
    pub fn at(folder: PathBuf, writer: &Writer) -> Self {
        Self {
            folder,
            clock: Arc::new(Clock::system(0)),
            disk: Arc::new(RealDisk),
            segment_bytes: 64 << 10,
            writer: writer.clone(),
        }
    }

    /// In a new folder in memory.
    ///
    /// # Errors
    /// Of the file system.
    pub fn new(lab: &Lab) -> anyhow::Result<Self> {
        Ok(Self::at(lab.memory()?, &lab.writer))
    }

    /// The same on another disk.
    #[must_use]
    pub fn on(self, disk: Arc<dyn Disk>) -> Self {
        Self { disk, ..self }
    }

    /// Opens the log, making it where there is none.
    ///
    /// # Errors
    /// Of the log.
    pub fn open(&self) -> Result<Log, Error> {
        let secrets = self.folder.join("secrets");
        let keyring = Arc::new(Keyring::open(&secrets)?);
        let ledger = Arc::new(Ledger::open(&secrets.join("erasures.ledger"))?);
        Log::open(Options {
            folder: self.folder.join("log"),
            index: self.folder.join("index"),
            keyring,
            ledger,
            clock: self.clock.clone(),
            writer: self.writer.clone(),
            disk: self.disk.clone(),
            segment_bytes: self.segment_bytes,
            signing: Some(Signing {
                folder: self.folder.join("tree"),
                name: NAME.into(),
                seeds: vec![[7; 32].into()],
            }),
        })
    }
}

/// What surrounds an event: nobody's act, decided now.
#[must_use]
pub fn context(log: &Log) -> Context {
    Context {
        aggregate: AggregateId::from_bytes([1; 16]),
        item: None,
        occurred_at: log.now(),
        actor: Actor::SYSTEM,
        command: None,
        causation: None,
        trace: None,
        digest: None,
    }
}

/// An event with a public text.
///
/// # Errors
/// Of the vault.
pub fn event(log: &Log, text: &str) -> Result<NewEvent, AppendError> {
    let encoded =
        Encoded { kind: "test.happened", schema: 1, public: text.as_bytes().to_vec(), sealed: vec![] };
    seal(log, encoded, &[])
}

/// An event with a text sealed under a new key.
///
/// # Errors
/// Of the vault.
pub fn sealed(log: &Log, text: &str, key: &NewKey) -> Result<NewEvent, AppendError> {
    let plain =
        Plain { field: 1, under: vec![key.reference], committed: true, value: text.as_bytes().to_vec() };
    let encoded = Encoded { kind: "test.sealed", schema: 1, public: vec![], sealed: vec![plain] };
    seal(log, encoded, std::slice::from_ref(key))
}

fn seal(log: &Log, encoded: Encoded, new: &[NewKey]) -> Result<NewEvent, AppendError> {
    NewEvent::seal(encoded, &context(log), log.vault(), new).map_err(|error| AppendError::Log(error.into()))
}

/// Events of one stream.
#[must_use]
pub fn write(stream: &str, expected: u64, events: Vec<NewEvent>) -> Write {
    Write { stream: stream.into(), expected, events }
}

/// An append of writes and guards.
#[must_use]
pub fn request(writes: Vec<Write>, guards: &[(String, u64)]) -> Append {
    let guard = |(stream, expected): &(String, u64)| Guard { stream: stream.clone(), expected: *expected };
    Append { writes, guards: guards.iter().map(guard).collect(), keys: vec![] }
}

/// Appends one public event.
///
/// # Errors
/// Of the log.
pub fn put(log: &Log, stream: &str, expected: u64, text: &str) -> Result<Appended, AppendError> {
    log.append_blocking(request(vec![write(stream, expected, vec![event(log, text)?])], &[]))
}

/// Appends one event with a sealed text.
///
/// # Errors
/// Of the log.
pub fn put_sealed(
    log: &Log,
    stream: &str,
    expected: u64,
    text: &str,
) -> Result<(Appended, KeyRef), AppendError> {
    let key = log.vault().reserve();
    let reference = key.reference;
    let writes = vec![write(stream, expected, vec![sealed(log, text, &key)?])];
    let appended = log.append_blocking(Append { writes, guards: vec![], keys: vec![key] })?;
    Ok((appended, reference))
}

/// Appends an event that destroys keys.
///
/// # Errors
/// Of the log.
pub fn erase(log: &Log, stream: &str, expected: u64, keys: &[KeyRef]) -> Result<Appended, AppendError> {
    let events = vec![event(log, "erased")?.erasing(keys)];
    log.append_blocking(request(vec![write(stream, expected, events)], &[]))
}
