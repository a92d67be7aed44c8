//! A copy made while somebody writes opens, with every event that was acknowledged before it was begun, and every key.

use std::{
    fs,
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering},
    },
    thread,
};

use radslag_eventlog::{Append, Log};
use radslag_kernel::Opened;

use crate::home::{Home, event, put, sealed, write};

/// Writes six megabytes, and tells what was acknowledged.
fn load(log: &Log, acknowledged: Arc<AtomicU64>, who: u64) -> thread::JoinHandle<()> {
    let log = log.clone();
    thread::spawn(move || {
        for n in 0..150 {
            let key = log.vault().reserve();
            let texts = (0..20).map(|_| event(&log, &"x".repeat(2_000)));
            let events = texts.chain([sealed(&log, "secret", &key)]).collect();
            let writes = vec![write(&format!("{who}-{n}"), 0, events)];
            let appended = log.append_blocking(Append { writes, guards: vec![], keys: vec![key] }).unwrap();
            acknowledged.fetch_max(appended.first, Ordering::Relaxed);
        }
    })
}

#[test]
fn a_copy_beside_the_writer_opens_with_all_that_was_acknowledged_and_its_keys() {
    let home = Home::new().with_segments_of(4 << 20).signed_by(&[1]);
    let log = home.open();
    put(&log, "first", 0, "first");
    let acknowledged = Arc::new(AtomicU64::new(0));
    let writers: Vec<_> = (0..4).map(|who| load(&log, acknowledged.clone(), who)).collect();
    while writers.iter().any(|writer| !writer.is_finished()) {
        let there = Home::new().with_segments_of(4 << 20).signed_by(&[1]);
        let before = acknowledged.load(Ordering::Relaxed);
        let copied = Log::copy(&home.folder.join("log"), &there.folder.join("log"), &|_, _| ()).unwrap();
        assert!(copied.events > before, "{} of {before}", copied.events);
        fs::create_dir(there.folder.join("secrets")).unwrap();
        for entry in fs::read_dir(home.folder.join("secrets")).unwrap().map(Result::unwrap) {
            fs::copy(entry.path(), there.folder.join("secrets").join(entry.file_name())).unwrap();
        }
        let copy = there.open();
        assert_eq!(copy.watermark(), copied.events);
        for record in copy.read(copied.events.saturating_sub(60), usize::MAX).unwrap() {
            if record.header.r#type == "test.sealed" {
                assert_eq!(record.open(1, copy.vault()).unwrap(), Opened::Known(b"secret".to_vec()));
            }
        }
        put(&copy, "goes on", 0, "goes on");
        copy.close();
    }
    writers.into_iter().for_each(|writer| writer.join().unwrap());
    log.close();
}

#[test]
fn a_damaged_log_is_not_copied_as_if_it_were_whole() {
    let home = Home::new();
    let log = home.open();
    for n in 0..10 {
        put(&log, &format!("s{n}"), 0, "text");
    }
    log.close();
    let segment = home.segments().remove(0);
    let mut bytes = fs::read(&segment).unwrap();
    bytes[4_200] ^= 1;
    fs::write(&segment, bytes).unwrap();
    let copied = Log::copy(&home.folder.join("log"), &home.folder.join("copy"), &|_, _| ());
    assert!(copied.is_err(), "{copied:?}");
}
