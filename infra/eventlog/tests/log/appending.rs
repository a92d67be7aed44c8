//! Versions, guards, atomicity, reading and following.

use std::sync::{
    Arc,
    atomic::{AtomicU64, Ordering},
};

use radslag_eventlog::{Append, AppendError, Clock, Error, log::Health};

use crate::home::{Home, all, append, event, put, texts, write};

#[test]
fn positions_are_dense_from_zero_and_survive_a_restart() {
    let home = Home::new();
    let log = home.open();
    assert_eq!(put(&log, "a", 0, "one").first, 0);
    assert_eq!(put(&log, "b", 0, "two").first, 1);
    assert_eq!(put(&log, "a", 1, "three").first, 2);
    let before = all(&log);
    log.close();
    let log = home.open();
    assert_eq!(all(&log), before);
    assert_eq!(texts(&log, "a"), ["one", "three"]);
    assert_eq!(put(&log, "a", 2, "four").first, 3);
}

#[test]
fn another_version_than_expected_is_a_conflict_and_writes_nothing() {
    let home = Home::new();
    let log = home.open();
    put(&log, "a", 0, "one");
    let refused = append(&log, vec![write("a", 0, vec![event(&log, "again")])], vec![]);
    assert!(matches!(refused, Err(AppendError::Conflict { expected: 0, actual: 1 })));
    assert_eq!(log.watermark(), 1);
}

#[test]
fn a_guard_that_moved_refuses_all_of_it() {
    let home = Home::new();
    let log = home.open();
    put(&log, "petition", 0, "opened");
    let sign = |guard| {
        append(&log, vec![write("signature", 0, vec![event(&log, "signed")])], vec![("petition", guard)])
    };
    assert!(matches!(sign(0), Err(AppendError::Conflict { .. })));
    assert_eq!(log.version("signature").unwrap(), 0);
    sign(1).unwrap();
    assert_eq!(log.version("petition").unwrap(), 1, "a guard makes no new version");
}

#[test]
fn several_streams_are_written_all_or_none() {
    let home = Home::new();
    let log = home.open();
    put(&log, "b", 0, "x");
    let both = |at_b| {
        append(
            &log,
            vec![
                write("a", 0, vec![event(&log, "1"), event(&log, "2")]),
                write("b", at_b, vec![event(&log, "3")]),
            ],
            vec![],
        )
    };
    assert!(both(0).is_err());
    assert_eq!((log.version("a").unwrap(), log.version("b").unwrap()), (0, 1));
    let appended = both(1).unwrap();
    assert_eq!((appended.first, appended.end, appended.leaves.len()), (1, 4, 3));
    assert_eq!((log.version("a").unwrap(), log.version("b").unwrap()), (2, 2));
}

#[test]
fn a_stream_named_twice_in_one_append_is_written_in_order() {
    let home = Home::new();
    let log = home.open();
    let twice = |second| {
        append(
            &log,
            vec![write("a", 0, vec![event(&log, "1")]), write("a", second, vec![event(&log, "2")])],
            vec![],
        )
    };
    assert!(matches!(twice(0), Err(AppendError::Conflict { expected: 0, actual: 1 })));
    assert_eq!(log.watermark(), 0);
    twice(1).unwrap();
    assert_eq!(texts(&log, "a"), ["1", "2"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn of_a_hundred_requests_for_one_version_exactly_one_wins() {
    let home = Home::new();
    let log = home.open();
    for round in 0..20 {
        let tasks: Vec<_> = (0..100)
            .map(|_| {
                let log = log.clone();
                tokio::spawn(async move {
                    let writes = vec![write("hot", round, vec![event(&log, "x")])];
                    log.append(Append { writes, guards: vec![], keys: vec![] }).await
                })
            })
            .collect();
        let mut won = 0;
        for task in tasks {
            match task.await.unwrap() {
                Ok(_) => won += 1,
                Err(AppendError::Conflict { .. }) => {}
                Err(other) => panic!("{other}"),
            }
        }
        assert_eq!(won, 1);
    }
    assert_eq!(log.read_stream("hot").unwrap().len(), 20);
}

#[test]
fn what_is_too_large_is_refused_and_leaves_no_trace() {
    let home = Home::new();
    let log = home.open();
    let refused = append(&log, vec![write("a", 0, vec![event(&log, &"x".repeat(70_000))])], vec![]);
    assert!(matches!(refused, Err(AppendError::TooLarge { .. })));
    let many = (0..400).map(|_| event(&log, &"x".repeat(60_000))).collect();
    assert!(matches!(append(&log, vec![write("a", 0, many)], vec![]), Err(AppendError::TooLarge { .. })));
    put(&log, "a", 0, "small");
    log.close();
    assert_eq!(texts(&home.open(), "a"), ["small"]);
}

#[test]
fn a_log_over_many_segments_reads_as_one_and_its_index_can_be_made_again() {
    let home = Home::new().with_segments_of(64 << 10);
    let log = home.open();
    for n in 0..600_u64 {
        put(&log, &format!("stream-{}", n % 50), n / 50, &format!("{n}-{}", "x".repeat(1_000)));
    }
    let before = all(&log);
    assert!(home.segments().len() > 8, "{}", home.segments().len());
    let check = |log: &radslag_eventlog::Log| {
        assert_eq!(all(log), before);
        for stream in 0..50 {
            let read = texts(log, &format!("stream-{stream}"));
            assert_eq!(read.len(), 12);
            assert!(read[3].starts_with(&format!("{}-", 150 + stream)));
        }
        assert_eq!(log.read_at(321).unwrap().header.position, 321);
    };
    check(&log);
    log.rebuild_index().unwrap();
    check(&log);
    log.close();
    let log = home.open();
    check(&log);
    log.close();
    std::fs::remove_dir_all(home.folder.join("index")).unwrap();
    check(&home.open());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_follower_sees_what_was_and_what_comes_once_and_in_order() {
    let home = Home::new().with_segments_of(64 << 10);
    let log = home.open();
    let mut follow = log.follow(10);
    let writer = log.clone();
    let writing = tokio::task::spawn_blocking(move || {
        for n in 0..500 {
            put(&writer, &format!("s{n}"), 0, &format!("{n}-{}", "x".repeat(500)));
        }
    });
    let mut next = 10;
    while next < 500 {
        for event in follow.next(4_000).await.unwrap().unwrap() {
            assert_eq!(event.header.position, next);
            next += 1;
        }
    }
    writing.await.unwrap();
    assert_eq!(follow.position(), 500);
}

#[test]
fn a_stream_that_is_being_written_reads_whole_up_to_the_watermark_at_any_moment() {
    let home = Home::new().with_segments_of(64 << 10);
    let log = home.open();
    let writer = log.clone();
    let writing = std::thread::spawn(move || {
        for n in 0..2_000_u64 {
            put(&writer, &format!("s{}", n / 10), n % 10, &"x".repeat(500));
        }
    });
    let mut reads = 0;
    while !writing.is_finished() {
        let end = log.watermark();
        let read = log.read_stream(&format!("s{}", end / 10)).unwrap().len() as u64;
        assert!(read >= end % 10, "{read} events of {} at {end}", end % 10);
        reads += 1;
    }
    writing.join().unwrap();
    assert!(reads > 0);
}

#[test]
fn recorded_time_never_falls_and_a_stale_decision_is_sent_back() {
    let wall = Arc::new(AtomicU64::new(10_000_000));
    let source = wall.clone();
    let clock =
        Clock::of(Box::new(move || (source.load(Ordering::SeqCst), source.load(Ordering::SeqCst))), 0);
    let home = Home { clock: Arc::new(clock), ..Home::new() };
    let log = home.open();
    put(&log, "a", 0, "one");
    wall.fetch_sub(5_000, Ordering::SeqCst);
    put(&log, "a", 1, "two");
    let old = event(&log, "three");
    wall.fetch_add(10_002, Ordering::SeqCst);
    let stale = append(&log, vec![write("a", 2, vec![old])], vec![]);
    assert!(matches!(stale, Err(AppendError::Stale(5_002))), "{stale:?}");
    let recorded: Vec<_> =
        log.read(0, usize::MAX).unwrap().iter().map(|event| event.header.recorded_at).collect();
    assert_eq!(recorded, [10_000_000, 10_000_000]);
}

#[test]
fn a_clock_that_jumped_makes_the_log_read_only_until_it_is_accepted() {
    let wall = Arc::new(AtomicU64::new(10_000_000));
    let source = wall.clone();
    let clock = Arc::new(Clock::of(Box::new(move || (source.load(Ordering::SeqCst), 0)), 0));
    let home = Home { clock: clock.clone(), ..Home::new() };
    let log = home.open();
    put(&log, "a", 0, "one");
    wall.fetch_add(60_001, Ordering::SeqCst);
    let refused = append(&log, vec![write("a", 1, vec![event(&log, "two")])], vec![]);
    assert!(matches!(refused, Err(AppendError::ReadOnly(_))), "{refused:?}");
    assert!(matches!(log.health(), Health::ReadOnly(reason, _) if reason.contains("60001 ms")));
    assert_eq!(texts(&log, "a"), ["one"], "reading goes on");
    clock.accept();
    put(&log, "a", 1, "two");
    log.close();
    wall.fetch_sub(120_002, Ordering::SeqCst);
    clock.accept();
    let log = home.open();
    assert!(matches!(log.health(), Health::ReadOnly(reason, _) if reason.contains("behind the last event")));
}

#[test]
fn two_processes_can_not_have_one_log() {
    let home = Home::new();
    let _held = home.open();
    assert!(
        matches!(home.try_open(), Err(Error::InUse { holder, .. }) if holder == std::process::id().to_string())
    );
}
