//! Receipts: whoever did something is told where the proof of it is, and it is one.

use prost::Message as _;
use radslag_eventlog::frame;
use radslag_evidence::Receipt;
use radslag_kernel::{AggregateId, Role};
use radslag_proto::log::Header;
use serde_json::json;

use crate::house::{Answer, House};

/// Waits until a checkpoint covers what a receipt is of, fetches and checks it; the type of its event.
async fn proved(house: &House, link: &str) -> String {
    let (path, position) = link.rsplit_once('.').unwrap();
    assert_eq!(path, "/malmo/log/petitions/receipt/0");
    let position: u64 = position.parse().unwrap();
    let mut signed = house.office.log.checkpoints().unwrap();
    signed.wait_for(|newest| newest.as_ref().is_some_and(|it| it.checkpoint.size > position)).await.unwrap();
    let (status, text) = house.page_of(link).await;
    assert_eq!(status, 200, "{text}");
    let receipt = Receipt::parse(&text).unwrap();
    let entry = receipt.extra.clone().unwrap();
    let checkpoint = receipt.check(&entry, &house.office.log.verifiers()).unwrap();
    assert!(checkpoint.origin.ends_with("/malmo/petitions/0"), "{}", checkpoint.origin);
    let header = Header::decode(frame::split_entry(&entry).unwrap().0).unwrap();
    assert_eq!(header.position, position);
    header.r#type
}

fn link(answer: &Answer) -> String {
    answer.json()["receipt"].as_str().unwrap_or_else(|| panic!("{:?}", answer.json())).to_owned()
}

#[tokio::test]
async fn a_signature_by_eid_says_where_its_receipt_is() {
    let house = House::new().await;
    let petition = house.petition().await;
    let (path, ada) = (format!("/petitions/{petition}/signatures"), house.token(Role::Citizen, "ada"));
    let done = house.ask("POST", &path, &ada, r#"{"postcode":"211 45"}"#).await;
    assert_eq!(done.status, 201);
    assert_eq!(proved(&house, &link(&done)).await, "signature.signed");
    let back = house.ask("DELETE", &format!("{path}/mine"), &ada, "").await;
    assert_eq!(proved(&house, &link(&back)).await, "signature.withdrawn");
}

#[tokio::test]
async fn a_confirmed_mailbox_finds_its_receipt_behind_its_link() {
    let house = House::new().await;
    let petition = house.petition().await;
    assert_eq!(house.request(petition, "192.0.2.1", "Ann Ek", "ann@example.org").await.status, 202);
    let token = house.link("Ann Ek").await;
    let waits = house.ask_from("192.0.2.1", ("GET", &format!("/links/{token}")), &[], "").await;
    assert_eq!((&waits.json()["state"], &waits.json()["receipt"]), (&json!("requested"), &json!(null)));
    let confirmed = house.follow(&token, json!({ "act": "confirm" })).await;
    assert_eq!(confirmed.status, 200);
    let receipt = link(&confirmed);
    assert_eq!(proved(&house, &receipt).await, "signature.confirmed");
    // A link that is used again answers as it did.
    for again in [
        house.follow(&token, json!({ "act": "confirm" })).await,
        house.ask_from("192.0.2.1", ("GET", &format!("/links/{token}")), &[], "").await,
    ] {
        assert_eq!((link(&again), &again.json()["state"]), (receipt.clone(), &json!("confirmed")));
    }
    for (lang, words) in [("sv", "Ditt kvitto"), ("en", "Your receipt")] {
        let (status, page) = house.page_of(&format!("/malmo/links/{token}?lang={lang}")).await;
        assert_eq!(status, 200);
        let page = page.replace("&#x2f;", "/");
        assert!(page.contains(&format!("<a href=\"{receipt}\">{words}</a>")), "{page}");
        assert!(page.contains("radslag verify receipt"), "{page}");
    }
    let (status, keys) = house.page_of("/malmo/log/petitions/keys").await;
    assert_eq!((status.as_u16(), keys.lines().count()), (200, 1));
}

async fn locked(house: &House, petition: AggregateId, key: &str) -> Answer {
    let bearer = format!("authorization: Bearer {}", house.token(Role::Moderator, "mona"));
    let headers = [&*bearer, &format!("idempotency-key: {key}")];
    house.ask_from("198.51.100.1", ("POST", &format!("/petitions/{petition}/lock")), &headers, "{}").await
}

#[tokio::test]
async fn an_officials_act_says_where_its_receipt_is_also_when_it_comes_again() {
    let house = House::new().await;
    let petition = house.in_review("A bench in every park").await;
    let done = locked(&house, petition, "one").await;
    assert_eq!(done.status, 200, "{}", String::from_utf8_lossy(&done.body));
    assert!(proved(&house, &link(&done)).await.starts_with("moderation."));
    let again = locked(&house, petition, "one").await;
    assert_eq!((link(&again), &again.json()["repeated"]), (link(&done), &json!(true)));
}
