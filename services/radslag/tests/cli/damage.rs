//! A damaged log: every command that reads it names file and offset and ends with 1.

use std::fs;

use crate::home::{Home, damage};

#[test]
fn a_damaged_segment_is_named_with_file_and_offset() {
    for frame in [1, 3] {
        let home = Home::with_log();
        let offset = damage(&home.segment(), frame);
        let segment = home.segment().display().to_string();
        let at = format!("{segment} is damaged at byte {offset}");
        home.run("log verify malmo petitions").refused(1, &[&at, "Restore the file from a backup"]);
        let ran = home.run("log verify malmo petitions --json").refused(1, &[]);
        let found: serde_json::Value = serde_json::from_str(&ran.out).unwrap();
        assert_eq!((&found["file"], found["offset"].as_u64()), (&segment.into(), Some(offset)));
        assert_eq!(found["whole"], false);
        let ran = home.run("log read malmo petitions --json").refused(1, &[&at]);
        assert_eq!(ran.out.lines().count(), frame, "what stands before it is read");
        home.run("log export malmo petitions --to x.jsonl").refused(1, &[&at]);
        assert!(!home.path("x.jsonl").exists());
        home.run("log rebuild-index malmo petitions").refused(1, &[&at]);
        let before = fs::read_dir(home.data().join("secrets/malmo")).unwrap().count();
        home.run("keys rotate malmo").refused(1, &["the keys of malmo can't be rotated", &at]);
        assert_eq!(fs::read_dir(home.data().join("secrets/malmo")).unwrap().count(), before);
        let ran = home.run("log info malmo petitions --json").refused(1, &[]);
        let info: serde_json::Value = serde_json::from_str(&ran.out).unwrap();
        assert_eq!(info["health"], "damaged");
        assert!(info["damage"].as_str().unwrap().contains(&at));
    }
}

#[test]
fn a_cause_is_told_once() {
    let home = Home::with_log();
    let offset = damage(&home.segment(), 1);
    let ran = home.run("log rebuild-index malmo petitions");
    assert_eq!(ran.err.matches(&format!("at byte {offset}")).count(), 1, "{}", ran.err);
}

#[test]
fn a_key_slot_that_is_gone_is_damage() {
    let home = Home::with_log();
    let path = home.data().join("ground/malmo/petitions/keys");
    let mut bytes = fs::read(&path).unwrap();
    bytes[64..128].fill(0);
    fs::write(&path, bytes).unwrap();
    let at = format!("{} is damaged at byte 64", path.display());
    home.run("log verify malmo petitions").refused(1, &[&at, "slot 1 was never used but is named"]);
}
