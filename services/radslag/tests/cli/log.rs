//! `radslag log`, beside a server that has the log open, and alone.

use std::{
    fs,
    io::{BufRead as _, BufReader},
    process::Stdio,
};

use base64::{Engine as _, engine::general_purpose::STANDARD};
use serde_json::Value;
use sha2::{Digest as _, Sha256};

use crate::home::{Home, STREAM};

fn own() -> u32 {
    std::process::id()
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

#[test]
fn info_tells_what_the_log_is_and_who_has_it() {
    let home = Home::new();
    let open = home.log();
    let info = home.run("log info malmo petitions --json").json();
    assert_eq!(info["id"], open.0.id().to_string());
    assert_eq!((info["events"].as_u64(), info["segments"].as_u64()), (Some(4), Some(1)));
    assert_eq!((info["keys"].as_u64(), info["keys_erased"].as_u64()), (Some(1), Some(0)));
    assert_eq!((&info["health"], info["in_use_by"].as_u64()), (&"whole".into(), Some(own().into())));
    assert!(info["last_recorded_at"].is_string() && info["index"].is_null());
    home.run("log info malmo petitions --index")
        .refused(1, &["in use by process", &own().to_string(), "Stop that process"]);
    open.closed();
    let info = home.run("log info malmo petitions --index --json").json();
    assert_eq!((&info["in_use_by"], info["index"]["runs"].as_u64()), (&Value::Null, Some(0)));
    let text = home.run("log info malmo petitions").ok();
    assert!(text.contains("events") && text.contains("whole"), "{text}");
}

#[test]
fn read_prints_the_public_part_of_the_events_asked_for() {
    let home = Home::new();
    let _open = home.log();
    let lines = home.run("log read malmo petitions --json").lines();
    let kinds: Vec<_> = lines.iter().map(|line| line["type"].as_str().unwrap()).collect();
    let expected = ["petition.threshold_reached", "petition.closed", "test.unknown", "signature.signed"];
    assert_eq!(kinds, expected);
    assert_eq!(lines[0]["public"]["count"], 200);
    assert_eq!(lines[0]["public"]["threshold"], "THRESHOLD_ANSWER");
    assert_eq!((&lines[2]["public"], &lines[2]["public_hex"]), (&Value::Null, &"feed".into()));
    assert_eq!(lines[3]["commitments"][0]["field"], 4);
    assert!(lines.iter().all(|line| line["private"].is_null()));
    let positions = |words: &str| -> Vec<u64> {
        let lines = home.run(&format!("log read malmo petitions --json {words}")).lines();
        lines.iter().map(|line| line["position"].as_u64().unwrap()).collect()
    };
    assert_eq!(positions("--from 1 --count 2"), [1, 2]);
    assert_eq!(positions("--type petition.*"), [0, 1]);
    assert_eq!(positions("--type petition.closed"), [1]);
    assert_eq!(positions(&format!("--stream {STREAM}")), [3]);
    assert_eq!(positions("--from 99"), [0; 0]);
    let text = home.run("log read malmo petitions").ok();
    assert_eq!(text.lines().count(), 4);
    assert!(text.contains("0xfeed"), "{text}");
}

#[test]
fn the_private_part_is_shown_only_on_request_and_never_what_is_sealed() {
    let home = Home::with_log();
    let line = home.run("log read malmo petitions --from 3 --private --json").lines().remove(0);
    assert_eq!(line["private"]["stream"], STREAM);
    assert_eq!((line["private"]["version"].as_u64(), &line["private"]["sealed"]), (Some(1), &[4].into()));
    let text = home.run("log read malmo petitions --from 3 --private").ok();
    assert!(text.contains(STREAM), "{text}");
}

#[test]
fn follow_prints_what_comes_while_the_server_writes() {
    let home = Home::new();
    let open = home.log();
    let words = ["log", "follow", "malmo", "petitions", "--from", "3", "--count", "3", "--json"];
    let mut child = home.command(&words).stdout(Stdio::piped()).spawn().unwrap();
    let mut lines = BufReader::new(child.stdout.take().unwrap()).lines();
    let mut next = || serde_json::from_str::<Value>(&lines.next().unwrap().unwrap()).unwrap();
    assert_eq!(next()["position"], 3);
    open.put("petition-08", 0, "petition.closed", &[]);
    assert_eq!(next()["position"], 4);
    open.put("petition-08", 1, "petition.closed", &[]);
    assert_eq!(next()["position"], 5);
    assert!(child.wait().unwrap().success());
}

#[test]
fn verify_reads_beside_the_server_and_opens_what_is_sealed_only_without_it() {
    let home = Home::new();
    let open = home.log();
    let found = home.run("log verify malmo petitions --json").json();
    assert_eq!((&found["whole"], found["events"].as_u64()), (&true.into(), Some(4)));
    assert_eq!((found["streams"].as_u64(), found["sealed"].as_u64()), (Some(2), Some(1)));
    home.run("log verify malmo petitions --sealed").refused(1, &["in use by process", &own().to_string()]);
    open.closed();
    let with_keys = home.run("log verify malmo petitions --sealed --json").json();
    assert_eq!((with_keys["opened"].as_u64(), &with_keys["digest"]), (Some(1), &found["digest"]));
    let ran = home.run("log verify malmo petitions");
    assert_eq!(ran.err, "", "no progress where there is no terminal");
    assert!(ran.ok().starts_with("Whole: 4 events"));
}

#[test]
fn an_outsider_can_hash_every_leaf_of_an_export_again() {
    let home = Home::new();
    let _open = home.log();
    let exported = home.run("log export malmo petitions --to petitions.jsonl --json").json();
    let lines = fs::read_to_string(home.path("petitions.jsonl")).unwrap();
    let mut all = Sha256::new();
    for (position, line) in lines.lines().enumerate() {
        let line: Value = serde_json::from_str(line).unwrap();
        assert_eq!(line["header"]["position"], position);
        let entry = STANDARD.decode(line["entry"].as_str().unwrap()).unwrap();
        let leaf = Sha256::new().chain_update([0]).chain_update(&entry).finalize();
        assert_eq!(line["leaf"], hex(&leaf));
        all.update(leaf);
    }
    assert_eq!((exported["events"].as_u64(), &exported["digest"]), (Some(4), &hex(&all.finalize()).into()));
    assert_eq!(exported["digest"], home.run("log verify malmo petitions --json").json()["digest"]);
    assert_eq!(home.run("log export malmo petitions").ok(), lines);
    home.run("log export malmo petitions --to petitions.jsonl")
        .refused(2, &["petitions.jsonl", "another name"]);
    home.run("log export malmo petitions --to nowhere/x.jsonl").refused(1, &["nowhere/x.jsonl"]);
    let left: Vec<_> = fs::read_dir(home.folder.path()).unwrap().map(|e| e.unwrap().file_name()).collect();
    assert!(left.iter().all(|name| !name.to_string_lossy().ends_with(".part")), "{left:?}");
}

#[test]
fn the_index_is_made_again_only_without_the_server() {
    let home = Home::new();
    let open = home.log();
    home.run("log rebuild-index malmo petitions")
        .refused(1, &["in use by process", &own().to_string(), "Stop that process"]);
    open.closed();
    fs::write(home.data().join("derived/malmo/petitions/index/db"), "damaged").unwrap();
    assert_eq!(home.run("log rebuild-index malmo petitions --json").json()["runs"], 0);
    home.open().put("petition-07", 3, "petition.closed", &[]);
}

#[test]
fn a_tenant_or_service_that_is_not_there_is_named_with_those_that_are() {
    let home = Home::with_log();
    home.run("log info malmoe petitions").refused(2, &["`malmoe`", "radslag.toml", "malmo, tomelilla"]);
    home.run("log info malmo polls").refused(2, &["`polls`", "there are: petitions"]);
    home.run("log info malmo ../malmo/petitions").refused(2, &["there are: petitions"]);
    home.run("log info tomelilla petitions").refused(2, &["tomelilla has no logs", "start the server first"]);
    assert!(
        !home.data().join("ground/tomelilla").exists() && !home.data().join("secrets/tomelilla").exists()
    );
    home.run("log info malmo").refused(2, &["SERVICE"]);
}

#[test]
fn whoever_stops_reading_the_output_is_no_failure() {
    let home = Home::with_log();
    let mut child =
        home.command(&["log", "read", "malmo", "petitions"]).stdout(Stdio::piped()).spawn().unwrap();
    drop(child.stdout.take());
    assert!(child.wait().unwrap().success());
}
