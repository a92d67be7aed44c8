//! The process that sends: an office of letters on a folder, whose owner says what letters each event leads to.

use std::{collections::HashMap, io::Write as _, path::PathBuf, sync::Arc, time::Duration};

use anyhow::{Context as _, Result, anyhow};
use radslag_eventlog::{Clock, Writer};
use radslag_kernel::EventId;
use radslag_notifications::{
    Tag,
    delivery::{Decider, State},
    letter::{Cause, Letter, Opened, To},
    shell::{
        Office,
        deliver::stream,
        office::Means,
        owner::{Answering, Ask, Owner, Owners, Purpose},
        sending,
        smtp::{Settings, Smtp, Tls},
    },
};
use radslag_readmodel::Backend;
use radslag_runtime::ground::{Folders, Tenant};
use radslag_runtime::office::Office as _;
use serde_json::json;

use super::{Planned, planned};

const OWNER: &str = "petitions";

/// What it is to do.
#[derive(Clone, Debug, clap::Args)]
pub struct Orders {
    /// Where its log and tables are
    pub folder: PathBuf,
    /// Where the mail server listens
    pub port: u16,
    /// Of the letters
    pub seed: u64,
    /// Nobody keeps silent any more: it ends when nothing is left to send, and says where each letter stands
    #[arg(long)]
    pub finish: bool,
}

impl Orders {
    pub(super) fn arguments(&self) -> Vec<String> {
        let (port, seed) = (self.port.to_string(), self.seed.to_string());
        let mut arguments = vec!["letters".to_owned(), self.folder.display().to_string(), port, seed];
        arguments.extend(self.finish.then(|| "--finish".to_owned()));
        arguments
    }
}

/// Runs it.
///
/// # Errors
/// What the office says.
pub fn run(orders: &Orders) -> Result<()> {
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build()?;
    runtime.block_on(send(orders))
}

async fn send(orders: &Orders) -> Result<()> {
    let letters = planned(orders.seed);
    let says: HashMap<u64, Letter> =
        (0..).zip(&letters).map(|(n, one)| (n, letter(n, one, orders.finish))).collect();
    let causes: Vec<Cause> = (0..letters.len() as u64).map(|n| cause(orders.seed, n)).collect();
    let ids: Vec<_> =
        (0..).zip(&causes).map(|(n, cause)| (cause, says[&n].subject, says[&n].template.clone())).collect();
    let office = open(orders, Says(says.clone())).await?;
    for running in office.projections() {
        let running = running.clone();
        tokio::spawn(async move { running.follow().await });
    }
    sending::recover(&office).await?;
    office.heard(&causes).await?;
    loop {
        let end = office.log.watermark();
        office.deliveries.wait_for(end).await?;
        while sending::send_due(&office).await? > 0 {}
        if office.log.watermark() == end {
            break;
        }
    }
    let standing = |(cause, subject, template): &(&Cause, Tag, String)| {
        let (_, State(delivery)) =
            office.state::<Decider>(&stream(office.delivery(cause, *subject, template)))?;
        Ok(delivery.context("it was planned")?.standing.word())
    };
    let standings = ids.iter().map(standing).collect::<Result<Vec<_>>>()?;
    Ok(writeln!(std::io::stdout(), "{}", serde_json::to_string(&standings)?)?)
}

async fn open(orders: &Orders, says: Says) -> Result<Arc<Office>> {
    let at = |name: &str| orders.folder.join(name);
    let folders = Folders { ground: at("ground"), derived: at("derived"), secrets: at("secrets") };
    let tenant = serde_json::from_value(json!({ "id": "malmo", "name": "Malmö stad" }))?;
    let ground = Tenant::open(&folders, "malmo", Arc::new(Clock::system(0)))?;
    let smtp = Smtp::new(Settings {
        host: "127.0.0.1".into(),
        port: orders.port,
        tls: Tls::None,
        ca: None,
        login: None,
        hello: "radslag.example".into(),
        timeout: Duration::from_secs(600),
    })?;
    let means = Means {
        from: "Malmö stad <radslag@malmo.example>".parse().map_err(|_| anyhow!("no mailbox"))?,
        return_domain: "malmo.example".into(),
        signer: None,
        transport: Arc::new(smtp),
        owners: Owners::default().with(OWNER, Arc::new(says)),
        public_url: "https://radslag.example".into(),
        daily: u32::MAX,
        hourly: 3_600,
        spool: at("bounces"),
    };
    let backend = Backend::Sqlite { dir: at("derived") };
    Ok(Office::open(Arc::new(tenant), &ground, &Writer::start()?, &backend, means).await?)
}

/// The owner of the events: what each leads to.
struct Says(HashMap<u64, Letter>);

impl Owner for Says {
    fn open<'a>(&'a self, ask: &'a Ask) -> Answering<'a> {
        Box::pin(async move {
            let mut letters: Vec<Letter> = self.0.get(&ask.position).cloned().into_iter().collect();
            if ask.purpose == Purpose::Plan {
                letters.iter_mut().for_each(|letter| letter.to = None);
            }
            Ok(Opened { letters, withdrawn: Vec::new() })
        })
    }
}

fn cause(seed: u64, position: u64) -> Cause {
    let mut random = [0; 10];
    random[..8].copy_from_slice(&seed.to_be_bytes());
    Cause { service: OWNER.into(), origin: 0, position, event: EventId::v7(position, random) }
}

/// To `silent@`, which the server takes without a word, or to somebody for whom it has one.
fn letter(place: u64, Planned { class, silent }: &Planned, finish: bool) -> Letter {
    let name = if *silent && !finish { "silent" } else { "anna" };
    let mailbox = format!("{name}@{place}.example");
    let mut subject = [0; 16];
    subject[8..].copy_from_slice(&place.to_be_bytes());
    Letter {
        subject: Tag(subject),
        template: "approved".into(),
        class: *class,
        to: Some(To { name: "Planted Person".into(), mailbox, language: "sv".into() }),
        values: r#"{"name": "Planted Person", "title": "Bilfritt", "opens": "i dag", "deadline": "sedan"}"#
            .into(),
        link: "https://radslag.example/malmo/petitions/1".into(),
    }
}

/// The letter's place, from its address.
pub(super) fn place(mailbox: &str) -> Option<usize> {
    mailbox.split('@').nth(1)?.strip_suffix(".example")?.parse().ok()
}
