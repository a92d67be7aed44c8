//! A machine as the page takes it for granted: its paths stand below a folder, its ports are free ones, every user is this
//! one, and `systemctl` does what the units say that the page installed.

use std::{
    fs,
    io::{Read as _, Write as _},
    net::{TcpListener, TcpStream},
    os::unix::fs::PermissionsExt as _,
    path::{Path, PathBuf},
    process::{Command, Stdio},
    sync::Arc,
};

use radslag_kit::{nats_server, workspace};

use crate::{page, units::Units};

/// Where the page's paths stand.
const PLACES: [&str; 8] = [
    "/usr/local/bin/",
    "/usr/lib/sysusers.d/",
    "/etc/systemd/",
    "/etc/radslag",
    "/var/lib/radslag",
    "/var/cache/radslag",
    "/srv/",
    "/tmp/$",
];
const PORTS: [&str; 5] =
    ["127.0.0.1:8080", "127.0.0.1:8081", "127.0.0.1:8082", "127.0.0.1:7443", "127.0.0.1:4222"];
/// Longest that some blocks take.
const LONGEST_S: &str = "240";

/// What is written below the root, and by what it is asked for.
#[derive(Clone)]
pub(crate) struct Mapping(Vec<(String, String)>);

impl Mapping {
    fn new(root: &Path) -> Self {
        let mut all: Vec<(String, String)> =
            PLACES.iter().map(|place| ((*place).to_owned(), format!("{}{place}", root.display()))).collect();
        for shipped in PORTS {
            let port = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
            all.push((shipped.to_owned(), format!("127.0.0.1:{port}")));
            let by_name = shipped.replace("127.0.0.1", "localhost");
            all.push((by_name, format!("localhost:{port}")));
        }
        Self(all)
    }

    /// A shipped text as it is on this machine. In one pass: what was put in isn't looked at again.
    pub(crate) fn of(&self, text: &str) -> String {
        let (mut mapped, mut rest) = (String::new(), text);
        while let Some(next) = rest.chars().next() {
            if let Some((from, to)) = self.0.iter().find(|(from, _)| rest.starts_with(from.as_str())) {
                mapped.push_str(to);
                rest = &rest[from.len()..];
            } else {
                mapped.push(next);
                rest = &rest[next.len_utf8()..];
            }
        }
        mapped
    }
}

pub(crate) struct Machine {
    root: PathBuf,
    mapping: Mapping,
    units: Arc<Units>,
    _folder: tempfile::TempDir,
}

impl Machine {
    pub(crate) fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let root = folder.path().to_owned();
        for made in
            ["work/target", "work/.tools", "shims", "units", "tmp", "usr/local/bin", "usr/lib/sysusers.d"]
        {
            fs::create_dir_all(root.join(made)).unwrap();
        }
        let link =
            |from: &Path, to: &str| std::os::unix::fs::symlink(from, root.join("work").join(to)).unwrap();
        link(&workspace().join("infra"), "infra");
        link(Path::new(env!("CARGO_BIN_EXE_radslag")).parent().unwrap(), "target/release");
        link(&nats_server().unwrap(), ".tools/nats-server");
        let mapping = Mapping::new(&root);
        let units = Arc::new(Units::new(&root, mapping.clone()));
        // Users are all this one; the page's `systemctl` asks a thread of this test.
        let asking = format!(
            "echo \"$*\" > {0}/asked; read -r code said < {0}/answered\n[ \"$code\" = 0 ] || echo \"$said\" >&2\nexit $code",
            root.display()
        );
        for (name, text) in [
            ("systemctl", asking.as_str()),
            ("systemd-sysusers", "exit 0"),
            ("chown", "exit 0"),
            ("runuser", "shift 3; exec \"$@\""),
        ] {
            let path = root.join("shims").join(name);
            fs::write(&path, format!("#!/bin/bash\n{text}\n")).unwrap();
            fs::set_permissions(&path, fs::Permissions::from_mode(0o755)).unwrap();
        }
        for pipe in ["asked", "answered"] {
            assert!(Command::new("mkfifo").arg(root.join(pipe)).status().unwrap().success());
        }
        answering(root.clone(), units.clone());
        Self { root, mapping, units, _folder: folder }
    }

    /// A path of the page, as it is on this machine.
    pub(crate) fn at(&self, path: &str) -> PathBuf {
        self.mapping.of(path).into()
    }

    /// The same of an address.
    pub(crate) fn address(&self, shipped: &str) -> String {
        self.mapping.of(shipped)
    }

    /// Runs blocks of the page, each as it stands there, and then some lines; what they print.
    pub(crate) fn run(&self, names: &str, blocks: &[&str], lines: &str) -> String {
        let mut script = format!("set -euo pipefail\n{}\n{names}\n", page::block("names"));
        script.extend(blocks.iter().map(|name| page::block(name)));
        script.push_str(lines);
        let mut bash = Command::new("timeout");
        bash.args([LONGEST_S, "bash", "-c", &self.mapping.of(&script)]);
        bash.current_dir(self.root.join("work")).stdin(Stdio::null());
        for name in ["LC_ALL", "LC_MESSAGES", "LANG", "RADSLAG_CONFIG"] {
            bash.env_remove(name);
        }
        let shims = format!("{}:{}", self.root.join("shims").display(), std::env::var("PATH").unwrap());
        let output = bash.env("PATH", shims).output().unwrap();
        let said = String::from_utf8_lossy(&output.stderr);
        assert!(output.status.success(), "{blocks:?}: {said}\n{}", self.units.said());
        String::from_utf8(output.stdout).unwrap()
    }

    /// Changes a file of the page.
    pub(crate) fn edit(&self, path: &str, edit: impl Fn(String) -> String) {
        let path = self.at(path);
        let text = fs::read_to_string(&path).unwrap();
        let edited = edit(text.clone());
        assert_ne!(text, edited, "{} is as it was", path.display());
        fs::write(path, edited).unwrap();
    }

    /// What the units have said.
    pub(crate) fn said(&self) -> String {
        self.units.said()
    }

    /// Status and body of what a service answers; status 0 from one that doesn't listen yet.
    pub(crate) fn ask(&self, shipped: &str, request: (&str, &str), token: &str, body: &str) -> (u16, String) {
        let (address, (method, path)) = (self.address(shipped), request);
        let Ok(mut stream) = TcpStream::connect(&address) else { return (0, String::new()) };
        let token =
            if token.is_empty() { String::new() } else { format!("authorization: Bearer {token}\r\n") };
        write!(
            stream,
            "{method} {path} HTTP/1.1\r\nhost: {address}\r\ncontent-type: application/json\r\n{token}\
             content-length: {}\r\nconnection: close\r\n\r\n{body}",
            body.len()
        )
        .unwrap();
        let mut said = Vec::new();
        stream.read_to_end(&mut said).unwrap();
        let said = String::from_utf8_lossy(&said).into_owned();
        let (head, body) = said.split_once("\r\n\r\n").unwrap();
        (head.split(' ').nth(1).unwrap().parse().unwrap(), body.to_owned())
    }
}

/// What stands behind `systemctl`: one word at a time.
fn answering(root: PathBuf, units: Arc<Units>) {
    std::thread::spawn(move || {
        while let Ok(asked) = fs::read_to_string(root.join("asked"))
            && asked.trim() != "quit"
        {
            let answer = match units.act(&asked.split_whitespace().collect::<Vec<_>>()) {
                Ok(()) => "0 done".to_owned(),
                Err(failure) => format!("1 {}", format!("{failure:#}").replace('\n', " | ")),
            };
            if fs::write(root.join("answered"), answer + "\n").is_err() {
                break;
            }
        }
    });
}

impl Drop for Machine {
    /// Everything that runs is ended. The thread is left to itself: nobody may be there to read its last word.
    fn drop(&mut self) {
        self.units.end();
        let asked = self.root.join("asked");
        std::thread::spawn(move || fs::write(asked, "quit\n"));
    }
}
