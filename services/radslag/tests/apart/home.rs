//! Two configurations, the certificates of one authority, and the processes that are run with them.

use std::{
    fs,
    io::{Read as _, Write as _},
    net::{TcpListener, TcpStream},
    path::PathBuf,
    process::{Child, Command, Stdio},
};

use radslag_kit::{Nats, Smtp, until};
use rcgen::{BasicConstraints, CertificateParams, CertifiedIssuer, IsCa, KeyPair};
use serde_json::Value;

/// Both services, as they are configured, and what they need.
pub(crate) struct Home {
    folder: tempfile::TempDir,
    pub(crate) nats: Nats,
    pub(crate) smtp: Smtp,
    /// Where petitions answer internally.
    port: u16,
    more: String,
}

/// A running service; killed when dropped.
pub(crate) struct Running {
    child: Child,
    address: String,
}

impl Home {
    pub(crate) fn new() -> Self {
        Self::with("")
    }

    /// With more lines at the end of the configuration's first part.
    pub(crate) fn with(more: &str) -> Self {
        let folder = tempfile::tempdir().unwrap();
        certificates(folder.path());
        // Known before anybody listens there: notifications may be started first.
        let port = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
        let (nats, smtp) = (Nats::start().unwrap(), Smtp::start(None).unwrap());
        Self { folder, nats, smtp, port, more: more.to_owned() }
    }

    fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    /// A service's configuration: the same, but for the folder and the side of internal calls.
    fn configured(&self, service: &str) -> PathBuf {
        let file = self.path(&format!("{service}.toml"));
        let at = |name: &str| self.path(name);
        let side = match service {
            "petitions" => format!("listen = \"127.0.0.1:{}\"", self.port),
            _ => format!("petitions_url = \"https://localhost:{}\"", self.port),
        };
        let text = format!(
            "data.dir = {:?}\nbus.nats_url = {:?}\nhttp.listen = \"127.0.0.1:0\"\n{}\n\
             [auth]\nlocal_key_file = {:?}\n\
             [limits]\nburst = 100000\nper_minute = 100000\n\
             [mail]\nfrom = \"radslag@malmo.example\"\nsmtp_host = \"127.0.0.1\"\nsmtp_port = {}\nsmtp_tls = \"none\"\n\
             smtp_timeout_ms = 600000\n\
             [internal]\ncertificate_file = {:?}\nkey_file = {:?}\nca_file = {:?}\n{side}\n\
             [[tenants]]\nid = \"malmo\"\nname = \"Malmö stad\"\npolicy = \"open\"\n",
            at(service),
            self.nats.url(),
            self.more,
            at("token.pem"),
            self.smtp.port(),
            at("own.pem"),
            at("key.pem"),
            at("ca.pem"),
        );
        fs::write(&file, text).unwrap();
        file
    }

    /// Starts a service and waits until it listens, whatever else is there.
    pub(crate) fn start(&self, service: &str) -> Running {
        self.start_with(service, "")
    }

    /// The same, with more lines about its tenant.
    pub(crate) fn start_with(&self, service: &str, more: &str) -> Running {
        let (config, said) = (self.configured(service), self.path(&format!("{service}.said")));
        let text = fs::read_to_string(&config).unwrap();
        fs::write(&config, text + more).unwrap();
        let mut command = Command::new(env!("CARGO_BIN_EXE_radslag"));
        command.arg("--config").arg(config).args(["serve", "--only", service]);
        let child =
            command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(fs::File::create(&said).unwrap());
        let child = child.spawn().unwrap();
        let address = until("the service to listen", || {
            let said = fs::read_to_string(&said)?;
            let line = said.lines().find(|line| line.contains("listening"));
            Ok(line.and_then(|line| line.split("127.0.0.1:").nth(1)).map(|rest| {
                let port: String = rest.chars().take_while(char::is_ascii_digit).collect();
                format!("127.0.0.1:{port}")
            }))
        });
        Running { child, address: address.unwrap() }
    }

    /// What a service says that is started in another's folder.
    pub(crate) fn refused_in_the_folder_of(&self, service: &str, other: &str) -> String {
        let config = self.configured(service);
        let text = fs::read_to_string(&config).unwrap();
        let (own, others) = (format!("{:?}", self.path(service)), format!("{:?}", self.path(other)));
        fs::write(&config, text.replace(&own, &others)).unwrap();
        let mut command = Command::new(env!("CARGO_BIN_EXE_radslag"));
        command.arg("--config").arg(config).args(["serve", "--only", service]);
        let output = command.output().unwrap();
        assert!(!output.status.success());
        String::from_utf8_lossy(&output.stderr).into_owned()
    }

    /// What a command prints as JSON, run beside a service.
    pub(crate) fn run(&self, service: &str, arguments: &[&str]) -> Value {
        let mut command = Command::new(env!("CARGO_BIN_EXE_radslag"));
        let output = command.arg("--config").arg(self.configured(service)).args(arguments).output().unwrap();
        assert!(output.status.success(), "{arguments:?}: {}", String::from_utf8_lossy(&output.stderr));
        serde_json::from_slice(&output.stdout).unwrap()
    }

    pub(crate) fn token(&self, service: &str, role: &str, subject: &str) -> String {
        let mut command = Command::new(env!("CARGO_BIN_EXE_radslag"));
        command.arg("--config").arg(self.configured(service));
        command.args(["token", "malmo", "--role", role, "--subject", subject, "--name", subject]);
        let output = command.output().unwrap();
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
        String::from_utf8(output.stdout).unwrap().trim().to_owned()
    }

    /// What the mail server took for somebody, oldest first.
    pub(crate) fn letters_to(&self, mailbox: &str) -> Vec<String> {
        let letters = self.smtp.letters().unwrap();
        let read = letters.iter().map(|(_, kept)| serde_json::from_str::<Value>(kept).unwrap());
        let to = read.filter(|kept| kept["to"][0] == mailbox);
        to.map(|kept| kept["content"].as_str().unwrap().replace("=\r\n", "").replace("=\n", "")).collect()
    }

    /// Waits for so many letters to somebody, and gives the newest.
    pub(crate) fn letter(&self, mailbox: &str, count: usize) -> String {
        until("a letter", || {
            let letters = self.letters_to(mailbox);
            Ok((letters.len() >= count).then(|| letters.last().cloned()).flatten())
        })
        .unwrap()
    }

    /// What a service has said so far.
    pub(crate) fn said(&self, service: &str) -> String {
        fs::read_to_string(self.path(&format!("{service}.said"))).unwrap()
    }
}

/// What follows `before` in a letter, to the end of the word.
pub(crate) fn link(letter: &str, before: &str) -> String {
    let from = letter.find(before).unwrap_or_else(|| panic!("no {before} in {letter}"));
    letter[from..].split_whitespace().next().unwrap().to_owned()
}

pub(crate) fn message_id(letter: &str) -> &str {
    letter.split("Message-ID: ").nth(1).unwrap().lines().next().unwrap()
}

fn certificates(folder: &std::path::Path) {
    let mut params = CertificateParams::new(Vec::new()).unwrap();
    params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
    let authority = CertifiedIssuer::self_signed(params, KeyPair::generate().unwrap()).unwrap();
    let key = KeyPair::generate().unwrap();
    let own =
        CertificateParams::new(vec!["localhost".to_owned()]).unwrap().signed_by(&key, &authority).unwrap();
    for (name, text) in
        [("own.pem", own.pem()), ("key.pem", key.serialize_pem()), ("ca.pem", authority.pem())]
    {
        fs::write(folder.join(name), text).unwrap();
    }
}

impl Running {
    /// Status and body.
    pub(crate) fn ask(&self, method: &str, path: &str, token: Option<&str>, body: &str) -> (u16, String) {
        let mut stream = TcpStream::connect(&self.address).unwrap();
        let token = token.map(|token| format!("authorization: Bearer {token}\r\n")).unwrap_or_default();
        write!(
            stream,
            "{method} {path} HTTP/1.1\r\nhost: {}\r\ncontent-type: application/json\r\n{token}\
             content-length: {}\r\nconnection: close\r\n\r\n{body}",
            self.address,
            body.len()
        )
        .unwrap();
        let mut said = Vec::new();
        stream.read_to_end(&mut said).unwrap();
        let said = String::from_utf8_lossy(&said).into_owned();
        let (head, body) = said.split_once("\r\n\r\n").unwrap();
        (head.split(' ').nth(1).unwrap().parse().unwrap(), body.to_owned())
    }

    /// Asks for JSON, which must come with this status.
    pub(crate) fn json(&self, status: u16, asked: (&str, &str), token: Option<&str>, body: &str) -> Value {
        let (told, answer) = self.ask(asked.0, asked.1, token, body);
        assert_eq!(told, status, "{answer}");
        serde_json::from_str(&answer).unwrap_or_default()
    }

    /// Waits until it is ready.
    pub(crate) fn is_ready(&self) {
        let mut last = String::new();
        let ready = until("the service to be ready", || {
            let (status, said) = self.ask("GET", "/readyz", None, "");
            last = said;
            Ok((status == 200).then_some(()))
        });
        assert!(ready.is_ok(), "{last}");
    }

    /// Waits until `/readyz` says that it waits for this.
    pub(crate) fn waits_for(&self, what: &str) {
        let mut last = String::new();
        let waits = until("the service to say what it waits for", || {
            let (status, said) = self.ask("GET", "/readyz", None, "");
            let waits = status == 503 && said.contains(what);
            last = said;
            Ok(waits.then_some(()))
        });
        assert!(waits.is_ok(), "{last}");
    }

    /// `kill -9`.
    pub(crate) fn kill(mut self) {
        self.child.kill().unwrap();
        self.child.wait().unwrap();
    }

    /// SIGTERM, and how it ended.
    pub(crate) fn stop(mut self) -> Option<i32> {
        let id = self.child.id().to_string();
        assert!(Command::new("kill").args(["-TERM", &id]).status().unwrap().success());
        self.child.wait().unwrap().code()
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}
