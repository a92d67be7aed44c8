//! Row 13: old copies are put back: segments and keys from before an erasure, an older ledger, an older log beside newer
//! checkpoints. (An older log beside a newer bus is the bus's row.)

use std::{
    fs,
    path::{Path, PathBuf},
};

use anyhow::{Context as _, Result, bail, ensure};
use radslag_eventlog::{Error, Log};
use radslag_kernel::{KeyRef, Opened};
use rand::{RngExt as _, rngs::StdRng};

use super::{
    home::{self, Home},
    lab::Lab,
    report::Ran,
    told::Told,
};

/// Restores.
///
/// # Errors
/// None.
pub fn run(lab: &Lab) -> Result<Ran> {
    let mut restored = [0_u64; 3];
    let mut tally = lab.trials(lab.times(6, 300), |rng, seed| {
        let kind = (seed % 3) as usize;
        restored[kind] += 1;
        let told = Restore::new(lab, rng)?;
        match kind {
            0 => told.with_the_ledger(rng),
            1 => told.without_the_ledger(),
            _ => told.beside_newer_checkpoints(),
        }
    });
    let [ledger, none, checkpoints] = restored;
    tally
        .notes
        .push(format!("{ledger} with the ledger, {none} without, {checkpoints} beside newer checkpoints"));
    Ok(Ran::Done(tally))
}

/// A log that went on after its backup was made.
struct Restore {
    home: Home,
    backup: PathBuf,
    /// As of the backup.
    told: Told,
    /// Sealed events of the backup by position, and whether they were erased after it.
    sealed: Vec<(u64, KeyRef, bool)>,
    texts: Vec<String>,
}

impl Restore {
    fn new(lab: &Lab, rng: &mut StdRng) -> Result<Self> {
        let home = Home { segment_bytes: 8 << 10, ..Home::new(lab)? };
        let backup = home.folder.join("backup");
        let (mut told, mut sealed, mut texts) = (Told::default(), Vec::new(), Vec::new());
        let log = home.open()?;
        for number in 0..rng.random_range(4..80) {
            let text = format!("secret {number}");
            let (appended, key) = home::put_sealed(&log, &format!("s-{number}"), 0, &text)?;
            told.take(&appended);
            sealed.push((appended.first, key, false));
            texts.push(text);
        }
        log.sign_checkpoint()?;
        told.signed(&log);
        // Taken while the log is open, as the handbook says: segments first, keys after.
        copy(&home.folder.join("log"), &backup, &["segments", "ACK", "checkpoints.0", "keys.0", "keys"])?;
        let erased = rng.random_range(1..=sealed.len().min(20));
        for number in 0..erased {
            let at = rng.random_range(0..sealed.len());
            let key = sealed[at].1;
            if !std::mem::replace(&mut sealed[at].2, true) {
                home::erase(&log, &format!("e-{number}"), 0, &[key])?;
            }
        }
        log.close();
        Ok(Self { home, backup, told, sealed, texts })
    }

    fn put_back(&self, names: &[&str]) -> Result<()> {
        let log = self.home.folder.join("log");
        fs::remove_dir_all(log.join("segments"))?;
        for name in ["ACK", "keys"] {
            fs::remove_file(log.join(name))?;
        }
        copy(&self.backup, &log, names)
    }

    fn with_the_ledger(&self, rng: &mut StdRng) -> Result<u64> {
        fs::remove_file(self.home.folder.join("log/checkpoints.0"))?;
        self.put_back(&["segments", "ACK", "checkpoints.0", "keys.0", "keys"])?;
        for folder in ["index", "tree"] {
            if rng.random() {
                fs::remove_dir_all(self.home.folder.join(folder))?;
            }
        }
        let log = self.home.open().context("opening the backup")?;
        let events = self.told.holds(&log)?;
        self.erased(&log)?;
        log.close();
        let log = self.home.open().context("opening the backup again")?;
        self.erased(&log)?;
        log.close();
        Ok(events)
    }

    fn erased(&self, log: &Log) -> Result<()> {
        for ((position, key, erased), text) in self.sealed.iter().zip(&self.texts) {
            let opened = log.read_at(*position)?.open(1, log.vault())?;
            let due = if *erased { Opened::Gone } else { Opened::Known(text.clone().into_bytes()) };
            ensure!(opened == due, "key {}, erased: {erased}, opens {opened:?}", key.0);
        }
        Ok(())
    }

    /// The log's own keys, newer than the ledger that was put back: what is erased can't be known.
    fn without_the_ledger(&self) -> Result<u64> {
        fs::remove_file(self.home.folder.join("secrets/erasures.ledger"))?;
        match self.home.open() {
            Err(Error::Vault(_)) => Ok(0),
            Err(other) => bail!("it stays closed for another reason: {other}"),
            Ok(_) => bail!("it opens without its ledger"),
        }
    }

    fn beside_newer_checkpoints(&self) -> Result<u64> {
        self.put_back(&["segments", "ACK", "keys"])?;
        match self.home.open() {
            Err(Error::Damaged { why, .. }) => {
                ensure!(why.contains("position") || why.contains("vouches"), "it doesn't say why: {why}");
                Ok(0)
            }
            Err(other) => bail!("it stays closed for another reason: {other}"),
            Ok(_) => bail!("an older log opens beside newer checkpoints"),
        }
    }
}

fn copy(from: &Path, to: &Path, names: &[&str]) -> Result<()> {
    fs::create_dir_all(to)?;
    for name in names {
        let (from, to) = (from.join(name), to.join(name));
        if from.is_dir() {
            let inner: Vec<String> = fs::read_dir(&from)?
                .flatten()
                .map(|entry| entry.file_name().to_string_lossy().into())
                .collect();
            copy(&from, &to, &inner.iter().map(String::as_str).collect::<Vec<_>>())?;
        } else {
            fs::copy(&from, &to).with_context(|| format!("copying {}", from.display()))?;
        }
    }
    Ok(())
}
