//! `radslag-bench bulk`: signatures invalidated in bulk while signing goes on, and served counts recounted from the log.

use std::{
    collections::BTreeMap,
    env,
    path::PathBuf,
    sync::{
        Arc,
        atomic::{AtomicBool, AtomicU64, Ordering},
    },
    time::{Duration, Instant},
};

use anyhow::{Context as _, Result, ensure};
use clap::Args;
use radslag_eventlog::Writer;
use radslag_kernel::{AggregateId, Role};
use radslag_petitions::{
    bulk::{Conditions, Phase},
    shell::{
        Asked, Office,
        bulk::{Wanted, find::CHUNK},
        petition::Staff,
        signature::Given,
    },
    signature::Shown,
};
use serde::Serialize;
use tokio::task::JoinSet;

use crate::{
    house,
    machine::{self, Machine},
    output::{self, Report, thousands},
    place::Place,
    rebuild::fill,
};

/// Who signs at once beside it.
const SIGNERS: u64 = 8;
/// How long signing alone is measured.
const ALONE: Duration = Duration::from_secs(3);

#[derive(Args, Debug)]
pub(crate) struct Arguments {
    /// One JSON document instead of text
    #[arg(long)]
    json: bool,
    /// Signatures to be invalidated
    #[arg(long, default_value_t = 77_000)]
    signatures: u64,
    /// Served counts to be recounted
    #[arg(long, default_value_t = 1_000)]
    samples: usize,
    /// A folder on the disk to be measured; what is made there is removed afterwards [default: target/]
    #[arg(long)]
    dir: Option<PathBuf>,
}

/// What it gave.
#[derive(Serialize)]
struct Figures {
    command: String,
    machine: Machine,
    invalidated: u64,
    count_seconds: f64,
    seconds: f64,
    per_second: f64,
    before_mib: u64,
    peak_mib: u64,
    signed_alone_per_second: f64,
    signed_beside_per_second: f64,
    samples: usize,
    samples_wrong: usize,
}

impl Report for Figures {
    fn text(&self) -> String {
        format!(
            "{}\n{}\n{} signatures counted in {:.1} s, invalidated in {:.1} s ({}/s)\nmemory: {} MiB before, {} MiB at most\n\
             signing: {}/s alone, {}/s beside it\n{} served counts recounted, {} wrong\n",
            self.command,
            self.machine,
            thousands(self.invalidated as f64),
            self.count_seconds,
            self.seconds,
            thousands(self.per_second),
            self.before_mib,
            self.peak_mib,
            thousands(self.signed_alone_per_second),
            thousands(self.signed_beside_per_second),
            self.samples,
            self.samples_wrong,
        )
    }
}

pub(crate) fn run(arguments: &Arguments) -> Result<()> {
    let runtime = tokio::runtime::Runtime::new().context("starting the runtime")?;
    let figures = runtime.block_on(measure(arguments))?;
    ensure!(figures.samples_wrong == 0, "{} served counts were wrong", figures.samples_wrong);
    output::print(&figures, arguments.json)
}

async fn measure(arguments: &Arguments) -> Result<Figures> {
    let place = Place::new(arguments.dir.as_deref())?;
    let machine = Machine::around(place.path());
    let folder = place.fresh()?;
    fill::fill(folder.path(), arguments.signatures).await?;
    let office = house::office(&house::config(folder.path())?, &Writer::start()?, None).await?;
    let mut tables = tables(&office);
    office.petitions.wait_for(office.log.watermark()).await?;
    office.bulks.wait_for(office.log.watermark()).await?;
    let petition = office.log.read_at(0)?.header.aggregate;
    let petition = AggregateId::from_slice(&petition).context("the log begins with a petition")?;
    let signed = Arc::new(AtomicU64::new(0));
    let mut signers = signing(&office, petition, &signed);
    tokio::time::sleep(ALONE).await;
    let alone = signed.load(Ordering::Relaxed) as f64 / ALONE.as_secs_f64();
    let (before_mib, _) = machine::memory_mib();
    let counting = Instant::now();
    let id = start(&office).await?;
    let count_seconds = counting.elapsed().as_secs_f64();
    let (over, sampled) = sampling(&office, petition);
    let (began, signed_before) = (Instant::now(), signed.load(Ordering::Relaxed));
    while office.step_bulk(id, CHUNK).await? {}
    let seconds = began.elapsed().as_secs_f64();
    let beside = (signed.load(Ordering::Relaxed) - signed_before) as f64 / seconds;
    over.store(true, Ordering::Relaxed);
    let served = sampled.await?;
    signers.shutdown().await;
    let (peak_mib, _) = machine::memory_mib();
    let bulk = office.bulk(id)?.0.context("the bulk invalidation is gone")?;
    ensure!(bulk.phase == Phase::Finished, "it ended {:?}", bulk.phase);
    ensure!(bulk.total() == arguments.signatures, "{} were invalidated", bulk.total());
    let chosen: Vec<_> = served.iter().step_by((served.len() / arguments.samples.max(1)).max(1)).collect();
    let counts = recounted(&office)?;
    let wrong = chosen.iter().filter(|(position, count)| counts.get(position) != Some(count)).count();
    tables.shutdown().await;
    Ok(Figures {
        command: env::args().collect::<Vec<_>>().join(" "),
        machine,
        invalidated: bulk.total(),
        count_seconds,
        seconds,
        per_second: bulk.total() as f64 / seconds,
        before_mib,
        peak_mib,
        signed_alone_per_second: alone,
        signed_beside_per_second: beside,
        samples: chosen.len(),
        samples_wrong: wrong,
    })
}

/// Keeps the tables that are read here.
fn tables(office: &Arc<Office>) -> JoinSet<()> {
    let mut tasks = JoinSet::new();
    let this = office.clone();
    tasks.spawn(async move {
        let counts = this.clone();
        let _ = this.petitions.follow_with(&move |events| counts.counts.take(events)).await;
    });
    let bulks = office.bulks.clone();
    tasks.spawn(async move {
        let _ = bulks.follow().await;
    });
    tasks
}

/// Signs by eID as fast as it goes.
fn signing(office: &Arc<Office>, petition: AggregateId, signed: &Arc<AtomicU64>) -> JoinSet<()> {
    let mut tasks = JoinSet::new();
    for signer in 0..SIGNERS {
        let (office, signed) = (office.clone(), signed.clone());
        tasks.spawn(async move {
            for number in 0_u64.. {
                let given = Given {
                    name: format!("Person {signer} {number}"),
                    mailbox: String::new(),
                    postcode: "21144".into(),
                    shown: Shown::Name,
                    against: false,
                    language: "sv".into(),
                    suspicion: None,
                    blocked: false,
                    from: None,
                };
                let eid = format!("{signer}-{number}");
                if office.sign(petition, &Asked::by_system(), &eid, &given).await.is_ok() {
                    signed.fetch_add(1, Ordering::Relaxed);
                }
            }
        });
    }
    tasks
}

/// Counts what is to be invalidated and starts it, by two officials.
async fn start(office: &Arc<Office>) -> Result<AggregateId> {
    let staff = |subject| Staff { role: Role::Official, subject, ground: "part of the bench".into() };
    let conditions = Conditions { domain: "example.org".into(), ..Conditions::default() };
    let wanted = Wanted { conditions, notice: "Part of the bench.".into() };
    let (first, second) = (staff("bench-official"), staff("bench-second"));
    let prepared = office.prepare_bulk(&Asked::by_system(), &first, &wanted).await;
    let (id, ..) = prepared.map_err(house::undone)?;
    office.start_bulk(id, &Asked::by_system(), &first, Some(&second)).await.map_err(house::undone)?;
    Ok(id)
}

type Served = Vec<(u64, i64)>;

/// Asks for the count every millisecond, with the position it holds for, until it is over.
fn sampling(
    office: &Arc<Office>,
    petition: AggregateId,
) -> (Arc<AtomicBool>, tokio::task::JoinHandle<Served>) {
    let over = Arc::new(AtomicBool::new(false));
    let (office, until) = (office.clone(), over.clone());
    let sampled = tokio::task::spawn_blocking(move || {
        let mut served = Vec::new();
        while !until.load(Ordering::Relaxed) {
            let count = office.counts.get(petition).unwrap_or_default();
            served.extend(count.position.map(|(_, position)| (position, count.count)));
            std::thread::sleep(Duration::from_millis(1));
        }
        served
    });
    (over, sampled)
}

/// The count after each position that changed it, as the log alone says.
fn recounted(office: &Office) -> Result<BTreeMap<u64, i64>> {
    let (mut frames, mut count, mut counts) = (office.log.frames(0), 0, BTreeMap::new());
    loop {
        let chunk = frames.chunk(1 << 20)?;
        if chunk.is_empty() {
            return Ok(counts);
        }
        for record in chunk.decode()? {
            let delta = match record.header.r#type.as_str() {
                "petition.opened" | "signature.signed" | "signature.confirmed" => 1,
                "signature.invalidated" => -1,
                _ => 0,
            };
            if delta != 0 {
                count += delta;
                counts.insert(record.position(), count);
            }
        }
    }
}
