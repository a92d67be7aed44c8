//! What the service answers as the owner of its events: which letters they lead to, to whom, and what is taken back.

use radslag_kernel::Role;
use radslag_petitions::shell::letters::owner;
use radslag_proto::notifications::{Class, Letter, Open, Opened, Purpose};
use radslag_runtime::{letters::Opens as _, service::Failure};

use crate::house::House;

const MAILBOX: &str = "Planted.Person@example.org";

fn about(house: &House, position: u64, purpose: Purpose, subject: &[u8]) -> Open {
    Open {
        tenant: "malmo".into(),
        service: "petitions".into(),
        origin: house.office.log.origin(),
        position,
        purpose: purpose.into(),
        subject: subject.to_vec(),
    }
}

async fn asked(house: &House, ask: Open) -> Result<Opened, Failure> {
    owner([&house.office], "https://malmo.example").open(ask).await
}

/// The letters of every event of a type, as they are planned.
async fn planned(house: &House, kind: &str) -> Vec<(u64, Letter)> {
    let mut planned = Vec::new();
    for record in house.records(0).iter().filter(|record| record.header.r#type == kind) {
        let opened = asked(house, about(house, record.position(), Purpose::Plan, &[])).await.unwrap();
        planned.extend(opened.letters.into_iter().map(|letter| (record.position(), letter)));
    }
    planned
}

#[tokio::test]
async fn who_plans_learns_of_nobody_and_who_sends_of_one() {
    let house = House::still().await;
    let petition = house.petition().await;
    house.request(petition, "203.0.113.1", "Planted", MAILBOX).await;
    let [(position, letter)] = planned(&house, "signature.submitted").await.try_into().unwrap();
    assert_eq!((letter.template.as_str(), letter.class()), ("confirm_signature", Class::Confirmation));
    assert_eq!(
        (letter.subject.len(), &letter.to, letter.values.as_str(), letter.link.as_str()),
        (16, &None, "", "")
    );
    let opened = asked(&house, about(&house, position, Purpose::Send, &letter.subject)).await.unwrap();
    let [sent] = opened.letters.try_into().unwrap();
    let to = sent.to.unwrap();
    assert_eq!((to.mailbox.as_str(), to.language.as_str(), sent.subject), (MAILBOX, "sv", letter.subject));
    assert!(
        sent.values.contains("\"expires\"") && sent.link.starts_with("https://malmo.example/malmo/links/")
    );
    let other = asked(&house, about(&house, position, Purpose::Send, &[7; 16])).await.unwrap();
    assert_eq!(other.letters, []);
}

#[tokio::test]
async fn a_submission_that_gets_no_letter_leads_to_a_silent_one() {
    let house = House::still().await;
    let petition = house.petition().await;
    for n in 0..7 {
        house.request(petition, &format!("203.0.113.{n}"), "Planted", MAILBOX).await;
        house.later(3_600);
    }
    let letters = planned(&house, "signature.submitted").await;
    let templates: Vec<&str> = letters.iter().map(|(_, letter)| letter.template.as_str()).collect();
    assert_eq!(templates.len(), 7, "one each, whatever came of it");
    assert_eq!((templates[0], templates[6]), ("confirm_signature", ""));
    assert!(letters.iter().all(|(_, letter)| letter.subject.len() == 16));
}

#[tokio::test]
async fn an_erased_address_is_taken_back_and_told_to_nobody() {
    let house = House::still().await;
    let petition = house.petition().await;
    let item = house.signed(petition, "Planted", MAILBOX).await;
    house.settled().await;
    let [(position, letter)] = planned(&house, "signature.submitted").await.try_into().unwrap();
    let officer = |subject| house.token(Role::DataProtectionOfficer, subject);
    let headers = [
        format!("authorization: Bearer {}", officer("dag")),
        format!("second-authorization: Bearer {}", officer("dora")),
    ];
    let path = format!("/petitions/{petition}/signatures/{item}/erase");
    let headers = [headers[0].as_str(), headers[1].as_str()];
    let erased =
        house.ask_from("198.51.100.1", ("POST", &path), &headers, r#"{"ground":"article 17"}"#).await;
    assert_eq!(erased.status, 200, "{erased:?}");
    let last =
        house.records(0).into_iter().rfind(|record| record.header.r#type == "signature.erased").unwrap();
    let opened = asked(&house, about(&house, last.position(), Purpose::Plan, &[])).await.unwrap();
    assert!(opened.withdrawn.contains(&letter.subject), "what was written to it must go");
    let opened = asked(&house, about(&house, position, Purpose::Send, &letter.subject)).await.unwrap();
    assert!(opened.letters.iter().all(|letter| letter.to.is_none() && letter.template.is_empty()));
}

#[tokio::test]
async fn what_no_longer_holds_leads_to_nothing() {
    let house = House::still().await;
    let petition = house.petition().await;
    house.request(petition, "203.0.113.1", "Planted", MAILBOX).await;
    let [(position, _)] = planned(&house, "signature.submitted").await.try_into().unwrap();
    let before = about(&house, position, Purpose::Plan, &[]);
    let never = about(&house, house.office.log.watermark(), Purpose::Plan, &[]);
    assert_eq!(asked(&house, never).await.unwrap(), Opened::default());
    let house = house.lose_the_last().await;
    assert_eq!(
        asked(&house, before).await.unwrap(),
        Opened::default(),
        "another life says there what it likes"
    );
    let elsewhere = Open { tenant: "lund".into(), ..about(&house, 0, Purpose::Plan, &[]) };
    assert!(matches!(asked(&house, elsewhere).await, Err(Failure::NotServed(tenant)) if tenant == "lund"));
}
