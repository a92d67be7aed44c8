//! Reading: a stream, all events from a position, and following what comes.

use std::{sync::Arc, time::Duration};

use bytes::Bytes;
use tokio::{
    sync::watch,
    time::{Instant, sleep_until},
};

use crate::{
    Error, Log, Record,
    frame::Frame,
    heads::StreamHash,
    log::{Shared, read},
    record,
    segment::Segment,
};

/// Bytes read at once when events are read in order.
const WINDOW: usize = 1 << 20;
/// How long a follower rests after a batch: the least, for each of its events, and at most. Under load it then takes many
/// at once, for each batch costs a read and a transaction; an event after a pause is taken at once.
const REST: Duration = Duration::from_millis(2);
const REST_EACH: Duration = Duration::from_micros(250);
const REST_MAX: Duration = Duration::from_millis(10);

/// A frame and where it stands.
struct Found {
    segment: Arc<Segment>,
    frame: Frame,
}

impl Found {
    fn holds(&self, position: u64) -> bool {
        let first = self.frame.head.first;
        (first..first + u64::from(self.frame.head.count)).contains(&position)
    }
}

impl Log {
    /// All events of a stream, oldest first; empty if it doesn't exist.
    ///
    /// # Errors
    /// `Damaged` with file and offset; `Index`.
    pub fn read_stream(&self, stream: &str) -> Result<Vec<Record>, Error> {
        self.0.check()?;
        let mut next = self.0.head(&StreamHash::of(stream))?.map(|head| head.position);
        let (mut events, mut held) = (Vec::new(), None);
        while let Some(position) = next {
            // Events of one append stand in one frame: it is looked up once.
            let found = match held.take() {
                Some(found) if Found::holds(&found, position) => found,
                _another => self.found(position)?,
            };
            let event = self.decoded(&found, position)?;
            held = Some(found);
            if event.private.stream != stream
                || event.private.previous.is_some_and(|before| before >= position)
            {
                return Err(Error::Index(format!(
                    "position {position} is not of the stream it should be of"
                )));
            }
            next = event.private.previous;
            events.push(event);
        }
        events.reverse();
        Ok(events)
    }

    /// The event at a position.
    ///
    /// # Errors
    /// `Damaged` with file and offset; `Index` if the position isn't written yet.
    pub fn read_at(&self, position: u64) -> Result<Record, Error> {
        self.decoded(&self.found(position)?, position)
    }

    fn found(&self, position: u64) -> Result<Found, Error> {
        self.0.check()?;
        if position >= self.watermark() {
            return Err(Error::Index(format!("position {position} is not written yet")));
        }
        let segment = self.0.segment_of(position)?;
        let frame = segment.frame_of(position).map_err(|error| self.0.condemn(error))?;
        Ok(Found { segment, frame })
    }

    /// Decodes one event of a frame and none of its neighbours: an append may hold hundreds.
    fn decoded(&self, Found { segment, frame }: &Found, position: u64) -> Result<Record, Error> {
        let stored = frame.events().nth((position - frame.head.first) as usize);
        let record = stored.and_then(|stored| Record::decode(&stored, frame, segment.identity.origin));
        record.ok_or_else(|| self.0.condemn(Error::not_a_record(&segment.path, position)))
    }

    /// Whole frames from the one that holds a position, up to the watermark as it is now.
    #[must_use]
    pub fn frames(&self, from: u64) -> Frames {
        Frames { log: self.0.clone(), next: from, end: self.watermark(), walk: Walk::default() }
    }

    /// Events from a position, about so many bytes of them; empty if there are none yet.
    ///
    /// # Errors
    /// `Damaged` with file and offset.
    pub fn read(&self, from: u64, bytes: usize) -> Result<Vec<Record>, Error> {
        let mut events = self.frames(from).chunk(bytes)?.decode()?;
        events.retain(|event| event.position() >= from);
        Ok(events)
    }

    /// Follows the log from a position: what is there, then what comes.
    #[must_use]
    pub fn follow(&self, from: u64) -> Follow {
        Follow { log: self.clone(), next: from, watermark: self.watch(), rested: Instant::now() }
    }
}

/// Frames in order. See `Log::frames`.
pub struct Frames {
    log: Arc<Shared>,
    next: u64,
    end: u64,
    walk: Walk,
}

impl Iterator for Frames {
    type Item = Result<(Frame, Arc<Segment>), Error>;

    fn next(&mut self) -> Option<Self::Item> {
        if self.next >= self.end {
            return None;
        }
        let found = self.log.check().and_then(|()| self.advance());
        match &found {
            Ok((frame, _)) => self.next = frame.head.end(),
            Err(_) => self.next = self.end,
        }
        Some(found.map_err(|error| self.log.condemn(error)))
    }
}

impl Frames {
    /// The next frames, about so many bytes of them; none at the end.
    ///
    /// # Errors
    /// `Damaged` with file and offset.
    pub fn chunk(&mut self, bytes: usize) -> Result<Chunk, Error> {
        let (mut frames, mut size) = (Vec::new(), 0);
        while size < bytes
            && let Some(found) = self.next()
        {
            let (frame, segment) = found?;
            size += frame.head.length;
            frames.push((frame, segment));
        }
        Ok(Chunk { log: self.log.clone(), frames })
    }

    fn advance(&mut self) -> Result<(Frame, Arc<Segment>), Error> {
        let segment = self.log.segment_of(self.next)?;
        Ok((self.walk.frame(&segment, self.next)?, segment))
    }
}

/// Frames in order, read and checked but not decoded: that can be done by another thread.
pub struct Chunk {
    log: Arc<Shared>,
    frames: Vec<(Frame, Arc<Segment>)>,
}

impl Chunk {
    /// Whether the log ended.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.frames.is_empty()
    }

    /// Its events.
    ///
    /// # Errors
    /// `Damaged` for one that isn't what the log writes.
    pub fn decode(&self) -> Result<Vec<Record>, Error> {
        let count = self.frames.iter().map(|(frame, _)| frame.head.count as usize).sum();
        let mut events = Vec::with_capacity(count);
        for (frame, segment) in &self.frames {
            record::decode_all(frame, segment.identity.origin, &mut events)
                .map_err(|position| self.log.condemn(Error::not_a_record(&segment.path, position)))?;
        }
        Ok(events)
    }
}

/// Where a reader of frames is; the first is looked for, the others follow it.
#[derive(Default)]
pub(crate) struct Walk(Option<Cursor>);

struct Cursor {
    segment: Arc<Segment>,
    offset: u64,
    window: Bytes,
    start: u64,
}

impl Walk {
    /// The frame of a position, which is the one after the last, or any other at the beginning.
    pub(crate) fn frame(&mut self, segment: &Arc<Segment>, position: u64) -> Result<Frame, Error> {
        let here = self.0.as_mut().filter(|cursor| Arc::ptr_eq(&cursor.segment, segment));
        let Some(cursor) = here else {
            let (frame, offset) = segment.seek(position)?;
            self.0 = Some(Cursor { segment: segment.clone(), offset, window: Bytes::new(), start: offset });
            return Ok(frame);
        };
        let frame = cursor.frame(position)?;
        cursor.offset += frame.head.padded() as u64;
        Ok(frame)
    }
}

impl Cursor {
    fn frame(&mut self, position: u64) -> Result<Frame, Error> {
        let mut wanted = WINDOW;
        loop {
            let at = (self.offset - self.start) as usize;
            let rest = self.window.get(at..).unwrap_or_default();
            let length = crate::frame::Head::read(rest).map_or(crate::frame::HEAD, |head| head.length);
            if rest.len() >= length {
                let frame = Frame::check(self.window.slice(at..at + length), self.segment.seed());
                let whole = frame.filter(|frame| frame.head.first == position);
                return whole.ok_or_else(|| self.segment.no_frame(self.offset));
            }
            if self.start == self.offset && !self.window.is_empty() && wanted > length {
                return Err(self.segment.no_frame(self.offset));
            }
            wanted = length.max(WINDOW) + 1;
            self.window = self.segment.window(self.offset, wanted)?;
            self.start = self.offset;
            if self.window.len() < crate::frame::HEAD {
                return Err(self.segment.no_frame(self.offset));
            }
        }
    }
}

impl Shared {
    fn segment_of(&self, position: u64) -> Result<Arc<Segment>, Error> {
        segment_of(&read(&self.segments), position)
    }
}

pub(crate) fn segment_of(segments: &[Arc<Segment>], position: u64) -> Result<Arc<Segment>, Error> {
    let after = segments.partition_point(|segment| segment.identity.first <= position);
    let at =
        after.checked_sub(1).ok_or_else(|| Error::Index(format!("no segment holds position {position}")))?;
    Ok(segments[at].clone())
}

/// A follower. It reads from the log and only wakes on the watermark, so nothing is lost however slow it is.
pub struct Follow {
    log: Log,
    next: u64,
    watermark: watch::Receiver<u64>,
    rested: Instant,
}

impl Follow {
    /// The next events, about so many bytes of them; waits until there is one. `None` when the log is closed.
    ///
    /// # Errors
    /// `Damaged` with file and offset.
    pub async fn next(&mut self, bytes: usize) -> Result<Option<Vec<Record>>, Error> {
        let next = self.next;
        if self.watermark.wait_for(|end| *end > next).await.is_err() {
            return Ok(None);
        }
        sleep_until(self.rested).await;
        let log = self.log.clone();
        let events = tokio::task::spawn_blocking(move || log.read(next, bytes)).await;
        let events = events.unwrap_or_else(|_| Err(Error::Index("the reader was stopped".into())))?;
        self.next = events.last().map_or(next, |event| event.position() + 1);
        let many = u32::try_from(events.len()).unwrap_or(u32::MAX);
        self.rested = Instant::now() + REST_EACH.saturating_mul(many).saturating_add(REST).min(REST_MAX);
        Ok(Some(events))
    }

    /// The position it will read next.
    #[must_use]
    pub fn position(&self) -> u64 {
        self.next
    }
}
