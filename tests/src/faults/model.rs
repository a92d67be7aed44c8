//! Row 1: random histories over two logs against a `Vec`: appends with right and wrong versions and guards, command ids,
//! requests that meet in one batch, reading, following, opening again, a new index. One that fails is shortened.

use std::{cell::Cell, collections::HashMap};

use anyhow::{Context as _, Result, anyhow, bail, ensure};
use proptest::{
    collection::vec,
    prelude::{Just, Strategy, prop, prop_oneof},
    test_runner::{Config, RngAlgorithm, TestCaseError, TestRng, TestRunner},
};
use radslag_eventlog::{AppendError, Follow, Log};
use radslag_kernel::{Encoded, id::CommandId};
use rand::{RngExt as _, rngs::StdRng};
use tokio::runtime::Runtime;

use super::{
    home::{self, Home},
    lab::{Lab, Lost},
    report::Ran,
    told::Told,
};

/// Stream, text, command.
type Event = (String, String, [u8; 16]);

/// Numbers that no append has.
const RACED: usize = 1_000;

struct Model {
    home: Home,
    log: Log,
    events: Vec<Event>,
    versions: HashMap<String, u64>,
    follow: Follow,
    followed: Vec<Event>,
    told: Told,
}

/// One thing that is done. What is expected of streams is told beside what is so, so that a history makes sense however many
/// of its steps are left out.
#[derive(Clone, Debug)]
enum Step {
    Reopen,
    Reindex,
    ReadOn,
    /// So many appends at once that exclude each other.
    Race {
        stream: u8,
        racers: u8,
    },
    Append {
        writes: Vec<Writing>,
        guards: Vec<(u8, i64)>,
    },
}

#[derive(Clone, Debug)]
struct Writing {
    stream: u8,
    /// How far the expected version is from the stream's.
    off: i64,
    /// What this append writes to the stream before counts.
    chained: bool,
    events: u8,
}

/// Which of two logs, and what.
type History = Vec<(usize, Step)>;

/// Many histories.
///
/// # Errors
/// No runtime.
pub fn run(lab: &Lab) -> Result<Ran> {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    lab.row(lab.times(6, 500), |rng, _| shortest(rng, &|history| play(lab, &runtime, history)))
}

/// A history, and if it fails, the shortest one found in it that still does.
fn shortest(rng: &mut StdRng, play: &dyn Fn(&History) -> Result<u64>) -> Result<u64> {
    let config = Config {
        cases: 1,
        failure_persistence: None,
        max_shrink_iters: 10_000,
        max_shrink_time: 60_000,
        ..Config::default()
    };
    let seed: [u8; 32] = rng.random();
    let mut runner = TestRunner::new_with_rng(config, TestRng::from_seed(RngAlgorithm::ChaCha, &seed));
    let (looked_for, lost) = (Cell::new(0), Cell::new(0));
    let ran = runner.run(&vec((0..2_usize, step()), 5..80), |history| {
        let played = play(&history).map_err(|error| {
            lost.set(error.downcast_ref::<Lost>().map_or(0, |lost| lost.0));
            TestCaseError::fail(format!("{error:#}"))
        });
        played.map(|events| looked_for.set(events))
    });
    match ran {
        Ok(()) => Ok(looked_for.get()),
        Err(failed) if lost.get() > 0 => Err(anyhow!(Lost(lost.get())).context(failed.to_string())),
        Err(failed) => bail!("{failed}"),
    }
}

fn step() -> impl Strategy<Value = Step> {
    let off = || prop_oneof![7 => Just(0_i64), 1 => Just(1), 1 => Just(-1)];
    let writing = (0..6_u8, off(), prop::bool::weighted(0.875), 1..4_u8)
        .prop_map(|(stream, off, chained, events)| Writing { stream, off, chained, events });
    let append = (vec(writing, 1..4), vec((0..6_u8, off()), 0..3))
        .prop_map(|(writes, guards)| Step::Append { writes, guards });
    prop_oneof![
        19 => append,
        2 => (0..6_u8, 2..6_u8).prop_map(|(stream, racers)| Step::Race { stream, racers }),
        1 => Just(Step::ReadOn),
        1 => Just(Step::Reindex),
        1 => Just(Step::Reopen),
    ]
}

fn play(lab: &Lab, runtime: &Runtime, history: &History) -> Result<u64> {
    let mut models = [Some(Model::new(lab)?), Some(Model::new(lab)?)];
    for (log, step) in history {
        let model = models[*log].take().context("a log is gone")?;
        models[*log] = Some(model.step(step, runtime)?);
    }
    models.into_iter().flatten().map(|model| model.equal(runtime)).sum()
}

fn name(stream: u8) -> String {
    format!("stream-{stream}")
}

impl Model {
    fn new(lab: &Lab) -> Result<Self> {
        let home = Home { segment_bytes: 8 << 10, ..Home::new(lab)? };
        let log = home.open()?;
        let follow = log.follow(0);
        let (events, versions, followed) = (vec![], HashMap::new(), vec![]);
        Ok(Self { home, log, events, versions, follow, followed, told: Told::default() })
    }

    fn step(mut self, step: &Step, runtime: &Runtime) -> Result<Self> {
        match step {
            Step::Reopen => return self.reopen(),
            Step::Reindex => self.log.rebuild_index()?,
            Step::ReadOn => self.read_on(runtime)?,
            Step::Race { stream, racers } => self.race(&name(*stream), *racers, runtime)?,
            Step::Append { writes, guards } => self.append(writes, guards)?,
        }
        Ok(self)
    }

    fn reopen(mut self) -> Result<Self> {
        self.told.signed(&self.log);
        let Self { home, log, follow, events, versions, told, .. } = self;
        drop(follow);
        log.close();
        let log = home.open()?;
        let (follow, followed) = (log.follow(0), vec![]);
        Ok(Self { home, log, events, versions, follow, followed, told })
    }

    fn version(&self, stream: &str) -> u64 {
        self.versions.get(stream).copied().unwrap_or(0)
    }

    fn append(&mut self, writings: &[Writing], guarded: &[(u8, i64)]) -> Result<()> {
        let (mut writes, mut planned, mut fits) = (Vec::new(), Vec::<Event>::new(), true);
        for (at, Writing { stream, off, chained, events: many }) in writings.iter().enumerate() {
            let stream = name(*stream);
            let earlier = planned.iter().filter(|(other, ..)| *other == stream).count() as u64;
            let expected =
                self.version(&stream).saturating_add_signed(*off) + if *chained { earlier } else { 0 };
            fits &= expected == self.version(&stream) + earlier;
            let mut events = Vec::new();
            for number in 0..*many {
                let text = format!("{}-{at}-{number}", self.events.len());
                let command = id(self.events.len(), planned.len());
                events.push(self.event(&text, command)?);
                planned.push((stream.clone(), text, command));
            }
            writes.push(home::write(&stream, expected, events));
        }
        let mut guards = Vec::new();
        for (stream, off) in guarded {
            let stream = name(*stream);
            let expected = self.version(&stream).saturating_add_signed(*off);
            fits &= expected == self.version(&stream);
            guards.push((stream, expected));
        }
        match self.log.append_blocking(home::request(writes, &guards)) {
            Ok(appended) => {
                ensure!(fits, "an append was taken that doesn't fit");
                ensure!(appended.first == self.events.len() as u64, "it stands at {}", appended.first);
                self.told.take(&appended);
                self.take(planned);
            }
            Err(AppendError::Conflict { .. }) => ensure!(!fits, "an append was refused that fits"),
            Err(other) => return Err(other.into()),
        }
        Ok(())
    }

    fn event(&self, text: &str, command: [u8; 16]) -> Result<radslag_eventlog::NewEvent> {
        let encoded =
            Encoded { kind: "test.happened", schema: 1, public: text.as_bytes().to_vec(), sealed: vec![] };
        let mut context = home::context(&self.log);
        context.command = Some(CommandId::from_bytes(command));
        Ok(radslag_eventlog::NewEvent::seal(encoded, &context, self.log.vault(), &[])?)
    }

    fn take(&mut self, planned: Vec<Event>) {
        for event in planned {
            *self.versions.entry(event.0.clone()).or_default() += 1;
            self.events.push(event);
        }
    }

    /// Requests that are under way together and exclude each other: one is taken.
    fn race(&mut self, stream: &str, racers: u8, runtime: &Runtime) -> Result<()> {
        let mut requests = Vec::new();
        for number in 0..racers {
            let text = format!("{}-race-{number}", self.events.len());
            let event = (stream.to_owned(), text, id(self.events.len(), RACED + usize::from(number)));
            let write = home::write(stream, self.version(stream), vec![self.event(&event.1, event.2)?]);
            let (log, request) = (self.log.clone(), home::request(vec![write], &[]));
            requests.push(async move { (event, log.append(request).await) });
        }
        let answers = runtime.block_on(async {
            let tasks: Vec<_> = requests.into_iter().map(|request| tokio::spawn(request)).collect();
            let mut answers = Vec::new();
            for task in tasks {
                answers.push(task.await?);
            }
            anyhow::Ok(answers)
        })?;
        let mut taken = Vec::new();
        for (event, answer) in answers {
            match answer {
                Ok(appended) => taken.push((event, appended)),
                Err(AppendError::Conflict { .. }) => {}
                Err(other) => return Err(other.into()),
            }
        }
        ensure!(taken.len() == 1, "{} of several that exclude each other were taken", taken.len());
        for (event, appended) in taken {
            self.told.take(&appended);
            self.take(vec![event]);
        }
        Ok(())
    }

    /// What a follower is given until it is where the log is.
    fn read_on(&mut self, runtime: &Runtime) -> Result<()> {
        while self.follow.position() < self.log.watermark() {
            let events = runtime.block_on(self.follow.next(4_096))?.context("the log was closed")?;
            for event in events {
                self.followed.push(read(&event)?);
            }
        }
        ensure!(self.followed == self.events, "a follower was given something else");
        Ok(())
    }

    /// Everything is as in the `Vec`, also after opening once more.
    fn equal(self, runtime: &Runtime) -> Result<u64> {
        let mut model = self.reopen()?;
        model.read_on(runtime)?;
        model.streams()?;
        model.told.holds(&model.log)
    }

    fn streams(&self) -> Result<()> {
        for stream in self.versions.keys() {
            let own = self.events.iter().filter(|(other, ..)| other == stream);
            let events = self.log.read_stream(stream)?;
            let events = events.iter().map(read).collect::<Result<Vec<_>>>()?;
            ensure!(own.eq(&events), "{stream} reads differently");
            ensure!(self.log.version(stream)? == self.version(stream), "{stream} has another version");
        }
        Ok(())
    }
}

/// Of the nth event of an append to a log of so many.
fn id(length: usize, number: usize) -> [u8; 16] {
    ((length as u128) << 64 | (number as u128 + 1)).to_be_bytes()
}

fn read(event: &radslag_eventlog::Record) -> Result<Event> {
    let text = String::from_utf8(event.public.to_vec())?;
    let command = event.command().context("an event has no command")?;
    Ok((event.private.stream.clone(), text, *command.as_bytes()))
}

#[cfg(test)]
mod tests {
    use rand::SeedableRng as _;

    use super::*;

    #[test]
    fn a_history_that_fails_is_told_as_short_as_it_can_be() {
        let play = |history: &History| {
            let reopened = history.iter().filter(|(log, step)| *log == 1 && matches!(step, Step::Reopen));
            ensure!(reopened.count() < 2, "opened twice");
            Ok(0)
        };
        let failed = (0..100).find_map(|seed| shortest(&mut StdRng::seed_from_u64(seed), &play).err());
        let told = failed.map(|error| error.to_string().replace([' ', '\n'], "")).unwrap_or_default();
        assert!(told.contains("openedtwice"), "{told}");
        assert!(told.matches("Reopen").count() == 2 && told.matches("(").count() <= 5, "{told}");
    }
}
