//! What the writer has taken in for one log and not yet handed over to be written: frames, keys, versions, replies.
//! Two requests of one batch see each other's versions.

use std::{collections::VecDeque, sync::Arc};

use prost::encoding::{WireType, encode_key, encode_varint};
use radslag_kernel::KeyRef;
use radslag_vault::slot::Slot;
use rand::Rng as _;
use tokio::sync::oneshot;

use crate::{
    Append, AppendError, Appended, Error, NewEvent,
    commit::RETRY,
    frame::{self, Builder, Seed},
    heads::{Head, HeadMap, StreamHash},
    log::{Health, Shared, read, write},
    record::BLIND,
    segment::Segment,
};

/// An append is refused if it was decided longer ago than this.
const STALE_MS: u64 = 5_000;
/// A batch takes no more requests once it has so many bytes.
const BATCH: usize = 8 << 20;

pub(crate) type Reply = oneshot::Sender<Result<Appended, AppendError>>;

/// The writer's view of one log.
pub(crate) struct Stage {
    /// Position of the next event.
    pub(crate) next: u64,
    /// The segment being written, and where in it.
    pub(crate) active: Arc<Segment>,
    pub(crate) offset: u64,
    pub(crate) allocated: u64,
    /// What is being written, for its versions.
    pub(crate) in_flight: Option<Arc<HeadMap>>,
    pub(crate) batch: Batch,
    /// Refused for what is in flight: told when that is durable, so that trying again sees it.
    refused: Vec<(Reply, AppendError)>,
    /// Requests that came while the batch was full.
    waiting: VecDeque<(Append, Reply)>,
    header: Vec<u8>,
    private: Vec<u8>,
}

/// What is written and synced together.
#[derive(Default)]
pub(crate) struct Batch {
    pub(crate) bytes: Vec<u8>,
    pub(crate) first: u64,
    pub(crate) end: u64,
    pub(crate) recorded_at: u64,
    pub(crate) heads: Arc<HeadMap>,
    pub(crate) slots: Vec<(KeyRef, Slot)>,
    /// Position and keys of each erasure.
    pub(crate) erasures: Vec<(u64, Vec<KeyRef>)>,
    pub(crate) replies: Vec<(Reply, Appended)>,
    /// Refused for something in this batch.
    refused: Vec<(Reply, AppendError)>,
    /// First position and offset in the batch of each frame.
    pub(crate) frames: Vec<(u64, usize)>,
}

impl Stage {
    pub(crate) fn new(next: u64, offset: u64, allocated: u64, active: Arc<Segment>) -> Self {
        Self {
            next,
            active,
            offset,
            allocated,
            in_flight: None,
            batch: Batch { first: next, end: next, ..Batch::default() },
            refused: Vec::new(),
            waiting: VecDeque::new(),
            header: Vec::new(),
            private: Vec::new(),
        }
    }

    /// Takes a request in, answers it at once if it is refused, keeps it back if the batch is full.
    pub(crate) fn take(&mut self, log: &Shared, append: Append, reply: Reply) {
        if self.batch.bytes.len() >= BATCH {
            self.waiting.push_back((append, reply));
            return;
        }
        match self.stage(log, append) {
            Ok(appended) => self.batch.replies.push((reply, appended)),
            Err(refused) => self.refuse(reply, refused),
        }
    }

    /// A conflict may be with something that isn't durable yet: then it is told together with that.
    fn refuse(&mut self, reply: Reply, refused: AppendError) {
        if !matches!(refused, AppendError::Conflict { .. }) {
            drop(reply.send(Err(refused)));
        } else if !self.batch.replies.is_empty() {
            self.batch.refused.push((reply, refused));
        } else if self.in_flight.is_some() {
            self.refused.push((reply, refused));
        } else {
            drop(reply.send(Err(refused)));
        }
    }

    /// What was in flight is durable, or failed: who was refused for it is told.
    pub(crate) fn landed(&mut self) {
        self.in_flight = None;
        for (reply, refused) in self.refused.drain(..) {
            drop(reply.send(Err(refused)));
        }
    }

    /// The batch, to be written; requests that were kept back are taken in for the next.
    pub(crate) fn dispatch(&mut self, log: &Shared) -> Option<Batch> {
        if self.in_flight.is_some() || self.batch.replies.is_empty() {
            return None;
        }
        let mut batch = std::mem::take(&mut self.batch);
        (self.batch.first, self.batch.end) = (self.next, self.next);
        self.refused = std::mem::take(&mut batch.refused);
        self.in_flight = Some(batch.heads.clone());
        while self.batch.bytes.len() < BATCH {
            let Some((append, reply)) = self.waiting.pop_front() else { break };
            self.take(log, append, reply);
        }
        Some(batch)
    }

    /// Nothing in flight or staged was written: everybody is told, and versions are as they were.
    pub(crate) fn fail(&mut self, next: u64, reason: &AppendError) {
        self.clear(next, reason);
        self.landed();
    }

    /// Nothing that is staged will be written; what is in flight still is.
    pub(crate) fn clear(&mut self, next: u64, reason: &AppendError) {
        let batch = std::mem::take(&mut self.batch);
        let waiting = self.waiting.drain(..).map(|(_, reply)| reply);
        let refused = batch.refused.into_iter().map(|(reply, _)| reply);
        for reply in batch.replies.into_iter().map(|(reply, _)| reply).chain(waiting).chain(refused) {
            drop(reply.send(Err(reason.clone())));
        }
        self.next = next;
        (self.batch.first, self.batch.end) = (next, next);
    }

    fn stage(&mut self, log: &Shared, append: Append) -> Result<Appended, AppendError> {
        if self.batch.replies.is_empty() {
            ready(log)?;
        }
        for guard in &append.guards {
            let head = self.head(log, &StreamHash::of(&guard.stream))?;
            expect(head.map_or(0, |head| head.version), guard.expected)?;
        }
        let streams = self.check(log, &append.writes)?;
        let now = log.now().millis().max(self.batch.recorded_at);
        let events = append.writes.iter().flat_map(|write| &write.events);
        let oldest = events.map(|event| event.decided_at.millis()).min().unwrap_or(now);
        if now.saturating_sub(oldest) > STALE_MS {
            return Err(AppendError::Stale(now - oldest));
        }
        let slots = append.keys.iter().map(|key| log.vault.slot(key)).collect::<Result<Vec<_>, _>>();
        let slots = slots.map_err(|error| AppendError::Log(error.into()))?;
        let start = self.batch.bytes.len();
        let appended = self.frame(log, append.writes, &streams, now).inspect_err(|_| {
            self.batch.bytes.truncate(start);
        })?;
        self.batch.frames.push((appended.first, start));
        self.batch.slots.extend(slots);
        append.keys.into_iter().for_each(|key| log.vault.keep(key));
        Ok(appended)
    }

    /// Where each write's stream stands; a stream written twice is at what its first write leaves.
    fn check(
        &self,
        log: &Shared,
        writes: &[crate::Write],
    ) -> Result<Vec<(StreamHash, Option<Head>)>, AppendError> {
        let mut streams: Vec<(StreamHash, Option<Head>)> = Vec::with_capacity(writes.len());
        for (at, write) in writes.iter().enumerate() {
            let hash = StreamHash::of(&write.stream);
            let head = self.head(log, &hash)?;
            let earlier = streams.iter().zip(writes).take(at).filter(|((other, _), _)| *other == hash);
            let written: u64 = earlier.map(|(_, write)| write.events.len() as u64).sum();
            expect(head.map_or(0, |head| head.version) + written, write.expected)?;
            streams.push((hash, head));
        }
        Ok(streams)
    }

    /// Writes the frame into the batch. On an error nothing but the bytes has changed.
    fn frame(
        &mut self,
        log: &Shared,
        writes: Vec<crate::Write>,
        streams: &[(StreamHash, Option<Head>)],
        now: u64,
    ) -> Result<Appended, AppendError> {
        let start = self.batch.bytes.len();
        let (mut leaves, mut erasures) = (Vec::new(), Vec::new());
        let mut heads: Vec<(StreamHash, Head)> = Vec::with_capacity(streams.len());
        let mut position = self.next;
        let durable = *log.watermark.borrow();
        let mut frame = Builder::new(&mut self.batch.bytes, position, durable);
        for (write, (hash, head)) in writes.into_iter().zip(streams) {
            let mut head =
                heads.iter().rev().find(|(other, _)| other == hash).map_or(*head, |(_, head)| Some(*head));
            for mut event in write.events {
                let version = head.map_or(0, |head| head.version) + 1;
                let erased = std::mem::take(&mut event.erased);
                let place = Place { stream: &write.stream, position, now, version, previous: head };
                encode(&event, &place, &mut self.header, &mut self.private)?;
                leaves.push(frame.event(&self.header, &event.public, &self.private));
                if !erased.is_empty() {
                    erasures.push((position, erased));
                }
                head = Some(Head { position, version });
                position += 1;
            }
            heads.extend(head.map(|head| (*hash, head)));
        }
        frame.end(Seed::new(log.id, log.origin));
        limit("the append", self.batch.bytes.len() - start, frame::MAX)?;
        let first = std::mem::replace(&mut self.next, position);
        self.batch.end = position;
        self.batch.recorded_at = now;
        // Shared only once the batch is handed over, when a new map is begun.
        Arc::make_mut(&mut self.batch.heads).extend(heads);
        self.batch.erasures.extend(erasures);
        let recorded_at = radslag_kernel::Instant::from_millis(now);
        Ok(Appended { first, end: position, origin: log.origin, recorded_at, leaves })
    }

    fn head(&self, log: &Shared, stream: &StreamHash) -> Result<Option<Head>, AppendError> {
        let staged = self.batch.heads.get(stream);
        let known = staged.or_else(|| self.in_flight.as_ref().and_then(|heads| heads.get(stream)));
        known.map_or_else(|| log.head(stream).map_err(|error| unknown(log, error)), |head| Ok(Some(*head)))
    }
}

/// Without an index nobody knows a stream's version; where it can't be made again (the disk is full, say), that is tried
/// no more often than the disk is.
fn unknown(log: &Shared, error: Error) -> AppendError {
    let Error::Index(why) = error else { return AppendError::Log(error) };
    let reason = format!("the index can't be made again ({why}); it is tried again every second");
    *write(&log.health) = Health::ReadOnly(reason.clone(), std::time::Instant::now() + RETRY);
    AppendError::ReadOnly(reason)
}

/// Whether the log takes anything now.
fn ready(log: &Shared) -> Result<(), AppendError> {
    if let Some(reason) = log.trouble() {
        return Err(AppendError::ReadOnly(reason));
    }
    let health = read(&log.health).clone();
    match health {
        Health::Open => Ok(()),
        Health::Damaged(error) => Err(AppendError::Log(error)),
        Health::ReadOnly(reason, until) if std::time::Instant::now() < until => {
            Err(AppendError::ReadOnly(reason))
        }
        Health::ReadOnly(..) => {
            *write(&log.health) = Health::Open;
            Ok(())
        }
    }
}

fn expect(actual: u64, expected: u64) -> Result<(), AppendError> {
    if actual == expected { Ok(()) } else { Err(AppendError::Conflict { expected, actual }) }
}

fn limit(what: &'static str, size: usize, limit: usize) -> Result<(), AppendError> {
    if size <= limit { Ok(()) } else { Err(AppendError::TooLarge { what, size, limit }) }
}

/// What only the writer knows of an event.
pub(crate) struct Place<'a> {
    pub(crate) stream: &'a str,
    pub(crate) position: u64,
    pub(crate) now: u64,
    pub(crate) version: u64,
    pub(crate) previous: Option<Head>,
}

/// `header` becomes the whole header, `private` the whole private part: protobuf fields stand in any order.
pub(crate) fn encode(
    event: &NewEvent,
    place: &Place<'_>,
    header: &mut Vec<u8>,
    private: &mut Vec<u8>,
) -> Result<(), AppendError> {
    header.clear();
    encode_key(1, WireType::Varint, header);
    encode_varint(place.position, header);
    encode_key(8, WireType::Varint, header);
    encode_varint(place.now, header);
    header.extend_from_slice(&event.header);
    limit("an event's public part", frame::entry_size(header.len(), event.public.len()), frame::MAX_ENTRY)?;
    private.clear();
    private.resize(BLIND, 0);
    rand::rng().fill_bytes(private);
    encode_key(1, WireType::LengthDelimited, private);
    encode_varint(place.stream.len() as u64, private);
    private.extend_from_slice(place.stream.as_bytes());
    encode_key(2, WireType::Varint, private);
    encode_varint(place.version, private);
    if let Some(previous) = place.previous {
        encode_key(3, WireType::Varint, private);
        encode_varint(previous.position, private);
    }
    private.extend_from_slice(&event.private);
    limit("an event's private part", private.len(), frame::MAX_PRIVATE)
}
