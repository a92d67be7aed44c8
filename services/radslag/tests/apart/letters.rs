//! A signature gives a letter whose link confirms it, whichever service is started first, and nobody is named on the bus.

use radslag_kit::until;

use crate::home::{Home, Running, link};

const BOTH: &str = "petitions,notifications";

/// A petition that is open, started by an eID.
pub(crate) fn open(home: &Home, petitions: &Running) -> String {
    let ada = home.token("petitions", "citizen", "ada");
    let body = r#"{"texts":{"title":"Mer träd","body":"Plantera fler.","url_key":"mer-trad","length":{"days":30}},
        "initiator":{"mailbox":"ada@example.org","postcode":"211 44"}}"#;
    let made = petitions.json(201, ("POST", "/api/v1/malmo/petitions"), Some(&ada), body);
    let id = made["id"].as_str().unwrap().to_owned();
    let moderator = home.token("petitions", "moderator", "mona");
    let path = format!("/api/v1/malmo/petitions/{id}/approve");
    petitions.json(200, ("POST", &path), Some(&moderator), r#"{"ground":"fine"}"#);
    count(petitions, &id, 1);
    id
}

pub(crate) fn sign(petitions: &Running, id: &str, mailbox: &str) {
    let path = format!("/api/v1/malmo/petitions/{id}/signatures");
    let body = format!(r#"{{"name":"Eva Planterad","mailbox":"{mailbox}","postcode":"211 45"}}"#);
    petitions.json(202, ("POST", &path), None, &body);
}

fn count(petitions: &Running, id: &str, count: u64) {
    let path = format!("/api/v1/malmo/petitions/{id}/count");
    until("the count", || {
        let (status, answer) = petitions.ask("GET", &path, None, "");
        let answer: serde_json::Value = serde_json::from_str(&answer).unwrap_or_default();
        Ok((status == 200 && answer["count"] == count).then_some(()))
    })
    .unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn a_signature_gives_a_letter_whose_link_confirms_though_petitions_come_last() {
    let home = Home::new();
    let notifications = home.start("notifications");
    notifications.waits_for("petitions at https://localhost");
    let petitions = home.start("petitions");
    petitions.is_ready();
    notifications.is_ready();

    let id = open(&home, &petitions);
    assert!(home.letter("ada@example.org", 1).contains("Subject: "));
    sign(&petitions, &id, "eva.planterad@example.org");
    let letter = home.letter("eva.planterad@example.org", 1);
    let path = link(&letter, "/malmo/links/").replace("/malmo/", "/api/v1/malmo/");
    petitions.json(200, ("POST", &path), None, r#"{"act":"confirm"}"#);
    count(&petitions, &id, 2);

    // A letter waits while notifications are away, and is written when they are back.
    notifications.kill();
    sign(&petitions, &id, "olle@example.org");
    let notifications = home.start("notifications");
    home.letter("olle@example.org", 1);
    assert_eq!(home.letters_to("eva.planterad@example.org").len(), 1, "nothing is told twice");
    names_nobody_on_the_bus(&home).await;
    for service in ["petitions", "notifications"] {
        assert!(!home.said(service).to_lowercase().contains("planterad"), "{service}");
    }
    let figures = petitions.ask("GET", "/metrics", None, "").1;
    assert!(
        figures.contains(
            "radslag_letters_opened_total{tenant=\"malmo\",service=\"petitions\",purpose=\"send\"}"
        )
    );
    assert_eq!((petitions.stop(), notifications.stop()), (Some(0), Some(0)));
}

#[test]
fn what_is_older_than_a_day_when_notifications_first_start_leads_to_no_letters() {
    let home = Home::new();
    let petitions = home.start_with("petitions", "clock_offset_ms = -259200000\n");
    petitions.is_ready();
    let id = open(&home, &petitions);
    sign(&petitions, &id, "eva.planterad@example.org");
    assert_eq!(petitions.stop(), Some(0));
    let petitions = home.start("petitions");
    petitions.is_ready();
    sign(&petitions, &id, "olle@example.org");
    let notifications = home.start("notifications");
    home.letter("olle@example.org", 1);
    assert_eq!(home.letters_to("eva.planterad@example.org").len(), 0, "three days old");
    assert_eq!(notifications.stop(), Some(0));
}

#[test]
fn one_process_with_both_does_the_same() {
    let home = Home::new();
    let both = home.start(BOTH);
    both.is_ready();
    let id = open(&home, &both);
    sign(&both, &id, "eva.planterad@example.org");
    let path = link(&home.letter("eva.planterad@example.org", 1), "/malmo/links/");
    both.json(200, ("POST", &path.replace("/malmo/", "/api/v1/malmo/")), None, r#"{"act":"confirm"}"#);
    count(&both, &id, 2);
    both.kill();
    let both = home.start(BOTH);
    both.is_ready();
    sign(&both, &id, "olle@example.org");
    home.letter("olle@example.org", 1);
    assert_eq!(home.letters_to("eva.planterad@example.org").len(), 1, "nothing is told twice");
}

async fn names_nobody_on_the_bus(home: &Home) {
    let options = radslag_bus::ConnectOptions::new();
    let patience = std::time::Duration::from_secs(5);
    let jetstream = radslag_bus::connect_with(&home.nats.url(), options, patience).await.unwrap();
    for service in ["petitions", "notifications"] {
        let stream = jetstream.get_stream(format!("radslag_malmo_{service}_0")).await.unwrap();
        let last = stream.cached_info().state.last_sequence;
        assert!(last > 3, "{service} {last}");
        for sequence in 1..=last {
            let message = stream.get_raw_message(sequence).await.unwrap();
            let whole = format!("{:?} {}", message.headers, String::from_utf8_lossy(&message.payload));
            assert!(!whole.to_lowercase().contains("planterad") && !whole.contains("@example"), "{whole}");
        }
    }
}
