//! Elected representatives start petitions with a party label, which comes from their token and never from what is typed.

use std::sync::atomic::{AtomicU32, Ordering};

use radslag_kernel::{AggregateId, Role};
use serde_json::{Value, json};

use crate::house::House;

/// Each with a page of its own.
fn texts() -> Value {
    static MADE: AtomicU32 = AtomicU32::new(0);
    let key = format!("a-bench-in-every-park-{}", MADE.fetch_add(1, Ordering::Relaxed));
    json!({ "title": "A bench in every park", "body": "Nowhere to sit.", "url_key": key,
        "length": { "months": 6 } })
}

/// Hands in by eID and has it opened.
async fn started(house: &House, token: &str, public_name: &str) -> AggregateId {
    let initiator =
        json!({ "name": "Typed Name", "mailbox": "petra@example.org", "public_name": public_name });
    let body = json!({ "texts": texts(), "initiator": initiator }).to_string();
    let made = house.ask("POST", "/petitions", token, &body).await;
    assert_eq!(made.status, 201, "{:?}", made.json());
    let petition: AggregateId = made.json()["id"].as_str().unwrap().parse().unwrap();
    opened(house, petition).await;
    petition
}

async fn opened(house: &House, petition: AggregateId) {
    house.settled().await;
    let moderator = house.token(Role::Moderator, "mona");
    let path = format!("/petitions/{petition}/approve");
    assert_eq!(house.ask("POST", &path, &moderator, r#"{"ground":"fine"}"#).await.status, 200);
    house.settled().await;
}

async fn seen(house: &House, petition: AggregateId) -> (Value, Value) {
    let path = format!("/petitions/{petition}");
    let shown = house.ask_from("198.51.100.1", ("GET", &path), &[], "").await.json();
    (shown["initiator"].clone(), shown["party"].clone())
}

#[tokio::test]
async fn an_elected_representative_starts_a_petition_with_a_verified_party_label() {
    let house = House::new().await;
    let petition = started(&house, &house.token(Role::Politician, "petra"), "Somebody Else").await;
    let label = (json!("Petra Politiker"), json!("P"));
    assert_eq!(seen(&house, petition).await, label, "under their own name, whatever was typed");
    let listed = house.ask_from("198.51.100.1", ("GET", "/petitions?list=active"), &[], "").await.json();
    let row = &listed["petitions"][0];
    assert_eq!((row["initiator"].clone(), row["party"].clone()), label);
    let own = format!("/petitions/{petition}");
    // On a page it is a mark of its own: a name that ends in "(P)" isn't one.
    let mark = r#"Petra Politiker <span class="party">P<span"#;
    for (path, label) in
        [("/petitions?list=active", mark), ("/feed.atom", "Petra Politiker (P)"), (&*own, mark)]
    {
        let (status, text) = house.page_of(&format!("/malmo{path}")).await;
        assert!(status.is_success() && text.contains(label), "{path}: {text}");
    }
}

#[tokio::test]
async fn a_draft_that_an_elected_representative_hands_in_has_the_label_too() {
    let house = House::new().await;
    let petra = house.token(Role::Politician, "petra");
    let made = house.ask("POST", "/drafts", &petra, &texts().to_string()).await.json();
    let petition: AggregateId = made["id"].as_str().unwrap().parse().unwrap();
    let version = format!("if-match: \"{}\"", made["version"]);
    let headers = [format!("authorization: Bearer {petra}"), version];
    let headers: Vec<&str> = headers.iter().map(String::as_str).collect();
    let path = format!("/drafts/{petition}/submit");
    let done = house.ask_from("198.51.100.1", ("POST", &path), &headers, "{}").await;
    assert_eq!(done.status, 201, "{:?}", done.json());
    opened(&house, petition).await;
    assert_eq!(seen(&house, petition).await, (json!("Petra Politiker"), json!("P")));
}

#[tokio::test]
async fn nobody_has_a_label_who_isnt_elected_or_doesnt_act_as_such() {
    let house = House::new().await;
    // The same person as a citizen, and a politician whom the tenant doesn't know.
    for (role, subject) in [(Role::Citizen, "petra"), (Role::Politician, "paul")] {
        let petition = started(&house, &house.token(role, subject), "").await;
        assert_eq!(seen(&house, petition).await, (json!(format!("Person {subject}")), json!(null)));
    }
    let initiator = json!({ "name": "A", "mailbox": "a@example.org", "party": "P" });
    let body = json!({ "texts": texts(), "initiator": initiator }).to_string();
    let typed = house.ask("POST", "/petitions", &house.token(Role::Politician, "petra"), &body).await;
    assert_eq!(typed.status.as_u16(), 400, "a party isn't typed");
}

#[tokio::test]
async fn a_label_leaves_with_who_had_it_and_is_erased_with_them() {
    let house = House::new().await;
    let petition = started(&house, &house.token(Role::Politician, "petra"), "").await;
    let initiator = house.link_of(petition, "petra@example.org");
    let named = json!({ "act": "name_coinitiator", "name": "Sven Second", "mailbox": "sven@example.org" });
    assert_eq!(house.follow(&initiator, named).await.status, 200);
    let invited = house.link("sven@example.org").await;
    house.follow(&invited, json!({ "act": "accept" })).await;
    house.follow(&invited, json!({ "act": "take_over" })).await;
    house.settled().await;
    assert_eq!(seen(&house, petition).await, (json!("Sven Second"), json!(null)));

    let other = started(&house, &house.token(Role::Politician, "petra"), "").await;
    let second = format!("second-authorization: Bearer {}", house.token(Role::Archivist, "second"));
    let first = format!("authorization: Bearer {}", house.token(Role::Archivist, "archie"));
    let body = json!({ "what": "initiator", "ground": "decided" }).to_string();
    let path = format!("/petitions/{other}/erase");
    let done = house.ask_from("198.51.100.1", ("POST", &path), &[&first, &second], &body).await;
    assert_eq!(done.status, 200, "{:?}", done.json());
    house.settled().await;
    assert_eq!(seen(&house, other).await, (json!(null), json!(null)));
}
