//! Calls between services: who shows a certificate of the installation's own authority is answered, and nobody else.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "a test")]

use std::path::Path;

use axum::{Router, body::Bytes, routing::post};
use radslag_kit::{Nats, eventually};
use radslag_runtime::{
    Config,
    bus::{Bus, Figures},
    config::Internal,
    http::Metrics,
    internal::{CallError, Caller, Certified, InternalError, serve},
    serve::Shutdown,
};
use rcgen::{BasicConstraints, CertificateParams, CertifiedIssuer, IsCa, KeyPair};
use tokio::net::TcpListener;

type Authority = CertifiedIssuer<'static, KeyPair>;

fn authority() -> Authority {
    let mut params = CertificateParams::new(Vec::new()).unwrap();
    params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
    CertifiedIssuer::self_signed(params, KeyPair::generate().unwrap()).unwrap()
}

/// Files of a side: its certificate by one authority, and the authority it believes.
fn side(folder: &Path, name: &str, by: &Authority, believes: &Authority) -> Internal {
    let key = KeyPair::generate().unwrap();
    let params = CertificateParams::new(vec!["localhost".to_owned()]).unwrap();
    let certificate = params.signed_by(&key, by).unwrap();
    let file = |kind: &str, text: String| {
        let path = folder.join(format!("{name}.{kind}.pem"));
        std::fs::write(&path, text).unwrap();
        Some(path)
    };
    Internal {
        certificate_file: file("certificate", certificate.pem()),
        key_file: file("key", key.serialize_pem()),
        ca_file: file("ca", believes.pem()),
        ..Internal::default()
    }
}

struct Served {
    url: String,
    shutdown: Shutdown,
}

async fn served(internal: &Internal) -> Served {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("https://localhost:{}", listener.local_addr().unwrap().port());
    let (certified, shutdown) = (Certified::open(internal).unwrap(), Shutdown::default());
    let app = Router::new().route("/echo", post(|body: Bytes| async move { body }));
    let end = shutdown.clone();
    tokio::spawn(async move { serve(listener, &certified, app, end).await });
    Served { url, shutdown }
}

async fn call(url: &str, internal: &Internal, path: &str) -> Result<Bytes, CallError> {
    Caller::new(Certified::open(internal).unwrap(), url).unwrap().call(path, b"whom?".to_vec()).await
}

#[tokio::test]
async fn who_shows_our_certificate_is_answered_and_nobody_else() {
    let folder = tempfile::tempdir().unwrap();
    let (ours, theirs) = (authority(), authority());
    let owner = side(folder.path(), "owner", &ours, &ours);
    let served = served(&owner).await;
    let caller = side(folder.path(), "caller", &ours, &ours);
    assert_eq!(call(&served.url, &caller, "/echo").await.unwrap(), "whom?");
    assert!(matches!(call(&served.url, &caller, "/other").await, Err(CallError::Refused(_))));
    let stranger = side(folder.path(), "stranger", &theirs, &ours);
    assert!(call(&served.url, &stranger, "/echo").await.is_err());
    let doubter = side(folder.path(), "doubter", &ours, &theirs);
    assert!(matches!(call(&served.url, &doubter, "/echo").await, Err(CallError::Unreachable(_))));
    let plain = served.url.replace("https://localhost", "127.0.0.1");
    let mut stream = tokio::net::TcpStream::connect(plain).await.unwrap();
    let _ = tokio::io::AsyncWriteExt::write_all(&mut stream, b"POST /echo HTTP/1.1\r\nhost: x\r\n\r\n").await;
    let mut said = Vec::new();
    let _ = tokio::io::AsyncReadExt::read_to_end(&mut stream, &mut said).await;
    assert!(!String::from_utf8_lossy(&said).contains("HTTP"));
    served.shutdown.begin();
}

#[tokio::test]
async fn a_connection_is_used_again_and_made_again_when_it_is_gone() {
    let folder = tempfile::tempdir().unwrap();
    let ours = authority();
    let owner = side(folder.path(), "owner", &ours, &ours);
    let first = served(&owner).await;
    let caller = Caller::new(Certified::open(&owner).unwrap(), &first.url).unwrap();
    for _ in 0..3 {
        assert_eq!(caller.call("/echo", b"x".to_vec()).await.unwrap(), "x");
    }
    first.shutdown.begin();
    let gone = radslag_kit::eventually("the owner to end", async || {
        Ok(caller.call("/echo", b"x".to_vec()).await.err())
    });
    gone.await.unwrap();
}

#[test]
fn what_is_missing_is_told_by_name() {
    let folder = tempfile::tempdir().unwrap();
    let none = Internal::default();
    assert!(matches!(Certified::open(&none), Err(InternalError::NotSet("certificate_file"))));
    let ours = authority();
    let mut half = side(folder.path(), "half", &ours, &ours);
    std::fs::write(half.ca_file.as_ref().unwrap(), "nonsense").unwrap();
    assert!(matches!(Certified::open(&half), Err(InternalError::File { .. })));
    half.key_file = None;
    assert!(matches!(Certified::open(&half), Err(InternalError::NotSet("key_file"))));
    let certified = Certified::open(&side(folder.path(), "whole", &ours, &ours)).unwrap();
    for url in ["http://localhost:0", "https://localhost", "localhost:0", "https://lo cal:0"] {
        assert!(matches!(Caller::new(certified.clone(), url), Err(CallError::Address(_))), "{url}");
    }
}

/// What the bus has been told by a server that asks for certificates of an authority.
async fn hears(nats: &Nats, internal: Internal, tls: bool) -> bool {
    let mut config = Config { internal, ..Config::default() };
    config.bus.nats_url = Some(nats.url().replace("127.0.0.1", "localhost"));
    config.bus.nats_tls = tls;
    let bus = Bus::new(&config, "http://localhost", Figures::new(&Metrics::default()));
    let jetstream = bus.jetstream("malmo").await.unwrap().unwrap();
    jetstream.query_account().await.is_ok()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_nats_server_is_reached_by_the_same_certificates_and_by_no_others() {
    let folder = tempfile::tempdir().unwrap();
    let (ours, theirs) = (authority(), authority());
    let server = side(folder.path(), "server", &ours, &ours);
    let path =
        |file: &Option<std::path::PathBuf>| format!("{:?}", file.as_ref().unwrap().display().to_string());
    let tls = format!(
        "tls {{ cert_file: {}, key_file: {}, ca_file: {}, verify: true }}",
        path(&server.certificate_file),
        path(&server.key_file),
        path(&server.ca_file)
    );
    let nats = Nats::start_with_accounts(&tls).unwrap();
    let own = side(folder.path(), "own", &ours, &ours);
    eventually("an answer", async || Ok(hears(&nats, own.clone(), true).await.then_some(()))).await.unwrap();
    let (stranger, deceived) =
        (side(folder.path(), "stranger", &theirs, &ours), side(folder.path(), "deceived", &ours, &theirs));
    let others =
        tokio::join!(hears(&nats, own, false), hears(&nats, stranger, true), hears(&nats, deceived, true));
    assert_eq!(others, (false, false, false), "without a certificate, with a stranger's, to a stranger");
}
