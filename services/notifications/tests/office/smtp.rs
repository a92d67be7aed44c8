//! Letters against a real mail server: what it takes, what it refuses and what it leaves open, and whether somebody else's
//! verifier takes our signature for good.

use std::{path::Path, time::Duration};

use lettre::message::Mailbox;
use radslag_kernel::{AggregateId, Instant};
use radslag_kit::{Certified, dkim_verifies};
use radslag_notifications::{
    Tag,
    delivery::Outcome,
    letter::{Class, Letter, To},
    shell::{
        compose::{Sender, Unsubscribe},
        dkim::Signer,
        smtp::{Settings, Smtp, Tls},
        transport::{Outgoing, Transport as _},
    },
    templates, verp,
};
use serde_json::{Value, json};

const KEY: [u8; 32] = [3; 32];

fn sender(signer: Option<Signer>) -> Sender {
    let from = Mailbox::new(Some("Malmö stad".into()), "radslag@malmo.example".parse().unwrap());
    Sender { from, return_domain: "malmo.example".into(), return_key: KEY, signer }
}

fn letter(to: &str, class: Class) -> Letter {
    let to =
        To { name: "Åsa Öberg".into(), mailbox: format!("{to}@nowhere.example"), language: "sv".into() };
    let (template, values, link) = ("approved".into(), String::new(), String::new());
    Letter { subject: Tag([1; 16]), template, class, to: Some(to), values, link }
}

fn outgoing(sender: &Sender, to: &str, number: u8) -> Outgoing {
    let values = json!({"title": "Bilfritt på Möllevången — nu", "name": "Åsa", "opens": "2008-10-27",
        "deadline": "2009-01-27", "link": "https://radslag.example/malmo/petitions/1"});
    let words = templates::write(templates::shipped("approved", "sv").unwrap(), &values, "sv").unwrap();
    let unsubscribe =
        Unsubscribe { url: "https://radslag.example/x".into(), list: "newsletter.malmo".into() };
    let id = AggregateId::from_bytes([number; 16]);
    let at = Instant::from_millis(1_225_108_800_000);
    sender.write(id, &letter(to, Class::Mass), words, Some(&unsubscribe), at).unwrap()
}

fn smtp(server: &radslag_kit::Smtp, tls: Tls, ca: Option<Vec<u8>>) -> Smtp {
    Smtp::new(Settings {
        host: "localhost".into(),
        port: server.port(),
        tls,
        ca,
        login: None,
        hello: "radslag.example".into(),
        timeout: Duration::from_secs(3),
    })
    .unwrap()
}

#[tokio::test]
async fn what_the_server_says_is_what_becomes_of_a_letter() {
    let server = radslag_kit::Smtp::start(None).unwrap();
    let (smtp, sender) = (smtp(&server, Tls::None, None), sender(None));
    for (number, (to, outcome)) in [
        ("anna", Outcome::Sent),
        ("refused", Outcome::Permanent { code: 550 }),
        ("busy", Outcome::Temporary { code: 451 }),
        ("full", Outcome::Temporary { code: 452 }),
        ("spam", Outcome::Permanent { code: 554 }),
        ("bertil", Outcome::Sent),
        ("silent", Outcome::Unclear),
        ("cecilia", Outcome::Sent),
        ("dies", Outcome::Unclear),
        ("david", Outcome::Temporary { code: 0 }),
    ]
    .into_iter()
    .enumerate()
    {
        let number = u8::try_from(number).unwrap();
        assert_eq!(smtp.send(&outgoing(&sender, to, number)).await, outcome, "{to}");
    }
    server.restart().unwrap();
    assert_eq!(smtp.send(&outgoing(&sender, "david", 9)).await, Outcome::Sent);
    let did =
        server.letters().unwrap().into_iter().map(|(name, _)| name.rsplit('.').next().unwrap().to_owned());
    assert_eq!(did.collect::<Vec<_>>(), ["taken", "taken", "silent", "taken", "died", "taken"]);
}

#[tokio::test]
async fn a_letter_says_who_it_is_from_and_where_it_comes_back_to() {
    let server = radslag_kit::Smtp::start(None).unwrap();
    let smtp = smtp(&server, Tls::None, None);
    assert_eq!(smtp.send(&outgoing(&sender(None), "anna", 5)).await, Outcome::Sent);
    let (_, kept) = server.wait_for(1).unwrap().remove(0);
    let kept: Value = serde_json::from_str(&kept).unwrap();
    let id = AggregateId::from_bytes([5; 16]);
    assert_eq!(verp::delivery(&KEY, kept["from"].as_str().unwrap()), Some(id));
    let content = kept["content"].as_str().unwrap();
    for expected in [
        &format!("Message-ID: <{id}@malmo.example>") as &str,
        "Auto-Submitted: auto-generated",
        "List-Unsubscribe: <https://radslag.example/x>",
        "List-Unsubscribe-Post: List-Unsubscribe=One-Click",
        "Content-Type: multipart/alternative",
        "Content-Type: text/plain",
        "Content-Type: text/html",
        "Date: Mon, 27 Oct 2008 12:00:00 +0000",
    ] {
        assert!(content.contains(expected), "{expected} in {content}");
    }
}

#[tokio::test]
async fn nothing_is_sent_without_the_tls_that_was_asked_for() {
    let made = rcgen::generate_simple_self_signed(["localhost".to_owned()]).unwrap();
    let (certificate, key) = (made.cert.pem(), made.signing_key.serialize_pem());
    let server = radslag_kit::Smtp::start(Some(&Certified { certificate: &certificate, key: &key })).unwrap();
    let letter = outgoing(&sender(None), "anna", 1);
    let known = Some(certificate.into_bytes());
    assert_eq!(smtp(&server, Tls::StartTls, None).send(&letter).await, Outcome::Temporary { code: 0 });
    let refused = smtp(&server, Tls::None, None).send(&letter).await;
    assert!(matches!(refused, Outcome::Temporary { code: 400.. }), "{refused:?}");
    assert_eq!(smtp(&server, Tls::StartTls, known.clone()).send(&letter).await, Outcome::Sent);
    let plain = radslag_kit::Smtp::start(None).unwrap();
    assert_eq!(smtp(&plain, Tls::StartTls, known).send(&letter).await, Outcome::Temporary { code: 0 });
    assert_eq!(plain.letters().unwrap().len(), 0);
}

#[tokio::test]
async fn somebody_elses_verifier_takes_our_signature_for_good() {
    // Made for this test, and for nothing else.
    let key = Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/fixtures/dkim.pem"));
    let record = include_str!("../../fixtures/dkim.record");
    let sender = sender(Some(Signer::open("malmo.example", "radslag", key).unwrap()));
    let server = radslag_kit::Smtp::start(None).unwrap();
    let smtp = smtp(&server, Tls::None, None);
    assert_eq!(smtp.send(&outgoing(&sender, "anna", 1)).await, Outcome::Sent);
    let (_, kept) = server.wait_for(1).unwrap().remove(0);
    let kept: Value = serde_json::from_str(&kept).unwrap();
    let content = kept["content"].as_str().unwrap().replace("\r\n", "\n").replace('\n', "\r\n");
    assert!(content.contains("list-unsubscribe-post"), "{content}");
    assert!(dkim_verifies(content.as_bytes(), record).unwrap(), "{content}");
    let forged = content.replace("https://radslag.example/x", "https://evil.example/x");
    assert!(!dkim_verifies(forged.as_bytes(), record).unwrap());
    let second = format!("From: evil@malmo.example\r\n{content}");
    assert!(!dkim_verifies(second.as_bytes(), record).unwrap());
}
