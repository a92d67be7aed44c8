//! The writer: one thread a process takes every append in, stages it, and hands batches to a small pool that makes them
//! durable. A log has one batch in flight; while it is synced, the next one is staged. No log waits for another.

use std::{
    sync::{Arc, Mutex, mpsc},
    thread,
};

use tokio::sync::{mpsc as queue, oneshot};

use crate::{
    Append, AppendError, Appended, Log,
    commit::{self, Commit, Half, Sealed},
    log::{Shared, lock},
    stage::Reply,
};

/// Requests that may wait for the writer.
const QUEUE: usize = 4_096;
/// Messages taken before batches are handed over.
const BURST: usize = 1_024;
/// Threads that sync.
const POOL: usize = 8;

pub(crate) enum Message {
    Append(Arc<Shared>, Append, Reply),
    Done(Arc<Shared>),
}

/// The process's writer; clones are handles. It ends when the last handle and the last log are gone.
#[derive(Clone)]
pub struct Writer(queue::Sender<Message>);

impl Writer {
    /// Starts the writer's threads.
    ///
    /// # Errors
    /// If the operating system gives no threads.
    pub fn start() -> std::io::Result<Self> {
        let (sender, receiver) = queue::channel(QUEUE);
        let (pool, jobs) = mpsc::channel::<(Arc<Commit>, Half)>();
        let (indexer, sealed) = mpsc::channel::<Sealed>();
        let jobs = Arc::new(Mutex::new(jobs));
        let back = sender.downgrade();
        for number in 0..POOL {
            let (jobs, back, indexer) = (jobs.clone(), back.clone(), indexer.clone());
            let work = move || {
                loop {
                    let job = lock(&jobs).recv();
                    let (Ok((commit, half)), Some(queue)) = (job, back.upgrade()) else { return };
                    commit.run(&half, &queue, &indexer);
                }
            };
            thread::Builder::new().name(format!("log-sync-{number}")).spawn(work)?;
        }
        let index = move || sealed.iter().for_each(|sealed| commit::index(&sealed));
        thread::Builder::new().name("log-index".into()).spawn(index)?;
        thread::Builder::new().name("log-writer".into()).spawn(move || run(receiver, &pool))?;
        Ok(Self(sender))
    }
}

fn run(mut receiver: queue::Receiver<Message>, pool: &mpsc::Sender<(Arc<Commit>, Half)>) {
    let mut messages = Vec::with_capacity(BURST);
    let mut touched: Vec<Arc<Shared>> = Vec::new();
    while receiver.blocking_recv_many(&mut messages, BURST) > 0 {
        for message in messages.drain(..) {
            let log = match message {
                Message::Append(log, append, reply) => {
                    lock(&log.stage).take(&log, append, reply);
                    log
                }
                Message::Done(log) => {
                    lock(&log.stage).landed();
                    log
                }
            };
            if !touched.iter().any(|known| Arc::ptr_eq(known, &log)) {
                touched.push(log);
            }
        }
        touched.drain(..).for_each(|log| commit::dispatch(&log, pool));
    }
}

impl Log {
    /// Appends to one or several streams, all or nothing; durable when it returns.
    ///
    /// # Errors
    /// `AppendError`: nothing was written.
    pub async fn append(&self, append: Append) -> Result<Appended, AppendError> {
        let (reply, answer) = oneshot::channel();
        let message = Message::Append(self.0.clone(), append, reply);
        self.0.writer.0.send(message).await.map_err(|_| AppendError::Closed)?;
        answer.await.unwrap_or(Err(AppendError::Closed))
    }

    /// The same, for threads that aren't a runtime's.
    ///
    /// # Errors
    /// As `append`.
    pub fn append_blocking(&self, append: Append) -> Result<Appended, AppendError> {
        let (reply, answer) = oneshot::channel();
        let message = Message::Append(self.0.clone(), append, reply);
        self.0.writer.0.blocking_send(message).map_err(|_| AppendError::Closed)?;
        answer.blocking_recv().unwrap_or(Err(AppendError::Closed))
    }
}
