//! Ground state on disk: opens the log of a tenant and service with its keys, and the keys that are kept apart.
//!
//! ```text
//! <ground>/<tenant>/<service>/      segments, keys, ACK
//! <derived>/<tenant>/<service>/     index, read tables
//! <secrets>/<tenant>/               kek-<n>.key, erasures.ledger, <service>.command.key
//! ```

use std::{
    fs,
    io::Write as _,
    os::unix::fs::OpenOptionsExt as _,
    path::{Path, PathBuf},
    sync::Arc,
};

use radslag_eventlog::{Clock, Log, Options, Writer};
use radslag_vault::{Error, Keyring, Ledger};

use crate::{command::CommandKey, service::Failure};

/// The three folders.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Folders {
    /// Backed up, moved and deleted together.
    pub ground: PathBuf,
    /// May be deleted at any time.
    pub derived: PathBuf,
    /// Kept apart from both.
    pub secrets: PathBuf,
}

/// What a tenant's services share.
#[derive(Clone)]
pub struct Tenant {
    /// Its id.
    pub id: String,
    /// Its clock.
    pub clock: Arc<Clock>,
    /// Its key-encryption keys.
    pub keyring: Arc<Keyring>,
    /// Its erasures.
    pub ledger: Arc<Ledger>,
    folders: Folders,
}

impl Tenant {
    /// Opens what is kept apart.
    ///
    /// # Errors
    /// `Vault`.
    pub fn open(folders: &Folders, id: &str, clock: Arc<Clock>) -> Result<Self, Failure> {
        let secrets = folders.secrets.join(id);
        let keyring = Arc::new(Keyring::open(&secrets)?);
        let ledger = Arc::new(Ledger::open(&secrets.join("erasures.ledger"))?);
        Ok(Self { id: id.into(), clock, keyring, ledger, folders: folders.clone() })
    }

    /// Opens the log of a service.
    ///
    /// # Errors
    /// `Log`.
    pub fn log(&self, service: &str, writer: &Writer) -> Result<Log, Failure> {
        let folder = self.folders.ground.join(&self.id).join(service);
        let index = self.folders.derived.join(&self.id).join(service).join("index");
        let keys = (self.keyring.clone(), self.ledger.clone());
        Ok(Log::open(Options::new(folder, index, keys, self.clock.clone(), writer.clone()))?)
    }

    /// The command key of a service's log, made where there is none.
    ///
    /// # Errors
    /// `Vault`.
    pub fn command_key(&self, service: &str) -> Result<CommandKey, Failure> {
        let path = self.folders.secrets.join(&self.id).join(format!("{service}.command.key"));
        Ok(CommandKey::new(secret(&path)?))
    }
}

/// Reads 32 secret bytes, making them where there are none.
fn secret(path: &Path) -> Result<[u8; 32], Error> {
    let io = |what| move |source| Error::Io { what, path: path.into(), source };
    match fs::read(path) {
        Ok(bytes) => bytes.as_slice().try_into().map_err(|_| Error::Damaged {
            path: path.into(),
            why: format!("a command key has 32 bytes, this has {}", bytes.len()),
        }),
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => {
            let key: [u8; 32] = rand::random();
            let made = fs::OpenOptions::new().write(true).create_new(true).mode(0o600).open(path);
            let written = made.and_then(|mut file| {
                file.write_all(&key)?;
                file.sync_all()
            });
            written.map_err(io("writing"))?;
            Ok(key)
        }
        Err(error) => Err(io("reading")(error)),
    }
}
