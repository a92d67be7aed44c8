//! From a tenant's and a service's name to where their data is. Nothing is made where there is nothing.

use std::{
    fs,
    path::{Path, PathBuf},
    sync::Arc,
};

use anyhow::{Context as _, Result};
use radslag_eventlog::{Clock, Log, Reader, Writer};
use radslag_runtime::{
    clock,
    ground::{self, Folders},
};

use crate::{cli::OneLog, failure::Usage, said::Said, settings::Settings};

/// A tenant that is configured.
pub(crate) struct Place {
    /// Its id.
    pub(crate) tenant: String,
    folders: Folders,
    installation: String,
    said: Said,
}

impl Place {
    /// A tenant by its id.
    pub(crate) fn of(tenant: &str, settings: &Settings, said: Said) -> Result<Self> {
        let known: Vec<&str> = settings.config().tenants.iter().map(|tenant| tenant.id.as_str()).collect();
        if !known.contains(&tenant) {
            return Err(Usage(said.unknown_tenant(tenant, &settings.name(), &known)).into());
        }
        let installation = settings.config().http.installation();
        Ok(Self { tenant: tenant.into(), folders: settings.folders(), installation, said })
    }

    /// One tenant, or all of them.
    pub(crate) fn all(tenant: Option<&str>, settings: &Settings, said: Said) -> Result<Vec<Self>> {
        let ids = settings.config().tenants.iter().map(|tenant| tenant.id.as_str());
        let wanted: Vec<&str> = tenant.map_or_else(|| ids.collect(), |tenant| vec![tenant]);
        wanted.into_iter().map(|tenant| Self::of(tenant, settings, said)).collect()
    }

    /// Its folder of ground state.
    pub(crate) fn ground(&self) -> PathBuf {
        self.folders.ground.join(&self.tenant)
    }

    /// Where everything is.
    pub(crate) const fn folders(&self) -> &Folders {
        &self.folders
    }

    /// Its folder of secrets.
    pub(crate) fn secrets(&self) -> PathBuf {
        self.folders.secrets.join(&self.tenant)
    }

    /// The folder of a log's index.
    pub(crate) fn index(&self, service: &str) -> PathBuf {
        self.folders.derived.join(&self.tenant).join(service).join("index")
    }

    /// The services it has logs of.
    pub(crate) fn services(&self) -> Result<Vec<String>> {
        let ground = self.ground();
        let mut services = Vec::new();
        for path in listed(&ground).with_context(|| format!("{} can't be listed", ground.display()))? {
            if path.join("segments").is_dir()
                && let Some(name) = path.file_name().and_then(|name| name.to_str())
            {
                services.push(name.to_owned());
            }
        }
        services.sort();
        Ok(services)
    }

    /// A service's log, to be read.
    pub(crate) fn reader(&self, service: &str) -> Result<Reader> {
        let services = self.services()?;
        if services.is_empty() {
            return Err(self.no_logs());
        }
        if !services.iter().any(|known| known == service) {
            let said = self.said.unknown_service(service, &self.tenant, &self.ground(), &services);
            return Err(Usage(said).into());
        }
        Ok(Log::open_read_only(&self.ground().join(service))?)
    }

    /// That it has written nothing.
    pub(crate) fn no_logs(&self) -> anyhow::Error {
        Usage(self.said.no_logs(&self.tenant, &self.ground())).into()
    }

    /// What its services share, opened to write.
    pub(crate) fn open(&self) -> Result<ground::Tenant> {
        let secrets = self.secrets();
        if self.keks()?.is_empty() {
            anyhow::bail!(self.said.no_secrets(&self.tenant, &secrets));
        }
        let clock = Arc::new(Clock::system(0));
        Ok(ground::Tenant::open(&self.folders, &self.tenant, clock)?.of(&self.installation))
    }

    /// The same on the tenant's clock, to append.
    pub(crate) fn open_to_append(&self, settings: &Settings) -> Result<ground::Tenant> {
        let configured = settings.config().tenants.iter().find(|tenant| tenant.id == self.tenant);
        let offset = configured.map_or(0, |tenant| clock::offset(&self.folders, tenant));
        let mut tenant = self.open()?;
        tenant.clock = Arc::new(Clock::system(offset));
        Ok(tenant)
    }

    /// The folder of a service's log, whatever state that is in.
    pub(crate) fn log_folder(&self, service: &str) -> Result<PathBuf> {
        let folder = self.ground().join(service);
        // A log that can't be opened is one too.
        if !folder.join("segments").is_dir() && !folder.join("keys").is_file() {
            self.reader(service)?;
        }
        Ok(folder)
    }

    /// A log with its keys, for this process alone.
    pub(crate) fn log(&self, tenant: &ground::Tenant, service: &str, writer: &Writer) -> Result<Log> {
        // A folder that isn't a log would become one.
        self.reader(service)?;
        Ok(tenant.log(service, writer)?)
    }

    /// The files of its key-encryption keys with their numbers, ascending.
    pub(crate) fn keks(&self) -> Result<Vec<(u32, PathBuf)>> {
        let secrets = self.secrets();
        let paths = listed(&secrets).with_context(|| format!("{} can't be listed", secrets.display()))?;
        let number = |path: &Path| -> Option<u32> {
            path.file_name()?.to_str()?.strip_prefix("kek-")?.strip_suffix(".key")?.parse().ok()
        };
        let mut keks: Vec<_> = paths.into_iter().filter_map(|path| Some((number(&path)?, path))).collect();
        keks.sort();
        Ok(keks)
    }
}

/// A log by what was typed.
pub(crate) fn reader(which: &OneLog, settings: &Settings, said: Said) -> Result<Reader> {
    Place::of(&which.tenant, settings, said)?.reader(&which.service)
}

/// What is in a folder; nothing if it isn't there.
fn listed(folder: &Path) -> std::io::Result<Vec<PathBuf>> {
    match fs::read_dir(folder) {
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => Ok(Vec::new()),
        Err(error) => Err(error),
        Ok(entries) => entries.map(|entry| entry.map(|entry| entry.path())).collect(),
    }
}
