//! A receipt (C2SP tlog-proof): that an entry stands in a log, for anybody, offline and for ever.
//!
//! ```text
//! c2sp.org/tlog-proof@v1
//! extra <base64>          what else is needed; nobody vouches for it. Ours: the entry itself
//! index <n>
//! <base64>                the path, a hash a line
//!
//! <checkpoint>
//! ```

use std::fmt;

use base64::{Engine as _, engine::general_purpose::STANDARD as BASE64};

use crate::{
    checkpoint::{self, Checkpoint, decimal, hash},
    note::{self, Note, VerifierKey},
    proof::{self, Invalid},
    tree::{self, Hash},
};

const FIRST: &str = "c2sp.org/tlog-proof@v1";

/// A receipt.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Receipt {
    /// Not vouched for. Ours hold the entry, so that they can be checked alone.
    pub extra: Option<Vec<u8>>,
    /// Position of the entry.
    pub index: u64,
    /// From its sibling to the root.
    pub path: Vec<Hash>,
    /// The signed checkpoint.
    pub checkpoint: Note,
}

/// Why a receipt proves nothing.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Error {
    /// It isn't one.
    #[error("it is not a receipt: {0}")]
    Format(&'static str),
    /// Its checkpoint can't be believed.
    #[error(transparent)]
    Checkpoint(#[from] checkpoint::Error),
    /// The path doesn't lead from the entry to the checkpoint's root.
    #[error("its path proves nothing: {0}")]
    Path(#[from] Invalid),
}

impl From<note::Error> for Error {
    fn from(error: note::Error) -> Self {
        Self::Checkpoint(error.into())
    }
}

impl Receipt {
    /// Reads one.
    ///
    /// # Errors
    /// `Format`, `Checkpoint`.
    pub fn parse(text: &str) -> Result<Self, Error> {
        let (proof, checkpoint) =
            text.split_once("\n\n").ok_or(Error::Format("there is no blank line before the checkpoint"))?;
        let mut lines = proof.split('\n').peekable();
        if lines.next() != Some(FIRST) {
            return Err(Error::Format("it doesn't begin with c2sp.org/tlog-proof@v1"));
        }
        let extra = lines.next_if(|line| line.starts_with("extra ")).map(|line| BASE64.decode(&line[6..]));
        let extra = extra.transpose().map_err(|_| Error::Format("the extra data isn't base64"))?;
        let index = lines.next().and_then(|line| line.strip_prefix("index ")).and_then(decimal);
        let index = index.ok_or(Error::Format("it has no index"))?;
        let path: Option<Vec<Hash>> = lines.map(hash).collect();
        let path = path.ok_or(Error::Format("a line of the path isn't a hash"))?;
        if path.len() > u64::BITS as usize {
            return Err(Error::Format("the path is too long"));
        }
        Ok(Self { extra, index, path, checkpoint: Note::parse(checkpoint)? })
    }

    /// The checkpoint in which an entry stands at the receipt's index, if one of these keys has signed it.
    ///
    /// # Errors
    /// Why that isn't shown.
    pub fn check(&self, entry: &[u8], trusted: &[VerifierKey]) -> Result<Checkpoint, Error> {
        let checkpoint = Checkpoint::open(&self.checkpoint, trusted)?;
        let leaf = tree::leaf(entry);
        proof::check_inclusion(&leaf, self.index, checkpoint.size, &self.path, &checkpoint.root)?;
        Ok(checkpoint)
    }
}

impl fmt::Display for Receipt {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "{FIRST}")?;
        if let Some(extra) = &self.extra {
            writeln!(f, "extra {}", BASE64.encode(extra))?;
        }
        writeln!(f, "index {}", self.index)?;
        self.path.iter().try_for_each(|hash| writeln!(f, "{}", BASE64.encode(hash)))?;
        write!(f, "\n{}", self.checkpoint)
    }
}
