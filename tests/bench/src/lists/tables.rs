//! Fills the read tables by the projection's own fold: petitions that stand in the log, because their pages read it, and
//! signatures that stand in none, clones of a real one. Names are opened from that one.

use anyhow::{Context as _, Result};
use futures_util::{StreamExt as _, TryStreamExt as _, stream};
use radslag_kernel::{AggregateId, Instant, ItemId, Opened, Recorded};
use radslag_petitions::{
    Event,
    projections::{PETITIONS, petitions, signatures},
    shell::{Asked, Office, Petitions, office::stream as petition_stream, signature::Given},
    signature::{self, Shown},
};
use radslag_readmodel::{Cell, Checkpoint, Op, Value, rebuild::Options};
use radslag_runtime::service::load;
use rand::{RngExt as _, SeedableRng as _, rngs::StdRng};

use super::{Arguments, words};
use crate::{house, progress};

const DAY: u64 = 86_400_000;
/// Days over which petitions were opened and signed.
const DAYS: u64 = 180;
/// Petitions made at once.
const AT_ONCE: usize = 64;
/// Operations handed over at once.
const BATCH: usize = 8_192;
const AREAS: u64 = 25;

/// What is asked for later.
pub(crate) struct Filled {
    /// By popularity.
    pub(crate) ids: Vec<AggregateId>,
}

struct Filling<'a> {
    /// The real one that is cloned.
    signature: Recorded<Event>,
    random: StdRng,
    position: u64,
    begin: Instant,
    ops: Vec<Op>,
    rebuild: radslag_readmodel::Rebuild,
    arguments: &'a Arguments,
}

pub(crate) async fn fill(office: &Office, arguments: &Arguments) -> Result<Filled> {
    let (store, end) = (&office.petitions.store, office.now());
    let begin = Instant::from_millis(end.millis() - DAYS * DAY);
    office.log.set_clock(begin);
    let signature = signature(office).await?;
    let rebuild = store.rebuild(Options::new(office.log.folder().join("bench")))?;
    let (random, ops) = (StdRng::seed_from_u64(1), Vec::new());
    let mut filling = Filling { signature, random, position: 0, begin, ops, rebuild, arguments };
    let ids = filling.petitions(office).await?;
    office.log.set_clock(end);
    filling.position = office.log.watermark();
    let position = filling.position;
    filling.signatures(&ids)?;
    let checkpoint = Checkpoint { origin: office.log.origin(), next: position };
    let generation = filling.rebuild.finish(checkpoint, &|_| {}).await?;
    generation.promote(store).await?;
    office.petitions.settle().await?;
    office.load_counts().await?;
    Ok(Filled { ids })
}

async fn signature(office: &Office) -> Result<Recorded<Event>> {
    let petition = house::petition(office).await?;
    let given = Given {
        name: "Signe Signatär".into(),
        mailbox: String::new(),
        postcode: "21144".into(),
        shown: Shown::Name,
        against: false,
        language: "sv".into(),
        suspicion: None,
        blocked: false,
        from: None,
    };
    let signed = office.sign(petition, &Asked::by_system(), "signe", &given).await.map_err(house::undone)?;
    let (_, position) = signed.done.at.context("nothing was signed")?;
    let page = load::<Petitions>(&office.log, &office.stream_at(position)?)?;
    page.events.into_iter().next_back().context("the signature isn't in its stream")
}

impl Filling<'_> {
    /// By popularity: each day's in turn, so that the popular ones aren't all old.
    async fn petitions(&mut self, office: &Office) -> Result<Vec<AggregateId>> {
        let number = self.arguments.petitions;
        let bar = progress::bar(number).with_message("petitions");
        let mut ids = vec![AggregateId::default(); usize::try_from(number)?];
        for day in 0..DAYS {
            office.log.set_clock(self.begin.plus_millis(day * DAY));
            let todays = (day..number).step_by(DAYS as usize);
            let todays =
                todays.map(|n| (n, words::text(&mut self.random, 5), words::text(&mut self.random, 60)));
            let made = todays.map(|(n, title, body)| async move {
                Ok::<_, anyhow::Error>((
                    n,
                    house::petition_of(office, title, body, format!("petition-{n}")).await?,
                ))
            });
            let mut made = stream::iter(made.collect::<Vec<_>>()).buffer_unordered(AT_ONCE);
            while let Some((n, id)) = made.try_next().await? {
                ids[usize::try_from(n)?] = id;
                bar.inc(1);
            }
        }
        bar.finish_and_clear();
        for (number, id) in ids.iter().enumerate() {
            for recorded in load::<Petitions>(&office.log, &petition_stream(*id))?.events {
                (PETITIONS.fold)(&recorded, &mut self.ops);
            }
            if number % 5 > 1 {
                let closed = |value: &str| Cell::Open(Value::Text(value.into()));
                let cells = vec![("state", closed("closed")), ("listed", Cell::Open(Value::Int(2)))];
                let key = vec![Value::Bytes(id.as_bytes().to_vec())];
                self.ops.push(Op::Set { table: &petitions::PETITIONS, key, cells });
            }
            self.flush(BATCH)?;
        }
        Ok(ids)
    }

    fn signatures(&mut self, ids: &[AggregateId]) -> Result<()> {
        let all = self.arguments.signatures;
        let bar = progress::bar(all).with_message("signatures");
        // All names are opened from the one that is real.
        let name_position = i64::try_from(self.signature.position)?;
        for number in 0..all {
            let mut recorded = self.signature.clone();
            recorded.recorded_at = self.begin.plus_millis(DAYS * DAY * number / all.max(1));
            recorded.occurred_at = recorded.recorded_at;
            // A few petitions have most signatures; every twentieth goes to the first.
            let share: f64 = self.random.random();
            let at = if number % 20 == 0 { 0 } else { (share.powi(4) * ids.len() as f64) as usize };
            recorded.aggregate = ids[at.min(ids.len() - 1)];
            if let Event::Signature(signature::Event::Signed(submission)) = &mut recorded.event {
                submission.item = ItemId::from_bytes(self.random.random());
                submission.public.area =
                    Opened::Known(format!("Område {}", self.random.random_range(0..AREAS)));
            }
            let before = self.ops.len();
            self.take(recorded);
            for op in &mut self.ops[before..] {
                if let Op::Set { table, cells, .. } = op
                    && table.name == signatures::SIGNATURES.name
                {
                    cells.retain(|(name, _)| *name != "name_position");
                    cells.push(("name_position", Cell::Open(Value::Int(name_position))));
                }
            }
            self.flush(BATCH)?;
            if number % 65_536 == 0 {
                bar.set_position(number);
            }
        }
        bar.finish_and_clear();
        self.flush(0)
    }

    fn take(&mut self, mut recorded: Recorded<Event>) {
        recorded.position = self.position;
        self.position += 1;
        (PETITIONS.fold)(&recorded, &mut self.ops);
    }

    fn flush(&mut self, at: usize) -> Result<()> {
        if self.ops.len() >= at {
            self.rebuild.push(std::mem::take(&mut self.ops))?;
        }
        Ok(())
    }
}
