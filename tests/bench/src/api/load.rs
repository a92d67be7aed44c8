//! What one connection of the load generator does.

use std::{
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
    },
    time::{Duration, Instant},
};

use anyhow::{Context as _, Result, ensure};
use tokio::{
    sync::{Mutex, mpsc},
    time::{sleep_until, timeout},
};

use super::{
    Way,
    client::{Client, post},
    spec::Spec,
};
use crate::statistics::units;

/// How long a mail may take.
const MAIL: Duration = Duration::from_secs(30);

/// What all connections share.
pub(crate) struct Load {
    pub(crate) spec: Spec,
    begin: Instant,
    end: Instant,
    tokens: Vec<String>,
    next: AtomicUsize,
    links: Mutex<mpsc::UnboundedReceiver<String>>,
}

/// What connections saw.
#[derive(Default)]
pub(crate) struct Seen {
    pub(crate) confirmed: Vec<u32>,
    pub(crate) whole: Vec<u32>,
    pub(crate) reads: Vec<u32>,
    pub(crate) errors: u64,
    pub(crate) first_error: Option<String>,
    pub(crate) answered: u64,
    pub(crate) ran_dry: bool,
}

impl Seen {
    pub(crate) fn add(&mut self, other: Self) {
        self.confirmed.extend(other.confirmed);
        self.whole.extend(other.whole);
        self.reads.extend(other.reads);
        self.errors += other.errors;
        self.first_error = self.first_error.take().or(other.first_error);
        self.answered += other.answered;
        self.ran_dry |= other.ran_dry;
    }

    /// A connection ends with its first error.
    fn failed(&mut self, error: &anyhow::Error) {
        self.errors += 1;
        self.first_error = Some(format!("{error:#}"));
    }
}

impl Load {
    pub(crate) fn new(
        spec: Spec,
        begin: Instant,
        end: Instant,
        tokens: Vec<String>,
        links: mpsc::UnboundedReceiver<String>,
    ) -> Self {
        Self { spec, begin, end, tokens, next: AtomicUsize::new(0), links: Mutex::new(links) }
    }

    /// Whether what ended at a moment is within the measured time.
    fn counts(&self, at: Instant) -> bool {
        (self.begin..self.end).contains(&at)
    }

    fn path(&self) -> String {
        format!("/api/v1/{}/petitions/{}/signatures", self.spec.tenant, self.spec.petition)
    }
}

/// Signs until the time is over.
pub(crate) async fn sign(load: Arc<Load>, n: usize) -> Seen {
    let mut seen = Seen::default();
    if let Err(error) = signing(&load, n, &mut seen).await {
        seen.failed(&error);
    }
    seen
}

async fn signing(load: &Load, n: usize, seen: &mut Seen) -> Result<()> {
    let mut client = Client::connect(load.spec.address).await?;
    let mut pace = load.spec.pace.map(|pace| Pace::new(pace, load.spec.connections, n));
    while Instant::now() < load.end {
        if let Some(pace) = &mut pace {
            pace.wait().await;
        }
        let who = load.next.fetch_add(1, Ordering::Relaxed);
        let began = Instant::now();
        let asked = match load.spec.way {
            Way::Eid => {
                let Some(token) = load.tokens.get(who) else {
                    seen.ran_dry = true;
                    return Ok(());
                };
                by_eid(load, &mut client, token).await?;
                began
            }
            Way::Mailbox => by_mailbox(load, &mut client, who).await?,
        };
        let now = Instant::now();
        seen.answered += 1;
        if load.counts(now) {
            seen.confirmed.push(units(now - asked));
            seen.whole.push(units(now - began));
        }
    }
    Ok(())
}

async fn by_eid(load: &Load, client: &mut Client, token: &str) -> Result<()> {
    let headers = format!("Authorization: Bearer {token}\r\n");
    let request = post(&load.path(), &headers, r#"{"postcode":"21144","language":"sv"}"#);
    let status = client.send(&request).await?;
    ensure!(status == 201, "{status}: {}", String::from_utf8_lossy(client.body()));
    Ok(())
}

/// Asks for a mail, and confirms whichever came first: there are as many links as there are people. When the
/// confirming request was sent.
async fn by_mailbox(load: &Load, client: &mut Client, who: usize) -> Result<Instant> {
    let body = format!(
        r#"{{"name":"Signe Signer {who}","mailbox":"signe.{who}@example.org","postcode":"21144","language":"en"}}"#
    );
    let status = client.send(&post(&load.path(), "", &body)).await?;
    ensure!(status == 202, "{status}: {}", String::from_utf8_lossy(client.body()));
    let link = timeout(MAIL, async { load.links.lock().await.recv().await }).await;
    let link = link.context("a mail never came")?.context("no mails come any more")?;
    let path = format!("/api/v1/{}/links/{link}", load.spec.tenant);
    let asked = Instant::now();
    let status = client.send(&post(&path, "", r#"{"act":"confirm"}"#)).await?;
    ensure!(status == 200, "{status}: {}", String::from_utf8_lossy(client.body()));
    Ok(asked)
}

/// Reads the count at an even pace, catching up where it fell behind.
pub(crate) async fn read(load: Arc<Load>, n: usize, request: Vec<u8>) -> Seen {
    let mut seen = Seen::default();
    if let Err(error) = reading(&load, n, &request, &mut seen).await {
        seen.failed(&error);
    }
    seen
}

async fn reading(load: &Load, n: usize, request: &[u8], seen: &mut Seen) -> Result<()> {
    let mut client = Client::connect(load.spec.address).await?;
    let mut pace = Pace::new(load.spec.reads.max(1.0), load.spec.readers, n);
    while pace.next < load.end {
        pace.wait().await;
        let began = Instant::now();
        if began >= load.end {
            break;
        }
        let status = client.send(request).await?;
        ensure!(status == 200, "{status}: {}", String::from_utf8_lossy(client.body()));
        let now = Instant::now();
        if load.counts(now) {
            seen.reads.push(units(now - began));
        }
    }
    Ok(())
}

/// One connection's share of an even pace, catching up where it fell behind.
struct Pace {
    next: Instant,
    step: Duration,
}

impl Pace {
    /// Of so many a second over all connections.
    fn new(a_second: f64, connections: usize, n: usize) -> Self {
        let step = Duration::from_secs_f64(connections as f64 / a_second);
        Self { next: Instant::now() + step.mul_f64(n as f64 / connections.max(1) as f64), step }
    }

    async fn wait(&mut self) {
        if Instant::now() < self.next {
            sleep_until(self.next.into()).await;
        }
        self.next += self.step;
    }
}
