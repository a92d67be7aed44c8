//! All peers side by side, in turn: A B C D, A B C D, ..., each run on an empty store.

use anyhow::Result;
use indicatif::ProgressBar;
use serde::Serialize;

use super::{
    Bench, Peer,
    floor::Floor,
    load::{self, Load},
    ours::{Content, Ours},
    postgres::Server,
    tephra::{Form, Store},
};
use crate::{
    progress,
    statistics::{Sample, Spread},
};

/// All cells of the comparison, and how tephra was called.
#[derive(Debug, Serialize)]
pub(crate) struct Side {
    pub(crate) cells: Vec<Cell>,
    pub(crate) tephra_forms: Vec<Trial>,
}

/// One payload, one number of writers.
#[derive(Debug, Serialize)]
pub(crate) struct Cell {
    pub(crate) payload: usize,
    pub(crate) writers: usize,
    pub(crate) peers: Vec<Figure>,
    /// Our median over tephra's.
    pub(crate) ours_by_tephra: Option<f64>,
    /// Our median over that without a tree.
    pub(crate) ours_by_bare: Option<f64>,
}

/// One peer in one cell.
#[derive(Debug, Serialize)]
pub(crate) struct Figure {
    pub(crate) peer: Peer,
    pub(crate) events_per_second: Spread,
    /// Medians over the runs.
    pub(crate) p50_us: f64,
    pub(crate) p99_us: f64,
    pub(crate) runs: Vec<f64>,
}

/// Both forms of tephra, tried before the comparison.
#[derive(Debug, Serialize)]
pub(crate) struct Trial {
    pub(crate) writers: usize,
    pub(crate) threads_per_second: f64,
    pub(crate) tasks_per_second: f64,
    pub(crate) taken: Form,
}

pub(crate) fn measure(bench: &Bench) -> Result<Side> {
    let arguments = &bench.arguments;
    let (cells, runs) = (arguments.writers.len() * arguments.payload.len(), arguments.runs);
    let bar = progress::bar((cells * runs * arguments.only.len()) as u64);
    let wants = |peer| arguments.only.contains(&peer);
    let server = wants(Peer::Postgres).then(Server::start).transpose()?;
    let tephra_forms = if wants(Peer::Tephra) { forms(bench, &bar)? } else { vec![] };
    let mut cells = Vec::new();
    for &payload in &arguments.payload {
        for &writers in &arguments.writers {
            let form = tephra_forms.iter().find(|trial| trial.writers == writers).map(|trial| trial.taken);
            let load = Load { writers, length: bench.seconds() };
            let peers =
                Peers { bench, payload, load, server: server.as_ref(), form: form.unwrap_or(Form::Tasks) };
            cells.push(peers.cell(&bar)?);
        }
    }
    bar.finish_and_clear();
    Ok(Side { cells, tephra_forms })
}

/// tephra is measured in the form that is faster here, whatever the number of writers.
fn forms(bench: &Bench, bar: &ProgressBar) -> Result<Vec<Trial>> {
    let payload = bench.arguments.payload.first().copied().unwrap_or(200);
    let mut trials = Vec::new();
    for &writers in &bench.arguments.writers {
        bar.set_message(format!("how to call tephra, {writers} writers"));
        let load = Load { writers, length: bench.seconds() / 2 };
        let rate = |form: Form| -> Result<f64> {
            let folder = bench.fresh()?;
            let store = Store::open(folder.path(), payload)?;
            let sample = store.run(&bench.runtime, form, load);
            store.close();
            Ok(sample?.rate())
        };
        let (mut threads, mut tasks) = (Vec::new(), Vec::new());
        for _ in 0..bench.arguments.runs.min(3) {
            threads.push(rate(Form::Threads)?);
            tasks.push(rate(Form::Tasks)?);
        }
        let (threads, tasks) = (Spread::of(threads).median, Spread::of(tasks).median);
        let faster = if threads > tasks { Form::Threads } else { Form::Tasks };
        let taken = match bench.arguments.tephra_form {
            Form::Auto => faster,
            given => given,
        };
        trials.push(Trial { writers, threads_per_second: threads, tasks_per_second: tasks, taken });
    }
    Ok(trials)
}

struct Peers<'a> {
    bench: &'a Bench,
    payload: usize,
    load: Load,
    server: Option<&'a Server>,
    form: Form,
}

impl Peers<'_> {
    fn cell(&self, bar: &ProgressBar) -> Result<Cell> {
        let peers = &self.bench.arguments.only;
        let mut samples: Vec<Vec<Sample>> = peers.iter().map(|_| Vec::new()).collect();
        for _ in 0..self.bench.arguments.runs {
            for (peer, samples) in peers.iter().zip(&mut samples) {
                bar.set_message(format!("{peer:?}, {} bytes, {} writers", self.payload, self.load.writers));
                samples.push(self.run(*peer)?);
                bar.inc(1);
            }
        }
        let peers: Vec<Figure> =
            peers.iter().zip(&samples).map(|(peer, samples)| figure(*peer, samples)).collect();
        let median = |peer| {
            peers.iter().find(|figure| figure.peer == peer).map(|figure| figure.events_per_second.median)
        };
        let by = |other| median(Peer::Ours).zip(median(other)).map(|(ours, other)| ours / other);
        let (ours_by_tephra, ours_by_bare) = (by(Peer::Tephra), by(Peer::Bare));
        let (payload, writers) = (self.payload, self.load.writers);
        Ok(Cell { payload, writers, peers, ours_by_tephra, ours_by_bare })
    }

    fn run(&self, peer: Peer) -> Result<Sample> {
        let (runtime, load) = (&self.bench.runtime, self.load);
        let folder = self.bench.fresh()?;
        match peer {
            Peer::Ours | Peer::Bare => {
                let ours = match peer {
                    Peer::Bare => Ours::bare(folder.path(), self.payload)?,
                    _ => Ours::open(folder.path(), self.payload, Content::Plain)?,
                };
                let sample = load::tasks(runtime, &ours, load)?;
                ours.log.close();
                Ok(sample)
            }
            Peer::Tephra => {
                let store = Store::open(folder.path(), self.payload)?;
                let sample = store.run(runtime, self.form, load)?;
                store.close();
                Ok(sample)
            }
            Peer::Postgres => match self.server {
                Some(server) => load::tasks(runtime, &server.table(runtime, self.payload)?, load),
                None => Ok(Sample::default()),
            },
            Peer::Floor => load::tasks(runtime, &Floor::open(folder.path(), self.payload)?, load),
        }
    }
}

fn figure(peer: Peer, samples: &[Sample]) -> Figure {
    let median = |share: f64| Spread::of(samples.iter().map(|sample| sample.percentile_us(share))).median;
    Figure {
        peer,
        events_per_second: Spread::of(samples.iter().map(Sample::rate)),
        p50_us: median(0.5),
        p99_us: median(0.99),
        runs: samples.iter().map(Sample::rate).collect(),
    }
}
