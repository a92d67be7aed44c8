//! Moderators who work on the same petition.

use crate::server::{Home, Server};

async fn waiting(home: &Home, server: &Server) -> String {
    let ada = home.token("malmo", "citizen", "ada");
    let body = r#"{"texts":{"title":"Mer träd","body":"Fler.","url_key":"mer-trad","length":{"days":30}},
        "initiator":{"mailbox":"ada@example.org","postcode":"211 44"}}"#;
    let made = server.ask("POST", "/api/v1/malmo/petitions", Some(&ada), Some(body)).await;
    made.json()["id"].as_str().unwrap().to_owned()
}

#[tokio::test]
async fn two_moderators_do_not_collide_and_their_notes_stay_private() {
    let home = Home::new();
    let server = home.serve();
    let id = waiting(&home, &server).await;
    let [mona, moa] = ["mona", "moa"].map(|who| home.token("malmo", "moderator", who));
    let path = |end: &str| format!("/api/v1/malmo/petitions/{id}/{end}");
    assert_eq!(server.ask("POST", &path("lock"), Some(&mona), Some("{}")).await.status, 200);
    let note = r#"{"text":"Fråga juristen om paragraf 7"}"#;
    let key = [("idempotency-key", "note-1")];
    for _ in 0..2 {
        let noted = server.ask_with("POST", &path("notes"), Some(&mona), Some(note), &key).await.unwrap();
        assert_eq!(noted.status, 200, "the same command is done once: {}", noted.text);
    }
    let other = Some(r#"{"text":"Något annat"}"#);
    let reused = server.ask_with("POST", &path("notes"), Some(&mona), other, &key).await.unwrap();
    assert_eq!((reused.status, reused.code().as_str()), (422, "idempotency-key-reused"));
    let taken = server.ask("POST", &path("lock"), Some(&moa), Some("{}")).await;
    assert_eq!((taken.status, taken.code().as_str()), (409, "locked-by-another"));
    let refusal = Some(r#"{"codes":["no-action"],"text":"Nej.","ground":"utanför"}"#);
    let decided = server.ask("POST", &path("reject"), Some(&moa), refusal).await;
    assert_eq!((decided.status, decided.code().as_str()), (409, "locked-by-another"));
    let queue = server.ask("GET", "/api/v1/malmo/queue", Some(&moa), None).await.json();
    assert_eq!((&queue[0]["notes"], &queue[0]["due"]), (&1.into(), &"on_time".into()));
    assert!(queue[0]["locked_until"].is_string());
    let over = r#"{"take_over_ground":"Mona är sjuk"}"#;
    assert_eq!(server.ask("POST", &path("lock"), Some(&moa), Some(over)).await.status, 200);
    let kept = server.ask("GET", &path("moderation"), Some(&moa), None).await.json();
    assert_eq!((kept["notes"].as_array().unwrap().len(), &kept["yours"]), (2, &true.into()));
    let citizen = home.token("malmo", "citizen", "carl");
    assert_eq!(server.ask("GET", &path("moderation"), Some(&citizen), None).await.status, 403);
    assert_eq!(server.ask("POST", &path("reject"), Some(&moa), refusal).await.status, 200);
    let within = radslag_kit::eventually("the report", async || {
        let times = server.ask("GET", "/api/v1/malmo/moderation/times", Some(&moa), None).await.json();
        Ok(times["weeks"].get(0).map(|week| (week["decided"].clone(), week["within_7_days"].clone())))
    });
    assert_eq!(within.await.unwrap(), (1.into(), 1.into()));
}
