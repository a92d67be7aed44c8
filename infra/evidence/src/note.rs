//! Signed notes (C2SP signed-note): a text, a blank line, and lines of signatures by named Ed25519 keys.
//!
//! A text is worth nothing until a key one trusts has signed it: `Note::signed_by`.

use std::fmt;

use base64::{Engine as _, engine::general_purpose::STANDARD as BASE64};
use ed25519_dalek::{Signer as _, VerifyingKey};
use sha2::{Digest as _, Sha256};
use zeroize::Zeroizing;

/// Most bytes of a note that is read.
pub const MAX: usize = 1 << 20;
/// Most signatures of a note that is read.
pub const MAX_SIGNATURES: usize = 128;
/// Signature type of Ed25519.
const ED25519: u8 = 1;

/// Why something isn't a note, a key, or isn't signed.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Error {
    /// It isn't text, a blank line and signatures, or is too large.
    #[error("it is not a signed note: {0}")]
    Format(&'static str),
    /// The name of a key is empty or has a space or a plus.
    #[error("`{0}` can't be the name of a key")]
    Name(String),
    /// It isn't a key for Ed25519 signatures.
    #[error("it is not a verifier key: {0}")]
    Key(&'static str),
    /// The signature of a trusted key doesn't check.
    #[error("the signature by {0} is wrong")]
    Signature(String),
    /// No trusted key has signed it.
    #[error("no trusted key has signed it")]
    Unsigned,
}

/// A text and its signatures, which nobody has checked yet.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Note {
    text: String,
    signatures: Vec<Signature>,
}

/// A line of signature.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Signature {
    /// Whose.
    pub name: String,
    /// First four bytes of a hash of name, type and public key.
    pub id: [u8; 4],
    /// By its algorithm; 64 bytes of Ed25519.
    pub bytes: Vec<u8>,
}

impl Note {
    /// Signs a text, which ends with a newline.
    ///
    /// # Errors
    /// `Format` if it doesn't, or has a control character.
    pub fn sign(text: String, keys: &[&SigningKey]) -> Result<Self, Error> {
        check_text(&text)?;
        let signatures = keys.iter().map(|key| key.sign(&text)).collect();
        Ok(Self { text, signatures })
    }

    /// Reads one.
    ///
    /// # Errors
    /// `Format`, `Name`.
    pub fn parse(note: &str) -> Result<Self, Error> {
        if note.len() > MAX {
            return Err(Error::Format("it is too large"));
        }
        let end = note.rfind("\n\n").ok_or(Error::Format("there is no blank line before signatures"))?;
        let (text, lines) = (&note[..=end], &note[end + 2..]);
        check_text(text)?;
        let lines = lines.strip_suffix('\n').ok_or(Error::Format("the last line has no end"))?;
        let signatures = lines.split('\n').map(Signature::parse).collect::<Result<Vec<_>, _>>()?;
        if signatures.len() > MAX_SIGNATURES {
            return Err(Error::Format("it has too many signatures"));
        }
        Ok(Self { text: text.to_owned(), signatures })
    }

    /// The text, if at least one of these keys has signed it and each of them that has signed it has done so rightly.
    ///
    /// # Errors
    /// `Signature`, `Unsigned`.
    pub fn signed_by(&self, trusted: &[VerifierKey]) -> Result<&str, Error> {
        let mut signed = false;
        for signature in &self.signatures {
            let known = trusted.iter().find(|key| key.name == signature.name && key.id() == signature.id);
            let Some(key) = known else { continue };
            if !key.verifies(&self.text, &signature.bytes) {
                return Err(Error::Signature(key.name.clone()));
            }
            signed = true;
        }
        if signed { Ok(&self.text) } else { Err(Error::Unsigned) }
    }

    /// The text, unchecked.
    #[must_use]
    pub fn text(&self) -> &str {
        &self.text
    }

    /// Its lines of signatures.
    #[must_use]
    pub fn signatures(&self) -> &[Signature] {
        &self.signatures
    }
}

impl fmt::Display for Note {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "{}", self.text)?;
        for Signature { name, id, bytes } in &self.signatures {
            writeln!(f, "\u{2014} {name} {}", BASE64.encode([&id[..], bytes].concat()))?;
        }
        Ok(())
    }
}

fn check_text(text: &str) -> Result<(), Error> {
    if !text.ends_with('\n') {
        return Err(Error::Format("the text doesn't end with a newline"));
    }
    if text.bytes().any(|byte| byte < b' ' && byte != b'\n') {
        return Err(Error::Format("it has a control character"));
    }
    Ok(())
}

impl Signature {
    fn parse(line: &str) -> Result<Self, Error> {
        let bad = Error::Format("a line of signature isn't one");
        let (name, bytes) =
            line.strip_prefix("\u{2014} ").and_then(|rest| rest.split_once(' ')).ok_or(bad.clone())?;
        check_name(name)?;
        let bytes = BASE64.decode(bytes).map_err(|_| bad.clone())?;
        let (id, bytes) = bytes.split_first_chunk().filter(|(_, bytes)| !bytes.is_empty()).ok_or(bad)?;
        Ok(Self { name: name.to_owned(), id: *id, bytes: bytes.to_vec() })
    }
}

fn check_name(name: &str) -> Result<(), Error> {
    let odd = |c: char| c.is_whitespace() || c.is_control() || c == '+';
    if name.is_empty() || name.contains(odd) { Err(Error::Name(name.to_owned())) } else { Ok(()) }
}

fn key_id(name: &str, public: &[u8; 32]) -> [u8; 4] {
    let hash =
        Sha256::new().chain_update(name).chain_update([b'\n', ED25519]).chain_update(public).finalize();
    [hash[0], hash[1], hash[2], hash[3]]
}

/// A public key under a name: `<name>+<id in hex>+<base64 of type and key>`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct VerifierKey {
    name: String,
    public: VerifyingKey,
}

impl VerifierKey {
    /// Reads one.
    ///
    /// # Errors
    /// `Key`, `Name`.
    pub fn parse(key: &str) -> Result<Self, Error> {
        let mut parts = key.splitn(3, '+');
        let (Some(name), Some(id), Some(bytes)) = (parts.next(), parts.next(), parts.next()) else {
            return Err(Error::Key("it has no name, id and key with a plus between"));
        };
        check_name(name)?;
        let bytes = BASE64.decode(bytes).map_err(|_| Error::Key("the key isn't base64"))?;
        let Some((&ED25519, public)) = bytes.split_first() else {
            return Err(Error::Key("it isn't for Ed25519"));
        };
        let public = <[u8; 32]>::try_from(public).map_err(|_| Error::Key("it hasn't 32 bytes"))?;
        let public = VerifyingKey::from_bytes(&public).map_err(|_| Error::Key("it is no point"))?;
        let key = Self { name: name.to_owned(), public };
        if hex(key.id()) == id { Ok(key) } else { Err(Error::Key("its id isn't that of name and key")) }
    }

    /// Its name.
    #[must_use]
    pub fn name(&self) -> &str {
        &self.name
    }

    /// The same key under another name.
    ///
    /// # Errors
    /// `Name`.
    pub fn named(&self, name: &str) -> Result<Self, Error> {
        check_name(name)?;
        Ok(Self { name: name.to_owned(), public: self.public })
    }

    fn id(&self) -> [u8; 4] {
        key_id(&self.name, self.public.as_bytes())
    }

    fn verifies(&self, text: &str, signature: &[u8]) -> bool {
        ed25519_dalek::Signature::from_slice(signature)
            .is_ok_and(|signature| self.public.verify_strict(text.as_bytes(), &signature).is_ok())
    }
}

impl fmt::Display for VerifierKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let bytes = [&[ED25519][..], self.public.as_bytes()].concat();
        write!(f, "{}+{}+{}", self.name, hex(self.id()), BASE64.encode(bytes))
    }
}

fn hex(id: [u8; 4]) -> String {
    format!("{:08x}", u32::from_be_bytes(id))
}

/// A secret key under a name. Its bytes are overwritten when it goes.
#[derive(Clone)]
pub struct SigningKey {
    name: String,
    secret: ed25519_dalek::SigningKey,
}

impl SigningKey {
    /// From 32 random bytes.
    ///
    /// # Errors
    /// `Name`.
    pub fn new(name: &str, seed: &Zeroizing<[u8; 32]>) -> Result<Self, Error> {
        check_name(name)?;
        Ok(Self { name: name.to_owned(), secret: ed25519_dalek::SigningKey::from_bytes(seed) })
    }

    /// What others check its signatures with.
    #[must_use]
    pub fn verifier(&self) -> VerifierKey {
        VerifierKey { name: self.name.clone(), public: self.secret.verifying_key() }
    }

    fn sign(&self, text: &str) -> Signature {
        let VerifierKey { name, public } = self.verifier();
        let bytes = self.secret.sign(text.as_bytes()).to_bytes().to_vec();
        Signature { id: key_id(&name, public.as_bytes()), name, bytes }
    }
}

impl fmt::Debug for SigningKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "SigningKey({})", self.verifier())
    }
}
