//! What somebody outside can tell of a submission: nothing.

use radslag_kernel::{AggregateId, Role};
use serde_json::json;

use crate::house::{Answer, House};

async fn list(house: &House, effect: &str, kind: &str, pattern: &str) -> String {
    let official = house.token(Role::Official, "olga");
    let body =
        json!({ "effect": effect, "kind": kind, "pattern": pattern, "ground": "Rules, 3" }).to_string();
    let added = house.ask("POST", "/lists", &official, &body).await;
    assert_eq!(added.status, 201, "{}", String::from_utf8_lossy(&added.body));
    added.json()["item"].as_str().unwrap().to_owned()
}

fn suspicion(house: &House, petition: AggregateId, mailbox: &str) -> Option<String> {
    house.page(petition, mailbox).pending.last().unwrap().suspicion.clone()
}

/// Without what differs from request to request whatever is asked: its id and the date.
fn seen(mut answer: Answer) -> Answer {
    for name in ["x-request-id", "date", "traceparent"] {
        answer.headers.remove(name);
    }
    answer
}

#[tokio::test]
async fn new_repeated_and_blocked_get_the_same_answer_and_write_one_event_of_one_shape() {
    let house = House::new().await;
    let petition = house.petition().await;
    list(&house, "block", "mailbox", "bot-*@example.org").await;
    list(&house, "block", "network", "203.0.113.0/24").await;
    house.request(petition, "192.0.2.1", "Ann Ek", "ann@example.org").await;
    house.confirm(petition, "ann@example.org").await;
    let (mut answers, mut shapes) = (Vec::new(), Vec::new());
    for (from, name, mailbox) in [
        ("192.0.2.2", "Bo Ek", "boe@example.org"),
        ("192.0.2.3", "Bo Ek", "boe@example.org"),
        ("192.0.2.4", "Ann Ek", "ann@example.org"),
        ("192.0.2.5", "Bot Ek", "bot-7@example.org"),
        ("203.0.113.9", "Eve Ek", "eve@example.org"),
        ("192.0.2.2", "Dan Ek", "dan@example.org"),
        ("192.0.2.6", "Ines Initiator", "ines@example.org"),
    ] {
        let before = house.office.log.watermark();
        answers.push(seen(house.request(petition, from, name, mailbox).await));
        let written: Vec<_> = house
            .records(before)
            .iter()
            .map(|record| {
                let commitments: Vec<u32> = record.header.commitments.iter().map(|one| one.field).collect();
                let length = record.with(|_, public| Ok::<_, ()>(public.len())).unwrap().event;
                (record.header.r#type.clone(), record.header.schema, length, record.header.role, commitments)
            })
            .collect();
        assert_eq!(written.len(), 1, "{mailbox}");
        shapes.extend(written);
    }
    assert_eq!(answers[0].status, 202);
    assert!(answers.iter().all(|answer| *answer == answers[0]), "{answers:#?}");
    assert!(shapes.iter().all(|shape| *shape == shapes[0]), "{shapes:?}");
    assert_eq!(suspicion(&house, petition, "dan@example.org").as_deref(), Some("rate-petition-60s"));
}

#[tokio::test]
async fn a_blocked_submission_cannot_be_confirmed_and_one_taken_off_the_list_can() {
    let house = House::new().await;
    let petition = house.petition().await;
    let item = list(&house, "block", "domain", "*.spam.example").await;
    house.request(petition, "192.0.2.1", "Bot Ek", "bot@mx.spam.example").await;
    assert_eq!(house.page(petition, "bot@mx.spam.example").slots, []);
    let official = house.token(Role::Official, "olga");
    let removed =
        house.ask("POST", &format!("/lists/{item}/remove"), &official, r#"{"ground":"a mistake"}"#).await;
    assert_eq!(removed.status, 200);
    house.request(petition, "192.0.2.2", "Bot Ek", "bot@mx.spam.example").await;
    house.confirm(petition, "bot@mx.spam.example").await;
    let again = house.ask("POST", &format!("/lists/{item}/remove"), &official, r#"{"ground":"again"}"#).await;
    assert_eq!(again.status, 404);
}

#[tokio::test]
async fn a_listed_mailbox_comments_and_asks_in_vain_and_cannot_tell() {
    let house = House::new().await;
    let petition = house.petition().await;
    list(&house, "block", "mailbox", "bot-*@example.org").await;
    let comment = format!("/petitions/{petition}/comments");
    let words = r#""text":"Bra förslag.","name":"Bo Ek""#;
    let inquiry =
        r#""kind":"tip","title":"Lampan","text":"Den är trasig.","name":"Bo Ek","public_name":"Bo""#;
    for (path, words, kind) in
        [(comment.as_str(), words, "comment.submitted"), ("/inquiries", inquiry, "inquiry.received")]
    {
        let mut answers = Vec::new();
        for (n, mailbox) in ["bo@example.org", "bot-7@example.org"].into_iter().enumerate() {
            let body = format!(r#"{{{words},"mailbox":"{mailbox}"}}"#);
            let before = house.office.log.watermark();
            let peer = format!("198.51.100.{n}");
            answers.push(seen(house.ask_from(&peer, ("POST", path), &[], &body).await));
            let kinds: Vec<_> =
                house.records(before).iter().map(|record| record.header.r#type.clone()).collect();
            assert!(kinds.iter().any(|written| written == kind), "{path}: {kinds:?}");
        }
        assert_eq!(answers[0].status, 202, "{}", String::from_utf8_lossy(&answers[0].body));
        assert_eq!(answers[0], answers[1], "{path}");
    }
    let page = house.office.comments_of(&radslag_petitions::shell::comment::stream(
        petition,
        house.office.tags(petition).unwrap().mailbox("bot-7@example.org"),
    ));
    let outcomes: Vec<_> =
        page.unwrap().comments.iter().map(|one| one.facts.known().unwrap().outcome).collect();
    assert_eq!(outcomes, [radslag_petitions::comment::Outcome::Blocked]);
}

#[tokio::test]
async fn a_shared_address_that_is_allowed_is_never_over_a_limit_and_blocks_come_first() {
    let house = House::new().await;
    let petition = house.petition().await;
    list(&house, "allow", "network", "192.0.2.0/24").await;
    list(&house, "block", "mailbox", "bot@example.org").await;
    for name in ["ann", "boe", "cia", "dan", "eve", "fia", "gun"] {
        house.request(petition, "192.0.2.1", name, &format!("{name}@example.org")).await;
        assert_eq!(suspicion(&house, petition, &format!("{name}@example.org")), None);
    }
    house.request(petition, "192.0.2.1", "Bot", "bot@example.org").await;
    assert_eq!(house.page(petition, "bot@example.org").slots, []);
}

#[tokio::test]
async fn the_clients_address_is_taken_from_trusted_proxies_only() {
    let house = House::with(|config| config.http.trusted_proxies = vec!["10.0.0.0/8".parse().unwrap()]).await;
    let petition = house.petition().await;
    let path = format!("/petitions/{petition}/signatures");
    let send = async |peer: &str, claims: &str, mailbox: &str| {
        let body = json!({ "name": "Ann Ek", "mailbox": mailbox, "postcode": "211 45" }).to_string();
        house.ask_from(peer, ("POST", &path), &[&format!("x-forwarded-for: {claims}")], &body).await;
        suspicion(&house, petition, mailbox)
    };
    assert_eq!(send("10.0.0.1", "192.0.2.1", "a@example.org").await, None);
    assert_eq!(
        send("10.0.0.1", "192.0.2.2", "b@example.org").await,
        None,
        "another client of the same proxy"
    );
    assert!(send("10.0.0.1", "192.0.2.2", "c@example.org").await.is_some());
    assert_eq!(send("203.0.113.1", "192.0.2.3", "d@example.org").await, None);
    let liar = send("203.0.113.1", "192.0.2.4", "e@example.org").await;
    assert_eq!(liar.as_deref(), Some("rate-petition-60s"), "who isn't a proxy is taken at its own address");
}

#[tokio::test]
async fn a_form_filled_in_faster_than_a_person_types_is_set_aside() {
    let house = House::new().await;
    let petition = house.petition().await;
    let path = format!("/petitions/{petition}/signatures");
    let shown = house.ask_from("192.0.2.1", ("GET", &format!("{path}/form")), &[], "").await;
    assert_eq!(shown.headers["cache-control"], "no-store");
    let form = shown.json()["form"].as_str().unwrap().to_owned();
    let send = async |from: &str, form: &str, mailbox: &str| {
        let body = json!({ "name": "Ann Ek", "mailbox": mailbox, "postcode": "211 45", "form": form });
        let answer = house.ask_from(from, ("POST", &path), &[], &body.to_string()).await;
        assert_eq!(answer.status, 202);
        suspicion(&house, petition, mailbox)
    };
    assert_eq!(send("192.0.2.1", &form, "a@example.org").await.as_deref(), Some("too-fast"));
    assert_eq!(send("192.0.2.2", "forged", "b@example.org").await.as_deref(), Some("form-forged"));
    house.later(3);
    assert_eq!(send("192.0.2.3", &form, "c@example.org").await, None);
}

#[tokio::test]
async fn what_is_set_aside_says_on_its_page_by_when_somebody_decides() {
    let house = House::new().await;
    let petition = house.petition().await;
    house.request(petition, "192.0.2.1", "Ann Ek", "ann@example.org").await;
    house.request(petition, "192.0.2.1", "Bo Ek", "bo@example.org").await;
    let link = house.link("bo@example.org").await;
    let told = house.follow(&link, json!({ "act": "confirm" })).await.json();
    let today = house.office.calendar.date(house.office.now());
    let by = radslag_kernel::time::plus_days(today, 14).to_string();
    assert_eq!((&told["state"], &told["decide_by"]), (&json!("suspected"), &json!(by)));
    // Cleared, there is nothing to decide any more.
    let item = house.page(petition, "bo@example.org").slots[0].item.unwrap();
    house.settled().await;
    let path = format!("/petitions/{petition}/signatures/{item}/clear");
    let moderator = house.token(Role::Moderator, "mona");
    assert_eq!(house.ask("POST", &path, &moderator, r#"{"ground":"A household"}"#).await.status, 200);
    let told = house.ask_from("192.0.2.1", ("GET", &format!("/links/{link}")), &[], "").await.json();
    assert_eq!((&told["state"], &told["decide_by"]), (&json!("confirmed"), &serde_json::Value::Null));
}
