//! Sealing and opening a field, the salted commitment to it, and tags for look-up.

use chacha20poly1305::{
    KeyInit as _, XChaCha20Poly1305, XNonce,
    aead::{Aead as _, Payload},
};
use hkdf::Hkdf;
use hmac::{Hmac, Mac as _};
use radslag_kernel::{EventId, id::LogId};
use radslag_proto::log::Sealed;
use sha2::Sha256;
use zeroize::{Zeroize, ZeroizeOnDrop, Zeroizing};

use crate::Error;

/// HKDF-SHA256 over the keys in order, then XChaCha20-Poly1305.
pub const XCHACHA: u32 = 1;
/// Bytes of salt before each sealed value.
pub const SALT: usize = 32;

/// A subject's key: 256 bits, wiped when dropped.
#[derive(Clone, Zeroize, ZeroizeOnDrop)]
pub struct Key([u8; 32]);

impl Key {
    /// A new random key.
    #[must_use]
    pub fn random() -> Self {
        Self(rand::random())
    }

    pub(crate) fn from_slice(bytes: &[u8]) -> Option<Self> {
        bytes.try_into().ok().map(Self)
    }

    pub(crate) const fn bytes(&self) -> &[u8] {
        &self.0
    }

    /// A key for another purpose, from which this one can't be computed.
    #[must_use]
    pub fn derive(&self, purpose: &str) -> Self {
        Self(expand(&[self], purpose.as_bytes()))
    }
}

impl From<[u8; 32]> for Key {
    fn from(bytes: [u8; 32]) -> Self {
        Self(bytes)
    }
}

/// What a sealed field is bound to; moved anywhere else it doesn't open.
#[derive(Clone, Copy, Debug)]
pub struct Place {
    /// The log.
    pub log: LogId,
    /// The event.
    pub event: EventId,
    /// The field's number.
    pub field: u32,
}

impl Place {
    fn bytes(&self) -> [u8; 36] {
        let mut bytes = [0; 36];
        bytes[..16].copy_from_slice(self.log.as_bytes());
        bytes[16..32].copy_from_slice(self.event.as_bytes());
        bytes[32..].copy_from_slice(&self.field.to_be_bytes());
        bytes
    }
}

/// A value with the salt of its commitment, as it was sealed.
pub struct Salted {
    /// 32 random bytes.
    pub salt: [u8; SALT],
    /// The value.
    pub value: Vec<u8>,
}

/// Seals a value under one or two keys with a fresh salt and nonce; gives the salt's commitment too.
#[must_use]
pub fn seal(place: Place, keys: &[(u64, &Key)], value: &[u8]) -> (Sealed, [u8; 32]) {
    let salt: [u8; SALT] = rand::random();
    let nonce: [u8; 24] = rand::random();
    let mut plain = Zeroizing::new(Vec::with_capacity(SALT + value.len()));
    plain.extend_from_slice(&salt);
    plain.extend_from_slice(value);
    let cipher = cipher_of(keys.iter().map(|(_, key)| *key));
    let payload = Payload { msg: &plain, aad: &place.bytes() };
    // XChaCha20-Poly1305 fails only beyond 256 GiB; a value is at most 1 MiB.
    let ciphertext = cipher.encrypt(&XNonce::from(nonce), payload).unwrap_or_default();
    let sealed = Sealed {
        field: place.field,
        algorithm: XCHACHA,
        keys: keys.iter().map(|(slot, _)| *slot).collect(),
        nonce: nonce.to_vec().into(),
        ciphertext: ciphertext.into(),
    };
    (sealed, commitment(&salt, place.event, place.field, value))
}

/// Opens a sealed field.
///
/// # Errors
/// `Forged` if it was changed, moved, or sealed under other keys.
pub fn open(place: Place, keys: &[Key], sealed: &Sealed) -> Result<Salted, Error> {
    let forged = || Error::Forged { event: place.event.to_string(), field: place.field };
    let nonce: [u8; 24] = sealed.nonce.as_ref().try_into().map_err(|_| forged())?;
    if sealed.algorithm != XCHACHA {
        return Err(forged());
    }
    let payload = Payload { msg: &sealed.ciphertext, aad: &place.bytes() };
    let plain = cipher_of(keys.iter()).decrypt(&XNonce::from(nonce), payload).map_err(|_| forged())?;
    let (salt, value) = plain.split_first_chunk::<SALT>().ok_or_else(forged)?;
    Ok(Salted { salt: *salt, value: value.to_vec() })
}

/// HMAC-SHA256(salt, "radslag/1" + event id + field number as u32 big endian + value): what the public header holds.
#[must_use]
pub fn commitment(salt: &[u8; SALT], event: EventId, field: u32, value: &[u8]) -> [u8; 32] {
    hmac(salt, &[b"radslag/1", event.as_bytes(), &field.to_be_bytes(), value])
}

/// Makes tags under a key: equal values give equal tags, and without the key nobody can try values.
pub struct Tagger(Key);

impl Tagger {
    /// Tags under this key.
    #[must_use]
    pub const fn new(key: Key) -> Self {
        Self(key)
    }

    /// The tag of a value of a kind (so that a name never equals a postcode).
    #[must_use]
    pub fn tag(&self, kind: &str, value: &str) -> [u8; 16] {
        let length = (kind.len() as u64).to_be_bytes();
        let full = hmac(self.0.bytes(), &[&length, kind.as_bytes(), value.as_bytes()]);
        let mut tag = [0; 16];
        tag.copy_from_slice(&full[..16]);
        tag
    }
}

/// HMAC-SHA256 of parts one after the other.
#[must_use]
pub fn hmac(key: &[u8], parts: &[&[u8]]) -> [u8; 32] {
    // HMAC takes keys of any length; the other arm can't be reached.
    let Ok(mut mac) = Hmac::<Sha256>::new_from_slice(key) else { return [0; 32] };
    for part in parts {
        mac.update(part);
    }
    mac.finalize().into_bytes().into()
}

fn cipher_of<'a>(keys: impl Iterator<Item = &'a Key>) -> XChaCha20Poly1305 {
    let keys: Vec<&Key> = keys.collect();
    let derived = Zeroizing::new(expand(&keys, b"radslag/1 field"));
    XChaCha20Poly1305::new((&*derived).into())
}

fn expand(keys: &[&Key], purpose: &[u8]) -> [u8; 32] {
    let mut material = Zeroizing::new(Vec::with_capacity(64));
    for key in keys {
        material.extend_from_slice(key.bytes());
    }
    let mut out = [0; 32];
    // HKDF-SHA256 expands up to 8,160 bytes; 32 always fit.
    let _ = Hkdf::<Sha256>::new(None, &material).expand(purpose, &mut out);
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    fn place() -> Place {
        Place { log: LogId::from_bytes([1; 16]), event: EventId::from_bytes([2; 16]), field: 3 }
    }

    #[test]
    fn what_was_sealed_opens_with_its_salt_and_the_commitment_holds() {
        let key = Key::random();
        let (sealed, committed) = seal(place(), &[(7, &key)], b"Ada");
        let opened = open(place(), &[key], &sealed).unwrap();
        assert_eq!(opened.value, b"Ada");
        assert_eq!(commitment(&opened.salt, place().event, 3, b"Ada"), committed);
        assert_ne!(commitment(&opened.salt, place().event, 3, b"Eva"), committed);
        assert_eq!(sealed.keys, [7]);
    }

    #[test]
    fn two_keys_are_needed_in_their_order() {
        let (a, b) = (Key::random(), Key::random());
        let (sealed, _) = seal(place(), &[(1, &a), (2, &b)], b"yes");
        assert!(open(place(), &[a.clone(), b.clone()], &sealed).is_ok());
        assert!(open(place(), std::slice::from_ref(&a), &sealed).is_err());
        assert!(open(place(), &[b, a], &sealed).is_err());
    }

    #[test]
    fn a_field_moved_to_another_place_does_not_open() {
        let key = Key::random();
        let (sealed, _) = seal(place(), &[(1, &key)], b"Ada");
        for other in [
            Place { field: 4, ..place() },
            Place { event: EventId::from_bytes([9; 16]), ..place() },
            Place { log: LogId::from_bytes([9; 16]), ..place() },
        ] {
            assert!(matches!(open(other, std::slice::from_ref(&key), &sealed), Err(Error::Forged { .. })));
        }
    }

    #[test]
    fn tags_differ_by_key_kind_and_value() {
        let tagger = Tagger::new(Key::from([1; 32]));
        assert_eq!(tagger.tag("name", "ada"), tagger.tag("name", "ada"));
        assert_ne!(tagger.tag("name", "ada"), tagger.tag("name", "eva"));
        assert_ne!(tagger.tag("name", "ada"), tagger.tag("postcode", "ada"));
        assert_ne!(tagger.tag("name", "ada"), Tagger::new(Key::from([2; 32])).tag("name", "ada"));
    }

    #[test]
    fn known_answer_of_a_commitment() {
        let made = commitment(&[0; 32], EventId::from_bytes([0; 16]), 1, b"x");
        assert_eq!(made, hmac(&[0; 32], &[b"radslag/1\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\x01x"]));
    }
}
