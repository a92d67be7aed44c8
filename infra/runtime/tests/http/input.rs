//! Bad input, and what is answered.

use radslag_kernel::Role;

use crate::bench::{Bench, assert_problem, bench, bench_with, request};

const ID: &str = "000102030405060708090a0b0c0d0e0f";

#[tokio::test]
async fn bad_json_is_told_with_its_place() {
    let bench = bench();
    let answer = bench.post_json("/malmo/petitions", "{\n \"title\": oops}").await;
    assert_problem(&answer, 400, "bad-json");
    let json = answer.json();
    assert_eq!((json["line"].as_u64(), json["column"].as_u64()), (Some(2), Some(11)), "{json}");
}

#[tokio::test]
async fn json_of_another_shape_is_told_with_its_pointer() {
    let bench = bench();
    let answer = bench.post_json("/malmo/petitions", r#"{"title": 7}"#).await;
    assert_problem(&answer, 400, "bad-json");
    assert_eq!(answer.json()["pointer"], "/title");
}

#[tokio::test]
async fn a_key_nobody_knows_is_refused() {
    let bench = bench();
    let answer = bench.post_json("/malmo/petitions", r#"{"title": "a", "evil": 1}"#).await;
    assert_problem(&answer, 400, "bad-json");
    assert_eq!(answer.json()["pointer"], "/evil");
}

#[tokio::test]
async fn good_json_is_taken() {
    let answer = bench().post_json("/malmo/petitions", r#"{"title": "Träd i Malmö"}"#).await;
    assert_eq!((answer.status, answer.json()["title"].as_str()), (200, Some("Träd i Malmö")));
}

#[tokio::test]
async fn a_wrong_content_type_is_refused() {
    let bench = bench();
    for header in ["content-type: text/plain", "content-type: multipart/form-data", "x: y"] {
        let answer = bench.send("POST /malmo/petitions", &[header], "{}").await;
        assert_problem(&answer, 415, "wrong-content-type");
        assert_eq!(answer.json()["expected"], "application/json");
    }
    let utf8 = ["content-type: Application/JSON; charset=utf-8"];
    assert_eq!(bench.send("POST /malmo/petitions", &utf8, r#"{"title": "a"}"#).await.status, 200);
}

#[tokio::test]
async fn an_oversized_body_is_refused_before_it_is_sent() {
    let bench = bench_with(|config| config.http.body_limit_bytes = 1000);
    let mut wire = bench.connect().await;
    wire.write("POST /malmo/petitions HTTP/1.1\r\nhost: t\r\ncontent-type: application/json\r\n").await;
    wire.write("content-length: 99999999999\r\n\r\n").await;
    let answer = wire.answer().await.unwrap();
    assert_problem(&answer, 413, "body-too-large");
    assert_eq!(answer.json()["limit_bytes"], 1000);
    assert!(wire.is_closed().await);
}

#[tokio::test]
async fn an_oversized_body_of_unknown_length_is_refused() {
    let bench = bench_with(|config| config.http.body_limit_bytes = 1000);
    let mut wire = bench.connect().await;
    let body = format!("3e9\r\n{}\r\n0\r\n\r\n", " ".repeat(1001));
    wire.write("POST /malmo/petitions HTTP/1.1\r\nhost: t\r\ncontent-type: application/json\r\n").await;
    wire.write(&format!("transfer-encoding: chunked\r\n\r\n{body}")).await;
    assert_problem(&wire.answer().await.unwrap(), 413, "body-too-large");
}

#[tokio::test]
async fn a_body_that_does_not_come_is_given_up() {
    let bench = bench_with(|config| config.http.body_timeout_ms = 50);
    let mut wire = bench.connect().await;
    wire.write("POST /malmo/petitions HTTP/1.1\r\nhost: t\r\ncontent-type: application/json\r\n").await;
    wire.write("content-length: 10\r\n\r\n{").await;
    assert_problem(&wire.answer().await.unwrap(), 408, "request-timeout");
    assert!(wire.is_closed().await);
}

#[tokio::test]
async fn headers_that_do_not_come_end_the_connection() {
    let bench = bench_with(|config| config.http.header_timeout_ms = 50);
    let mut wire = bench.connect().await;
    wire.write("GET /livez HTTP/1.1\r\nhost: ").await;
    assert!(wire.is_closed().await);
    let mut silent = bench.connect().await;
    assert!(silent.is_closed().await);
}

#[tokio::test]
async fn an_unknown_path_tenant_and_id_are_the_same_404() {
    let bench = bench();
    let mut bodies = Vec::new();
    let good = bench.get(&format!("/malmo/petitions/{ID}")).await;
    assert_eq!((good.status, good.body.as_str()), (200, ID));
    let bad = [
        "/no/such/path",
        &format!("/atlantis/petitions/{ID}"),
        "/malmo/petitions/xyz",
        "/malmo/petitions/%ff",
    ];
    for path in bad {
        let answer = bench.get(path).await;
        assert_problem(&answer, 404, "not-found");
        let mut json = answer.json();
        json["instance"] = "".into();
        bodies.push(json);
    }
    bodies.dedup();
    assert_eq!(bodies.len(), 1, "{bodies:?}");
}

#[tokio::test]
async fn a_wrong_method_is_told_which_are_right() {
    let bench = bench();
    let answer = bench.send("DELETE /malmo/petitions", &[], "").await;
    assert_problem(&answer, 405, "method-not-allowed");
    assert_eq!(answer.header("allow"), Some("POST"));
    let answer = bench.send("PROPFIND /livez", &[], "").await;
    assert_problem(&answer, 405, "method-not-allowed");
    assert_eq!(answer.header("allow"), Some("GET,HEAD"));
}

#[tokio::test]
async fn a_hostile_accept_language_is_harmless() {
    let bench = bench();
    let long = format!("accept-language: {}", "sv;q=0.1,".repeat(3000));
    let hostile = [
        long.as_str(),
        "accept-language: ;;;,,,q=,=",
        "accept-language: sv\"><script>",
        "accept-language: \u{fe}\u{ff}",
        "accept-language: *;q=1e308",
    ];
    for header in hostile {
        assert_problem(&bench.send("GET /nowhere", &[header], "").await, 404, "not-found");
    }
}

#[tokio::test]
async fn wrong_parameters_are_named() {
    let bench = bench();
    let path = format!("/malmo/petitions/{ID}/signatures/{ID}");
    let good = bench.get(&format!("{path}?page=3&at_least=0.17")).await;
    assert_eq!(good.body, format!("{ID} {ID} 3 Some(Position {{ origin: Some(0), position: 17 }})"));
    for (query, field) in [("page=0", "page"), ("per_page=1000", "per_page"), ("at_least=x", "at_least")] {
        let answer = bench.get(&format!("{path}?{query}")).await;
        assert_problem(&answer, 400, "bad-query");
        assert_eq!(answer.json()["field"], field);
    }
}

#[tokio::test]
async fn a_bad_idempotency_key_is_refused() {
    let headers = ["content-type: application/json", "idempotency-key: a b"];
    let answer = bench().send("POST /malmo/petitions", &headers, r#"{"title": "a"}"#).await;
    assert_problem(&answer, 400, "bad-idempotency-key");
}

#[tokio::test]
async fn a_form_is_read_and_a_bad_one_refused() {
    let bench = bench();
    let form = ["content-type: application/x-www-form-urlencoded"];
    let good = bench.send("POST /malmo/form", &form, "title=Tr%C3%A4d+nu").await;
    assert_eq!((good.status, good.body.as_str()), (200, "Träd nu"));
    assert_problem(&bench.send("POST /malmo/form", &form, "titel=a").await, 400, "bad-form");
    assert_problem(&bench.send("POST /malmo/form", &["x: y"], "title=a").await, 415, "wrong-content-type");
}

async fn approve(bench: &Bench, headers: &[&str]) -> crate::bench::Answer {
    bench.send(&format!("POST /malmo/petitions/{ID}/approve"), headers, "").await
}

#[tokio::test]
async fn who_may_may_and_who_may_not_may_not() {
    let bench = bench();
    let bearer = |tenant, roles: &[Role]| format!("authorization: Bearer {}", bench.token(tenant, roles));
    let moderator = bearer("malmo", &[Role::Moderator]);
    let answer = approve(&bench, &[&moderator, "if-match: \"7\""]).await;
    assert_eq!((answer.status, answer.json()["version"].as_u64()), (200, Some(7)), "{answer:?}");
    assert_problem(&approve(&bench, &[&moderator]).await, 428, "if-match-missing");
    assert_problem(&approve(&bench, &[&moderator, "if-match: W/\"7-12\""]).await, 400, "bad-if-match");
    let auditor = bearer("malmo", &[Role::Auditor]);
    assert_problem(&approve(&bench, &[&auditor, "if-match: \"7\""]).await, 403, "not-permitted");
}

#[tokio::test]
async fn every_wrong_token_is_the_same_answer() {
    let bench = bench();
    let other = format!("authorization: Bearer {}", bench.token("number10", &[Role::Moderator]));
    let mut bodies = Vec::new();
    let good = format!("authorization: Bearer {}", bench.token("malmo", &[Role::Moderator]));
    let twice = [good.as_str(), "authorization: Bearer e30.e30.e30"];
    let wrong: [&[&str]; 5] = [
        &[&other],
        &["authorization: Bearer e30.e30.e30"],
        &["authorization: Basic YTpi"],
        &["authorization: x"],
        &twice,
    ];
    for headers in wrong {
        let answer = approve(&bench, headers).await;
        assert_problem(&answer, 401, "token-invalid");
        assert_eq!(answer.header("www-authenticate"), Some("Bearer error=\"invalid_token\""));
        let mut json = answer.json();
        json["instance"] = "".into();
        bodies.push(json);
    }
    bodies.dedup();
    assert_eq!(bodies.len(), 1, "{bodies:?}");
    assert_problem(&approve(&bench, &[]).await, 401, "token-missing");
    let nowhere = bench.send(&format!("POST /atlantis/petitions/{ID}/approve"), &[], "").await;
    assert_problem(&nowhere, 404, "not-found");
}

#[tokio::test]
async fn over_the_limit_of_its_network_nothing_is_read() {
    let bench = bench_with(|config| {
        config.limits =
            radslag_runtime::config::Limits { burst: 2, per_minute: 1, shared_networks: Vec::new() };
        config.http.trusted_proxies = vec!["127.0.0.0/8".parse().unwrap()];
    });
    let from = |network: u8| format!("x-forwarded-for: 198.51.{network}.7");
    for expected in [200, 200, 429] {
        let headers = ["content-type: application/json", &from(100)];
        assert_eq!(bench.send("POST /malmo/petitions", &headers, r#"{"title": "a"}"#).await.status, expected);
    }
    // Not even JSON: the limit comes first.
    let limited =
        bench.send("POST /malmo/petitions", &["content-type: application/json", &from(100)], "{").await;
    assert_problem(&limited, 429, "too-many-requests");
    let wait: u64 = limited.header("retry-after").unwrap().parse().unwrap();
    assert!((1..=60).contains(&wait), "{wait}");
    let other = ["content-type: application/json", &from(101)];
    assert_eq!(bench.send("POST /malmo/petitions", &other, r#"{"title": "a"}"#).await.status, 200);
}

#[tokio::test]
async fn what_is_not_http_ends_the_connection_and_nobody_elses() {
    let bench = bench();
    let mut wire = bench.connect().await;
    wire.write("\u{0}\u{1}\u{2} what is this\r\n\r\n").await;
    let answer = wire.answer().await;
    assert!(answer.is_none_or(|answer| answer.status == 400));
    assert!(wire.is_closed().await);
    let mut fine = bench.connect().await;
    fine.write(&request("GET /livez", &[], "")).await;
    assert_eq!(fine.answer().await.unwrap().status, 200);
}
