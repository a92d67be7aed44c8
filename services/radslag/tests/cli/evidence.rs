//! `radslag tenant export` and `radslag verify`: an export checks, and every kind of tampering is found and named.

use std::{
    fs,
    path::{Path, PathBuf},
};

use radslag_eventlog::{Append, NewEvent, Write};
use radslag_kernel::{AggregateId, Encoded, EventId, ItemId};
use radslag_petitions::projections::PETITIONS;
use radslag_readmodel::{Backend, Checkpoint, Projection, Source, Store};
use serde_json::{Value, json};

use crate::home::{Home, Open, Ran};

const PETITION: AggregateId = AggregateId::from_bytes([7; 16]);

/// `PetitionOpened { initiator_counts: true }`.
const OPENED: [u8; 2] = [0x30, 1];
/// `SignatureInvalidated { was_counted: true }`.
const WAS_COUNTED: [u8; 2] = [0x10, 1];

fn item(number: u64) -> ItemId {
    ItemId::from_bytes(u128::from(number).to_be_bytes())
}

/// `PetitionThresholdReached { threshold: ANSWER, count, count_position }`, of small numbers.
fn threshold(count: u8, position: u8) -> Vec<u8> {
    vec![0x10, 1, 0x18, count, 0x20, position]
}

impl Open {
    /// Appends events of a petition: type, item, public payload.
    fn say(&self, stream: &str, expected: u64, events: &[(&'static str, Option<u64>, &[u8])]) {
        let event = |(kind, of, public): &(&'static str, Option<u64>, &[u8])| {
            let encoded = Encoded { kind, schema: 1, public: public.to_vec(), sealed: vec![] };
            let context = radslag_eventlog::Context { item: of.map(item), ..self.context() };
            NewEvent::seal(encoded, &context, self.0.vault(), &[]).unwrap()
        };
        let events = events.iter().map(event).collect();
        let writes = vec![Write { stream: stream.into(), expected, events }];
        self.0.append_blocking(Append { writes, guards: vec![], keys: vec![] }).unwrap();
    }

    /// A petition with so many signatures, signed in three checkpoints.
    fn signed(&self, signatures: u64) {
        self.say(
            "petition-07",
            0,
            &[
                ("petition.submitted", None, &[]),
                ("petition.initiator_confirmed", None, &[]),
                ("petition.opened", None, &OPENED),
            ],
        );
        self.0.sign_checkpoint().unwrap();
        let all: Vec<u64> = (0..signatures).collect();
        for (chunk, numbers) in all.chunks(signatures.div_ceil(2) as usize).enumerate() {
            let said: Vec<_> = numbers.iter().map(|n| ("signature.signed", Some(*n), &[][..])).collect();
            self.say(&format!("sheet-{chunk}"), 0, &said);
            self.0.sign_checkpoint().unwrap();
        }
    }
}

/// A log of 605 events: three tiles at level 0, one at level 1; 601 count and one was struck out.
fn exported() -> Home {
    let home = Home::new();
    let open = home.open();
    open.signed(600);
    open.say("petition-07", 3, &[("petition.threshold_reached", None, &threshold(101, 102))]);
    open.say("sheet-0", 300, &[("signature.invalidated", Some(5), &WAS_COUNTED)]);
    open.closed();
    let written = home.run("tenant export --tenant malmo --to out --json").json();
    assert_eq!((&written[0]["service"], &written[0]["size"]), (&"petitions".into(), &605.into()));
    publish(&home, 600, "open");
    home
}

/// The figures of the petition, as a server would have written them.
fn publish(home: &Home, signatures: i64, state: &str) {
    let petition = json!({"petition": PETITION.to_string(), "state": state, "signatures": signatures});
    let figures = json!({"origin": 0, "as_of": 605, "after": null, "petitions": [petition], "next": null});
    fs::write(log(home).join("figures.json"), figures.to_string()).unwrap();
}

fn log(home: &Home) -> PathBuf {
    home.path("out/petitions")
}

/// The differences found; the exit code says whether there are any.
#[track_caller]
fn differences(home: &Home) -> Vec<(String, String, Option<u64>)> {
    let Ran { code, out, err } = home.run("verify out/petitions --json");
    let found: Value = serde_json::from_str(&out).unwrap_or_else(|error| panic!("{error}: {out}{err}"));
    let differences = found["differences"].as_array().unwrap();
    assert_eq!((code, &found["whole"]), (i32::from(!differences.is_empty()), &differences.is_empty().into()));
    let text = |one: &Value, name: &str| one[name].as_str().unwrap().to_owned();
    let told = |one: &Value| (text(one, "what"), text(one, "file"), one["position"].as_u64());
    differences.iter().map(told).collect()
}

fn what(what: &str, file: &str, position: Option<u64>) -> (String, String, Option<u64>) {
    (what.into(), file.into(), position)
}

/// Changes a byte of a file; puts it back when the check is over.
fn with_byte<T>(home: &Home, file: &str, at: usize, check: impl FnOnce() -> T) -> T {
    let path = log(home).join(file);
    let before = fs::read(&path).unwrap();
    let mut bytes = before.clone();
    bytes[at] ^= 1;
    fs::write(&path, bytes).unwrap();
    let checked = check();
    fs::write(&path, before).unwrap();
    checked
}

/// Tables as a server keeps them, of some version, that have read ten events of which the last has this id.
fn tables(home: &Home, version: u32, last: EventId) {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    runtime.block_on(async {
        let projection = Projection { version, ..PETITIONS };
        let backend = Backend::Sqlite { dir: home.data().join("derived") };
        let store = Store::open(&backend, "malmo", "petitions", &projection).await.unwrap();
        let (from, to) = (store.checkpoint().await.unwrap(), Checkpoint { origin: 0, next: 10 });
        let root = "0".repeat(64);
        let said = format!("10 0 {root} {last}");
        store.apply_of(vec![], from, to, Source { said, recorded_at: 1 }).await.unwrap();
    });
}

#[test]
fn an_export_has_the_figures_of_tables_of_this_log_and_drops_stale_ones() {
    let exported = |version: u32, own: bool| {
        let home = Home::new();
        let open = home.open();
        open.signed(10);
        let last = open.0.read_at(9).unwrap().id();
        open.closed();
        tables(&home, version, if own { last } else { EventId::from_bytes([9; 16]) });
        let written = home.run("tenant export --tenant malmo --to out --json").json();
        let file = log(&home).join("figures.json").exists();
        assert_eq!(file, !written[0]["figures"].is_null());
        file
    };
    assert!(exported(PETITIONS.version, true));
    assert!(!exported(PETITIONS.version, false), "of another story of the log");
    assert!(!exported(PETITIONS.version + 1, true), "of another version");
}

#[test]
fn an_export_is_what_was_signed_and_needs_nothing_else_to_be_checked() {
    let home = exported();
    let files = ["checkpoint", "checkpoints", "keys", "tile/0/000", "tile/0/002.p/93", "tile/1/000.p/2"];
    for file in files.into_iter().chain(["tile/entries/001", "tile/entries/002.p/93"]) {
        assert!(log(&home).join(file).is_file(), "{file}");
    }
    // Neither the configuration nor the data is there where it is checked, and a broken one is in the way.
    let elsewhere = Home::new();
    elsewhere.configure("this is no configuration");
    let to = elsewhere.path("copy");
    copy(&log(&home), &to);
    let found = elsewhere.run("verify copy --json").json();
    assert_eq!((&found["whole"], found["entries"].as_u64()), (&true.into(), Some(605)));
    assert_eq!((found["petitions"].as_u64(), found["signature_acts"].as_u64()), (Some(1), Some(601)));
    assert_eq!((found["figures"].as_u64(), found["figures_as_of"].as_u64()), (Some(1), Some(605)));
    assert_eq!((found["published_held"].as_u64(), &found["keys_pinned"]), (Some(1), &false.into()));
    assert!(found["checkpoints"].as_u64() >= Some(4), "{found}");
    let text = elsewhere.run("verify copy").ok();
    assert!(text.starts_with("RIGHT: 605 events") && text.contains("that the log itself gives"), "{text}");
    let swedish = elsewhere.run("verify copy --lang sv").ok();
    assert!(swedish.starts_with("STÄMMER: 605 händelser"), "{swedish}");
}

#[test]
fn a_byte_in_an_entry_is_found_at_its_position() {
    let home = exported();
    let bytes = fs::read(log(&home).join("tile/entries/001")).unwrap();
    // The tenth entry of the second bundle.
    let mut at = 0;
    for _ in 0..9 {
        at += 2 + usize::from(u16::from_be_bytes([bytes[at], bytes[at + 1]]));
    }
    let found = with_byte(&home, "tile/entries/001", at + 20, || differences(&home));
    assert_eq!(found[0], what("entry-hash", "tile/entries/001", Some(265)), "{found:?}");
    assert!(found.contains(&what("root", "checkpoint", None)), "{found:?}");
    assert_eq!(differences(&home), []);
}

#[test]
fn a_byte_in_a_tile_is_found_at_its_position() {
    let home = exported();
    let lowest = with_byte(&home, "tile/0/002.p/93", 32 * 7, || differences(&home));
    assert_eq!(lowest, [what("entry-hash", "tile/entries/002.p/93", Some(519))]);
    let above = with_byte(&home, "tile/1/000.p/2", 32, || differences(&home));
    assert_eq!(above, [what("tile-hash", "tile/1/000.p/2", Some(256))]);
}

#[test]
fn a_tile_that_is_missing_or_too_short_is_named() {
    let home = exported();
    let change = |file: &str, bytes: Option<&[u8]>| {
        let path = log(&home).join(file);
        let before = fs::read(&path).unwrap();
        match bytes {
            Some(bytes) => fs::write(&path, bytes).unwrap(),
            None => fs::remove_file(&path).unwrap(),
        }
        let found = differences(&home);
        fs::write(&path, before).unwrap();
        found
    };
    for (file, first) in [("tile/entries/001", 256), ("tile/0/001", 256), ("tile/1/000.p/2", 0)] {
        assert_eq!(change(file, None)[0], what("missing", file, Some(first)));
        let short = change(file, Some(&[0, 1, 2]));
        assert_eq!(short[0], what("length", file, Some(first)), "{short:?}");
    }
    let too_long = vec![0; 9_000];
    assert_eq!(change("tile/0/001", Some(&too_long))[0].0, "unreadable", "it isn't read to its end");
    assert_eq!(change("checkpoint", Some(b"nonsense"))[0].0, "checkpoint");
}

#[test]
fn a_log_that_was_cut_is_found() {
    let home = exported();
    // Every file of the end is gone, the checkpoint is still there.
    for file in ["tile/entries/002.p/93", "tile/0/002.p/93"] {
        fs::remove_file(log(&home).join(file)).unwrap();
    }
    assert_eq!(differences(&home)[0], what("missing", "tile/entries/002.p/93", Some(512)));
    // An earlier checkpoint in place of the newest.
    let notes = fs::read_to_string(log(&home).join("checkpoints")).unwrap();
    let second = notes.split("\n\nlocalhost").next().unwrap();
    fs::write(log(&home).join("checkpoint"), format!("{second}\n")).unwrap();
    assert!(differences(&home).contains(&what("rollback", "checkpoints", None)));
}

#[test]
fn a_changed_checkpoint_is_not_believed() {
    let home = exported();
    let text = fs::read_to_string(log(&home).join("checkpoint")).unwrap();
    // A bit of the size, of the root, of the signature.
    let size = text.find("605").unwrap() + 2;
    for at in [size, size + 5, text.len() - 20] {
        let found = with_byte(&home, "checkpoint", at, || differences(&home));
        assert_eq!(found.iter().map(|one| one.0.as_str()).collect::<Vec<_>>(), ["checkpoint"]);
    }
    let other = Home::with_log();
    let keys = other.data().join("ground/malmo/petitions/keys.0");
    let key = fs::read_to_string(keys).unwrap();
    let ran = home.command(&["verify", "out/petitions", "--key", key.trim()]).output().unwrap();
    assert_eq!(ran.status.code(), Some(1), "somebody else's key");
    let own = fs::read_to_string(log(&home).join("keys")).unwrap();
    let ran = home.command(&["verify", "out/petitions", "--key", own.trim(), "--json"]).output().unwrap();
    let found: Value = serde_json::from_slice(&ran.stdout).unwrap();
    assert_eq!((&found["whole"], &found["keys_pinned"]), (&true.into(), &true.into()));
    home.run("verify out/petitions --key nonsense").refused(2, &["--key nonsense"]);
}

#[test]
fn every_checkpoint_of_the_chain_is_checked_at_its_size() {
    let home = exported();
    let path = log(&home).join("checkpoints");
    let whole = fs::read_to_string(&path).unwrap();
    let notes: Vec<String> = whole.split_terminator("\n\n").map(str::to_owned).collect();
    let pairs: Vec<String> = notes.chunks(2).map(|pair| format!("{}\n\n", pair.join("\n\n"))).collect();
    assert_eq!(pairs.concat(), whole);
    let found = with_byte(&home, "checkpoints", whole.find('\n').unwrap() + 1, || differences(&home));
    assert_eq!(found, [what("chain-signature", "checkpoints", None)]);
    let with = |pairs: &[&String]| {
        fs::write(&path, pairs.iter().map(|pair| pair.as_str()).collect::<String>()).unwrap();
        differences(&home)
    };
    let all: Vec<&String> = pairs.iter().collect();
    assert_eq!(with(&all[..all.len() - 1]), [what("chain-end", "checkpoints", None)]);
    let turned = [&[all[1], all[0]], &all[2..]].concat();
    assert_eq!(with(&turned), [what("chain-order", "checkpoints", None)]);
    fs::write(&path, &whole.as_bytes()[..whole.len() - 10]).unwrap();
    assert!(differences(&home).iter().any(|one| one.0 == "chain-signature"), "cut short");
}

#[test]
fn a_log_that_signed_another_history_before_is_found() {
    let home = exported();
    // The same keys sign another beginning: the folder of secrets is kept, the log is made again.
    fs::rename(home.data().join("ground"), home.path("first")).unwrap();
    fs::remove_dir_all(home.data().join("derived")).unwrap();
    let open = home.open();
    open.signed(10);
    open.closed();
    home.run("tenant export --tenant malmo --to other").ok();
    let first = fs::read_to_string(home.path("other/petitions/checkpoints")).unwrap();
    let first = first.split_inclusive("\n\n").take(2).collect::<String>();
    let path = log(&home).join("checkpoints");
    let own = fs::read_to_string(&path).unwrap();
    let rest = own.split_inclusive("\n\n").skip(2).collect::<String>();
    fs::write(&path, format!("{first}{rest}")).unwrap();
    assert_eq!(differences(&home), [what("chain-root", "checkpoints", Some(2))]);
    // And whoever kept a checkpoint of the one is not told the other.
    home.run("verify out/petitions --remember kept.checkpoint");
    assert!(!home.path("kept.checkpoint").exists(), "what differs isn't kept");
    fs::write(&path, own).unwrap();
    home.run("verify out/petitions --remember kept.checkpoint").ok();
    let kept = fs::read_to_string(home.path("kept.checkpoint")).unwrap();
    assert_eq!(kept, fs::read_to_string(log(&home).join("checkpoint")).unwrap());
    let ran = home.run("verify other/petitions --remember kept.checkpoint --json").refused(1, &[]);
    let found: Value = serde_json::from_str(&ran.out).unwrap();
    assert_eq!(found["differences"][0]["what"], "rollback");
    let evidence = fs::read_to_string(home.path("kept.checkpoint.evidence-1")).unwrap();
    let now = fs::read_to_string(home.path("other/petitions/checkpoint")).unwrap();
    assert_eq!(evidence, format!("{kept}\n{now}\n"), "both signed notes");
    fs::write(home.path("kept.checkpoint"), now).unwrap();
    let ran = home.run("verify out/petitions --remember kept.checkpoint --json").refused(1, &[]);
    let found: Value = serde_json::from_str(&ran.out).unwrap();
    assert_eq!(found["differences"][0]["what"], "fork");
    assert!(home.path("kept.checkpoint.evidence-2").exists(), "no evidence is overwritten");
}

#[test]
fn a_tile_of_another_log_is_found() {
    let home = exported();
    let other = exported();
    for file in ["tile/entries/001", "tile/0/001"] {
        fs::copy(log(&other).join(file), log(&home).join(file)).unwrap();
    }
    let found = differences(&home);
    assert_eq!(found[0], what("tile-hash", "tile/1/000.p/2", Some(256)), "{found:?}");
    assert!(found.contains(&what("root", "checkpoint", None)));
    let moved = fs::read(log(&home).join("tile/entries/000")).unwrap();
    fs::write(log(&home).join("tile/entries/001"), moved).unwrap();
    assert!(differences(&home).contains(&what("entry-position", "tile/entries/001", Some(256))));
}

#[test]
fn a_published_count_that_is_off_by_one_is_found() {
    let home = exported();
    for (signatures, state) in [(601, "open"), (599, "open"), (600, "closed")] {
        publish(&home, signatures, state);
        assert_eq!(differences(&home), [what("figure", "figures.json", None)], "{signatures} {state}");
    }
    let text = home.run("verify out/petitions").refused(1, &[]).out;
    assert!(text.contains("published: closed; by its events: open"), "{text}");
    let figures = |petitions: Value, as_of: u64| {
        let all = json!({"origin": 0, "as_of": as_of, "after": null, "petitions": petitions, "next": null});
        fs::write(log(&home).join("figures.json"), all.to_string()).unwrap();
        differences(&home)
    };
    assert_eq!(figures(json!([]), 605).len(), 1, "a petition that is left out");
    let own = json!({"petition": PETITION.to_string(), "state": "open", "signatures": 601});
    assert_eq!(figures(json!([own]), 604), [], "as of the position before one was struck out");
    let made_up = json!({"petition": "08".repeat(16), "state": "open", "signatures": 1});
    assert_eq!(figures(json!([own, made_up]), 604).len(), 1, "one that nobody handed in");
    assert_eq!(figures(json!([own]), 606)[0].0, "figures", "of a position nobody signed for");
    fs::write(log(&home).join("figures.json"), "{").unwrap();
    assert_eq!(differences(&home)[0].0, "figures");
}

#[test]
fn a_count_that_the_log_itself_publishes_is_counted_again() {
    let home = Home::new();
    let open = home.open();
    open.signed(4);
    open.say("petition-07", 3, &[("petition.threshold_reached", None, &threshold(6, 6))]);
    open.closed();
    home.run("tenant export --tenant malmo --to out").ok();
    assert_eq!(differences(&home), [what("recount", "", Some(7))]);
}

#[test]
fn a_signature_that_is_counted_twice_is_found_at_its_position() {
    let home = Home::new();
    let open = home.open();
    open.signed(4);
    open.say("sheet-0", 2, &[("signature.signed", Some(1), &[])]);
    open.closed();
    home.run("tenant export --tenant malmo --to out").ok();
    assert_eq!(differences(&home), [what("recount", "", Some(7))]);
}

#[test]
fn a_receipt_is_checked_offline() {
    let home = Home::new();
    let open = home.open();
    open.signed(5);
    let receipt = open.0.receipt(4).unwrap().unwrap().to_string();
    let key = open.0.verifiers()[0].to_string();
    open.closed();
    fs::write(home.path("receipt"), &receipt).unwrap();
    fs::write(home.path("keys"), format!("{key}\n")).unwrap();
    let proved = home.run("verify receipt receipt --keys keys --json").json();
    assert_eq!((proved["position"].as_u64(), &proved["type"]), (Some(4), &"signature.signed".into()));
    assert_eq!(proved["item"], item(1).to_string());
    assert!(home.run(&format!("verify receipt receipt --key {key}")).ok().starts_with("GENUINE: event 4"));
    home.run("verify receipt receipt").refused(2, &["--key"]);
    let other = Home::with_log();
    let theirs = fs::read_to_string(other.data().join("ground/malmo/petitions/keys.0")).unwrap();
    home.run(&format!("verify receipt receipt --key {}", theirs.trim()))
        .refused(1, &["proves nothing", "no trusted key"]);
    let moved = receipt.replace("index 4", "index 3");
    fs::write(home.path("receipt"), moved).unwrap();
    home.run("verify receipt receipt --keys keys").refused(1, &["proves nothing"]);
    fs::write(home.path("receipt"), "hello").unwrap();
    home.run("verify receipt receipt --keys keys").refused(1, &["is no receipt"]);
}

#[test]
fn what_can_not_be_checked_is_told_apart_from_what_is_wrong() {
    let home = Home::with_log();
    home.run("verify nowhere").refused(2, &["there are no keys here"]);
    home.run("verify http://127.0.0.1:0/malmo/log/petitions").refused(1, &[]);
    home.run("verify http://me@example.org/x").refused(2, &["is not the address of a log"]);
    home.run("tenant export --tenant nobody --to out").refused(2, &["`nobody`"]);
    home.run("tenant export --tenant malmo --to data").refused(2, &["data isn't empty"]);
}

fn copy(from: &Path, to: &Path) {
    fs::create_dir_all(to).unwrap();
    for entry in fs::read_dir(from).unwrap() {
        let (path, to) = (entry.as_ref().unwrap().path(), to.join(entry.unwrap().file_name()));
        if path.is_dir() { copy(&path, &to) } else { fs::copy(&path, &to).map(drop).unwrap() }
    }
}
