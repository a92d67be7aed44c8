//! A petition that its initiator wants back after handover: who signed is told, and its page says so.

use radslag_kernel::{AggregateId, Role};
use serde_json::{Value, json};

use crate::house::{House, TENANT};

async fn post(house: &House, petition: AggregateId, act: &str, body: Value) {
    let secretary = house.token(Role::Secretary, "sara");
    let done =
        house.ask("POST", &format!("/petitions/{petition}/{act}"), &secretary, &body.to_string()).await;
    assert_eq!(done.status, 200, "{act}: {:?}", done.json());
}

/// Handed over, signed by three mailboxes of which one is withdrawn again, and by an eID.
async fn handed_over(house: &House) -> AggregateId {
    let petition = house.petition().await;
    for name in ["ann", "boe"] {
        house.signed(petition, name, &format!("{name}@example.org")).await;
    }
    house.request(petition, "192.0.2.1", "Cia Ek", "cia@example.org").await;
    let link = house.link("cia@example.org").await;
    for act in ["confirm", "withdraw"] {
        assert_eq!(house.follow(&link, json!({ "act": act })).await.status, 200);
    }
    let citizen = house.token(Role::Citizen, "carl");
    let path = format!("/petitions/{petition}/signatures");
    assert_eq!(house.ask("POST", &path, &citizen, r#"{"postcode":"21144"}"#).await.status, 201);
    post(house, petition, "hand-over", json!({ "committees": ["Parks"], "ground": "due" })).await;
    petition
}

/// The initiator asks for it.
async fn asked_back(house: &House, petition: AggregateId, reason: &str) {
    let link = house.link_of(petition, "ines@example.org");
    let asked = house.follow(&link, json!({ "act": "withdraw", "reason": reason })).await;
    assert_eq!(asked.status, 200, "{:?}", asked.json());
}

/// Everybody was told everything: how many events say so.
async fn told(house: &House, times: usize) {
    loop {
        let records = house.records(0);
        let steps = records.iter().filter(|record| record.header.r#type == "petition.signers_told");
        match steps.count() {
            done if done < times => tokio::task::yield_now().await,
            done => return assert_eq!(done, times),
        }
    }
}

async fn page(house: &House, petition: AggregateId) -> String {
    house.settled().await;
    house.page_of(&format!("/{TENANT}/petitions/{petition}?lang=en")).await.1
}

#[tokio::test]
async fn signers_are_told_by_mail_and_everybody_on_the_page_what_becomes_of_a_withdrawal_after_handover() {
    let house = House::new().await;
    let petition = handed_over(&house).await;
    assert!(!page(&house, petition).await.contains("asked to withdraw it"));
    asked_back(&house, petition, "Solved").await;
    told(&house, 1).await;
    assert_eq!(house.mails("has asked to withdraw it").await, 2, "one each, and only who counts by mailbox");
    let shown = page(&house, petition).await;
    assert!(
        shown.contains("Who started the petition asked to withdraw it; the committee decides."),
        "{shown}"
    );
    post(&house, petition, "withdrawal/decline", json!({ "ground": "It is decided soon" })).await;
    told(&house, 2).await;
    assert_eq!(house.mails("The petition goes on").await, 2);
    assert!(page(&house, petition).await.contains("The committee declined"));
    asked_back(&house, petition, "Solved after all").await;
    told(&house, 3).await;
    post(&house, petition, "withdrawal/grant", json!({ "ground": "Fine" })).await;
    told(&house, 4).await;
    assert_eq!(house.mails("The petition has been withdrawn").await, 2);
    let detail =
        house.ask_from("192.0.2.1", ("GET", &format!("/petitions/{petition}")), &[], "").await.json();
    assert_eq!((&detail["withdrawal"]["state"], &detail["state"]), (&json!("granted"), &json!("withdrawn")));
    assert_eq!(detail["withdrawal"].get("reason"), None, "that is the committee's");
}

#[tokio::test]
async fn a_step_that_is_asked_for_again_tells_nobody_twice() {
    let house = House::new().await;
    let petition = handed_over(&house).await;
    asked_back(&house, petition, "Solved").await;
    told(&house, 1).await;
    assert_eq!(house.mails("has asked to withdraw it").await, 2);
    for _ in 0..2 {
        house.office.tell_signers(petition).await.unwrap();
    }
    told(&house, 1).await;
    assert_eq!(house.mails("has asked to withdraw it").await, 0);
}
