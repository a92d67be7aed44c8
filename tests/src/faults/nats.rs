//! Row 8: a log is relayed to a NATS server that is killed, hangs, loses its store or gets an older one back, by relays that
//! end, start again and are two at once, while the log goes on and somebody reads. Afterwards the stream is the log. What the
//! bus leads to, letters, is `letters`.

use std::{sync::Arc, time::Duration};

use anyhow::{Context as _, Result, bail, ensure};
use radslag_bus::{
    Address, Alarm, Checkpoint, ConnectOptions, Delivery, JetStream, Limits, Links, Progress, Relay,
    Subscription,
};
use radslag_eventlog::Log;
use radslag_kit::{Nats, lasts};
use rand::{RngExt as _, rngs::StdRng};
use tokio::{sync::watch, task::JoinHandle, time::timeout};

use super::{
    home::{self, Home},
    lab::Lab,
    letters::{self, Sums},
    report::Ran,
};

/// What should come does within this; it is only there so that a broken rule fails instead of hanging.
const SOON: Duration = Duration::from_secs(60);

/// Trials one after the other, on one server.
///
/// # Errors
/// No server, no runtime.
pub fn run(lab: &Lab) -> Result<Ran> {
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build()?;
    let nats = Arc::new(Nats::start()?);
    let mut sums = Sums::default();
    let mut tally = lab.trials(lab.times(2, 100), |rng, seed| {
        letters::trial(lab, rng, seed, &mut sums)?;
        let trial = runtime.block_on(Trial::new(lab, &nats, seed))?;
        runtime.block_on(trial.go(rng))
    });
    tally.notes.push(sums.note());
    tally.notes.push(format!("{} MiB resident at most", most_resident()?));
    Ok(Ran::Done(tally))
}

/// What this process held in memory at most, in MiB.
fn most_resident() -> Result<u64> {
    let status = std::fs::read_to_string("/proc/self/status")?;
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:")).context("no VmHWM")?;
    Ok(line.trim().trim_end_matches(" kB").parse::<u64>()? >> 10)
}

struct Trial {
    nats: Arc<Nats>,
    log: Log,
    address: Address,
    relays: Vec<Running>,
    reader: JoinHandle<Result<()>>,
    /// How many events the reader has got, each once, in order.
    read: watch::Receiver<u64>,
    appended: u64,
}

struct Running {
    task: JoinHandle<Alarm>,
    progress: watch::Receiver<Progress>,
}

impl Drop for Running {
    fn drop(&mut self) {
        self.task.abort();
    }
}

impl Trial {
    async fn new(lab: &Lab, nats: &Arc<Nats>, seed: u64) -> Result<Self> {
        let log = Home::new(lab)?.open()?;
        let address = Address::new(&format!("t{seed}"), "petitions")?;
        let (got, read) = watch::channel(0);
        let subscription = Subscription::remote(connect(nats).await?, &address, Checkpoint::START);
        let reader = tokio::spawn(follow(subscription, log.clone(), got));
        Ok(Self { nats: nats.clone(), log, address, relays: Vec::new(), reader, read, appended: 0 })
    }

    async fn go(mut self, rng: &mut StdRng) -> Result<u64> {
        self.start().await?;
        for step in 0..rng.random_range(3..8) {
            self.append(rng.random_range(1..300)).await?;
            self.fault(rng).await.with_context(|| format!("step {step}"))?;
        }
        self.append(1).await?;
        if self.relays.is_empty() {
            self.start().await?;
        }
        self.ends_as_the_log().await?;
        self.reader.abort();
        Ok(self.appended)
    }

    async fn fault(&mut self, rng: &mut StdRng) -> Result<()> {
        let some = rng.random_range(1..300);
        match rng.random_range(0..6) {
            0 => {
                self.nats.kill()?;
                self.append(some).await?;
                self.nats.restart()
            }
            1 => {
                self.nats.stop()?;
                self.append(some).await?;
                // Long enough for some to give up waiting, and not for others.
                lasts(Duration::from_millis(rng.random_range(0..2_000))).await;
                self.nats.cont()
            }
            2 => self.nats.wipe(),
            3 => {
                let older = self.nats.backup()?;
                self.append(some).await?;
                if rng.random_bool(0.5) && !self.relays.is_empty() {
                    self.relayed().await?;
                }
                self.nats.put_back(&older)
            }
            4 => {
                self.relays.clear();
                self.append(some).await?;
                self.start().await
            }
            _ if self.relays.len() < 2 => self.start().await,
            _ => {
                drop(self.relays.remove(rng.random_range(0..2)));
                Ok(())
            }
        }
    }

    async fn start(&mut self) -> Result<()> {
        let links =
            Links { installation: "https://a.example".into(), clear_text: "https://a.example/b".into() };
        let (log, jetstream) = (self.log.clone(), connect(&self.nats).await?);
        let relay =
            Relay::new(log, self.log.begins(), self.address.clone(), links, Limits::default(), jetstream)
                .checking_every(Duration::from_millis(100));
        let progress = relay.progress();
        self.relays.push(Running { task: tokio::spawn(async move { relay.run().await }), progress });
        Ok(())
    }

    async fn append(&mut self, count: u64) -> Result<()> {
        let mut left = count;
        while left > 0 {
            let some = left.min(50);
            let events = (0..some).map(|n| home::event(&self.log, &"x".repeat(n as usize * 20)));
            let stream = format!("stream-{}", self.appended);
            let write = home::write(&stream, 0, events.collect::<Result<_, _>>()?);
            self.log.append(home::request(vec![write], &[])).await?;
            (self.appended, left) = (self.appended + some, left - some);
        }
        Ok(())
    }

    /// Waits until each relay says that all is in the stream.
    async fn relayed(&mut self) -> Result<()> {
        for relay in &mut self.relays {
            let all = relay.progress.wait_for(|progress| progress.published >= self.appended);
            let reached = timeout(SOON, all).await.map(|reached| reached.is_ok());
            if !matches!(reached, Ok(true)) {
                let Progress { published, trouble, .. } = relay.progress.borrow().clone();
                bail!("{published} of {} events are relayed: {trouble:?}", self.appended);
            }
        }
        Ok(())
    }

    async fn ends_as_the_log(&mut self) -> Result<()> {
        self.relayed().await?;
        let all = self.read.wait_for(|read| *read == self.appended);
        let read = timeout(SOON, all).await.is_ok_and(|read| read.is_ok());
        ensure!(read, "the reader stopped at {} of {}", *self.read.borrow(), self.appended);
        // Again from the start, on a connection of its own: what the server holds now.
        let again = Subscription::remote(connect(&self.nats).await?, &self.address, Checkpoint::START);
        let (got, mut read) = watch::channel(0);
        let task = tokio::spawn(follow(again, self.log.clone(), got));
        let all = timeout(SOON, read.wait_for(|read| *read == self.appended)).await;
        task.abort();
        ensure!(all.is_ok_and(|all| all.is_ok()), "the stream isn't the log");
        ensure!(!self.reader.is_finished(), "the reader got more than there is");
        Ok(())
    }
}

async fn connect(nats: &Nats) -> Result<JetStream> {
    Ok(radslag_bus::connect_with(&nats.url(), ConnectOptions::new(), Duration::from_secs(1)).await?)
}

/// Reads on and on; ends when something comes that isn't the next event of the log.
async fn follow(mut subscription: Subscription, log: Log, got: watch::Sender<u64>) -> Result<()> {
    for position in 0.. {
        let Delivery { origin, position: at, header, public, .. } = subscription.next().await?;
        let record = log.read_at(position)?;
        let due = (record.origin, record.position(), record.header, record.public);
        ensure!((origin, at, header, public) == due, "position {position} came as another");
        got.send_replace(position + 1);
    }
    Ok(())
}
