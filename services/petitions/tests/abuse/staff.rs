//! What staff see and decide.

use radslag_kernel::Role;
use serde_json::json;

use crate::house::House;

#[tokio::test]
async fn what_is_set_aside_waits_with_its_rule_until_somebody_decides_and_can_be_taken_back() {
    let house = House::new().await;
    let petition = house.petition().await;
    let mut items = Vec::new();
    for name in ["ann", "boe"] {
        let mailbox = format!("{name}@example.org");
        house.request(petition, "192.0.2.1", name, &mailbox).await;
        items.push(house.confirm(petition, &mailbox).await.to_string());
    }
    house.settled().await;
    let count = || house.office.counts.get(petition).unwrap().count;
    assert_eq!(count(), 2, "the initiator and the first");
    let (moderator, official) = (house.token(Role::Moderator, "mona"), house.token(Role::Official, "olga"));
    let queue = house.ask("GET", "/suspected", &moderator, "").await.json();
    let first = &queue["signatures"][0];
    assert_eq!((queue["total"].as_u64(), &first["item"]), (Some(1), &json!(items[1])));
    assert_eq!((&first["rule"], &first["name"]), (&json!("rate-petition-60s"), &json!("boe")));
    assert!(first["label"]["sv"].as_str().unwrap().contains("minut"));
    let act = async |token: &str, item: &str, act: &str| {
        let path = format!("/petitions/{petition}/signatures/{item}/{act}");
        let done = house.ask("POST", &path, token, r#"{"ground":"looked at it"}"#).await;
        house.settled().await;
        done
    };
    assert_eq!(act(&moderator, &items[1], "clear").await.status, 200);
    assert_eq!(count(), 3);
    assert_eq!(act(&moderator, &items[0], "suspect").await.status, 200);
    assert_eq!(count(), 2);
    let queue = house.ask("GET", "/suspected", &moderator, "").await.json();
    assert_eq!(queue["signatures"][0]["rule"], "official");
    assert_eq!(queue["signatures"][0]["ground"], "looked at it");
    assert_eq!(act(&official, &items[0], "invalidate").await.status, 200);
    assert_eq!(house.ask("GET", "/suspected", &moderator, "").await.json()["total"], 0);
    assert_eq!(act(&official, &items[0], "restore").await.status, 200);
    assert_eq!(count(), 3);
}

#[tokio::test]
async fn who_signed_does_not_decide_over_its_signatures() {
    let house = House::new().await;
    let petition = house.petition().await;
    house.request(petition, "192.0.2.1", "ann", "ann@example.org").await;
    let item = house.confirm(petition, "ann@example.org").await;
    let citizen = house.token(Role::Citizen, "olga");
    let path = format!("/petitions/{petition}/signatures");
    let signed = house.ask("POST", &path, &citizen, r#"{"postcode":"21144"}"#).await;
    assert_eq!(signed.status, 201);
    house.settled().await;
    let official = house.token(Role::Official, "olga");
    let path = format!("/petitions/{petition}/signatures/{item}/suspect");
    let refused = house.ask("POST", &path, &official, r#"{"ground":"x"}"#).await;
    assert_eq!((refused.status.as_u16(), refused.code().as_str()), (403, "conflict-of-interest"));
}

#[tokio::test]
async fn moderators_see_where_submissions_come_from_by_hour_and_no_address_is_kept() {
    let house = House::new().await;
    let petition = house.petition().await;
    for (from, mailbox) in [
        ("192.0.2.1", "a@big.example"),
        ("192.0.2.200", "b@big.example"),
        ("198.51.100.7", "c@big.example"),
        ("2001:db8:1:2::1", "d@small.example"),
    ] {
        let from = if from.contains(':') { format!("[{from}]") } else { from.to_owned() };
        house.request(petition, &from, "Ann Ek", mailbox).await;
    }
    house.settled().await;
    let moderator = house.token(Role::Moderator, "mona");
    let path = format!("/petitions/{petition}/origins?hours=2");
    let seen = house.ask("GET", &path, &moderator, "").await.json();
    let counted = |what: &str| -> Vec<i64> {
        let hours = seen.as_array().unwrap().iter();
        let rows = hours.flat_map(|hour| hour[what].as_array().unwrap().iter());
        rows.map(|row| row["submissions"].as_i64().unwrap()).collect()
    };
    assert_eq!(counted("networks").iter().sum::<i64>(), 4);
    assert_eq!(counted("networks").len(), 3, "a /24 is one network");
    assert_eq!(counted("domains"), [3, 1]);
    assert_eq!(seen[0]["domains"][0]["name"], "big.example");
    let citizen = house.token(Role::Citizen, "carl");
    assert_eq!(house.ask("GET", &path, &citizen, "").await.status, 403);
    let kept = house.everything_kept();
    for personal in ["192.0.2", "big.example", "small.example", "2001:db8"] {
        let found =
            kept.iter().find(|(_, bytes)| bytes.windows(personal.len()).any(|w| w == personal.as_bytes()));
        assert_eq!(found.map(|(path, _)| path.clone()), None, "{personal} is kept in the clear");
    }
}

#[tokio::test]
async fn an_entry_of_the_lists_needs_a_ground_and_a_pattern_and_shows_who_added_it() {
    let house = House::new().await;
    let official = house.token(Role::Official, "olga");
    let add = async |kind: &str, pattern: &str, ground: &str| {
        let body = json!({ "effect": "block", "kind": kind, "pattern": pattern, "ground": ground });
        house.ask("POST", "/lists", &official, &body.to_string()).await
    };
    assert_eq!(add("domain", "spam.example", " ").await.code(), "ground-missing");
    assert_eq!(add("domain", "*.*", "x").await.code(), "pattern-too-wide");
    assert_eq!(add("mailbox", "spam.example", "x").await.code(), "pattern-malformed");
    assert_eq!(add("colour", "red", "x").await.status, 422);
    assert_eq!(add("mailbox", "bot@spam.example", "Rules, 3").await.status, 201);
    assert_eq!(add("mailbox", "bot@spam.example", "Rules, 3").await.code(), "already-listed");
    let listed = house.ask("GET", "/lists", &official, "").await.json();
    assert_eq!(listed.as_array().unwrap().len(), 1);
    assert_eq!(
        (&listed[0]["pattern"], &listed[0]["ground"]),
        (&json!("bot@spam.example"), &json!("Rules, 3"))
    );
    assert_eq!(listed[0]["by"], house.office.staff("olga").to_string());
    let moderator = house.token(Role::Moderator, "mona");
    assert_eq!(house.ask("GET", "/lists", &moderator, "").await.status, 403);
    let kept = house.everything_kept();
    let found = kept.iter().find(|(_, bytes)| bytes.windows(12).any(|window| window == b"spam.example"));
    assert_eq!(found.map(|(path, _)| path.clone()), None);
}

#[tokio::test]
async fn an_official_says_what_a_petition_is_about_in_names_of_the_tenants_lists() {
    let house = House::new().await;
    let petition = house.petition().await;
    let path = format!("/petitions/{petition}/classify");
    let official = house.token(Role::Official, "olga");
    let about =
        json!({ "area": "Centrum", "committee": "Parks", "topics": ["Benches"], "ground": "its title" });
    let done = house.ask("POST", &path, &official, &about.to_string()).await;
    assert_eq!(done.status, 200, "{}", done.json());
    house.settled().await;
    let one = house.ask("GET", &format!("/petitions/{petition}"), &official, "").await.json();
    assert_eq!(
        (&one["area"], &one["committee"], &one["topics"]),
        (&json!("Centrum"), &json!("Parks"), &json!(["Benches"]))
    );
    for (field, value) in
        [("area", json!("Nowhere")), ("committee", json!("None")), ("topics", json!(["None"]))]
    {
        let mut about = about.clone();
        about[field] = value;
        let refused = house.ask("POST", &path, &official, &about.to_string()).await;
        assert_eq!((refused.status.as_u16(), refused.code().as_str()), (422, "unknown-class"), "{field}");
    }
    let citizen = house.token(Role::Citizen, "carl");
    assert_eq!(house.ask("POST", &path, &citizen, &about.to_string()).await.status, 403);
}

#[tokio::test]
async fn the_trace_of_a_request_stands_in_an_officials_event_and_never_in_a_citizens() {
    let house = House::new().await;
    let petition = house.petition().await;
    let traced = async |token: &str, path: &str, body: &str| {
        let from = house.records(0).len() as u64;
        let headers = [
            &*format!("authorization: Bearer {token}"),
            "traceparent: 00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01",
        ];
        let done = house.ask_from("192.0.2.1", ("POST", path), &headers, body).await;
        assert!(done.status.is_success(), "{}", String::from_utf8_lossy(&done.body));
        house.records(from).iter().map(|record| record.private.trace.len()).collect::<Vec<_>>()
    };
    let path = format!("/petitions/{petition}/signatures");
    let traces = traced(&house.token(Role::Citizen, "carla"), &path, r#"{"postcode":"21144"}"#).await;
    assert_eq!(traces, [0]);
    house.request(petition, "192.0.2.1", "ann", "ann@example.org").await;
    let item = house.confirm(petition, "ann@example.org").await;
    house.settled().await;
    let path = format!("/petitions/{petition}/signatures/{item}/suspect");
    let traces = traced(&house.token(Role::Official, "olga"), &path, r#"{"ground":"x"}"#).await;
    assert_eq!(traces.first(), Some(&16));
}
