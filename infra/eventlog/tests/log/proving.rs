//! The tree and its checkpoints: what is signed is what is there, and a log that isn't what was signed is not opened.

use std::{fs, path::PathBuf};

use proptest::prelude::*;
use radslag_eventlog::{Error, Log, Signed, frame};
use radslag_evidence::{
    Checkpoint, Note, SigningKey, Tree, VerifierKey, proof,
    tile::{self, Of, Tile},
    tree,
};

use crate::home::{Home, NAME, put, write};

fn signed(seeds: &[u8]) -> Home {
    Home::new().signed_by(seeds)
}

fn verifier(seed: u8) -> VerifierKey {
    SigningKey::new(&format!("{NAME}/0"), &[seed; 32].into()).unwrap().verifier()
}

fn fill(log: &Log, events: u64) {
    let from = log.watermark();
    (from..from + events).for_each(|n| drop(put(log, &format!("s-{n}"), 0, "x")));
}

fn newest(log: &Log) -> Signed {
    (*log.sign_checkpoint().unwrap().unwrap()).clone()
}

/// The tree over what the segments hold.
fn told(log: &Log) -> Tree {
    let mut tree = Tree::default();
    for frame in log.frames(0) {
        frame.unwrap().0.events().for_each(|stored| tree.push(stored.leaf(), |_, _| ()));
    }
    tree
}

fn checkpoint_file(home: &Home) -> PathBuf {
    home.folder.join("log/checkpoints.0")
}

fn damaged(home: &Home) -> (PathBuf, String) {
    match home.try_open() {
        Err(Error::Damaged { path, why, .. }) => (path, why),
        Err(error) => panic!("{error}"),
        Ok(_) => panic!("it was opened"),
    }
}

#[tokio::test]
async fn what_is_appended_is_signed_without_being_asked() {
    let home = signed(&[1]);
    let log = home.open();
    let mut checkpoints = log.checkpoints().unwrap();
    assert_eq!(*checkpoints.borrow(), None, "nothing is signed of an empty log");
    tokio::task::spawn_blocking({
        let log = log.clone();
        move || fill(&log, 3)
    })
    .await
    .unwrap();
    let all = |signed: &Option<std::sync::Arc<Signed>>| {
        signed.as_ref().is_some_and(|signed| signed.checkpoint.size == 3)
    };
    let signed = checkpoints.wait_for(all).await.unwrap().clone().unwrap();
    let note = Note::parse(&signed.note.to_string()).unwrap();
    let checkpoint = Checkpoint::open(&note, &[verifier(1)]).unwrap();
    assert_eq!(checkpoint, Checkpoint::new(format!("{NAME}/0"), 3, told(&log).root()));
}

#[test]
fn a_receipt_tiles_and_proofs_are_what_the_checkpoint_says() {
    let home = signed(&[1]).with_segments_of(1 << 16);
    let log = home.open();
    fill(&log, 300);
    let older = newest(&log).checkpoint;
    fill(&log, 333);
    let newest = newest(&log).checkpoint;
    assert_eq!((newest.size, newest.root), (633, told(&log).root()));

    let path = log.consistency(300, 633).unwrap().unwrap();
    assert_eq!(proof::check_consistency((300, &older.root), (633, &newest.root), &path), Ok(()));
    assert_eq!(log.root(300).unwrap(), Some(older.root));
    for position in [0, 255, 256, 299, 632] {
        let receipt = log.receipt(position).unwrap().unwrap();
        let entry = receipt.extra.clone().unwrap();
        assert_eq!(receipt.check(&entry, &[verifier(1)]), Ok(newest.clone()));
        assert_eq!(frame::split_entry(&entry).map(|(_, public, _)| public), Some(&b"x"[..]));
    }
    assert_eq!(log.receipt(633).unwrap(), None, "no checkpoint covers it yet");
    assert_eq!(log.tile(Tile { of: Of::Hashes(0), number: 2, width: 122 }).unwrap(), None);
    // Every tile says what the one above it, and at last the root, is made of.
    let mut whole = Tree::default();
    for tile in Tile::all(633) {
        let bytes = log.tile(tile).unwrap().unwrap();
        match tile.of {
            Of::Entries => {
                let hashes = log.tile(Tile { of: Of::Hashes(0), ..tile }).unwrap().unwrap();
                let entries = tile::unbundle(&bytes).unwrap();
                let leaves: Vec<_> = entries.into_iter().map(tree::leaf).collect();
                assert_eq!(leaves.as_flattened(), &hashes[..]);
                leaves.into_iter().for_each(|leaf| whole.push(leaf, |_, _| ()));
            }
            Of::Hashes(level) => assert_eq!(bytes.len(), usize::from(tile.width) * 32, "level {level}"),
        }
    }
    assert_eq!(whole.root(), newest.root);
    let partial = Tile { of: Of::Hashes(0), number: 1, width: 44 };
    assert_eq!(log.tile(partial).unwrap().unwrap().len(), 44 * 32, "as it was in an earlier tree");
    assert_eq!(log.tile(Tile { of: Of::Hashes(0), number: u64::MAX / 256, width: 1 }).unwrap(), None);
    assert_eq!(log.tile(Tile { of: Of::Hashes(60), number: 0, width: 1 }).unwrap(), None);
}

#[test]
fn every_checkpoint_ever_signed_is_given_in_order_also_beside_the_writer() {
    let home = signed(&[1]);
    let log = home.open();
    for _ in 0..3 {
        fill(&log, 5);
        newest(&log);
    }
    let all = log.chain(0, usize::MAX).unwrap();
    assert_eq!(all, fs::read(checkpoint_file(&home)).unwrap());
    assert!(all.ends_with(format!("{}\n", newest(&log).note).as_bytes()));
    let parts = [log.chain(0, 100).unwrap(), log.chain(100, usize::MAX).unwrap()].concat();
    assert_eq!((parts, log.chain(all.len() as u64, 100).unwrap()), (all, vec![]));
    let reader = Log::open_read_only(&home.folder.join("log")).unwrap();
    assert_eq!(reader.checkpoints(), checkpoint_file(&home));
    assert_eq!(reader.verifiers().unwrap(), log.verifiers());
}

#[test]
fn a_log_without_a_tree_proves_nothing() {
    let log = Home::new().open();
    put(&log, "s", 0, "x");
    assert_eq!(log.sign_checkpoint().unwrap(), None);
    assert_eq!((log.receipt(0).unwrap(), log.root(0).unwrap(), log.verifiers()), (None, None, vec![]));
    assert!(log.checkpoints().is_none());
}

#[test]
fn a_log_keeps_the_name_under_which_it_was_first_signed() {
    let home = signed(&[1]);
    let log = home.open();
    fill(&log, 1);
    log.close();
    let home = Home { name: "another.example/malmo/petitions".into(), ..home };
    let log = home.open();
    fill(&log, 1);
    assert_eq!(newest(&log).checkpoint.origin, format!("{NAME}/0"));
}

#[test]
fn an_older_log_is_signed_from_its_beginning() {
    let home = Home::new();
    let log = home.open();
    fill(&log, 20);
    log.close();
    let home = home.signed_by(&[1]);
    let log = home.open();
    assert_eq!(newest(&log).checkpoint, Checkpoint::new(format!("{NAME}/0"), 20, told(&log).root()));
}

#[test]
fn the_tree_is_made_again_where_its_hashes_are_missing_or_wrong() {
    let home = signed(&[1]);
    let log = home.open();
    fill(&log, 600);
    log.close();
    let leaves = home.folder.join("tree/0");
    let break_it: [&dyn Fn(); 4] = [
        &|| fs::remove_dir_all(home.folder.join("tree")).unwrap(),
        &|| fs::write(&leaves, [0; 32 * 600]).unwrap(),
        &|| fs::OpenOptions::new().write(true).open(&leaves).unwrap().set_len(32 * 599).unwrap(),
        &|| fs::write(home.folder.join("tree/1"), [1; 64]).unwrap(),
    ];
    for (round, broken) in break_it.iter().enumerate() {
        broken();
        let log = home.open();
        let events = 600 + round as u64;
        assert_eq!(log.checkpoint().unwrap().checkpoint.size, events, "as it was closed");
        fill(&log, 1);
        let signed = newest(&log).checkpoint;
        assert_eq!((signed.size, signed.root), (events + 1, told(&log).root()), "round {round}");
        assert_eq!(log.root(events).unwrap().unwrap(), log.root(events).unwrap().unwrap());
        log.close();
    }
}

#[test]
fn a_wrong_hash_is_never_served_but_made_again() {
    let home = signed(&[1]);
    let log = home.open();
    fill(&log, 300);
    newest(&log);
    fill(&log, 300);
    newest(&log);
    let served = || {
        let tile = |of, width| log.tile(Tile { of, number: 0, width }).unwrap().unwrap();
        (
            (tile(Of::Hashes(0), 256), tile(Of::Hashes(0), 9), tile(Of::Hashes(1), 2)),
            (log.inclusion(3, 600).unwrap(), log.inclusion(3, 300).unwrap(), log.receipt(3).unwrap()),
            (log.consistency(300, 600).unwrap(), log.root(300).unwrap()),
        )
    };
    let right = served();
    let good = ["tree/0", "tree/1"].map(|name| fs::read(home.folder.join(name)).unwrap());
    // While it is open, and nothing looks at all of a tree at its start either.
    for (name, at) in
        [("tree/0", 40), ("tree/0", 32 * 256 + 1), ("tree/0", 32 * 599), ("tree/1", 1), ("tree/1", 33)]
    {
        let file = fs::OpenOptions::new().write(true).open(home.folder.join(name)).unwrap();
        std::os::unix::fs::FileExt::write_all_at(&file, b"wrong", at).unwrap();
        assert_eq!(served(), right, "{name} at {at}");
    }
    for (name, cut) in [("tree/0", 32 * 599), ("tree/1", 0)] {
        let file = fs::OpenOptions::new().write(true).open(home.folder.join(name)).unwrap();
        file.set_len(cut).unwrap();
        assert_eq!(served(), right, "{name} cut at {cut}");
    }
    log.inclusion(599, 600).unwrap().unwrap();
    assert_eq!(["tree/0", "tree/1"].map(|name| fs::read(home.folder.join(name)).unwrap()), good);
}

#[test]
fn a_log_shorter_than_its_newest_checkpoint_is_not_opened() {
    let home = signed(&[1]);
    let log = home.open();
    fill(&log, 5);
    log.close();
    let backup = fs::read(&home.segments()[0]).unwrap();
    let log = home.open();
    fill(&log, 5);
    log.close();
    fs::write(&home.segments()[0], backup).unwrap();
    fs::remove_file(home.folder.join("log/ACK")).unwrap();
    let (path, why) = damaged(&home);
    assert!(path.ends_with("00000000000000000000.segment"), "{path:?}");
    assert!(why.contains("position 10"), "{why}");
    // Also where nothing is left of it.
    fs::remove_file(&home.segments()[0]).unwrap();
    let (path, why) = damaged(&home);
    assert!(path.ends_with("segments"), "{path:?}");
    assert!(why.contains("no segment"), "{why}");
}

#[test]
fn a_log_with_another_root_than_was_signed_is_not_opened() {
    let (home, other) = (signed(&[1]), signed(&[1]));
    for home in [&home, &other] {
        let log = home.open();
        fill(&log, 5);
        log.close();
    }
    // The same number of events, each well formed, of the same installation: only the root tells.
    let checkpoints = fs::read(checkpoint_file(&other)).unwrap();
    fs::write(checkpoint_file(&home), checkpoints).unwrap();
    let (path, why) = damaged(&home);
    assert!(path.ends_with("checkpoints.0"), "{path:?}");
    assert!(why.contains("the log was changed between positions 0 and "), "{why}");
    let log = other.open();
    assert_eq!(log.checkpoint().unwrap().checkpoint.size, 5);
}

#[test]
fn a_torn_checkpoint_was_never_shown_and_a_changed_one_is_noticed() {
    let home = signed(&[1]);
    let log = home.open();
    fill(&log, 2);
    newest(&log);
    fill(&log, 2);
    let last = newest(&log);
    log.close();
    let whole = fs::read(checkpoint_file(&home)).unwrap();
    let length = format!("{}\n", last.note).len();
    // The notary may have signed something between.
    let text = String::from_utf8(whole.clone()).unwrap();
    let parts: Vec<&str> = text[..text.len() - length].trim_end().split("\n\n").collect();
    let before = format!("{}\n\n{}\n", parts[parts.len() - 2], parts[parts.len() - 1]);
    for cut in 1..=length {
        fs::write(checkpoint_file(&home), &whole[..whole.len() - cut]).unwrap();
        let log = home.open();
        // What was cut is signed again, by whoever comes first.
        let opened = log.checkpoint().unwrap();
        assert!(opened.note.to_string() == before || *opened == last, "cut {cut}");
        assert_eq!(newest(&log), last);
        log.close();
        assert_eq!(fs::read(checkpoint_file(&home)).unwrap(), whole, "cut {cut}");
    }
    // A note without one of its line ends is a torn one.
    for at in (whole.len() - length..whole.len()).filter(|at| whole[*at] != b'\n') {
        let mut changed = whole.clone();
        changed[at] ^= 1;
        fs::write(checkpoint_file(&home), &changed).unwrap();
        let (path, _) = damaged(&home);
        assert_eq!(path, checkpoint_file(&home), "byte {at}");
    }
}

#[test]
fn the_only_checkpoint_may_be_torn_but_not_changed() {
    let home = signed(&[1]);
    let log = home.open();
    fill(&log, 1);
    log.close();
    let whole = fs::read(checkpoint_file(&home)).unwrap();
    for at in (0..whole.len()).filter(|at| whole[*at] != b'\n') {
        let mut changed = whole.clone();
        changed[at] ^= 1;
        fs::write(checkpoint_file(&home), &changed).unwrap();
        assert_eq!(damaged(&home).0, checkpoint_file(&home), "byte {at}");
    }
    for length in [0, 1, whole.len() / 2, whole.len() - 1] {
        fs::write(checkpoint_file(&home), &whole[..length]).unwrap();
        let log = home.open();
        assert_eq!(newest(&log).checkpoint.size, 1);
        log.close();
        assert_eq!(fs::read(checkpoint_file(&home)).unwrap(), whole);
    }
}

#[test]
fn one_key_takes_over_from_another() {
    let home = signed(&[1]);
    let log = home.open();
    fill(&log, 1);
    log.close();
    let home = home.signed_by(&[1, 2]);
    let log = home.open();
    fill(&log, 1);
    let both = newest(&log);
    log.close();
    for key in [1, 2] {
        assert_eq!(Checkpoint::open(&both.note, &[verifier(key)]), Ok(both.checkpoint.clone()));
    }
    let home = home.signed_by(&[2]);
    let log = home.open();
    fill(&log, 1);
    let new = newest(&log);
    assert_eq!(Checkpoint::open(&new.note, &[verifier(2)]), Ok(new.checkpoint.clone()));
    assert!(Checkpoint::open(&new.note, &[verifier(1)]).is_err());
    assert_eq!(log.verifiers(), [verifier(1), verifier(2)], "old checkpoints can still be checked");
    log.close();
    let home = home.signed_by(&[3]);
    fs::remove_file(home.folder.join("log/keys.0")).unwrap();
    let (path, why) = damaged(&home);
    assert_eq!((path, why.as_str()), (checkpoint_file(&home), "no trusted key has signed it"));
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 24, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn whatever_is_appended_signed_and_opened_again_the_root_is_that_of_the_entries(
        steps in prop::collection::vec((0_usize..40, 0_u8..4), 1..12)
    ) {
        let home = signed(&[1]).with_segments_of(1 << 14);
        let mut log = home.open();
        let mut stream = 0;
        for (events, then) in steps {
            if events > 0 {
                let texts = (0..events).map(|n| crate::home::event(&log, &"y".repeat(n * 7))).collect();
                crate::home::append(&log, vec![write(&format!("t-{stream}"), 0, texts)], vec![]).unwrap();
                stream += 1;
            }
            match then {
                0 => drop(log.sign_checkpoint().unwrap()),
                1 => {
                    log.close();
                    log = home.open();
                }
                2 => {
                    log.close();
                    fs::remove_dir_all(home.folder.join("tree")).unwrap();
                    log = home.open();
                }
                _ => {}
            }
        }
        if let Some(signed) = log.sign_checkpoint().unwrap() {
            let told = told(&log);
            prop_assert_eq!((signed.checkpoint.size, signed.checkpoint.root), (told.size(), told.root()));
            let old = signed.checkpoint.size / 2;
            let path = log.consistency(old, told.size()).unwrap().unwrap();
            let before = log.root(old).unwrap().unwrap();
            prop_assert_eq!(proof::check_consistency((old, &before), (told.size(), &told.root()), &path), Ok(()));
        }
    }
}
