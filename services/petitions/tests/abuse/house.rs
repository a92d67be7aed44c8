//! A tenant as it is served, with its routes to ask and its log to look into.

use std::{
    net::SocketAddr,
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering},
    },
    time::SystemTime,
};

use axum::{
    Router,
    body::Body,
    http::{HeaderMap, Request, StatusCode},
};
use http_body_util::BodyExt as _;
use radslag_eventlog::{Acceptance, Clock, Record, Writer, frame::Head, segment::HEADER};
use radslag_kernel::{Actor, AggregateId, ItemId, Role};
use radslag_petitions::{
    http::{Offices, PROBLEMS, routes, state},
    petition::{Act, Contact, Content},
    policy::Length,
    shell::{
        Asked, Office,
        links::{Link, Purpose},
        petition::{Found, HandedIn, Proof, Staff},
        run,
        signature::{Given, mailbox_stream},
    },
    signature,
};
use radslag_readmodel::Backend;
use radslag_runtime::{
    Config, Kit,
    auth::{Assurance, Grant, Issuer},
    config::Tenant,
    ground::{self, Folders},
    http::{Peer, tlog},
    serve::{Shutdown, Tasks},
};
use serde_json::{Value, json};
use tempfile::TempDir;
use tokio::task::JoinHandle;
use tower::ServiceExt as _;

pub(crate) const TENANT: &str = "malmo";
#[path = "../reading/letterbox.rs"]
mod letterbox;
/// More of a house, for tenants side by side.
#[path = "neighbours.rs"]
mod neighbours;

const INITIATOR: &str = "ines@example.org";

/// A tenant, running.
pub(crate) struct House {
    pub(crate) office: Arc<Office>,
    kit: Kit,
    app: Router,
    issuer: Issuer,
    tasks: Vec<JoinHandle<()>>,
    _running: Tasks,
    folder: TempDir,
    /// How far its letters were read.
    posted: AtomicU64,
    lively: bool,
}

/// Whose house it is, and what petitions are handed in under.
#[derive(Clone, Copy)]
struct Called<'a> {
    tenant: &'a str,
    policy: &'a str,
}

/// An answer with everything that can be seen of it.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Answer {
    pub(crate) status: StatusCode,
    pub(crate) headers: HeaderMap,
    pub(crate) body: Vec<u8>,
}

impl Answer {
    pub(crate) fn json(&self) -> Value {
        serde_json::from_slice(&self.body).unwrap()
    }

    pub(crate) fn code(&self) -> String {
        self.json()["code"].as_str().unwrap().to_owned()
    }
}

impl House {
    pub(crate) async fn new() -> Self {
        Self::with(|_| {}).await
    }

    pub(crate) async fn with(change: impl FnOnce(&mut Config)) -> Self {
        Self::open(tempfile::tempdir().unwrap(), "open", change, true).await
    }

    /// Only the tables are kept; nothing is done by itself.
    pub(crate) async fn still() -> Self {
        Self::open(tempfile::tempdir().unwrap(), "open", |_| {}, false).await
    }

    /// Under another policy.
    pub(crate) async fn under(policy: &str) -> Self {
        Self::open(tempfile::tempdir().unwrap(), policy, |_| {}, true).await
    }

    /// The same as new, with its tables in PostgreSQL.
    pub(crate) async fn on_postgres() -> Self {
        let server = radslag_kit::Postgres::shared().unwrap();
        let backend = Backend::postgres(&server.connection(), 4).unwrap();
        let called = Called { tenant: TENANT, policy: "open" };
        Self::open_on(Some(backend), tempfile::tempdir().unwrap(), called, |_| {}, true).await
    }

    /// The process ends here and now, and another one begins, as still.
    pub(crate) async fn crash(self) -> Self {
        self.begin_again(false).await
    }

    /// The process ends here and now, and another one begins that does things by itself.
    pub(crate) async fn restart(self) -> Self {
        self.begin_again(true).await
    }

    /// The log's last event is lost, somebody accepts that, and another process begins, as still.
    pub(crate) async fn lose_the_last(self) -> Self {
        let folder = self.end().await;
        let path = folder.path().join("ground/malmo/petitions/segments/00000000000000000000.segment");
        let mut bytes = std::fs::read(&path).unwrap();
        let (mut at, mut last) = (HEADER as usize, 0);
        while let Some(head) = Head::read(&bytes[at..]) {
            (last, at) = (at, at + head.padded());
        }
        bytes[last + 50] ^= 1;
        std::fs::write(&path, bytes).unwrap();
        // The tables are made again from the log.
        std::fs::remove_dir_all(folder.path().join("derived")).unwrap();
        let at = |name: &str| folder.path().join(name);
        let folders = Folders { ground: at("ground"), derived: at("derived"), secrets: at("secrets") };
        let accepting = tokio::task::spawn_blocking(move || {
            let ground = ground::Tenant::open(&folders, TENANT, Arc::new(Clock::system(0))).unwrap();
            let acceptance = Acceptance { ground: "a broken disk".into(), actor: Actor::SYSTEM };
            let (log, _) = ground.accept_loss("petitions", &Writer::start().unwrap(), &acceptance).unwrap();
            log.close();
        });
        accepting.await.unwrap();
        Self::open(folder, "open", |_| {}, false).await
    }

    async fn begin_again(self, lively: bool) -> Self {
        Self::open(self.end().await, "open", |_| {}, lively).await
    }

    async fn end(self) -> TempDir {
        let Self { office, app, tasks, folder, .. } = self;
        for task in &tasks {
            task.abort();
        }
        for task in tasks {
            let _ = task.await;
        }
        drop(app);
        let log = office.log.clone();
        drop(office);
        tokio::task::spawn_blocking(move || log.close()).await.unwrap();
        folder
    }

    async fn open(folder: TempDir, policy: &str, change: impl FnOnce(&mut Config), lively: bool) -> Self {
        Self::open_on(None, folder, Called { tenant: TENANT, policy }, change, lively).await
    }

    async fn open_on(
        backend: Option<Backend>,
        folder: TempDir,
        Called { tenant: id, policy }: Called<'_>,
        change: impl FnOnce(&mut Config),
        lively: bool,
    ) -> Self {
        let tenant = json!({ "id": id, "name": "Malmö stad", "policy": policy,
            "areas": { "211": "Centrum" }, "committees": ["Parks"], "topics": ["Benches"],
            "politicians": [{ "subject": "petra", "name": "Petra Politiker", "party": "P" }] });
        let tenant: Tenant = serde_json::from_value(tenant).unwrap();
        let mut config = Config { tenants: vec![tenant], ..Config::default() };
        config.data.dir = folder.path().to_owned();
        (config.limits.burst, config.limits.per_minute) = (u32::MAX, u32::MAX);
        change(&mut config);
        let tenant = config.tenants[0].clone();
        let data = &config.data;
        let folders =
            Folders { ground: data.ground_dir(), derived: data.derived_dir(), secrets: data.secrets_dir() };
        let ground = ground::Tenant::open(&folders, id, Arc::new(Clock::system(0))).unwrap();
        // After a crash they are made again from the log.
        let backend = backend.unwrap_or_else(|| {
            if crate::ON_POSTGRES {
                let server = radslag_kit::Postgres::shared().unwrap();
                Backend::postgres(&server.database("house").unwrap(), 4).unwrap()
            } else {
                Backend::Sqlite { dir: folders.derived.clone() }
            }
        });
        let writer = Writer::start().unwrap();
        let office = Office::open(Arc::new(tenant), &ground, &writer, &backend, Vec::new()).await.unwrap();
        let kit = Kit::open(&config, &[PROBLEMS]).unwrap();
        let shutdown = Shutdown::default();
        let mut running = Tasks::new(shutdown.clone(), kit.health().clone());
        let mut tasks = Vec::new();
        let posted = AtomicU64::new(office.log.watermark());
        if lively {
            let around = (kit.health(), &shutdown);
            run::start(&office, &mut running, around);
        } else {
            let this = office.clone();
            tasks.push(tokio::spawn(async move {
                let counts = this.clone();
                this.petitions.follow_with(&move |events| counts.counts.take(events)).await.unwrap();
            }));
            for running in [&office.persons, &office.bulks] {
                let running = running.clone();
                tasks.push(tokio::spawn(async move { running.follow().await.unwrap() }));
            }
        }
        let offices: Offices = [(id.to_owned(), Ok(office.clone()))].into();
        let logs = [((id.to_owned(), "petitions".to_owned()), office.log.clone())].into();
        let app = kit.wrap(
            routes(state(kit.clone(), offices, Shutdown::default()).unwrap()).merge(tlog::routes(logs)),
        );
        let issuer = Issuer::open(&config.auth, &config.data.secrets_dir()).unwrap();
        Self { office, kit, app, issuer, tasks, _running: running, folder, posted, lively }
    }

    /// The token of the link in the next letter that holds `what`; letters that come before it are dropped.
    pub(crate) async fn link(&self, what: &str) -> String {
        loop {
            for mail in self.posted().await {
                if mail.contains(what) {
                    let from = mail.find("/links/").unwrap() + "/links/".len();
                    return mail[from..]
                        .split(|end: char| end.is_whitespace() || end == '?')
                        .next()
                        .unwrap()
                        .to_owned();
                }
            }
            tokio::task::yield_now().await;
        }
    }

    /// How many letters hold a text, of those that the log leads to by now.
    pub(crate) async fn mails(&self, what: &str) -> usize {
        self.posted().await.iter().filter(|mail| mail.contains(what)).count()
    }

    /// The letters that nobody has read yet.
    async fn posted(&self) -> Vec<String> {
        let since = self.posted.load(Ordering::Relaxed);
        let end = self.office.log.watermark();
        let letters = letterbox::letters(&self.office, since..end).await;
        self.posted.store(end, Ordering::Relaxed);
        letters
    }

    /// The reactions have seen everything, and the tables what came of it.
    pub(crate) async fn reacted(&self) {
        let end = self.office.log.watermark();
        while self.office.reactions.checkpoint().await.unwrap().next < end {
            tokio::task::yield_now().await;
        }
        self.settled().await;
    }

    /// Does what a link is for.
    pub(crate) async fn follow(&self, link: &str, act: Value) -> Answer {
        self.ask_from("198.51.100.1", ("POST", &format!("/links/{link}")), &[], &act.to_string()).await
    }

    pub(crate) fn token(&self, role: Role, subject: &str) -> String {
        self.granted(role, subject, None)
    }

    fn granted(&self, role: Role, subject: &str, assurance: Option<Assurance>) -> String {
        self.granted_in(TENANT, role, subject, assurance)
    }

    fn granted_in(&self, tenant: &str, role: Role, subject: &str, assurance: Option<Assurance>) -> String {
        let (tenant, subject) = (tenant.to_owned(), subject.to_owned());
        let name = Some(format!("Person {subject}"));
        let grant = Grant { tenant, subject, roles: vec![role], name, assurance, valid_s: 3_600 };
        let now = SystemTime::now().duration_since(SystemTime::UNIX_EPOCH).unwrap().as_secs();
        self.issuer.issue(&grant, now).unwrap()
    }

    /// A citizen who is known to be in the population register.
    pub(crate) fn resident(&self, subject: &str) -> String {
        self.granted(Role::Citizen, subject, Some(Assurance::Substantial))
    }

    /// The petition that a link is about.
    pub(crate) fn link_petition(&self, link: &str) -> AggregateId {
        self.office.links.read(link, self.office.now()).unwrap().petition
    }

    /// The link to an initiator's own page.
    pub(crate) fn link_of(&self, petition: AggregateId, mailbox: &str) -> String {
        let tag = self.office.tags(petition).unwrap().mailbox(mailbox);
        let expires_at = self.office.now().plus_hours(24);
        let (purpose, item) = (Purpose::Initiator, ItemId::default());
        self.office.links.token(&Link { purpose, petition, tag, item, expires_at })
    }

    /// Asks from an address, with headers written `name: value`.
    pub(crate) async fn ask_from(
        &self,
        address: &str,
        (method, path): (&str, &str),
        headers: &[&str],
        body: &str,
    ) -> Answer {
        let uri = format!("/api/v1/{TENANT}{path}");
        let mut request = Request::builder().method(method).uri(uri).header("host", "malmo.example");
        if !body.is_empty() && !headers.iter().any(|header| header.starts_with("content-type: ")) {
            request = request.header("content-type", "application/json");
        }
        for header in headers {
            let (name, value) = header.split_once(": ").unwrap();
            request = request.header(name, value);
        }
        let mut request = request.body(Body::from(body.to_owned())).unwrap();
        let peer: SocketAddr = format!("{address}:4711").parse().unwrap();
        request.extensions_mut().insert(Peer(peer));
        Self::answered(&self.app, request).await
    }

    /// Sends anything.
    pub(crate) async fn send(&self, mut request: Request<Body>) -> Answer {
        request.extensions_mut().insert(Peer(([198, 51, 100, 1], 4711).into()));
        Self::answered(&self.app, request).await
    }

    /// What an application says.
    pub(crate) async fn answered(app: &Router, request: Request<Body>) -> Answer {
        let response = app.clone().oneshot(request).await.unwrap();
        let (status, headers) = (response.status(), response.headers().clone());
        let body = response.into_body().collect().await.unwrap().to_bytes().to_vec();
        Answer { status, headers, body }
    }

    /// Asks with a token.
    pub(crate) async fn ask(&self, method: &str, path: &str, token: &str, body: &str) -> Answer {
        self.ask_from("198.51.100.1", (method, path), &[&format!("authorization: Bearer {token}")], body)
            .await
    }

    /// Sends a CSV file.
    pub(crate) async fn send_file(&self, path: &str, token: &str, file: &str) -> Answer {
        let headers = [&*format!("authorization: Bearer {token}"), "content-type: text/csv"];
        self.ask_from("198.51.100.1", ("POST", path), &headers, file).await
    }

    /// A petition that can be signed.
    pub(crate) async fn petition(&self) -> AggregateId {
        self.petition_called("A bench in every park").await
    }

    /// The same with a title of its own.
    pub(crate) async fn petition_called(&self, title: &str) -> AggregateId {
        let id = self.in_review(title).await;
        let office = &self.office;
        let staff = Staff { role: Role::Moderator, subject: "mona", ground: "fine".into() };
        let approve = |by, _: &Found| Ok(Act::Approve { by, opens_on: None, url_key: None, taken: false });
        office.as_official(id, &Asked::by_system(), &staff, &approve).await.unwrap();
        self.settled().await;
        id
    }

    /// One whose initiator is confirmed.
    pub(crate) async fn in_review(&self, title: &str) -> AggregateId {
        let handed = HandedIn {
            content: Content {
                title: title.into(),
                body: "There is nowhere to sit.".into(),
                background: String::new(),
                url_key: "a-bench-in-every-park".into(),
                length: Length::Months(6),
                links: Vec::new(),
            },
            contact: Contact {
                public_name: "Ines Initiator".into(),
                party: None,
                name: "Ines Initiator".into(),
                mailbox: INITIATOR.into(),
                postcode: "21144".into(),
                language: "en".into(),
            },
            eid: None,
            registered: false,
            dialogue: None,
        };
        let office = &self.office;
        let (id, _) = office.hand_in(&Asked::by_system(), &handed).await.unwrap();
        let proof = Proof::Mailbox(office.tags(id).unwrap().mailbox(INITIATOR));
        let confirm = |proof| Act::ConfirmInitiator { proof };
        office.as_initiator(id, &Asked::by_system(), &proof, &confirm).await.unwrap();
        self.settled().await;
        id
    }

    /// Everything that stands in the log has been read by the tables.
    pub(crate) async fn settled(&self) {
        let end = self.office.log.watermark();
        self.office.petitions.wait_for(end).await.unwrap();
        self.office.persons.wait_for(end).await.unwrap();
        self.office.bulks.wait_for(end).await.unwrap();
        if self.lively {
            self.office.comments.wait_for(end).await.unwrap();
            self.office.objections.wait_for(end).await.unwrap();
        }
    }

    /// A page for people, once everything about inquiries was read.
    pub(crate) async fn page_of(&self, path: &str) -> (StatusCode, String) {
        self.office.inquiries.wait_for(self.office.log.watermark()).await.unwrap();
        let request = Request::get(path).header("accept", "text/html").body(Body::empty()).unwrap();
        let response = self.app.clone().oneshot(request).await.unwrap();
        let status = response.status();
        let body = response.into_body().collect().await.unwrap().to_bytes().to_vec();
        (status, String::from_utf8(body).unwrap())
    }

    /// A counted signature by mailbox.
    pub(crate) async fn signed(&self, petition: AggregateId, name: &str, mailbox: &str) -> ItemId {
        let given = Given {
            name: name.into(),
            mailbox: mailbox.into(),
            postcode: "211 45".into(),
            shown: signature::Shown::Name,
            against: false,
            language: "en".into(),
            suspicion: None,
            blocked: false,
            from: Some([192, 0, 2, 1].into()),
        };
        self.office.request(petition, &Asked::by_system(), &given).await.unwrap();
        self.confirm(petition, mailbox).await
    }

    /// Asks to sign by mailbox.
    pub(crate) async fn request(
        &self,
        petition: AggregateId,
        from: &str,
        name: &str,
        mailbox: &str,
    ) -> Answer {
        let body = json!({ "name": name, "mailbox": mailbox, "postcode": "211 45" }).to_string();
        self.ask_from(from, ("POST", &format!("/petitions/{petition}/signatures")), &[], &body).await
    }

    /// The page of a mailbox as it is.
    pub(crate) fn page(&self, petition: AggregateId, mailbox: &str) -> signature::State {
        let stream = mailbox_stream(petition, self.office.tags(petition).unwrap().mailbox(mailbox));
        self.office.page(petition, &stream).unwrap().state
    }

    /// The mailbox answers its latest request; which one that was.
    pub(crate) async fn confirm(&self, petition: AggregateId, mailbox: &str) -> ItemId {
        let item = self.page(petition, mailbox).pending.last().unwrap().item;
        let stream = mailbox_stream(petition, self.office.tags(petition).unwrap().mailbox(mailbox));
        let confirm = signature::Act::Confirm { item, suspicion: None };
        self.office.own(petition, &stream, &Asked::by_system(), confirm).await.unwrap();
        item
    }

    /// Every record from a position on.
    pub(crate) fn records(&self, from: u64) -> Vec<Record> {
        let mut frames = self.office.log.frames(from);
        let mut records = Vec::new();
        loop {
            let chunk = frames.chunk(1 << 20).unwrap();
            if chunk.is_empty() {
                return records;
            }
            records.extend(chunk.decode().unwrap().into_iter().filter(|record| record.position() >= from));
        }
    }

    /// Time goes on.
    pub(crate) fn later(&self, seconds: u64) {
        self.office.log.set_clock(self.office.now().plus_millis(seconds * 1_000));
    }
}
