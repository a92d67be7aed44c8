//! The last part of row 8: the process that sends letters is killed between handing one over and writing down what became of
//! it, and started again. The mail server, a process too, then has each letter to many at most once, and any other at least
//! once, each time under the same Message-ID.

pub mod process;

use std::{
    collections::BTreeMap,
    process::{Child, Command, Stdio},
    time::{Duration, Instant},
};

use anyhow::{Context as _, Result, ensure};
use radslag_kit::Smtp;
use radslag_notifications::{delivery::Standing, letter::Class};
use rand::{RngExt as _, SeedableRng as _, rngs::StdRng};
use serde::Deserialize;

use super::lab::Lab;
use process::Orders;

/// Longest between a letter that the server took and the kill: what becomes of it is written down about then.
const MOMENT_US: u64 = 20_000;

/// A letter that an event leads to.
pub struct Planned {
    /// What it is for.
    pub class: Class,
    /// Whether the server takes it without a word, as long as the process isn't to finish.
    pub silent: bool,
}

/// The letters of a trial; each stands for the event at its place.
#[must_use]
pub fn planned(seed: u64) -> Vec<Planned> {
    let rng = &mut StdRng::seed_from_u64(seed);
    let classes = [Class::Mass, Class::Confirmation, Class::Decision];
    let one =
        |rng: &mut StdRng| Planned { class: classes[rng.random_range(0..3)], silent: rng.random_bool(0.3) };
    (0..rng.random_range(3..16)).map(|_| one(rng)).collect()
}

/// What came of the letters of all trials.
#[derive(Default)]
pub struct Sums {
    letters: usize,
    twice: usize,
    doubtful: usize,
}

impl Sums {
    /// In a few words.
    #[must_use]
    pub fn note(&self) -> String {
        let Self { letters, twice, doubtful } = self;
        format!("{letters} letters of a killed process: {twice} sent twice, {doubtful} to many in doubt")
    }
}

/// What the server took.
#[derive(Deserialize)]
struct Taken {
    to: Vec<String>,
    content: String,
}

/// Kills the process once, at some moment of its work, and lets the next one finish.
///
/// # Errors
/// What did not hold.
pub fn trial(lab: &Lab, rng: &mut StdRng, seed: u64, sums: &mut Sums) -> Result<()> {
    let (smtp, folder) = (Smtp::start(None)?, lab.memory()?);
    let orders = Orders { folder, port: smtp.port(), seed, finish: false };
    let letters = planned(seed);
    let mut killed = Killed(start(lab, &orders)?);
    smtp.wait_for(rng.random_range(1..=letters.len()))?;
    pause(Duration::from_micros(rng.random_range(0..MOMENT_US)));
    killed.now()?;
    let output = start(lab, &Orders { finish: true, ..orders })?.wait_with_output()?;
    ensure!(output.status.success(), "the next process failed: {}", output.status);
    let standings: Vec<String> = serde_json::from_slice(&output.stdout).context("what it said")?;
    let copies = copies(&smtp)?;
    for (place, Planned { class, .. }) in letters.iter().enumerate() {
        let ids = copies.get(&place).map_or(&[][..], Vec::as_slice);
        let standing = standings.get(place).context("a letter is gone")?;
        holds(*class, ids, standing).with_context(|| format!("letter {place}, {class:?}"))?;
        sums.letters += 1;
        sums.twice += usize::from(ids.len() == 2);
        sums.doubtful += usize::from(*standing == Standing::InDoubt.word());
    }
    Ok(())
}

/// Both bounds, and that the log says what happened.
fn holds(class: Class, ids: &[String], standing: &str) -> Result<()> {
    ensure!(ids.iter().all(|id| *id == ids[0]), "it was sent under several ids: {ids:?}");
    let (sent, in_doubt) = (standing == Standing::Sent.word(), standing == Standing::InDoubt.word());
    match class {
        Class::Mass => {
            ensure!(ids.len() <= 1, "it was sent {} times", ids.len());
            ensure!(in_doubt || sent && ids.len() == 1, "it is {standing}, and was sent {} times", ids.len());
        }
        Class::Confirmation | Class::Decision => {
            ensure!((1..=2).contains(&ids.len()), "it was sent {} times", ids.len());
            ensure!(sent, "it is {standing}");
        }
    }
    Ok(())
}

/// The Message-IDs under which the server got each letter.
fn copies(smtp: &Smtp) -> Result<BTreeMap<usize, Vec<String>>> {
    let mut copies: BTreeMap<usize, Vec<String>> = BTreeMap::new();
    for (_, kept) in smtp.letters()? {
        let Taken { to, content } = serde_json::from_str(&kept)?;
        let place = to.first().and_then(|to| process::place(to)).context("a letter to nobody")?;
        let id = content.lines().find_map(|line| line.strip_prefix("Message-ID: "));
        copies.entry(place).or_default().push(id.context("a letter without an id")?.to_owned());
    }
    Ok(copies)
}

fn start(lab: &Lab, orders: &Orders) -> Result<Child> {
    let mut command = Command::new(&lab.program);
    command.args(orders.arguments()).stdin(Stdio::null()).stdout(Stdio::piped());
    command.spawn().context("starting the process that sends")
}

/// The process, which doesn't outlive the trial.
struct Killed(Child);

impl Killed {
    fn now(&mut self) -> Result<()> {
        // It may have sent all, and ended.
        let _ = self.0.kill();
        self.0.wait().map(drop).context("waiting for the killed process")
    }
}

impl Drop for Killed {
    fn drop(&mut self) {
        let _ = self.now();
    }
}

/// Shorter than what a sleep is sure of.
fn pause(time: Duration) {
    let began = Instant::now();
    while began.elapsed() < time {
        std::thread::yield_now();
    }
}
