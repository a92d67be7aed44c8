//! `radslag-bench views`: how long each panel of the shipped dashboards takes, over the counts that a large installation has.
//!
//! Only counts and small tables are filled, since no view reads a row for each signature or letter; a test holds that.

mod fill;

use std::{collections::BTreeMap, fs, time::Instant};

use anyhow::{Context as _, Result, bail};
use clap::Args;
use radslag_kit::{Fsync, Postgres, workspace};
use radslag_notifications::projections as letters;
use radslag_petitions::projections as petitions;
use radslag_readmodel::{Backend, Projection, Store};
use serde::Serialize;
use serde_json::Value;
use tokio_postgres::{Client, NoTls};

use crate::{
    machine::Machine,
    output::{self, Report, Table, thousands},
    place::Place,
    statistics::Spread,
};

const TENANT: &str = "bench";
const TIMES: usize = 5;
/// What is asked for: the last month, and everything.
const RANGES: [(&str, &str); 2] = [
    ("30 days", "'2024-12-02T00:00:00Z' AND '2025-01-01T00:00:00Z'"),
    ("all", "'2000-01-01T00:00:00Z' AND '2100-01-01T00:00:00Z'"),
];

#[derive(Args, Debug)]
pub(crate) struct Arguments {
    /// One JSON document instead of a table
    #[arg(long)]
    json: bool,
    /// Petitions; the nth has 400,000,000 / (n * n + 65) signatures, so the first 6.1 million
    #[arg(long, default_value_t = 5_097)]
    petitions: u32,
}

#[derive(Serialize)]
struct Figures {
    command: String,
    machine: Machine,
    /// Rows, by table.
    rows: BTreeMap<String, i64>,
    panels: Vec<Panel>,
}

#[derive(Serialize)]
struct Panel {
    title: String,
    /// Milliseconds, for each range.
    ms: Vec<Spread>,
}

impl Report for Figures {
    fn text(&self) -> String {
        let rows = self.rows.iter().map(|(table, rows)| format!("{table} {}", thousands(*rows as f64)));
        let rows = rows.collect::<Vec<_>>().join(", ");
        let headings: Vec<String> = RANGES.iter().map(|(range, _)| format!("{range}, ms")).collect();
        let mut table = Table::new(&["panel", &headings[0], &headings[1]]);
        for Panel { title, ms } in &self.panels {
            let cells = ms.iter().map(|spread| format!("{:.1}", spread.median));
            table.row(std::iter::once(title.clone()).chain(cells).collect());
        }
        format!("{}\n{}\nrows: {rows}\n{}", self.command, self.machine, table.text())
    }
}

pub(crate) fn run(arguments: &Arguments) -> Result<()> {
    let runtime = tokio::runtime::Runtime::new()?;
    let postgres = Postgres::start_with(Fsync::Off, &[("shared_buffers", "512MB"), ("max_wal_size", "8GB")])?;
    let place = Place::new(None)?;
    let figures = runtime.block_on(measure(arguments, &postgres, Machine::around(place.path())))?;
    output::print(&figures, arguments.json)
}

async fn measure(arguments: &Arguments, postgres: &Postgres, machine: Machine) -> Result<Figures> {
    let url = postgres.database("views")?;
    let backend = Backend::postgres(&url, 2)?.in_zone("Europe/Stockholm");
    let mut schemas = Vec::new();
    use petitions::{BULKS, COMMENTS, INQUIRIES, OBJECTIONS, PETITIONS};
    for projection in [&PETITIONS, &BULKS, &COMMENTS, &INQUIRIES, &OBJECTIONS] {
        schemas.push(make(&backend, "petitions", projection).await?);
    }
    for projection in [&letters::DELIVERIES, &letters::SUBSCRIPTIONS, &letters::MAILINGS] {
        schemas.push(make(&backend, "notifications", projection).await?);
    }
    let (client, connection) = tokio_postgres::connect(&url, NoTls).await?;
    tokio::spawn(connection);
    client.batch_execute(&format!("SET search_path TO {}; SET jit TO off", schemas.join(", "))).await?;
    let rows = fill::all(&client, arguments.petitions).await?;
    let mut panels = Vec::new();
    for (title, sql) in asked()? {
        let mut ms = Vec::new();
        for (_, range) in RANGES {
            ms.push(timed(&client, &expanded(&sql, range)?).await.with_context(|| title.clone())?);
        }
        panels.push(Panel { title, ms });
    }
    let command = std::env::args().collect::<Vec<_>>().join(" ");
    Ok(Figures { command, machine, rows, panels })
}

async fn make<E>(backend: &Backend, service: &str, projection: &Projection<E>) -> Result<String> {
    Store::open(backend, TENANT, service, projection).await?;
    Ok(format!("{TENANT}_{service}_{}", projection.name))
}

async fn timed(client: &Client, sql: &str) -> Result<Spread> {
    let mut all = Vec::new();
    for _ in 0..TIMES {
        let started = Instant::now();
        client.simple_query(sql).await?;
        all.push(started.elapsed().as_secs_f64() * 1_000.0);
    }
    Ok(Spread::of(all))
}

/// Every panel of the English dashboards that asks PostgreSQL.
fn asked() -> Result<Vec<(String, String)>> {
    let mut all = Vec::new();
    for name in ["petitions", "notifications"] {
        let file = workspace().join(format!("infra/deploy/grafana/dashboards/{name}.en.json"));
        let dashboard: Value = serde_json::from_str(&fs::read_to_string(file)?)?;
        for panel in dashboard["panels"].as_array().into_iter().flatten() {
            let title = panel["title"].as_str().unwrap_or_default().to_owned();
            all.extend(panel["targets"][0]["rawSql"].as_str().map(|sql| (title, sql.to_owned())));
        }
    }
    Ok(all)
}

/// As Grafana hands it to the database, of the largest petition.
fn expanded(sql: &str, range: &str) -> Result<String> {
    let mut parts = sql.split("$__timeFilter(");
    let mut out = parts.next().unwrap_or_default().to_owned();
    for part in parts {
        let (column, rest) = part.split_once(')').context("a macro without an end")?;
        out.push_str(&format!("{column} BETWEEN {range}{rest}"));
    }
    let out = out.replace("${petition:sqlstring}", &format!("'{:032x}'", 1));
    if out.contains('$') {
        bail!("an unknown macro in {out}");
    }
    Ok(out)
}
