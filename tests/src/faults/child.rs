//! Child processes that write to a log until they die, and say on their standard output what was acknowledged.

use std::{
    io::{BufRead as _, BufReader, Read as _, Write as _},
    path::{Path, PathBuf},
    process::{ExitStatus, Stdio},
    sync::{
        Arc, Mutex, MutexGuard, PoisonError,
        atomic::{AtomicU64, Ordering},
    },
    thread::JoinHandle,
};

use anyhow::{Context as _, Result, bail, ensure};
use radslag_eventlog::{AppendError, Log, Writer, crash, crash::Point, log::Health};
use rand::{RngExt as _, SeedableRng as _, rngs::StdRng};

use super::{
    home::{self, Home},
    lab::Lab,
    ram::{Fault, Ram},
    told::{Told, hex},
};

/// What a child is to do.
#[derive(Clone, Debug, clap::Args)]
pub struct Orders {
    /// Where the log is
    pub folder: PathBuf,
    /// Of what is written
    pub seed: u64,
    /// Most bytes of a segment
    #[arg(long, default_value_t = 64 << 10)]
    pub segment_bytes: u64,
    /// It ends by itself after so many appends
    #[arg(long, default_value_t = u64::MAX)]
    pub most: u64,
    /// A crash point to die at
    #[arg(long)]
    pub point: Option<String>,
    /// At which hit of it
    #[arg(long, default_value_t = 1)]
    pub hit: u32,
    /// A disk in memory on which this fails; what it holds then is kept in the folder `disk`
    #[arg(long)]
    pub fault: Option<Fault>,
}

impl Orders {
    /// Load on a log, until somebody kills the process.
    #[must_use]
    pub fn load(folder: &Path, seed: u64) -> Self {
        let folder = folder.into();
        Self { folder, seed, segment_bytes: 64 << 10, most: u64::MAX, point: None, hit: 1, fault: None }
    }

    fn arguments(&self) -> Vec<String> {
        let mut arguments = vec![
            "child".to_owned(),
            self.folder.display().to_string(),
            self.seed.to_string(),
            format!("--segment-bytes={}", self.segment_bytes),
            format!("--most={}", self.most),
            format!("--hit={}", self.hit),
        ];
        arguments.extend(self.point.as_ref().map(|point| format!("--point={point}")));
        arguments.extend(self.fault.as_ref().map(|fault| format!("--fault={fault}")));
        arguments
    }
}

/// What the child process runs.
///
/// # Errors
/// If it can't open the log, or the log refuses.
pub fn run(orders: &Orders) -> Result<()> {
    if let Some(name) = &orders.point {
        let point = Point::ALL.into_iter().find(|point| format!("{point:?}") == *name);
        crash::arm(point.context("there is no such crash point")?, orders.hit);
    }
    let mut home = Home::at(orders.folder.clone(), &Writer::start()?);
    home.segment_bytes = orders.segment_bytes;
    if let Some(fault) = &orders.fault {
        let disk = Ram::failing(fault.clone(), &orders.folder.join("disk"));
        home = home.on(Arc::new(disk));
    }
    let log = home.open()?;
    say("OPEN");
    let watched = log.clone();
    std::thread::spawn(move || watch(&watched));
    load(&log, orders.seed, orders.most, &|line| say(&line))
}

/// Says that the log is read-only also where nobody is refused: all who append may wait for room with an erasure of theirs.
fn watch(log: &Log) {
    let reason = || match log.health() {
        Health::ReadOnly(reason, _) => Some(reason),
        _ => None,
    };
    loop {
        // That nothing comes within a minute is no news.
        if let Ok(reason) = radslag_kit::until("a full disk", || Ok(reason())) {
            say(&format!("READ-ONLY 0 {reason}"));
        }
        let _ = radslag_kit::until("room", || Ok(reason().is_none().then_some(())));
    }
}

fn say(line: &str) {
    let mut out = std::io::stdout().lock();
    // Nobody listens any more: then nobody is told anything.
    if out.write_all(format!("{line}\n").as_bytes()).and_then(|()| out.flush()).is_err() {
        std::process::exit(0);
    }
}

/// Eight threads append to a log: short streams and long ones, one event and several, plain, sealed and erasing.
///
/// # Errors
/// What the log refuses.
pub fn load(log: &Log, seed: u64, most: u64, say: &(dyn Fn(String) + Sync)) -> Result<()> {
    let (done, acknowledged) = (AtomicU64::new(0), AtomicU64::new(0));
    std::thread::scope(|scope| {
        let mut threads = Vec::new();
        for thread in 0..8 {
            let (done, acknowledged) = (&done, &acknowledged);
            threads.push(scope.spawn(move || {
                let mut hand = Hand::new(log, seed, thread, acknowledged);
                while done.fetch_add(1, Ordering::Relaxed) < most {
                    match hand.act(say) {
                        Err(AppendError::ReadOnly(reason)) => hand.refused(&reason, say),
                        // The disk was slow: nothing was written.
                        Err(AppendError::Stale(_)) => {}
                        acted => acted?,
                    }
                }
                anyhow::Ok(())
            }));
        }
        for thread in threads {
            thread.join().unwrap_or_else(|_| bail!("a thread under load panicked"))?;
        }
        Ok(())
    })
}

/// One of those who append.
struct Hand<'a> {
    log: &'a Log,
    rng: StdRng,
    name: String,
    acts: u64,
    version: u64,
    keys: Vec<radslag_kernel::KeyRef>,
    /// Events that anybody was told of.
    acknowledged: &'a AtomicU64,
    /// How many there were when it last said that the log is read-only.
    refused: Option<u64>,
}

impl<'a> Hand<'a> {
    fn new(log: &'a Log, seed: u64, thread: u64, acknowledged: &'a AtomicU64) -> Self {
        let rng = StdRng::seed_from_u64(seed ^ (thread << 32));
        Self {
            log,
            rng,
            name: format!("{seed}-{thread}"),
            acts: 0,
            version: 0,
            keys: Vec::new(),
            acknowledged,
            refused: None,
        }
    }

    /// Says so, and again once anybody's append was taken in between: whoever waits for a full disk needn't wait for a hand that
    /// never had its turn. Tries again.
    fn refused(&mut self, reason: &str, say: &(dyn Fn(String) + Sync)) {
        let acknowledged = self.acknowledged.load(Ordering::Acquire);
        if self.refused.replace(acknowledged) != Some(acknowledged) {
            say(format!("READ-ONLY {acknowledged} {reason}"));
        }
        std::thread::yield_now();
    }

    fn act(&mut self, say: &(dyn Fn(String) + Sync)) -> Result<(), AppendError> {
        let (log, name, text) = (self.log, self.name.clone(), "x".repeat(self.rng.random_range(1..600)));
        self.acts += 1;
        let own = format!("{name}-{}", self.acts);
        let appended = match self.rng.random_range(0..10) {
            0..4 => {
                let (appended, key) = home::put_sealed(log, &own, 0, &text)?;
                self.keys.push(key);
                appended
            }
            4 if !self.keys.is_empty() => {
                let key = self.keys.swap_remove(self.rng.random_range(0..self.keys.len()));
                let appended = home::erase(log, &own, 0, &[key])?;
                say(format!("ERASED {}", key.0));
                appended
            }
            5 => {
                let (first, second) = (home::event(log, &text)?, home::event(log, "two")?);
                let writes = vec![
                    home::write(&own, 0, vec![first, second]),
                    home::write(&format!("{own}-b"), 0, vec![home::event(log, "three")?]),
                ];
                log.append_blocking(home::request(writes, &[(name, self.version)]))?
            }
            6..8 => {
                let appended = home::put(log, &name, self.version, &text)?;
                self.version += 1;
                appended
            }
            _ => home::put(log, &own, 0, &text)?,
        };
        self.acknowledged.fetch_add(appended.leaves.len() as u64, Ordering::AcqRel);
        let leaves: String = appended.leaves.iter().map(|leaf| format!(" {}", hex(leaf))).collect();
        say(format!("ACK {}{leaves}", appended.first));
        if self.acts.is_multiple_of(40) {
            // A full disk only: any other failure of it ends the process.
            let signed = log.sign_checkpoint().unwrap_or_default();
            let line = |signed: &radslag_eventlog::Signed| {
                format!("CHECKPOINT {} {}", signed.checkpoint.size, hex(&signed.checkpoint.root))
            };
            signed.iter().for_each(|signed| say(line(signed)));
        }
        Ok(())
    }
}

/// A child process as its parent sees it. Killed when dropped.
pub struct Child {
    process: std::process::Child,
    told: Arc<Mutex<Told>>,
    /// Why the log was read-only, and after how many events.
    reasons: Arc<Mutex<Vec<(usize, String)>>>,
    reader: Option<JoinHandle<()>>,
}

/// What was left of a child.
pub struct Left {
    /// How it ended.
    pub status: ExitStatus,
    /// What it said on its standard error.
    pub said: String,
}

impl Child {
    /// Starts one; what it was told is added to what is known already.
    ///
    /// # Errors
    /// Of the operating system.
    pub fn start(lab: &Lab, orders: &Orders, told: &Arc<Mutex<Told>>) -> Result<Self> {
        let mut command = std::process::Command::new(&lab.program);
        command.args(orders.arguments()).stdin(Stdio::null());
        let spawned = command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn();
        let mut process = spawned.with_context(|| format!("starting {}", lab.program.display()))?;
        let out = process.stdout.take().context("the child has no output")?;
        let (heard, reasons) = (told.clone(), Arc::<Mutex<Vec<_>>>::default());
        let others = reasons.clone();
        let reader = std::thread::spawn(move || {
            for line in BufReader::new(out).lines().map_while(Result::ok) {
                let refused = lock(&heard).read(&line).and_then(|other| other.strip_prefix("READ-ONLY "));
                let refused = refused.and_then(|refused| refused.split_once(' '));
                let reason = refused.and_then(|(after, why)| Some((after.parse().ok()?, why.to_owned())));
                others.lock().unwrap_or_else(PoisonError::into_inner).extend(reason);
            }
        });
        Ok(Self { process, told: told.clone(), reasons, reader: Some(reader) })
    }

    /// Waits until so many events were acknowledged, of this child and those before it.
    ///
    /// # Errors
    /// If it ends before.
    pub fn reach(&mut self, events: usize) -> Result<()> {
        let told = self.told.clone();
        self.wait("a child's appends", || (lock(&told).events.len() >= events).then_some(()))
    }

    /// Waits until somebody is told that the log is read-only after so many events of this child; gives the reason.
    ///
    /// # Errors
    /// If it ends before.
    pub fn refused(&mut self, events: usize) -> Result<String> {
        let reasons = self.reasons.clone();
        self.wait("a read-only log", || {
            let reasons = reasons.lock().unwrap_or_else(PoisonError::into_inner);
            reasons.iter().rev().find(|(after, _)| *after >= events).map(|(_, reason)| reason.clone())
        })
    }

    fn wait<T>(&mut self, what: &str, mut ask: impl FnMut() -> Option<T>) -> Result<T> {
        radslag_kit::until(what, || {
            if let Some(answer) = ask() {
                return Ok(Some(answer));
            }
            if let Some(status) = self.process.try_wait()? {
                let mut said = String::new();
                self.process.stderr.take().map(|mut pipe| pipe.read_to_string(&mut said));
                bail!("the child ended by itself, {status}: {said}");
            }
            Ok(None)
        })
    }

    /// Its process id.
    #[must_use]
    pub fn id(&self) -> u32 {
        self.process.id()
    }

    /// `kill -9`.
    ///
    /// # Errors
    /// Of the operating system.
    pub fn kill(mut self) -> Result<()> {
        self.process.kill()?;
        let left = self.end()?;
        ensure!(left.status.code().is_none(), "it ended before it was killed: {}", left.said);
        Ok(())
    }

    /// Waits until it ends by itself.
    ///
    /// # Errors
    /// Of the operating system.
    pub fn left(mut self) -> Result<Left> {
        self.end()
    }

    fn end(&mut self) -> Result<Left> {
        if let Some(reader) = self.reader.take() {
            reader.join().ok().context("reading what a child says")?;
        }
        let mut said = String::new();
        if let Some(mut pipe) = self.process.stderr.take() {
            pipe.read_to_string(&mut said)?;
        }
        Ok(Left { status: self.process.wait()?, said })
    }
}

impl Drop for Child {
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

/// What was told so far.
pub fn lock(told: &Mutex<Told>) -> MutexGuard<'_, Told> {
    told.lock().unwrap_or_else(PoisonError::into_inner)
}
