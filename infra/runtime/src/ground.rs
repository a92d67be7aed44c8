//! Ground state on disk: opens the log of a tenant and service with its keys, and the keys that are kept apart.
//!
//! ```text
//! <ground>/<tenant>/<service>/      segments, keys, ACK, checkpoints.<origin>, keys.<origin>
//! <derived>/<tenant>/<service>/     index, tree, read tables
//! <secrets>/<tenant>/               kek-<n>.key, erasures.ledger, <service>.command.key, <service>.signing.keys
//! ```

use std::{
    fs,
    io::Write as _,
    os::unix::fs::OpenOptionsExt as _,
    path::{Path, PathBuf},
    sync::Arc,
};

use radslag_eventlog::{Clock, Log, Options, Signing, Writer};
use radslag_vault::{Error, Keyring, Ledger};
use zeroize::Zeroizing;

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
    installation: String,
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
        Ok(Self {
            id: id.into(),
            clock,
            keyring,
            ledger,
            folders: folders.clone(),
            installation: "localhost".into(),
        })
    }

    /// Of an installation: begins the names under which its logs are signed. Otherwise `localhost`.
    #[must_use]
    pub fn of(self, installation: &str) -> Self {
        Self { installation: installation.into(), ..self }
    }

    /// Opens the log of a service.
    ///
    /// # Errors
    /// `Log`.
    pub fn log(&self, service: &str, writer: &Writer) -> Result<Log, Failure> {
        let folder = self.folders.ground.join(&self.id).join(service);
        let derived = self.folders.derived.join(&self.id).join(service);
        let keys = (self.keyring.clone(), self.ledger.clone());
        let signing = Signing {
            folder: derived.join("tree"),
            name: format!("{}/{}/{service}", self.installation, self.id),
            seeds: self.seeds(service)?,
        };
        let options = Options::new(folder, derived.join("index"), keys, self.clock.clone(), writer.clone());
        Ok(Log::open(Options { signing: Some(signing), ..options })?)
    }

    /// Seeds of the keys that sign a service's checkpoints, oldest first; one is made where there is none.
    fn seeds(&self, service: &str) -> Result<Vec<Zeroizing<[u8; 32]>>, Failure> {
        let path = self.folders.secrets.join(&self.id).join(format!("{service}.signing.keys"));
        let bytes = secret_bytes(&path)?;
        let (seeds, rest) = bytes.as_chunks::<32>();
        if seeds.is_empty() || !rest.is_empty() {
            let why = format!("keys that sign have 32 bytes each, the file has {}", bytes.len());
            return Err(Error::Damaged { path, why }.into());
        }
        Ok(seeds.iter().map(|seed| Zeroizing::new(*seed)).collect())
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

/// 32 secret bytes.
fn secret(path: &Path) -> Result<[u8; 32], Error> {
    let bytes = secret_bytes(path)?;
    bytes.as_slice().try_into().map_err(|_| Error::Damaged {
        path: path.into(),
        why: format!("a command key has 32 bytes, this has {}", bytes.len()),
    })
}

/// What a file of secrets holds; 32 random bytes are put there where there is none.
fn secret_bytes(path: &Path) -> Result<Zeroizing<Vec<u8>>, Error> {
    let io = |what| move |source| Error::Io { what, path: path.into(), source };
    match fs::read(path) {
        Ok(bytes) => Ok(bytes.into()),
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => {
            let key: [u8; 32] = rand::random();
            let made = fs::OpenOptions::new().write(true).create_new(true).mode(0o600).open(path);
            let written = made.and_then(|mut file| {
                file.write_all(&key)?;
                file.sync_all()
            });
            written.map_err(io("writing"))?;
            Ok(Zeroizing::new(key.to_vec()))
        }
        Err(error) => Err(io("reading")(error)),
    }
}
