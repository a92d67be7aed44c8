//! What a log has signed of itself, as it stands on disk beside whoever writes it.

use std::{fs, io, path::PathBuf};

use radslag_evidence::VerifierKey;

use super::{ReadOnly, Reader};
use crate::{
    Error,
    tree::checkpoints::{origins, verifiers_of},
};

impl Reader {
    /// The file of this origin's checkpoints, oldest first, a blank line after each. What stands after the last whole one is
    /// being written, or was cut.
    #[must_use]
    pub fn checkpoints(&self) -> PathBuf {
        self.checkpoints_of(self.origin())
    }

    /// The same of any origin.
    #[must_use]
    pub fn checkpoints_of(&self, origin: u32) -> PathBuf {
        self.folder.join(format!("checkpoints.{origin}"))
    }

    /// The origins before the present one of which there are checkpoints, oldest first.
    ///
    /// # Errors
    /// `Io`.
    pub fn older_origins(&self) -> Result<Vec<u32>, Error> {
        let mut origins = origins(&ReadOnly, &self.folder)?;
        origins.retain(|origin| *origin < self.origin());
        Ok(origins)
    }

    /// What the checkpoints of an older origin are checked with, oldest first.
    ///
    /// # Errors
    /// `Damaged`, `Io`.
    pub fn verifiers_of(&self, origin: u32) -> Result<Vec<VerifierKey>, Error> {
        verifiers_of(&ReadOnly, &self.folder, origin)
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
