//! The servers start, survive what tests do to them, and leave nothing behind.

#![allow(clippy::unwrap_used, reason = "a test")]

use std::{
    fs,
    io::{BufRead as _, BufReader, Read as _},
    net::TcpStream,
    path::{Path, PathBuf},
    process::{Command, Stdio},
};

use radslag_kit::{Nats, Postgres, until};

/// A NATS server greets first.
fn greeting(nats: &Nats) -> String {
    let stream = TcpStream::connect(nats.url().trim_start_matches("nats://")).unwrap();
    let mut line = String::new();
    BufReader::new(stream).read_line(&mut line).unwrap();
    line
}

fn socket_folder(connection: &str) -> PathBuf {
    connection.split_whitespace().find_map(|word| word.strip_prefix("host=")).map(PathBuf::from).unwrap()
}

#[test]
fn nats_keeps_its_port_through_kill_and_wipe() {
    let nats = Nats::start().unwrap();
    let url = nats.url();
    assert!(greeting(&nats).contains("\"jetstream\":true"));
    nats.kill().unwrap();
    assert!(TcpStream::connect(url.trim_start_matches("nats://")).is_err());
    nats.restart().unwrap();
    assert!(greeting(&nats).starts_with("INFO"));
    nats.wipe().unwrap();
    assert!(greeting(&nats).starts_with("INFO"));
    assert_eq!(nats.url(), url);
}

#[test]
fn a_stopped_server_ends_with_its_test_too() {
    let nats = Nats::start().unwrap();
    nats.stop().unwrap();
    let url = nats.url();
    drop(nats);
    assert!(TcpStream::connect(url.trim_start_matches("nats://")).is_err());
}

#[test]
fn a_wrong_setting_is_shown_with_what_the_server_said() {
    let failure = Nats::start_with("  no_such_setting: 1").err().unwrap();
    assert!(format!("{failure:#}").contains("no_such_setting"), "{failure:#}");
}

#[test]
fn postgres_keeps_what_was_committed_through_kill() {
    let postgres = Postgres::start().unwrap();
    postgres.sql("CREATE TABLE t (n int); INSERT INTO t VALUES (7)").unwrap();
    postgres.kill().unwrap();
    assert!(postgres.sql("SELECT 1").is_err());
    postgres.restart().unwrap();
    assert_eq!(postgres.sql("SELECT n FROM t").unwrap(), "7");
    postgres.stop().unwrap();
    postgres.cont().unwrap();
    assert_eq!(postgres.sql("SELECT n FROM t").unwrap(), "7");
    let folder = socket_folder(&postgres.connection());
    drop(postgres);
    assert!(!folder.exists());
}

#[test]
fn a_database_is_always_a_new_one() {
    let postgres = Postgres::shared().unwrap();
    assert_ne!(postgres.database("one").unwrap(), postgres.database("one").unwrap());
}

/// Runs this test binary again, lets it start both servers, kills it, and looks for what is left.
#[test]
fn nothing_outlives_a_test_that_is_killed() {
    let mut child = Command::new(std::env::current_exe().unwrap())
        .args(["--exact", "child_that_waits_to_be_killed", "--nocapture"])
        .env("RADSLAG_KIT_CHILD", "1")
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    let lines = BufReader::new(child.stdout.take().unwrap()).lines().map_while(Result::ok);
    let found: Vec<String> =
        lines.filter_map(|line| Some(line.split_once("started ")?.1.to_owned())).take(2).collect();
    let (address, folder) = (found[0].trim_start_matches("nats://"), socket_folder(&found[1]));
    assert!(TcpStream::connect(address).is_ok() && folder.exists());
    child.kill().unwrap();
    child.wait().unwrap();
    until("the servers to end", || {
        Ok((TcpStream::connect(address).is_err() && !folder.exists() && !served(&folder)).then_some(()))
    })
    .unwrap();
}

#[test]
fn child_that_waits_to_be_killed() {
    if std::env::var_os("RADSLAG_KIT_CHILD").is_none() {
        return;
    }
    let nats = Nats::start().unwrap();
    let postgres = Postgres::start().unwrap();
    println!("\nstarted {}\nstarted {}", nats.url(), postgres.connection());
    let _ = std::io::stdin().read(&mut [0]);
}

/// Whether a process still names the folder on its command line.
fn served(folder: &Path) -> bool {
    let name = folder.to_str().unwrap().as_bytes();
    fs::read_dir("/proc").unwrap().flatten().any(|entry| {
        let line = fs::read(entry.path().join("cmdline")).unwrap_or_default();
        line.windows(name.len()).any(|part| part == name)
    })
}
