//! A NATS server with JetStream on a port it chose itself.

use std::{
    ffi::OsString,
    fs,
    path::Path,
    sync::{Mutex, MutexGuard, PoisonError},
};

use anyhow::{Context as _, Result};
use tempfile::TempDir;

use crate::{
    guardian::{Guarded, Guardian, copy},
    nats_server,
};

/// A running NATS server; gone when dropped.
pub struct Nats {
    guardian: Mutex<Guardian>,
    port: u16,
}

impl Nats {
    /// Starts one with JetStream in a temporary folder.
    ///
    /// # Errors
    /// If the binary is missing or doesn't start.
    pub fn start() -> Result<Self> {
        Self::configured("", "")
    }

    /// Starts one with more lines in its `jetstream` block, for example `sync_interval: always`.
    ///
    /// # Errors
    /// If the binary is missing or doesn't start.
    pub fn start_with(jetstream: &str) -> Result<Self> {
        Self::configured(jetstream, "")
    }

    /// Starts one with more blocks in its configuration, for example `accounts`.
    ///
    /// # Errors
    /// If the binary is missing or doesn't start.
    pub fn start_with_accounts(blocks: &str) -> Result<Self> {
        Self::configured("", blocks)
    }

    fn configured(jetstream: &str, blocks: &str) -> Result<Self> {
        let binary = nats_server()?;
        let folder = tempfile::Builder::new().prefix("radslag-nats-").tempdir()?.keep();
        configure(&folder, "-1", jetstream, blocks)?;
        let command = [binary.into_os_string(), "-c".into(), folder.join("nats.conf").into()];
        let command: Vec<OsString> = command.into();
        let mut guardian = guarded(&folder, false, command)?;
        let port = guardian.start(|pid| port(&folder, pid))?;
        // From now on the same port, so that clients find it after a restart.
        configure(&folder, &port.to_string(), jetstream, blocks)?;
        Ok(Self { guardian: Mutex::new(guardian), port })
    }

    /// Starts one with a configuration as it is, but for the addresses in it: on ports it chose itself. Its store is in a
    /// folder that stays, which the configuration calls `$NATS_STORE`.
    ///
    /// # Errors
    /// If the binary is missing or doesn't start.
    pub fn start_as_configured(config: &Path, folder: &Path) -> Result<Self> {
        let mut store = OsString::from("NATS_STORE=");
        store.push(folder.join("store"));
        let mut command: Vec<OsString> =
            vec!["env".into(), store, nats_server()?.into(), "-c".into(), config.into()];
        command.extend(["-a", "127.0.0.1", "-p", "-1", "-m", "-1", "--ports_file_dir"].map(OsString::from));
        command.push(folder.into());
        let mut guardian = guarded(folder, true, command)?;
        let port = guardian.start(|pid| port(folder, pid))?;
        Ok(Self { guardian: Mutex::new(guardian), port })
    }

    /// Whether it ended by itself, and then the last lines of what it said.
    #[must_use]
    pub fn ended(&self) -> Option<String> {
        let guardian = self.guardian();
        guardian.has_ended().then(|| guardian.log())
    }

    /// Ends it in order.
    ///
    /// # Errors
    /// If it takes more than a minute; then it is killed.
    pub fn end(&self) -> Result<()> {
        self.guardian().stop("TERM").map(drop)
    }

    /// `nats://127.0.0.1:<port>`, the same after a restart.
    #[must_use]
    pub fn url(&self) -> String {
        format!("nats://127.0.0.1:{}", self.port)
    }

    /// `kill -9`; returns when the process is gone.
    ///
    /// # Errors
    /// If the signal can't be sent.
    pub fn kill(&self) -> Result<()> {
        self.guardian().kill()
    }

    /// Starts it again on the same port and store, after killing it if it still runs.
    ///
    /// # Errors
    /// If it doesn't start.
    pub fn restart(&self) -> Result<()> {
        let mut guardian = self.guardian();
        guardian.kill()?;
        let folder = guardian.folder().to_owned();
        guardian.start(|pid| port(&folder, pid)).map(drop)
    }

    /// Starts it again with an empty store.
    ///
    /// # Errors
    /// If the store can't be removed or the server doesn't start.
    pub fn wipe(&self) -> Result<()> {
        self.kill()?;
        let store = self.guardian().folder().join("store");
        fs::remove_dir_all(&store).with_context(|| format!("removing {}", store.display()))?;
        self.restart()
    }

    /// A copy of its store. It is killed for it and started again.
    ///
    /// # Errors
    /// If the store can't be copied or the server doesn't start.
    pub fn backup(&self) -> Result<TempDir> {
        self.kill()?;
        let backup = tempfile::Builder::new().prefix("radslag-nats-backup-").tempdir()?;
        copy(&self.guardian().folder().join("store"), &backup.path().join("store"))?;
        self.restart()?;
        Ok(backup)
    }

    /// Starts it again with the store of a backup.
    ///
    /// # Errors
    /// If the store can't be copied or the server doesn't start.
    pub fn put_back(&self, backup: &TempDir) -> Result<()> {
        self.kill()?;
        let store = self.guardian().folder().join("store");
        fs::remove_dir_all(&store).with_context(|| format!("removing {}", store.display()))?;
        copy(&backup.path().join("store"), &store)?;
        self.restart()
    }

    /// SIGSTOP: connections stay open and nothing is answered.
    ///
    /// # Errors
    /// If it isn't running.
    pub fn stop(&self) -> Result<()> {
        self.guardian().signal("STOP")
    }

    /// SIGCONT.
    ///
    /// # Errors
    /// If it isn't running.
    pub fn cont(&self) -> Result<()> {
        self.guardian().signal("CONT")
    }

    fn guardian(&self) -> MutexGuard<'_, Guardian> {
        self.guardian.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

fn guarded(folder: &Path, stays: bool, command: Vec<OsString>) -> Result<Guardian> {
    Guardian::new(Guarded {
        folder: folder.to_owned(),
        shown: false,
        stays,
        ending: "KILL",
        command,
        user: None,
    })
}

fn configure(folder: &Path, port: &str, jetstream: &str, blocks: &str) -> Result<()> {
    let folder_text = folder.display();
    let config = format!(
        "listen: \"127.0.0.1:{port}\"\nports_file_dir: \"{folder_text}\"\n\
         jetstream {{\n  store_dir: \"{folder_text}/store\"\n{jetstream}\n}}\n{blocks}\n"
    );
    fs::write(folder.join("nats.conf"), config).context("writing nats.conf")
}

/// What the server wrote once it listens: `{"nats":["nats://127.0.0.1:43211"]}`.
fn port(folder: &Path, pid: u32) -> Result<Option<u16>> {
    let Ok(ports) = fs::read_to_string(folder.join(format!("nats-server_{pid}.ports"))) else {
        return Ok(None);
    };
    let digits = ports.split("127.0.0.1:").nth(1).map(|rest| rest.split('"').next().unwrap_or_default());
    Ok(digits.and_then(|digits| digits.parse().ok()))
}
