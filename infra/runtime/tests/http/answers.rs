//! What answers look like: panics, slowness, languages, headers, checks and figures.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering::Relaxed};

use radslag_runtime::http::Reach;

use crate::bench::{assert_problem, bench, bench_with, request};

#[tokio::test]
async fn a_panic_is_a_500_that_tells_nothing() {
    let bench = bench();
    let answer = bench.get("/panic").await;
    assert_problem(&answer, 500, "internal");
    assert!(!answer.body.contains("Anna") && !answer.body.contains("1990"), "{}", answer.body);
    assert_eq!(bench.get("/livez").await.status, 200);
}

#[tokio::test]
async fn an_answer_that_takes_too_long_is_a_503() {
    let bench = bench_with(|config| config.http.timeout_ms = 50);
    let answer = bench.get("/never").await;
    assert_problem(&answer, 503, "too-slow");
    assert_eq!(answer.header("retry-after"), Some("5"));
}

#[tokio::test]
async fn problems_speak_the_language_asked_for() {
    let bench = bench();
    for (header, language, title) in [
        ("accept-language: sv-SE,sv;q=0.9,en;q=0.8", "sv", "Finns inte"),
        ("accept-language: en-GB", "en", "Not found"),
        ("accept-language: de", "en", "Not found"),
    ] {
        let answer = bench.send("GET /nowhere", &[header], "").await;
        assert_problem(&answer, 404, "not-found");
        assert_eq!(answer.json()["title"], title);
        assert_eq!(answer.header("content-language"), Some(language));
        assert_eq!(answer.header("vary"), Some("accept-language"));
    }
}

#[tokio::test]
async fn every_answer_is_safe_for_browsers_and_has_an_id() {
    let bench = bench();
    for path in ["/livez", "/nowhere", "/page", "/panic"] {
        let answer = bench.get(path).await;
        let policy = answer.header("content-security-policy").unwrap();
        assert!(policy.contains("default-src 'none'") && policy.contains("frame-ancestors 'none'"));
        assert!(!policy.contains("script-src"), "{policy}");
        assert_eq!(answer.header("x-content-type-options"), Some("nosniff"));
        assert_eq!(answer.header("referrer-policy"), Some("no-referrer"));
        assert_eq!(answer.header("x-request-id").unwrap().len(), 32);
    }
}

#[tokio::test]
async fn a_page_for_people_stays_one() {
    let answer = bench().get("/page").await;
    assert_eq!((answer.status, answer.body.as_str()), (410, "<h1>Gone</h1>"));
}

#[tokio::test]
async fn head_is_get_without_the_body() {
    let bench = bench();
    let mut wire = bench.connect().await;
    wire.write(&request("HEAD /livez", &[], "")).await;
    wire.write(&request("GET /client", &[], "")).await;
    let head = wire.answer_head().await.unwrap();
    assert_eq!((head.status, head.header("content-length")), (200, Some("13")));
    assert_eq!(wire.answer().await.unwrap().body, "127.0.0.1");
}

#[tokio::test]
async fn only_a_trusted_proxy_names_the_client_and_the_request() {
    let headers = ["x-forwarded-for: 1.1.1.1, 198.51.100.9", "x-request-id: proxy-17"];
    let open = bench().send("GET /client", &headers, "").await;
    assert_eq!(open.body, "127.0.0.1");
    assert_ne!(open.header("x-request-id"), Some("proxy-17"));
    let trusting = bench_with(|config| config.http.trusted_proxies = vec!["127.0.0.1/32".parse().unwrap()]);
    let answer = trusting.send("GET /client", &headers, "").await;
    assert_eq!((answer.body.as_str(), answer.header("x-request-id")), ("198.51.100.9", Some("proxy-17")));
    let hostile = trusting.send("GET /client", &["x-request-id: a b\"<x>"], "").await;
    assert_eq!(hostile.header("x-request-id").unwrap().len(), 32);
}

#[tokio::test]
async fn readiness_says_why_not() {
    let bench = bench();
    assert_eq!(bench.get("/readyz").await.status, 200);
    bench
        .kit
        .health()
        .set("log malmo/petitions", Err("/srv/data/000.segment is damaged at byte 4096".into()));
    let answer = bench.get("/readyz").await;
    assert_problem(&answer, 503, "not-ready");
    let json = answer.json();
    assert_eq!(json["checks"][0]["name"], "log malmo/petitions");
    assert_eq!(json["checks"][0]["reason"], "000.segment is damaged at byte 4096");
    assert!(!answer.body.contains("/srv"), "everybody may read it: {}", answer.body);
    assert_eq!(bench.get("/livez").await.status, 200);
}

#[tokio::test]
async fn figures_have_patterns_of_paths_and_no_paths() {
    let bench = bench();
    bench.get("/malmo/petitions/not-an-id-of-anna?mail=anna@example.org").await;
    bench.get("/anna@example.org").await;
    bench.send("ANNA /livez", &[], "").await;
    let figures = bench.get("/metrics").await;
    assert!(figures.header("content-type").unwrap().starts_with("application/openmetrics-text"));
    let line = r#"radslag_http_requests_total{method="GET",route="/{tenant}/petitions/{id}",status="404"} 1"#;
    assert!(figures.body.contains(line), "{}", figures.body);
    assert!(figures.body.contains(r#"{method="GET",route="none",status="404"} 1"#));
    assert!(figures.body.contains(r#"{method="other",route="/livez",status="405"} 1"#));
    assert!(!figures.body.to_lowercase().contains("anna"), "{}", figures.body);
    assert!(figures.body.contains("radslag_http_requests_in_flight 1"));
}

#[tokio::test]
async fn figures_say_how_far_each_log_and_projection_has_come() {
    let (bench, held) = (bench(), Arc::new(AtomicU64::new(7)));
    let watermark = held.clone();
    bench.kit.metrics().watch(Reach {
        tenant: "malmo".into(),
        service: "petitions",
        watermark: Box::new(move || watermark.load(Relaxed)),
        projections: vec![("timers", Box::new(|| 5)), ("persons", Box::new(|| 7))],
    });
    let figures = bench.get("/metrics").await.body;
    for line in [
        r#"radslag_log_watermark{tenant="malmo",service="petitions"} 7"#,
        r#"radslag_projection_position{tenant="malmo",service="petitions",projection="timers"} 5"#,
        r#"radslag_projection_lag_events{tenant="malmo",service="petitions",projection="timers"} 2"#,
        r#"radslag_projection_lag_events{tenant="malmo",service="petitions",projection="persons"} 0"#,
    ] {
        assert!(figures.contains(line), "{line} isn't in {figures}");
    }
    held.store(9, Relaxed);
    let later = bench.get("/metrics").await.body;
    assert!(later.contains(r#"radslag_log_watermark{tenant="malmo",service="petitions"} 9"#), "{later}");
}
