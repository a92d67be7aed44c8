//! The demonstration as it is served: what the slides showed. The thousands of signatures that one of them has are folded
//! from a real one, because writing each would take minutes here.

use axum::{
    Router,
    body::{Body, to_bytes},
    http::Request,
};
use radslag_kernel::{ItemId, Recorded};
use radslag_petitions::{
    Event,
    http::{self, Offices},
    projections::PETITIONS,
    shell::Petitions,
    signature,
};
use radslag_readmodel::Checkpoint;
use radslag_runtime::{Kit, config, house::House, office::Office as _, serve::Shutdown, service::load};
use serde_json::Value;
use tower::ServiceExt as _;

use super::*;

/// Signatures of a petition that are really made.
const MADE: u64 = 200;
/// Signatures folded into one transaction.
const BATCH: usize = 4_096;

struct Demo {
    app: Router,
    _house: House,
    _folder: tempfile::TempDir,
}

impl Demo {
    async fn of(tenant: &str) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("demo.toml");
        fs::write(&file, include_str!("../../demo.toml")).unwrap();
        let mut config = config::load(Some(&file), []).unwrap().config;
        config.data.dir = folder.path().join("data");
        let house = House::open(&config).unwrap();
        let tenant = Arc::new(config.tenants.iter().find(|known| known.id == tenant).unwrap().clone());
        let office = open::petitions(&house, &tenant, &config).await.unwrap();
        let (seed, left) = seed::of(&tenant.id).unwrap().unwrap().cut(MADE);
        let (history, talk) = (History::new(&tenant, &seed).unwrap(), Talk::new(&seed));
        play(&office, history, talk, None, &Bar::new("")).await.unwrap();
        for running in office.projections() {
            catch_up(running).await.unwrap();
        }
        for (title, number) in left {
            signed(&office, &title, number).await;
        }
        office.load_counts().await.unwrap();
        let kit = Kit::open(&config, &[http::PROBLEMS]).unwrap();
        let offices = Offices::from([(tenant.id.clone(), Ok(office))]);
        let app = kit.wrap(http::routes(http::state(kit.clone(), offices, Shutdown::default()).unwrap()));
        Self { app, _house: house, _folder: folder }
    }

    async fn get(&self, path: &str) -> Value {
        let request = Request::get(path).header("host", "demo.example").body(Body::empty()).unwrap();
        let answer = self.app.clone().oneshot(request).await.unwrap();
        assert_eq!(answer.status(), 200, "{path}");
        serde_json::from_slice(&to_bytes(answer.into_body(), 1 << 24).await.unwrap()).unwrap()
    }

    /// Signatures of a list, as it is sorted.
    async fn signatures(&self, path: &str) -> Vec<i64> {
        let list = self.get(path).await;
        list["petitions"].as_array().unwrap().iter().map(|row| row["signatures"].as_i64().unwrap()).collect()
    }
}

/// More signatures of a petition, each like its last one, in the tables only.
async fn signed(office: &Office, title: &str, number: u64) {
    let end = office.log.watermark();
    let is_last = |position: &u64| {
        let record = office.log.read_at(*position).unwrap();
        record.header.r#type == "signature.confirmed"
            && petition_title(office, &record.header.aggregate) == title
    };
    let position = (0..end).rev().find(is_last).unwrap();
    let page = load::<Petitions>(&office.log, &office.stream_at(position).unwrap()).unwrap();
    let last: Recorded<Event> = page.events.into_iter().find(|event| event.position == position).unwrap();
    let store = &office.petitions.store;
    let (mut from, mut ops) = (store.checkpoint().await.unwrap(), Vec::new());
    for n in 0..number {
        let mut next = last.clone();
        next.position = from.next + n;
        if let Event::Signature(signature::Event::Confirmed { item, .. }) = &mut next.event {
            *item = ItemId::from_bytes(u128::from(n).to_be_bytes());
        }
        (PETITIONS.fold)(&next, &mut ops);
        if ops.len() >= BATCH || n + 1 == number {
            let to = Checkpoint { next: from.next + 1, ..from };
            store.apply(std::mem::take(&mut ops), from, to).await.unwrap();
            from = to;
        }
    }
}

fn petition_title(office: &Office, id: &[u8]) -> String {
    let (_, state) = office.petition(AggregateId::from_slice(id).unwrap_or_default()).unwrap();
    let content = state.0.as_ref().and_then(|petition| petition.content.known().cloned());
    content.map(|content| content.title).unwrap_or_default()
}

#[tokio::test]
async fn number10_serves_the_figures_of_its_slide() {
    let demo = Demo::of("number10").await;
    let figures = [35_617, 610, 63, 44, 16, 14, 11, 1];
    assert_eq!(demo.signatures("/api/v1/number10/petitions?sort=signatures").await, figures);
    let popular = demo.get("/api/v1/number10/petitions?list=popular").await;
    let first = &popular["petitions"][0];
    assert!(first["title"].as_str().unwrap().starts_with("instruct water companies"), "{first}");
    let detail = demo.get(&format!("/api/v1/number10/petitions/{}", first["id"].as_str().unwrap())).await;
    assert_eq!(detail["signatures"], 35_617);
    let newest = demo.get("/api/v1/number10/petitions?list=newest").await;
    assert!(newest["petitions"][0]["title"].as_str().unwrap().starts_with("Oppose the erecting"));
}

#[tokio::test]
async fn malmo_serves_the_figures_of_its_slide() {
    let demo = Demo::of("malmo").await;
    let figures = [166, 17, 5, 4, 2, 1, 0, 0, 0, 0, 0, 0, 0, 0];
    assert_eq!(demo.signatures("/api/v1/malmo/petitions?sort=signatures").await, figures);
    let list = demo.get("/api/v1/malmo/petitions?sort=signatures").await;
    assert_eq!((&list["total"], &list["petitions"][0]["deadline"]), (&14.into(), &"2009-02-22".into()));
    let none =
        list["petitions"].as_array().unwrap().iter().find(|row| row["title"] == "Lånecyklar utan kostnad");
    assert_eq!(none.unwrap()["signatures"], 0);
}

#[tokio::test]
async fn ale_and_svenljunga_serve_what_is_answered_in_public_and_no_petitions() {
    for (tenant, kind) in [("ale", "question"), ("svenljunga", "tip")] {
        let demo = Demo::of(tenant).await;
        let inquiries = demo.get(&format!("/api/v1/{tenant}/inquiries?kind={kind}")).await;
        assert_eq!(inquiries["total"], 4, "{tenant}");
        assert_eq!(demo.get(&format!("/api/v1/{tenant}/petitions")).await["total"], 0);
    }
}
