//! A log in more than one life, checked from outside: what was lost between them is told, and nothing hides behind it.

use std::fs;

use radslag_evidence::Checkpoint;
use serde_json::{Value, json};

use crate::home::{Home, Open, damage};

const GROUND: &str = "The disk failed on 4 March.";
const NEWEST: &str = "out/petitions/origin/0/checkpoints";

/// Three appends of four, four and five events, each signed; the last is lost, which is accepted, and two events follow.
fn lost() -> Home {
    let home = Home::new();
    let open = home.open();
    begin(&open);
    open.closed();
    home.run("tenant export --tenant malmo --to before").ok();
    home.run("verify before/petitions --remember kept").ok();
    lose(&home);
    home
}

fn begin(open: &Open) {
    for (stream, events) in [("a", 4), ("b", 4), ("c", 5)] {
        open.several(stream, events);
        open.0.sign_checkpoint().unwrap();
    }
}

fn lose(home: &Home) {
    damage(&home.segment(), 2);
    let words = ["log", "accept-loss", "malmo", "petitions", "--ground", GROUND, "--yes"];
    crate::home::ran(home.command(&words).output().unwrap()).ok();
    let open = home.open();
    open.several("d", 2);
    open.closed();
    let _ = fs::remove_dir_all(home.path("out"));
    home.run("tenant export --tenant malmo --to out").ok();
}

fn found(home: &Home, words: &str, code: i32) -> Value {
    let ran = home.run(&format!("{words} --json"));
    assert_eq!(ran.code, code, "{}{}", ran.out, ran.err);
    serde_json::from_str(&ran.out).unwrap()
}

/// What differs, and in which file.
fn differences(found: &Value) -> Vec<(&str, &str)> {
    let all = found["differences"].as_array().unwrap().iter();
    all.map(|one| (one["what"].as_str().unwrap(), one["file"].as_str().unwrap())).collect()
}

#[test]
fn what_was_lost_between_two_origins_is_told_and_is_no_fork() {
    let home = lost();
    assert_eq!(fs::read_to_string(home.path("out/petitions/origins")).unwrap(), "0\n1\n");
    let whole = found(&home, "verify out/petitions --remember kept", 0);
    assert_eq!((&whole["whole"], &whole["size"]), (&true.into(), &11.into()));
    let loss = json!({ "origin": 0, "kept": 8, "signed": 13, "lost": 5, "position": 8, "ground": GROUND });
    assert_eq!((&whole["losses"], &whole["remembered"]), (&json!([loss]), &13.into()));
    let text = home.run("verify out/petitions").ok();
    assert!(
        text.contains("LOSS, accepted: of origin 0 8 events remain; 13 had been signed, 5 were lost."),
        "{text}"
    );
    assert!(text.contains("position 8") && text.contains(GROUND), "{text}");
    let text = home.run("verify out/petitions --lang sv").ok();
    assert!(text.contains("FÖRLUST, accepterad: av ursprung 0 finns 8"), "{text}");
    // Who trusts the key of one life trusts it in the next; what is remembered now is the present one.
    let key = fs::read_to_string(home.path("before/petitions/keys")).unwrap();
    let pinned = found(&home, &format!("verify out/petitions --key {}", key.trim()), 0);
    assert_eq!((&pinned["keys_pinned"], &pinned["losses"]), (&true.into(), &json!([loss])));
    assert!(fs::read_to_string(home.path("kept")).unwrap().starts_with("localhost/malmo/petitions/1\n11\n"));
    assert_eq!(found(&home, "verify out/petitions --remember kept", 0)["remembered"], 11);
    let back = found(&home, "verify before/petitions --remember kept", 1);
    assert_eq!(differences(&back), [("rollback", "checkpoint")], "nothing goes back to an older life");
}

#[test]
fn what_was_remembered_of_the_part_that_stayed_still_holds() {
    let home = lost();
    let chain = fs::read_to_string(home.path(NEWEST)).unwrap();
    let second: Vec<&str> = chain.split_inclusive("\n\n").skip(2).take(2).collect();
    let second = second.concat();
    assert!(second.starts_with("localhost/malmo/petitions/0\n8\n"), "{second}");
    fs::write(home.path("kept"), &second[..second.len() - 1]).unwrap();
    assert_eq!(found(&home, "verify out/petitions --remember kept", 0)["remembered"], 8);
}

#[test]
fn an_older_origin_that_is_kept_back_or_cut_is_found() {
    let home = lost();
    let (path, own) = (home.path(NEWEST), fs::read_to_string(home.path(NEWEST)).unwrap());
    let with = |text: Option<&str>, more: &str| {
        match text {
            Some(text) => fs::write(&path, text).unwrap(),
            None => fs::remove_file(&path).unwrap(),
        }
        let found = found(&home, &format!("verify out/petitions{more}"), 1);
        fs::write(&path, &own).unwrap();
        differences(&found).iter().map(|(what, file)| format!("{what} {file}")).collect::<Vec<_>>()
    };
    let file = "origin/0/checkpoints";
    assert_eq!(with(None, ""), [format!("missing {file}")]);
    let first = own.split_inclusive("\n\n").take(4).collect::<String>();
    assert_eq!(with(Some(&first), ""), [format!("chain-end {file}")], "it admits less than was signed");
    assert!(with(Some(&first), " --remember kept").contains(&format!("rollback {file}")));
    let mut changed = own.clone().into_bytes();
    changed[own.find('\n').unwrap() + 1] ^= 1;
    let changed = String::from_utf8(changed).unwrap();
    assert!(with(Some(&changed), "").contains(&format!("chain-signature {file}")));
}

#[test]
fn a_log_that_was_changed_and_calls_it_a_loss_is_found() {
    let home = lost();
    fs::rename(home.path("out"), home.path("honest")).unwrap();
    // The same keys sign other events up to the same place, and the rest is called lost.
    fs::rename(home.data().join("ground"), home.path("first")).unwrap();
    fs::remove_dir_all(home.data().join("derived")).unwrap();
    let open = home.open();
    begin(&open);
    open.closed();
    lose(&home);
    assert_eq!(found(&home, "verify out/petitions", 0)["losses"][0]["lost"], 5, "by itself it is right");
    let forked = found(&home, "verify out/petitions --remember kept", 1);
    assert_eq!(differences(&forked), [("fork", "checkpoint")], "who kept a checkpoint knows better");
    assert!(forked["evidence"].as_str().unwrap().ends_with("kept.evidence-1"));
    fs::copy(home.path("honest/petitions/origin/0/checkpoints"), home.path(NEWEST)).unwrap();
    let found = found(&home, "verify out/petitions", 1);
    let (file, all) = ("origin/0/checkpoints", differences(&found));
    assert!(all.contains(&("chain-root", file)) && all.contains(&("fork", file)), "{all:?}");
}

#[test]
fn an_origin_that_no_event_accounts_for_is_found() {
    let home = lost();
    // The events of the first life, signed as of a third.
    let seed: [u8; 32] =
        fs::read(home.data().join("secrets/malmo/petitions.signing.keys")).unwrap().try_into().unwrap();
    let name = "localhost/malmo/petitions/2";
    let key = radslag_evidence::SigningKey::new(name, &seed.into()).unwrap();
    let text = fs::read_to_string(home.path("before/petitions/checkpoint")).unwrap();
    let signed = Checkpoint::parse(radslag_evidence::Note::parse(&text).unwrap().text()).unwrap();
    let note = Checkpoint { origin: name.into(), ..signed }.sign(&[&key]).unwrap().to_string();
    fs::write(home.path("before/petitions/checkpoint"), &note).unwrap();
    fs::write(home.path("before/petitions/checkpoints"), format!("{note}\n")).unwrap();
    fs::write(home.path("before/petitions/keys"), format!("{}\n", key.verifier())).unwrap();
    assert_eq!(differences(&found(&home, "verify before/petitions", 1)), [("origins", "checkpoint")]);
}

/// A log of two stories: `one` of 13 events, `other` of 20, exported, signed by the same key.
fn two_stories() -> Home {
    let home = Home::new();
    for (to, events) in [("one", 5), ("other", 12)] {
        let open = home.open();
        begin(&open);
        open.several("more", events);
        open.closed();
        home.run(&format!("tenant export --tenant malmo --to {to}")).ok();
        fs::rename(home.data().join("ground"), home.path(&format!("ground-{to}"))).unwrap();
        fs::remove_dir_all(home.data().join("derived")).unwrap();
    }
    home
}

const KEYS: &str = "--keys one/petitions/keys";
const TWO: &str = "log fork-evidence one/petitions/checkpoint other/petitions/checkpoint";

#[test]
fn two_sizes_are_evidence_with_the_tree_of_the_larger_one_and_then_need_nobody() {
    let home = two_stories();
    home.run(&format!("{TWO} {KEYS}")).refused(1, &["may both be true", "--log"]);
    let made = found(&home, &format!("{TWO} {KEYS} --log other/petitions --to fork"), 0);
    assert_eq!(made["sizes"], json!([18, 25]));
    for gone in ["one/petitions/tile", "other"] {
        fs::remove_dir_all(home.path(gone)).unwrap();
    }
    let checked = home.run(&format!("log fork-evidence fork {KEYS}")).ok();
    assert!(checked.starts_with("FORKED: localhost/malmo/petitions/0"), "{checked}");
    // What isn't the tree's doesn't lead to its root.
    let text = fs::read_to_string(home.path("fork")).unwrap();
    let prefix = text.find("prefix ").unwrap() + "prefix ".len();
    let digit = if text[prefix..].starts_with('A') { "B" } else { "A" };
    fs::write(home.path("fork"), format!("{}{digit}{}", &text[..prefix], &text[prefix + 1..])).unwrap();
    home.run(&format!("log fork-evidence fork {KEYS}")).refused(1, &["the proof between them is wrong"]);
}

#[test]
fn the_tree_of_the_smaller_one_says_whether_the_larger_one_contradicts_it_too() {
    let home = two_stories();
    // The log that is shown goes on from the smaller one to more than the larger one has.
    fs::rename(home.path("ground-one"), home.data().join("ground")).unwrap();
    let open = home.open();
    open.several("later", 30);
    open.closed();
    home.run("tenant export --tenant malmo --to now").ok();
    let made = found(&home, &format!("{TWO} {KEYS} --log now/petitions --to fork"), 0);
    assert_eq!(made["sizes"], json!([25, 48]), "the larger one and what the log itself has signed");
    home.run(&format!("log fork-evidence fork {KEYS}")).ok();
    let whole = "log fork-evidence one/petitions/checkpoint now/petitions/checkpoint";
    home.run(&format!("{whole} {KEYS} --log now/petitions")).refused(1, &["no fork: the larger one goes on"]);
    // A log that doesn't reach as far proves nothing of it, and says what would.
    home.run(&format!("{TWO} {KEYS} --log one/petitions"))
        .refused(1, &["neither proved nor ruled out", "consistency proof"]);
}

#[test]
fn who_remembers_a_checkpoint_of_another_size_gets_evidence_that_anybody_checks() {
    let home = two_stories();
    fs::copy(home.path("one/petitions/checkpoint"), home.path("kept")).unwrap();
    let forked = found(&home, "verify other/petitions --remember kept", 1);
    assert_eq!(differences(&forked), [("fork", "checkpoint")]);
    let checked = home.run(&format!("log fork-evidence kept.evidence-1 {KEYS}")).ok();
    assert!(checked.contains("over 18 and 25 events"), "{checked}");
}

#[test]
fn a_receipt_of_an_older_origin_is_checked_with_the_keys_of_the_present_one() {
    let home = Home::new();
    let open = home.open();
    begin(&open);
    let receipt = open.0.receipt(12).unwrap().unwrap().to_string();
    open.closed();
    lose(&home);
    fs::write(home.path("receipt"), receipt).unwrap();
    let proved = found(&home, "verify receipt receipt --keys out/petitions/keys", 0);
    assert_eq!((&proved["position"], &proved["origin"]), (&12.into(), &"localhost/malmo/petitions/0".into()));
}
