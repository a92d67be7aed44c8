//! Opens what serving and rebuilding work on: the writer, tenants with their clocks, and their offices. A tenant is opened
//! once, whichever of its services asks: they share its clock, its key-encryption keys and its erasures.

use std::{
    collections::BTreeMap,
    fs,
    sync::{Arc, Mutex, PoisonError},
};

use anyhow::{Context as _, Result};
use radslag_eventlog::{Clock, FolderLock, Writer};
use radslag_notifications::shell as letters;
use radslag_petitions::shell::Office;
use radslag_readmodel::Backend;
use radslag_runtime::{
    Config, clock,
    config::Tenant,
    ground::{self, Folders},
    process,
    service::Failure,
};

/// What all tenants share.
pub(crate) struct House {
    /// The writer of all logs.
    pub(crate) writer: Writer,
    /// Where the read tables are.
    pub(crate) backend: Backend,
    /// Where everything else is.
    pub(crate) folders: Folders,
    tenants: Mutex<BTreeMap<String, ground::Tenant>>,
    /// One process at a time.
    _lock: FolderLock,
}

impl House {
    /// As configured.
    pub(crate) fn open(config: &Config) -> Result<Self> {
        let data = &config.data;
        let folders =
            Folders { ground: data.ground_dir(), derived: data.derived_dir(), secrets: data.secrets_dir() };
        Self::at(folders, config)
    }

    /// In other folders.
    pub(crate) fn at(folders: Folders, config: &Config) -> Result<Self> {
        fs::create_dir_all(&folders.ground)
            .with_context(|| format!("{} can't be made", folders.ground.display()))?;
        let lock = FolderLock::take(&folders.ground)?;
        let writer = Writer::start().context("the log's threads can't be started")?;
        let (backend, tenants) = (process::backend(config, &folders)?, Mutex::default());
        Ok(Self { writer, backend, folders, tenants, _lock: lock })
    }

    /// The office of a tenant.
    pub(crate) async fn office(&self, tenant: &Arc<Tenant>, config: &Config) -> Result<Arc<Office>, Failure> {
        let ground = self.ground(tenant, config)?;
        let shared = config.limits.shared_networks.clone();
        Office::open(tenant.clone(), &ground, &self.writer, &self.backend, shared).await
    }

    /// The office of a tenant's letters.
    pub(crate) async fn letters(
        &self,
        tenant: &Arc<Tenant>,
        config: &Config,
        means: letters::office::Means,
    ) -> Result<Arc<letters::Office>, Failure> {
        let ground = self.ground(tenant, config)?;
        letters::Office::open(tenant.clone(), &ground, &self.writer, &self.backend, means).await
    }

    fn ground(&self, tenant: &Tenant, config: &Config) -> Result<ground::Tenant, Failure> {
        let mut tenants = self.tenants.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(open) = tenants.get(&tenant.id) {
            return Ok(open.clone());
        }
        let clock = Arc::new(Clock::system(clock::offset(&self.folders, tenant)));
        let open = ground::Tenant::open(&self.folders, &tenant.id, clock)?.of(&config.http.installation());
        tenants.insert(tenant.id.clone(), open.clone());
        Ok(open)
    }
}
