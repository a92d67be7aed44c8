//! A mail server (aiosmtpd) on a port it chose itself, which keeps what it takes and does to some letters what servers do:
//! `smtp.py` says what. And somebody else's verifier (dkimpy) for the signatures of letters.

use std::{
    ffi::OsString,
    fs,
    path::{Path, PathBuf},
    process::Command,
    sync::{Mutex, MutexGuard, PoisonError},
};

use anyhow::{Context as _, Result, ensure};

use crate::{
    guardian::{Guarded, Guardian},
    tools::python_packages,
    until,
};

const SERVER: &str = include_str!("smtp.py");
const VERIFIER: &str = "import sys, dkim\n\
    record = sys.argv[2].encode()\n\
    letter = open(sys.argv[1], 'rb').read()\n\
    sys.exit(0 if dkim.verify(letter, dnsfunc=lambda name, timeout=5: record) else 1)\n";

/// A running mail server; gone when dropped.
pub struct Smtp {
    guardian: Mutex<Guardian>,
    port: u16,
    letters: PathBuf,
}

/// A certificate and its key, as PEM.
pub struct Certified<'a> {
    /// The chain.
    pub certificate: &'a str,
    /// Its key.
    pub key: &'a str,
}

impl Smtp {
    /// Starts one; with a certificate it takes nothing before `STARTTLS`.
    ///
    /// # Errors
    /// If what it needs is missing or it doesn't start.
    pub fn start(certified: Option<&Certified<'_>>) -> Result<Self> {
        let packages = python_packages()?;
        let folder = tempfile::Builder::new().prefix("radslag-smtp-").tempdir()?.keep();
        let script = folder.join("server.py");
        fs::write(&script, SERVER)?;
        let path = format!("PYTHONPATH={}", packages.display());
        let mut command: Vec<OsString> = vec!["env".into(), path.into(), "python3".into(), "-u".into()];
        command.extend([script.into_os_string(), folder.clone().into_os_string()]);
        if let Some(Certified { certificate, key }) = certified {
            for (name, pem) in [("certificate.pem", certificate), ("key.pem", key)] {
                fs::write(folder.join(name), pem)?;
                command.push(folder.join(name).into());
            }
        }
        let mut guardian = Guardian::new(Guarded {
            folder: folder.clone(),
            shown: false,
            stays: false,
            ending: "KILL",
            command,
            user: None,
        })?;
        let port = guardian.start(|pid| ready(&folder, pid))?;
        Ok(Self { guardian: Mutex::new(guardian), port, letters: folder.join("letters") })
    }

    /// Where it listens, the same after a restart.
    #[must_use]
    pub const fn port(&self) -> u16 {
        self.port
    }

    /// Starts it again, after killing it if it still runs. It still has what it took.
    ///
    /// # Errors
    /// If it doesn't start.
    pub fn restart(&self) -> Result<()> {
        let mut guardian = self.guardian();
        guardian.kill()?;
        let folder = guardian.folder().to_owned();
        guardian.start(|pid| ready(&folder, pid)).map(drop)
    }

    /// What it took, oldest first: file names end in what it did (`taken`, `silent`, `died`), the content is JSON with
    /// `from`, `to` and `content`.
    ///
    /// # Errors
    /// If they can't be read.
    pub fn letters(&self) -> Result<Vec<(String, String)>> {
        let mut names: Vec<PathBuf> =
            fs::read_dir(&self.letters)?.flatten().map(|entry| entry.path()).collect();
        names.sort();
        let read = |path: PathBuf| {
            let name = path.to_string_lossy().into_owned();
            Ok((name.trim_end_matches(".json").to_owned(), fs::read_to_string(path)?))
        };
        names.into_iter().map(read).collect()
    }

    /// Waits until it has taken so many.
    ///
    /// # Errors
    /// If it doesn't within a minute.
    pub fn wait_for(&self, count: usize) -> Result<Vec<(String, String)>> {
        until("letters", || Ok(Some(self.letters()?).filter(|letters| letters.len() >= count)))
    }

    fn guardian(&self) -> MutexGuard<'_, Guardian> {
        self.guardian.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

fn ready(folder: &Path, pid: u32) -> Result<Option<u16>> {
    if !folder.join(format!("ready-{pid}")).exists() {
        return Ok(None);
    }
    Ok(fs::read_to_string(folder.join("port"))?.trim().parse().ok())
}

/// Whether dkimpy takes a letter's signature for good under a key record (`v=DKIM1; k=rsa; p=...`).
///
/// # Errors
/// If it can't be asked.
pub fn dkim_verifies(letter: &[u8], record: &str) -> Result<bool> {
    let folder = tempfile::tempdir()?;
    let (script, file) = (folder.path().join("verify.py"), folder.path().join("letter.eml"));
    fs::write(&script, VERIFIER)?;
    fs::write(&file, letter)?;
    let mut python = Command::new("python3");
    python.env("PYTHONPATH", python_packages()?).arg(&script).arg(&file).arg(record);
    let output = python.output().context("starting python3")?;
    let said = String::from_utf8_lossy(&output.stderr);
    ensure!(!said.contains("Traceback"), "dkimpy failed: {said}");
    Ok(output.status.success())
}
