//! What officials do to published petitions and to all signing: taking down, restoring, pausing, closing early.

use crate::server::{Home, Server, open, wait_for_count};

const SIGN: &str = "{\"postcode\":\"21144\"}";

async fn wait_for_state(server: &Server, id: &str, token: Option<&str>, state: &str) -> serde_json::Value {
    let path = format!("/api/v1/malmo/petitions/{id}");
    radslag_kit::eventually("the state", async || {
        let answer = server.ask("GET", &path, token, None).await;
        let shown = (answer.status == 200).then(|| answer.json());
        Ok(shown.filter(|shown| shown["state"] == state))
    })
    .await
    .unwrap()
}

#[tokio::test]
async fn what_was_public_and_is_removed_is_410_and_what_is_restored_opens_again() {
    let home = Home::new();
    let server = home.serve();
    let id = open(&home, &server).await;
    let path = format!("/api/v1/malmo/petitions/{id}");
    let (mona, max) = (home.token("malmo", "moderator", "mona"), home.token("malmo", "moderator", "max"));
    let boss = home.token("malmo", "tenant-administrator", "tore");
    let body = |fate: &str| format!(r#"{{"fate":"{fate}","codes":["libellous"],"ground":"Court order"}}"#);
    let take_down = format!("{path}/take-down");
    let alone = server.ask("POST", &take_down, Some(&mona), Some(&body("hidden"))).await;
    assert_eq!((alone.status, alone.code().as_str()), (403, "second-official-missing"));
    let with = |second: &str| [("second-authorization", format!("Bearer {second}"))];
    let ask = async |token: &str, second: &str, fate: &str| {
        let headers = with(second);
        let headers = headers.each_ref().map(|(name, value)| (*name, value.as_str()));
        server.ask_with("POST", &take_down, Some(token), Some(&body(fate)), &headers).await.unwrap()
    };
    assert_eq!(ask(&mona, &mona, "hidden").await.code(), "same-person-twice");
    assert_eq!(ask(&mona, &max, "removed").await.code(), "not-permitted");
    assert_eq!(ask(&mona, &max, "hidden").await.status, 200);
    wait_for_state(&server, &id, Some(&mona), "hidden").await;
    assert_eq!(server.ask("GET", &path, None, None).await.status, 404, "hidden is never shown");

    let restore = format!("{path}/restore");
    let ground = Some(r#"{"ground":"Upheld on review"}"#);
    assert_eq!(server.ask("POST", &restore, Some(&mona), ground).await.code(), "not-permitted");
    assert_eq!(server.ask("POST", &restore, Some(&boss), ground).await.status, 200);
    wait_for_state(&server, &id, Some(&mona), "in_review").await;
    assert_eq!(server.ask("POST", &format!("{path}/approve"), Some(&mona), ground).await.status, 200);
    wait_for_state(&server, &id, None, "open").await;
    wait_for_count(&server, &id, 1).await;

    assert_eq!(ask(&boss, &max, "removed").await.status, 200);
    let gone = radslag_kit::eventually("410", async || {
        let answer = server.ask("GET", &path, None, None).await;
        Ok((answer.status == 410).then(|| answer.code()))
    });
    assert_eq!(gone.await.unwrap(), "petition-removed");
    assert_eq!(server.ask("POST", &restore, Some(&boss), ground).await.code(), "removed-for-good");
}

#[tokio::test]
async fn a_pause_refuses_signing_at_once_and_an_early_closing_ends_it() {
    let home = Home::new();
    let server = home.serve();
    let id = open(&home, &server).await;
    let sign = format!("/api/v1/malmo/petitions/{id}/signatures");
    let (grace, kim) = (home.token("malmo", "citizen", "grace"), home.token("malmo", "citizen", "kim"));
    let boss = home.token("malmo", "tenant-administrator", "tore");
    let moderator = home.token("malmo", "moderator", "mona");
    let ground = Some(r#"{"ground":"Mourning"}"#);
    let before = wait_for_state(&server, &id, None, "open").await["deadline"].as_str().unwrap().to_owned();
    let pause = "/api/v1/malmo/signing/pause";
    assert_eq!(server.ask("POST", pause, Some(&moderator), ground).await.code(), "not-permitted");
    assert_eq!(server.ask("POST", pause, Some(&boss), ground).await.status, 200);
    let refused = server.ask("POST", &sign, Some(&grace), Some(SIGN)).await;
    assert_eq!((refused.status, refused.code().as_str()), (409, "signing-paused"), "at once");
    assert_eq!(server.ask("POST", pause, Some(&boss), ground).await.code(), "signing-already-paused");
    wait_for_state(&server, &id, None, "paused").await;
    assert_eq!(server.ask("GET", "/api/v1/malmo/signing", None, None).await.json()["paused"], true);
    let resume = "/api/v1/malmo/signing/resume";
    assert_eq!(server.ask("POST", resume, Some(&boss), ground).await.status, 200);
    assert_eq!(server.ask("POST", &sign, Some(&grace), Some(SIGN)).await.status, 201, "at once");
    let after = wait_for_state(&server, &id, None, "open").await["deadline"].as_str().unwrap().to_owned();
    assert!(after > before, "a begun day is given back: {before} {after}");

    let close = "/api/v1/malmo/signing/close-early";
    assert_eq!(server.ask("POST", close, Some(&boss), ground).await.status, 200);
    assert_eq!(server.ask("POST", &sign, Some(&kim), Some(SIGN)).await.code(), "not-open");
    wait_for_state(&server, &id, None, "counting").await;
    wait_for_count(&server, &id, 2).await;
}
