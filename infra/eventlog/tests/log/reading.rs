//! Reading beside whoever writes: nothing is locked, nothing is written, and only what was acknowledged is shown.

use std::{collections::BTreeMap, fs, path::Path};

use radslag_eventlog::{Error, Log, Reader, segment::HEADER};
use radslag_kernel::KeyRef;

use crate::home::{Home, append, erased, put, put_sealed, write};

fn reader(home: &Home) -> Reader {
    Log::open_read_only(&home.folder.join("log")).unwrap()
}

fn texts(reader: &Reader, from: u64) -> Vec<String> {
    let frames = reader.frames(from).map(Result::unwrap);
    let records = frames.flat_map(|(frame, segment)| reader.decode(&frame, &segment).unwrap());
    records.map(|record| String::from_utf8(record.public.into()).unwrap()).collect()
}

fn files(folder: &Path) -> BTreeMap<String, Vec<u8>> {
    let mut found = BTreeMap::new();
    for entry in fs::read_dir(folder).unwrap().map(Result::unwrap) {
        let name = entry.file_name().into_string().unwrap();
        match entry.file_type().unwrap().is_dir() {
            true => found.extend(files(&entry.path()).into_iter().map(|(n, b)| (format!("{name}/{n}"), b))),
            false => _ = found.insert(name, fs::read(entry.path()).unwrap()),
        }
    }
    found
}

#[test]
fn a_reader_beside_the_writer_sees_what_was_acknowledged_and_what_comes() {
    let home = Home::new().with_segments_of(16 << 10);
    let log = home.open();
    put(&log, "a", 0, "first");
    let mut reader = reader(&home);
    assert_eq!((reader.id(), reader.watermark(), texts(&reader, 0)), (log.id(), 1, vec!["first".to_owned()]));
    for n in 0..40 {
        put(&log, &format!("s{n}"), 0, &format!("{n:01000}"));
        assert_eq!(reader.watermark(), n + 1, "it stands still until it looks again");
        reader.wait(n + 1).unwrap();
        assert_eq!(texts(&reader, n + 1), [format!("{n:01000}")]);
    }
    assert!(reader.segments().unwrap().0 > 2, "over several segments");
    assert_eq!(texts(&reader, 0).len(), 41);
    assert_eq!(reader.last().unwrap().unwrap().position(), 40);
}

#[test]
fn reading_changes_nothing() {
    let home = Home::new().with_segments_of(16 << 10);
    let log = home.open();
    for n in 0..30 {
        put_sealed(&log, &format!("s{n}"), 0, &"x".repeat(1_000));
    }
    log.close();
    let before = files(&home.folder);
    let reader = reader(&home);
    let found = reader.verify(&|_, _| ()).unwrap();
    assert_eq!((found.events, found.streams, found.sealed, found.erased), (30, 30, 30, 0));
    reader.slots().unwrap();
    assert_eq!(files(&home.folder), before);
}

#[test]
fn a_frame_nobody_was_promised_is_not_shown() {
    let home = Home::new();
    let log = home.open();
    put(&log, "a", 0, "0");
    put(&log, "a", 1, "1");
    log.close();
    fs::remove_file(home.folder.join("log/ACK")).unwrap();
    assert_eq!(texts(&reader(&home), 0), ["0"], "the second frame says that the first was durable");
    assert!(!home.folder.join("log/ACK").exists());
}

#[test]
fn a_segment_that_is_only_being_made_is_passed_over() {
    let home = Home::new();
    put(&home.open(), "a", 0, "0");
    fs::write(home.folder.join("log/segments/00000000000000000001.segment"), vec![0; 70_000]).unwrap();
    assert_eq!(texts(&reader(&home), 0), ["0"]);
}

#[test]
fn damage_is_named_with_file_and_offset_and_what_stands_before_it_is_read() {
    let home = Home::new();
    let log = home.open();
    put(&log, "a", 0, "0");
    let first = fs::read(&home.segments()[0]).unwrap();
    let second = first.iter().rposition(|byte| *byte != 0).unwrap().next_multiple_of(8);
    put(&log, "a", 1, "1");
    log.close();
    let path = home.segments()[0].clone();
    let mut bytes = fs::read(&path).unwrap();
    bytes[second + 40] ^= 1;
    fs::write(&path, bytes).unwrap();
    let reader = reader(&home);
    let Some(Error::Damaged { path: named, offset, .. }) = reader.damage() else { panic!("it looks whole") };
    assert_eq!((named, *offset), (&path, second as u64));
    let mut frames = reader.frames(0);
    assert!(frames.next().unwrap().is_ok());
    let Some(Err(Error::Damaged { offset, .. })) = frames.next() else { panic!("it was read") };
    assert_eq!(offset, second as u64);
    assert!(frames.next().is_none());
    assert!(matches!(reader.verify(&|_, _| ()), Err(Error::Damaged { .. })));
    assert!(second as u64 > HEADER);
}

#[test]
fn verifying_without_secrets_counts_what_was_erased_and_finds_a_slot_that_is_gone() {
    let home = Home::new();
    let log = home.open();
    let (one, two) = (put_sealed(&log, "a", 0, "Ada"), put_sealed(&log, "b", 0, "Bo"));
    append(&log, vec![write("a", 1, vec![erased(&log, &[one])])], vec![]).unwrap();
    let with_keys = log.verify(&|_, _| ()).unwrap();
    let found = reader(&home).verify(&|_, _| ()).unwrap();
    assert_eq!((found.sealed, found.erased, found.digest), (1, 1, with_keys.digest));
    let slots = reader(&home).slots().unwrap();
    assert_eq!((slots.live.values().sum::<u64>(), slots.erased), (1, 1));
    log.close();
    let path = home.folder.join("log/keys");
    let set = |key: KeyRef, byte: u8| {
        let mut bytes = fs::read(&path).unwrap();
        bytes[key.0 as usize * 64..][..64].fill(byte);
        fs::write(&path, bytes).unwrap();
    };
    for byte in [0, 1] {
        set(two, byte);
        let Err(Error::Damaged { path: named, offset, .. }) = reader(&home).verify(&|_, _| ()) else {
            panic!("it was not noticed")
        };
        assert_eq!((&named, offset), (&path, two.0 * 64));
    }
}

#[test]
fn a_folder_without_a_log_is_none() {
    let home = Home::new();
    assert!(matches!(Log::open_read_only(&home.folder.join("log")), Err(Error::NotALog(_))));
    assert!(!home.folder.join("log").exists());
}
