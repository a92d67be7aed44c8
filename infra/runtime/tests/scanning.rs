//! Files before a peer that speaks clamd's INSTREAM over real sockets. It knows the EICAR string and takes 1 MiB, as a
//! small clamd would; clamd itself is too large to install for a test.
#![allow(clippy::unwrap_used, reason = "a test fails by panicking, in its helpers too")]

use radslag_kit::clamd::{self, EICAR};
use radslag_runtime::scan::{Clamd, Error, Verdict};

#[tokio::test]
async fn a_file_is_clean_or_infected_and_one_too_large_for_the_scanner_is_neither() {
    let peer = clamd::Peer::start().await.unwrap();
    let clamd: Clamd = peer.address().parse().unwrap();
    let infected = [b"%PDF-1.7 ".as_slice(), EICAR.concat().as_bytes()].concat();
    let long = vec![b'x'; 200 << 10];
    assert_eq!(clamd.scan(b"%PDF-1.7 clean").await.unwrap(), Verdict::Clean);
    assert_eq!(clamd.scan(b"").await.unwrap(), Verdict::Clean);
    assert_eq!(clamd.scan(&long).await.unwrap(), Verdict::Clean);
    assert_eq!(clamd.scan(&infected).await.unwrap(), Verdict::Infected);
    let split = [long.as_slice(), &infected].concat();
    assert_eq!(clamd.scan(&split).await.unwrap(), Verdict::Infected, "in whatever piece it stands");
    let large = vec![b'x'; 2 << 20];
    assert!(matches!(clamd.scan(&large).await, Err(Error::Unscannable | Error::Unreachable(_))));
    assert_eq!(peer.looked_at(), 5);
}

#[tokio::test]
async fn without_a_scanner_that_answers_nothing_is_known() {
    let peer = clamd::Peer::start().await.unwrap();
    let clamd: Clamd = peer.address().parse().unwrap();
    peer.stop().await;
    assert!(matches!(clamd.scan(b"%PDF-1.7").await, Err(Error::Unreachable(_))));
    let folder = tempfile::tempdir().unwrap();
    let socket = format!("unix:{}", folder.path().join("none").display());
    assert!(matches!(socket.parse::<Clamd>().unwrap().scan(b"").await, Err(Error::Unreachable(_))));
}
