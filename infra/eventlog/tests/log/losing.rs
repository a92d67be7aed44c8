//! Accepting a loss: what can be read stays, what is cut off is kept aside, and the log goes on in its next life.

use std::{
    fs, io,
    path::{Path, PathBuf},
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
    },
};

use prost::Message as _;
use radslag_eventlog::{
    Acceptance, Accepted, AppendError, Error, Log, frame::Head, log::Health, loss, segment::HEADER,
};
use radslag_evidence::Note;
use radslag_kernel::{Actor, Role, SubjectId};
use radslag_proto::log::LossAccepted;
use radslag_vault::{Disk, RealDisk, disk::File};

use crate::home::{Home, append, erased, event, put, put_sealed, texts, write};

const GROUND: &str = "Disk 3 failed on 4 March; the backup is from 3 March.";

fn acceptance() -> Acceptance {
    let actor = Actor { role: Role::TenantAdministrator, subject: SubjectId::from_bytes([9; 16]) };
    Acceptance { ground: GROUND.into(), actor }
}

fn accept(home: &Home) -> (Log, Accepted) {
    Log::accept_loss(home.options().unwrap(), &acceptance()).unwrap()
}

fn log_folder(home: &Home) -> PathBuf {
    home.folder.join("log")
}

/// Sixty events of twenty streams in several segments, signed, and closed.
fn filled() -> Home {
    let home = Home::new().signed_by(&[1]).with_segments_of(16 << 10);
    let log = home.open();
    for n in 0..60 {
        put(&log, &format!("s{}", n % 20), n / 20, &format!("{n} {}", "x".repeat(1_000)));
        if n % 10 == 9 {
            log.sign_checkpoint().unwrap();
        }
    }
    log.close();
    home
}

fn offset(path: &Path, frame: usize) -> usize {
    let bytes = fs::read(path).unwrap();
    (0..frame).fold(HEADER as usize, |at, _| at + Head::read(&bytes[at..]).unwrap().padded())
}

/// Breaks a frame of a segment; gives the position it begins at.
fn break_frame(path: &Path, frame: usize) -> u64 {
    let (mut bytes, at) = (fs::read(path).unwrap(), offset(path, frame));
    let first = Head::read(&bytes[at..]).unwrap().first;
    bytes[at + 50] ^= 1;
    fs::write(path, bytes).unwrap();
    first
}

fn refused(home: &Home) -> Error {
    // The index is made again, so that every segment is read.
    let _ = fs::remove_dir_all(home.folder.join("index"));
    let Err(error) = home.try_open() else { panic!("it was opened") };
    error
}

fn last_checkpoint(home: &Home, origin: u32) -> String {
    let text = fs::read_to_string(log_folder(home).join(format!("checkpoints.{origin}"))).unwrap();
    let parts: Vec<&str> = text.trim_end().split("\n\n").collect();
    format!("{}\n\n{}\n", parts[parts.len() - 2], parts[parts.len() - 1])
}

#[test]
fn the_first_whole_events_stay_and_the_log_goes_on_at_the_next_position_in_its_next_life() {
    let home = filled();
    let before = home.open().read(0, usize::MAX).unwrap();
    let roots: Vec<_> = {
        let log = home.open();
        (0..60).map(|size| log.root(size).unwrap()).collect()
    };
    let segments = home.segments();
    assert!(segments.len() > 3);
    let n = break_frame(&segments[1], 2);
    let bytes: Vec<_> = segments.iter().map(|path| fs::read(path).unwrap()).collect();
    assert!(matches!(refused(&home), Error::Damaged { path, .. } if path == segments[1]));

    let found = Log::survey(&log_folder(&home)).unwrap();
    assert_eq!((found.origin, found.kept, found.acknowledged, found.lost()), (0, n, 60, 60 - n));
    assert_eq!((found.beyond, found.agrees), (60 - n - 1, Some(n / 10 * 10)));
    assert!(matches!(&found.broken, Some(Error::Damaged { path, .. }) if *path == segments[1]));
    assert!(segments[1..].iter().all(|path| found.files.contains(path)), "{:?}", found.files);
    assert!(!found.files.contains(&segments[0]));
    assert_eq!(fs::read(&segments[1]).unwrap(), bytes[1], "a survey changes nothing");

    let old = last_checkpoint(&home, 0);
    let (log, accepted) = accept(&home);
    let lost = log_folder(&home).join("lost-0");
    assert_eq!(accepted, Accepted { origin: 1, kept: n, folder: lost.clone() });
    assert_eq!((log.origin(), log.watermark(), log.begins()), (1, n + 1, n));
    let after = log.read(0, usize::MAX).unwrap();
    assert!(after[..n as usize] == before[..n as usize], "what stays is what was");
    let own = after.last().unwrap();
    assert_eq!((own.origin, own.header.r#type.as_str()), (1, loss::KIND));
    assert_eq!((own.header.role, &own.header.actor[..]), (Role::TenantAdministrator as u32, &[9; 16][..]));
    let said = LossAccepted::decode(own.public.clone()).unwrap();
    assert_eq!(said, LossAccepted { origin: 0, kept: n, checkpoint: old.clone(), ground: GROUND.into() });
    assert!(Note::parse(&said.checkpoint).is_ok());
    assert_eq!(log.read_stream(&loss::stream(log.id())).unwrap().len(), 1);
    // Nothing is gone.
    for (path, bytes) in segments.iter().zip(&bytes).skip(1) {
        assert_eq!(fs::read(lost.join(path.file_name().unwrap())).unwrap(), *bytes);
    }
    assert_eq!(last_checkpoint(&home, 0), old);
    // The new tree begins as the old one.
    let signed = log.sign_checkpoint().unwrap().unwrap().checkpoint.clone();
    assert!(signed.origin.ends_with("/petitions/1"), "{}", signed.origin);
    assert_eq!(signed.size, n + 1);
    (1..=n).for_each(|size| assert_eq!(log.root(size).unwrap(), roots[size as usize]));
    // Streams are where the kept events left them.
    let version = log.version("s0").unwrap();
    assert_eq!(
        version,
        before[..n as usize].iter().filter(|event| event.private.stream == "s0").count() as u64
    );
    put(&log, "s0", version, "goes on");
    log.close();
    let log = home.open();
    assert_eq!(texts(&log, "s0").last().unwrap(), "goes on");
    assert_eq!(log.verify(&|_, _| ()).unwrap().events, n + 2);
}

#[test]
fn whatever_is_missing_or_broken_the_log_goes_on_behind_what_can_be_read() {
    type Break = fn(&Home) -> u64;
    let breaks: [Break; 6] = [
        |home| break_frame(&home.segments()[0], 0),
        |home| {
            fs::remove_file(&home.segments()[2]).unwrap();
            first(&home.segments()[2 - 1]) + count(&home.segments()[1])
        },
        |home| {
            fs::remove_file(&home.segments()[0]).unwrap();
            0
        },
        |home| {
            fs::write(&home.segments()[1], [7; 9_000]).unwrap();
            first(&home.segments()[1])
        },
        |home| {
            let path = home.segments().pop().unwrap();
            let (mut bytes, at) = (fs::read(&path).unwrap(), offset(&path, 1));
            bytes.truncate(at + 100);
            fs::write(&path, bytes).unwrap();
            first(&path) + 1
        },
        |home| {
            for path in home.segments() {
                fs::remove_file(path).unwrap();
            }
            0
        },
    ];
    for (round, broken) in breaks.into_iter().enumerate() {
        let home = filled();
        let n = broken(&home);
        refused(&home);
        let found = Log::survey(&log_folder(&home)).unwrap();
        assert_eq!((found.kept, found.acknowledged), (n, 60), "round {round}");
        let (log, accepted) = accept(&home);
        assert_eq!((accepted.kept, log.watermark(), log.origin()), (n, n + 1, 1), "round {round}");
        log.verify(&|_, _| ()).unwrap();
        put(&log, "after", 0, "x");
        log.close();
        assert_eq!(texts(&home.open(), "after"), ["x"], "round {round}");
    }
}

fn first(path: &Path) -> u64 {
    path.file_stem().unwrap().to_str().unwrap().parse().unwrap()
}

fn count(path: &Path) -> u64 {
    let bytes = fs::read(path).unwrap();
    let (mut at, mut count) = (HEADER as usize, 0);
    while let Some(head) = Head::read(&bytes[at..]) {
        (at, count) = (at + head.padded(), count + u64::from(head.count));
    }
    count
}

#[test]
fn a_log_that_was_changed_says_between_which_checkpoints_and_can_go_on_with_what_it_says() {
    let (home, other) = (filled(), filled());
    // The same log with other events from position 33 on: the first frames of the one, the last of the other.
    fs::remove_file(log_folder(&home).join("checkpoints.0")).unwrap();
    let text = fs::read_to_string(log_folder(&home).join("keys.0")).unwrap();
    assert_eq!(text, fs::read_to_string(log_folder(&other).join("keys.0")).unwrap());
    drop(other);
    let log = home.open();
    let told = |size: u64| log.root(size).unwrap();
    log.sign_checkpoint().unwrap();
    let roots: Vec<_> = (0..=60).map(|size| told(size).unwrap()).collect();
    log.close();
    let key =
        radslag_evidence::SigningKey::new(&format!("{}/0", crate::home::NAME), &[1; 32].into()).unwrap();
    let signed = |size: usize, root| {
        let checkpoint = radslag_evidence::Checkpoint::new(key.verifier().name().into(), size as u64, root);
        format!("{}\n", checkpoint.sign(&[&key]).unwrap())
    };
    // Up to 40 it is what was signed; what was signed of 50 and 60 is another story.
    let file: String =
        [signed(10, roots[10]), signed(40, roots[40]), signed(50, [7; 32]), signed(60, [8; 32])].concat();
    fs::write(log_folder(&home).join("checkpoints.0"), file).unwrap();
    let Error::Damaged { path, why, .. } = refused(&home) else { panic!("another error") };
    assert!(path.ends_with("checkpoints.0"), "{path:?}");
    assert!(why.contains("changed between positions 40 and 50"), "{why}");
    let found = Log::survey(&log_folder(&home)).unwrap();
    assert_eq!((found.kept, found.agrees, found.lost()), (60, Some(40), 0));
    assert!(found.broken.unwrap().to_string().contains("root over 50 events"));
    let (log, _) = accept(&home);
    assert_eq!((log.origin(), log.watermark()), (1, 61));
}

/// A disk that fails from an operation on; half of a write that fails is done.
struct Failing {
    left: Arc<AtomicUsize>,
}

struct FailingFile(Arc<dyn File>, Arc<AtomicUsize>);

fn step(left: &AtomicUsize) -> io::Result<()> {
    let more = left.fetch_update(Ordering::SeqCst, Ordering::SeqCst, |left| left.checked_sub(1));
    more.map(drop).map_err(|_| io::Error::other("the power is gone"))
}

impl Disk for Failing {
    fn open(&self, path: &Path) -> io::Result<Arc<dyn File>> {
        step(&self.left)?;
        Ok(Arc::new(FailingFile(RealDisk.open(path)?, self.left.clone())))
    }
    fn list(&self, folder: &Path) -> io::Result<Vec<PathBuf>> {
        step(&self.left)?;
        RealDisk.list(folder)
    }
    fn remove(&self, path: &Path) -> io::Result<()> {
        step(&self.left)?;
        RealDisk.remove(path)
    }
    fn sync_folder(&self, folder: &Path) -> io::Result<()> {
        step(&self.left)?;
        RealDisk.sync_folder(folder)
    }
}

impl File for FailingFile {
    fn read_at(&self, into: &mut [u8], offset: u64) -> io::Result<usize> {
        self.0.read_at(into, offset)
    }
    fn write_at(&self, bytes: &[u8], offset: u64) -> io::Result<()> {
        if let Err(error) = step(&self.1) {
            self.0.write_at(&bytes[..bytes.len() / 2], offset)?;
            return Err(error);
        }
        self.0.write_at(bytes, offset)
    }
    fn sync(&self) -> io::Result<()> {
        step(&self.1)?;
        self.0.sync()
    }
    fn length(&self) -> io::Result<u64> {
        self.0.length()
    }
    fn grow(&self, from: u64, to: u64) -> io::Result<()> {
        step(&self.1)?;
        self.0.grow(from, to)
    }
}

fn copy_folder(from: &Path, to: &Path) {
    fs::create_dir_all(to).unwrap();
    for entry in fs::read_dir(from).unwrap() {
        let entry = entry.unwrap();
        let target = to.join(entry.file_name());
        if entry.file_type().unwrap().is_dir() {
            copy_folder(&entry.path(), &target);
        } else {
            fs::copy(entry.path(), target).unwrap();
        }
    }
}

#[test]
fn interrupted_at_any_step_the_log_is_as_it_was_or_in_its_next_life() {
    let damaged = filled();
    let n = break_frame(&damaged.segments()[1], 2);
    let (mut old, mut new) = (0, 0);
    for steps in 0.. {
        let folder = tempfile::tempdir().unwrap();
        copy_folder(&damaged.folder, folder.path());
        let at = || Home::at(folder.path().into()).signed_by(&[1]).with_segments_of(16 << 10);
        let left = Arc::new(AtomicUsize::new(steps));
        // Not signed meanwhile: a disk that fails while a checkpoint is written ends the process.
        let failing = Home { disk: Arc::new(Failing { left: left.clone() }), seeds: vec![], ..at() };
        let whole = Log::accept_loss(failing.options().unwrap(), &acceptance()).map(|(log, _)| log.close());
        let home = at();
        let _ = fs::remove_dir_all(home.folder.join("index"));
        match home.try_open() {
            Ok(log) => {
                new += 1;
                assert_eq!((log.origin(), log.watermark()), (1, n + 1), "step {steps}");
                log.verify(&|_, _| ()).unwrap();
                log.close();
            }
            Err(Error::Damaged { path, .. }) => {
                old += 1;
                assert_eq!(path, home.segments()[1], "step {steps}");
                let (log, accepted) = accept(&home);
                assert_eq!((accepted.kept, log.origin(), log.watermark()), (n, 1, n + 1), "step {steps}");
                log.close();
            }
            Err(error) => panic!("step {steps}: {error}"),
        }
        assert!(!log_folder(&home).join("lost-1").exists(), "only one loss was accepted");
        if whole.is_ok() {
            break;
        }
    }
    assert!(old > 10 && new > 10, "{old} {new}");
}

#[test]
fn a_loss_that_was_decided_and_interrupted_is_finished_and_no_other_begun() {
    let home = filled();
    let n = break_frame(&home.segments()[1], 2);
    let (log, _) = accept(&home);
    log.close();
    let lost = log_folder(&home).join("lost-0");
    fs::rename(lost.join("accepted"), lost.join("plan")).unwrap();
    let (log, accepted) = accept(&home);
    assert_eq!((accepted.origin, accepted.kept, log.watermark()), (1, n, n + 1));
    log.close();
    fs::write(lost.join("plan"), "radslag loss 1\nkept 3\n").unwrap();
    assert!(matches!(refused(&home), Error::Damaged { path, .. } if path.ends_with("lost-0/plan")));
}

#[test]
fn what_was_erased_in_the_lost_part_stays_erased_and_no_slot_is_used_again() {
    let home = Home::new().signed_by(&[1]);
    let log = home.open();
    let keys: Vec<_> = (0..4).map(|n| put_sealed(&log, &format!("s{n}"), 0, "Ada Lovelace")).collect();
    let (id, path) = (log.id(), home.folder.join("log/keys"));
    let before = fs::read(&path).unwrap();
    append(&log, vec![write("s1", 1, vec![erased(&log, &keys[1..2])])], vec![]).unwrap();
    log.close();
    // The signature in slot 4 and the erasure are lost, and the keys are from before it.
    fs::write(&path, before).unwrap();
    let n = break_frame(&home.segments()[0], 3);
    assert_eq!(n, 3);
    let (log, _) = accept(&home);
    assert!(log.vault().key(keys[1]).unwrap().is_none(), "it was erased, whether or not its event is there");
    assert!(log.vault().is_erased(keys[1]));
    assert!(log.vault().key(keys[3]).unwrap().is_some(), "slots of lost events stay as they are");
    let next = log.vault().reserve();
    assert!(next.reference > keys[3], "{:?}", next.reference);
    drop(next);
    log.close();
    let ledger = fs::read_to_string(home.folder.join("secrets/erasures.ledger")).unwrap();
    assert!(ledger.contains(&format!("{id} 4 {} ", keys[1].0)), "{ledger}");
}

#[test]
fn a_log_of_which_nothing_is_missing_can_begin_its_next_life_too() {
    // The bus may know more than the log, and only somebody who looks there can say so.
    let home = filled();
    let found = Log::survey(&log_folder(&home)).unwrap();
    assert_eq!((found.kept, found.lost(), found.agrees), (60, 0, Some(60)));
    assert!(found.broken.is_none());
    let (log, accepted) = accept(&home);
    assert_eq!((accepted.kept, log.watermark(), log.origins()), (60, 61, vec![(0, 0), (1, 60)]));
    log.close();
    // And again: its own stream goes on.
    let path = home.segments().pop().unwrap();
    break_frame(&path, 0);
    let (log, accepted) = accept(&home);
    assert_eq!((accepted.origin, accepted.kept), (2, 60));
    put(&log, "x", 0, "x");
    log.close();
    let (log, accepted) = accept(&home);
    assert_eq!((accepted.origin, accepted.kept, log.origins()), (3, 62, vec![(0, 0), (2, 60), (3, 62)]));
    let own = log.read_stream(&loss::stream(log.id())).unwrap();
    assert_eq!(
        own.iter().map(|event| (event.origin, event.private.version)).collect::<Vec<_>>(),
        [(2, 1), (3, 2)]
    );
}

#[test]
fn an_empty_log_can_begin_its_next_life() {
    let home = Home::new().signed_by(&[1]);
    home.open().close();
    let (log, accepted) = accept(&home);
    assert_eq!((accepted.kept, log.origin(), log.watermark()), (0, 1, 1));
}

#[test]
fn a_copy_from_before_a_loss_was_accepted_is_not_opened() {
    let home = filled();
    let backup: Vec<_> =
        home.segments().into_iter().map(|path| (path.clone(), fs::read(&path).unwrap())).collect();
    break_frame(&home.segments()[1], 2);
    let (log, _) = accept(&home);
    log.close();
    fs::remove_dir_all(log_folder(&home).join("segments")).unwrap();
    fs::create_dir(log_folder(&home).join("segments")).unwrap();
    for (path, bytes) in backup {
        fs::write(path, bytes).unwrap();
    }
    let Error::Damaged { why, .. } = refused(&home) else { panic!("another error") };
    assert!(why.contains("older than an origin"), "{why}");
    // Accepting what is lost with that goes on behind both lives, and both keep what was cut off.
    let (log, accepted) = accept(&home);
    assert_eq!((accepted.origin, accepted.kept, log.origin()), (2, 60, 2));
    assert!(log_folder(&home).join("lost-0/accepted").exists());
    assert!(log_folder(&home).join("lost-1/accepted").exists());
}

#[test]
fn what_was_read_of_an_older_life_holds_up_to_where_the_next_one_began() {
    let home = filled();
    let n = break_frame(&home.segments()[1], 2);
    let (log, _) = accept(&home);
    assert_eq!(log.holds(0, n - 1), n - 1);
    assert_eq!(log.holds(0, n), n);
    assert_eq!(log.holds(0, n + 5), n, "what was read beyond is another story");
    assert_eq!(log.holds(1, n + 1), n + 1);
    assert_eq!(log.holds(1, n + 9), n + 1);
    assert_eq!(log.holds(2, 3), 0);
}

#[test]
fn a_log_that_is_held_takes_nothing_and_says_why_until_it_is_released() {
    let home = Home::new();
    let log = home.open();
    log.hold("the bus hasn't been compared");
    assert!(log.is_held());
    let Health::ReadOnly(reason, _) = log.health() else { panic!("it takes more") };
    assert_eq!(reason, "the bus hasn't been compared");
    for _ in 0..2 {
        let refused = append(&log, vec![write("s", 0, vec![event(&log, "x")])], vec![]).unwrap_err();
        assert!(matches!(&refused, AppendError::ReadOnly(why) if *why == reason), "{refused}");
    }
    log.hold("another reason");
    log.release();
    assert!(matches!(log.health(), Health::Open));
    put(&log, "s", 0, "x");
}
