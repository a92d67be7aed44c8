//! A folder with a log in it, and events to put there.

use std::{path::PathBuf, sync::Arc};

use radslag_eventlog::{
    Append, AppendError, Appended, Clock, Context, Error, Guard, Log, NewEvent, Options, Signing, Write,
    Writer,
};
use radslag_kernel::{Actor, AggregateId, Encoded, KeyRef, Plain};
use radslag_vault::{Disk, Keyring, Ledger, NewKey, RealDisk};

/// Begins the origin line.
pub(crate) const NAME: &str = "radslag.example/malmo/petitions";

pub(crate) struct Home {
    pub(crate) folder: PathBuf,
    pub(crate) clock: Arc<Clock>,
    pub(crate) segment_bytes: u64,
    pub(crate) disk: Arc<dyn Disk>,
    pub(crate) seeds: Vec<u8>,
    pub(crate) name: String,
    pub(crate) temporary: Option<tempfile::TempDir>,
}

impl Home {
    pub(crate) fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        Self { temporary: Some(folder), ..Self::at(PathBuf::new()) }.settled()
    }

    pub(crate) fn at(folder: PathBuf) -> Self {
        Self {
            folder,
            clock: Arc::new(Clock::system(0)),
            segment_bytes: 64 << 20,
            disk: Arc::new(RealDisk),
            seeds: vec![],
            name: NAME.into(),
            temporary: None,
        }
    }

    fn settled(mut self) -> Self {
        self.folder = self.temporary.as_ref().unwrap().path().into();
        self
    }

    pub(crate) fn with_segments_of(self, segment_bytes: u64) -> Self {
        Self { segment_bytes, ..self }
    }

    /// With a tree, signed by keys of these seeds.
    pub(crate) fn signed_by(self, seeds: &[u8]) -> Self {
        Self { seeds: seeds.to_vec(), ..self }
    }

    fn signing(&self) -> Option<Signing> {
        let seeds = self.seeds.iter().map(|seed| [*seed; 32].into()).collect();
        let (folder, name) = (self.folder.join("tree"), self.name.clone());
        (!self.seeds.is_empty()).then_some(Signing { folder, name, seeds })
    }

    pub(crate) fn try_open(&self) -> Result<Log, Error> {
        Log::open(self.options()?)
    }

    pub(crate) fn options(&self) -> Result<Options, Error> {
        let secrets = self.folder.join("secrets");
        let keyring = Arc::new(Keyring::open(&secrets)?);
        let ledger = Arc::new(Ledger::open(&secrets.join("erasures.ledger"))?);
        Ok(Options {
            folder: self.folder.join("log"),
            index: self.folder.join("index"),
            keyring,
            ledger,
            clock: self.clock.clone(),
            writer: Writer::start().unwrap(),
            disk: self.disk.clone(),
            segment_bytes: self.segment_bytes,
            signing: self.signing(),
        })
    }

    pub(crate) fn open(&self) -> Log {
        self.try_open().unwrap()
    }

    pub(crate) fn segments(&self) -> Vec<PathBuf> {
        let listed = std::fs::read_dir(self.folder.join("log/segments")).unwrap();
        let mut paths: Vec<_> = listed.map(|entry| entry.unwrap().path()).collect();
        paths.sort();
        paths
    }
}

pub(crate) fn context(log: &Log) -> Context {
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

pub(crate) fn event(log: &Log, text: &str) -> NewEvent {
    let encoded =
        Encoded { kind: "test.happened", schema: 1, public: text.as_bytes().to_vec(), sealed: vec![] };
    NewEvent::seal(encoded, &context(log), log.vault(), &[]).unwrap()
}

pub(crate) fn sealed(log: &Log, text: &str, key: &NewKey) -> NewEvent {
    let plain =
        Plain { field: 1, under: vec![key.reference], committed: true, value: text.as_bytes().to_vec() };
    let encoded = Encoded { kind: "test.sealed", schema: 1, public: vec![], sealed: vec![plain] };
    NewEvent::seal(encoded, &context(log), log.vault(), std::slice::from_ref(key)).unwrap()
}

pub(crate) fn erased(log: &Log, keys: &[KeyRef]) -> NewEvent {
    event(log, "erased").erasing(keys)
}

pub(crate) fn write(stream: &str, expected: u64, events: Vec<NewEvent>) -> Write {
    Write { stream: stream.into(), expected, events }
}

pub(crate) fn append(
    log: &Log,
    writes: Vec<Write>,
    guards: Vec<(&str, u64)>,
) -> Result<Appended, AppendError> {
    let guards =
        guards.into_iter().map(|(stream, expected)| Guard { stream: stream.into(), expected }).collect();
    log.append_blocking(Append { writes, guards, keys: vec![] })
}

pub(crate) fn put(log: &Log, stream: &str, expected: u64, text: &str) -> Appended {
    append(log, vec![write(stream, expected, vec![event(log, text)])], vec![]).unwrap()
}

pub(crate) fn put_sealed(log: &Log, stream: &str, expected: u64, text: &str) -> KeyRef {
    let key = log.vault().reserve();
    let (reference, event) = (key.reference, sealed(log, text, &key));
    let writes = vec![write(stream, expected, vec![event])];
    log.append_blocking(Append { writes, guards: vec![], keys: vec![key] }).unwrap();
    reference
}

pub(crate) fn texts(log: &Log, stream: &str) -> Vec<String> {
    let events = log.read_stream(stream).unwrap();
    events.into_iter().map(|event| String::from_utf8(event.public.into()).unwrap()).collect()
}

pub(crate) fn all(log: &Log) -> Vec<(u64, String, String)> {
    let events = log.read(0, usize::MAX).unwrap();
    let text = |bytes: Vec<u8>| String::from_utf8(bytes).unwrap();
    events
        .into_iter()
        .map(|event| (event.header.position, event.private.stream, text(event.public.into())))
        .collect()
}
