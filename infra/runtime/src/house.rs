//! Where a process keeps everything, which no other process has meanwhile. A tenant is opened once, whichever of its services
//! asks: they share its clock, its key-encryption keys and its erasures.

use std::{
    collections::BTreeMap,
    error::Error,
    fs, io,
    path::PathBuf,
    sync::{Arc, Mutex, PoisonError},
};

use radslag_eventlog::{Clock, FolderLock, Writer};
use radslag_readmodel::Backend;

use crate::{
    Config, clock,
    config::Tenant,
    ground::{self, Folders},
    service::Failure,
};

/// What all tenants and services of a process share.
pub struct House {
    /// The writer of all logs.
    pub writer: Writer,
    /// Where the read tables are.
    pub backend: Backend,
    /// Where everything else is.
    pub folders: Folders,
    installation: String,
    tenants: Mutex<BTreeMap<String, ground::Tenant>>,
    /// One process at a time.
    _lock: FolderLock,
}

/// Why it can't be opened.
#[derive(Debug, thiserror::Error)]
#[error("{what}")]
pub struct Closed {
    what: String,
    #[source]
    source: Box<dyn Error + Send + Sync>,
}

impl House {
    /// As configured.
    ///
    /// # Errors
    /// `Closed`.
    pub fn open(config: &Config) -> Result<Self, Closed> {
        Self::at(folders(config), config)
    }

    /// In other folders.
    ///
    /// # Errors
    /// `Closed`.
    pub fn at(folders: Folders, config: &Config) -> Result<Self, Closed> {
        let ground = folders.ground.display();
        fs::create_dir_all(&folders.ground).map_err(because(format!("{ground} can't be made")))?;
        let lock = FolderLock::take(&folders.ground).map_err(because(format!("{ground} is in use")))?;
        let writer = Writer::start().map_err(because("the log's threads can't be started".into()))?;
        let (backend, installation) = (backend(config, &folders)?, config.http.installation());
        Ok(Self { writer, backend, folders, installation, tenants: Mutex::default(), _lock: lock })
    }

    /// What a tenant's services share.
    ///
    /// # Errors
    /// `Vault`.
    pub fn ground(&self, tenant: &Tenant) -> Result<ground::Tenant, Failure> {
        let mut tenants = self.tenants.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(open) = tenants.get(&tenant.id) {
            return Ok(open.clone());
        }
        let time = Arc::new(Clock::system(clock::offset(&self.folders, tenant)));
        let open = ground::Tenant::open(&self.folders, &tenant.id, time)?.of(&self.installation);
        tenants.insert(tenant.id.clone(), open.clone());
        Ok(open)
    }
}

/// Where a process keeps everything.
#[must_use]
pub fn folders(config: &Config) -> Folders {
    let data = &config.data;
    Folders { ground: data.ground_dir(), derived: data.derived_dir(), secrets: data.secrets_dir() }
}

/// Where the read tables are.
///
/// # Errors
/// If the file that is named can't be read, or holds no connection string.
pub fn backend(config: &Config, folders: &Folders) -> Result<Backend, Closed> {
    let Some(file) = &config.readmodel.postgres_url_file else {
        return Ok(Backend::Sqlite { dir: folders.derived.clone() });
    };
    let named = |source: io::Error| Unreadable { path: file.clone(), source };
    let wrong = || "where the read tables are can't be told".to_owned();
    let url = fs::read_to_string(file).map_err(named).map_err(because(wrong()))?;
    let backend = Backend::postgres(url.trim(), config.readmodel.postgres_connections);
    Ok(backend.map_err(because(wrong()))?.read_by(&config.bi.readers))
}

fn because<E: Into<Box<dyn Error + Send + Sync>>>(what: String) -> impl FnOnce(E) -> Closed {
    move |source| Closed { what, source: source.into() }
}

#[derive(Debug, thiserror::Error)]
#[error("{path} can't be read")]
struct Unreadable {
    path: PathBuf,
    source: io::Error,
}
