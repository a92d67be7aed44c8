//! The verification of a token: the algorithm is the key's, every claim is required, the tenant is the route's.

use std::path::Path;
use std::sync::Arc;

use jsonwebtoken::errors::ErrorKind;
use jsonwebtoken::{Validation, decode, decode_header};
use radslag_kernel::{ItemId, Role};
use serde::Deserialize;
use sha2::{Digest as _, Sha256};

use super::cache::Cache;
use super::issue::{grantable, local_key_file};
use super::keys::{self, Key, KeyError};
use super::session;
use super::{Assurance, LEEWAY_S, Means, Principal, TOKEN_LIMIT_BYTES};
use crate::config;

/// Tokens remembered as verified.
const CACHED: usize = 20_000;

/// Seconds since 1970, by the wall.
pub type Clock = Arc<dyn Fn() -> u64 + Send + Sync>;

/// Verifies tokens.
pub struct Verifier {
    keys: Vec<Key>,
    session: Key,
    issuer: String,
    audience: String,
    clock: Clock,
    cache: Cache,
}

/// Why a token is refused. For the log; outside, all of these are one `401 token-invalid`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Denied {
    /// There is no `Authorization` header. Outside: `401 token-missing`.
    #[error("no token")]
    Missing,
    /// The header is there twice, or isn't `Bearer` and a token.
    #[error("not a bearer token")]
    NotBearer,
    /// Longer than [`TOKEN_LIMIT_BYTES`].
    #[error("too long")]
    TooLong,
    /// Not three parts, not base64, not JSON, or a claim of another type.
    #[error("not a token")]
    Garbage,
    /// No key has that algorithm, or the named key has another.
    #[error("another algorithm")]
    Algorithm,
    /// The key it names isn't known, or it names none and there are several.
    #[error("an unknown key")]
    UnknownKey,
    /// The signature isn't of that key.
    #[error("wrong signature")]
    Signature,
    /// A required claim isn't there.
    #[error("no claim `{0}`")]
    NoClaim(&'static str),
    /// Of another issuer.
    #[error("another issuer")]
    Issuer,
    /// For another audience.
    #[error("another audience")]
    Audience,
    /// Its time is over.
    #[error("expired")]
    Expired,
    /// Its time hasn't come.
    #[error("not yet valid")]
    NotYetValid,
    /// For another tenant than the route's.
    #[error("for another tenant")]
    OtherTenant,
}

/// What was verified: who, and when it holds.
#[derive(Default)]
pub(super) struct Valid {
    principal: Option<Principal>,
    from: u64,
    until: u64,
}

#[derive(Deserialize)]
struct Claims {
    sub: Option<String>,
    exp: Option<f64>,
    nbf: Option<f64>,
    tenant: Option<String>,
    #[serde(default)]
    roles: Vec<String>,
    name: Option<String>,
    acr: Option<String>,
    sid: Option<String>,
}

impl Verifier {
    /// With the keys the configuration names: the issuer's set, or else the local key, which is made if missing; and the
    /// key of sessions.
    ///
    /// # Errors
    /// If the keys can't be read.
    pub fn open(auth: &config::Auth, secrets: &Path) -> Result<Self, KeyError> {
        let keys = match &auth.jwks_file {
            Some(path) => keys::of_set(path)?,
            None => vec![keys::local(&local_key_file(auth, secrets))?.1],
        };
        let clock: Clock = Arc::new(jsonwebtoken::get_current_timestamp);
        let (issuer, audience) = (auth.issuer.clone(), auth.audience.clone());
        let session = session::public(secrets)?;
        Ok(Self { keys, session, issuer, audience, clock, cache: Cache::of(CACHED) })
    }

    /// With another clock, for tests.
    #[must_use]
    pub fn with_clock(self, clock: Clock) -> Self {
        Self { clock, ..self }
    }

    /// Who a token speaks for in a tenant.
    ///
    /// # Errors
    /// Why it speaks for nobody there.
    pub fn verify(&self, token: &str, tenant: &str) -> Result<Principal, Denied> {
        if token.len() > TOKEN_LIMIT_BYTES {
            return Err(Denied::TooLong);
        }
        let hash = Sha256::digest(token).into();
        let valid = match self.cache.get(&hash) {
            Some(valid) => valid,
            None => {
                let valid = Arc::new(self.decode(token)?);
                self.cache.insert(hash, Arc::clone(&valid));
                valid
            }
        };
        let now = (self.clock)();
        if now >= valid.until.saturating_add(LEEWAY_S) {
            return Err(Denied::Expired);
        }
        if now.saturating_add(LEEWAY_S) < valid.from {
            return Err(Denied::NotYetValid);
        }
        valid.principal.clone().filter(|principal| principal.tenant == tenant).ok_or(Denied::OtherTenant)
    }

    /// All that doesn't change with time and route.
    fn decode(&self, token: &str) -> Result<Valid, Denied> {
        let header = decode_header(token).map_err(|error| told(error.kind()))?;
        if header.crit.is_some() {
            // Extensions that must be understood (RFC 7515, 4.1.11): we understand none.
            return Err(Denied::Garbage);
        }
        let of_session = header.kid.as_deref() == Some(session::NAME);
        let key = if of_session { &self.session } else { self.key(header.kid.as_deref(), header.alg)? };
        let mut rules = Validation::new(key.algorithm);
        rules.set_required_spec_claims(&["iss", "aud", "exp", "nbf", "sub"]);
        rules.set_issuer(&[if of_session { session::NAME } else { &self.issuer }]);
        rules.set_audience(&[&self.audience]);
        // The library reads the system's clock; ours is an argument, so both are compared in `verify`.
        rules.validate_exp = false;
        rules.validate_nbf = false;
        let claims = decode::<Claims>(token, &key.key, &rules).map_err(|error| told(error.kind()))?.claims;
        let subject = claims.sub.filter(|subject| !subject.is_empty()).ok_or(Denied::NoClaim("sub"))?;
        let tenant = claims.tenant.ok_or(Denied::NoClaim("tenant"))?;
        let roles = claims.roles.iter().filter_map(|word| word.parse::<Role>().ok());
        // A session is a citizen's whatever else it says, and nobody else's token is a session.
        let means = match claims.sid.filter(|_| of_session) {
            Some(id) => Means::Mailbox { session: id.parse::<ItemId>().map_err(|_| Denied::NoClaim("sid"))? },
            None if of_session => return Err(Denied::NoClaim("sid")),
            None => Means::Issuer,
        };
        let principal = Principal {
            tenant,
            subject,
            roles: roles.filter(|role| grantable(*role) && (!of_session || *role == Role::Citizen)).collect(),
            name: claims.name,
            assurance: claims.acr.as_deref().and_then(Assurance::of).filter(|_| !of_session),
            means,
        };
        let from = seconds(claims.nbf.ok_or(Denied::NoClaim("nbf"))?)?;
        let until = seconds(claims.exp.ok_or(Denied::NoClaim("exp"))?)?;
        Ok(Valid { principal: Some(principal), from, until })
    }

    fn key(&self, id: Option<&str>, algorithm: jsonwebtoken::Algorithm) -> Result<&Key, Denied> {
        if !self.keys.iter().any(|key| key.algorithm == algorithm) {
            return Err(Denied::Algorithm);
        }
        let key = match id {
            // A key without an id (the local one) answers to any.
            Some(id) => self.keys.iter().find(|key| key.id.as_deref().is_none_or(|known| known == id)),
            None => self.keys.first().filter(|_| self.keys.len() == 1),
        };
        let key = key.ok_or(Denied::UnknownKey)?;
        if key.algorithm == algorithm { Ok(key) } else { Err(Denied::Algorithm) }
    }
}

/// RFC 7519's NumericDate may have a fraction.
fn seconds(date: f64) -> Result<u64, Denied> {
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "bounded by the check")]
    if date.is_finite() && (0.0..1e15).contains(&date) { Ok(date as u64) } else { Err(Denied::Garbage) }
}

fn told(kind: &ErrorKind) -> Denied {
    match kind {
        ErrorKind::InvalidSignature => Denied::Signature,
        ErrorKind::InvalidIssuer => Denied::Issuer,
        ErrorKind::InvalidAudience => Denied::Audience,
        ErrorKind::InvalidAlgorithm
        | ErrorKind::InvalidAlgorithmName
        | ErrorKind::UnsupportedAlgorithm
        | ErrorKind::MissingAlgorithm => Denied::Algorithm,
        ErrorKind::MissingRequiredClaim(claim) => {
            let known = ["iss", "aud", "exp", "nbf", "sub"];
            Denied::NoClaim(known.into_iter().find(|name| name == claim).unwrap_or("?"))
        }
        _ => Denied::Garbage,
    }
}
