//! Comments and inquiries as citizens, moderators and politicians meet them.

use serde_json::{Value, json};

use crate::server::{Home, Server, open};

/// Asks until a value of the answer is there: tables follow the log.
async fn wait_for(server: &Server, path: &str, token: Option<&str>, pointer: &str, wanted: Value) -> Value {
    let found = radslag_kit::eventually(pointer, async || {
        let answer = server.ask("GET", path, token, None).await;
        let found = serde_json::from_str::<Value>(&answer.text).unwrap_or_default();
        Ok((found.pointer(pointer) == Some(&wanted)).then_some(found))
    });
    found.await.unwrap()
}

async fn act(server: &Server, path: &str, token: &str, body: Value) -> (u16, String) {
    let answer = server.ask("POST", path, Some(token), Some(&body.to_string())).await;
    let code = if answer.status < 300 { String::new() } else { answer.code() };
    (answer.status, code)
}

fn done() -> (u16, String) {
    (200, String::new())
}

#[tokio::test]
async fn a_comment_is_moderated_replied_to_by_a_politician_reported_and_withdrawn() {
    let home = Home::new();
    let server = home.serve();
    let id = open(&home, &server).await;
    let path = format!("/api/v1/malmo/petitions/{id}/comments");
    let body = r#"{"text":"Bra idé!","name":"Alan Turing","mailbox":"alan@example.org"}"#;
    let first = server.ask("POST", &path, None, Some(body)).await;
    let again = server.ask("POST", &path, None, Some(body)).await;
    assert_eq!((first.status, &first.text), (202, &again.text), "new and repeated look the same");
    let link = format!("/malmo/links/{}", home.link("kommenterat"));
    assert!(server.ask("GET", &link, None, None).await.text.contains("Bekräfta min kommentar"));
    let confirmed = server.ask("POST", &link, None, Some("act=confirm")).await;
    assert!(confirmed.text.contains("granskas"), "{}", confirmed.text);
    let moderator = home.token("malmo", "moderator", "mona");
    let queue =
        wait_for(&server, "/api/v1/malmo/comments/queue", Some(&moderator), "/0/state", json!("waiting"));
    let item = queue.await[0]["item"].as_str().unwrap().to_owned();
    assert_eq!(
        server.ask("GET", &path, None, None).await.json()["published"],
        0,
        "not before it is moderated"
    );
    let ground = json!({ "ground": "fine" });
    let own = |what: &str| format!("{path}/{item}/{what}");
    assert_eq!(act(&server, &own("approve"), &moderator, ground.clone()).await, done());

    let politician = home.token("malmo", "politician", "pia");
    let reply = json!({ "text": "Jag håller med.", "reply_to": item }).to_string();
    wait_for(&server, &path, None, "/published", json!(1)).await;
    let made = server.ask("POST", &path, Some(&politician), Some(&reply)).await;
    assert_eq!(made.status, 201, "{}", made.text);
    let reply = made.json()["item"].as_str().unwrap().to_owned();
    let queue = "/api/v1/malmo/comments/queue";
    wait_for(&server, queue, Some(&moderator), "/0/item", json!(reply)).await;
    let approve = format!("{path}/{reply}/approve");
    assert_eq!(act(&server, &approve, &moderator, ground.clone()).await, done());
    let list = wait_for(&server, &path, None, "/published", json!(2)).await;
    let thread = &list["comments"][0];
    assert_eq!((&thread["text"], &thread["name"]), (&json!("Bra idé!"), &json!("Alan Turing")));
    assert_eq!(thread["replies"][0]["party"], "Testpartiet", "from the configuration, not from the sender");
    let deep = json!({ "text": "Nej.", "reply_to": reply });
    let refused = act(&server, &path, &home.token("malmo", "citizen", "kim"), deep).await;
    assert_eq!(refused, (422, "reply-to-reply".into()));

    let kim = home.token("malmo", "citizen", "kim");
    let report = json!({ "reason": "Otrevligt." });
    assert_eq!(act(&server, &own("report"), &kim, report.clone()).await, done());
    assert_eq!(act(&server, &own("report"), &kim, report).await, (409, "already-reported".into()));
    wait_for(&server, queue, Some(&moderator), "/0/reports", json!(1)).await;
    let no = json!({ "codes": ["offensive"], "text": "", "ground": "regel 3" });
    assert_eq!(act(&server, &own("refuse"), &moderator, no).await, done());
    let list = wait_for(&server, &path, None, "/published", json!(1)).await;
    assert_eq!(list["comments"][0]["text"], Value::Null, "what has a reply keeps its place");
    assert_eq!(
        act(&server, &own("restore"), &moderator, ground.clone()).await,
        (422, "same-person-twice".into())
    );
    let other = home.token("malmo", "moderator", "morgan");
    assert_eq!(act(&server, &own("restore"), &other, ground).await, done());
    let gone = server.ask("DELETE", &format!("{path}/{reply}"), Some(&politician), None).await;
    assert_eq!(gone.status, 200, "{}", gone.text);
    wait_for(&server, &path, None, "/published", json!(1)).await;
}

#[tokio::test]
async fn a_question_goes_to_a_politician_who_answers_and_their_clock_is_public() {
    let home = Home::new();
    let server = home.serve();
    let body = json!({ "kind": "question", "title": "När byggs bron?", "text": "När?", "name": "Alan Turing",
        "mailbox": "alan@example.org" });
    let path = "/api/v1/malmo/inquiries";
    let sent = server.ask("POST", path, None, Some(&body.to_string())).await;
    assert_eq!(sent.status, 202, "{}", sent.text);
    let link = format!("/malmo/links/{}", home.link("alan@example.org"));
    assert_eq!(server.ask("POST", &link, None, Some("act=confirm")).await.status, 200);
    let moderator = home.token("malmo", "moderator", "mona");
    let queue = format!("{path}/queue");
    let waiting = wait_for(&server, &queue, Some(&moderator), "/0/state", json!("in_review")).await;
    let id = waiting[0]["id"].as_str().unwrap().to_owned();
    assert!(waiting[0]["register"].is_string(), "it has a number at once");
    let one = format!("{path}/{id}");
    assert_eq!(server.ask("GET", &one, None, None).await.status, 404, "not before it is answered in public");
    let on = |what: &str| format!("{one}/{what}");
    let ground = json!({ "ground": "fine" });
    assert_eq!(act(&server, &on("accept"), &moderator, ground).await, done());
    let official = home.token("malmo", "official", "olle");
    let politicians = server.ask("GET", "/api/v1/malmo/politicians", None, None).await.json();
    let pia = politicians[0]["id"].as_str().unwrap().to_owned();
    let nobody = json!({ "politician": "00", "ground": "x" });
    assert_eq!(act(&server, &on("assign"), &official, nobody).await, (422, "unknown-politician".into()));
    let assign = json!({ "politician": pia, "ground": "hennes nämnd" });
    assert_eq!(act(&server, &on("assign"), &official, assign).await, done());
    let politician = home.token("malmo", "politician", "pia");
    wait_for(&server, &format!("{path}/assigned"), Some(&politician), "/0/id", json!(id)).await;
    let clock = wait_for(&server, "/api/v1/malmo/politicians", None, "/0/open", json!(1)).await;
    assert_eq!((&clock[0]["asked"], &clock[0]["overdue"]), (&json!(1), &json!(0)));
    let stranger = home.token("malmo", "politician", "petra");
    let answer = json!({ "text": "Nästa år." });
    assert_eq!(
        act(&server, &on("answer"), &stranger, answer.clone()).await,
        (403, "inquiry-not-yours".into())
    );
    assert_eq!(act(&server, &on("answer"), &politician, answer).await, done());
    let list = wait_for(&server, &format!("{path}?kind=question"), None, "/total", json!(1)).await;
    let shown = &list["inquiries"][0];
    assert_eq!((&shown["answer"], &shown["asker"]), (&json!("Nästa år."), &Value::Null));
    assert_eq!(shown["politician"]["party"], "Testpartiet");
    let clock = wait_for(&server, "/api/v1/malmo/politicians", None, "/0/answered", json!(1)).await;
    assert_eq!((&clock[0]["median_days"], &clock[0]["open"]), (&json!(0), &json!(0)));
}

#[tokio::test]
async fn a_private_answer_reaches_its_asker_and_nobody_else() {
    let home = Home::new();
    let server = home.serve();
    let path = "/api/v1/malmo/inquiries";
    let ada = home.token("malmo", "citizen", "ada");
    let body = json!({ "kind": "tip", "title": "Trasig lampa", "text": "Vid torget.", "private": true });
    let made = server.ask("POST", path, Some(&ada), Some(&body.to_string())).await;
    assert_eq!(made.status, 201, "{}", made.text);
    assert!(made.json()["register"].is_string());
    let one = format!("{path}/{}", made.json()["id"].as_str().unwrap());
    let (moderator, official) =
        (home.token("malmo", "moderator", "mona"), home.token("malmo", "official", "olle"));
    assert_eq!(act(&server, &format!("{one}/accept"), &moderator, json!({ "ground": "fine" })).await, done());
    let answer = |private: bool| json!({ "text": "Lagad.", "private": private, "ground": "driften" });
    let refused = act(&server, &format!("{one}/answer"), &official, answer(false)).await;
    assert_eq!(refused, (409, "asked-in-private".into()));
    assert_eq!(act(&server, &format!("{one}/answer"), &official, answer(true)).await, done());
    wait_for(&server, &one, Some(&ada), "/answer", json!("Lagad.")).await;
    assert_eq!(server.ask("GET", &one, None, None).await.status, 404);
    let seen = wait_for(&server, &one, Some(&moderator), "/state", json!("answered")).await;
    assert_eq!(seen["answer"], Value::Null, "not even to staff");
    assert_eq!(server.ask("GET", &format!("{path}?kind=tip"), None, None).await.json()["total"], 0);
}
