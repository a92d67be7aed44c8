//! A log's Merkle tree and the checkpoints that sign it.
//!
//! The tree follows the log by at most a second: appends only hand their leaf hashes over, one thread a process writes
//! them down and signs. A checkpoint speaks only of what is durable, and is itself durable before anybody sees it. The
//! hashes are derived: missing or damaged ones are made again from the segments. The checkpoints are ground state: a log
//! that is shorter than its newest one, or has another root, is not opened.

pub(crate) mod checkpoints;
mod nodes;
mod serve;

use std::{
    path::PathBuf,
    sync::{
        Arc, Mutex, Weak,
        atomic::{AtomicBool, Ordering},
        mpsc,
    },
    thread,
    time::{Duration, Instant},
};

use radslag_evidence::{Checkpoint, Hash, Note, SigningKey, Tree, VerifierKey, proof};
use radslag_vault::Disk;
use tokio::sync::watch;
use zeroize::Zeroizing;

use crate::{
    Error, Log,
    commit::die,
    crash::{self, Point},
    log::{Shared, lock, read},
    read::{Walk, segment_of},
    segment::Segment,
};
use checkpoints::Checkpoints;
pub(crate) use checkpoints::{newest_origin, readable};
use nodes::Kept;

/// A log signs at most one checkpoint in so long, and what is new is signed by then.
const EVERY: Duration = Duration::from_secs(1);
/// Leaves hashed from the segments at once.
const CHUNK: usize = 1 << 16;

/// Where a log's tree is, and who signs it.
#[derive(Clone)]
pub struct Signing {
    /// The tree's hashes: derived, may be deleted at any time.
    pub folder: PathBuf,
    /// `<installation>/<tenant>/<service>`; the origin line has the origin number after it. A log that was signed under
    /// another name keeps that one.
    pub name: String,
    /// Seeds of the Ed25519 keys that sign, oldest first: more than one while one takes over from another.
    pub seeds: Vec<Zeroizing<[u8; 32]>>,
}

/// A checkpoint, and as it was signed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Signed {
    /// What it says.
    pub checkpoint: Checkpoint,
    /// The note.
    pub note: Note,
}

/// The tree of an open log.
pub(crate) struct Proofs {
    origin: String,
    keys: Vec<SigningKey>,
    kept: Kept,
    /// Leaves that are durable in the log and not yet in the tree.
    fresh: Mutex<Fresh>,
    /// Whether the notary knows that there are some.
    waits: AtomicBool,
    writing: Mutex<Writing>,
    newest: watch::Sender<Option<Arc<Signed>>>,
}

#[derive(Default)]
struct Fresh {
    first: u64,
    leaves: Vec<Hash>,
}

impl Fresh {
    fn take(&mut self) -> Self {
        let first = self.first + self.leaves.len() as u64;
        std::mem::replace(self, Self { first, leaves: Vec::new() })
    }
}

struct Writing {
    tree: Tree,
    file: Checkpoints,
}

/// What opening needs of the log.
pub(crate) struct Found<'a> {
    pub(crate) disk: &'a dyn Disk,
    pub(crate) segments: &'a [Arc<Segment>],
    pub(crate) end: u64,
}

/// A checkpoint file that is read before the segments are: how many events it vouches for.
pub(crate) struct Opened {
    file: Checkpoints,
    keys: Vec<SigningKey>,
    folder: PathBuf,
    origin: String,
}

impl Opened {
    /// Reads the newest checkpoint.
    ///
    /// # Errors
    /// `Damaged` if it isn't signed by the log's keys; `Io`.
    pub(crate) fn new(
        disk: &dyn Disk,
        folder: &std::path::Path,
        origin: u32,
        signing: Signing,
    ) -> Result<Self, Error> {
        let name = checkpoints::name(disk, folder, origin)?;
        let line = name.unwrap_or_else(|| format!("{}/{origin}", signing.name));
        let named = |seed| SigningKey::new(&line, seed);
        let keys = signing.seeds.iter().map(named).collect::<Result<Vec<_>, _>>();
        let keys = keys.map_err(|error| Error::damaged(folder, 0, error.to_string()))?;
        let file = Checkpoints::open(disk, folder, origin, &line, &keys)?;
        Ok(Self { file, keys, folder: signing.folder, origin: line })
    }

    /// How many events it vouches for.
    pub(crate) fn size(&self) -> u64 {
        self.file.newest().map_or(0, |signed| signed.checkpoint.size)
    }
}

impl Proofs {
    /// Restores the tree, from its hashes where they are what was signed and from the segments where not.
    ///
    /// # Errors
    /// `Damaged` if the log has another root than was signed; `Io`. One that is shorter wasn't opened this far.
    pub(crate) fn open(opened: Opened, found: &Found<'_>) -> Result<Self, Error> {
        let Opened { file, keys, folder, origin } = opened;
        let kept = Kept::open(found.disk, &folder)?;
        let newest = file.newest().cloned();
        let signed = newest.as_deref().map(|signed| (signed.checkpoint.size, signed.checkpoint.root));
        let mut tree = restore(&kept, &file, signed, found)?;
        grow(&kept, &mut tree, found.segments, found.end)?;
        let fresh = Fresh { first: found.end, leaves: Vec::new() };
        Ok(Self {
            origin,
            keys,
            kept,
            fresh: Mutex::new(fresh),
            waits: AtomicBool::new(false),
            writing: Mutex::new(Writing { tree, file }),
            newest: watch::Sender::new(newest),
        })
    }

    /// Whether there is something that no checkpoint covers.
    pub(crate) fn is_behind(&self) -> bool {
        let signed = self.newest.borrow().as_ref().map_or(0, |signed| signed.checkpoint.size);
        signed < lock(&self.writing).tree.size()
    }

    /// Takes the leaves of what was just made durable.
    pub(crate) fn take<'a>(&self, log: &Arc<Shared>, leaves: impl Iterator<Item = &'a Hash>) {
        lock(&self.fresh).leaves.extend(leaves);
        if !self.waits.swap(true, Ordering::AcqRel) {
            log.writer.notary(log);
        }
    }

    /// Writes down what is new and signs it. Whatever goes wrong, the next time begins where the tree is.
    fn sign(&self, log: &Shared) -> Result<Option<Arc<Signed>>, Error> {
        let mut writing = lock(&self.writing);
        self.waits.store(false, Ordering::Release);
        let Fresh { first, leaves } = lock(&self.fresh).take();
        let Writing { tree, file } = &mut *writing;
        let before = self.newest.borrow().clone();
        // After a failure: what was handed over then is lost, and read again.
        grow(&self.kept, tree, &read(&log.segments).clone(), first)?;
        self.kept.append(tree, &leaves)?;
        if before.as_ref().is_some_and(|before| before.checkpoint.size == tree.size()) || tree.size() == 0 {
            return Ok(before);
        }
        crash::point(Point::TreeWritten);
        self.kept.sync()?;
        crash::point(Point::TreeSynced);
        let checkpoint = Checkpoint::new(self.origin.clone(), tree.size(), tree.root());
        let keys: Vec<&SigningKey> = self.keys.iter().collect();
        let note = checkpoint.sign(&keys);
        let note = note.map_err(|error| Error::damaged(file.path(), 0, error.to_string()))?;
        let signed = Arc::new(Signed { checkpoint, note });
        file.append(&signed)?;
        self.newest.send_replace(Some(signed.clone()));
        Ok(Some(signed))
    }

    /// Makes the hashes again from the segments, after one was found that isn't the tree's.
    fn remake(&self, log: &Shared) -> Result<(), Error> {
        let Writing { tree: right, file } = &*lock(&self.writing);
        tracing::warn!(log = %log.id, tree = %self.kept.folder().display(), "a hash of the tree is wrong: making it again");
        let mut tree = Tree::default();
        grow(&self.kept, &mut tree, &read(&log.segments).clone(), right.size())
            .map_err(|error| log.condemn(error))?;
        if tree.root() != right.root() {
            let why = "its root is not the root of the log's events: the log was changed";
            return Err(log.condemn(Error::damaged(file.path(), 0, why)));
        }
        self.kept.sync()
    }
}

/// The tree of the newest checkpoint.
fn restore(
    kept: &Kept,
    file: &Checkpoints,
    signed: Option<(u64, Hash)>,
    found: &Found<'_>,
) -> Result<Tree, Error> {
    let (size, root) = signed.unwrap_or((0, radslag_evidence::tree::empty()));
    if kept.holds(size)? && proof::root(kept, size)? == root {
        return Tree::of(kept, size);
    }
    tracing::warn!(tree = %kept.folder().display(), size, "the tree is not what was signed: making it again from the log");
    let mut tree = Tree::default();
    grow(kept, &mut tree, found.segments, size)?;
    if tree.root() == root {
        return Ok(tree);
    }
    let (from, to) = changed(kept, file, size)?;
    let why = format!(
        "its root over {size} events is not the root of the log's first {size}: the log was changed between positions \
         {from} and {to}; restore it, or `radslag log accept-loss`"
    );
    Err(Error::damaged(file.path(), 0, why))
}

/// Between which two checkpoints the log became another: it has the root of the one and not of the next.
fn changed(kept: &Kept, file: &Checkpoints, size: u64) -> Result<(u64, u64), Error> {
    let mut to = size;
    for Signed { checkpoint, .. } in
        file.older()?.into_iter().rev().filter(|older| older.checkpoint.size < size)
    {
        if proof::root(kept, checkpoint.size)? == checkpoint.root {
            return Ok((checkpoint.size, to));
        }
        to = checkpoint.size;
    }
    Ok((0, to))
}

/// Adds what the segments have up to a position.
fn grow(kept: &Kept, tree: &mut Tree, segments: &[Arc<Segment>], end: u64) -> Result<(), Error> {
    let mut walk = Walk::default();
    let mut leaves = Vec::new();
    while tree.size() + (leaves.len() as u64) < end {
        let next = tree.size() + leaves.len() as u64;
        let segment = segment_of(segments, next)?;
        let frame = walk.frame(&segment, next)?;
        let events = frame.events().filter(|stored| (next..end).contains(&stored.position));
        leaves.extend(events.map(|stored| stored.leaf()));
        if leaves.len() >= CHUNK {
            kept.append(tree, &leaves)?;
            leaves.clear();
        }
    }
    kept.append(tree, &leaves)
}

/// One thread a process signs for all logs: what came is signed at once, and then once a second.
pub(crate) fn notary(logs: &mpsc::Receiver<Weak<Shared>>) {
    let mut again: Vec<Weak<Shared>> = Vec::new();
    loop {
        if again.is_empty() {
            let Ok(log) = logs.recv() else { return };
            again.push(log);
        }
        let began = Instant::now();
        let due: Vec<_> = again.drain(..).chain(logs.try_iter()).collect();
        for log in due.into_iter().filter_map(|log| log.upgrade()) {
            if let Err(error) = log.sign() {
                tracing::error!(log = %log.id, %error, "no checkpoint: it is tried again every second");
                again.push(Arc::downgrade(&log));
            }
        }
        thread::sleep(EVERY.saturating_sub(began.elapsed()));
    }
}

impl Shared {
    /// Signs what is new. A disk that fails ends the process, as in a commit; one that is full doesn't.
    fn sign(&self) -> Result<Option<Arc<Signed>>, Error> {
        let Some(proofs) = &self.proofs else { return Ok(None) };
        proofs.sign(self).inspect_err(|error| {
            if matches!(error, Error::Io { .. }) && !error.is_full() {
                die(error);
            }
        })
    }
}

impl Log {
    /// The newest checkpoint; `None` before the first, and of a log without a tree.
    #[must_use]
    pub fn checkpoint(&self) -> Option<Arc<Signed>> {
        self.0.proofs.as_ref().and_then(|proofs| proofs.newest.borrow().clone())
    }

    /// Follows the newest checkpoint; `None` of a log without a tree.
    #[must_use]
    pub fn checkpoints(&self) -> Option<watch::Receiver<Option<Arc<Signed>>>> {
        self.0.proofs.as_ref().map(|proofs| proofs.newest.subscribe())
    }

    /// Signs what is new now, without waiting for the next second; gives the newest checkpoint.
    ///
    /// # Errors
    /// `Io` if the disk is full; `Damaged`.
    pub fn sign_checkpoint(&self) -> Result<Option<Arc<Signed>>, Error> {
        self.0.sign()
    }

    /// What its checkpoints are checked with, oldest first.
    #[must_use]
    pub fn verifiers(&self) -> Vec<VerifierKey> {
        self.0.proofs.as_ref().map_or_else(Vec::new, |proofs| lock(&proofs.writing).file.verifiers().to_vec())
    }
}
