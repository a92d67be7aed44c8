//! What a log signs of itself (C2SP tlog-checkpoint): whose it is, how many entries it has, and the root over them.

use std::fmt;

use base64::{Engine as _, engine::general_purpose::STANDARD as BASE64};

use crate::{
    note::{self, Note, SigningKey, VerifierKey},
    tree::Hash,
};

/// A checkpoint. Its text has a line each: origin, size, root in base64; other lines are kept and mean nothing.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Checkpoint {
    /// Which log: `<installation>/<tenant>/<service>/<origin number>`.
    pub origin: String,
    /// Entries.
    pub size: u64,
    /// Over all of them.
    pub root: Hash,
    /// Lines after the third, not empty.
    pub extensions: Vec<String>,
}

/// Why something isn't a checkpoint.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Error {
    /// It isn't a note, or isn't signed by whom one trusts.
    #[error(transparent)]
    Note(#[from] note::Error),
    /// Its text isn't that of a checkpoint.
    #[error("it is not a checkpoint: {0}")]
    Format(&'static str),
    /// It is another log's.
    #[error("it is a checkpoint of {0}")]
    Origin(String),
}

impl Checkpoint {
    /// Without lines that mean nothing.
    #[must_use]
    pub const fn new(origin: String, size: u64, root: Hash) -> Self {
        Self { origin, size, root, extensions: Vec::new() }
    }

    /// Signs it.
    ///
    /// # Errors
    /// `Note` if the origin can't stand in one.
    pub fn sign(&self, keys: &[&SigningKey]) -> Result<Note, note::Error> {
        Note::sign(self.to_string(), keys)
    }

    /// Reads one that at least one of these keys has signed.
    ///
    /// # Errors
    /// Why it can't be believed.
    pub fn open(note: &Note, trusted: &[VerifierKey]) -> Result<Self, Error> {
        Self::parse(note.signed_by(trusted)?)
    }

    /// Reads the text of one.
    ///
    /// # Errors
    /// `Format`.
    pub fn parse(text: &str) -> Result<Self, Error> {
        let text = text.strip_suffix('\n').ok_or(Error::Format("the last line has no end"))?;
        let mut lines = text.split('\n');
        let (Some(origin), Some(size), Some(root)) = (lines.next(), lines.next(), lines.next()) else {
            return Err(Error::Format("it hasn't three lines"));
        };
        let extensions: Vec<String> = lines.map(str::to_owned).collect();
        if origin.is_empty() || extensions.iter().any(String::is_empty) {
            return Err(Error::Format("a line is empty"));
        }
        let size = decimal(size).ok_or(Error::Format("its size isn't a number"))?;
        let root = hash(root).ok_or(Error::Format("its root isn't a hash"))?;
        Ok(Self { origin: origin.to_owned(), size, root, extensions })
    }
}

impl fmt::Display for Checkpoint {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "{}\n{}\n{}", self.origin, self.size, BASE64.encode(self.root))?;
        self.extensions.iter().try_for_each(|line| writeln!(f, "{line}"))
    }
}

/// A number as it is written: digits, no leading zero.
pub(crate) fn decimal(digits: &str) -> Option<u64> {
    let plain = digits == "0" || !digits.starts_with('0');
    (plain && digits.bytes().all(|byte| byte.is_ascii_digit())).then(|| digits.parse().ok()).flatten()
}

/// 32 bytes of base64.
pub(crate) fn hash(line: &str) -> Option<Hash> {
    BASE64.decode(line).ok()?.try_into().ok()
}
