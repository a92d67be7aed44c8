//! Handing in, reviewing, signing and confirming, and what is answered to those who ask wrongly.

use crate::server::{Home, open, wait_for_count};

const SIGN: &str = r#"{"name":"Alan Turing","mailbox":"alan@example.org","postcode":"211 45"}"#;

#[tokio::test]
async fn a_petition_goes_from_a_mailbox_through_review_to_an_exact_count() {
    let (home, body) = (
        Home::new(),
        r#"{"texts":{"title":"Fler bänkar","body":"I parken.","url_key":"fler-bankar","length":{"months":6}},
            "initiator":{"name":"Eva Ek","mailbox":"eva@example.org","postcode":"211 44"}}"#,
    );
    let server = home.serve();
    let made = server.ask("POST", "/api/v1/malmo/petitions", None, Some(body)).await;
    let id = made.json()["id"].as_str().unwrap().to_owned();
    let hidden = server.ask("GET", &format!("/api/v1/malmo/petitions/{id}"), None, None).await;
    assert_eq!(
        (hidden.status, hidden.code().as_str()),
        (404, "not-found"),
        "before it is public nobody knows of it"
    );
    let link = format!("/malmo/links/{}", home.link("eva@example.org"));
    assert!(server.ask("GET", &link, None, None).await.text.contains("<button>"));
    assert_eq!(server.ask("POST", &link, None, Some("act=confirm")).await.status, 200);
    let moderator = home.token("malmo", "moderator", "mona");
    let queue = server.ask("GET", "/api/v1/malmo/queue", Some(&moderator), None).await;
    assert_eq!(queue.json()[0]["id"], *id);
    let approve = format!("/api/v1/malmo/petitions/{id}/approve");
    assert_eq!(
        server.ask("POST", &approve, Some(&moderator), Some(r#"{"ground":"fine"}"#)).await.status,
        200
    );
    wait_for_count(&server, &id, 1).await;

    let path = format!("/api/v1/malmo/petitions/{id}/signatures");
    let grace = home.token("malmo", "citizen", "grace");
    assert_eq!(server.ask("POST", &path, Some(&grace), Some("{\"postcode\":\"21144\"}")).await.status, 201);
    assert_eq!(server.ask("POST", &path, None, Some(SIGN)).await.status, 202);
    wait_for_count(&server, &id, 2).await;
    let link = format!("/malmo/links/{}", home.link("alan@example.org"));
    let shown = server.ask("GET", &link, None, None).await;
    assert!(shown.text.contains("Bekräfta min underskrift") && !shown.text.contains("<script"));
    wait_for_count(&server, &id, 2).await;
    let confirmed = server.ask("POST", &link, None, Some("act=confirm")).await;
    assert!(confirmed.text.contains("Din underskrift är räknad"), "{}", confirmed.text);
    let again = server.ask("POST", &link, None, Some("act=confirm")).await;
    assert_eq!((again.status, again.text), (200, confirmed.text), "a used link shows the same page");
    wait_for_count(&server, &id, 3).await;

    let count = server.ask("GET", &format!("/api/v1/malmo/petitions/{id}/count"), None, None).await;
    let tag = count.etag.unwrap();
    assert!(tag.starts_with("W/\""), "{tag}");
    let path_of_count = format!("/api/v1/malmo/petitions/{id}/count");
    let known = server.ask_with("GET", &path_of_count, None, None, &[("if-none-match", &tag)]).await.unwrap();
    assert_eq!(known.status, 304);
    let latest = server.ask("GET", &path, None, None).await.json();
    assert_eq!(latest["signatures"][0]["name"], "Alan Turing");
    let mine = format!("{path}/mine");
    assert_eq!(server.ask("DELETE", &mine, Some(&grace), None).await.status, 200);
    wait_for_count(&server, &id, 2).await;
}

#[tokio::test]
async fn a_mailbox_gets_the_same_answer_whatever_came_of_it_and_learns_it_behind_the_link() {
    let home = Home::new();
    let server = home.serve();
    let id = open(&home, &server).await;
    let path = format!("/api/v1/malmo/petitions/{id}/signatures");
    let named =
        |name: &str| format!(r#"{{"name":"{name}","mailbox":"home@example.org","postcode":"211 45"}}"#);
    let mut answers = Vec::new();
    for name in ["Ann Ek", "Ann Ek", "Bo Ek", "Cia Ek", "Dan Ek"] {
        let answer = server.ask("POST", &path, None, Some(&named(name))).await;
        answers.push((answer.status, answer.text));
    }
    assert!(answers.iter().all(|answer| *answer == answers[0] && answer.0 == 202), "{answers:?}");
    let reason = radslag_kit::eventually("the reason", async || {
        let link = format!("/api/v1/malmo/links/{}", home.link("Dan Ek"));
        Ok(Some(server.ask("GET", &link, None, None).await.json()["state"].clone()))
    });
    assert_eq!(reason.await.unwrap(), "no_free_slot");
}

#[tokio::test]
async fn a_token_opens_only_what_it_is_for() {
    let home = Home::new();
    let server = home.serve();
    let id = open(&home, &server).await;
    let approve = format!("/api/v1/malmo/petitions/{id}/approve");
    let ground = Some(r#"{"ground":"x"}"#);
    let foreign = home.token("ale", "moderator", "mona");
    let citizen = home.token("malmo", "citizen", "carl");
    for (token, status, code) in [
        (None, 401, "token-missing"),
        (Some("nonsense"), 401, "token-invalid"),
        (Some(foreign.as_str()), 401, "token-invalid"),
        (Some(citizen.as_str()), 403, "not-permitted"),
    ] {
        let answer = server.ask("POST", &approve, token, ground).await;
        assert_eq!((answer.status, answer.code().as_str()), (status, code));
    }
    let own = home.token("malmo", "moderator", "ada");
    let body = r#"{"texts":{"title":"Färre bilar","body":"x","url_key":"farre-bilar","length":{"days":30}}}"#;
    let ada = home.token("malmo", "citizen", "ada");
    let waiting = server.ask("POST", "/api/v1/malmo/petitions", Some(&ada), Some(body)).await.json();
    let approve = format!("/api/v1/malmo/petitions/{}/approve", waiting["id"].as_str().unwrap());
    let answer = server.ask("POST", &approve, Some(&own), ground).await;
    assert_eq!(answer.code(), "conflict-of-interest", "a moderator can't decide what they started");
}

#[tokio::test]
async fn the_same_key_is_the_same_command_and_an_old_version_is_refused() {
    let home = Home::new();
    let server = home.serve();
    let id = open(&home, &server).await;
    let path = format!("/api/v1/malmo/petitions/{id}/signatures");
    let token = home.token("malmo", "citizen", "kim");
    let key = [("idempotency-key", "k-1")];
    let first =
        server.ask_with("POST", &path, Some(&token), Some("{\"postcode\":\"1\"}"), &key).await.unwrap();
    let again =
        server.ask_with("POST", &path, Some(&token), Some("{\"postcode\":\"1\"}"), &key).await.unwrap();
    assert_eq!((first.status, again.status), (201, 201));
    assert_eq!(first.json()["item"], again.json()["item"]);
    let other =
        server.ask_with("POST", &path, Some(&token), Some("{\"postcode\":\"2\"}"), &key).await.unwrap();
    assert_eq!((other.status, other.code().as_str()), (422, "idempotency-key-reused"));
    let twice = server.ask("POST", &path, Some(&token), Some("{\"postcode\":\"1\"}")).await;
    assert_eq!(twice.code(), "already-signed", "by eID it is told at once");
    let owner = home.token("malmo", "citizen", "ada");
    let withdraw = format!("/api/v1/malmo/petitions/{id}/withdraw");
    let old =
        server.ask_with("POST", &withdraw, Some(&owner), Some("{}"), &[("if-match", "\"1\"")]).await.unwrap();
    assert_eq!(old.code(), "version-changed");
}

#[tokio::test]
async fn bad_input_gets_a_clear_problem_and_never_a_failure() {
    let home = Home::new();
    let server = home.serve();
    let id = open(&home, &server).await;
    let path = format!("/api/v1/malmo/petitions/{id}/signatures");
    let oversized = format!("{{\"name\":\"{}\"}}", "x".repeat(300_000));
    let field = |name: &str| format!(r#"{{"name":"{name}","mailbox":"x@example.org","postcode":"1"}}"#);
    for (method, path, body, status, code) in [
        ("POST", path.as_str(), Some("{".to_owned()), 400, "bad-json"),
        ("POST", &path, Some(r#"{"nmae":"x"}"#.into()), 422, ""),
        ("POST", &path, Some(oversized), 413, ""),
        ("POST", &path, Some(field("=SUM(A1)")), 422, "text-not-allowed"),
        ("POST", &path, Some(field("see http://x.example")), 422, "text-not-allowed"),
        ("GET", "/nowhere/at/all/there", None, 404, "not-found"),
        ("GET", "/api/v1/nobody/petitions", None, 404, "not-found"),
        ("GET", "/api/v1/malmo/petitions/00000000000000000000000000000000", None, 404, "not-found"),
        ("GET", "/api/v1/malmo/petitions/å", None, 404, "not-found"),
        ("GET", "/api/v1/malmo/links/AAAA", None, 404, "link-invalid"),
        ("GET", "/api/v1/malmo/petitions?cursor=zzz", None, 400, "bad-cursor"),
        ("DELETE", "/api/v1/malmo/petitions", None, 405, "method-not-allowed"),
    ] {
        let path = path.replace('å', "%C3%A5");
        let answer = server.ask(method, &path, None, body.as_deref()).await;
        let said = answer.code();
        assert!(
            answer.status == status || (code.is_empty() && answer.status < 500),
            "{path}: {}",
            answer.text
        );
        assert!(code.is_empty() || said == code, "{path}: {said}");
    }
    wait_for_count(&server, &id, 1).await;
}

#[tokio::test]
async fn everything_is_described_and_pages_need_no_script() {
    let home = Home::new();
    let server = home.serve();
    let id = open(&home, &server).await;
    let document = server.ask("GET", "/openapi.json", None, None).await.json();
    assert_eq!(document["openapi"], "3.1.0");
    assert!(document["paths"]["/api/v1/{tenant}/petitions/{id}/signatures"]["post"].is_object());
    for path in ["/", "/malmo", &format!("/malmo/petitions/{id}")] {
        let page = server.ask("GET", path, None, None).await;
        assert!(page.text.contains("Mer träd") && !page.text.contains("<script"), "{path}: {}", page.text);
    }
    for path in ["/livez", "/readyz", "/metrics"] {
        assert_eq!(server.ask("GET", path, None, None).await.status, 200, "{path}");
    }
    let figures = server.ask("GET", "/metrics", None, None).await.text;
    for tenant in ["malmo", "ale"] {
        let log = format!(r#"radslag_log_watermark{{tenant="{tenant}",service="petitions"}}"#);
        assert!(figures.contains(&log), "{log} isn't in {figures}");
        for projection in ["petitions", "timers", "persons", "bulks", "comments", "inquiries"] {
            let lag = format!(r#"{{tenant="{tenant}",service="petitions",projection="{projection}"}}"#);
            assert!(
                figures.contains(&format!("radslag_projection_lag_events{lag}")),
                "{lag} isn't in {figures}"
            );
        }
    }
}
