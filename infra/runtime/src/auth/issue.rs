//! Development tokens, signed with the local key. Their verification is the real one.

use std::path::Path;

use jsonwebtoken::{Algorithm, EncodingKey, Header};
use radslag_kernel::Role;
use serde::Serialize;

use super::keys::{self, KeyError};
use super::{Assurance, LEEWAY_S};
use crate::config;

/// Signs with the local key.
pub struct Issuer {
    key: EncodingKey,
    issuer: String,
    audience: String,
}

/// What a token says.
#[derive(Clone, Debug)]
pub struct Grant {
    /// The tenant it holds for.
    pub tenant: String,
    /// For whom.
    pub subject: String,
    /// As what.
    pub roles: Vec<Role>,
    /// A name, if it should have one.
    pub name: Option<String>,
    /// How surely the person is known.
    pub assurance: Option<Assurance>,
    /// For how long.
    pub valid_s: u64,
}

#[derive(Serialize)]
struct Claims<'a> {
    iss: &'a str,
    aud: &'a str,
    sub: &'a str,
    iat: u64,
    nbf: u64,
    exp: u64,
    tenant: &'a str,
    roles: Vec<&'static str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    name: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    acr: Option<&'static str>,
}

impl Issuer {
    /// With the local key, made (mode 0600) if there is none.
    ///
    /// # Errors
    /// If the key can't be read or made.
    pub fn open(auth: &config::Auth, secrets: &Path) -> Result<Self, KeyError> {
        let (key, _) = keys::local(&local_key_file(auth, secrets))?;
        Ok(Self { key, issuer: auth.issuer.clone(), audience: auth.audience.clone() })
    }

    /// A token, valid from `now` (seconds since 1970).
    ///
    /// # Errors
    /// If it grants a role no token may grant, or can't be signed.
    pub fn issue(&self, grant: &Grant, now: u64) -> Result<String, IssueError> {
        if let Some(role) = grant.roles.iter().find(|role| !grantable(**role)) {
            return Err(IssueError::NotGrantable(role.word()));
        }
        let claims = Claims {
            iss: &self.issuer,
            aud: &self.audience,
            sub: &grant.subject,
            iat: now,
            nbf: now,
            exp: now.saturating_add(grant.valid_s.max(LEEWAY_S)),
            tenant: &grant.tenant,
            roles: grant.roles.iter().map(|role| role.word()).collect(),
            name: grant.name.as_deref(),
            acr: grant.assurance.map(Assurance::word),
        };
        jsonwebtoken::encode(&Header::new(Algorithm::EdDSA), &claims, &self.key)
            .map_err(|_| IssueError::Unsigned)
    }
}

pub(super) fn local_key_file(auth: &config::Auth, secrets: &Path) -> std::path::PathBuf {
    auth.local_key_file.clone().unwrap_or_else(|| secrets.join("token.pem"))
}

/// Who started a petition stands in the petition, and the service itself has no token.
pub(super) const fn grantable(role: Role) -> bool {
    !matches!(role, Role::System | Role::Initiator)
}

/// Why there is no token.
#[derive(Debug, thiserror::Error, PartialEq, Eq)]
pub enum IssueError {
    /// The role isn't given by tokens.
    #[error("no token can grant the role `{0}`: it follows from what somebody did")]
    NotGrantable(&'static str),
    /// The key doesn't sign.
    #[error("the local key doesn't sign")]
    Unsigned,
}
