//! Feeds, frames and streams of events: what other sites and programs take.

use std::time::Duration;

use axum::{body::Body, http::Request};
use http_body_util::BodyExt as _;
use radslag_runtime::serve;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tower::ServiceExt as _;

use crate::house::{House, house};

/// Longer than any test takes.
const AMPLE: Duration = Duration::from_secs(60);

#[tokio::test]
async fn the_newest_petitions_and_the_changes_of_one_are_atom_feeds() {
    let house = house().await;
    let id = house.petition("Bänkar & <träd>", "Sitta.").await;
    let feed = house.text("/malmo/feed.atom").await;
    assert!(feed.starts_with("<?xml"), "{feed}");
    assert!(feed.contains("<title>Bänkar &amp; &lt;träd&gt;</title>"), "{feed}");
    assert!(feed.contains(&format!("urn:radslag:malmo:petition:{id}</id>")), "{feed}");
    let changes = house.text(&format!("/malmo/petitions/{id}/feed.atom")).await;
    assert_eq!(changes.matches("<entry>").count(), 1, "nothing of before it was shown: {changes}");
    let answer = house.ask("/malmo/feed.atom").await;
    assert_eq!(answer.headers()["content-type"], "application/atom+xml; charset=utf-8");
    let waiting = house.hand_in("Ingen har sett", "Den här.").await;
    assert_eq!(house.ask(&format!("/malmo/petitions/{waiting}/feed.atom")).await.status(), 404);
}

#[tokio::test]
async fn only_what_is_meant_for_frames_can_be_framed_and_nothing_sets_a_cookie() {
    let house = house().await;
    let id = house.petition("Bänk", "Sitta.").await;
    house.sign(id, 2, "21144").await;
    for (path, framed) in [
        ("/malmo/embed".to_owned(), true),
        (format!("/malmo/petitions/{id}/embed"), true),
        ("/malmo".to_owned(), false),
        (format!("/malmo/petitions/{id}"), false),
        ("/api/v1/malmo/embed".to_owned(), false),
    ] {
        let answer = house.ask(&path).await;
        let policy = answer.headers()["content-security-policy"].to_str().unwrap();
        assert_eq!(policy.contains("frame-ancestors *"), framed, "{path}");
        assert_eq!(answer.headers().contains_key("x-frame-options"), !framed, "{path}");
        assert!(!answer.headers().contains_key("set-cookie"), "{path}");
    }
    assert!(house.text(&format!("/malmo/petitions/{id}/embed")).await.contains("<strong>3</strong>"));
}

#[tokio::test]
async fn scripts_of_other_sites_read_what_is_embedded_and_nothing_else() {
    let house = house().await;
    let id = house.petition("Bänk", "Sitta.").await;
    for (path, open) in [
        ("/embed".to_owned(), true),
        (format!("/petitions/{id}/count"), true),
        (format!("/petitions/{id}/count?as_of=2100-01-01"), true),
        (format!("/petitions/{id}"), false),
        ("/petitions".to_owned(), false),
        (format!("/petitions/{id}/signatures"), false),
    ] {
        let answer = house.ask(&format!("/api/v1/malmo{path}")).await;
        assert_eq!(answer.status(), 200, "{path}");
        assert_eq!(answer.headers().contains_key("access-control-allow-origin"), open, "{path}");
    }
}

async fn stream(house: &House, id: &str, last: Option<&str>) -> Body {
    house.office.petitions.wait_for(house.office.log.watermark()).await.unwrap();
    let mut request = Request::get(format!("/api/v1/malmo/petitions/{id}/count/events"));
    if let Some(last) = last {
        request = request.header("last-event-id", last);
    }
    let answer = house.app.clone().oneshot(request.body(Body::empty()).unwrap()).await.unwrap();
    assert_eq!(answer.headers()["content-type"], "text/event-stream");
    answer.into_body()
}

async fn event(body: &mut Body) -> Option<String> {
    let frame = tokio::time::timeout(AMPLE, body.frame()).await.unwrap()?;
    Some(String::from_utf8(frame.unwrap().into_data().unwrap().to_vec()).unwrap())
}

#[tokio::test]
async fn a_stream_tells_the_count_and_what_it_becomes() {
    let house = house().await;
    let id = house.petition("Bänk", "Sitta.").await;
    house.sign(id, 2, "21144").await;
    let mut following = stream(&house, &id.to_string(), None).await;
    let first = event(&mut following).await.unwrap();
    assert!(first.contains("\"count\":3"), "{first}");
    house.sign(id, 1, "21144").await;
    let second = event(&mut following).await.unwrap();
    assert!(second.contains("\"count\":4"), "{second}");
    // Who comes back with what was told last isn't told it again.
    let last = second.lines().find_map(|line| line.strip_prefix("id: ")).unwrap().to_owned();
    let mut again = stream(&house, &id.to_string(), Some(&last)).await;
    house.sign(id, 1, "21144").await;
    let third = event(&mut again).await.unwrap();
    assert!(third.contains("\"count\":5"), "{third}");
    let waiting = house.hand_in("Ingen har sett", "Den här.").await;
    assert_eq!(house.status(&format!("/petitions/{waiting}/count/events")).await, 404);
}

#[tokio::test]
async fn open_streams_do_not_hold_up_the_end() {
    let house = house().await;
    let id = house.petition("Bänk", "Sitta.").await;
    house.office.petitions.wait_for(house.office.log.watermark()).await.unwrap();
    let listener = serve::bind(&house.config.http).unwrap();
    let address = listener.local_addr().unwrap();
    let (app, http, end) = (house.app.clone(), house.config.http.clone(), house.shutdown.clone());
    let server = tokio::spawn(async move { serve::serve(listener, app, &http, end).await });
    let mut client = tokio::net::TcpStream::connect(address).await.unwrap();
    let request = format!("GET /api/v1/malmo/petitions/{id}/count/events HTTP/1.1\r\nhost: x\r\n\r\n");
    client.write_all(request.as_bytes()).await.unwrap();
    let mut seen = Vec::new();
    while !String::from_utf8_lossy(&seen).contains("\"count\":") {
        let mut bytes = [0; 1024];
        let read = tokio::time::timeout(AMPLE, client.read(&mut bytes)).await.unwrap().unwrap();
        assert!(read > 0, "{}", String::from_utf8_lossy(&seen));
        seen.extend_from_slice(&bytes[..read]);
    }
    house.shutdown.begin();
    // Requests under way would have ten minutes.
    tokio::time::timeout(AMPLE, server).await.unwrap().unwrap().unwrap();
    client.read_to_end(&mut seen).await.unwrap();
    assert!(String::from_utf8_lossy(&seen).ends_with("0\r\n\r\n"), "the stream ended as it should");
}
