//! The vault as a log uses it: reserve, seal, write, erase, restore, rotate.
#![allow(clippy::unwrap_used, clippy::panic, reason = "a test fails by panicking")]

use std::{fs, path::Path, sync::Arc};

use radslag_kernel::{EventId, KeyRef, Opened, Plain, id::LogId};
use radslag_proto::log::Sealed;
use radslag_vault::{Error, Keyring, Ledger, RealDisk, Vault};

const LOG: LogId = LogId::from_bytes([5; 16]);
const EVENT: EventId = EventId::from_bytes([6; 16]);

fn open(folder: &Path) -> Result<(Vault, Arc<Keyring>), Error> {
    let ring = Arc::new(Keyring::open(&folder.join("secrets"))?);
    let ledger = Arc::new(Ledger::open(&folder.join("secrets/erasures.ledger"))?);
    Ok((Vault::open(&RealDisk, &folder.join("keys"), LOG, ring.clone(), ledger)?, ring))
}

fn plain(under: KeyRef) -> Plain {
    Plain { field: 1, under: vec![under], committed: true, value: b"Ada Lovelace".to_vec() }
}

fn sealed(vault: &Vault) -> (KeyRef, Sealed) {
    let new = vault.reserve();
    let key = new.reference;
    let (field, _) = vault.seal(EVENT, &plain(key), std::slice::from_ref(&new)).unwrap();
    let slot = vault.slot(&new).unwrap();
    vault.keep(new);
    vault.write(&mut [slot]).unwrap();
    vault.sync().unwrap();
    (key, field)
}

fn opened(vault: &Vault, field: &Sealed) -> Opened<Vec<u8>> {
    vault.open_salted(EVENT, field).unwrap().map(|salted| salted.value)
}

#[test]
fn what_is_sealed_opens_after_a_restart() {
    let folder = tempfile::tempdir().unwrap();
    let (key, field) = sealed(&open(folder.path()).unwrap().0);
    let (vault, _) = open(folder.path()).unwrap();
    assert_eq!(opened(&vault, &field), Opened::Known(b"Ada Lovelace".to_vec()));
    assert_eq!(vault.reserve().reference, KeyRef(key.0 + 1));
}

#[test]
fn an_erased_key_is_gone_at_once_and_after_a_restart() {
    let folder = tempfile::tempdir().unwrap();
    let (vault, _) = open(folder.path()).unwrap();
    let (key, field) = sealed(&vault);
    vault.erase(&[key], 0, 1).unwrap();
    assert_eq!(opened(&vault, &field), Opened::Gone);
    assert!(matches!(vault.seal(EVENT, &plain(key), &[]), Err(Error::Closed { .. })));
    assert_eq!(opened(&open(folder.path()).unwrap().0, &field), Opened::Gone);
}

#[test]
fn a_restored_key_file_does_not_bring_the_erased_back() {
    let folder = tempfile::tempdir().unwrap();
    let (vault, _) = open(folder.path()).unwrap();
    let (key, field) = sealed(&vault);
    let backup = fs::read(folder.path().join("keys")).unwrap();
    vault.erase(&[key], 0, 1).unwrap();
    drop(vault);
    fs::write(folder.path().join("keys"), backup).unwrap();
    assert_eq!(opened(&open(folder.path()).unwrap().0, &field), Opened::Gone);
}

#[test]
fn without_the_ledger_the_keys_stay_closed() {
    let folder = tempfile::tempdir().unwrap();
    let (vault, _) = open(folder.path()).unwrap();
    let (key, _) = sealed(&vault);
    vault.erase(&[key], 0, 1).unwrap();
    drop(vault);
    fs::remove_file(folder.path().join("secrets/erasures.ledger")).unwrap();
    assert!(matches!(open(folder.path()), Err(Error::Closed { .. })));
}

#[test]
fn a_named_slot_that_was_never_used_is_damage_and_never_gone() {
    let folder = tempfile::tempdir().unwrap();
    let (vault, _) = open(folder.path()).unwrap();
    assert!(matches!(vault.key(KeyRef(77)), Err(Error::Damaged { .. })));
    assert!(matches!(vault.key(KeyRef(1 << 40)), Err(Error::Damaged { .. })));
    assert!(matches!(vault.key(KeyRef(0)), Err(Error::Damaged { .. })));
}

#[test]
fn an_unwritten_key_leaves_its_slot_free_and_a_written_one_never() {
    let folder = tempfile::tempdir().unwrap();
    let (vault, _) = open(folder.path()).unwrap();
    let first = vault.reserve().reference;
    let again = vault.reserve();
    assert_eq!(again.reference, first);
    vault.keep(again);
    assert_ne!(vault.reserve().reference, first);
}

#[test]
fn rotation_wraps_every_key_again_and_the_old_one_can_go() {
    let folder = tempfile::tempdir().unwrap();
    let (vault, ring) = open(folder.path()).unwrap();
    let (key, kept) = sealed(&vault);
    let (erased, gone) = sealed(&vault);
    vault.erase(&[erased], 0, 1).unwrap();
    let old = ring.current();
    ring.add().unwrap();
    assert!(vault.names(old).unwrap());
    vault.rotate(&|_, _| ()).unwrap();
    assert!(!vault.names(old).unwrap());
    ring.destroy(old).unwrap();
    drop(vault);
    let (vault, ring) = open(folder.path()).unwrap();
    assert_eq!(ring.numbers(), [old + 1]);
    assert_eq!(opened(&vault, &kept), Opened::Known(b"Ada Lovelace".to_vec()));
    assert_eq!(opened(&vault, &gone), Opened::Gone);
    assert!(vault.key(key).unwrap().is_some());
}

#[test]
fn no_key_and_no_name_stands_in_any_file() {
    let folder = tempfile::tempdir().unwrap();
    let (vault, _) = open(folder.path()).unwrap();
    let (_, field) = sealed(&vault);
    let keys = fs::read(folder.path().join("keys")).unwrap();
    assert!(!keys.windows(3).any(|part| part == b"Ada"));
    assert!(!field.ciphertext.windows(3).any(|part| part == b"Ada"));
}
