//! The writer: one thread a process takes every append in, stages it, and hands batches to a small pool that makes them
//! durable. A log has one batch in flight; while it is synced, the next one is staged, and whoever made the last one durable
//! hands it over. No log waits for another; only one that is alone is written by the writer itself.

use std::{
    sync::{Arc, Mutex, Weak, mpsc},
    thread,
    time::{Duration, Instant},
};

use radslag_kernel::id::LogId;

use tokio::sync::{mpsc as queue, oneshot};

use crate::{
    Append, AppendError, Appended, Log,
    commit::{self, Commit, Half, Pool, Sealed},
    log::{Shared, lock},
    stage::Reply,
    tree,
};

/// Requests that may wait for the writer.
const QUEUE: usize = 4_096;
/// Messages taken before batches are handed over.
const BURST: usize = 1_024;
/// Threads that sync.
const POOL: usize = 8;

/// For how long a log must have been the only one before its frames are written by the writer itself.
const ALONE: Duration = Duration::from_millis(50);

type Request = (Arc<Shared>, Append, Reply);

/// The process's writer; clones are handles. It ends when the last handle and the last log are gone.
#[derive(Clone)]
pub struct Writer {
    requests: queue::Sender<Request>,
    notary: mpsc::Sender<Weak<Shared>>,
}

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
        for number in 0..POOL {
            let jobs = jobs.clone();
            let work = move || {
                loop {
                    let job = lock(&jobs).recv();
                    let Ok((commit, half)) = job else { return };
                    commit.run(&half);
                }
            };
            thread::Builder::new().name(format!("log-sync-{number}")).spawn(work)?;
        }
        let index = move || sealed.iter().for_each(|sealed| commit::index(&sealed));
        thread::Builder::new().name("log-index".into()).spawn(index)?;
        thread::Builder::new().name("log-writer".into()).spawn(move || run(receiver, &pool, &indexer))?;
        let (notary, logs) = mpsc::channel();
        thread::Builder::new().name("log-notary".into()).spawn(move || tree::notary(&logs))?;
        Ok(Self { requests: sender, notary })
    }

    /// Tells the notary that a log has something to be signed; it is gone only when the process ends.
    pub(crate) fn notary(&self, log: &Arc<Shared>) {
        let _ = self.notary.send(Arc::downgrade(log));
    }
}

fn run(mut receiver: queue::Receiver<Request>, pool: &Pool, index: &mpsc::Sender<Sealed>) {
    let mut requests = Vec::with_capacity(BURST);
    let mut touched: Vec<Arc<Shared>> = Vec::new();
    let mut company = Company::default();
    while receiver.blocking_recv_many(&mut requests, BURST) > 0 {
        let few = requests.len() == 1;
        for (log, append, reply) in requests.drain(..) {
            lock(&log.stage).take(&log, append, reply);
            if !touched.iter().any(|known| Arc::ptr_eq(known, &log)) {
                touched.push(log);
            }
        }
        let alone = touched.iter().all(|log| company.alone(log)) && few && receiver.is_empty();
        touched.drain(..).for_each(|log| commit::dispatch(&log, pool, index, alone));
    }
}

/// Whether one log has had the writer to itself: then a hand-over costs more than it gives, and nobody waits meanwhile.
#[derive(Default)]
struct Company {
    last: Option<LogId>,
    since: Option<Instant>,
}

impl Company {
    fn alone(&mut self, log: &Shared) -> bool {
        if self.last != Some(log.id) {
            (self.last, self.since) = (Some(log.id), Some(Instant::now()));
        }
        self.since.is_some_and(|since| since.elapsed() >= ALONE)
    }
}

impl Log {
    /// Appends to one or several streams, all or nothing; durable when it returns.
    ///
    /// # Errors
    /// `AppendError`: nothing was written.
    pub async fn append(&self, append: Append) -> Result<Appended, AppendError> {
        let (reply, answer) = oneshot::channel();
        let request = (self.0.clone(), append, reply);
        self.0.writer.requests.send(request).await.map_err(|_| AppendError::Closed)?;
        answer.await.unwrap_or(Err(AppendError::Closed))
    }

    /// The same, for threads that aren't a runtime's.
    ///
    /// # Errors
    /// As `append`.
    pub fn append_blocking(&self, append: Append) -> Result<Appended, AppendError> {
        let (reply, answer) = oneshot::channel();
        let request = (self.0.clone(), append, reply);
        self.0.writer.requests.blocking_send(request).map_err(|_| AppendError::Closed)?;
        answer.blocking_recv().unwrap_or(Err(AppendError::Closed))
    }
}
