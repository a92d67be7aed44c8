//! The real binary on a folder of its own, and a client that speaks HTTP to it.

use std::{
    io::{BufRead as _, BufReader},
    path::PathBuf,
    process::{Child, Command, Stdio},
    sync::Mutex,
};

use http_body_util::{BodyExt as _, Full};
use hyper::{Request, body::Bytes};
use hyper_util::rt::TokioIo;
use serde_json::Value;

/// Where a server keeps everything, and how it is configured.
pub(crate) struct Home {
    pub(crate) folder: tempfile::TempDir,
}

/// A running server; killed when dropped.
pub(crate) struct Server {
    child: Mutex<Child>,
    address: String,
}

/// An answer.
pub(crate) struct Answer {
    pub(crate) status: u16,
    pub(crate) etag: Option<String>,
    pub(crate) kind: String,
    pub(crate) text: String,
}

impl Answer {
    pub(crate) fn json(&self) -> Value {
        serde_json::from_str(&self.text).unwrap()
    }

    /// The code of a problem.
    pub(crate) fn code(&self) -> String {
        assert_eq!(self.kind, "application/problem+json", "{}", self.text);
        self.json()["code"].as_str().unwrap().to_owned()
    }
}

impl Home {
    pub(crate) fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let config = "[data]\ndir = \"data\"\n[http]\nlisten = \"127.0.0.1:0\"\n[limits]\nburst = 100000\nper_minute = 100000\n\
            [[tenants]]\nid = \"malmo\"\nname = \"Malmö stad\"\npolicy = \"open\"\n\
            politicians = [{ subject = \"pia\", name = \"Pia Politiker\", party = \"Testpartiet\", mailbox = \"pia@example.org\" }]\n\
            [[tenants]]\nid = \"ale\"\nname = \"Ale kommun\"\npolicy = \"open\"\n";
        std::fs::write(folder.path().join("radslag.toml"), config).unwrap();
        Self { folder }
    }

    pub(crate) fn data(&self) -> PathBuf {
        self.folder.path().join("data")
    }

    /// From the next start on, a tenant's clock differs from the machine's.
    pub(crate) fn turn_clock(&self, tenant: &str, by_ms: i64) {
        let file = self.folder.path().join("radslag.toml");
        let config = std::fs::read_to_string(&file).unwrap();
        let id = format!("id = \"{tenant}\"\n");
        std::fs::write(&file, config.replace(&id, &format!("{id}clock_offset_ms = {by_ms}\n"))).unwrap();
    }

    pub(crate) fn command(&self, args: &[&str]) -> Command {
        let mut command = Command::new(radslag_kit::binary("radslag").unwrap());
        command.args(args).current_dir(self.folder.path());
        command
    }

    /// What a command prints; it must succeed.
    pub(crate) fn run(&self, args: &[&str]) -> String {
        let output = self.command(args).output().unwrap();
        assert!(output.status.success(), "{args:?}: {}", String::from_utf8_lossy(&output.stderr));
        String::from_utf8(output.stdout).unwrap()
    }

    pub(crate) fn token(&self, tenant: &str, role: &str, subject: &str) -> String {
        let name = format!("Person {subject}");
        self.run(&["token", tenant, "--role", role, "--subject", subject, "--name", &name]).trim().to_owned()
    }

    pub(crate) fn serve(&self) -> Server {
        let mut child =
            self.command(&["serve"]).stdout(Stdio::null()).stderr(Stdio::piped()).spawn().unwrap();
        let mut lines = BufReader::new(child.stderr.take().unwrap()).lines();
        let mut said = String::new();
        let address = loop {
            let Some(Ok(line)) = lines.next() else { panic!("the server ended: {said}") };
            if let Some(address) = line.strip_prefix("  http://").and_then(|line| line.split('/').next()) {
                break address.to_owned();
            }
            said.push_str(&line);
        };
        // Whatever else it says is read, so that it never waits for a reader.
        std::thread::spawn(move || lines.for_each(drop));
        Server { child: Mutex::new(child), address }
    }

    /// The link in the newest mail to somebody.
    pub(crate) fn link(&self, to: &str) -> String {
        radslag_kit::until("a mail", || {
            let folder = self.data().join("mail/malmo");
            let files = std::fs::read_dir(folder)?.flatten().map(|entry| entry.path());
            let whole = files.filter(|path| path.extension().is_some_and(|kind| kind == "eml"));
            let mails = whole.map(|path| Ok((path.metadata()?.modified()?, std::fs::read_to_string(path)?)));
            let mut mails = mails.collect::<std::io::Result<Vec<_>>>()?;
            mails.retain(|(_, mail)| mail.contains(to));
            mails.sort();
            let plain = mails.last().map(|(_, mail)| mail.replace("=\r\n", ""));
            Ok(plain.and_then(|mail| {
                let from = mail.find("/links/")? + "/links/".len();
                Some(mail[from..].split_whitespace().next()?.to_owned())
            }))
        })
        .unwrap()
    }
}

impl Server {
    pub(crate) fn url(&self) -> String {
        format!("http://{}", self.address)
    }

    pub(crate) async fn ask(
        &self,
        method: &str,
        path: &str,
        token: Option<&str>,
        body: Option<&str>,
    ) -> Answer {
        self.ask_with(method, path, token, body, &[]).await.unwrap()
    }

    /// `None` if the server went away meanwhile.
    pub(crate) async fn ask_with(
        &self,
        method: &str,
        path: &str,
        token: Option<&str>,
        body: Option<&str>,
        headers: &[(&str, &str)],
    ) -> Option<Answer> {
        let stream = tokio::net::TcpStream::connect(&self.address).await.ok()?;
        let (mut sender, connection) =
            hyper::client::conn::http1::handshake(TokioIo::new(stream)).await.ok()?;
        let driven = tokio::spawn(connection);
        let mut request = Request::builder().method(method).uri(path).header("host", &self.address);
        if body.is_some() && !headers.iter().any(|(name, _)| *name == "content-type") {
            let form = body.is_some_and(|body| body.starts_with("act="));
            let kind = if form { "application/x-www-form-urlencoded" } else { "application/json" };
            request = request.header("content-type", kind);
        }
        if let Some(token) = token {
            request = request.header("authorization", format!("Bearer {token}"));
        }
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        let request = request.body(Full::new(Bytes::from(body.unwrap_or_default().to_owned()))).unwrap();
        let response = sender.send_request(request).await.ok()?;
        let header = |name: &str| {
            response.headers().get(name).and_then(|value| value.to_str().ok()).map(str::to_owned)
        };
        let (status, etag, kind) = (response.status().as_u16(), header("etag"), header("content-type"));
        let text = response.into_body().collect().await.ok()?.to_bytes();
        driven.abort();
        let text = String::from_utf8(text.to_vec()).ok()?;
        Some(Answer { status, etag, kind: kind.unwrap_or_default(), text })
    }

    /// `kill -9`, under whoever is asking.
    pub(crate) fn kill(&self) {
        let mut child = self.child.lock().unwrap();
        child.kill().unwrap();
        child.wait().unwrap();
    }

    /// SIGTERM, and the exit code.
    pub(crate) fn stop(self) -> Option<i32> {
        let mut child = self.child.lock().unwrap();
        let id = child.id().to_string();
        assert!(Command::new("kill").args(["-TERM", &id]).status().unwrap().success());
        child.wait().unwrap().code()
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        let mut child = self.child.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
        let _ = child.kill();
        let _ = child.wait();
    }
}

/// A petition of the tenant malmo that is open, started by eID `ada`.
pub(crate) async fn open(home: &Home, server: &Server) -> String {
    let ada = home.token("malmo", "citizen", "ada");
    let body = r#"{"texts":{"title":"Mer träd","body":"Plantera fler.","url_key":"mer-trad","length":{"days":30}},
        "initiator":{"mailbox":"ada@example.org","postcode":"211 44"}}"#;
    let made = server.ask("POST", "/api/v1/malmo/petitions", Some(&ada), Some(body)).await;
    assert_eq!(made.status, 201, "{}", made.text);
    let id = made.json()["id"].as_str().unwrap().to_owned();
    let moderator = home.token("malmo", "moderator", "mona");
    let path = format!("/api/v1/malmo/petitions/{id}/approve");
    let approved = server.ask("POST", &path, Some(&moderator), Some(r#"{"ground":"fine"}"#)).await;
    assert_eq!(approved.status, 200, "{}", approved.text);
    wait_for_count(server, &id, 1).await;
    id
}

/// Waits until a petition's served count is this.
pub(crate) async fn wait_for_count(server: &Server, id: &str, count: i64) {
    radslag_kit::eventually("the count", async || {
        let answer = server.ask("GET", &format!("/api/v1/malmo/petitions/{id}/count"), None, None).await;
        Ok((answer.status == 200 && answer.json()["count"] == count).then_some(()))
    })
    .await
    .unwrap();
}
