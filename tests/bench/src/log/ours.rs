//! Our log as a target: an event with its header, to a stream that must not exist.

use std::{path::Path, sync::Arc};

use anyhow::Result;
use radslag_eventlog::{Append, Log, Write, Writer};

use super::load::Target;
use crate::home;

/// What an event carries.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Content {
    /// A public payload only.
    Plain,
    /// The same and one field of so many bytes, sealed under a key of its own.
    Sealed(usize),
}

#[derive(Clone)]
pub(crate) struct Ours {
    pub(crate) log: Log,
    payload: Arc<[u8]>,
    content: Content,
}

impl Ours {
    pub(crate) fn open(folder: &Path, payload: usize, content: Content) -> Result<Self> {
        Ok(Self::on(home::open(folder, Writer::start()?)?, payload, content))
    }

    /// Without a tree.
    pub(crate) fn bare(folder: &Path, payload: usize) -> Result<Self> {
        Ok(Self::on(home::open_bare(folder, Writer::start()?)?, payload, Content::Plain))
    }

    pub(crate) fn on(log: Log, payload: usize, content: Content) -> Self {
        Self { log, payload: vec![0x5a; payload].into(), content }
    }

    fn request(&self, n: u64) -> Result<Append> {
        let public = self.payload.to_vec();
        let mut keys = Vec::new();
        let event = match self.content {
            Content::Plain => home::plain(&self.log, n, public)?,
            Content::Sealed(bytes) => {
                let key = self.log.vault().reserve();
                let event = home::sealed(&self.log, n, public, vec![0x5a; bytes], &key)?;
                keys.push(key);
                event
            }
        };
        let write = Write { stream: home::stream(n), expected: 0, events: vec![event] };
        Ok(Append { writes: vec![write], guards: vec![], keys })
    }
}

impl Target for Ours {
    async fn append(&self, n: u64) -> Result<()> {
        self.log.append(self.request(n)?).await?;
        Ok(())
    }
}
