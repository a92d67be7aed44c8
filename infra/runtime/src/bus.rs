//! The bus as a process uses it: connections, relays and consumers, each with its figures, until the process ends.

mod figures;

use std::{
    collections::HashMap,
    path::PathBuf,
    sync::{
        Arc, Mutex, OnceLock, PoisonError,
        atomic::{AtomicBool, Ordering},
    },
    time::Duration,
};

use async_nats::connection::State;

use radslag_bus::{
    Address, Checkpoint, ConnectOptions, Consumer, Error, JetStream, Limits, Links, NotAnAddress, Relay,
    Source, Take, accounts, connect,
    consumer::{Kept, Reading},
};
use radslag_eventlog::Log;
use tokio::{sync::watch, time::Instant};
use zeroize::Zeroizing;

pub use figures::Figures;

use crate::{
    Config,
    ground::Folders,
    http::Health,
    internal::{Certified, InternalError},
    secret::{Secret, SecretError},
    serve::{Shutdown, Tasks},
};

/// For so long a start waits, for all tenants together, for what the bus says; without it a tenant can be read.
const COMPARING: Duration = Duration::from_secs(3);
/// A consumer whose folder can't be written tries again after this.
const AGAIN: Duration = Duration::from_secs(5);

/// The bus of this process. Where no server is named, events travel by the logs' own tails.
pub struct Bus {
    settings: crate::config::Bus,
    internal: crate::config::Internal,
    folders: Folders,
    url: String,
    figures: Figures,
    connections: Arc<Mutex<HashMap<Option<String>, JetStream>>>,
    /// Until when the start waits.
    waiting: OnceLock<Instant>,
}

/// A consumer of a service's events.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Reader<'a> {
    /// Whose events.
    pub tenant: &'a str,
    /// Of which service.
    pub service: &'static str,
    /// What the consumer is called; its name and the service's name its folder.
    pub name: &'static str,
    /// Where it begins if it has never run.
    pub start: Checkpoint,
}

impl Bus {
    /// As configured; `url` is where the world reaches us, and what links in events begin with.
    #[must_use]
    pub fn new(config: &Config, url: &str, figures: Figures) -> Self {
        let (data, settings, internal) = (&config.data, config.bus.clone(), config.internal.clone());
        let folders =
            Folders { ground: data.ground_dir(), derived: data.derived_dir(), secrets: data.secrets_dir() };
        Self {
            settings,
            internal,
            folders,
            url: url.to_owned(),
            figures,
            connections: Arc::default(),
            waiting: OnceLock::new(),
        }
    }

    /// Whether a server is named.
    #[must_use]
    pub const fn is_remote(&self) -> bool {
        self.settings.nats_url.is_some()
    }

    /// `/readyz` says that the server isn't there yet, from when somebody has asked for a connection until it was there once.
    /// One that goes later is waited for by relays and consumers, while requests are answered as before.
    pub fn show(&self, health: &Health) {
        if !self.is_remote() {
            return;
        }
        let (connections, was_there) = (self.connections.clone(), AtomicBool::new(false));
        health.check("bus", move || {
            if was_there.load(Ordering::Relaxed) {
                return Ok(());
            }
            let connections = connections.lock().unwrap_or_else(PoisonError::into_inner);
            let is_away = |jetstream: &JetStream| jetstream.client().connection_state() != State::Connected;
            if connections.values().any(is_away) {
                return Err("the NATS server can't be reached".into());
            }
            was_there.store(!connections.is_empty(), Ordering::Relaxed);
            Ok(())
        });
    }

    /// The connection for a tenant: one for all, unless each has an account of its own. `None` if no server is named.
    ///
    /// # Errors
    /// If the credentials can't be read, or the URL isn't one. A server that isn't there is none.
    pub async fn jetstream(&self, tenant: &str) -> Result<Option<JetStream>, BusError> {
        let Some(url) = &self.settings.nats_url else { return Ok(None) };
        let account = self.settings.nats_accounts.then(|| tenant.to_owned());
        let known = |connections: &Mutex<HashMap<_, JetStream>>| {
            connections.lock().unwrap_or_else(PoisonError::into_inner).get(&account).cloned()
        };
        if let Some(connection) = known(&self.connections) {
            return Ok(Some(connection));
        }
        let options = match (&account, &self.settings.nats_credentials_file) {
            (Some(tenant), _) => {
                let seed = owner_seed(&self.folders, tenant)?;
                ConnectOptions::with_nkey(seed.to_string())
            }
            (None, Some(file)) => ConnectOptions::with_credentials_file(file)
                .await
                .map_err(|source| BusError::Credentials { path: file.clone(), source })?,
            (None, None) => ConnectOptions::new(),
        };
        let options = match self.settings.nats_tls {
            true => options.require_tls(true).tls_client_config(Certified::open(&self.internal)?.client()),
            false => options,
        };
        let options = options.name(format!("radslag {}", account.as_deref().unwrap_or("all tenants")));
        let connection = connect(url, options).await.map_err(|source| BusError::Connect { source })?;
        let mut connections = self.connections.lock().unwrap_or_else(PoisonError::into_inner);
        Ok(Some(connections.entry(account).or_insert(connection).clone()))
    }

    /// Carries a log of this process to its stream; nothing if no server is named. Waits a moment for the comparison that
    /// the log is held for.
    ///
    /// # Errors
    /// As `jetstream`; `Address`.
    pub async fn relay(
        &self,
        log: &Log,
        (tenant, service): (&str, &'static str),
        (tasks, shutdown): (&mut Tasks, &Shutdown),
    ) -> Result<(), BusError> {
        let Some(jetstream) = self.jetstream(tenant).await? else { return Ok(()) };
        let address = Address::new(tenant, service)?;
        let links = self.links(tenant, service);
        let relay = Relay::new(log.clone(), log.begins(), address, links, Limits::default(), jetstream);
        let (end, mut progress) = (shutdown.clone(), relay.progress());
        self.figures.relay((tenant, service), log.watch(), relay.progress());
        tasks.spawn("relay", async move {
            tokio::select! {
                () = end.begun() => {}
                // It returns only when the stream contradicts the log: then it stays stopped, and says so.
                alarm = relay.run() => tracing::error!(%alarm, "the relay stopped for good"),
            }
        });
        // Whatever the comparison says, or if it says nothing for a while: the tenant is served, if only to be read.
        let until = *self.waiting.get_or_init(|| Instant::now() + COMPARING);
        let _ = tokio::time::timeout_at(until, progress.changed()).await;
        Ok(())
    }

    /// Where a service's events come from: its log if this process has it, else its stream.
    ///
    /// # Errors
    /// As `jetstream`; `Address`; `Nowhere` if there is neither.
    pub async fn source(&self, tenant: &str, service: &str, log: Option<&Log>) -> Result<Source, BusError> {
        if let Some(log) = log {
            return Ok(Source::Log(log.clone()));
        }
        let jetstream = self.jetstream(tenant).await?.ok_or_else(|| BusError::Nowhere(service.to_owned()))?;
        Ok(Source::jetstream(jetstream, &Address::new(tenant, service)?))
    }

    /// Has somebody take a service's events until the process ends; how far that has got.
    ///
    /// # Errors
    /// If the consumer's folder can't be used.
    pub fn consume(
        &self,
        reader: Reader<'_>,
        source: Source,
        mut taker: impl Take + 'static,
        (tasks, shutdown): (&mut Tasks, &Shutdown),
    ) -> Result<watch::Receiver<Reading>, BusError> {
        let Reader { tenant, service, name, start } = reader;
        let kept = Kept::new(consumer_folder(&self.folders, tenant, service, name));
        let consumer =
            Consumer::new(name, source, kept, start).map_err(|source| BusError::Kept { source })?;
        let reading = consumer.reading();
        self.figures.consumer((tenant, service, name), reading.clone());
        let end = shutdown.clone();
        let running = async move {
            loop {
                match consumer.run(&mut taker).await {
                    // A full disk is emptied some day.
                    Error::Kept(_) => tokio::time::sleep(AGAIN).await,
                    _for_good => return,
                }
            }
        };
        tasks.spawn("consumer", async move {
            tokio::select! {
                () = end.begun() => {}
                () = running => {}
            }
        });
        Ok(reading)
    }

    fn links(&self, tenant: &str, service: &str) -> Links {
        let url = &self.url;
        Links { installation: url.clone(), clear_text: format!("{url}/{tenant}/log/{service}/disclosed") }
    }
}

/// Where a consumer keeps its place and what it couldn't take: ground state of the tenant.
#[must_use]
pub fn consumer_folder(folders: &Folders, tenant: &str, service: &str, name: &str) -> PathBuf {
    consumers_folder(folders, tenant).join(format!("{service}.{name}"))
}

/// Where all consumers of a tenant are.
#[must_use]
pub fn consumers_folder(folders: &Folders, tenant: &str) -> PathBuf {
    folders.ground.join(tenant).join("consumers")
}

/// Where `owner_seed` keeps it.
#[must_use]
pub fn seed_file(folders: &Folders, tenant: &str) -> PathBuf {
    folders.secrets.join(tenant).join("nats.seed")
}

/// The seed by which this installation proves to NATS that it is the owner of a tenant's account; made if there is none.
///
/// # Errors
/// If the file can't be read, is open to everybody, or isn't a seed.
pub fn owner_seed(folders: &Folders, tenant: &str) -> Result<Zeroizing<String>, BusError> {
    let path = seed_file(folders, tenant);
    let made = accounts::new_seed()?;
    let secret = Secret::read_or_create(&path, || Zeroizing::new(made.into_bytes()))?;
    let seed = Zeroizing::new(secret.text().unwrap_or_default().to_owned());
    accounts::public_key(&seed)?;
    Ok(seed)
}

/// Why the bus can't be used as configured.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum BusError {
    /// The URL can't be used.
    #[error("bus.nats_url can't be used")]
    Connect {
        /// Why.
        source: async_nats::ConnectError,
    },
    /// The credentials file can't be read.
    #[error("{path} can't be read")]
    Credentials {
        /// Which.
        path: PathBuf,
        /// Why.
        source: std::io::Error,
    },
    /// The certificate or the authority of `[internal]`.
    #[error("the certificate for bus.nats_tls can't be used")]
    Certificate(#[from] InternalError),
    /// The tenant's seed can't be used.
    #[error("the tenant's NATS seed can't be used")]
    Secret(#[from] SecretError),
    /// The tenant's seed isn't one.
    #[error("the tenant's NATS seed can't be used")]
    Seed(#[from] accounts::NotAKey),
    /// A tenant or service that can't be part of a subject.
    #[error("the tenant or service can't be named on the bus")]
    Address(#[from] NotAnAddress),
    /// The events come from nowhere.
    #[error("events of {0} come from nowhere: it isn't served here, and bus.nats_url names no server")]
    Nowhere(String),
    /// The consumer's folder can't be used.
    #[error("a consumer's folder can't be used")]
    Kept {
        /// Why.
        source: std::io::Error,
    },
}
