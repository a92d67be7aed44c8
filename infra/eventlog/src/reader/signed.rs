//! What a log has signed of itself, as it stands on disk beside whoever writes it.

use std::{fs, io, path::PathBuf};

use radslag_evidence::VerifierKey;

use super::Reader;
use crate::Error;

impl Reader {
    /// The file of this origin's checkpoints, oldest first, a blank line after each. What stands after the last whole one is
    /// being written, or was cut.
    #[must_use]
    pub fn checkpoints(&self) -> PathBuf {
        self.folder.join(format!("checkpoints.{}", self.origin()))
    }

    /// What they are checked with, oldest first; none of a log that never signed.
    ///
    /// # Errors
    /// `Damaged`, `Io`.
    pub fn verifiers(&self) -> Result<Vec<VerifierKey>, Error> {
        let path = self.folder.join(format!("keys.{}", self.origin()));
        let text = match fs::read_to_string(&path) {
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(Vec::new()),
            read => read.map_err(Error::io("reading", &path))?,
        };
        let end = text.rfind('\n').map_or(0, |at| at + 1);
        let key =
            |line| VerifierKey::parse(line).map_err(|error| Error::damaged(&path, 0, error.to_string()));
        text[..end].lines().map(key).collect()
    }
}
