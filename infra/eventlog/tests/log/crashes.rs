//! `kill -9` at any moment, again and again under load: what was acknowledged is there, once, and positions are dense.

use std::{
    collections::HashSet,
    io::{BufRead as _, BufReader, Write as _},
    process::{Command, Stdio},
};

use radslag_eventlog::Append;

use crate::home::{Home, sealed, write};

/// Run as a child process by the test below: appends as fast as it can and says what was acknowledged.
#[test]
fn child_under_load() {
    let Some(folder) = std::env::var_os("RADSLAG_TEST_LOAD") else { return };
    let round = std::env::var("RADSLAG_TEST_ROUND").unwrap();
    let log = Home::at(folder.into()).with_segments_of(128 << 10).open();
    std::thread::scope(|scope| {
        for thread in 0..8 {
            let (log, round) = (log.clone(), &round);
            scope.spawn(move || {
                for n in 0_u64.. {
                    let stream = format!("r{round}-t{thread}-{n}");
                    let key = log.vault().reserve();
                    let event = sealed(&log, &"secret".repeat(40), &key);
                    let writes = vec![write(&stream, 0, vec![event])];
                    log.append_blocking(Append { writes, guards: vec![], keys: vec![key] }).unwrap();
                    let mut out = std::io::stdout().lock();
                    writeln!(out, "ACK {stream}").and_then(|()| out.flush()).unwrap();
                }
            });
        }
    });
}

#[test]
fn a_process_killed_at_any_moment_under_load_loses_nothing_it_acknowledged() {
    let home = Home::new().with_segments_of(128 << 10);
    let mut acknowledged = HashSet::new();
    for round in 0..12 {
        let mut child = Command::new(std::env::current_exe().unwrap())
            .args(["--exact", "crashes::child_under_load", "--nocapture"])
            .env("RADSLAG_TEST_LOAD", &home.folder)
            .env("RADSLAG_TEST_ROUND", round.to_string())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        let mut lines = BufReader::new(child.stdout.take().unwrap()).lines().map_while(Result::ok);
        let wanted = 40 + round * 37;
        let mut acks =
            lines.by_ref().filter_map(|line| line.split_once("ACK ").map(|(_, stream)| stream.to_owned()));
        acknowledged.extend(acks.by_ref().take(wanted));
        child.kill().unwrap();
        acknowledged.extend(acks);
        child.wait().unwrap();
        let log = home.open();
        let found = log.verify(&|_, _| ()).unwrap();
        assert_eq!(found.events, log.watermark(), "positions are dense");
        let streams: Vec<_> =
            log.read(0, usize::MAX).unwrap().into_iter().map(|event| event.private.stream).collect();
        let unique: HashSet<_> = streams.iter().cloned().collect();
        assert_eq!(unique.len(), streams.len(), "each is there once");
        let lost: Vec<_> = acknowledged.difference(&unique).collect();
        assert!(lost.is_empty(), "round {round}: {lost:?}");
    }
    assert!(acknowledged.len() > 2_000, "{}", acknowledged.len());
}
