//! A log: opening it, what it knows of itself, and the handle everybody shares.

use std::{
    fs,
    path::PathBuf,
    sync::{
        Arc, Mutex, MutexGuard, PoisonError, RwLock, RwLockReadGuard, RwLockWriteGuard,
        atomic::Ordering,
        atomic::{AtomicBool, AtomicU64},
        mpsc,
    },
    time::Instant as Monotonic,
};

use radslag_kernel::{Instant, id::LogId};
use radslag_vault::{Disk, Keyring, Ledger, RealDisk, Vault};
use tokio::sync::watch;

use crate::{
    AppendError, Clock, Error, FolderLock, Writer,
    ack::Ack,
    heads::{Head, Heads, StreamHash},
    index::Index,
    loss, recovery,
    segment::{Identity, LARGEST, Segment},
    stage::Stage,
    tree::{Found, Opened, Proofs, Signing, newest_origin},
};

/// How to open a log.
pub struct Options {
    /// Where segments, keys and the ACK file are: ground state.
    pub folder: PathBuf,
    /// Where the index is: derived, may be deleted at any time.
    pub index: PathBuf,
    /// The tenant's key-encryption keys.
    pub keyring: Arc<Keyring>,
    /// The tenant's erasure ledger.
    pub ledger: Arc<Ledger>,
    /// The tenant's clock.
    pub clock: Arc<Clock>,
    /// The process's writer.
    pub writer: Writer,
    /// The disk.
    pub disk: Arc<dyn Disk>,
    /// Most bytes of a segment; tests take small ones.
    pub segment_bytes: u64,
    /// Its tree, and who signs it; a log without one can't be proved.
    pub signing: Option<Signing>,
}

impl Options {
    /// On the real disk, with segments of 64 MiB.
    #[must_use]
    pub fn new(
        folder: PathBuf,
        index: PathBuf,
        (keyring, ledger): (Arc<Keyring>, Arc<Ledger>),
        clock: Arc<Clock>,
        writer: Writer,
    ) -> Self {
        Self {
            folder,
            index,
            keyring,
            ledger,
            clock,
            writer,
            disk: Arc::new(RealDisk),
            segment_bytes: LARGEST,
            signing: None,
        }
    }
}

/// An open log; clones are handles to the same one.
#[derive(Clone)]
pub struct Log(pub(crate) Arc<Shared>);

/// Whether a log serves.
#[derive(Clone, Debug)]
pub enum Health {
    /// Reads and writes.
    Open,
    /// Reads only; why, and when writing is tried again.
    ReadOnly(String, Monotonic),
    /// Nothing: something acknowledged is not readable.
    Damaged(Error),
}

pub(crate) struct Shared {
    pub(crate) id: LogId,
    pub(crate) origin: u32,
    pub(crate) folder: PathBuf,
    pub(crate) vault: Vault,
    pub(crate) clock: Arc<Clock>,
    pub(crate) disk: Arc<dyn Disk>,
    pub(crate) segment_bytes: u64,
    pub(crate) proofs: Option<Proofs>,
    pub(crate) segments: RwLock<Vec<Arc<Segment>>>,
    pub(crate) heads: RwLock<Heads>,
    /// `None` only while it is made again, or after that failed.
    pub(crate) index: RwLock<Option<Index>>,
    pub(crate) index_folder: PathBuf,
    pub(crate) ack: Ack,
    pub(crate) watermark: watch::Sender<u64>,
    pub(crate) recorded_at: AtomicU64,
    /// Somebody has accepted that the clock lies before the last event.
    pub(crate) behind_accepted: AtomicBool,
    pub(crate) health: RwLock<Health>,
    /// Why nothing is taken until somebody lets go of it.
    pub(crate) held: RwLock<Option<String>>,
    pub(crate) stage: Mutex<Stage>,
    pub(crate) writer: Writer,
    _lock: FolderLock,
    /// Dropped last: whoever waits for the log to be closed is told when its lock is free.
    closed: Mutex<Vec<mpsc::Sender<()>>>,
}

impl Log {
    /// Opens a log, making it where there is none.
    ///
    /// # Errors
    /// `Damaged` with file and offset; `InUse`; `Vault` (closed or damaged keys); `Io`.
    pub fn open(options: Options) -> Result<Self, Error> {
        let Options { folder, index, keyring, ledger, clock, writer, disk, segment_bytes, signing } = options;
        let segments_folder = folder.join("segments");
        fs::create_dir_all(&segments_folder).map_err(Error::io("making", &segments_folder))?;
        let lock = FolderLock::take(&folder)?;
        loss::finish(&*disk, &folder, &index)?;
        let ack = Ack::open(&*disk, &folder.join("ACK"))?;
        let acknowledged = ack.read().unwrap_or(0);
        let signed = newest_origin(&*disk, &folder)?;
        let segments = recovery::segments(&*disk, &segments_folder, acknowledged, signed)?;
        let Some(active) = segments.last().cloned() else { return Err(Error::NotALog(folder)) };
        let Identity { log: id, origin, .. } = active.identity;
        let opened = signing.map(|signing| Opened::new(&*disk, &folder, origin, signing)).transpose()?;
        let vault = Vault::open(&*disk, &folder.join("keys"), id, keyring, ledger)?;
        let vouched = opened.as_ref().map_or(0, Opened::size);
        let tail = recovery::tail(&active, &vault, acknowledged.max(vouched))?;
        active.settle(&*disk)?;
        let recorded_at = match tail.recorded_at {
            Some(at) => at.millis(),
            None => last_recorded(&segments)?,
        };
        let found = Found { disk: &*disk, segments: &segments, end: tail.end };
        let proofs = opened.map(|opened| Proofs::open(opened, &found)).transpose()?;
        let opened = open_index(&index, &segments, &vault)?;
        let heads = Heads { active: tail.heads, sealing: Vec::new() };
        ack.write(tail.end).map_err(Error::io("writing", folder.join("ACK")))?;
        let shared = Arc::new(Shared {
            id,
            origin,
            vault,
            clock,
            disk,
            segment_bytes,
            proofs,
            stage: Mutex::new(Stage::new(tail.end, tail.offset, active.allocated()?, active)),
            segments: RwLock::new(segments),
            heads: RwLock::new(heads),
            index: RwLock::new(Some(opened)),
            index_folder: index,
            ack,
            watermark: watch::Sender::new(tail.end),
            recorded_at: AtomicU64::new(recorded_at),
            behind_accepted: AtomicBool::new(false),
            health: RwLock::new(Health::Open),
            held: RwLock::default(),
            writer,
            folder,
            _lock: lock,
            closed: Mutex::default(),
        });
        if shared.proofs.as_ref().is_some_and(Proofs::is_behind) {
            shared.writer.notary(&shared);
        }
        Ok(Self(shared))
    }

    /// Lets go of this handle and waits until all others are gone and the folder can be opened again.
    pub fn close(self) {
        if let Err(error) = self.sign_checkpoint() {
            tracing::warn!(log = %self.0.id, %error, "closed without a last checkpoint");
        }
        let (closed, wait) = mpsc::channel();
        lock(&self.0.closed).push(closed);
        drop(self);
        // Nobody sends: the channel ends when the log does.
        let _ = wait.recv();
    }

    /// Its id.
    #[must_use]
    pub fn id(&self) -> LogId {
        self.0.id
    }

    /// Which life of the log is being written.
    #[must_use]
    pub fn origin(&self) -> u32 {
        self.0.origin
    }

    /// How many events are durable: the position of the next.
    #[must_use]
    pub fn watermark(&self) -> u64 {
        *self.0.watermark.borrow()
    }

    /// Follows the watermark.
    #[must_use]
    pub fn watch(&self) -> watch::Receiver<u64> {
        self.0.watermark.subscribe()
    }

    /// Its keys.
    #[must_use]
    pub fn vault(&self) -> &Vault {
        &self.0.vault
    }

    /// Its tenant's clock, never before the last event recorded: deciders and writer take time from here.
    #[must_use]
    pub fn now(&self) -> Instant {
        self.0.now()
    }

    /// Whether it serves.
    #[must_use]
    pub fn health(&self) -> Health {
        let health = read(&self.0.health).clone();
        match self.0.trouble() {
            Some(reason) if !matches!(health, Health::Damaged(_)) => {
                Health::ReadOnly(reason, Monotonic::now())
            }
            _ => health,
        }
    }

    /// The folder of its segments and keys.
    #[must_use]
    pub fn folder(&self) -> &std::path::Path {
        &self.0.folder
    }

    /// How many segments it has, and their allocated bytes.
    ///
    /// # Errors
    /// `Io`.
    pub fn segments(&self) -> Result<(usize, u64), Error> {
        let segments = read(&self.0.segments).clone();
        let bytes = segments.iter().map(|segment| segment.allocated()).sum::<Result<u64, Error>>()?;
        Ok((segments.len(), bytes))
    }

    /// How many runs the index has, and how many streams they hold.
    #[must_use]
    pub fn index_size(&self) -> (usize, u64) {
        read(&self.0.index).as_ref().map_or((0, 0), Index::size)
    }

    /// Sets the tenant's time, for demonstrations; it never falls below the last event's.
    pub fn set_clock(&self, to: Instant) {
        self.0.clock.set(to);
    }

    /// How far the tenant's time is from the wall clock, in milliseconds.
    #[must_use]
    pub fn clock_offset_ms(&self) -> i64 {
        self.0.clock.offset_ms()
    }

    /// Somebody has looked: the clock is right as it is, also if it lies before the last event.
    pub fn accept_clock(&self) {
        self.0.clock.accept();
        self.0.behind_accepted.store(true, Ordering::Release);
    }

    /// The version of a stream; 0 if it doesn't exist.
    ///
    /// # Errors
    /// `Index`, `Damaged`.
    pub fn version(&self, stream: &str) -> Result<u64, Error> {
        Ok(self.0.head(&StreamHash::of(stream))?.map_or(0, |head| head.version))
    }

    /// Deletes the index and makes it again from the segments.
    ///
    /// # Errors
    /// `Damaged` if a segment can't be read; `Io`, `Index`.
    pub fn rebuild_index(&self) -> Result<(), Error> {
        self.0.rebuild_index()
    }
}

impl Shared {
    pub(crate) fn now(&self) -> Instant {
        self.clock.now().max(Instant::from_millis(self.recorded_at.load(Ordering::Acquire)))
    }

    /// Why nothing is taken although the disk would: it is held, or the clock can't be believed.
    pub(crate) fn trouble(&self) -> Option<String> {
        read(&self.held).clone().or_else(|| self.clock_trouble())
    }

    /// Why the clock can't be believed, if it can't.
    pub(crate) fn clock_trouble(&self) -> Option<String> {
        if let Some(jump) = self.clock.jumped() {
            return Some(format!("the clock jumped by {jump} ms: `radslag clock accept` if it is right now"));
        }
        let last = Instant::from_millis(self.recorded_at.load(Ordering::Acquire));
        let behind = last.millis_since(self.clock.now());
        let overlooked = self.behind_accepted.load(Ordering::Acquire);
        (behind > crate::clock::JUMP_MS && !overlooked).then(|| {
            format!("the clock is {behind} ms behind the last event: set it right or `radslag clock accept`")
        })
    }

    /// The newest durable event of a stream.
    pub(crate) fn head(&self, stream: &StreamHash) -> Result<Option<Head>, Error> {
        if let Some(head) = read(&self.heads).get(stream) {
            return Ok(Some(head));
        }
        match self.indexed(stream) {
            Err(Error::Index(why)) => {
                tracing::warn!(log = %self.id, why, "the index is damaged: making it again from the segments");
                self.rebuild_index()?;
                self.indexed(stream)
            }
            found => found,
        }
    }

    fn indexed(&self, stream: &StreamHash) -> Result<Option<Head>, Error> {
        read(&self.index).as_ref().ok_or_else(|| Error::Index("it isn't there".into()))?.find(stream)
    }

    pub(crate) fn rebuild_index(&self) -> Result<(), Error> {
        let mut index = write(&self.index);
        *index = None;
        Index::delete(&self.index_folder)?;
        let fresh = Index::open(&self.index_folder)?;
        let (segments, known) = {
            let heads = read(&self.heads);
            (read(&self.segments).clone(), heads.sealing.clone())
        };
        index_segments(&fresh, &segments, None)?;
        *index = Some(fresh);
        // What was kept in memory because it could not be indexed would hide what is indexed after it.
        write(&self.heads).sealing.retain(|kept| !known.iter().any(|map| Arc::ptr_eq(kept, map)));
        Ok(())
    }

    pub(crate) fn check(&self) -> Result<(), Error> {
        match &*read(&self.health) {
            Health::Damaged(error) => Err(error.clone()),
            Health::Open | Health::ReadOnly(..) => Ok(()),
        }
    }

    /// Notes that something acknowledged is not readable: the log serves nothing from now on.
    pub(crate) fn condemn(&self, error: Error) -> Error {
        if matches!(error, Error::Damaged { .. }) {
            tracing::error!(log = %self.id, %error, "the log is damaged and serves nothing until it is restored");
            *write(&self.health) = Health::Damaged(error.clone());
        }
        error
    }
}

/// Opens the index; makes it again if it is damaged; takes in what was sealed since.
fn open_index(folder: &std::path::Path, segments: &[Arc<Segment>], vault: &Vault) -> Result<Index, Error> {
    let sealed = segments.last().map_or(0, |active| active.identity.first);
    let index = match Index::open(folder) {
        Ok(index) if index.covers() <= sealed => index,
        Ok(_) => remake(folder, "it knows more than the log")?,
        Err(Error::Index(why)) => remake(folder, &why)?,
        Err(error) => return Err(error),
    };
    index_segments(&index, segments, Some(vault))?;
    Ok(index)
}

fn remake(folder: &std::path::Path, why: &str) -> Result<Index, Error> {
    tracing::warn!(index = %folder.display(), why, "the index is damaged: making it again from the segments");
    Index::delete(folder)?;
    Index::open(folder)
}

fn index_segments(index: &Index, segments: &[Arc<Segment>], vault: Option<&Vault>) -> Result<(), Error> {
    for pair in segments.windows(2) {
        let end = pair[1].identity.first;
        if end > index.covers() {
            let unfinished = vault.filter(|vault| vault.complete_to() < end);
            index.add(end, &recovery::streams(&pair[0], unfinished, end)?)?;
        }
    }
    Ok(())
}

fn last_recorded(segments: &[Arc<Segment>]) -> Result<u64, Error> {
    let Some([.., before, active]) = segments.last_chunk::<2>().map(|pair| pair.as_slice()) else {
        return Ok(0);
    };
    let last = active.identity.first.saturating_sub(1);
    let frame = before.frame_of(last)?;
    let mut records = Vec::new();
    crate::record::decode_all(&frame, before.identity.origin, &mut records)
        .map_err(|position| Error::not_a_record(&before.path, position))?;
    Ok(records.last().map_or(0, |record| record.header.recorded_at))
}

impl From<Error> for AppendError {
    fn from(error: Error) -> Self {
        Self::Log(error)
    }
}

pub(crate) fn read<T>(lock: &RwLock<T>) -> RwLockReadGuard<'_, T> {
    lock.read().unwrap_or_else(PoisonError::into_inner)
}

pub(crate) fn write<T>(lock: &RwLock<T>) -> RwLockWriteGuard<'_, T> {
    lock.write().unwrap_or_else(PoisonError::into_inner)
}

pub(crate) fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
