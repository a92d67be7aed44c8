//! Fills the read tables by the projection's own fold, from events that stand in no log: clones of one real petition and
//! one real signature. Names are opened from the real one.

use anyhow::{Context as _, Result, anyhow};
use radslag_kernel::{AggregateId, Instant, ItemId, KeyRef, Opened, Recorded};
use radslag_petitions::{
    Event, petition,
    projections::{PETITIONS, petitions, signatures},
    shell::{Asked, Office, Petitions, office::stream, signature::Given},
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
/// Operations handed over at once.
const BATCH: usize = 8_192;
const AREAS: u64 = 25;

/// What is asked for later.
pub(crate) struct Filled {
    /// By popularity.
    pub(crate) ids: Vec<AggregateId>,
}

/// The real events that are cloned.
struct Templates {
    petition: Vec<Recorded<Event>>,
    signature: Recorded<Event>,
}

struct Filling<'a> {
    templates: Templates,
    random: StdRng,
    position: u64,
    begin: Instant,
    ops: Vec<Op>,
    rebuild: radslag_readmodel::Rebuild,
    arguments: &'a Arguments,
}

pub(crate) async fn fill(office: &Office, arguments: &Arguments) -> Result<Filled> {
    let templates = templates(office).await?;
    let store = &office.petitions.store;
    let rebuild = store.rebuild(Options::new(office.log.folder().join("bench")))?;
    let position = office.log.watermark();
    let begin = Instant::from_millis(office.now().millis() - DAYS * DAY);
    let (random, ops) = (StdRng::seed_from_u64(1), Vec::new());
    let mut filling = Filling { templates, random, position, begin, ops, rebuild, arguments };
    let ids = filling.petitions()?;
    filling.signatures(&ids)?;
    let checkpoint = Checkpoint { origin: office.log.origin(), next: position };
    let generation = filling.rebuild.finish(checkpoint, &|_| {}).await?;
    generation.promote(store).await?;
    office.petitions.settle().await?;
    office.load_counts().await?;
    Ok(Filled { ids })
}

async fn templates(office: &Office) -> Result<Templates> {
    let petition = house::petition(office).await?;
    let given = Given {
        name: "Signe Signatär".into(),
        mailbox: String::new(),
        postcode: "21144".into(),
        shown: Shown::Name,
        language: "sv".into(),
        suspicion: None,
        blocked: false,
        from: None,
    };
    let signed = office.sign(petition, &Asked::by_system(), "signe", &given).await.map_err(house::undone)?;
    let (_, position) = signed.done.at.context("nothing was signed")?;
    let page = load::<Petitions>(&office.log, &office.stream_at(position)?)?;
    let signature = page.events.into_iter().next_back().context("the signature isn't in its stream")?;
    Ok(Templates { petition: load::<Petitions>(&office.log, &stream(petition))?.events, signature })
}

impl Filling<'_> {
    fn petitions(&mut self) -> Result<Vec<AggregateId>> {
        let bar = progress::bar(self.arguments.petitions).with_message("petitions");
        let mut ids = Vec::new();
        for number in 0..self.arguments.petitions {
            let id = AggregateId::from_bytes(self.random.random());
            let opened = self.begin.plus_millis(self.random.random_range(0..DAYS * DAY));
            for mut recorded in self.templates.petition.clone() {
                (recorded.aggregate, recorded.recorded_at) = (id, opened);
                self.change(&mut recorded.event, number, opened)?;
                self.take(recorded);
            }
            if number % 5 > 1 {
                let closed = |value: &str| Cell::Open(Value::Text(value.into()));
                let cells = vec![("state", closed("closed")), ("listed", Cell::Open(Value::Int(2)))];
                let key = vec![Value::Bytes(id.as_bytes().to_vec())];
                self.ops.push(Op::Set { table: &petitions::PETITIONS, key, cells });
            }
            self.flush(BATCH)?;
            ids.push(id);
            bar.inc(1);
        }
        bar.finish_and_clear();
        Ok(ids)
    }

    /// Texts and times of its own.
    fn change(&mut self, event: &mut Event, number: u64, opened: Instant) -> Result<()> {
        let Event::Petition(event) = event else {
            return Err(anyhow!("a petition's stream holds something else"));
        };
        match event {
            petition::Event::Submitted(submitted) => {
                submitted.at = opened;
                submitted.keys.document = KeyRef(10 + number);
                submitted.keys.initiator = KeyRef(10 + number);
                if let Opened::Known(content) = &mut submitted.content {
                    content.title = words::text(&mut self.random, 5);
                    content.body = words::text(&mut self.random, 60);
                }
            }
            petition::Event::Opened { at, closes_at, url_key, .. } => {
                *at = opened;
                *closes_at = opened.plus_millis(DAYS * DAY);
                *url_key = Opened::Known(format!("petition-{number}"));
            }
            _ => {}
        }
        Ok(())
    }

    fn signatures(&mut self, ids: &[AggregateId]) -> Result<()> {
        let all = self.arguments.signatures;
        let bar = progress::bar(all).with_message("signatures");
        // All names are opened from the one that is real.
        let name_position = i64::try_from(self.templates.signature.position)?;
        for number in 0..all {
            let mut recorded = self.templates.signature.clone();
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
