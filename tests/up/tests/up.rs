//! All services apart come up, do what they are for, and are gone without a trace, whatever ends them.

#![allow(clippy::unwrap_used, clippy::panic, reason = "a test fails by panicking")]

use std::{
    fs,
    io::{BufRead as _, BufReader, Read as _, Write as _},
    net::TcpStream,
    path::{Path, PathBuf},
    process::{Child, Command, Stdio},
};

use radslag_kit::{binary, until};
use serde_json::Value;

struct Up {
    child: Child,
    report: Value,
    said: PathBuf,
    _said: tempfile::TempDir,
}

impl Up {
    /// Starts it and waits until it says where to look.
    fn start(arguments: &[&str]) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let said = folder.path().join("said");
        let mut command = Command::new(env!("CARGO_BIN_EXE_radslag-up"));
        command.arg("--radslag").arg(binary("radslag").unwrap()).arg("--json").args(arguments);
        command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(fs::File::create(&said).unwrap());
        let mut child = command.spawn().unwrap();
        let mut line = String::new();
        BufReader::new(child.stdout.take().unwrap()).read_line(&mut line).unwrap();
        let report = serde_json::from_str(&line);
        let report = report.unwrap_or_else(|_| panic!("{}", fs::read_to_string(&said).unwrap()));
        Self { child, report, said, _said: folder }
    }

    fn folder(&self) -> PathBuf {
        self.report["folder"].as_str().unwrap().into()
    }

    fn service(&self, name: &str) -> &Value {
        self.report["services"].as_array().unwrap().iter().find(|service| service["name"] == name).unwrap()
    }

    fn url(&self, service: &str) -> &str {
        self.service(service)["url"].as_str().unwrap()
    }

    fn signal(&self, name: &str) {
        signal(name, self.child.id());
    }

    /// Waits for its end: its exit code, and what it said.
    fn ended(mut self) -> (Option<i32>, String) {
        let status = self.child.wait().unwrap();
        (status.code(), fs::read_to_string(&self.said).unwrap())
    }
}

impl Drop for Up {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

fn signal(name: &str, pid: u32) {
    assert!(Command::new("kill").args(["-s", name, &pid.to_string()]).status().unwrap().success());
}

/// Status and body.
fn ask(url: &str, method: &str, path: &str, body: &str) -> (u16, String) {
    let address = url.trim_start_matches("http://");
    let mut stream = TcpStream::connect(address).unwrap();
    write!(
        stream,
        "{method} {path} HTTP/1.1\r\nhost: {address}\r\ncontent-type: application/json\r\ncontent-length: {}\r\n\
         connection: close\r\n\r\n{body}",
        body.len()
    )
    .unwrap();
    let mut said = Vec::new();
    stream.read_to_end(&mut said).unwrap();
    let said = String::from_utf8_lossy(&said).into_owned();
    let (head, body) = said.split_once("\r\n\r\n").unwrap();
    (head.split(' ').nth(1).unwrap().parse().unwrap(), body.to_owned())
}

/// Processes that name a folder on their command line.
fn of(folder: &Path) -> Vec<String> {
    let name = folder.to_str().unwrap();
    let lines = fs::read_dir("/proc").unwrap().flatten().map(|entry| {
        let line = fs::read(entry.path().join("cmdline")).unwrap_or_default();
        String::from_utf8_lossy(&line).replace('\0', " ")
    });
    lines.filter(|line| line.contains(name)).collect()
}

fn leaves_no_process(folder: &Path) {
    let mut left = Vec::new();
    let gone = until("every process to end", || {
        left = of(folder);
        Ok(left.is_empty().then_some(()))
    });
    assert!(gone.is_ok(), "{left:#?}");
}

fn letters_to(folder: &Path, mailbox: &str) -> usize {
    let Ok(entries) = fs::read_dir(folder) else { return 0 };
    let texts = entries.flatten().map(|entry| fs::read_to_string(entry.path()).unwrap_or_default());
    texts.filter(|text| text.contains(&format!("<{mailbox}>"))).count()
}

#[test]
fn a_signature_leads_through_the_bus_to_a_letter_and_ctrl_c_leaves_nothing() {
    let up = Up::start(&["--tenants", "malmo"]);
    let (petitions, notifications) = (up.url("petitions"), up.url("notifications"));
    assert_ne!(up.service("petitions")["pid"], up.service("notifications")["pid"]);
    let page = up.report["tenants"][0]["url"].as_str().unwrap();
    let (status, text) = ask(petitions, "GET", page.strip_prefix(petitions).unwrap(), "");
    assert!(status == 200 && text.contains("Malmö stad"), "{status} {text}");
    for service in [petitions, notifications] {
        assert_eq!(ask(service, "GET", "/readyz", "").0, 200);
    }

    let (_, list) = ask(petitions, "GET", "/api/v1/malmo/petitions?state=open", "");
    let list: Value = serde_json::from_str(&list).unwrap();
    let id = list["petitions"][0]["id"].as_str().unwrap();
    let path = format!("/api/v1/malmo/petitions/{id}/signatures");
    let body = r#"{"name":"Eva Exempel","mailbox":"eva@example.org","postcode":"211 44"}"#;
    let (status, answer) = ask(petitions, "POST", &path, body);
    assert_eq!(status, 202, "{answer}");
    let letters = Path::new(up.report["letters"].as_str().unwrap()).join("malmo");
    until("a letter", || Ok((letters_to(&letters, "eva@example.org") == 1).then_some(()))).unwrap();
    // It is written by the process that heard of it on the bus.
    let (_, figures) = ask(notifications, "GET", "/metrics", "");
    let consumer = r#"radslag_consumer_position{tenant="malmo",service="petitions",consumer="letters"} "#;
    let position = figures.lines().find_map(|line| line.strip_prefix(consumer)).unwrap();
    assert!(position.parse::<u64>().unwrap() > 0, "{position}");
    let psql = format!("{} -tAc 'SELECT 1'", up.report["psql"].as_str().unwrap());
    assert_eq!(Command::new("sh").args(["-c", &psql]).output().unwrap().stdout, b"1\n");

    let folder = up.folder();
    up.signal("INT");
    let (code, said) = up.ended();
    assert_eq!(code, Some(0), "{said}");
    let order = ["notifications ended (0)", "petitions ended (0)"].map(|line| said.find(line).unwrap());
    assert!(order.is_sorted(), "{said}");
    assert!(!folder.exists(), "{}", folder.display());
    leaves_no_process(&folder);
}

#[test]
fn a_process_that_dies_takes_all_down_by_its_name_and_a_named_folder_goes_on_the_next_time() {
    let place = tempfile::tempdir().unwrap();
    let open = std::os::unix::fs::PermissionsExt::from_mode(0o711);
    fs::set_permissions(place.path(), open).unwrap();
    let folder = place.path().join("up");
    let arguments = ["--tenants", "svenljunga", "--data", folder.to_str().unwrap()];
    let up = Up::start(&arguments);
    signal("KILL", up.service("notifications")["pid"].as_u64().unwrap().try_into().unwrap());
    let (code, said) = up.ended();
    assert_eq!(code, Some(1), "{said}");
    assert!(said.contains("notifications ended by itself"), "{said}");
    leaves_no_process(&folder);

    let up = Up::start(&arguments);
    let (status, text) = ask(up.url("petitions"), "GET", "/api/v1/svenljunga/inquiries?kind=tip", "");
    assert_eq!(status, 200, "{text}");
    assert!(text.contains("Mogaskolan"), "{text}");
    up.signal("TERM");
    let (code, said) = up.ended();
    assert_eq!(code, Some(0), "{said}");
    assert!(!said.contains("make the demonstration"), "{said}");
    leaves_no_process(&folder);
}

#[test]
fn not_even_kill_leaves_anything_behind() {
    let up = Up::start(&["--tenants", "svenljunga"]);
    let folder = up.folder();
    up.signal("KILL");
    assert_eq!(up.ended().0, None);
    leaves_no_process(&folder);
    until("the folder to go", || Ok((!folder.exists()).then_some(()))).unwrap();
}
