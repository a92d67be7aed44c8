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

use radslag_eventlog::{Acceptance, Accepted, Clock, Log, Options, Signing, Writer};
use radslag_evidence::{SigningKey, VerifierKey};
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
        Ok(Log::open(self.options(service, writer)?)?)
    }

    /// Accepts that events of a service's log are lost, and opens it in its next life.
    ///
    /// # Errors
    /// `Log`.
    pub fn accept_loss(
        &self,
        service: &str,
        writer: &Writer,
        acceptance: &Acceptance,
    ) -> Result<(Log, Accepted), Failure> {
        Ok(Log::accept_loss(self.options(service, writer)?, acceptance)?)
    }

    fn options(&self, service: &str, writer: &Writer) -> Result<Options, Failure> {
        let folder = self.folders.ground.join(&self.id).join(service);
        let derived = self.folders.derived.join(&self.id).join(service);
        let keys = (self.keyring.clone(), self.ledger.clone());
        let signing =
            Signing { folder: derived.join("tree"), name: self.name(service), seeds: self.seeds(service)? };
        let options = Options::new(folder, derived.join("index"), keys, self.clock.clone(), writer.clone());
        Ok(Options { signing: Some(signing), ..options })
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

    fn name(&self, service: &str) -> String {
        format!("{}/{}/{service}", self.installation, self.id)
    }

    /// What a life of a service's log is signed under, unless it was signed before under another name.
    #[must_use]
    pub fn origin_line(&self, service: &str, origin: u32) -> String {
        format!("{}/{origin}", self.name(service))
    }

    /// How many keys sign a service's checkpoints.
    ///
    /// # Errors
    /// `Vault`.
    pub fn signing_keys(&self, service: &str) -> Result<usize, Failure> {
        Ok(self.seeds(service)?.len())
    }

    /// Makes a new key, which signs beside the ones there are from the next start on; how many there are then.
    ///
    /// # Errors
    /// `Vault`; the file is as it was.
    pub fn add_signing_key(&self, service: &str) -> Result<usize, Failure> {
        let mut seeds = self.seeds(service)?;
        seeds.push(Zeroizing::new(rand::random()));
        self.keep_seeds(service, &seeds)?;
        Ok(seeds.len())
    }

    /// Destroys all keys but the newest, which alone signs from the next start on; how many are gone. What they signed can
    /// still be checked: their public keys stay beside the checkpoints.
    ///
    /// # Errors
    /// `Vault`; the file is as it was.
    pub fn retire_signing_keys(&self, service: &str) -> Result<usize, Failure> {
        let seeds = self.seeds(service)?;
        let newest = seeds.len().saturating_sub(1);
        if newest > 0 {
            self.keep_seeds(service, &seeds[newest..])?;
        }
        Ok(newest)
    }

    /// The names and public halves of the keys that sign a service's checkpoints, oldest first, under a name.
    ///
    /// # Errors
    /// `Vault`.
    pub fn verifiers(&self, service: &str, name: &str) -> Result<Vec<VerifierKey>, Failure> {
        let key = |seed| SigningKey::new(name, seed).map(|key| key.verifier());
        let keys = self.seeds(service)?.iter().map(key).collect::<Result<_, _>>();
        let path = || self.folders.secrets.join(&self.id);
        keys.map_err(|error| Error::Damaged { path: path(), why: error.to_string() }.into())
    }

    /// Replaces a file of seeds in one step.
    fn keep_seeds(&self, service: &str, seeds: &[Zeroizing<[u8; 32]>]) -> Result<(), Error> {
        let folder = self.folders.secrets.join(&self.id);
        let (path, fresh) = (
            folder.join(format!("{service}.signing.keys")),
            folder.join(format!("{service}.signing.keys.new")),
        );
        let io = |what| {
            let path = path.clone();
            move |source| Error::Io { what, path, source }
        };
        // What an interrupted one left was never in use.
        match fs::remove_file(&fresh) {
            Err(error) if error.kind() != std::io::ErrorKind::NotFound => return Err(io("removing")(error)),
            _ => {}
        }
        let mut bytes = Zeroizing::new(Vec::with_capacity(seeds.len() * 32));
        seeds.iter().for_each(|seed| bytes.extend_from_slice(&**seed));
        write_secret(&fresh, &bytes).map_err(io("writing"))?;
        fs::rename(&fresh, &path).map_err(io("replacing"))?;
        fs::File::open(&folder).and_then(|folder| folder.sync_all()).map_err(io("syncing"))
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

/// Writes a file that only its owner reads.
fn write_secret(path: &Path, bytes: &[u8]) -> std::io::Result<()> {
    let mut file = fs::OpenOptions::new().write(true).create_new(true).mode(0o600).open(path)?;
    file.write_all(bytes)?;
    file.sync_all()
}

/// What a file of secrets holds; 32 random bytes are put there where there is none.
fn secret_bytes(path: &Path) -> Result<Zeroizing<Vec<u8>>, Error> {
    let io = |what| move |source| Error::Io { what, path: path.into(), source };
    match fs::read(path) {
        Ok(bytes) => Ok(bytes.into()),
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => {
            let key: [u8; 32] = rand::random();
            write_secret(path, &key).map_err(io("writing"))?;
            Ok(Zeroizing::new(key.to_vec()))
        }
        Err(error) => Err(io("reading")(error)),
    }
}
