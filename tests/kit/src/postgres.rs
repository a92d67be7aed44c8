//! A PostgreSQL cluster on a socket in its own folder: no port, no password, nobody else.

use std::{
    ffi::OsString,
    fs,
    os::unix::{
        fs::{MetadataExt as _, chown},
        process::CommandExt as _,
    },
    path::{Path, PathBuf},
    process::Command,
    sync::{
        Mutex, MutexGuard, OnceLock, PoisonError,
        atomic::{AtomicU32, Ordering},
    },
};

use anyhow::{Context as _, Result, anyhow, ensure};
use tempfile::TempDir;

use crate::{
    guardian::{Guarded, Guardian, User, copy},
    postgres_bin,
};

/// Whether commits reach the disk.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fsync {
    /// As in production; for tests of durability and for benches.
    On,
    /// Fast; commits are written to the file before they are answered, so they survive `kill -9` of the server.
    Off,
}

/// A running PostgreSQL server; gone when dropped.
pub struct Postgres {
    guardian: Mutex<Guardian>,
    folder: PathBuf,
    bin: PathBuf,
    databases: AtomicU32,
}

impl Postgres {
    /// Starts one that doesn't sync.
    ///
    /// # Errors
    /// If PostgreSQL is missing or doesn't start.
    pub fn start() -> Result<Self> {
        Self::start_with(Fsync::Off, &[])
    }

    /// Starts one with more settings, for example `("shared_buffers", "512MB")`.
    ///
    /// # Errors
    /// If PostgreSQL is missing or doesn't start.
    pub fn start_with(fsync: Fsync, settings: &[(&str, &str)]) -> Result<Self> {
        let folder = tempfile::Builder::new().prefix("radslag-pg-").tempdir()?.keep();
        Self::begin(folder, false, |bin, folder| server(bin, folder, fsync, settings), "")
    }

    /// Starts one with lines of a configuration file, on a cluster in a folder that stays; it is made if it isn't there yet,
    /// for ever with the lines that it was made with.
    ///
    /// # Errors
    /// If PostgreSQL is missing, doesn't start, or its folder's name is too long for a socket.
    pub fn start_as_configured(lines: &str, folder: &Path) -> Result<Self> {
        let longest = 107 - "/.s.PGSQL.5432".len();
        ensure!(
            folder.as_os_str().len() <= longest,
            "{} is too long a name for PostgreSQL",
            folder.display()
        );
        let socket = folder.display().to_string();
        let apart = [("listen_addresses", ""), ("unix_socket_directories", &socket)];
        Self::begin(folder.to_owned(), true, |bin, folder| command(bin, folder, &apart), lines)
    }

    fn begin(
        folder: PathBuf,
        stays: bool,
        command: impl Fn(&Path, &Path) -> Vec<OsString>,
        lines: &str,
    ) -> Result<Self> {
        let bin = postgres_bin()?;
        let user = other_user()?;
        if let Some(User { uid, gid }) = user {
            chown(&folder, Some(uid), Some(gid)).context("giving PostgreSQL its folder")?;
        }
        let command = command(&bin, &folder);
        // The guardian comes first: it removes the folder if `initdb` fails.
        let guarded = Guarded { folder: folder.clone(), shown: false, stays, ending: "INT", command, user };
        let mut guardian = Guardian::new(guarded)?;
        if !folder.join("data/PG_VERSION").exists() {
            make_cluster(&bin, &folder, user)?;
            let file = folder.join("data/postgresql.conf");
            let shipped = fs::read_to_string(&file).context("reading postgresql.conf")?;
            fs::write(&file, shipped + "\n" + lines).context("writing postgresql.conf")?;
        }
        guardian.start(|pid| Ok(ready(&folder, pid)))?;
        Ok(Self { guardian: Mutex::new(guardian), folder, bin, databases: AtomicU32::new(0) })
    }

    /// One server for all tests of a process, ended with the process. Not for tests that kill it.
    ///
    /// # Errors
    /// If PostgreSQL is missing or doesn't start.
    pub fn shared() -> Result<&'static Self> {
        static SHARED: OnceLock<Result<Postgres, String>> = OnceLock::new();
        let shared = SHARED.get_or_init(|| Self::start().map_err(|failure| format!("{failure:#}")));
        shared.as_ref().map_err(|failure| anyhow!("{failure}"))
    }

    /// How to connect to the database `postgres`, for tokio-postgres and for `psql`.
    #[must_use]
    pub fn connection(&self) -> String {
        self.connection_to("postgres")
    }

    /// Makes an empty database and says how to connect to it. A number follows the name, so it is always a new one.
    ///
    /// # Errors
    /// If the server refuses the name or isn't there.
    pub fn database(&self, name: &str) -> Result<String> {
        let database = format!("{name}_{}", self.databases.fetch_add(1, Ordering::Relaxed));
        self.sql(&format!("CREATE DATABASE \"{database}\" TEMPLATE template0"))?;
        Ok(self.connection_to(&database))
    }

    /// Drops a database that `database` made, whoever is connected to it.
    ///
    /// # Errors
    /// If the server refuses it or isn't there.
    pub fn drop_database(&self, connection: &str) -> Result<()> {
        let name = connection.split("dbname=").nth(1).context("a connection names its database")?;
        self.sql(&format!("DROP DATABASE \"{name}\" WITH (FORCE)")).map(drop)
    }

    /// Makes a database with just this name, if it isn't there yet, and says how to connect to it.
    ///
    /// # Errors
    /// If the server refuses the name or isn't there.
    pub fn named_database(&self, name: &str) -> Result<String> {
        if self.sql(&format!("SELECT 1 FROM pg_database WHERE datname = '{name}'"))?.is_empty() {
            self.sql(&format!("CREATE DATABASE \"{name}\" TEMPLATE template0"))?;
        }
        Ok(self.connection_to(name))
    }

    /// Whether it ended by itself, and then the last lines of what it said.
    #[must_use]
    pub fn ended(&self) -> Option<String> {
        let guardian = self.guardian();
        guardian.has_ended().then(|| guardian.log())
    }

    /// Ends it in order, whoever is still connected.
    ///
    /// # Errors
    /// If it takes more than a minute; then it is killed.
    pub fn end(&self) -> Result<()> {
        self.guardian().stop("INT").map(drop)
    }

    /// Runs SQL in the database `postgres` and returns what `psql` prints, unaligned and without headings.
    ///
    /// # Errors
    /// If the server refuses it or isn't there.
    pub fn sql(&self, sql: &str) -> Result<String> {
        let mut psql = Command::new(self.bin.join("psql"));
        psql.args(["-X", "-q", "-A", "-t", "-v", "ON_ERROR_STOP=1", "-d", &self.connection(), "-c", sql]);
        run(&mut psql)
    }

    /// `kill -9` for the server and all its processes; returns when they are gone.
    ///
    /// # Errors
    /// If the signal can't be sent.
    pub fn kill(&self) -> Result<()> {
        self.guardian().kill()
    }

    /// Starts it again on the same data, after killing it if it still runs.
    ///
    /// # Errors
    /// If it doesn't start.
    pub fn restart(&self) -> Result<()> {
        let mut guardian = self.guardian();
        guardian.kill()?;
        guardian.start(|pid| Ok(ready(&self.folder, pid)))
    }

    /// A copy of its data. It is killed for it and started again.
    ///
    /// # Errors
    /// If the data can't be copied or the server doesn't start.
    pub fn backup(&self) -> Result<TempDir> {
        self.kill()?;
        let backup = tempfile::Builder::new().prefix("radslag-pg-backup-").tempdir()?;
        copy(&self.folder.join("data"), &backup.path().join("data"))?;
        self.restart()?;
        Ok(backup)
    }

    /// Starts it again with the data of a backup.
    ///
    /// # Errors
    /// If the data can't be copied or the server doesn't start.
    pub fn put_back(&self, backup: &TempDir) -> Result<()> {
        self.kill()?;
        let data = self.folder.join("data");
        fs::remove_dir_all(&data).with_context(|| format!("removing {}", data.display()))?;
        copy(&backup.path().join("data"), &data)?;
        self.restart()
    }

    /// SIGSTOP to all its processes: connections stay open and nothing is answered.
    ///
    /// # Errors
    /// If it isn't running.
    pub fn stop(&self) -> Result<()> {
        self.guardian().signal("STOP")
    }

    /// SIGCONT to all its processes.
    ///
    /// # Errors
    /// If it isn't running.
    pub fn cont(&self) -> Result<()> {
        self.guardian().signal("CONT")
    }

    fn connection_to(&self, database: &str) -> String {
        format!("host={} user=postgres dbname={database}", self.folder.display())
    }

    fn guardian(&self) -> MutexGuard<'_, Guardian> {
        self.guardian.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

fn make_cluster(bin: &Path, folder: &Path, user: Option<User>) -> Result<()> {
    let mut initdb = Command::new(bin.join("initdb"));
    initdb.args(["--auth=trust", "--username=postgres", "--encoding=UTF8", "--locale=C.UTF-8", "--no-sync"]);
    initdb.arg("-D").arg(folder.join("data")).current_dir(folder);
    if let Some(user) = user {
        initdb.uid(user.uid).gid(user.gid);
    }
    run(&mut initdb).map(drop)
}

fn server(bin: &Path, folder: &Path, fsync: Fsync, settings: &[(&str, &str)]) -> Vec<OsString> {
    let synced = match fsync {
        Fsync::On => "on",
        Fsync::Off => "off",
    };
    let socket = folder.display().to_string();
    let fixed = [
        ("listen_addresses", ""),
        ("unix_socket_directories", &socket),
        ("fsync", synced),
        ("full_page_writes", synced),
        ("dynamic_shared_memory_type", "mmap"),
        ("max_connections", "200"),
    ];
    command(bin, folder, &[&fixed, settings].concat())
}

fn command(bin: &Path, folder: &Path, settings: &[(&str, &str)]) -> Vec<OsString> {
    let mut command = vec![bin.join("postgres").into(), "-D".into(), folder.join("data").into()];
    for (name, value) in settings {
        command.extend(["-c".into(), format!("{name}={value}").into()]);
    }
    command
}

/// The lock file's first line is the process id, its eighth says `ready`.
fn ready(folder: &Path, pid: u32) -> Option<()> {
    let lock = fs::read_to_string(folder.join("data/postmaster.pid")).ok()?;
    let mut lines = lock.lines();
    (lines.next()? == pid.to_string() && lines.nth(6)?.trim() == "ready").then_some(())
}

/// PostgreSQL refuses to run as root: then it runs as `postgres`, or else as `nobody`.
fn other_user() -> Result<Option<User>> {
    if fs::metadata("/proc/self")?.uid() != 0 {
        return Ok(None);
    }
    let users = fs::read_to_string("/etc/passwd").context("reading /etc/passwd")?;
    let find = |name: &str| {
        users.lines().map(|line| line.split(':').collect::<Vec<_>>()).find_map(|fields| match fields[..] {
            [user, _, uid, gid, ..] if user == name => {
                Some(User { uid: uid.parse().ok()?, gid: gid.parse().ok()? })
            }
            _ => None,
        })
    };
    let user = find("postgres").or_else(|| find("nobody"));
    user.map(Some).context("root may not run PostgreSQL, and there is no user `postgres` or `nobody`")
}

fn run(command: &mut Command) -> Result<String> {
    let output = command.output().with_context(|| format!("starting {:?}", command.get_program()))?;
    let said = String::from_utf8_lossy(&output.stderr);
    ensure!(output.status.success(), "{:?}: {}", command.get_program(), said.trim_end());
    Ok(String::from_utf8_lossy(&output.stdout).trim_end().to_owned())
}
