//! Sessions of a mailbox: tokens that this service signs itself, with a key of its own (`<secrets>/session.pem`), and
//! verifies as any other. Such a token says which mailbox answered a one-time link and nothing more: it is never an eID.

use std::path::{Path, PathBuf};

use jsonwebtoken::{Algorithm, EncodingKey, Header};
use radslag_kernel::{ItemId, Role};
use serde::Serialize;

use super::keys::{self, Key, KeyError};
use crate::config;

/// The `kid` of the key, and the `iss` of its tokens. No other key is asked for a token that names it.
pub(super) const NAME: &str = "radslag-session";

/// Signs sessions.
pub struct Sessions {
    key: EncodingKey,
    audience: String,
    seconds: u64,
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
    roles: [&'static str; 1],
    sid: String,
}

impl Sessions {
    /// With the key, made (mode 0600) if there is none.
    ///
    /// # Errors
    /// If the key can't be read or made.
    pub fn open(auth: &config::Auth, secrets: &Path) -> Result<Self, KeyError> {
        let (key, _) = keys::local(&file(secrets))?;
        let (audience, seconds) = (auth.audience.clone(), auth.session_minutes.saturating_mul(60));
        Ok(Self { key, audience, seconds })
    }

    /// How long a session lasts.
    #[must_use]
    pub const fn seconds(&self) -> u64 {
        self.seconds
    }

    /// A session's token, valid from now on by the wall clock. `None` if the key doesn't sign.
    #[must_use]
    pub fn issue(&self, tenant: &str, mailbox: &str, session: ItemId) -> Option<String> {
        let now = jsonwebtoken::get_current_timestamp();
        let claims = Claims {
            iss: NAME,
            aud: &self.audience,
            sub: mailbox,
            iat: now,
            nbf: now,
            exp: now.saturating_add(self.seconds),
            tenant,
            roles: [Role::Citizen.word()],
            sid: session.to_string(),
        };
        let header = Header { kid: Some(NAME.into()), ..Header::new(Algorithm::EdDSA) };
        jsonwebtoken::encode(&header, &claims, &self.key).ok()
    }
}

/// What verifies them.
pub(super) fn public(secrets: &Path) -> Result<Key, KeyError> {
    Ok(keys::local(&file(secrets))?.1)
}

fn file(secrets: &Path) -> PathBuf {
    secrets.join("session.pem")
}
