//! Who may take a petition over.

use radslag_kernel::{AggregateId, Role};
use radslag_petitions::shell::links::Purpose;
use serde_json::json;

use crate::house::House;

const SECOND: &str = "sven@example.org";

/// The link of a petition's initiator, from the mail that it was received.
async fn initiators_link(house: &House) -> String {
    house.link("Ines Initiator").await
}

/// Somebody was named; the initiator's link and theirs.
async fn named(house: &House) -> (AggregateId, String, String) {
    let petition = house.petition().await;
    let initiator = initiators_link(house).await;
    let act = json!({ "act": "name_coinitiator", "name": "Sven Second", "mailbox": SECOND });
    let page = house.follow(&initiator, act).await;
    assert_eq!(page.status, 200, "{:?}", page.json());
    let invited = house.link(SECOND).await;
    (petition, initiator, invited)
}

#[tokio::test]
async fn the_initiator_names_a_coinitiator_who_accepts_and_takes_over() {
    let house = House::new().await;
    let (petition, initiator, invited) = named(&house).await;
    let path = format!("/links/{initiator}");
    let own = house.ask_from("198.51.100.1", ("GET", &path), &[], "").await.json();
    assert_eq!(own["coinitiator"], json!({ "name": "Sven Second", "accepted": false }));
    let path = format!("/links/{invited}");
    let asked = house.ask_from("198.51.100.1", ("GET", &path), &[], "").await.json();
    assert_eq!((&asked["purpose"], &asked["state"]), (&json!("coinitiator"), &json!("asked")));
    assert_eq!(asked["acts"], json!(["accept", "decline"]));
    let early = house.follow(&invited, json!({ "act": "take_over" })).await;
    assert_eq!((early.status.as_u16(), early.code().as_str()), (409, "naming-not-accepted"));
    let yes = json!({ "act": "accept", "public_name": "Sven S" });
    assert_eq!(house.follow(&invited, yes.clone()).await.json()["state"], "accepted");
    assert_eq!(house.follow(&invited, yes).await.status, 200, "a used link answers as it did");
    assert_eq!(house.mails("said yes").await, 1, "the initiator is told");
    assert_eq!(house.follow(&invited, json!({ "act": "take_over" })).await.json()["state"], "took_over");
    assert_eq!(house.mails("Your co-initiator took").await, 1, "the former initiator is told");
    house.reacted().await;
    let moderator = house.token(Role::Moderator, "mona");
    let shown = house.ask("GET", &format!("/petitions/{petition}"), &moderator, "").await.json();
    assert_eq!(shown["initiator"], "Sven S");
    let seen = house.ask("GET", &format!("/petitions/{petition}/initiators"), &moderator, "").await.json();
    assert_eq!((&seen["initiator"], &seen["coinitiator"]), (&json!("Sven S"), &json!(null)));
    assert_eq!(seen["former"][0]["name"], "Ines Initiator");
    let citizen = house.token(Role::Citizen, "carl");
    assert_eq!(
        house.ask("GET", &format!("/petitions/{petition}/initiators"), &citizen, "").await.status,
        403
    );
    let withdraw = json!({ "act": "withdraw", "reason": "" });
    assert_eq!(house.follow(&initiator, withdraw).await.status, 404, "the former link does nothing more");
    let old = house.ask_from("198.51.100.1", ("GET", &format!("/links/{initiator}")), &[], "").await.json();
    assert_eq!((&old["state"], &old["acts"]), (&json!("taken_over"), &json!([])));
}

#[tokio::test]
async fn a_petition_that_was_taken_over_is_its_new_initiators_own() {
    let house = House::new().await;
    let (petition, _, invited) = named(&house).await;
    let owns = async |mailbox: &str| {
        let (links, _) = house.office.owned(mailbox, None).await.unwrap();
        links.iter().any(|link| link.petition == petition && link.purpose == Purpose::Initiator)
    };
    house.reacted().await;
    assert_eq!((owns("ines@example.org").await, owns(SECOND).await), (true, false));
    house.follow(&invited, json!({ "act": "accept" })).await;
    house.follow(&invited, json!({ "act": "take_over" })).await;
    house.reacted().await;
    assert_eq!((owns("ines@example.org").await, owns(SECOND).await), (false, true));
}

#[tokio::test]
async fn a_no_destroys_what_is_kept_of_who_was_named_and_the_initiator_is_told() {
    let house = House::new().await;
    let (_, initiator, invited) = named(&house).await;
    let page = house.follow(&invited, json!({ "act": "decline" })).await.json();
    assert_eq!((&page["state"], &page["acts"]), (&json!("ended"), &json!([])));
    assert_eq!(house.mails("said no, or").await, 1);
    let gone = house.follow(&invited, json!({ "act": "accept" })).await;
    assert_eq!(gone.status, 404);
    let own = house.ask_from("198.51.100.1", ("GET", &format!("/links/{initiator}")), &[], "").await.json();
    assert_eq!(own["coinitiator"], json!(null));
    assert!(own["acts"].as_array().unwrap().contains(&json!("name_coinitiator")));
    let last = house.records(0).into_iter().rfind(|record| !record.erased().is_empty());
    assert_eq!(last.unwrap().header.r#type, "petition.coinitiator_declined");
}

#[tokio::test]
async fn naming_a_mailbox_tells_nothing_about_who_has_it() {
    let house = House::new().await;
    let official = house.token(Role::Official, "olga");
    let entry = json!({ "effect": "block", "kind": "mailbox", "pattern": "b@example.org", "ground": "x" });
    assert_eq!(house.ask("POST", "/lists", &official, &entry.to_string()).await.status, 201);
    let mut seen = Vec::new();
    for mailbox in ["a@example.org", "b@example.org", "signer@example.org"] {
        let handed = house.petition_called(&format!("A bench for {}", seen.len())).await;
        house.signed(handed, "Sign Er", "signer@example.org").await;
        let initiator = house.link_of(handed, "ines@example.org");
        let before = house.records(0).len();
        let act =
            json!({ "act": "name_coinitiator", "name": "Any One", "mailbox": mailbox, "language": "en" });
        let page = house.follow(&initiator, act).await;
        let written: Vec<_> =
            house.records(0)[before..].iter().map(|record| record.header.r#type.clone()).collect();
        let mut told = page.json();
        (told["petition"], told["title"]) = (json!(null), json!(null));
        seen.push((page.status, told, written));
    }
    assert_eq!(seen[0], seen[1]);
    assert_eq!(seen[0], seen[2]);
    assert_eq!(house.mails("named you as co-initiator").await, 2, "none to the mailbox on the list");
    let kept = house.everything_kept();
    let found = kept.iter().find(|(_, bytes)| bytes.windows(13).any(|window| window == b"a@example.org"));
    assert_eq!(found.map(|(path, _)| path.clone()), None, "the mailbox is kept in the clear");
}

#[tokio::test]
async fn what_who_takes_over_signed_before_counts_no_more() {
    let house = House::new().await;
    let (petition, _, invited) = named(&house).await;
    house.signed(petition, "Sven Second", SECOND).await;
    house.settled().await;
    let count = || house.office.counts.get(petition).unwrap().count;
    assert_eq!(count(), 2, "the initiator counts, and the signature");
    house.follow(&invited, json!({ "act": "accept" })).await;
    house.follow(&invited, json!({ "act": "take_over" })).await;
    house.reacted().await;
    assert_eq!(count(), 1, "one person counts once");
}

#[tokio::test]
async fn where_initiators_prove_an_eid_a_coinitiator_accepts_by_eid() {
    let house = House::under("malmo").await;
    let initiator = house.resident("ines");
    let texts = json!({ "title": "A bench in every park", "body": "Nowhere to sit.",
        "url_key": "a-bench-in-every-park", "length": { "months": 6 } });
    let body = json!({ "texts": texts, "initiator": { "name": "", "mailbox": "ines@example.org" } });
    let made = house.ask("POST", "/petitions", &initiator, &body.to_string()).await;
    assert_eq!(made.status, 201, "{:?}", made.json());
    let petition = made.json()["id"].as_str().unwrap().to_owned();
    let named = json!({ "name": "Sven", "mailbox": SECOND, "language": "en" }).to_string();
    let path = format!("/petitions/{petition}/co-initiator");
    assert_eq!(house.ask("POST", &path, &house.resident("eve"), &named).await.status, 404);
    assert_eq!(house.ask("POST", &path, &initiator, &named).await.status, 200);
    let invited = house.link(SECOND).await;
    let by_link = house.follow(&invited, json!({ "act": "accept" })).await;
    assert_eq!((by_link.status.as_u16(), by_link.code().as_str()), (403, "eid-required"));
    let accept = json!({ "link": invited }).to_string();
    let path = format!("/petitions/{petition}/co-initiator/accept");
    let unregistered = house.ask("POST", &path, &house.token(Role::Citizen, "sven"), &accept).await;
    assert_eq!((unregistered.status.as_u16(), unregistered.code().as_str()), (403, "not-registered"));
    assert_eq!(house.ask("POST", &path, &house.resident("sven"), &accept).await.status, 200);
    assert_eq!(house.follow(&invited, json!({ "act": "take_over" })).await.status, 200);
    let withdraw = format!("/petitions/{petition}/withdraw");
    let body = json!({ "reason": "" }).to_string();
    assert_eq!(house.ask("POST", &withdraw, &initiator, &body).await.status, 404);
    assert_eq!(house.ask("POST", &withdraw, &house.resident("sven"), &body).await.status, 200);
}
