//! What is torn is cut, what was acknowledged and can't be read stops the log, and the index is never trusted.

use std::{fs, path::Path};

use radslag_eventlog::{Error, frame::Head, segment::HEADER};

use crate::home::{Home, all, put, texts};

fn frames(path: &Path) -> Vec<usize> {
    let bytes = fs::read(path).unwrap();
    let (mut offsets, mut at) = (Vec::new(), HEADER as usize);
    while let Some(head) = bytes.get(at..).and_then(Head::read) {
        offsets.push(at);
        at += head.padded();
    }
    offsets
}

fn change(path: &Path, change: impl FnOnce(&mut Vec<u8>)) {
    let mut bytes = fs::read(path).unwrap();
    change(&mut bytes);
    fs::write(path, bytes).unwrap();
}

fn three() -> Home {
    let home = Home::new();
    let log = home.open();
    for n in 0..3 {
        put(&log, "a", n, &n.to_string());
    }
    log.close();
    home
}

fn forget_ack(home: &Home) {
    fs::remove_file(home.folder.join("log/ACK")).unwrap();
}

#[test]
fn a_torn_last_frame_that_nobody_was_promised_is_cut() {
    for cut in [4, 40, 100] {
        let home = three();
        forget_ack(&home);
        let path = &home.segments()[0];
        let last = frames(path)[2];
        change(path, |bytes| bytes[last + cut..].fill(0));
        let log = home.open();
        assert_eq!(texts(&log, "a"), ["0", "1"]);
        assert!(fs::read(path).unwrap()[last..].iter().all(|byte| *byte == 0));
        put(&log, "a", 2, "new");
        log.close();
        assert_eq!(texts(&home.open(), "a"), ["0", "1", "new"]);
    }
}

#[test]
fn a_torn_last_frame_that_was_acknowledged_stops_the_log_with_file_and_offset() {
    let home = three();
    let path = &home.segments()[0];
    let last = frames(path)[2];
    change(path, |bytes| bytes[last + 40] ^= 1);
    let Err(Error::Damaged { path: named, offset, .. }) = home.try_open() else { panic!("it opened") };
    assert_eq!((&named, offset), (path, last as u64));
}

#[test]
fn without_the_ack_a_later_whole_frame_still_proves_what_was_acknowledged() {
    let home = three();
    forget_ack(&home);
    let path = &home.segments()[0];
    let first = frames(path)[0];
    change(path, |bytes| bytes[first + 40] ^= 1);
    let Err(Error::Damaged { offset, .. }) = home.try_open() else { panic!("it opened") };
    assert_eq!(offset, first as u64);
}

#[test]
fn a_segment_that_is_gone_or_shorter_is_never_served_as_a_shorter_log() {
    let home = three();
    change(&home.segments()[0], |bytes| bytes.truncate(HEADER as usize));
    assert!(matches!(home.try_open(), Err(Error::Damaged { .. })));
    fs::remove_file(&home.segments()[0]).unwrap();
    assert!(matches!(home.try_open(), Err(Error::Damaged { .. })));
}

#[test]
fn every_flipped_bit_of_the_last_frames_is_detected() {
    let home = three();
    let path = &home.segments()[0];
    let good = fs::read(path).unwrap();
    let offsets = frames(path);
    let end = offsets[2] + Head::read(&good[offsets[2]..]).unwrap().length;
    for bit in (offsets[1] * 8..end * 8).step_by(7) {
        if (bit / 8) >= offsets[1] + Head::read(&good[offsets[1]..]).unwrap().length && bit / 8 < offsets[2] {
            continue;
        }
        let mut bytes = good.clone();
        bytes[bit / 8] ^= 1 << (bit % 8);
        fs::write(path, &bytes).unwrap();
        assert!(matches!(home.try_open(), Err(Error::Damaged { .. })), "bit {bit}");
    }
}

#[test]
fn damage_in_a_sealed_segment_is_noticed_when_it_is_read_and_then_nothing_is_served() {
    let home = Home::new().with_segments_of(16 << 10);
    let log = home.open();
    for n in 0..60 {
        put(&log, &format!("s{n}"), 0, &"x".repeat(1_000));
    }
    log.close();
    let victim = home.segments()[1].clone();
    let at = frames(&victim)[2];
    change(&victim, |bytes| bytes[at + 50] ^= 1);
    fs::remove_dir_all(home.folder.join("index")).unwrap();
    assert!(matches!(home.try_open(), Err(Error::Damaged { path, .. }) if path == victim));
}

#[test]
fn damage_found_while_serving_stops_reading_and_writing() {
    let home = Home::new().with_segments_of(16 << 10);
    let log = home.open();
    for n in 0..60 {
        put(&log, &format!("s{n}"), 0, &"x".repeat(1_000));
    }
    let victim = home.segments()[1].clone();
    let at = frames(&victim)[2] as u64 + 50;
    let file = fs::OpenOptions::new().write(true).open(&victim).unwrap();
    std::os::unix::fs::FileExt::write_all_at(&file, b"!!!!", at).unwrap();
    let error = log.verify(&|_, _| ()).unwrap_err();
    assert!(matches!(&error, Error::Damaged { path, .. } if *path == victim), "{error}");
    assert!(matches!(log.read_stream("s0"), Err(Error::Damaged { .. })));
    let refused = crate::home::append(
        &log,
        vec![crate::home::write("n", 0, vec![crate::home::event(&log, "x")])],
        vec![],
    );
    assert!(refused.is_err());
}

#[test]
fn a_damaged_index_is_made_again_and_the_log_is_the_same() {
    let home = Home::new().with_segments_of(16 << 10);
    let log = home.open();
    for n in 0..200 {
        put(&log, &format!("s{}", n % 20), n / 20, &"x".repeat(1_000));
    }
    let before = all(&log);
    log.close();
    let db = home.folder.join("index/db");
    let good = fs::read(&db).unwrap();
    for round in 0..24 {
        let mut bytes = good.clone();
        let at = bytes.len() * round / 24;
        match round % 3 {
            0 => bytes.truncate(at),
            1 => bytes[at..(at + 4_096).min(good.len())].fill(0),
            _ => bytes[at..(at + 64).min(good.len())].iter_mut().for_each(|byte| *byte ^= 0xff),
        }
        fs::write(&db, bytes).unwrap();
        let log = home.open();
        assert_eq!(all(&log), before);
        for stream in 0..20 {
            assert_eq!(log.read_stream(&format!("s{stream}")).unwrap().len(), 10, "round {round}");
        }
        log.close();
    }
}

#[test]
fn a_segment_of_another_log_is_refused() {
    let (home, other) = (three(), three());
    let foreign = fs::read(&other.segments()[0]).unwrap();
    fs::write(home.folder.join("log/segments/00000000000000000003.segment"), foreign).unwrap();
    assert!(matches!(home.try_open(), Err(Error::Damaged { .. })));
}

#[test]
fn a_segment_whose_making_was_interrupted_is_removed() {
    let home = three();
    let path = home.folder.join("log/segments/00000000000000000003.segment");
    for unfinished in [vec![], vec![0; 70_000]] {
        fs::write(&path, unfinished).unwrap();
        let log = home.open();
        assert_eq!(all(&log).len(), 3);
        log.close();
        assert!(!path.exists());
    }
}

#[test]
fn what_could_not_be_indexed_for_a_while_hides_nothing_that_comes_later() {
    let home = Home::new().with_segments_of(16 << 10);
    let log = home.open();
    let index = home.folder.join("index");
    let mut version = 0;
    let mut write_some = |log: &radslag_eventlog::Log| {
        for _ in 0..40 {
            put(log, "hot", version, &"x".repeat(1_000));
            version += 1;
        }
        version
    };
    write_some(&log);
    fs::remove_dir_all(&index).unwrap();
    fs::write(&index, "no folder").unwrap();
    log.rebuild_index().unwrap_err();
    write_some(&log);
    fs::remove_file(&index).unwrap();
    log.rebuild_index().unwrap();
    let last = write_some(&log);
    // Newer segments without the stream, so that only index or memory can tell.
    (0..40).for_each(|n| drop(put(&log, &format!("other-{n}"), 0, &"y".repeat(1_000))));
    while log.index_size().1 < 40 {
        std::thread::yield_now();
    }
    assert_eq!(log.version("hot").unwrap(), last);
    assert_eq!(texts(&log, "hot").len() as u64, last);
}
