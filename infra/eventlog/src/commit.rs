//! Makes a batch durable: frames and keys are written and synced side by side; whoever finishes last answers.
//!
//! A disk that is full costs nothing: nothing was acknowledged, the bytes are zeroed, the log is read-only for a second.
//! A sync that fails ends the process: what the page cache shows after it can't be trusted.

use std::{
    path::Path,
    sync::{
        Arc, Mutex,
        atomic::{AtomicU8, Ordering},
        mpsc,
    },
    time::{Duration, Instant as Monotonic},
};

use crate::{
    AppendError, Error,
    crash::{self, Point},
    heads::HeadMap,
    log::{Health, Shared, lock, read, write},
    segment::{HEADER, Identity, Segment},
    stage::Batch,
};

/// A full disk is tried again after this.
pub(crate) const RETRY: Duration = Duration::from_secs(1);

/// A segment grows by so many bytes at most, since the growing happens while somebody waits.
const STEP: u64 = 8 << 20;

/// One half of a commit, for the pool.
pub(crate) enum Half {
    Frames,
    Keys,
}

pub(crate) struct Commit {
    log: Arc<Shared>,
    batch: Mutex<Batch>,
    /// Where the frames go; a new segment is made where they don't fit.
    place: Mutex<Place>,
    halves: u8,
    remaining: AtomicU8,
    failed: Mutex<Option<Error>>,
    pool: Pool,
    index: mpsc::Sender<Sealed>,
}

#[derive(Clone)]
struct Place {
    segment: Arc<Segment>,
    offset: u64,
    allocated: u64,
    sealed: bool,
}

/// A sealed segment's streams, on their way into the index.
pub(crate) struct Sealed {
    pub(crate) log: Arc<Shared>,
    pub(crate) end: u64,
    pub(crate) streams: Arc<HeadMap>,
}

/// Where commits are handed to be done.
pub(crate) type Pool = mpsc::Sender<(Arc<Commit>, Half)>;

/// Takes what is staged of a log and hands it to the pool; with nobody else about, its frames are done here.
pub(crate) fn dispatch(log: &Arc<Shared>, pool: &Pool, index: &mpsc::Sender<Sealed>, alone: bool) {
    let Some(commit) = Commit::next(log, pool, index) else { return };
    if commit.halves == 2 {
        // The pool ends only after the writer; a send that fails means the process is ending.
        let _ = pool.send((commit.clone(), Half::Keys));
    }
    if alone {
        commit.run(&Half::Frames);
    } else {
        let _ = pool.send((commit, Half::Frames));
    }
}

impl Commit {
    fn next(log: &Arc<Shared>, pool: &Pool, index: &mpsc::Sender<Sealed>) -> Option<Arc<Self>> {
        let mut stage = lock(&log.stage);
        let batch = stage.dispatch(log)?;
        let place = Place {
            segment: stage.active.clone(),
            offset: stage.offset,
            allocated: stage.allocated,
            sealed: false,
        };
        drop(stage);
        let halves = if batch.slots.is_empty() { 1 } else { 2 };
        Some(Arc::new(Self {
            log: log.clone(),
            batch: Mutex::new(batch),
            place: Mutex::new(place),
            halves,
            remaining: AtomicU8::new(halves),
            failed: Mutex::default(),
            pool: pool.clone(),
            index: index.clone(),
        }))
    }

    /// Does one half; the second to finish hands the next batch over and answers.
    pub(crate) fn run(self: &Arc<Self>, half: &Half) {
        let done = match half {
            Half::Frames => self.frames(),
            Half::Keys => self.keys(),
        };
        if let Err(error) = done {
            if !error.is_full() {
                die(&error);
            }
            lock(&self.failed).get_or_insert(error);
        }
        if self.remaining.fetch_sub(1, Ordering::AcqRel) == 1 {
            let failed = lock(&self.failed).take();
            match failed {
                None => self.succeed(),
                Some(error) => self.fail(&error),
            }
        }
    }

    fn keys(&self) -> Result<(), Error> {
        let mut slots = std::mem::take(&mut lock(&self.batch).slots);
        self.log.vault.write(&mut slots)?;
        crash::point(Point::KeysWritten);
        self.log.vault.sync()?;
        crash::point(Point::KeysSynced);
        Ok(())
    }

    fn frames(&self) -> Result<(), Error> {
        let (bytes, first) = {
            let mut batch = lock(&self.batch);
            (std::mem::take(&mut batch.bytes), batch.first)
        };
        let mut place = lock(&self.place).clone();
        let most = self.log.segment_bytes;
        let written = bytes.len() as u64;
        if place.offset + written > most && place.offset > HEADER {
            let identity = Identity { log: self.log.id, origin: self.log.origin, first };
            let folder = self.log.folder.join("segments");
            let made = Segment::create(&*self.log.disk, &folder, identity);
            let segment = match made {
                Err(error) if error.is_full() => {
                    discard(&self.log, &folder.join(Segment::name(first)))?;
                    return Err(error);
                }
                made => Arc::new(made?),
            };
            crash::point(Point::SegmentMade);
            let allocated = segment.allocated()?;
            place = Place { segment, offset: HEADER, allocated, sealed: true };
            *lock(&self.place) = place.clone();
        }
        let end = place.offset + written;
        if end > place.allocated {
            let to = (place.allocated * 2).min(place.allocated + STEP).clamp(end, most.max(end));
            let grown = place.segment.file.grow(place.allocated, to);
            grown.map_err(Error::io("growing", &place.segment.path))?;
            lock(&self.place).allocated = to;
            crash::point(Point::Grown);
        }
        place
            .segment
            .file
            .write_at(&bytes, place.offset)
            .map_err(Error::io("writing", &place.segment.path))?;
        crash::point(Point::FramesWritten);
        let synced = place.segment.file.sync();
        lock(&self.batch).bytes = bytes;
        synced.map_err(Error::io("syncing", &place.segment.path))?;
        crash::point(Point::FramesSynced);
        Ok(())
    }

    fn succeed(self: &Arc<Self>) {
        let batch = std::mem::take(&mut *lock(&self.batch));
        match self.destroy(&batch) {
            Ok(()) => self.answer(batch),
            Err(error) => self.put_off(batch, &error),
        }
    }

    /// Destroys the keys that the batch's events name.
    fn destroy(&self, batch: &Batch) -> Result<(), Error> {
        for (position, keys) in &batch.erasures {
            crash::point(Point::EventOfErasure);
            self.log.vault.erase(keys, *position, batch.recorded_at)?;
            crash::point(Point::Erased);
        }
        Ok(())
    }

    /// The event of an erasure is durable, so it can't be refused any more: it is answered when ledger and slots are durable
    /// too, by a thread of its own. What comes meanwhile is refused.
    fn put_off(self: &Arc<Self>, batch: Batch, error: &Error) {
        if !error.is_full() {
            die(error);
        }
        let refused = AppendError::ReadOnly(self.full(error, 2 * RETRY));
        lock(&self.log.stage).clear(batch.end, &refused);
        let this = self.clone();
        let later = move || {
            loop {
                std::thread::sleep(RETRY);
                match this.destroy(&batch) {
                    Ok(()) => return this.answer(batch),
                    Err(error) if error.is_full() => drop(this.full(&error, 2 * RETRY)),
                    Err(error) => die(&error),
                }
            }
        };
        if let Err(source) = std::thread::Builder::new().name("log-erasure".into()).spawn(later) {
            die(&Error::io("waiting for room on", &self.log.folder)(source));
        }
    }

    fn answer(&self, batch: Batch) {
        let log = &self.log;
        let place = lock(&self.place).clone();
        for (first, at) in &batch.frames {
            place.segment.note(*first, place.offset + *at as u64);
        }
        {
            let mut stage = lock(&log.stage);
            stage.offset = place.offset + batch.bytes.len() as u64;
            stage.allocated = place.allocated;
            stage.active = place.segment.clone();
        }
        log.recorded_at.store(batch.recorded_at, Ordering::Release);
        crash::point(Point::Durable);
        if let Err(source) = log.ack.write(batch.end) {
            die(&Error::io("writing", log.folder.join("ACK"))(source));
        }
        crash::point(Point::Acknowledged);
        self.publish(&batch, &place);
        if let Some(proofs) = &log.proofs {
            proofs.take(log, batch.replies.iter().flat_map(|(_, appended)| &appended.leaves));
        }
        lock(&log.stage).landed();
        dispatch(log, &self.pool, &self.index, false);
        for (reply, appended) in batch.replies {
            drop(reply.send(Ok(appended)));
        }
    }

    /// Shows readers the streams and the watermark as one: who sees an event in its stream sees it at its position.
    fn publish(&self, batch: &Batch, place: &Place) {
        let mut heads = write(&self.log.heads);
        if place.sealed {
            let streams = Arc::new(std::mem::take(&mut heads.active));
            heads.sealing.push(streams.clone());
            write(&self.log.segments).push(place.segment.clone());
            let _ = self.index.send(Sealed { log: self.log.clone(), end: batch.first, streams });
        }
        heads.active.extend(batch.heads.iter().map(|(stream, head)| (*stream, *head)));
        self.log.watermark.send_replace(batch.end);
        drop(heads);
    }

    /// Says that the log is read-only, and why.
    fn full(&self, error: &Error, retry: Duration) -> String {
        let reason = format!("the disk is full ({error}); it is tried again every second");
        tracing::error!(log = %self.log.id, reason, "read-only");
        *write(&self.log.health) = Health::ReadOnly(reason.clone(), Monotonic::now() + retry);
        reason
    }

    fn fail(&self, error: &Error) {
        let batch = std::mem::take(&mut *lock(&self.batch));
        let place = lock(&self.place).clone();
        let undone = if place.sealed { discard(&self.log, &place.segment.path) } else { undo(&place) };
        if let Err(error) = undone {
            die(&error);
        }
        let refused = AppendError::ReadOnly(self.full(error, RETRY));
        for (reply, _) in batch.replies {
            drop(reply.send(Err(refused.clone())));
        }
        lock(&self.log.stage).fail(batch.first, &refused);
    }
}

/// Removes a segment that was begun for what failed: what comes next may fit into the one before, and would then stand
/// where this one says it begins.
fn discard(log: &Shared, path: &Path) -> Result<(), Error> {
    log.disk.remove(path).map_err(Error::io("removing", path))?;
    let folder = path.parent().unwrap_or(path);
    log.disk.sync_folder(folder).map_err(Error::io("syncing", folder))
}

/// Zeros what a failed write may have left, so that nothing appears later that nobody was promised.
fn undo(place: &Place) -> Result<(), Error> {
    let length = place.segment.allocated()?;
    let mut at = place.offset;
    while at < length {
        let part = place.segment.window(at, 1 << 20)?;
        if part.iter().any(|byte| *byte != 0) {
            let zeroed = place.segment.file.write_at(&vec![0; part.len()], at);
            zeroed.map_err(Error::io("cutting", &place.segment.path))?;
        }
        at += part.len().max(1) as u64;
    }
    place.segment.file.sync().map_err(Error::io("syncing", &place.segment.path))
}

/// Takes sealed segments into the index, one after the other.
pub(crate) fn index(sealed: &Sealed) {
    let Sealed { log, end, streams } = sealed;
    crash::point(Point::Rotated);
    // Every erasure below a sealed segment's end was finished before the next one was begun.
    let complete = log.vault.complete(*end, log.recorded_at.load(Ordering::Acquire)).map_err(Error::from);
    match complete {
        Err(error) if !error.is_full() => die(&error),
        Err(error) => {
            tracing::warn!(log = %log.id, %error, "the ledger is full: the next segment's end says it too")
        }
        Ok(()) => {}
    }
    let added = match &*read(&log.index) {
        Some(index) if index.covers() < *end => index.add(*end, streams),
        Some(_) => Ok(()),
        None => Err(Error::Index("it isn't there".into())),
    };
    let settled = added.or_else(|error| {
        tracing::warn!(log = %log.id, %error, "the index is damaged: making it again from the segments");
        log.rebuild_index()
    });
    match settled {
        Ok(()) => write(&log.heads).sealing.retain(|kept| !Arc::ptr_eq(kept, streams)),
        Err(error) => {
            tracing::error!(log = %log.id, %error, "the index stays behind; the log goes on from memory")
        }
    }
}

/// Ends the process: acknowledged data can only be told from lost data by starting again.
pub(crate) fn die(error: &Error) -> ! {
    let source = std::error::Error::source(error).map(ToString::to_string).unwrap_or_default();
    tracing::error!(%error, source, "the disk failed: the process ends, nothing unacknowledged is kept");
    std::process::abort()
}
