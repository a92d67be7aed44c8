//! A tenant's service in this process, with petitions and signatures made by its own commands.

use std::{
    path::PathBuf,
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering},
    },
};

use axum::{Router, body::Body, http::Request, response::Response};
use http_body_util::BodyExt as _;
use radslag_eventlog::{Clock, Writer};
use radslag_kernel::{AggregateId, Instant, ItemId, Role};
use radslag_petitions::{
    comment,
    http::{self, Offices},
    petition::{Act, Contact, Content},
    policy::Length,
    projections::lists,
    shell::{
        Asked, Office,
        petition::{Found, HandedIn, Proof, Staff},
        signature::Given,
    },
    signature::Shown,
};
use radslag_readmodel::{Backend, Value::Int};
use radslag_runtime::{
    Config, Kit,
    config::Tenant,
    ground::{self, Folders},
    http::bi,
    serve::Shutdown,
};
use serde_json::{Value, json};
use tower::ServiceExt as _;

pub(crate) const MAILBOX: &str = "initiator@example.org";

pub(crate) struct House {
    pub(crate) office: Arc<Office>,
    pub(crate) app: Router,
    pub(crate) config: Config,
    pub(crate) shutdown: Shutdown,
    _writer: Writer,
    _dir: tempfile::TempDir,
    people: AtomicU64,
}

pub(crate) async fn house() -> House {
    house_on(None, json!({})).await
}

fn postgres() -> Backend {
    let server = radslag_kit::Postgres::shared().unwrap();
    Backend::postgres(&server.database("house").unwrap(), 4).unwrap()
}

/// The same under another policy.
pub(crate) async fn house_under(policy: &str) -> House {
    house_on(None, json!({ "policy": policy })).await
}

/// The same with its tables in PostgreSQL.
pub(crate) async fn house_on_postgres() -> House {
    house_on(Some(postgres()), json!({})).await
}

/// The same with more in the tenant's configuration.
pub(crate) async fn house_with(more: Value) -> House {
    house_on(None, more).await
}

async fn house_on(backend: Option<Backend>, more: Value) -> House {
    let dir = tempfile::tempdir().unwrap();
    let mut tenant = json!({
        "id": "malmo", "name": "Malmö", "locale": "sv-SE", "policy": "open",
        "areas": { "211": "Centrum", "212": "Kirseberg", "213": "Husie" },
        "committees": ["Tekniska nämnden", "Kulturnämnden"], "topics": ["Trafik", "Park", "Skola"],
    });
    tenant.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
    let tenant: Tenant = serde_json::from_value(tenant).unwrap();
    let mut config = Config { tenants: vec![tenant.clone()], ..Config::default() };
    config.data.dir = PathBuf::from(dir.path());
    config.http.listen = ([127, 0, 0, 1], 0).into();
    // Only what holds the end up is waited for so long.
    config.http.drain_ms = 600_000;
    let data = &config.data;
    let folders =
        Folders { ground: data.ground_dir(), derived: data.derived_dir(), secrets: data.secrets_dir() };
    let backend = backend.or_else(|| crate::ON_POSTGRES.then(postgres));
    let backend = backend.unwrap_or_else(|| Backend::Sqlite { dir: folders.derived.clone() });
    let ground = ground::Tenant::open(&folders, "malmo", Arc::new(Clock::system(0))).unwrap();
    let writer = Writer::start().unwrap();
    let office = Office::open(Arc::new(tenant), &ground, &writer, &backend, vec![]).await.unwrap();
    let following = office.clone();
    tokio::spawn(async move {
        let counts = following.clone();
        following.petitions.follow_with(&move |events| counts.counts.take(events)).await
    });
    for running in [&office.comments, &office.inquiries, &office.bulks] {
        let running = running.clone();
        tokio::spawn(async move { running.follow().await });
    }
    let kit = Kit::open(&config, &[http::PROBLEMS]).unwrap();
    let offices = Offices::from([("malmo".to_owned(), Ok(office.clone()))]);
    let shutdown = Shutdown::default();
    let api = http::state(kit.clone(), offices, shutdown.clone()).unwrap();
    let app = kit.wrap(http::routes(api).merge(bi::routes(&http::views(), &backend).unwrap()));
    House { office, app, config, shutdown, _writer: writer, _dir: dir, people: AtomicU64::new(0) }
}

impl House {
    /// Handed in and confirmed: it waits for review.
    pub(crate) async fn hand_in(&self, title: &str, body: &str) -> AggregateId {
        let n = self.people.fetch_add(1, Ordering::Relaxed);
        let handed = HandedIn {
            content: Content {
                title: title.into(),
                body: body.into(),
                background: String::new(),
                url_key: format!("petition-{n:06}"),
                length: Length::Months(6),
                links: Vec::new(),
            },
            contact: Contact {
                public_name: "Ines Initiator".into(),
                party: None,
                name: "Ines Initiator".into(),
                mailbox: MAILBOX.into(),
                postcode: "21144".into(),
                language: "sv".into(),
            },
            eid: None,
            registered: false,
            dialogue: None,
        };
        let office = &self.office;
        let (id, _) = office.hand_in(&Asked::by_system(), &handed).await.unwrap();
        let proof = Proof::Mailbox(office.tags(id).unwrap().mailbox(MAILBOX));
        let confirm = |proof| Act::ConfirmInitiator { proof };
        office.as_initiator(id, &Asked::by_system(), &proof, &confirm).await.unwrap();
        id
    }

    /// Open for signatures.
    pub(crate) async fn petition(&self, title: &str, body: &str) -> AggregateId {
        let id = self.hand_in(title, body).await;
        let approve = |by, _: &Found| Ok(Act::Approve { by, opens_on: None, url_key: None, taken: false });
        self.official(id, &approve).await;
        id
    }

    pub(crate) async fn official(
        &self,
        id: AggregateId,
        act: &(
             dyn Fn(
            radslag_petitions::petition::Official,
            &Found,
        ) -> Result<Act, radslag_runtime::service::Failure>
                 + Sync
         ),
    ) {
        let staff = Staff { role: Role::Moderator, subject: "moderator", ground: "rules".into() };
        self.office.as_official(id, &Asked::by_system(), &staff, act).await.unwrap();
    }

    /// A moderator publishes every comment that waits.
    pub(crate) async fn publish_comments(&self, petition: AggregateId) {
        let end = self.office.log.watermark();
        self.office.comments.wait_for(end).await.unwrap();
        let query = lists::COMMENTS_QUEUE;
        let rows = self.office.comments.store.query(&query, &[Int(100), Int(0)]).await.unwrap();
        for row in rows {
            let item = ItemId::from_slice(row.bytes("item").unwrap()).unwrap();
            let staff = Staff { role: Role::Moderator, subject: "moderator", ground: "rules".into() };
            let make = |by| comment::Act::Approve { item, by };
            self.office.on_comment(petition, item, &Asked::by_system(), &staff, &make).await.unwrap();
        }
    }

    /// So many new people sign, from a postcode.
    pub(crate) async fn sign(&self, petition: AggregateId, people: u64, postcode: &str) {
        for _ in 0..people {
            let n = self.people.fetch_add(1, Ordering::Relaxed);
            let given = Given {
                name: format!("Signe {n}"),
                mailbox: String::new(),
                postcode: postcode.into(),
                shown: Shown::Name,
                against: false,
                language: "sv".into(),
                suspicion: None,
                blocked: false,
                from: None,
            };
            self.office.sign(petition, &Asked::by_system(), &format!("eid-{n}"), &given).await.unwrap();
        }
    }

    pub(crate) fn later(&self, hours: u64) -> Instant {
        let now = self.office.now().plus_hours(hours);
        self.office.log.set_clock(now);
        now
    }

    /// What is read once the tables have everything.
    pub(crate) async fn ask(&self, path: &str) -> Response {
        self.office.petitions.wait_for(self.office.log.watermark()).await.unwrap();
        let request = Request::get(path).body(Body::empty()).unwrap();
        self.app.clone().oneshot(request).await.unwrap()
    }

    pub(crate) async fn text(&self, path: &str) -> String {
        let answer = self.ask(path).await;
        let (status, bytes) = (answer.status(), answer.into_body().collect().await.unwrap().to_bytes());
        let text = String::from_utf8(bytes.to_vec()).unwrap();
        assert!(status.is_success(), "{path}: {status} {text}");
        text
    }

    /// Below `/api/v1/malmo`.
    pub(crate) async fn json(&self, path: &str) -> Value {
        serde_json::from_str(&self.text(&format!("/api/v1/malmo{path}")).await).unwrap()
    }

    pub(crate) async fn status(&self, path: &str) -> u16 {
        self.ask(&format!("/api/v1/malmo{path}")).await.status().as_u16()
    }
}
