//! The tail of a log in this process: no server, no copy.

use std::collections::VecDeque;

use radslag_eventlog::{Follow, Log, Record};
use radslag_kernel::id::LogId;
use tokio::sync::watch;

use crate::{Checkpoint, Delivery, Error};

/// How much is read ahead, in bytes of the log.
const READ_AHEAD: usize = 256 * 1024;

/// Reads a log from a position on and waits for more at its end.
pub struct Local {
    log: LogId,
    watermark: watch::Receiver<u64>,
    overtaken: Option<(u32, u64)>,
    from: Checkpoint,
    follow: Follow,
    ahead: VecDeque<Record>,
}

impl Local {
    pub(crate) fn new(log: &Log, from: Checkpoint) -> Self {
        let later = log.origins().into_iter().find(|(later, _)| *later > from.origin);
        Self {
            log: log.id(),
            watermark: log.watch(),
            overtaken: later.filter(|(_, first)| from.log.is_some() && *first < from.next),
            from,
            follow: log.follow(from.next),
            ahead: VecDeque::new(),
        }
    }

    pub(crate) async fn next(&mut self) -> Result<Delivery, Error> {
        if let Some(expected) = self.from.log
            && expected != self.log
        {
            return Err(Error::Foreign { expected, found: self.log });
        }
        if let Some((origin, holds)) = self.overtaken {
            return Err(Error::Overtaken { origin, holds });
        }
        loop {
            if let Some(record) = self.ahead.pop_front() {
                return self.deliver(record);
            }
            let events = self.follow.next(READ_AHEAD).await.map_err(Error::Log)?;
            self.ahead = events.ok_or(Error::Closed)?.into();
        }
    }

    pub(crate) fn ready(&mut self) -> Option<Delivery> {
        // A gap comes with the next call of `next`.
        let record = self.ahead.pop_front_if(|record| record.position() == self.from.next)?;
        self.deliver(record).ok()
    }

    pub(crate) fn behind(&self) -> u64 {
        self.watermark.borrow().saturating_sub(self.from.next)
    }

    fn deliver(&mut self, record: Record) -> Result<Delivery, Error> {
        let (expected, found) = (self.from.next, record.position());
        if found != expected {
            self.ahead.push_front(record);
            return Err(Error::Gap { expected, found });
        }
        let delivery = Delivery::of(self.log, record);
        self.from = delivery.checkpoint();
        Ok(delivery)
    }
}
