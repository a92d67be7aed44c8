//! The server beside a bus: a log that was put back from an old backup takes nothing, and `/readyz` says why.

use std::{
    fs,
    io::{BufRead as _, BufReader, Read as _, Write as _},
    net::TcpStream,
    path::Path,
    process::{Child, Stdio},
};

use radslag_kit::{Nats, eventually};

use crate::home::{Home, ran};

/// `RegisterEntered { number: { year: 2026, number } }`, an event that stands alone.
pub(crate) const fn entered(number: u8) -> [u8; 7] {
    [0x0a, 5, 0x08, 0xea, 0x0f, 0x10, number]
}

pub(crate) struct Serving {
    child: Child,
    pub(crate) address: String,
}

impl Serving {
    pub(crate) fn start(home: &Home) -> Self {
        let mut child =
            home.command(&["serve"]).stdout(Stdio::null()).stderr(Stdio::piped()).spawn().unwrap();
        let mut lines = BufReader::new(child.stderr.take().unwrap()).lines().map_while(Result::ok);
        let up = lines.by_ref().find(|line| line.contains("is up at http://")).unwrap();
        std::thread::spawn(move || lines.for_each(drop));
        let address = up.rsplit("http://").next().unwrap().trim_end_matches('/').to_owned();
        Self { child, address }
    }

    /// Status and body of `/readyz`.
    fn ready(&self) -> (u16, String) {
        self.get("/readyz")
    }

    /// Status and answer.
    pub(crate) fn get(&self, path: &str) -> (u16, String) {
        let mut stream = TcpStream::connect(&self.address).unwrap();
        let request = format!("GET {path} HTTP/1.1\r\nhost: {}\r\nconnection: close\r\n\r\n", self.address);
        stream.write_all(request.as_bytes()).unwrap();
        let mut bytes = Vec::new();
        stream.read_to_end(&mut bytes).unwrap();
        let answer = String::from_utf8_lossy(&bytes).into_owned();
        (answer.split(' ').nth(1).unwrap().parse().unwrap(), answer)
    }

    pub(crate) async fn is_ready(&self) {
        let ready = async || Ok((self.ready().0 == 200).then_some(()));
        eventually("the server to be ready", ready).await.unwrap();
    }
}

impl Drop for Serving {
    fn drop(&mut self) {
        self.child.kill().unwrap();
        self.child.wait().unwrap();
    }
}

fn copy_folder(from: &Path, to: &Path) {
    fs::create_dir_all(to).unwrap();
    for entry in fs::read_dir(from).unwrap() {
        let entry = entry.unwrap();
        let target = to.join(entry.file_name());
        if entry.file_type().unwrap().is_dir() {
            copy_folder(&entry.path(), &target);
        } else {
            fs::copy(entry.path(), target).unwrap();
        }
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_restored_backup_is_read_only_until_its_loss_is_accepted() {
    let nats = Nats::start().unwrap();
    let home = Home::new();
    let (dir, url) = (home.data(), nats.url());
    home.configure(&format!(
        "data.dir = {dir:?}\nhttp.listen = \"127.0.0.1:0\"\nbus.nats_url = {url:?}\n\
         [[tenants]]\nid = \"malmo\"\nname = \"Malmö stad\"\n"
    ));
    let (ground, backup) = (home.data().join("ground/malmo"), home.path("backup"));
    let write = |numbers: std::ops::Range<u8>| {
        let open = home.open();
        for n in numbers {
            open.put("register-2026", u64::from(n), "register.entered", &entered(n + 1));
        }
        open.closed();
    };
    tokio::task::block_in_place(|| write(0..2));
    // Every service's log has its stream from here on.
    Serving::start(&home).is_ready().await;
    copy_folder(&ground, &backup);
    tokio::task::block_in_place(|| write(2..5));

    let server = Serving::start(&home);
    server.is_ready().await;
    let patience = std::time::Duration::from_secs(1);
    let options = radslag_bus::ConnectOptions::new();
    let jetstream = radslag_bus::connect_with(&url, options, patience).await.unwrap();
    let published = async || {
        let Ok(stream) = jetstream.get_stream("radslag_malmo_petitions_0").await else { return Ok(None) };
        Ok((stream.cached_info().state.messages == 5).then_some(()))
    };
    eventually("everything to be in the stream", published).await.unwrap();
    drop(server);

    fs::remove_dir_all(&ground).unwrap();
    copy_folder(&backup, &ground);
    let server = Serving::start(&home);
    let (status, answer) = server.ready();
    assert_eq!(status, 503, "{answer}");
    assert!(answer.contains("ends after position 5, the log after 2: the log has lost events"), "{answer}");
    assert!(answer.contains("radslag log accept-loss"), "{answer}");
    drop(server);

    let words = ["log", "accept-loss", "malmo", "petitions", "--ground", "Backup of 3 March.", "--yes"];
    ran(home.command(&words).output().unwrap()).ok();
    let server = Serving::start(&home);
    server.is_ready().await;
    let carried = async || {
        let Ok(stream) = jetstream.get_stream("radslag_malmo_petitions_1").await else { return Ok(None) };
        Ok((stream.cached_info().state.last_sequence == 3).then_some(()))
    };
    eventually("the next life to be in its stream", carried).await.unwrap();
}
