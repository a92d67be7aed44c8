//! `radslag keys` and `radslag clock`.

use std::fs;

use radslag_kernel::Opened;
use radslag_vault::Keyring;

use crate::home::{Home, SECRET, STREAM};

#[test]
fn rotating_wraps_everything_again_and_destroys_the_old_key() {
    let home = Home::with_log();
    let secrets = home.data().join("secrets/malmo");
    let old = fs::read(secrets.join("kek-1.key")).unwrap();
    let rotated = home.run("keys rotate malmo --json").json();
    let expected = serde_json::json!([{
        "tenant": "malmo", "key": 2, "logs": ["petitions"], "destroyed": [1]
    }]);
    assert_eq!(rotated, expected);
    assert!(!secrets.join("kek-1.key").exists());
    assert_ne!(fs::read(secrets.join("kek-2.key")).unwrap(), old);
    let status = home.run("keys status malmo --json").json();
    assert_eq!(status[0]["keys"][0]["number"], 2);
    assert_eq!(status[0]["keys"][0]["current"], true);
    assert_eq!(status[0]["logs"][0]["live"], serde_json::json!({ "2": 1 }));
    let open = home.open();
    let signed = open.0.read_stream(STREAM).unwrap().remove(0);
    let Opened::Known(name) = signed.open(4, open.0.vault()).unwrap() else { panic!("it is gone") };
    assert_eq!(name, SECRET.as_bytes());
}

#[test]
fn a_rotation_that_was_interrupted_is_finished_by_the_next() {
    let home = Home::with_log();
    Keyring::open(&home.data().join("secrets/malmo")).unwrap().add().unwrap();
    let rotated = home.run("keys rotate malmo --json").json();
    assert_eq!((&rotated[0]["key"], &rotated[0]["destroyed"]), (&3.into(), &serde_json::json!([1, 2])));
    home.run("log verify malmo petitions --sealed").ok();
}

#[test]
fn rotating_beside_the_server_is_refused_and_changes_nothing() {
    let home = Home::new();
    let _open = home.log();
    let process = std::process::id().to_string();
    home.run("keys rotate malmo").refused(1, &["in use by process", &process, "Stop that process"]);
    let status = home.run("keys status malmo --json").json();
    assert_eq!(status[0]["keys"].as_array().unwrap().len(), 1);
    assert_eq!(status[0]["logs"][0]["live"], serde_json::json!({ "1": 1 }));
}

#[test]
fn a_tenant_without_data_gets_no_keys_by_being_looked_at() {
    let home = Home::with_log();
    let text = home.run("keys rotate").ok();
    assert!(
        text.contains("malmo: key 2 now wraps everything") && text.contains("tomelilla: no keys yet"),
        "{text}"
    );
    let text = home.run("keys status").ok();
    assert!(text.contains("key 2  made ") && text.contains("1 under key 2"), "{text}");
    assert!(!home.data().join("secrets/tomelilla").exists());
    home.run("keys rotate lund").refused(2, &["`lund`"]);
}

#[test]
fn keys_that_are_not_where_they_should_be_are_not_made_again() {
    let home = Home::with_log();
    fs::rename(home.data().join("secrets"), home.data().join("elsewhere")).unwrap();
    home.run("keys rotate malmo").refused(1, &["no key-encryption keys", "data.secrets"]);
    home.run("log verify malmo petitions --sealed").refused(1, &["no key-encryption keys"]);
    assert!(!home.data().join("secrets").exists());
}

#[test]
fn accepting_the_clock_leaves_a_marker_and_says_so() {
    let home = Home::with_log();
    let accepted = home.run("clock accept malmo --json").json();
    let marker = home.data().join("ground/malmo/clock-accept");
    let at = fs::read_to_string(&marker).unwrap();
    assert_eq!((accepted["accepted_at"].as_str(), at.ends_with("Z\n")), (Some(at.trim()), true));
    let text = home.run("clock accept malmo").ok();
    assert!(text.contains(&marker.display().to_string()) && text.contains("running server"), "{text}");
    assert_eq!(home.run("log info malmo petitions --json").json()["events"], 4);
    home.run("clock accept tomelilla").refused(2, &["tomelilla has no logs"]);
}
