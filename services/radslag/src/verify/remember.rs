//! The checkpoint somebody kept from the last time: with it a log that forgets, or that shows different people different
//! histories, is caught, whoever else believes it. Two checkpoints that contradict each other are the proof: both are
//! signed by the log's own key.

use std::{
    fs,
    io::{self, Write as _},
    path::{Path, PathBuf},
};

use anyhow::{Context as _, Result, bail};
use radslag_evidence::{Checkpoint, Note, VerifierKey, note};

use super::{
    findings::{Difference, What},
    lives,
};

/// What was kept.
pub(crate) struct Remembered {
    pub(crate) note: Note,
    pub(crate) checkpoint: Checkpoint,
}

/// Reads it; `None` the first time.
pub(crate) fn read(path: &Path, keys: &[VerifierKey]) -> Result<Option<Remembered>> {
    let text = match fs::read_to_string(path) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
        read => read.with_context(|| format!("{} can't be read", path.display()))?,
    };
    if text.len() > note::MAX {
        bail!("{} is not a checkpoint: it is too large", path.display());
    }
    let note = Note::parse(&text).with_context(|| format!("{} is not a checkpoint", path.display()))?;
    let checkpoint = lives::open(&note, keys).with_context(|| {
        format!("the checkpoint in {} isn't signed by the keys trusted now", path.display())
    })?;
    Ok(Some(Remembered { note, checkpoint }))
}

/// What two checkpoints alone show to be wrong.
pub(crate) fn compare(then: &Checkpoint, now: &Checkpoint) -> Option<Difference> {
    let differs = |what, detail| Some(Difference::new(what, "checkpoint", detail));
    if let (Some((log, before)), Some((same, after))) =
        (lives::split(&then.origin), lives::split(&now.origin))
        && log == same
        && before > after
    {
        return differs(What::Rollback, format!("it was in origin {before}, now it is in origin {after}"));
    }
    if then.origin != now.origin {
        return differs(What::OtherLog, format!("remembered: {}; now: {}", then.origin, now.origin));
    }
    if then.size > now.size {
        return differs(What::Rollback, format!("it had {} entries, now it has {}", then.size, now.size));
    }
    if then.size == now.size && then.root != now.root {
        return differs(What::Fork, format!("two roots over the same {} entries are signed", now.size));
    }
    None
}

/// Keeps the newest for the next time.
pub(crate) fn keep(path: &Path, note: &Note) -> Result<()> {
    let draft = beside(path, ".part");
    let written = fs::write(&draft, note.to_string()).and_then(|()| fs::rename(&draft, path));
    written.with_context(|| format!("{} can't be written", path.display()))
}

/// Puts evidence where nothing overwrites it.
pub(crate) fn evidence(path: &Path, text: &str) -> Result<PathBuf> {
    for number in 1..u32::MAX {
        let file = beside(path, &format!(".evidence-{number}"));
        match fs::File::create_new(&file) {
            Err(error) if error.kind() == io::ErrorKind::AlreadyExists => {}
            opened => {
                let written = opened.and_then(|mut open| {
                    open.write_all(text.as_bytes())?;
                    open.sync_all()
                });
                written.with_context(|| format!("{} can't be written", file.display()))?;
                return Ok(file);
            }
        }
    }
    bail!("{} has too much evidence beside it", path.display())
}

fn beside(path: &Path, ending: &str) -> PathBuf {
    let mut name = path.as_os_str().to_owned();
    name.push(ending);
    name.into()
}
