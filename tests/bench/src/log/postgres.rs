//! PostgreSQL as a target: one table, unique (stream, version), and a task that inserts whatever waits in one statement,
//! which is its group commit. `fsync` and `synchronous_commit` are on.

use std::sync::Arc;

use anyhow::{Context as _, Result, ensure};
use radslag_kit::{Fsync, Postgres};
use tokio::{
    runtime::Runtime,
    sync::{mpsc, oneshot},
};
use tokio_postgres::{Client, NoTls, Statement};

use super::load::Target;
use crate::home;

/// Rows of one statement at most.
const BATCH: usize = 1_024;
const TABLE: &str = "DROP TABLE IF EXISTS events; CREATE TABLE events (
    position bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    stream text NOT NULL, version bigint NOT NULL, kind text NOT NULL, public bytea NOT NULL,
    UNIQUE (stream, version))";
const INSERT: &str = "INSERT INTO events (stream, version, kind, public)
    SELECT s, v, 'bench.happened', p FROM unnest($1::text[], $2::bigint[], $3::bytea[]) AS rows (s, v, p)";

type Request = (u64, oneshot::Sender<()>);

/// A server for all runs of the bench.
pub(crate) struct Server(Postgres);

#[derive(Clone)]
pub(crate) struct Table(mpsc::Sender<Request>);

impl Server {
    pub(crate) fn start() -> Result<Self> {
        let folder = std::env::temp_dir();
        ensure!(
            !crate::machine::in_memory(&folder),
            "PostgreSQL would run in memory: set TMPDIR to a folder on a disk (it is {})",
            folder.display()
        );
        let settings = [("shared_buffers", "512MB"), ("max_wal_size", "8GB"), ("synchronous_commit", "on")];
        Ok(Self(Postgres::start_with(Fsync::On, &settings)?))
    }

    /// An empty table, and a writer before it that ends with the last handle.
    pub(crate) fn table(&self, runtime: &Runtime, payload: usize) -> Result<Table> {
        let (sender, receiver) = mpsc::channel(4_096);
        let payload: Arc<[u8]> = vec![0x5a; payload].into();
        runtime.block_on(async {
            let (client, connection) = tokio_postgres::connect(&self.0.connection(), NoTls).await?;
            tokio::spawn(connection);
            client.batch_execute(TABLE).await?;
            client.batch_execute("CHECKPOINT").await?;
            let insert = client.prepare(INSERT).await?;
            tokio::spawn(write(client, insert, receiver, payload));
            Ok(Table(sender))
        })
    }
}

/// A statement that fails ends the writer, and with it every append.
async fn write(client: Client, insert: Statement, mut queue: mpsc::Receiver<Request>, payload: Arc<[u8]>) {
    let mut requests = Vec::with_capacity(BATCH);
    while queue.recv_many(&mut requests, BATCH).await > 0 {
        let streams: Vec<String> = requests.iter().map(|(n, _)| home::stream(*n)).collect();
        let versions = vec![1_i64; requests.len()];
        let payloads = vec![&payload[..]; requests.len()];
        let written = client.execute(&insert, &[&streams, &versions, &payloads]).await;
        if written.is_ok_and(|rows| rows == requests.len() as u64) {
            for (_, reply) in requests.drain(..) {
                let _ = reply.send(());
            }
        } else {
            return;
        }
    }
}

impl Target for Table {
    async fn append(&self, n: u64) -> Result<()> {
        let (reply, answer) = oneshot::channel();
        self.0.send((n, reply)).await.context("PostgreSQL's writer ended")?;
        answer.await.context("PostgreSQL refused an insert")
    }
}
