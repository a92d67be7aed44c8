//! Consumers seen and decided about from the command line, beside a server or without one.

use std::{fs, path::PathBuf};

use crate::home::{Home, ran};

/// What a consumer of malmo's petitions keeps: it has read two events, and one is parked.
fn with_a_parked_event(home: &Home) -> PathBuf {
    let folder = home.data().join("ground/malmo/consumers/petitions.mails");
    fs::create_dir_all(folder.join("parked")).unwrap();
    fs::write(folder.join("checkpoint"), r#"{"log":null,"origin":0,"next":2}"#).unwrap();
    let parked = r#"{"origin":0,"position":1,"event":"01","type":"petition.opened",
        "why":"no template","since":"2026-03-01T10:00:00.000Z","tries":1}"#;
    fs::write(folder.join("parked/0-1"), parked).unwrap();
    folder
}

#[test]
fn a_parked_event_is_seen_retried_and_skipped_with_a_reason() {
    let home = Home::with_log();
    let folder = with_a_parked_event(&home);
    let run = |words: &[&str]| ran(home.command(words).output().unwrap());
    let consumers = run(&["bus", "consumers", "malmo", "--json"]).json();
    assert_eq!(consumers[0]["consumer"], "petitions.mails");
    assert_eq!((consumers[0]["next"].as_u64(), consumers[0]["parked"].as_u64()), (Some(2), Some(1)));
    assert!(consumers[0]["behind"].as_u64().unwrap() > 0);
    let parked = run(&["bus", "parked", "--json"]).json();
    assert_eq!((&parked[0]["type"], &parked[0]["why"]), (&"petition.opened".into(), &"no template".into()));
    assert!(parked[0]["decided"].is_null());
    assert!(run(&["bus", "parked", "malmo", "other.consumer"]).ok().contains("None"));

    let retried = run(&["bus", "retry", "malmo", "petitions.mails", "1", "--json"]).json();
    assert_eq!(retried["decided"]["decision"], "retry");
    let words = ["bus", "skip", "malmo", "petitions.mails", "1", "--reason", "Sent by hand.", "--by", "anna"];
    assert!(run(&words).ok().contains("skipped"));
    let decided = fs::read_to_string(folder.join("decided/0-1")).unwrap();
    assert_eq!(decided, r#"{"decision":"skip","reason":"Sent by hand.","by":"anna"}"#);
    assert!(run(&["bus", "parked", "malmo"]).ok().contains("decided"));

    run(&["bus", "skip", "malmo", "petitions.mails", "7", "--reason", "x"])
        .refused(2, &["position 7", "isn't parked"]);
    run(&["bus", "retry", "malmo", "petitions.sms", "1"]).refused(2, &["petitions.sms", "petitions.mails"]);
    run(&["bus", "skip", "malmo", "petitions.mails", "1", "--reason", "  "]).refused(2, &["--reason"]);
}

#[test]
fn accounts_name_each_tenant_and_its_integrations_and_no_secret() {
    let home = Home::new();
    let key = ran(home.command(&["bus", "key", "--json"]).output().unwrap()).json();
    let (seed, nkey) = (key["seed"].as_str().unwrap(), key["nkey"].as_str().unwrap());
    let dir = home.data();
    home.configure(&format!(
        "data.dir = {dir:?}\n[[tenants]]\nid = \"malmo\"\nname = \"Malmö stad\"\n\
         integrations = [{{ name = \"Statistics\", nkey = {nkey:?} }}]\n"
    ));
    let accounts = |home: &Home| ran(home.command(&["bus", "accounts"]).output().unwrap()).ok();
    let text = accounts(&home);
    assert!(text.contains("\"malmo\": {") && text.contains("\"malmo_readers\": {"), "{text}");
    assert!(text.contains(nkey) && !text.contains(seed));
    let own = fs::read_to_string(home.data().join("secrets/malmo/nats.seed")).unwrap();
    assert!(own.starts_with("SU") && !text.contains(&own));
    assert_eq!(accounts(&home), text, "the key is made once");
}
