//! The kinds of pages, and how long each takes: so many connections, one request at a time on each.

use std::{sync::Arc, time::Instant};

use anyhow::{Result, ensure};
use rand::{RngExt as _, SeedableRng as _, rngs::StdRng};
use serde::Serialize;
use tokio::task::JoinSet;

use super::{Arguments, served::Served, words};
use crate::{
    api::client::{self, Client},
    house::TENANT,
    progress,
    statistics::{Sample, units},
};

/// Figures of one kind of page.
#[derive(Debug, Serialize)]
pub(crate) struct Page {
    pub(crate) kind: &'static str,
    pub(crate) requests: u64,
    pub(crate) per_second: f64,
    pub(crate) p50_us: f64,
    pub(crate) p99_us: f64,
}

/// The path of one request of a kind.
type Path = dyn Fn(&mut StdRng, &Asked) -> String + Send + Sync;

/// What paths are made of.
struct Asked {
    ids: Vec<String>,
    signatures: u64,
}

impl Asked {
    /// A petition, the popular ones more often.
    fn petition(&self, random: &mut StdRng) -> &str {
        let share: f64 = random.random();
        &self.ids[((share * share * self.ids.len() as f64) as usize).min(self.ids.len() - 1)]
    }

    /// A page of 50 of a list, any one.
    fn page(random: &mut StdRng, rows: u64) -> u64 {
        random.random_range(1..=rows.div_ceil(50).max(1))
    }
}

/// Pages of many petitions.
fn of_many() -> Vec<(&'static str, Box<Path>)> {
    let json = |rest: String| format!("/api/v1/{TENANT}{rest}");
    let active = |asked: &Asked| asked.ids.len() as u64 * 2 / 5;
    vec![
        ("list, first page", Box::new(move |_, _| json("/petitions?sort=signatures".into()))),
        (
            "list, any page",
            Box::new(move |random, asked| {
                json(format!("/petitions?sort=start&page={}", Asked::page(random, active(asked))))
            }),
        ),
        (
            "list of a state, any page",
            Box::new(move |random, asked| {
                let page = Asked::page(random, asked.ids.len() as u64 * 3 / 5);
                json(format!("/petitions?state=closed&sort=deadline&page={page}"))
            }),
        ),
        (
            "list as a page",
            Box::new(move |random, asked| {
                format!("/{TENANT}?sort=signatures&page={}", Asked::page(random, active(asked)))
            }),
        ),
        (
            "search, one word",
            Box::new(move |random, _| {
                json(format!("/petitions?q={}", encoded(&words::word(random.random_range(100..5_000)))))
            }),
        ),
        (
            "search, frequent word",
            Box::new(move |random, _| {
                json(format!("/petitions?q={}", encoded(&words::word(random.random_range(5..50)))))
            }),
        ),
        (
            "search, two words",
            Box::new(move |random, _| {
                let (one, two) =
                    (words::word(random.random_range(20..200)), words::word(random.random_range(20..200)));
                json(format!("/petitions?q={}+{}", encoded(&one), encoded(&two)))
            }),
        ),
        (
            "similar titles",
            Box::new(move |random, _| {
                json(format!(
                    "/petitions/similar?title={}",
                    encoded(&words::text(random, 5)).replace(' ', "+")
                ))
            }),
        ),
    ]
}

/// Pages of one petition.
fn of_one() -> Vec<(&'static str, Box<Path>)> {
    let json = |rest: String| format!("/api/v1/{TENANT}{rest}");
    vec![
        ("detail", Box::new(move |random, asked| json(format!("/petitions/{}", asked.petition(random))))),
        (
            "detail as a page",
            Box::new(move |random, asked| format!("/{TENANT}/petitions/{}", asked.petition(random))),
        ),
        (
            "signatures, any page of many",
            Box::new(move |random, asked| {
                let page = Asked::page(random, asked.signatures / 20);
                json(format!("/petitions/{}/signatures?page={page}", asked.ids[0]))
            }),
        ),
        (
            "areas",
            Box::new(move |random, asked| json(format!("/petitions/{}/areas", asked.petition(random)))),
        ),
        (
            "history of many by hour",
            Box::new(move |_, asked| json(format!("/petitions/{}/history", asked.ids[0]))),
        ),
        (
            "milestones of many",
            Box::new(move |_, asked| json(format!("/petitions/{}/milestones", asked.ids[0]))),
        ),
    ]
}

pub(crate) async fn measure(served: &Served, arguments: &Arguments) -> Result<Vec<Page>> {
    let ids = served.filled.ids.iter().map(ToString::to_string).collect();
    let asked = Arc::new(Asked { ids, signatures: arguments.signatures });
    let mut pages = Vec::new();
    for (kind, path) in of_many().into_iter().chain(of_one()) {
        let path: Arc<Path> = path.into();
        let each = (arguments.requests / arguments.connections.max(1)).max(1);
        let bar = progress::bar(each).with_message(kind);
        let (started, mut running) = (Instant::now(), JoinSet::new());
        for connection in 0..arguments.connections {
            let (path, asked, address) = (path.clone(), asked.clone(), served.address);
            running.spawn(async move {
                let mut random = StdRng::seed_from_u64(connection);
                let mut client = Client::connect(address).await?;
                let mut latencies = Vec::new();
                for _ in 0..each {
                    let path = path(&mut random, &asked);
                    let begun = Instant::now();
                    let status = client.send(&client::get(&path)).await?;
                    latencies.push(units(begun.elapsed()));
                    ensure!(status == 200, "{path} was answered with {status}");
                }
                Ok(latencies)
            });
        }
        let mut latencies = Vec::new();
        while let Some(done) = running.join_next().await {
            latencies.extend(done??);
        }
        bar.finish_and_clear();
        let sample = Sample::new(latencies.len() as u64, started.elapsed().as_secs_f64(), latencies);
        let (p50_us, p99_us) = (sample.percentile_us(0.5), sample.percentile_us(0.99));
        pages.push(Page { kind, requests: sample.events, per_second: sample.rate(), p50_us, p99_us });
    }
    Ok(pages)
}

/// As it stands in an address.
fn encoded(text: &str) -> String {
    let plain = |byte: u8| byte.is_ascii_alphanumeric() || byte == b' ';
    text.bytes()
        .map(|byte| if plain(byte) { char::from(byte).to_string() } else { format!("%{byte:02X}") })
        .collect()
}
