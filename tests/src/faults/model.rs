//! Row 1: random histories over two logs against a `Vec`: appends with right and wrong versions and guards, command ids,
//! requests that meet in one batch, reading, following, opening again, a new index.

use std::collections::HashMap;

use anyhow::{Context as _, Result, ensure};
use radslag_eventlog::{AppendError, Follow, Log};
use radslag_kernel::{Encoded, id::CommandId};
use rand::{RngExt as _, rngs::StdRng};
use tokio::runtime::Runtime;

use super::{
    home::{self, Home},
    lab::Lab,
    report::Ran,
    told::Told,
};

/// Stream, text, command.
type Event = (String, String, [u8; 16]);

struct Model {
    home: Home,
    log: Log,
    events: Vec<Event>,
    versions: HashMap<String, u64>,
    follow: Follow,
    followed: Vec<Event>,
    told: Told,
}

/// Many histories.
///
/// # Errors
/// No runtime.
pub fn run(lab: &Lab) -> Result<Ran> {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    lab.row(lab.times(6, 500), |rng, _| {
        let mut models = vec![Model::new(lab)?, Model::new(lab)?];
        for _ in 0..rng.random_range(5..80) {
            let model = models.swap_remove(rng.random_range(0..2));
            models.push(model.step(rng, &runtime)?);
        }
        models.into_iter().map(|model| model.equal(&runtime)).sum()
    })
}

impl Model {
    fn new(lab: &Lab) -> Result<Self> {
        let home = Home { segment_bytes: 8 << 10, ..Home::new(lab)? };
        let log = home.open()?;
        let follow = log.follow(0);
        let (events, versions, followed) = (vec![], HashMap::new(), vec![]);
        Ok(Self { home, log, events, versions, follow, followed, told: Told::default() })
    }

    fn step(mut self, rng: &mut StdRng, runtime: &Runtime) -> Result<Self> {
        match rng.random_range(0..24) {
            0 => return self.reopen(),
            1 => self.log.rebuild_index()?,
            2 => self.read_on(runtime)?,
            3..6 => self.race(rng, runtime)?,
            _ => self.append(rng)?,
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

    /// What is expected of a stream: mostly what is so.
    fn expected(&self, rng: &mut StdRng, stream: &str) -> u64 {
        let off = [0, 0, 0, 0, 0, 0, 0, 1, -1][rng.random_range(0..9)];
        self.version(stream).saturating_add_signed(off)
    }

    fn append(&mut self, rng: &mut StdRng) -> Result<()> {
        let (mut writes, mut planned, mut fits) = (Vec::new(), Vec::<Event>::new(), true);
        for at in 0..rng.random_range(1..4) {
            let stream = format!("stream-{}", rng.random_range(0..6));
            let earlier = planned.iter().filter(|(other, ..)| *other == stream).count() as u64;
            let expected = self.expected(rng, &stream) + if rng.random_range(0..8) > 0 { earlier } else { 0 };
            fits &= expected == self.version(&stream) + earlier;
            let mut events = Vec::new();
            for number in 0..rng.random_range(1..4) {
                let text = format!("{}-{at}-{number}", self.events.len());
                let command: [u8; 16] = rng.random();
                events.push(self.event(&text, command)?);
                planned.push((stream.clone(), text, command));
            }
            writes.push(home::write(&stream, expected, events));
        }
        let mut guards = Vec::new();
        for _ in 0..rng.random_range(0..3) {
            let stream = format!("stream-{}", rng.random_range(0..6));
            let expected = self.expected(rng, &stream);
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
    fn race(&mut self, rng: &mut StdRng, runtime: &Runtime) -> Result<()> {
        let stream = format!("stream-{}", rng.random_range(0..6));
        let mut requests = Vec::new();
        for number in 0..rng.random_range(2..6) {
            let event = (stream.clone(), format!("{}-race-{number}", self.events.len()), rng.random());
            let write = home::write(&stream, self.version(&stream), vec![self.event(&event.1, event.2)?]);
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

fn read(event: &radslag_eventlog::Record) -> Result<Event> {
    let text = String::from_utf8(event.public.to_vec())?;
    let command = event.command().context("an event has no command")?;
    Ok((event.private.stream.clone(), text, *command.as_bytes()))
}
