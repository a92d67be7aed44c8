//! Worse disks: full ones and ones whose sync fails.

use std::{
    io,
    os::unix::process::ExitStatusExt as _,
    path::{Path, PathBuf},
    sync::{
        Arc, Mutex,
        atomic::{AtomicBool, Ordering},
    },
};

use radslag_eventlog::{AppendError, segment::SMALLEST};
use radslag_vault::{Disk, RealDisk, disk::File};

use crate::home::{Home, append, event, put, texts, write};

const SIGABRT: i32 = 6;

/// A disk that can be made full, and whose syncs can be made to fail.
#[derive(Clone, Default)]
struct Worse {
    full: Arc<AtomicBool>,
    /// There is room for a segment of the smallest size.
    narrow: Arc<AtomicBool>,
    failing: Arc<AtomicBool>,
}

struct WorseFile(Arc<dyn File>, Worse);

impl Disk for Worse {
    fn open(&self, path: &Path) -> io::Result<Arc<dyn File>> {
        Ok(Arc::new(WorseFile(RealDisk.open(path)?, self.clone())))
    }
    fn list(&self, folder: &Path) -> io::Result<Vec<PathBuf>> {
        RealDisk.list(folder)
    }
    fn remove(&self, path: &Path) -> io::Result<()> {
        RealDisk.remove(path)
    }
    fn sync_folder(&self, folder: &Path) -> io::Result<()> {
        RealDisk.sync_folder(folder)
    }
}

impl File for WorseFile {
    fn read_at(&self, into: &mut [u8], offset: u64) -> io::Result<usize> {
        self.0.read_at(into, offset)
    }
    fn write_at(&self, bytes: &[u8], offset: u64) -> io::Result<()> {
        self.0.write_at(bytes, offset)
    }
    fn sync(&self) -> io::Result<()> {
        if self.1.failing.load(Ordering::SeqCst) { Err(io::Error::other("EIO")) } else { self.0.sync() }
    }
    fn length(&self) -> io::Result<u64> {
        self.0.length()
    }
    fn grow(&self, from: u64, to: u64) -> io::Result<()> {
        let narrow = self.1.narrow.load(Ordering::SeqCst) && to > SMALLEST;
        if self.1.full.load(Ordering::SeqCst) || narrow {
            return Err(io::ErrorKind::StorageFull.into());
        }
        self.0.grow(from, to)
    }
}

#[test]
fn a_full_disk_makes_the_log_read_only_with_a_reason_and_it_goes_on_when_there_is_room() {
    let disk = Worse::default();
    let home = Home { disk: Arc::new(disk.clone()), ..Home::new() };
    let log = home.open();
    let filler = "x".repeat(60_000);
    let mut version = 0;
    disk.full.store(true, Ordering::SeqCst);
    let reason = loop {
        match append(&log, vec![write("a", version, vec![event(&log, &filler)])], vec![]) {
            Ok(_) => version += 1,
            Err(AppendError::ReadOnly(reason)) => break reason,
            Err(other) => panic!("{other}"),
        }
    };
    assert!(reason.contains("disk is full"), "{reason}");
    assert_eq!(log.version("a").unwrap(), version);
    assert_eq!(texts(&log, "a").len() as u64, version, "reading goes on");
    disk.full.store(false, Ordering::SeqCst);
    let started = std::time::Instant::now();
    while append(&log, vec![write("a", version, vec![event(&log, "after")])], vec![]).is_err() {
        assert!(started.elapsed().as_secs() < 30, "it never went on");
        std::thread::yield_now();
    }
    log.close();
    assert_eq!(texts(&home.open(), "a").len() as u64, version + 1);
}

#[test]
fn a_segment_begun_for_what_did_not_fit_on_the_disk_leaves_nothing_behind() {
    for narrow in [false, true] {
        let disk = Worse::default();
        let home = Home { disk: Arc::new(disk.clone()), ..Home::new() }.with_segments_of(64 << 10);
        let log = home.open();
        put(&log, "a", 0, &"x".repeat(20_000));
        let no_room = if narrow { &disk.narrow } else { &disk.full };
        no_room.store(true, Ordering::SeqCst);
        let large = (0..20).map(|_| event(&log, &"x".repeat(60_000))).collect();
        let refused = append(&log, vec![write("a", 1, large)], vec![]);
        assert!(matches!(refused, Err(AppendError::ReadOnly(_))), "{refused:?}");
        // What comes next fits into the segment before.
        let started = std::time::Instant::now();
        while append(&log, vec![write("a", 1, vec![event(&log, "small")])], vec![]).is_err() {
            assert!(started.elapsed().as_secs() < 30, "it never went on");
            std::thread::yield_now();
        }
        assert_eq!(home.segments().len(), 1, "narrow: {narrow}");
        no_room.store(false, Ordering::SeqCst);
        (2..8).for_each(|version| drop(put(&log, "a", version, &"y".repeat(20_000))));
        assert_eq!(texts(&log, "a").len(), 8);
        log.close();
        assert_eq!(texts(&home.open(), "a").len(), 8, "narrow: {narrow}");
    }
}

/// Run as a child process by the test below.
#[test]
fn child_with_a_failing_sync() {
    let Some(folder) = std::env::var_os("RADSLAG_TEST_FAILING_SYNC") else { return };
    let disk = Worse::default();
    let home = Home { disk: Arc::new(disk.clone()), ..Home::at(folder.into()) };
    let log = home.open();
    put(&log, "a", 0, "kept");
    disk.failing.store(true, Ordering::SeqCst);
    put(&log, "a", 1, "never acknowledged");
    println!("acknowledged after a failed sync");
}

#[test]
fn a_failed_sync_ends_the_process_and_nothing_acknowledged_is_lost() {
    let home = Home::new();
    let child = std::process::Command::new(std::env::current_exe().unwrap())
        .args(["--exact", "disks::child_with_a_failing_sync", "--nocapture"])
        .env("RADSLAG_TEST_FAILING_SYNC", &home.folder)
        .output()
        .unwrap();
    assert_eq!(child.status.signal(), Some(SIGABRT), "the process ends, whoever waits for the append");
    assert!(!String::from_utf8_lossy(&child.stdout).contains("acknowledged after"));
    assert_eq!(texts(&home.open(), "a")[0], "kept");
}

/// A disk that tells what is written and synced.
#[derive(Clone, Default)]
struct Watched(Arc<Mutex<Vec<String>>>);

struct WatchedFile(Arc<dyn File>, Watched, String);

impl Watched {
    fn note(&self, done: String) {
        self.0.lock().unwrap().push(done);
    }
}

fn name(path: &Path) -> String {
    path.file_name().unwrap().to_string_lossy().into_owned()
}

impl Disk for Watched {
    fn open(&self, path: &Path) -> io::Result<Arc<dyn File>> {
        Ok(Arc::new(WatchedFile(RealDisk.open(path)?, self.clone(), name(path))))
    }
    fn list(&self, folder: &Path) -> io::Result<Vec<PathBuf>> {
        RealDisk.list(folder)
    }
    fn remove(&self, path: &Path) -> io::Result<()> {
        RealDisk.remove(path)
    }
    fn sync_folder(&self, folder: &Path) -> io::Result<()> {
        self.note(format!("sync {}", name(folder)));
        RealDisk.sync_folder(folder)
    }
}

impl File for WatchedFile {
    fn read_at(&self, into: &mut [u8], offset: u64) -> io::Result<usize> {
        self.0.read_at(into, offset)
    }
    fn write_at(&self, bytes: &[u8], offset: u64) -> io::Result<()> {
        self.1.note(format!("write {} at {offset}", self.2));
        self.0.write_at(bytes, offset)
    }
    fn sync(&self) -> io::Result<()> {
        self.1.note(format!("sync {}", self.2));
        self.0.sync()
    }
    fn length(&self) -> io::Result<u64> {
        self.0.length()
    }
    fn grow(&self, from: u64, to: u64) -> io::Result<()> {
        self.0.grow(from, to)
    }
}

#[test]
fn what_a_failed_sync_may_have_left_in_the_page_cache_is_durable_before_the_log_is_served() {
    let home = Home::new().signed_by(&[1]);
    let log = home.open();
    put(&log, "a", 0, "x");
    log.close();
    let disk = Watched::default();
    let log = Home { disk: Arc::new(disk.clone()), ..home }.open();
    let done = disk.0.lock().unwrap().clone();
    let segment = "00000000000000000000.segment";
    for due in [
        ["write keys at 0", "sync keys", "sync log"].map(str::to_owned).to_vec(),
        vec![format!("write {segment} at 0"), format!("sync {segment}"), "sync segments".into()],
        vec!["write checkpoints.0 at 0".into(), "sync checkpoints.0".into()],
    ] {
        let mut rest = done.iter();
        assert!(due.iter().all(|step| rest.any(|other| other == step)), "{due:?} of {done:?}");
    }
    drop(log);
}

#[test]
fn what_nobody_was_promised_is_written_again_before_it_is_kept() {
    let home = Home::new();
    let log = home.open();
    put(&log, "a", 0, "promised, and the next event says so");
    put(&log, "a", 1, "perhaps only in the page cache");
    log.close();
    let segment = "00000000000000000000.segment";
    let written = |home: &Home| {
        let disk = Watched::default();
        let log = Home { disk: Arc::new(disk.clone()), ..Home::at(home.folder.clone()) }.open();
        assert_eq!(texts(&log, "a").len(), 2);
        log.close();
        let mut done = disk.0.lock().unwrap().clone().into_iter();
        let header = format!("write {segment} at 0");
        let frame = done.find(|step| step.starts_with(&format!("write {segment}")) && *step != header);
        frame.map(|_| done.any(|step| step == format!("sync {segment}")))
    };
    assert_eq!(written(&home), None, "the file of acknowledgements says that it was promised");
    std::fs::remove_file(home.folder.join("log/ACK")).unwrap();
    assert_eq!(written(&home), Some(true), "written, then synced");
}
