//! The process of its own: it serves, asks the owner of an event over TLS, takes reports in from its standard input, and
//! says nothing about anybody.

use std::{
    io::Write as _,
    path::Path,
    process::{Child, Command, Stdio},
};

use radslag_kit::until;

use crate::world::files_with;

const BINARY: &str = env!("CARGO_BIN_EXE_radslag-notifications");

struct Running {
    child: Child,
    url: String,
}

impl Drop for Running {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

fn configured(folder: &Path, more: &str) -> std::path::PathBuf {
    let file = folder.join("radslag.toml");
    let data = folder.join("data");
    let text = format!(
        "[data]\ndir = {data:?}\n[http]\nlisten = \"127.0.0.1:0\"\n[telemetry]\nfilter = \"trace\"\n{more}\n\
         [[tenants]]\nid = \"malmo\"\nname = \"Malmö stad\"\n"
    );
    std::fs::write(&file, text).unwrap();
    file
}

fn started(folder: &Path, more: &str) -> Running {
    let said = folder.join("said");
    let mut command = Command::new(BINARY);
    command.arg("--config").arg(configured(folder, more)).arg("serve");
    let child = command.stderr(std::fs::File::create(&said).unwrap()).stdout(Stdio::null()).spawn().unwrap();
    let url = until("the process to listen", || {
        let said = std::fs::read_to_string(&said)?;
        let line = said.lines().find(|line| line.contains("listening"));
        Ok(line.and_then(|line| line.split("127.0.0.1:").nth(1)).map(|rest| {
            let port: String = rest.chars().take_while(char::is_ascii_digit).collect();
            format!("127.0.0.1:{port}")
        }))
    });
    let running = Running { child, url: url.unwrap() };
    until("the process to be ready", || {
        Ok(ask(&running.url, "GET", "/readyz", "").starts_with("HTTP/1.1 200").then_some(()))
    })
    .unwrap();
    running
}

/// A request over HTTP/1.1, as plainly as it can be written.
fn ask(at: &str, method: &str, path: &str, body: &str) -> String {
    let mut stream = std::net::TcpStream::connect(at).unwrap();
    write!(
        stream,
        "{method} {path} HTTP/1.1\r\nhost: x\r\ncontent-type: application/json\r\ncontent-length: {}\r\n\
         connection: close\r\n\r\n{body}",
        body.len()
    )
    .unwrap();
    let mut said = Vec::new();
    std::io::Read::read_to_end(&mut stream, &mut said).unwrap();
    String::from_utf8_lossy(&said).into_owned()
}

fn dropped(folder: &Path) -> Vec<String> {
    let Ok(entries) = std::fs::read_dir(folder.join("data/mail/malmo")) else { return Vec::new() };
    let whole = entries
        .flatten()
        .map(|entry| entry.path())
        .filter(|path| path.extension().is_some_and(|e| e == "eml"));
    whole.map(|path| std::fs::read_to_string(path).unwrap()).collect()
}

#[test]
fn a_process_serves_and_says_nothing_about_anybody() {
    let folder = tempfile::tempdir().unwrap();
    let running = started(folder.path(), "");
    let asked = ask(
        &running.url,
        "POST",
        "/api/v1/malmo/notifications/subscriptions",
        "{\"mailbox\": \"planted.person@a.example\"}",
    );
    assert!(asked.starts_with("HTTP/1.1 202"), "{asked}");
    let letters =
        until("the letter", || Ok(Some(dropped(folder.path())).filter(|letters| !letters.is_empty())))
            .unwrap();
    assert!(letters[0].contains("planted.person@a.example"));
    let ready = ask(&running.url, "GET", "/readyz", "");
    assert!(ready.starts_with("HTTP/1.1 200"), "{ready}");
    let figures = ask(&running.url, "GET", "/metrics", "");
    assert!(figures.contains("service=\"notifications\""), "{figures}");
    let said = std::fs::read_to_string(folder.path().join("said")).unwrap();
    for text in [&said, &figures, &ready, &asked] {
        assert!(!text.to_lowercase().contains("planted"), "{text}");
    }
    drop(running);
    for place in ["data/ground", "data/derived", "data/secrets"] {
        assert_eq!(
            files_with(&folder.path().join(place), "planted.person"),
            Vec::<std::path::PathBuf>::new()
        );
    }
}

#[test]
fn a_report_on_standard_input_is_taken_in_by_the_service_and_kept_nowhere() {
    let folder = tempfile::tempdir().unwrap();
    let running = started(folder.path(), "");
    ask(
        &running.url,
        "POST",
        "/api/v1/malmo/notifications/subscriptions",
        "{\"mailbox\": \"anna@a.example\"}",
    );
    let report = "From: MAILER-DAEMON@x\r\nMIME-Version: 1.0\r\nContent-Type: multipart/report; boundary=b\r\n\r\n--b\r\n\
        Content-Type: message/delivery-status\r\n\r\nReporting-MTA: dns; x\r\n\r\nAction: failed\r\nStatus: 5.1.1\r\n\r\n--b--\r\n";
    let mut bounce = Command::new(BINARY);
    bounce.arg("--config").arg(folder.path().join("radslag.toml"));
    bounce.args(["bounce", "malmo", "--envelope-to", "bounce+nonsense@x"]).stdin(Stdio::piped());
    let mut bounce = bounce.spawn().unwrap();
    bounce.stdin.take().unwrap().write_all(report.as_bytes()).unwrap();
    assert!(bounce.wait().unwrap().success());
    let spool = folder.path().join("data/bounces/malmo");
    until("the report to be taken in", || Ok((std::fs::read_dir(&spool)?.count() == 0).then_some(())))
        .unwrap();
    drop(running);
}

#[test]
fn a_template_is_previewed_and_a_wrong_one_told() {
    let preview = |arguments: &[&str]| {
        let output = Command::new(BINARY).arg("preview").args(arguments).output().unwrap();
        (
            output.status.success(),
            String::from_utf8(output.stdout).unwrap(),
            String::from_utf8(output.stderr).unwrap(),
        )
    };
    let (done, text, _) = preview(&["approved", "--lang", "en"]);
    assert!(done && text.starts_with("Subject: ") && text.contains("https://example.org/"), "{text}");
    assert!(preview(&["approved", "--html"]).1.contains("<html lang=\"sv\">"));
    assert!(preview(&[]).1.contains("confirm_signature\n"));
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("own.txt");
    std::fs::write(&file, "Subject: x\n\n{{ mailbox }} {{ link }}").unwrap();
    let (done, _, told) = preview(&["approved", "--file", file.to_str().unwrap()]);
    assert!(!done && told.contains("mailbox") && told.contains("deadline"), "{told}");
}
