//! A database of one's own, the tables of every projection in it, and what is read there as texts.

use radslag_kit::Postgres;
use radslag_notifications::projections as letters;
use radslag_petitions::projections as petitions;
use radslag_readmodel::{Backend, Projection, Store};
use radslag_runtime::http::bi::Shown;
use tokio_postgres::{Client, NoTls, SimpleQueryMessage};

pub(crate) const TENANT: &str = "malmo";

/// A database.
pub(crate) struct Database {
    pub(crate) url: String,
    pub(crate) backend: Backend,
}

impl Database {
    /// An empty one.
    pub(crate) fn new() -> Self {
        let url = Postgres::shared().unwrap().database("bi").unwrap();
        let backend = Backend::postgres(&url, 4).unwrap().in_zone("Europe/Stockholm");
        Self { url, backend }
    }

    pub(crate) async fn connect(&self, user: &str) -> Client {
        connect(&self.url.replace("user=postgres", &format!("user={user}"))).await
    }

    pub(crate) async fn store<E>(&self, service: &str, projection: &Projection<E>) -> Store {
        Store::open(&self.backend, TENANT, service, projection).await.unwrap()
    }

    /// Makes the tables and views of every projection that has views.
    pub(crate) async fn fill(&self) {
        use petitions::{BULKS, COMMENTS, INQUIRIES, OBJECTIONS, PETITIONS};
        for projection in [&PETITIONS, &BULKS, &COMMENTS, &INQUIRIES, &OBJECTIONS] {
            self.store("petitions", projection).await;
        }
        for projection in [&letters::DELIVERIES, &letters::SUBSCRIPTIONS, &letters::MAILINGS] {
            self.store("notifications", projection).await;
        }
    }

    /// A connection that finds every view by its name.
    pub(crate) async fn looking(&self) -> Client {
        let client = self.connect("postgres").await;
        let mut schemas: Vec<String> = shown().iter().map(schema).collect();
        schemas.dedup();
        client.batch_execute(&format!("SET search_path TO {}", schemas.join(", "))).await.unwrap();
        client
    }
}

pub(crate) async fn connect(settings: &str) -> Client {
    let (client, connection) = tokio_postgres::connect(settings, NoTls).await.unwrap();
    tokio::spawn(connection);
    client
}

/// Every view of every service.
pub(crate) fn shown() -> Vec<Shown> {
    [radslag_petitions::http::views(), radslag_notifications::http::views()].concat()
}

/// Where a view of the tenant stands.
pub(crate) fn schema(shown: &Shown) -> String {
    format!("{TENANT}_{}_{}", shown.service, shown.projection)
}

/// The names of the columns, and the rows as texts.
pub(crate) async fn read(client: &Client, sql: &str) -> (Vec<String>, Vec<Vec<Option<String>>>) {
    let answer = client.simple_query(sql).await;
    let messages = answer.unwrap_or_else(|error| panic!("{sql}: {:?}", error.as_db_error()));
    let (mut names, mut rows) = (Vec::new(), Vec::new());
    for message in &messages {
        match message {
            SimpleQueryMessage::RowDescription(columns) => {
                names = columns.iter().map(|column| column.name().to_owned()).collect();
            }
            SimpleQueryMessage::Row(row) => {
                rows.push((0..row.len()).map(|at| row.get(at).map(str::to_owned)).collect());
            }
            _ => {}
        }
    }
    (names, rows)
}

/// One text a row, its columns with bars between.
pub(crate) async fn texts(client: &Client, sql: &str) -> Vec<String> {
    let (_, rows) = read(client, sql).await;
    let line = |row: Vec<Option<String>>| {
        row.into_iter().map(Option::unwrap_or_default).collect::<Vec<_>>().join("|")
    };
    rows.into_iter().map(line).collect()
}
