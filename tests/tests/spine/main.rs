//! The spine, touched once by its riskiest seams: one petition, one signature by eID, one count, one erasure, through
//! frame, key and index to SQLite and Postgres, by the log's own tail and by JetStream, and a rebuild of both.

#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

mod small;

use std::sync::Arc;

use radslag_bus::{Address, Checkpoint as From, Relay, Subscription};
use radslag_eventlog::{Clock, Log, Writer};
use radslag_kernel::AggregateId;
use radslag_kit::{Nats, Postgres};
use radslag_readmodel::{AsOf, Audience, Backend, Query, Store, Value, rebuild::Options};
use radslag_runtime::{
    ground::{Folders, Tenant},
    project::Running,
    service::everything,
};
use small::{Event, Small, act, projection};

const PETITION: AggregateId = AggregateId::from_bytes([7; 16]);
const NAMES: Query = Query::new("names", "SELECT petition, name, area FROM signature ORDER BY item");
const AREAS: Query = Query::new("areas", "SELECT value, rows FROM signature_area ORDER BY value");

struct Home {
    folder: tempfile::TempDir,
    log: Log,
}

fn home() -> Home {
    let folder = tempfile::tempdir().unwrap();
    let at = |name: &str| folder.path().join(name);
    let folders = Folders { ground: at("ground"), derived: at("derived"), secrets: at("secrets") };
    let tenant = Tenant::open(&folders, "malmo", Arc::new(Clock::system(0))).unwrap();
    let log = tenant.log("small", &Writer::start().unwrap()).unwrap();
    Home { folder, log }
}

async fn running(home: &Home, backend: &Backend) -> Arc<Running<Small>> {
    let store = Store::open(backend, "malmo", "small", &projection()).await.unwrap();
    Running::new(home.log.clone(), store, projection(), everything).await.unwrap()
}

/// Folds until the tables have read the whole log.
async fn catch_up(running: &Running<Small>) {
    let end = running.log.watermark();
    tokio::select! {
        followed = running.follow() => followed.unwrap(),
        reached = running.wait_for(end) => reached.unwrap(),
    }
}

async fn rows(running: &Running<Small>, query: &Query) -> Vec<Vec<Value>> {
    let rows = running.store.query(query, &[]).await.unwrap();
    rows.iter().map(|row| row.values().to_vec()).collect()
}

fn row(name: Option<&str>, area: Option<&str>) -> Vec<Value> {
    let text = |text: Option<&str>| text.map_or(Value::Null, |text| Value::Text(text.into()));
    vec![Value::Bytes(PETITION.as_bytes().to_vec()), text(name), text(area)]
}

async fn one_petition_one_signature_one_count_one_erasure(home: &Home, backend: Backend) {
    let live = running(home, &backend).await;
    act(&home.log, "petition-7", 0, Event::Opened, None).await;
    let key = act(&home.log, "eid-7-x", 0, Event::signed("Ada Lovelace", "Rosengård"), None).await;
    catch_up(&live).await;
    assert_eq!(rows(&live, &NAMES).await, [row(Some("Ada Lovelace"), Some("Rosengård"))]);
    let count = live.store.count_at(PETITION, AsOf::Now).await.unwrap();
    assert_eq!((count.count, count.position), (1, Some((0, 1))));
    assert_eq!(live.store.count_at(PETITION, AsOf::Position(0)).await.unwrap().count, 0);

    act(&home.log, "eid-7-x", 1, Event::Erased { key }, Some(key)).await;
    catch_up(&live).await;
    assert_eq!(rows(&live, &NAMES).await, [row(None, None)], "the engine blanked what was sealed");
    assert_eq!(live.store.count_at(PETITION, AsOf::Now).await.unwrap().count, 1, "it still counts");
    assert_eq!(rows(&live, &AREAS).await, [[Value::Text(String::new()), Value::Int(1)]], "as unknown");

    let options = Options::new(home.folder.path().join("temporary"));
    let compared = live.check(options, Arc::new(|_| ())).await.unwrap();
    assert_eq!((compared.total, compared.differences), (0, vec![]), "live equals rebuilt");
    assert_eq!(compared.rows, 3, "a signature, its area and its block of counts");
}

#[tokio::test(flavor = "multi_thread")]
async fn through_sqlite_live_equals_rebuilt_after_an_erasure() {
    let home = home();
    let backend = Backend::Sqlite { dir: home.folder.path().join("derived") };
    one_petition_one_signature_one_count_one_erasure(&home, backend).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn through_postgres_live_equals_rebuilt_after_an_erasure() {
    let home = home();
    let url = Postgres::shared().unwrap().database("spine").unwrap();
    let manager = deadpool_postgres::Manager::new(url.parse().unwrap(), tokio_postgres::NoTls);
    let pool = deadpool_postgres::Pool::builder(manager).max_size(4).build().unwrap();
    one_petition_one_signature_one_count_one_erasure(
        &home,
        Backend::Postgres { pool, audience: Audience::default() },
    )
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_travels_by_jetstream_is_what_the_tail_of_the_log_gives_and_nothing_private() {
    let home = home();
    act(&home.log, "petition-7", 0, Event::Opened, None).await;
    let key = act(&home.log, "eid-7-x", 0, Event::signed("Ada Lovelace", "Rosengård"), None).await;
    act(&home.log, "eid-7-x", 1, Event::Erased { key }, Some(key)).await;

    let nats = Nats::start().unwrap();
    let jetstream = async_nats::jetstream::new(async_nats::connect(nats.url()).await.unwrap());
    let address = Address::new("malmo", "small").unwrap();
    let relay = Relay::new(
        home.log.clone(),
        0,
        address.clone(),
        small::links(),
        radslag_bus::Limits::default(),
        jetstream.clone(),
    );
    let relaying = tokio::spawn(async move { relay.run().await });
    let mut remote = Subscription::remote(jetstream, &address, From::START);
    let mut local = Subscription::local(&home.log, From::START);
    for position in 0..3 {
        let (far, near) = (remote.next().await.unwrap(), local.next().await.unwrap());
        assert_eq!(far, near);
        assert_eq!((far.position, far.header.position), (position, position));
        assert!(!far.public.windows(3).any(|part| part == b"Ada"));
    }
    relaying.abort();
}

#[tokio::test(flavor = "multi_thread")]
async fn names_stand_in_no_file_of_the_log_and_in_no_table_after_an_erasure() {
    let home = home();
    let backend = Backend::Sqlite { dir: home.folder.path().join("derived") };
    one_petition_one_signature_one_count_one_erasure(&home, backend).await;
    let planted = ["Ada Lovelace".as_bytes(), "Rosengård".as_bytes()];
    for file in small::files(home.folder.path()) {
        let bytes = std::fs::read(&file).unwrap();
        for name in planted {
            let found = bytes.windows(name.len()).any(|part| part == name);
            assert!(!found, "{} holds a name", file.display());
        }
    }
}
