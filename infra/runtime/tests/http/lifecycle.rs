//! Connections kept, and the end of the server.

use crate::bench::{assert_problem, bench, bench_with, request};
use radslag_runtime::http::Health;
use radslag_runtime::serve::{self, ServeError, Shutdown, Tasks};
use std::time::Duration;

/// Longer than any test takes.
const AMPLE: Duration = Duration::from_secs(60);

#[tokio::test]
async fn a_connection_serves_many_requests_also_when_they_come_at_once() {
    let bench = bench();
    let mut wire = bench.connect().await;
    wire.write(&request("GET /livez", &[], "").repeat(3)).await;
    for _ in 0..3 {
        assert_eq!(wire.answer().await.unwrap().status, 200);
    }
}

#[tokio::test]
async fn at_the_end_requests_under_way_are_answered_and_idle_connections_close() {
    // Nothing else may end the idle one within the test.
    let bench = bench_with(|config| {
        config.http.header_timeout_ms = 600_000;
        config.http.drain_ms = 600_000;
    });
    let mut idle = bench.connect().await;
    idle.write(&request("GET /livez", &[], "")).await;
    assert_eq!(idle.answer().await.unwrap().status, 200);
    let mut busy = bench.connect().await;
    busy.write(&request("GET /held", &[], "")).await;
    bench.held.arrived.notified().await;
    bench.shutdown.begin();
    assert!(tokio::time::timeout(AMPLE, idle.is_closed()).await.unwrap());
    assert_eq!(bench.kit.health().ready().unwrap_err().code(), "not-ready");
    bench.held.go.notify_one();
    assert_eq!(busy.answer().await.unwrap().body, "went");
    bench.server.await.unwrap();
    assert!(tokio::net::TcpStream::connect(bench.address).await.is_err());
}

#[tokio::test]
async fn what_does_not_end_in_time_is_cut_off() {
    let bench = bench_with(|config| config.http.drain_ms = 50);
    let mut busy = bench.connect().await;
    busy.write(&request("GET /held", &[], "")).await;
    bench.held.arrived.notified().await;
    bench.shutdown.begin();
    bench.server.await.unwrap();
    assert!(busy.answer().await.is_none());
}

#[tokio::test]
async fn more_connections_than_places_wait_their_turn() {
    let bench = bench_with(|config| config.http.max_connections = 1);
    let mut first = bench.connect().await;
    first.write(&request("GET /livez", &[], "")).await;
    assert_eq!(first.answer().await.unwrap().status, 200);
    let mut second = bench.connect().await;
    second.write(&request("GET /nowhere", &[], "")).await;
    drop(first);
    assert_problem(&second.answer().await.unwrap(), 404, "not-found");
}

#[tokio::test]
async fn an_address_that_is_taken_is_named() {
    let bench = bench();
    let mut http = bench.kit.http().clone();
    http.listen = bench.address;
    let error = serve::bind(&http).unwrap_err();
    assert!(matches!(error, ServeError::Bind { .. }));
    assert_eq!(error.to_string(), format!("can't listen on {}", bench.address));
}

#[tokio::test]
async fn tasks_hear_of_the_end_and_are_cancelled_if_they_do_not_listen() {
    let (shutdown, health) = (Shutdown::default(), Health::default());
    let mut tasks = Tasks::new(shutdown.clone(), health.clone());
    let (told, heard) = tokio::sync::oneshot::channel();
    let (alive, dropped) = tokio::sync::oneshot::channel::<()>();
    tasks.spawn("listens", async move {
        shutdown.begun().await;
        told.send(()).unwrap();
    });
    tasks.spawn("deaf", async move {
        std::future::pending::<()>().await;
        drop(alive);
    });
    tasks.end(Duration::from_millis(50)).await;
    heard.await.unwrap();
    assert!(dropped.await.is_err());
    assert!(health.ready().is_ok());
}

#[tokio::test]
async fn a_task_that_panics_makes_the_process_unready() {
    let (shutdown, health) = (Shutdown::default(), Health::default());
    let mut tasks = Tasks::new(shutdown, health.clone());
    tasks.spawn("frail", async { panic!("on purpose") });
    let ready = async {
        while health.ready().is_ok() {
            tokio::task::yield_now().await;
        }
    };
    tokio::time::timeout(AMPLE, ready).await.unwrap();
    assert_eq!(health.unready()[0].name, "task frail");
    tasks.end(AMPLE).await;
}

#[tokio::test]
async fn sigterm_begins_the_end() {
    let health = Health::default();
    let shutdown = Shutdown::at_signals(&health).unwrap();
    assert!(health.ready().is_ok());
    let killed = std::process::Command::new("kill").args(["-TERM", &std::process::id().to_string()]).status();
    assert!(killed.unwrap().success());
    tokio::time::timeout(AMPLE, shutdown.begun()).await.unwrap();
    assert_eq!(health.unready()[0].name, "shutdown");
}
