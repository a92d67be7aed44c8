//! Votes for and against under `eforslag-both`: both counts are exact and served side by side everywhere.

use std::sync::atomic::{AtomicU8, Ordering};

use radslag_kernel::{AggregateId, Role};
use radslag_petitions::recount::{Recount, read};
use serde_json::{Value, json};

use crate::house::{Answer, House};

const BOTH: &str = "eforslag-both";

/// Open, with its initiator counted for it.
async fn proposal(house: &House) -> AggregateId {
    let texts = json!({ "title": "A bench in every park", "body": "Nowhere to sit.",
        "url_key": "a-bench-in-every-park", "length": { "months": 1 } });
    let body = json!({ "texts": texts, "initiator": { "mailbox": "ines@example.org" } }).to_string();
    let made = house.ask("POST", "/petitions", &house.token(Role::Citizen, "ines"), &body).await;
    assert_eq!(made.status, 201, "{:?}", made.json());
    let petition: AggregateId = made.json()["id"].as_str().unwrap().parse().unwrap();
    house.settled().await;
    let path = format!("/petitions/{petition}/approve");
    let approved = house.ask("POST", &path, &house.token(Role::Moderator, "mona"), r#"{"ground":"x"}"#).await;
    assert_eq!(approved.status, 200, "{:?}", approved.json());
    house.settled().await;
    petition
}

/// By eID.
async fn vote(house: &House, petition: AggregateId, who: &str, stance: &str) -> Answer {
    let path = format!("/petitions/{petition}/signatures");
    let body = json!({ "stance": stance, "postcode": "211 45" }).to_string();
    house.ask("POST", &path, &house.token(Role::Citizen, who), &body).await
}

/// By mailbox, as far as the mail.
async fn asked(house: &House, petition: AggregateId, mailbox: &str, stance: &str) {
    let path = format!("/petitions/{petition}/signatures");
    let body = json!({ "name": "Mia", "mailbox": mailbox, "stance": stance, "language": "en" }).to_string();
    // From a network of its own: a rule would set the second of a minute aside.
    static ASKED: AtomicU8 = AtomicU8::new(1);
    let from = format!("203.0.{}.1", ASKED.fetch_add(1, Ordering::Relaxed));
    assert_eq!(house.ask_from(&from, ("POST", &path), &[], &body).await.status, 202);
}

async fn by_mailbox(house: &House, petition: AggregateId, mailbox: &str, stance: &str) {
    asked(house, petition, mailbox, stance).await;
    house.confirm(petition, mailbox).await;
}

async fn seen(house: &House, path: &str) -> Value {
    house.settled().await;
    let answer = house.ask_from("192.0.2.1", ("GET", path), &[], "").await;
    assert_eq!(answer.status, 200, "{path}: {:?}", answer.json());
    answer.json()
}

/// For it and against it, as served; the same as anybody recounts it from the public part of the log.
async fn counts(house: &House, petition: AggregateId) -> (i64, i64) {
    let count = seen(house, &format!("/petitions/{petition}/count")).await;
    let served = (count["count"].as_i64().unwrap(), count["against"].as_i64().unwrap());
    let (mut recount, mut faults) = (Recount::default(), Vec::new());
    for record in house.records(0) {
        if let Some(fact) = read(&record.header, &record.public).unwrap() {
            recount.take(&fact, &mut faults);
        }
    }
    let tally = recount.get(petition).unwrap();
    assert_eq!(((tally.count, tally.against), faults.as_slice()), (served, [].as_slice()));
    served
}

#[tokio::test]
async fn both_counts_are_served_side_by_side() {
    let house = House::under(BOTH).await;
    let petition = proposal(&house).await;
    assert_eq!(counts(&house, petition).await, (1, 0));
    assert_eq!(vote(&house, petition, "carl", "for").await.status, 201);
    assert_eq!(vote(&house, petition, "dora", "against").await.status, 201);
    assert_eq!(vote(&house, petition, "dora", "perhaps").await.status, 400);
    by_mailbox(&house, petition, "mia@example.org", "against").await;
    assert_eq!(counts(&house, petition).await, (2, 2));
    let own = format!("/petitions/{petition}");
    let detail = seen(&house, &own).await;
    assert_eq!((&detail["signatures"], &detail["against"]), (&json!(2), &json!(2)));
    let row = &seen(&house, "/petitions?list=active").await["petitions"][0];
    assert_eq!((&row["signatures"], &row["against"]), (&json!(2), &json!(2)));
    let then = seen(&house, &format!("{own}/count?as_of=2100-01-01")).await;
    assert_eq!((&then["count"], &then["against"]), (&json!(2), &json!(2)));
    assert_eq!(then["position"], seen(&house, &format!("{own}/count")).await["position"]);
    let stood = seen(&house, &format!("{own}/state")).await;
    assert_eq!((&stood["signatures"], &stood["against"]), (&json!(2), &json!(2)));
    let hours = seen(&house, &format!("{own}/history")).await;
    let sum = |field: &str| -> i64 {
        hours.as_array().unwrap().iter().map(|hour| hour[field].as_i64().unwrap()).sum()
    };
    assert_eq!((sum("change"), sum("change_against")), (2, 2));
    let last = hours.as_array().unwrap().last().unwrap();
    assert_eq!((&last["count"], &last["against"]), (&json!(2), &json!(2)));
    let listed = seen(&house, &format!("{own}/signatures")).await;
    let sides: Vec<&Value> =
        listed["signatures"].as_array().unwrap().iter().map(|one| &one["against"]).collect();
    assert_eq!((listed["total"].as_u64(), sides), (Some(3), vec![&json!(true), &json!(true), &json!(false)]));
    let areas = seen(&house, &format!("{own}/areas")).await;
    assert_eq!(areas["total"], 4, "areas are of all votes");
    assert!(house.first_event(&format!("{own}/count/events")).await.contains("\"against\":2"));
    let (_, figures) = house.page_of("/malmo/log/petitions/figures").await;
    assert!(figures.contains(r#""signatures":2,"against":2"#), "{figures}");
    for path in ["", "/embed"] {
        let (_, page) = house.page_of(&format!("/malmo/petitions/{petition}{path}?lang=sv")).await;
        assert!(page.to_lowercase().contains("emot"), "{path}: {page}");
    }
    let (_, form) = house.page_of(&format!("/malmo/petitions/{petition}/sign")).await;
    assert!(form.contains(r#"name="stance""#), "{form}");
}

#[tokio::test]
async fn one_person_has_one_vote_the_last_one() {
    let house = House::under(BOTH).await;
    let petition = proposal(&house).await;
    vote(&house, petition, "carl", "for").await;
    assert_eq!(vote(&house, petition, "carl", "for").await.code(), "already-signed");
    assert_eq!(vote(&house, petition, "carl", "against").await.status, 201);
    assert_eq!(counts(&house, petition).await, (1, 1));
    let path = format!("/petitions/{petition}/signatures/mine");
    let mine = house.ask("GET", &path, &house.token(Role::Citizen, "carl"), "").await.json();
    assert_eq!((&mine["state"], &mine["against"]), (&json!("confirmed"), &json!(true)));
    by_mailbox(&house, petition, "mia@example.org", "against").await;
    asked(&house, petition, "mia@example.org", "for").await;
    assert_eq!(counts(&house, petition).await, (1, 2), "until the link is used the former vote counts");
    let link = house.link("voted on").await;
    let (_, shown) = house.page_of(&format!("/malmo/links/{link}")).await;
    assert!(shown.contains("Din röst: för."), "{shown}");
    assert_eq!(house.follow(&link, json!({ "act": "confirm" })).await.json()["state"], "confirmed");
    assert_eq!(counts(&house, petition).await, (2, 1));
    let listed = seen(&house, &format!("/petitions/{petition}/signatures")).await;
    assert_eq!(listed["total"], 2);
}

#[tokio::test]
async fn only_votes_for_it_count_against_the_threshold() {
    let house = House::under(BOTH).await;
    let petition = proposal(&house).await;
    for n in 0..60 {
        assert_eq!(vote(&house, petition, &format!("no-{n}"), "against").await.status, 201);
    }
    house.reacted().await;
    let answer = async || seen(&house, &format!("/petitions/{petition}")).await["answer"].clone();
    assert_eq!(answer().await, "none");
    for n in 0..59 {
        vote(&house, petition, &format!("yes-{n}"), "for").await;
    }
    house.reacted().await;
    assert_eq!((counts(&house, petition).await, answer().await), ((60, 60), json!("due")));
    // The committee gets both, and `counts` compares what the event says with what anybody recounts.
    let (path, secretary) = (format!("/petitions/{petition}"), house.token(Role::Secretary, "cs"));
    let official = house.token(Role::Official, "olga");
    let body = json!({ "committees": ["Tekniska nämnden"], "ground": "Rules, 4" }).to_string();
    let sent = house.ask("POST", &format!("{path}/hand-over"), &official, &body).await;
    assert_eq!(sent.status, 200, "{:?}", sent.json());
    let package = house.ask("GET", &format!("{path}/parts/1/package"), &secretary, "").await.json();
    assert_eq!(
        (&package["signatures"]["count"], &package["signatures"]["against"]),
        (&json!(60), &json!(60))
    );
    assert_eq!(counts(&house, petition).await, (60, 60));
}

#[tokio::test]
async fn a_bulk_invalidation_tells_of_each_side() {
    let house = House::under(BOTH).await;
    let petition = proposal(&house).await;
    for (name, stance) in [("a", "for"), ("b", "for"), ("c", "against")] {
        by_mailbox(&house, petition, &format!("{name}@spam.example"), stance).await;
    }
    vote(&house, petition, "dora", "against").await;
    assert_eq!(counts(&house, petition).await, (3, 2));
    let official = house.token(Role::Official, "olga");
    let body = json!({ "ground": "Rules, 4", "notice": "By a program.", "domain": "spam.*" }).to_string();
    let made = house.ask("POST", "/bulk", &official, &body).await.json();
    let bulk = format!("/bulk/{}", made["bulk"].as_str().unwrap());
    let reached = async |state: &str| {
        while house.ask("GET", &bulk, &official, "").await.json()["state"] != state {
            tokio::task::yield_now().await;
        }
    };
    assert_eq!(house.ask("POST", &format!("{bulk}/start"), &official, "").await.status, 200);
    reached("finished").await;
    assert_eq!(counts(&house, petition).await, (1, 1));
    let told = seen(&house, &format!("/petitions/{petition}/corrections")).await;
    let told: Vec<Value> = told.as_array().unwrap().iter().map(side).collect();
    assert_eq!(told, [json!([false, 2, 3, 1]), json!([true, 1, 2, 1])]);
    let ground = r#"{"ground":"they were people"}"#;
    assert_eq!(house.ask("POST", &format!("{bulk}/undo"), &official, ground).await.status, 200);
    reached("undone").await;
    assert_eq!(counts(&house, petition).await, (3, 2));
}

/// Side, number, before and after.
fn side(correction: &Value) -> Value {
    json!([correction["against"], correction["number"], correction["before"], correction["after"]])
}

#[tokio::test]
async fn where_votes_against_are_not_taken_nothing_says_so_much_as_none() {
    let house = House::new().await;
    let petition = house.petition().await;
    let refused = vote(&house, petition, "dora", "against").await;
    assert_eq!((refused.status.as_u16(), refused.code().as_str()), (422, "votes-against-not-allowed"));
    assert_eq!(vote(&house, petition, "dora", "for").await.status, 201);
    let count = seen(&house, &format!("/petitions/{petition}/count")).await;
    assert_eq!((&count["count"], count.get("against")), (&json!(2), None));
    assert_eq!(seen(&house, &format!("/petitions/{petition}")).await["against"], json!(null));
    let (_, form) = house.page_of(&format!("/malmo/petitions/{petition}/sign")).await;
    assert!(!form.contains(r#"name="stance""#), "{form}");
}
