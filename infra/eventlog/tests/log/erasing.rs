//! Erasure: event, ledger, slot; interrupted anywhere, finished at the next opening.

use std::fs;

use radslag_eventlog::{Append, Error, Log};
use radslag_kernel::{KeyRef, Opened};

use crate::home::{Home, erased, put_sealed, write};

fn erase(log: &Log, version: u64, key: KeyRef) {
    let writes = vec![write("s", version, vec![erased(log, &[key])])];
    log.append_blocking(Append { writes, guards: vec![], keys: vec![] }).unwrap();
}

fn opened(log: &Log, position: u64) -> Opened<Vec<u8>> {
    log.read_at(position).unwrap().open(1, log.vault()).unwrap()
}

fn ada() -> Opened<Vec<u8>> {
    Opened::Known(b"Ada".to_vec())
}

#[test]
fn an_erasure_is_complete_when_it_is_confirmed() {
    let home = Home::new();
    let log = home.open();
    let key = put_sealed(&log, "s", 0, "Ada");
    put_sealed(&log, "t", 0, "Ada");
    assert_eq!(opened(&log, 0), ada());
    erase(&log, 1, key);
    assert_eq!((opened(&log, 0), opened(&log, 1)), (Opened::Gone, ada()));
    log.close();
    let log = home.open();
    assert_eq!((opened(&log, 0), opened(&log, 1)), (Opened::Gone, ada()));
    assert_eq!(log.verify(&|_, _| ()).unwrap().erased, 1);
}

#[test]
fn an_erasure_cut_off_after_its_event_is_finished_at_opening() {
    let home = Home::new();
    let log = home.open();
    let key = put_sealed(&log, "s", 0, "Ada");
    let before = fs::read(home.folder.join("log/keys")).unwrap();
    erase(&log, 1, key);
    log.close();
    fs::write(home.folder.join("log/keys"), before).unwrap();
    fs::write(home.folder.join("secrets/erasures.ledger"), "").unwrap();
    assert_eq!(opened(&home.open(), 0), Opened::Gone);
    assert!(!fs::read(home.folder.join("secrets/erasures.ledger")).unwrap().is_empty());
}

#[test]
fn a_slot_that_was_half_overwritten_is_erased_at_opening() {
    let home = Home::new();
    let log = home.open();
    let key = put_sealed(&log, "s", 0, "Ada");
    let path = home.folder.join("log/keys");
    let before = fs::read(&path).unwrap();
    erase(&log, 1, key);
    log.close();
    let mut torn = fs::read(&path).unwrap();
    let slot = key.0 as usize * 64;
    torn[slot + 32..slot + 64].copy_from_slice(&before[slot + 32..slot + 64]);
    fs::write(&path, torn).unwrap();
    assert_eq!(opened(&home.open(), 0), Opened::Gone);
}

#[test]
fn keys_newer_than_the_ledger_stay_closed() {
    let home = Home::new();
    let log = home.open();
    let key = put_sealed(&log, "s", 0, "Ada");
    erase(&log, 1, key);
    log.close();
    fs::write(home.folder.join("secrets/erasures.ledger"), "").unwrap();
    assert!(matches!(home.try_open(), Err(Error::Vault(_))));
}

#[test]
fn segments_and_keys_from_before_an_erasure_do_not_bring_it_back() {
    let home = Home::new();
    let log = home.open();
    let key = put_sealed(&log, "s", 0, "Ada");
    log.close();
    let backup = home.folder.join("backup");
    let files = ["keys", "ACK", "segments/00000000000000000000.segment"];
    fs::create_dir_all(backup.join("segments")).unwrap();
    for file in files {
        fs::copy(home.folder.join("log").join(file), backup.join(file)).unwrap();
    }
    let log = home.open();
    erase(&log, 1, key);
    log.close();
    for file in files {
        fs::copy(backup.join(file), home.folder.join("log").join(file)).unwrap();
    }
    assert_eq!(opened(&home.open(), 0), Opened::Gone);
}

#[test]
fn a_named_key_that_is_not_there_is_damage_and_never_gone() {
    let home = Home::new();
    let log = home.open();
    put_sealed(&log, "s", 0, "Ada");
    log.close();
    let path = home.folder.join("log/keys");
    let mut keys = fs::read(&path).unwrap();
    keys[64..128].fill(0);
    fs::write(&path, keys).unwrap();
    let log = home.open();
    assert!(log.read_at(0).unwrap().open(1, log.vault()).is_err());
}

#[test]
fn a_frame_nobody_was_promised_whose_keys_are_not_there_is_cut() {
    let home = Home::new();
    let log = home.open();
    put_sealed(&log, "s", 0, "Ada");
    put_sealed(&log, "s", 1, "Eva");
    log.close();
    fs::remove_file(home.folder.join("log/ACK")).unwrap();
    let path = home.folder.join("log/keys");
    let mut keys = fs::read(&path).unwrap();
    keys[128..192].fill(0);
    fs::write(&path, keys).unwrap();
    let log = home.open();
    assert_eq!(log.watermark(), 1);
    assert_eq!(opened(&log, 0), ada());
}
