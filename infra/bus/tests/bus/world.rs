//! A log with made-up events, a server, and what the tests ask of them.

use std::sync::{
    Arc,
    atomic::{AtomicU64, Ordering},
};

use async_nats::jetstream::stream::State;
use radslag_bus::{
    Address, Alarm, Checkpoint, Delivery, JetStream, Limits, Links, Progress, Relay, Subscription,
};
use radslag_eventlog::{Acceptance, Append, Clock, Context, Log, NewEvent, Options, Write, Writer};
use radslag_kernel::{Actor, AggregateId, Encoded, ItemId};
use radslag_vault::{Keyring, Ledger};
use tempfile::TempDir;
use tokio::{sync::watch, task::JoinHandle};

/// A log of its own.
pub(crate) struct World {
    pub(crate) log: Log,
    streams: AtomicU64,
    folder: TempDir,
}

impl World {
    pub(crate) fn new() -> Self {
        Self::in_folder(tempfile::tempdir().unwrap())
    }

    fn in_folder(folder: TempDir) -> Self {
        let log = Log::open(options(folder.path())).unwrap();
        Self { log, streams: AtomicU64::new(0), folder }
    }

    /// The log as it is on disk now, as a backup takes it.
    pub(crate) fn backup(&self) -> TempDir {
        let copy = tempfile::tempdir().unwrap();
        copy_folder(self.folder.path(), copy.path());
        copy
    }

    /// A log as it was put back from a backup, held as at every start beside a bus.
    pub(crate) fn restored(backup: TempDir) -> Self {
        let world = Self::in_folder(backup);
        world.log.hold("the bus hasn't been compared yet");
        world
    }

    /// Closed and opened again, held as at every start beside a bus.
    pub(crate) fn restarted(self) -> Self {
        let Self { log, folder, .. } = self;
        log.close();
        Self::restored(folder)
    }

    /// In its next life, as far as it can be read; held again.
    pub(crate) fn in_its_next_life(self) -> Self {
        let Self { log, folder, .. } = self;
        log.close();
        let acceptance = Acceptance { ground: "restored from a backup".into(), actor: Actor::SYSTEM };
        Log::accept_loss(options(folder.path()), &acceptance).unwrap().0.close();
        Self::restored(folder)
    }

    /// Appends events of about 1 KiB, in frames of at most 50.
    pub(crate) async fn append(&self, count: usize) {
        for first in (0..count).step_by(50) {
            let stream =
                format!("petition/{}/{}", self.log.watermark(), self.streams.fetch_add(1, Ordering::Relaxed));
            let events = (first..count.min(first + 50)).map(|n| self.event(n)).collect();
            let writes = vec![Write { stream, expected: 0, events }];
            self.log.append(Append { writes, guards: vec![], keys: vec![] }).await.unwrap();
        }
    }

    fn event(&self, n: usize) -> NewEvent {
        let public = [n.to_be_bytes().as_slice(), &[b'x'; 1000]].concat();
        let encoded = Encoded { kind: "petition.signature-given", schema: 1, public, sealed: vec![] };
        NewEvent::seal(encoded, &self.context(), self.log.vault(), &[]).unwrap()
    }

    pub(crate) fn context(&self) -> Context {
        Context {
            aggregate: AggregateId::from_bytes([7; 16]),
            item: Some(ItemId::from_bytes([8; 16])),
            occurred_at: self.log.now(),
            actor: Actor::SYSTEM,
            command: None,
            causation: None,
            trace: None,
            digest: None,
        }
    }

    pub(crate) fn relay(&self, jetstream: &JetStream, address: &Address) -> Relay {
        let limits = Limits::default();
        Relay::new(self.log.clone(), self.log.begins(), address.clone(), links(), limits, jetstream.clone())
            .checking_every(std::time::Duration::from_millis(100))
    }

    /// What a subscription should have delivered of all that is in the log.
    pub(crate) fn expected(&self) -> Vec<Delivery> {
        let records = self.log.read(0, usize::MAX).unwrap();
        let deliver = |record: radslag_eventlog::Record| Delivery {
            log: self.log.id(),
            origin: record.origin,
            position: record.position(),
            header: record.header,
            public: record.public,
            trace: None,
        };
        records.into_iter().map(deliver).collect()
    }
}

fn options(folder: &std::path::Path) -> Options {
    let secrets = folder.join("secrets");
    let keyring = Arc::new(Keyring::open(&secrets).unwrap());
    let ledger = Arc::new(Ledger::open(&secrets.join("erasures.ledger")).unwrap());
    let (log, index) = (folder.join("log"), folder.join("index"));
    Options::new(log, index, (keyring, ledger), Arc::new(Clock::system(0)), Writer::start().unwrap())
}

fn copy_folder(from: &std::path::Path, to: &std::path::Path) {
    std::fs::create_dir_all(to).unwrap();
    for entry in std::fs::read_dir(from).unwrap() {
        let (entry, target) = (entry.as_ref().unwrap(), to.join(entry.as_ref().unwrap().file_name()));
        if entry.file_type().unwrap().is_dir() {
            copy_folder(&entry.path(), &target);
        } else {
            std::fs::copy(entry.path(), target).unwrap();
        }
    }
}

/// What should come soon; a minute is only there so that a broken rule fails instead of hanging.
pub(crate) async fn soon<T>(coming: impl Future<Output = T>) -> T {
    tokio::time::timeout(std::time::Duration::from_secs(60), coming).await.unwrap()
}

/// A relay at work.
pub(crate) struct Running {
    pub(crate) task: JoinHandle<Alarm>,
    progress: watch::Receiver<Progress>,
}

impl Running {
    pub(crate) fn start(relay: Relay) -> Self {
        let progress = relay.progress();
        Self { task: tokio::spawn(async move { relay.run().await }), progress }
    }

    /// Waits until it says that so many events are in the stream.
    pub(crate) async fn reached(&mut self, published: u64) {
        let reached = soon(self.progress.wait_for(|progress| progress.published >= published)).await.is_ok();
        assert!(reached, "the relay stopped: {:?}", self.progress.borrow().trouble);
    }

    /// The same for whoever only looks on.
    pub(crate) async fn has(&self, published: u64) {
        let mut progress = self.progress.clone();
        soon(progress.wait_for(|progress| progress.published >= published)).await.unwrap();
    }

    /// Waits until it says that it has trouble.
    pub(crate) async fn in_trouble(&mut self) -> String {
        let progress = soon(self.progress.wait_for(|progress| progress.trouble.is_some())).await.unwrap();
        progress.trouble.clone().unwrap()
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        self.task.abort();
    }
}

pub(crate) fn links() -> Links {
    Links {
        installation: "https://dialog.example".into(),
        clear_text: "https://malmo.example/malmo/log/petitions/disclosed".into(),
    }
}

pub(crate) async fn connect(url: String) -> JetStream {
    let patience = std::time::Duration::from_secs(1);
    radslag_bus::connect_with(&url, radslag_bus::ConnectOptions::new(), patience).await.unwrap()
}

pub(crate) async fn state(jetstream: &JetStream, address: &Address) -> State {
    jetstream.get_stream(address.stream(0)).await.unwrap().get_info().await.unwrap().state
}

pub(crate) async fn take(subscription: &mut Subscription, count: usize) -> Vec<Delivery> {
    let mut taken = Vec::with_capacity(count);
    for _ in 0..count {
        taken.push(soon(subscription.next()).await.unwrap());
    }
    taken
}

/// The stream holds the log: as many messages, none removed, each as it was written.
pub(crate) async fn assert_stream_is_log(world: &World, jetstream: &JetStream, address: &Address) {
    let state = state(jetstream, address).await;
    let end = world.log.watermark();
    assert_eq!((state.first_sequence, state.last_sequence, state.messages), (1, end, end));
    let mut all = Subscription::remote(jetstream.clone(), address, Checkpoint::START);
    assert!(take(&mut all, end as usize).await == world.expected(), "the stream isn't the log");
}
