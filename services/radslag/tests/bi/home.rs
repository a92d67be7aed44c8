//! A configuration whose read tables are in a PostgreSQL that an administrator prepared, and the binary run with it.

use std::{
    fs,
    io::{Read as _, Write as _},
    net::TcpStream,
    path::PathBuf,
    process::{Child, Command, Output, Stdio},
};

use radslag_kit::{Postgres, until};
use tokio::sync::Mutex;

use crate::database::connect;

/// A folder with a configuration, and a database.
pub(crate) struct Home {
    folder: tempfile::TempDir,
    /// As its administrator reaches it.
    pub(crate) admin: String,
}

/// A running server; killed when dropped.
pub(crate) struct Serving {
    child: Child,
    pub(crate) address: String,
}

impl Drop for Serving {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

impl Home {
    /// With these tenants; the services log in as a role that may make schemas and nothing else.
    pub(crate) async fn new(tenants: &str) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let admin = Postgres::shared().unwrap().database("radslag").unwrap();
        let home = Self { folder, admin };
        fs::write(home.path("admin.url"), &home.admin).unwrap();
        home.administrate().await;
        let url = home.path("services.url");
        fs::write(&url, home.as_user("radslag")).unwrap();
        fs::set_permissions(&url, std::os::unix::fs::PermissionsExt::from_mode(0o600)).unwrap();
        // Roles are the server's, not the database's: each home has its own.
        let config = format!(
            "data.dir = \"data\"\nhttp.listen = \"127.0.0.1:0\"\nreadmodel.postgres_url_file = {url:?}\nbi.readers = {:?}\n\
             [limits]\nburst = 100000\nper_minute = 100000\n{tenants}",
            home.readers()
        );
        fs::write(home.path("radslag.toml"), config).unwrap();
        home
    }

    /// Prepares the database as its administrator does, and again: what is right already stays. Roles are the server's, so one
    /// test at a time.
    async fn administrate(&self) {
        static ONE: Mutex<()> = Mutex::const_new(());
        let _one = ONE.lock().await;
        let roles = include_str!("../../../../infra/deploy/postgres/roles.sql");
        let client = connect(&self.admin).await;
        client.batch_execute(roles).await.unwrap();
        client.batch_execute(roles).await.unwrap();
    }

    /// What the names of its readers begin with.
    pub(crate) fn readers(&self) -> String {
        let number = self.admin.rsplit('_').next().unwrap();
        format!("bi_{number}")
    }

    pub(crate) fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    /// How somebody else reaches the database.
    pub(crate) fn as_user(&self, user: &str) -> String {
        self.admin.replace("user=postgres", &format!("user={user}"))
    }

    fn command(&self, words: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_radslag"));
        command.args(words).current_dir(self.folder.path()).stdin(Stdio::null());
        for name in ["LC_ALL", "LC_MESSAGES", "LANG", "RADSLAG_CONFIG"] {
            command.env_remove(name);
        }
        command
    }

    /// Runs a command.
    pub(crate) fn run(&self, words: &[&str]) -> Output {
        self.command(words).output().unwrap()
    }

    /// The same, and what it prints.
    pub(crate) fn told(&self, words: &[&str]) -> String {
        let output = self.run(words);
        assert!(output.status.success(), "{words:?}: {}", String::from_utf8_lossy(&output.stderr));
        String::from_utf8(output.stdout).unwrap()
    }

    /// Starts the server and waits until it listens.
    pub(crate) fn serve(&self) -> Serving {
        let said = self.path("said");
        let mut command = self.command(&["serve"]);
        let child = command.stdout(Stdio::null()).stderr(fs::File::create(&said).unwrap()).spawn().unwrap();
        let mut serving = Serving { child, address: String::new() };
        let listening = until("the server to listen", || {
            let said = fs::read_to_string(&said)?;
            let line = said.lines().find(|line| line.contains("http://127.0.0.1:"));
            Ok(line.and_then(|line| line.split("http://").nth(1)).map(|rest| {
                let end = rest.find(|c: char| !(c.is_ascii_digit() || c == '.' || c == ':'));
                rest[..end.unwrap_or(rest.len())].to_owned()
            }))
        });
        serving.address = listening
            .unwrap_or_else(|error| panic!("{error}: {}", fs::read_to_string(self.path("said")).unwrap()));
        serving
    }
}

impl Serving {
    /// An answer's status and body.
    pub(crate) fn ask(&self, method: &str, path: &str, headers: &str, body: &str) -> (u16, String) {
        let mut stream = TcpStream::connect(&self.address).unwrap();
        let length = body.len();
        write!(
            stream,
            "{method} {path} HTTP/1.0\r\nHost: x\r\nContent-Length: {length}\r\n{headers}\r\n{body}"
        )
        .unwrap();
        let mut answer = String::new();
        stream.read_to_string(&mut answer).unwrap();
        let (head, body) = answer.split_once("\r\n\r\n").unwrap();
        (head.split(' ').nth(1).unwrap().parse().unwrap(), body.to_owned())
    }

    pub(crate) fn get(&self, path: &str) -> String {
        let (status, body) = self.ask("GET", path, "", "");
        assert_eq!(status, 200, "{path}: {body}");
        body
    }
}
