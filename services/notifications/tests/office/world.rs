//! An office of letters in a temporary folder, with an owner that says what a test wants and a way out that a test watches.

use std::{
    collections::HashMap,
    path::{Path, PathBuf},
    sync::{Arc, Mutex},
};

use radslag_eventlog::{Clock, Writer};
use radslag_kernel::{AggregateId, EventId};
use radslag_notifications::{
    Tag,
    delivery::{Decider, Delivery, Outcome, State},
    letter::{Cause, Class, Letter, Opened, To},
    shell::{
        Office,
        deliver::stream,
        office::Means,
        owner::{Answering, Ask, Away, Owner, Owners, Purpose},
        sending,
        transport::{Outgoing, Sending, Transport},
    },
};
use radslag_readmodel::Backend;
use radslag_runtime::{
    config,
    ground::{Folders, Tenant},
    office::Office as _,
    project::Running,
    reaction,
    service::Failure,
};

/// An owner: what it says of each position.
#[derive(Default)]
pub struct Says {
    pub opened: Mutex<HashMap<u64, Opened>>,
    pub away: Mutex<bool>,
    pub asked: Mutex<Vec<Ask>>,
}

impl Says {
    pub fn of(&self, position: u64, opened: Opened) {
        self.opened.lock().unwrap().insert(position, opened);
    }
}

impl Owner for Says {
    fn open<'a>(&'a self, ask: &'a Ask) -> Answering<'a> {
        Box::pin(async move {
            self.asked.lock().unwrap().push(ask.clone());
            if *self.away.lock().unwrap() {
                return Err(Away("a test".into()));
            }
            let mut opened = self.opened.lock().unwrap().get(&ask.position).cloned().unwrap_or_default();
            if ask.purpose == Purpose::Plan {
                opened.letters.iter_mut().for_each(|letter| letter.to = None);
            }
            Ok(opened)
        })
    }
}

/// A way out: what it answers in turn (`Sent` when there is nothing more), and what it was handed.
#[derive(Default)]
pub struct Watched {
    pub answers: Mutex<Vec<Outcome>>,
    pub sent: Mutex<Vec<(String, String)>>,
    pub forgotten: Mutex<Vec<Tag>>,
}

impl Transport for Watched {
    fn send<'a>(&'a self, letter: &'a Outgoing) -> Sending<'a> {
        Box::pin(async move {
            let text = String::from_utf8_lossy(&letter.bytes).into_owned();
            self.sent.lock().unwrap().push((letter.to.to_string(), text));
            let mut answers = self.answers.lock().unwrap();
            if answers.is_empty() { Outcome::Sent } else { answers.remove(0) }
        })
    }

    fn forget(&self, subject: Tag) -> std::io::Result<()> {
        self.forgotten.lock().unwrap().push(subject);
        Ok(())
    }
}

impl Watched {
    pub fn to(&self) -> Vec<String> {
        self.sent.lock().unwrap().iter().map(|(to, _)| to.clone()).collect()
    }
}

pub struct World {
    pub office: Arc<Office>,
    pub says: Arc<Says>,
    following: Vec<tokio::task::JoinHandle<Result<(), Failure>>>,
}

pub const DAILY: u32 = 9;

impl World {
    /// In a folder, which it may have been in before.
    pub async fn open(folder: &Path, transport: Arc<dyn Transport>) -> Self {
        let says = Arc::new(Says::default());
        let tenant: config::Tenant = toml::from_str("id = \"malmo\"\nname = \"Malmö stad\"").unwrap();
        let at = |name: &str| -> PathBuf { folder.join(name) };
        let folders = Folders { ground: at("ground"), derived: at("derived"), secrets: at("secrets") };
        let ground = Tenant::open(&folders, "malmo", Arc::new(Clock::system(0))).unwrap();
        let means = Means {
            from: "Malmö stad <radslag@malmo.example>".parse().unwrap(),
            return_domain: "malmo.example".into(),
            signer: None,
            transport,
            owners: Owners::default().with("petitions", says.clone()),
            public_url: "https://radslag.example".into(),
            daily: DAILY,
            hourly: 3_600,
            spool: at("bounces"),
        };
        let backend = Backend::Sqlite { dir: at("derived") };
        let writer = Writer::start().unwrap();
        let office = Office::open(Arc::new(tenant), &ground, &writer, &backend, means).await.unwrap();
        let follow = |running: &Arc<Running<_>>| {
            let running = running.clone();
            tokio::spawn(async move { running.follow().await })
        };
        let following = office.projections().into_iter().map(follow).collect();
        Self { office, says, following }
    }

    /// As if the process had ended, but for what it was in the middle of.
    pub async fn close(self) {
        self.following.iter().for_each(tokio::task::JoinHandle::abort);
        for task in self.following {
            let _ = task.await;
        }
        let office = Arc::into_inner(self.office).expect("nobody else has the office");
        let log = office.log.clone();
        drop(office);
        log.close();
    }

    /// Does what is due until nothing is, own letters too.
    pub async fn keep_up(&self) {
        loop {
            let end = self.office.log.watermark();
            let own = radslag_notifications::shell::own::Reacting(self.office.clone());
            reaction::catch_up(&self.office.log, &self.office.own, &own).await.unwrap();
            self.office.expire().await.unwrap();
            while self.office.step_mailings().await.unwrap() > 0 {}
            self.office.deliveries.wait_for(self.office.log.watermark()).await.unwrap();
            while sending::send_due(&self.office).await.unwrap() > 0 {}
            if self.office.log.watermark() == end {
                return;
            }
        }
    }

    pub fn pass(&self, hours: u64) {
        self.office.log.set_clock(self.office.now().plus_hours(hours));
    }

    pub fn pass_millis(&self, millis: u64) {
        self.office.log.set_clock(self.office.now().plus_millis(millis));
    }

    pub fn delivery(&self, id: AggregateId) -> Delivery {
        let (_, State(delivery)) = self.office.state::<Decider>(&stream(id)).unwrap();
        delivery.expect("it was planned")
    }

    /// Lets the owner say that an event leads to a letter, and lets it be heard of.
    pub async fn hear(&self, position: u64, letter: Letter) -> AggregateId {
        let id = self.office.delivery(&cause(position), letter.subject, &letter.template);
        self.says.of(position, Opened { letters: vec![letter], withdrawn: Vec::new() });
        self.office.heard(&[cause(position)]).await.unwrap();
        self.office.deliveries.wait_for(self.office.log.watermark()).await.unwrap();
        id
    }
}

pub fn cause(position: u64) -> Cause {
    let event = EventId::v7(position, [u8::try_from(position).unwrap_or(0); 10]);
    Cause { service: "petitions".into(), origin: 0, position, event }
}

pub fn letter(mailbox: &str, class: Class) -> Letter {
    let (name, language) = ("Planted Person".into(), "sv".into());
    Letter {
        subject: Tag([9; 16]),
        template: "approved".into(),
        class,
        to: Some(To { name, mailbox: mailbox.into(), language }),
        values: r#"{"name": "Planted Person", "title": "Bilfritt", "opens": "i dag", "deadline": "sedan"}"#
            .into(),
        link: "https://radslag.example/malmo/petitions/1".into(),
    }
}

pub fn silent() -> Letter {
    Letter { template: String::new(), to: None, ..letter("", Class::Confirmation) }
}

/// Files below a folder that hold a text, in any case.
pub fn files_with(folder: &Path, text: &str) -> Vec<PathBuf> {
    let mut found = Vec::new();
    for entry in std::fs::read_dir(folder).unwrap().flatten() {
        let path = entry.path();
        if path.is_dir() {
            found.extend(files_with(&path, text));
            continue;
        }
        let bytes = std::fs::read(&path).unwrap_or_default().to_ascii_lowercase();
        if bytes.windows(text.len()).any(|window| window == text.as_bytes()) {
            found.push(path);
        }
    }
    found
}

pub fn message_id(letter: &str) -> &str {
    letter.lines().find(|line| line.starts_with("Message-ID: ")).unwrap()
}
