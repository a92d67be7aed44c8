//! What outsiders check a log with, over HTTP: receipts before and after a checkpoint covers them, and older origins.

#![allow(clippy::unwrap_used, clippy::panic, reason = "a test fails by panicking, in its helpers too")]

use std::{fs, path::Path, sync::Arc};

use axum::{
    Router,
    body::Body,
    http::{HeaderMap, Request, StatusCode},
};
use http_body_util::BodyExt as _;
use radslag_eventlog::{
    Acceptance, Append, Clock, Context, Log, NewEvent, Options, Signing, Write, Writer, frame::Head,
    segment::HEADER,
};
use radslag_evidence::{Checkpoint, Note, Receipt, VerifierKey};
use radslag_kernel::{Actor, AggregateId, Encoded};
use radslag_runtime::http::tlog;
use radslag_vault::{Keyring, Ledger};
use tower::ServiceExt as _;

fn options(folder: &Path, signs: bool) -> Options {
    let secrets = folder.join("secrets");
    let keyring = Arc::new(Keyring::open(&secrets).unwrap());
    let ledger = Arc::new(Ledger::open(&secrets.join("erasures.ledger")).unwrap());
    let signing = Signing {
        folder: folder.join("tree"),
        name: "localhost/malmo/words".into(),
        seeds: vec![[7; 32].into()],
    };
    let (clock, writer) = (Arc::new(Clock::system(0)), Writer::start().unwrap());
    let options = Options::new(folder.join("log"), folder.join("index"), (keyring, ledger), clock, writer);
    Options { signing: signs.then_some(signing), ..options }
}

/// One event, in a stream of its own.
fn say(log: &Log) -> u64 {
    let encoded = Encoded { kind: "word.said", schema: 1, public: b"hello".to_vec(), sealed: vec![] };
    let context = Context {
        aggregate: AggregateId::from_bytes([7; 16]),
        item: None,
        occurred_at: log.now(),
        actor: Actor::SYSTEM,
        command: None,
        causation: None,
        trace: None,
        digest: None,
    };
    let event = NewEvent::seal(encoded, &context, log.vault(), &[]).unwrap();
    let stream = format!("word-{}-{}", log.origin(), log.watermark());
    let writes = vec![Write { stream, expected: 0, events: vec![event] }];
    let append = Append { writes, guards: vec![], keys: vec![] };
    tokio::task::block_in_place(|| log.append_blocking(append)).unwrap().end - 1
}

fn served(log: &Log) -> Router {
    tlog::routes([(("malmo".to_owned(), "words".to_owned()), log.clone())].into())
}

async fn ask(app: &Router, path: &str, language: &str) -> (StatusCode, HeaderMap, String) {
    let request = Request::get(format!("/malmo/log/words/{path}")).header("accept-language", language);
    let response = app.clone().oneshot(request.body(Body::empty()).unwrap()).await.unwrap();
    let (status, headers) = (response.status(), response.headers().clone());
    let bytes = response.into_body().collect().await.unwrap().to_bytes();
    (status, headers, String::from_utf8(bytes.to_vec()).unwrap())
}

async fn status(app: &Router, path: &str) -> u16 {
    ask(app, path, "en").await.0.as_u16()
}

/// Breaks the frame of a position, each event having one of its own.
fn break_event(folder: &Path, position: usize) {
    let path = folder.join("log/segments/00000000000000000000.segment");
    let mut bytes = fs::read(&path).unwrap();
    let at = (0..position).fold(HEADER as usize, |at, _| at + Head::read(&bytes[at..]).unwrap().padded());
    bytes[at + 50] ^= 1;
    fs::write(path, bytes).unwrap();
}

/// Four events are lost of twelve.
fn lose(folder: &Path) -> Log {
    let log = Log::open(options(folder, true)).unwrap();
    for _ in 0..12 {
        say(&log);
    }
    log.close();
    break_event(folder, 8);
    let acceptance = Acceptance { ground: "a broken disk".into(), actor: Actor::SYSTEM };
    Log::accept_loss(options(folder, true), &acceptance).unwrap().0
}

#[tokio::test(flavor = "multi_thread")]
async fn a_receipt_that_no_checkpoint_covers_yet_is_asked_for_again() {
    let folder = tempfile::tempdir().unwrap();
    let log = Log::open(options(folder.path(), true)).unwrap();
    let app = served(&log);
    // A checkpoint is signed at once after a pause and then once a second: one that was just written is soon one too early.
    let (position, headers, text) = loop {
        let position = say(&log);
        let (status, headers, text) = ask(&app, &format!("receipt/0.{position}"), "en").await;
        if status == StatusCode::ACCEPTED {
            break (position, headers, text);
        }
        assert_eq!(status, StatusCode::OK, "{text}");
    };
    assert_eq!(text, "The receipt is being made and is here in a second.\n");
    assert_eq!(
        (&headers["retry-after"], &headers["refresh"]),
        (&"1".parse().unwrap(), &"1".parse().unwrap())
    );
    assert_eq!(headers["cache-control"], "no-store");
    assert!(!headers.contains_key("content-disposition"), "nobody takes it for a receipt");
    let mut signed = log.checkpoints().unwrap();
    signed.wait_for(|newest| newest.as_ref().is_some_and(|it| it.checkpoint.size > position)).await.unwrap();
    for place in [format!("receipt/{position}"), format!("receipt/0.{position}")] {
        let (status, headers, text) = ask(&app, &place, "sv").await;
        assert_eq!(status, StatusCode::OK, "{text}");
        let named = format!("attachment; filename=\"malmo-words-{position}.tlog-proof\"");
        assert_eq!(headers["content-disposition"], *named);
        let receipt = Receipt::parse(&text).unwrap();
        assert!(receipt.check(&receipt.extra.clone().unwrap(), &log.verifiers()).is_ok());
    }
    for none in
        [format!("receipt/{}", position + 1), "receipt/1.0".into(), "receipt/x".into(), "receipt/-1".into()]
    {
        assert_eq!(status(&app, &none).await, 404, "{none}");
    }
    assert_eq!(status(&app, &format!("receipt/{}", u64::MAX)).await, 404);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_log_that_signs_nothing_gives_no_receipts() {
    let folder = tempfile::tempdir().unwrap();
    let log = Log::open(options(folder.path(), false)).unwrap();
    let position = say(&log);
    assert_eq!(status(&served(&log), &format!("receipt/{position}")).await, 404, "waiting would never end");
}

#[tokio::test(flavor = "multi_thread")]
async fn the_receipt_of_a_lost_entry_never_becomes_that_of_another() {
    let folder = tempfile::tempdir().unwrap();
    let log = lose(folder.path());
    for _ in 0..4 {
        say(&log);
    }
    log.sign_checkpoint().unwrap();
    let app = served(&log);
    assert_eq!(status(&app, "receipt/0.7").await, 200, "what was kept is what it was");
    assert_eq!(status(&app, "receipt/0.9").await, 410);
    assert_eq!(status(&app, "receipt/1.9").await, 200);
    assert_eq!(status(&app, "receipt/9").await, 200);
    assert_eq!(status(&app, "receipt/2.1").await, 404);
}

#[tokio::test(flavor = "multi_thread")]
async fn what_was_signed_before_a_loss_was_accepted_is_still_served() {
    let folder = tempfile::tempdir().unwrap();
    let log = lose(folder.path());
    let app = served(&log);
    assert_eq!(ask(&app, "origins", "en").await.2, "0\n1\n");
    let (of, _, chain) = ask(&app, "origin/0/checkpoints", "en").await;
    assert_eq!(of, StatusCode::OK);
    let keys: Vec<VerifierKey> = ask(&app, "origin/0/keys", "en")
        .await
        .2
        .lines()
        .map(|line| VerifierKey::parse(line).unwrap())
        .collect();
    assert_eq!(keys[0].name(), "localhost/malmo/words/0");
    let parts: Vec<&str> = chain.trim_end().split("\n\n").collect();
    let last = format!("{}\n\n{}\n", parts[parts.len() - 2], parts[parts.len() - 1]);
    let last = Checkpoint::open(&Note::parse(&last).unwrap(), &keys).unwrap();
    assert_eq!((last.origin.as_str(), last.size), ("localhost/malmo/words/0", 12), "also of what was lost");
    for (own, of) in [("checkpoints", "origin/1/checkpoints"), ("keys", "origin/1/keys")] {
        assert_eq!(ask(&app, own, "en").await.2, ask(&app, of, "en").await.2);
    }
    for none in ["origin/2/checkpoints", "origin/2/keys", "origin/00/keys", "origin/x/keys"] {
        assert_eq!(status(&app, none).await, 404, "{none}");
    }
    assert!(!folder.path().join("log/checkpoints.2").exists(), "asking makes nothing");
}
