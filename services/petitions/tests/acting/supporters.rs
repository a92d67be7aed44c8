//! Supporters before review, and how often a network hands in.

use radslag_kernel::{AggregateId, Role};
use serde_json::{Value, json};

use crate::house::{Answer, House};

async fn support(house: &House, petition: AggregateId, from: &str, mailbox: &str) -> Answer {
    let name = format!("Supporter {}", mailbox.split('@').next().unwrap());
    let body = json!({ "name": name, "mailbox": mailbox, "language": "en" });
    let path = format!("/petitions/{petition}/supporters");
    house.ask_from(from, ("POST", &path), &[], &body.to_string()).await
}

async fn confirm(house: &House, mailbox: &str) {
    let link = house.link(mailbox).await;
    let told = house.follow(&link, json!({ "act": "confirm" })).await;
    assert_eq!(told.json()["state"], "supports");
}

async fn queue(house: &House) -> Value {
    house.settled().await;
    house.ask("GET", "/queue", &house.token(Role::Moderator, "mona"), "").await.json()
}

#[tokio::test]
async fn five_supporters_send_a_petition_to_review_whose_queue_shows_how_many_they_are() {
    let house = House::under("uk").await;
    let petition = house.in_review("A bench in every park").await;
    assert_eq!(queue(&house).await, json!([]), "it gathers supporters first");
    for n in 0..4 {
        let mailbox = format!("s{n}@example.org");
        let told = support(&house, petition, "192.0.2.1", &mailbox).await;
        assert_eq!((told.status.as_u16(), &told.json()["status"]), (202, &json!("check_your_mailbox")));
        confirm(&house, &mailbox).await;
    }
    let path = format!("/petitions/{petition}/supporters");
    let citizen = house.token(Role::Citizen, "carl");
    assert_eq!(house.ask("GET", &path, &citizen, "").await.json()["supporters"], 4);
    assert_eq!(house.ask("POST", &path, &citizen, "{}").await.status, 201, "by eID at once");
    assert_eq!(house.ask("POST", &path, &citizen, "{}").await.code(), "already-supports");
    let waiting = queue(&house).await;
    assert_eq!((&waiting[0]["id"], &waiting[0]["supporters"]), (&json!(petition.to_string()), &json!(5)));
    assert!(!waiting.to_string().contains("Supporter"), "names aren't the moderators' to know");
    let (moderator, official) = (house.token(Role::Moderator, "mona"), house.token(Role::Official, "olga"));
    let named = format!("{path}/named");
    assert_eq!(house.ask("GET", &named, &moderator, "").await.status, 403);
    let names = house.ask("GET", &named, &official, "").await.json();
    assert_eq!(names.as_array().unwrap().len(), 5);
    assert_eq!(names[0]["name"], "Supporter s0");
    let strike = format!("{path}/{}/invalidate", names[0]["item"].as_str().unwrap());
    assert_eq!(house.ask("POST", &strike, &official, r#"{"ground":"odd"}"#).await.status, 200);
    assert_eq!(queue(&house).await, json!([]), "below what is needed it gathers again");
    assert_eq!(house.ask("GET", &path, &citizen, "").await.json()["supporters"], 4);
}

#[tokio::test]
async fn an_erased_supporters_name_is_gone_and_the_count_stays() {
    let house = House::under("uk").await;
    let petition = house.in_review("A bench in every park").await;
    support(&house, petition, "192.0.2.1", "karl@example.org").await;
    confirm(&house, "karl@example.org").await;
    let path = format!("/petitions/{petition}/supporters");
    let official = house.token(Role::Official, "olga");
    let named = async || house.ask("GET", &format!("{path}/named"), &official, "").await.json();
    let item = named().await[0]["item"].as_str().unwrap().to_owned();
    let (first, second) = (house.token(Role::Archivist, "arne"), house.token(Role::Archivist, "asta"));
    let erase = format!("{path}/{item}/erase");
    let ground = r#"{"ground":"GDPR 17"}"#;
    assert_eq!(house.ask("POST", &erase, &first, ground).await.code(), "second-official-missing");
    let twice = [format!("authorization: Bearer {first}"), format!("second-authorization: Bearer {first}")];
    let headers: Vec<&str> = twice.iter().map(String::as_str).collect();
    let refused = house.ask_from("198.51.100.1", ("POST", &erase), &headers, ground).await;
    assert_eq!(refused.code(), "same-person-twice");
    let both = [format!("authorization: Bearer {first}"), format!("second-authorization: Bearer {second}")];
    let headers: Vec<&str> = both.iter().map(String::as_str).collect();
    assert_eq!(house.ask_from("198.51.100.1", ("POST", &erase), &headers, ground).await.status, 200);
    assert_eq!(named().await[0]["name"], json!(null));
    let counted = house.ask("GET", &path, &official, "").await.json();
    assert_eq!(counted["supporters"], 1);
}

#[tokio::test]
async fn supporters_hand_in_five_in_three_hundred_seconds_from_one_network() {
    let house = House::under("uk").await;
    let petition = house.in_review("A bench in every park").await;
    for n in 0..5 {
        let taken = support(&house, petition, "192.0.2.1", &format!("s{n}@example.org")).await;
        assert_eq!(taken.status, 202);
    }
    let before = house.records(0).len();
    let over = support(&house, petition, "192.0.2.1", "s5@example.org").await;
    assert_eq!((over.status.as_u16(), over.code().as_str()), (429, "too-many-requests"));
    assert!(over.headers.contains_key("retry-after"));
    assert_eq!(house.records(0).len(), before, "nothing is written");
    assert_eq!(support(&house, petition, "198.51.100.9", "s5@example.org").await.status, 202);
    house.later(301);
    assert_eq!(support(&house, petition, "192.0.2.1", "s6@example.org").await.status, 202);
}

#[tokio::test]
async fn creators_hand_in_two_in_three_hundred_seconds_from_one_network() {
    let house = House::new().await;
    let hand_in = async |from: &str, title: &str| {
        let texts = json!({ "title": title, "body": "Nowhere to sit.", "length": { "months": 6 } });
        let initiator = json!({ "name": "Ines", "mailbox": "ines@example.org" });
        let body = json!({ "texts": texts, "initiator": initiator }).to_string();
        house.ask_from(from, ("POST", "/petitions"), &[], &body).await
    };
    assert_eq!(hand_in("192.0.2.1", "").await.code(), "text-not-allowed");
    assert_eq!(hand_in("192.0.2.1", "One").await.status, 201);
    assert_eq!(hand_in("192.0.2.1", "Two").await.status, 201, "what wasn't taken doesn't count");
    let over = hand_in("192.0.2.1", "Three").await;
    assert_eq!((over.status.as_u16(), over.code().as_str()), (429, "too-many-requests"));
    assert_eq!(hand_in("198.51.100.9", "Three").await.status, 201);
    house.later(301);
    assert_eq!(hand_in("192.0.2.1", "Four").await.status, 201);
}

#[tokio::test]
async fn a_blocked_mailbox_that_supports_is_answered_as_any_other_and_gets_no_mail() {
    let house = House::under("uk").await;
    let petition = house.in_review("A bench in every park").await;
    let entry = json!({ "effect": "block", "kind": "domain", "pattern": "spam.example", "ground": "x" });
    let official = house.token(Role::Official, "olga");
    assert_eq!(house.ask("POST", "/lists", &official, &entry.to_string()).await.status, 201);
    let allowed = support(&house, petition, "192.0.2.1", "a@example.org").await;
    let blocked = support(&house, petition, "192.0.2.1", "a@spam.example").await;
    assert_eq!((allowed.status, allowed.body), (blocked.status, blocked.body));
    assert_eq!(house.mails("spam.example").await, 0);
}
