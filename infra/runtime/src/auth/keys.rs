//! The keys tokens are verified with: a JWK set of the issuer, or the local development key.

use std::path::{Path, PathBuf};

use base64::Engine as _;
use jsonwebtoken::jwk::{AlgorithmParameters, EllipticCurve, Jwk, JwkSet};
use jsonwebtoken::{Algorithm, DecodingKey, EncodingKey};
use zeroize::Zeroizing;

use crate::secret::{Secret, SecretError};

/// A public key, with the one algorithm it is used with.
#[derive(Clone)]
pub(super) struct Key {
    pub(super) id: Option<String>,
    pub(super) algorithm: Algorithm,
    pub(super) key: DecodingKey,
}

/// The public keys of an issuer's set. Keys of other kinds are passed over: they may be for somebody else.
pub(super) fn of_set(path: &Path) -> Result<Vec<Key>, KeyError> {
    let text = std::fs::read(path).map_err(|source| KeyError::Unreadable { path: path.into(), source })?;
    let set: JwkSet = serde_json::from_slice(&text).map_err(|_| KeyError::NotASet { path: path.into() })?;
    let keys: Vec<Key> = set.keys.iter().filter_map(of_jwk).collect();
    if keys.is_empty() {
        return Err(KeyError::NoKey { path: path.into() });
    }
    Ok(keys)
}

fn of_jwk(jwk: &Jwk) -> Option<Key> {
    let algorithm = match &jwk.algorithm {
        AlgorithmParameters::OctetKeyPair(pair) if pair.curve == EllipticCurve::Ed25519 => Algorithm::EdDSA,
        AlgorithmParameters::EllipticCurve(key) if key.curve == EllipticCurve::P256 => Algorithm::ES256,
        _ => return None,
    };
    let key = DecodingKey::from_jwk(jwk).ok()?;
    Some(Key { id: jwk.common.key_id.clone(), algorithm, key })
}

/// The local key: what signs, and what verifies that.
pub(super) fn local(path: &Path) -> Result<(EncodingKey, Key), KeyError> {
    let secret = Secret::read_or_create(path, new_pem)?;
    let broken = |_| KeyError::NotAKey { path: path.into() };
    let private = EncodingKey::from_ed_pem(secret.bytes()).map_err(broken)?;
    let public = Jwk::from_encoding_key(&private, Algorithm::EdDSA).map_err(broken)?;
    let key = DecodingKey::from_jwk(&public).map_err(broken)?;
    Ok((private, Key { id: None, algorithm: Algorithm::EdDSA, key }))
}

/// A fresh Ed25519 key as PKCS#8 in PEM (RFC 8410): a fixed head of 16 bytes and the 32 bytes of the seed.
fn new_pem() -> Zeroizing<Vec<u8>> {
    const HEAD: [u8; 16] =
        [0x30, 0x2e, 0x02, 0x01, 0x00, 0x30, 0x05, 0x06, 0x03, 0x2b, 0x65, 0x70, 0x04, 0x22, 0x04, 0x20];
    let seed = Zeroizing::new(rand::random::<[u8; 32]>());
    let mut der = Zeroizing::new(Vec::with_capacity(48));
    der.extend_from_slice(&HEAD);
    der.extend_from_slice(&*seed);
    let body = Zeroizing::new(base64::engine::general_purpose::STANDARD.encode(&*der));
    Zeroizing::new(
        format!("-----BEGIN PRIVATE KEY-----\n{}\n-----END PRIVATE KEY-----\n", &*body).into_bytes(),
    )
}

/// Why there are no keys.
#[derive(Debug, thiserror::Error)]
pub enum KeyError {
    /// The key set can't be read.
    #[error("the key set {} can't be read", path.display())]
    Unreadable {
        /// Which file.
        path: PathBuf,
        /// Why not.
        source: std::io::Error,
    },
    /// The key set isn't one.
    #[error("{} is not a JWK set (a JSON object with a list `keys`)", path.display())]
    NotASet {
        /// Which file.
        path: PathBuf,
    },
    /// Nothing in it that tokens may be signed with.
    #[error("{} has no public key for Ed25519 or P-256", path.display())]
    NoKey {
        /// Which file.
        path: PathBuf,
    },
    /// The local key isn't an Ed25519 key.
    #[error("{} is not an Ed25519 private key in PKCS#8, as PEM", path.display())]
    NotAKey {
        /// Which file.
        path: PathBuf,
    },
    /// The local key can't be read or made.
    #[error(transparent)]
    Secret(#[from] SecretError),
}
