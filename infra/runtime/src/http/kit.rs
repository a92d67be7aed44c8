//! What the routes of all services share: one value, opened from the configuration, cheap to clone.

use std::collections::BTreeMap;
use std::sync::Arc;

use axum::Router;
use ipnet::IpNet;
use zeroize::Zeroizing;

use super::{Catalogue, CatalogueError, Cursors, Health, Metrics, Problem, shell, system};
use crate::auth::{KeyError, Sessions, Verifier};
use crate::config::{self, Config};
use crate::limits::NetworkLimiter;
use crate::roles::{Roles, RolesError};
use crate::scan::Clamd;
use crate::secret::{Secret, SecretError};

/// Networks that are told apart at once before they share.
const NETWORKS: usize = 65_536;

/// Tenants, keys, roles, words, checks and figures. Make it part of a router's state: `impl FromRef<State> for Kit`.
#[derive(Clone)]
pub struct Kit(Arc<Inner>);

struct Inner {
    http: config::Http,
    scanner: Option<Clamd>,
    tenants: BTreeMap<String, Arc<config::Tenant>>,
    verifier: Verifier,
    sessions: Sessions,
    roles: Roles,
    catalogue: Catalogue,
    cursors: Cursors,
    limiter: NetworkLimiter,
    health: Health,
    metrics: Metrics,
}

impl Kit {
    /// From a configuration and the services' catalogues of problems. Makes the local token key and the cursor key
    /// if they are missing.
    ///
    /// # Errors
    /// If a key can't be read or made, or a catalogue or the table of roles is wrong.
    pub fn open(config: &Config, catalogues: &[&str]) -> Result<Self, KitError> {
        let secrets = config.data.secrets_dir();
        let verifier = Verifier::open(&config.auth, &secrets)?;
        Self::with_verifier(config, catalogues, verifier)
    }

    /// With a verifier of one's own, for tests with another clock.
    ///
    /// # Errors
    /// As [`Kit::open`].
    pub fn with_verifier(config: &Config, catalogues: &[&str], verifier: Verifier) -> Result<Self, KitError> {
        let key =
            || Zeroizing::new(format!("{:032x}{:032x}\n", rand::random::<u128>(), rand::random::<u128>()));
        let secrets = config.data.secrets_dir();
        let cursor_key = secrets.join("cursor.key");
        let cursor_key = Secret::read_or_create(&cursor_key, || Zeroizing::new(key().as_bytes().to_vec()))?;
        let catalogue = catalogues.iter().try_fold(Catalogue::shipped()?, |all, text| all.with(text))?;
        let tenants = config.tenants.iter().map(|tenant| (tenant.id.clone(), Arc::new(tenant.clone())));
        Ok(Self(Arc::new(Inner {
            http: config.http.clone(),
            scanner: config.attachments.clamd.clone(),
            tenants: tenants.collect(),
            verifier,
            sessions: Sessions::open(&config.auth, &secrets)?,
            roles: Roles::shipped()?,
            catalogue,
            cursors: Cursors::new(&cursor_key),
            limiter: NetworkLimiter::new(&config.limits, NETWORKS),
            health: Health::default(),
            metrics: Metrics::default(),
        })))
    }

    /// A finished router: with `/livez`, `/readyz` and `/metrics`, problems for unknown paths and wrong methods,
    /// and the shell around every request.
    pub fn wrap(&self, routes: Router) -> Router {
        let routes = routes
            .merge(system::routes().with_state(self.clone()))
            .merge(crate::pages::routes())
            .fallback(|| async { Problem::not_found() });
        shell::around(self, routes)
    }

    /// A tenant by its id.
    #[must_use]
    pub fn tenant(&self, id: &str) -> Option<Arc<config::Tenant>> {
        self.0.tenants.get(id).cloned()
    }

    /// Every tenant, by id.
    pub fn tenants(&self) -> impl Iterator<Item = &Arc<config::Tenant>> {
        self.0.tenants.values()
    }

    /// How the server is configured.
    #[must_use]
    pub fn http(&self) -> &config::Http {
        &self.0.http
    }

    /// What looks at files that citizens attach, if anything does.
    #[must_use]
    pub fn scanner(&self) -> Option<&Clamd> {
        self.0.scanner.as_ref()
    }

    /// What verifies tokens.
    #[must_use]
    pub fn verifier(&self) -> &Verifier {
        &self.0.verifier
    }

    /// What signs sessions of mailboxes.
    #[must_use]
    pub fn sessions(&self) -> &Sessions {
        &self.0.sessions
    }

    /// Who may do what.
    #[must_use]
    pub fn roles(&self) -> &Roles {
        &self.0.roles
    }

    /// The words of problems.
    #[must_use]
    pub fn catalogue(&self) -> &Catalogue {
        &self.0.catalogue
    }

    /// What makes and checks cursors.
    #[must_use]
    pub fn cursors(&self) -> &Cursors {
        &self.0.cursors
    }

    /// How much each network may still hand in.
    #[must_use]
    pub fn limiter(&self) -> &NetworkLimiter {
        &self.0.limiter
    }

    /// The checks behind `/readyz`.
    #[must_use]
    pub fn health(&self) -> &Health {
        &self.0.health
    }

    /// The figures behind `/metrics`.
    #[must_use]
    pub fn metrics(&self) -> &Metrics {
        &self.0.metrics
    }

    pub(super) fn trusted_proxies(&self) -> &[IpNet] {
        &self.0.http.trusted_proxies
    }
}

/// Why there is no kit.
#[derive(Debug, thiserror::Error)]
pub enum KitError {
    /// The keys of tokens.
    #[error(transparent)]
    Keys(#[from] KeyError),
    /// The key of cursors.
    #[error(transparent)]
    Secret(#[from] SecretError),
    /// The table of roles.
    #[error(transparent)]
    Roles(#[from] RolesError),
    /// A catalogue of problems.
    #[error(transparent)]
    Catalogue(#[from] CatalogueError),
}
